"""Exit codes, and errors that end a command with one line."""

from __future__ import annotations

import os
import sys
from enum import IntEnum


class Exit(IntEnum):
    """What an exit code says."""

    GRADED = 0
    BELOW = 1
    BAD_INPUT = 2
    DEFECT = 3


EXIT_CODES = (
    "Exit codes: 0 done; 1 a threshold (--fail-under, --fail-on) is not met; 2 bad input or usage; 3 a defect of the grader "
    "(the record says `failed`)."
)


class GraderError(Exception):
    """An error that a person can mend: its message is one line that names the file, the place and the remedy."""

    def __init__(self, message: str, code: int = Exit.BAD_INPUT) -> None:
        super().__init__(message)
        self.code = int(code)


def complain(message: str) -> None:
    """One line on standard error."""
    flat = " ".join(message.split())
    sys.stderr.write(f"grader: error: {flat}\n")


def say(text: str) -> None:
    """Text on standard output. A reader that has gone (`| head -1`) ends the text, not the command: its exit code still says the grade."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
