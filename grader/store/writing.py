"""Writing a run's folder: one writer at a time, whole lines only, and what an earlier attempt left is kept.

`grades.jsonl` always holds the first records of the whole, in order. Beside it `digests.txt` has a line of fixed width for each record: the
digest of what was graded and the digest of the record's line. A line that has lost its other half, by `kill -9` or by hand, is known by that.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from grader.store.grades import GRADES
from grader.store.runs import RUN, Run, RunError, write_run

DIGESTS = "digests.txt"
LEFT = ".left.jsonl"
LOCK = ".lock"
UNKNOWN = b"0" * 64
"""The digest of a record that is to be graded again when the run is resumed."""
_WIDTH = 130


class RunFolder:
    """The folder of one run, locked for one writer.

    `resume` keeps what an earlier attempt wrote: `kept()` gives it in order, `left(key)` finds what stands elsewhere since the samples changed.

    Raises:
        RunError: another writer is at work, the folder holds a run and `resume` is not given, or it cannot be written.
    """

    def __init__(self, folder: Path, *, resume: bool) -> None:
        self.folder = folder
        self.records = 0
        self._at = 0
        self._left: dict[bytes, tuple[int, int]] = {}
        self._damaged = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / LOCK, timeout=0)
            self._lock.acquire()
        except Timeout as error:
            message = f"{folder}: another run is at work in this folder; wait for it, or choose another folder with -o"
            raise RunError(message) from error
        except OSError as error:
            message = f"{folder}: cannot be written: {error.strerror or error}; choose another folder with -o"
            raise RunError(message) from error
        try:
            self._open(resume=resume)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, *, resume: bool) -> None:
        taken = [name for name in (RUN, GRADES) if (self.folder / name).exists()]
        if taken and not resume:
            message = f"{self.folder}: holds a run already ({taken[0]}); add --resume to go on with it, or choose another folder with -o"
            raise RunError(message)
        if not taken:
            others = sorted(one.name for one in self.folder.iterdir() if one.name not in {LOCK, DIGESTS, LEFT, f".{RUN}.new"})
            if others:
                message = f"{self.folder}: holds other files ({others[0]}), and a run takes a folder of its own; choose another with -o"
                raise RunError(message)
        try:
            self._grades = _appendable(self.folder / GRADES)
            self._digests = _appendable(self.folder / DIGESTS)
        except OSError as error:
            message = f"{self.folder}: cannot be written: {error.strerror or error}; choose another folder with -o"
            raise RunError(message) from error

    @property
    def damaged(self) -> int:
        """The number, from 1, of the first line that was not as it had been written; 0 for none."""
        return self._damaged

    def kept(self) -> Iterator[tuple[bytes, bytes]]:
        """(digest of what was graded, line) of each record an earlier attempt wrote, in order.

        Take `accept` for each that holds, and `settle` when the first does not, or at the end.
        """
        with (self.folder / GRADES).open("rb") as grades, (self.folder / DIGESTS).open("rb") as digests:
            for number, line in enumerate(grades, 1):
                entry = digests.read(_WIDTH)
                if not line.endswith(b"\n") or len(entry) < _WIDTH:
                    return
                if entry[65:129] != _digest(line):
                    self._damaged = number
                    return
                yield entry[:64], line

    def accept(self, line: bytes) -> None:
        """The next kept record holds."""
        self.records += 1
        self._at += len(line)

    def settle(self) -> None:
        """Lay what is left after the accepted records aside, where `left` finds it, and cut the files there."""
        self._index()
        with (self.folder / GRADES).open("rb") as grades, (self.folder / DIGESTS).open("rb") as digests, (self.folder / LEFT).open("ab") as aside:
            grades.seek(self._at)
            digests.seek(self.records * _WIDTH)
            keys = {entry[65:129]: entry[:64] for entry in iter(lambda: digests.read(_WIDTH), b"") if len(entry) == _WIDTH}
            for line in grades:
                key = keys.get(_digest(line), UNKNOWN)
                if key != UNKNOWN and key not in self._left:
                    self._lay_aside(aside, key, line)
            aside.flush()
            os.fsync(aside.fileno())
        os.ftruncate(self._grades, self._at)
        os.ftruncate(self._digests, self.records * _WIDTH)
        if not self._left:
            (self.folder / LEFT).unlink()

    def lay_aside(self, entries: Iterator[tuple[bytes, bytes]]) -> None:
        """Keep records that stand nowhere else, by key, for `left`; used before `settle`."""
        self._index()
        with (self.folder / LEFT).open("ab") as aside:
            for key, line in entries:
                self._lay_aside(aside, key, line)

    def left(self, key: bytes) -> bytes | None:
        """The line of a record that an earlier attempt wrote at another place."""
        if key not in self._left:
            return None
        at, length = self._left[key]
        with (self.folder / LEFT).open("rb") as aside:
            aside.seek(at)
            return aside.read(length)

    def append(self, key: bytes, line: bytes) -> None:
        """Write one record, whole or not at all.

        Raises:
            OSError: it cannot be written (a full disk); the files are as before.
        """
        try:
            _write(self._grades, line)
            _write(self._digests, key + b" " + _digest(line) + b"\n")
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._grades, self._at)
                os.ftruncate(self._digests, self.records * _WIDTH)
            raise
        self.accept(line)

    def describe(self, run: Run) -> None:
        """Write `run.json`.

        Raises:
            OSError: it cannot be written.
        """
        write_run(self.folder, run)

    def done(self) -> None:
        """Every record is written: drop what was laid aside."""
        (self.folder / LEFT).unlink(missing_ok=True)

    def sync(self) -> None:
        """Have the disk hold what was written."""
        os.fsync(self._grades)
        os.fsync(self._digests)

    def __enter__(self) -> Self:
        """The lock is held since the folder was opened."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the files and give the lock back."""
        with suppress(OSError):
            self.sync()
        os.close(self._grades)
        os.close(self._digests)
        self._lock.release()

    def _index(self) -> None:
        """Find what earlier attempts laid aside; a half line at the end is dropped."""
        if self._left or not (self.folder / LEFT).exists():
            return
        with (self.folder / LEFT).open("r+b") as aside:
            at = 0
            for line in aside:
                if not line.endswith(b"\n"):
                    break
                self._left[line[:64]] = (at + 65, len(line) - 65)
                at += len(line)
            aside.truncate(at)

    def _lay_aside(self, aside: BinaryIO, key: bytes, line: bytes) -> None:
        at = aside.seek(0, os.SEEK_END)
        aside.write(key + b" " + line)
        self._left[key] = (at + 65, len(line))


def _appendable(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest().encode()
