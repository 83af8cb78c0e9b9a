"""The record itself as JSON, indented for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.results import Record

FORMAT = "json"


def report(record: Record) -> str:
    """The record as JSON. The same record gives the same text."""
    return record.to_json(indent=2) + "\n"
