"""Samples from JSON Lines: a file, a compressed file, or standard input."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from grader.batch.rows import sample_of, unreadable
from grader.loader import Sample
from grader.source import MOST_BYTES, UnreadableError, decode

MOST_LINE = 4 * MOST_BYTES
"""The longest line that is read, in bytes: an answer, an ideal and a prompt of the largest size."""
_CHUNK = 1 << 20


def open_lines(path: Path) -> BinaryIO:
    """The file as bytes, decompressed where its name ends in `.gz`."""
    return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def count_lines(path: Path) -> int:
    """Lines of a file, quickly."""
    with open_lines(path) as file:
        last, count = b"\n", 0
        while chunk := file.read(_CHUNK):
            count += chunk.count(b"\n")
            last = chunk[-1:]
    return count + (last != b"\n")


def samples(open_file: Callable[[], BinaryIO], name: str, columns: Mapping[str, str], *, no_ideal: bool = False) -> Iterator[Sample]:
    """The samples of the lines of a file that messages call `name`; blank lines are none. A line that cannot be read is a sample with an error.

    A file that breaks off (a disk, a damaged archive) ends with one such sample.
    """
    number = 0
    try:
        with open_file() as file:
            while line := file.readline(MOST_LINE + 1):
                number += 1
                place = f"{name}:{number}"
                if len(line) > MOST_LINE:
                    size = len(line) + _skip(file, line)
                    yield unreadable(place, f"{place}: a line of {size:,} bytes, and {MOST_LINE:,} is the most that is read; split the row")
                elif line.strip():
                    yield _sample(line, place, columns, no_ideal=no_ideal)
    except (OSError, EOFError) as error:
        place = f"{name}:{number + 1}"
        yield unreadable(place, f"{place}: cannot be read from here on: {getattr(error, 'strerror', None) or error}; check the file")


def _sample(line: bytes, place: str, columns: Mapping[str, str], *, no_ideal: bool) -> Sample:
    try:
        row = json.loads(decode(line.strip(), place) if len(line) <= MOST_BYTES else line)
    except UnreadableError as error:
        return unreadable(place, str(error))
    except json.JSONDecodeError as error:
        return unreadable(place, f"{place}: column {error.colno}: {error.msg}; write one JSON object a line")
    except (ValueError, RecursionError) as error:
        return unreadable(place, f"{place}: no JSON that can be read ({error}); write one JSON object a line")
    return sample_of(row, place, columns, no_ideal=no_ideal)


def _skip(file: BinaryIO, line: bytes) -> int:
    """Read on to the end of an overlong line; the bytes it had more."""
    more = 0
    while not line.endswith(b"\n") and (line := file.readline(_CHUNK)):
        more += len(line)
    return more
