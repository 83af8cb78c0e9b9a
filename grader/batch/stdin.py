"""Standard input that a signal can end: a read that waits for a slow producer looks up now and then."""

from __future__ import annotations

import io
import os
import select
import sys
from collections.abc import Callable
from typing import BinaryIO, cast

_LOOK_UP = 0.2


class _Watched(io.RawIOBase):
    """The bytes of a file descriptor; they end when `stopping` says so."""

    def __init__(self, number: int, stopping: Callable[[], bool]) -> None:
        self._number, self._stopping = number, stopping

    def readable(self) -> bool:
        """It is read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader passes
        """Wait for bytes, or for the end."""
        while not self._stopping():
            if select.select([self._number], [], [], _LOOK_UP)[0]:
                data = os.read(self._number, len(buffer))
                buffer[: len(data)] = data
                return len(data)
        return 0


def standard_input(stopping: Callable[[], bool]) -> BinaryIO:
    """Standard input as bytes; it ends early when `stopping` says so."""
    try:
        number = sys.stdin.fileno()
    except (OSError, ValueError):  # not a file: a caller's own object
        return cast("BinaryIO", sys.stdin.buffer)
    if os.name == "nt":  # there select takes sockets only
        return cast("BinaryIO", sys.stdin.buffer)
    return cast("BinaryIO", io.BufferedReader(_Watched(number, stopping), 1 << 16))
