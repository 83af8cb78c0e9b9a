"""Samples from Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from grader.batch.rows import COLUMNS, sample_of, unreadable
from grader.loader import Sample

ROWS = 32
"""Rows that are in memory at a time."""


class ParquetError(Exception):
    """A file cannot be read as Parquet at all; the message is one line."""


def _pyarrow(path: Path) -> ModuleType:
    try:
        return import_module("pyarrow.parquet")
    except ImportError as error:
        message = f"{path}: reading Parquet needs pyarrow; install it with `pip install 'iac-grader[parquet]'`"
        raise ParquetError(message) from error


def count_rows(path: Path) -> int:
    """Rows of a file, from its footer.

    Raises:
        ParquetError: pyarrow is not there, or the file is no Parquet.
    """
    parquet = _pyarrow(path)
    try:
        return int(parquet.ParquetFile(path).metadata.num_rows)
    except (OSError, ValueError) as error:
        message = f"{path}: no Parquet file that can be read ({_one_line(error)}); write it anew"
        raise ParquetError(message) from error


def samples(path: Path, name: str, columns: Mapping[str, str], *, no_ideal: bool = False) -> Iterator[Sample]:
    """The samples of the rows. Where a file breaks off, the rest is one sample with an error."""
    number = 0
    try:
        with _pyarrow(path).ParquetFile(path, memory_map=True) as file:
            wanted = {*columns.values(), *(one for names in COLUMNS.values() for one in names), "platform", "language"}
            present = [one for one in file.schema_arrow.names if one in wanted]
            others = {one: None for one in file.schema_arrow.names if one not in wanted}
            for batch in file.iter_batches(batch_size=ROWS, columns=present, use_threads=False):
                for at in range(batch.num_rows):
                    number += 1
                    row = {key: batch.column(key)[at].as_py() for key in present}
                    yield sample_of(row or others, f"{name}:{number}", columns, no_ideal=no_ideal)
    except (OSError, ValueError) as error:
        place = f"{name}:{number + 1}"
        yield unreadable(place, f"{place}: cannot be read from here on: {_one_line(error)}; write the file anew")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
