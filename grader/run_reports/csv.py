"""Comma-separated values in UTF-8: one row a fault, and one for an answer without faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from grader.run_reports._rows import COLUMNS, Cell, rows

if TYPE_CHECKING:
    from grader.results.records import Record
    from grader.store import Run

FORMAT = "csv"
BINARY = False
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(run: Run, records: Iterable[Record], out: BinaryIO) -> None:
    """Write the rows after a line with the names of the columns."""
    del run
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerows([_safe(cell) for cell in row.values()] for row in rows(record))
        out.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()
    out.write(text.getvalue().encode())


def _safe(cell: Cell) -> Cell:
    """Text of an answer that a spreadsheet would run as a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
