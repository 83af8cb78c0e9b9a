"""Ends a run in order: the first signal asks, the second insists."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stopping:
    """While entered, holds the signal that asked the run to end: `signal` is None until then. A second one raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._former: dict[int, object] = {}

    def __call__(self) -> bool:
        """Whether the run is to end."""
        return self.signal is not None

    def __enter__(self) -> Self:
        """Take the signals, where this is the main thread."""
        if threading.current_thread() is threading.main_thread():
            self._former = {one: signal.signal(one, self._hear) for one in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give the signals back."""
        for one, former in self._former.items():
            signal.signal(one, former)  # type: ignore[arg-type] # what signal.signal gave

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = signal.Signals(number)
