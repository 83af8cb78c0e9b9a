"""The folder of a curated set: rows a split as JSON Lines and Parquet, the funnel, the clusters, who was dropped, and the card."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.curation.rows import COLUMNS, row_of
from grader.curation.splits import SPLITS

if TYPE_CHECKING:
    from grader.curation.funnel import Sieved
    from grader.curation.pairs import Pair

FUNNEL, TABLE, CLUSTERS, DROPPED, CARD = "funnel.json", "funnel.md", "clusters.jsonl", "dropped.jsonl", "README.md"
_ROWS_A_GROUP = 256
_FILES = (FUNNEL, TABLE, CLUSTERS, DROPPED, CARD, *(f"{split}.{end}" for split in SPLITS for end in ("jsonl", "parquet")))


class FolderError(Exception):
    """The folder cannot be used; the message is one line."""


def open_folder(folder: Path) -> None:
    """Make the folder, or empty one that was written before; a folder with anything else in it is refused, so that nobody's files are lost.

    Raises:
        FolderError: a file, or a folder that holds what this command did not write.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FUNNEL).is_file():
        message = f"{folder}: holds files that `grader curate` did not write; name an empty or a new folder with -o"
        raise FolderError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
        write_text(folder, FUNNEL, '{"format": 1, "state": "writing"}\n')  # a set that was cut short is still ours to write over
    except OSError as error:
        message = f"{folder}: cannot be written: {error.strerror or error}; name another folder with -o"
        raise FolderError(message) from error


def write_text(folder: Path, name: str, text: str) -> None:
    """A whole file or none: written beside and then put in its place, which replaces a link rather than what it points at."""
    fresh = folder / f".{name}.new"
    fresh.unlink(missing_ok=True)
    with fresh.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)
    fresh.replace(folder / name)


def lines_of(objects: Iterable[Mapping[str, Any]]) -> str:
    """Objects as JSON Lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def write_rows(folder: Path, form: str, sieved: Sieved, pairs: Iterable[Pair], split: Mapping[int, str]) -> dict[str, int]:
    """Write the rows of what is left, a file a split and format; a split without rows has no file. Gives how many rows each split has."""
    left = {one.place: one for one in sieved.left}
    counts = dict.fromkeys(SPLITS, 0)
    with ExitStack() as stack:
        files: dict[str, _SplitFiles] = {}
        for place, pair in enumerate(pairs):
            one = left.get(place)
            if one is None:
                continue
            name = split[place]
            if name not in files:
                files[name] = _SplitFiles(folder, name, form)
                stack.callback(files[name].close)
            files[name].add(row_of(form, one, pair))
            counts[name] += 1
    return counts


def has_parquet() -> bool:
    """Whether Parquet files can be written: they need the extra."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - an extra
    except ImportError:
        return False
    return True


class _SplitFiles:
    """The files of one split, written as rows come."""

    def __init__(self, folder: Path, split: str, form: str) -> None:
        self.lines = _created(folder / f"{split}.jsonl")
        self.rows: list[dict[str, Any]] = []
        self.columns: Any = None
        if has_parquet():
            from pyarrow import parquet  # noqa: PLC0415 - an extra

            self.schema = _schema(form)
            self.file = _created(folder / f"{split}.parquet", binary=True)
            self.columns = parquet.ParquetWriter(self.file, self.schema, compression="zstd")

    def add(self, row: dict[str, Any]) -> None:
        self.lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.rows.append(row)
        if len(self.rows) >= _ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self.columns is not None and self.rows:
            import pyarrow as pa  # noqa: PLC0415 - an extra

            self.columns.write_table(pa.Table.from_pylist(self.rows, schema=self.schema))
        self.rows.clear()

    def close(self) -> None:
        self._flush()
        self.lines.close()
        if self.columns is not None:
            self.columns.close()
            self.file.close()


def _created(path: Path, *, binary: bool = False) -> Any:  # noqa: ANN401 - text or bytes
    """A new file; a link of that name is not followed."""
    with suppress(FileNotFoundError):
        path.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o666), "wb") if binary else os.fdopen(os.open(path, flags, 0o666), "w", encoding="utf-8", newline="\n")


def _schema(form: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa  # noqa: PLC0415 - an extra

    span = pa.struct([(name, pa.int64()) for name in ("start", "end", "line", "end_line")])
    label = pa.struct([*((name, pa.string()) for name in ("kind", "severity", "category", "confidence", "title")), ("spans", pa.list_(span))])
    types = {"string": pa.string(), "double": pa.float64(), "labels": pa.list_(label)}
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS[form].items()])


def clusters_of(sieved: Sieved) -> Iterator[dict[str, Any]]:
    """Each cluster as an object: the part, the pair that stays, and the others with their likeness."""
    for one in sieved.clusters:
        others = [{"id": name, "likeness": number} for name, number in zip(one.others, one.likeness, strict=True)]
        yield {"part": one.part, "kept": one.first, "others": others}


def dropped_of(sieved: Sieved) -> Iterator[dict[str, Any]]:
    """Each pair that was dropped: where, and why."""
    for one in sieved.everyone:
        if one.place in sieved.dropped:
            step, why = sieved.dropped[one.place]
            yield {"id": one.name, "step": step, "reason": why}
