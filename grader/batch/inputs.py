"""What is to be graded: each PATH has its reader, and all samples come in one order that every run repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.batch import folders, jsonl, parquet
from grader.batch.folders import Names
from grader.batch.stdin import standard_input
from grader.loader import Sample

STDIN = "-"
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_COLUMNS = (".parquet", ".pq")


class InputError(Exception):
    """What was asked for cannot be read at all; the message is one line that names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Folders, JSON Lines, Parquet files and `-` (JSON Lines on standard input), in the order given.

    Raises:
        InputError: a path is missing or of a kind that is not read.
    """

    paths: Sequence[str]
    names: Names = field(default_factory=Names)
    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be read before anything is graded."""
        if self.paths.count(STDIN) > 1:
            message = "-: standard input can be read once; give it once"
            raise InputError(message)
        for path in self.paths:
            _check(path)

    def count(self) -> int | None:
        """How many samples there are; None where only reading tells (standard input)."""
        counted = [_count(path, self.names) for path in self.paths]
        return None if None in counted else sum(one or 0 for one in counted)

    def samples(self, stopping: Callable[[], bool] = lambda: False) -> Iterator[Sample]:
        """The samples, read one at a time. What cannot be read is a sample whose answer says so in `error`.

        Standard input ends early when `stopping` says so, with a part of a line perhaps.
        """
        for path in self.paths:
            if path == STDIN:
                yield from jsonl.samples(partial(standard_input, stopping), "stdin", self.columns, no_ideal=self.names.no_ideal)
            else:
                yield from _samples(path, self.names, self.columns)


def _check(path: str) -> None:
    if path == STDIN or Path(path).is_dir():
        return
    try:
        with Path(path).open("rb"):
            pass
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        message = f"{path}: cannot be read: {reason}; give folders of samples, files (.jsonl, .parquet), or - for standard input"
        raise InputError(message) from error
    if path.lower().endswith(_COLUMNS):
        try:
            parquet.count_rows(Path(path))
        except parquet.ParquetError as error:
            raise InputError(str(error)) from error
    elif not path.lower().endswith(_LINES):
        remedy = "`grader grade` takes one answer" if path.lower().endswith(".md") else f"give folders of samples, or {', '.join(_LINES + _COLUMNS)}"
        message = f"{path}: not a folder nor a file of rows; {remedy}"
        raise InputError(message)


def _count(path: str, names: Names) -> int | None:
    if path == STDIN:
        return None
    if Path(path).is_dir():
        return sum(1 for _ in folders.find(Path(path), names))
    if path.lower().endswith(_COLUMNS):
        return parquet.count_rows(Path(path))
    try:
        return jsonl.count_lines(Path(path))
    except (OSError, EOFError):
        return None


def _samples(path: str, names: Names, columns: Mapping[str, str]) -> Iterator[Sample]:
    place = Path(path)
    if place.is_dir():
        return (folders.load(place, found, names) for found in folders.find(place, names))
    if path.lower().endswith(_COLUMNS):
        return parquet.samples(place, place.name, columns, no_ideal=names.no_ideal)
    return jsonl.samples(lambda: jsonl.open_lines(place), place.name, columns, no_ideal=names.no_ideal)
