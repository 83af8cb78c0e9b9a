"""A record as rows of a flat table: one for each fault, and one for an answer without faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.summary.answers import model_of

if TYPE_CHECKING:
    from grader.results.records import Fault, Record

Cell = str | int | float | None

COLUMNS: dict[str, type] = {
    "sample": str,
    "answer": str,
    "model": str,
    "dialect": str,
    "ideal": str,
    "status": str,
    "score": float,
    "verdict": str,
    "rubric": str,
    "rubric_version": int,
    "faults": int,
    "shared": int,
    "unchecked": int,
    "number": int,
    "kind": str,
    "criterion": str,
    "category": str,
    "severity": str,
    "confidence": str,
    "proof": str,
    "cost": float,
    "line": int,
    "end_line": int,
    "title": str,
    "problem": str,
    "correction": str,
    "entities": str,
    "note": str,
}
"""Columns and their types. Those from `number` on belong to the fault and are null in the row of an answer without faults; `entities` are joined
by ` | `; `line` counts from 1 in the answer; `note` says why an answer has no score."""


def rows(record: Record) -> Iterator[dict[str, Cell]]:
    """The rows of a record, with every column."""
    head: dict[str, Cell] = {
        "sample": record.sample,
        "answer": record.answer,
        "model": model_of(record.answer) or None,
        "dialect": record.dialect or None,
        "ideal": record.ideal,
        "status": record.status.value,
        "score": record.score,
        "verdict": record.verdict.value if record.verdict is not None else None,
        "rubric": record.rubric.name,
        "rubric_version": record.rubric.version,
        "faults": len(record.faults),
        "shared": len(record.shared),
        "unchecked": len(record.unchecked),
    }
    empty: dict[str, Cell] = dict.fromkeys(COLUMNS)
    note = record.notes[0].text.strip() if record.score is None and record.notes else None
    if not record.faults:
        yield {**empty, **head, "note": note}
    for fault in record.faults:
        yield {**empty, **head, **_fault(fault)}


def _fault(fault: Fault) -> dict[str, Cell]:
    first = fault.locations[0] if fault.locations else None
    return {
        "number": fault.number,
        "kind": fault.kind.value,
        "criterion": fault.criterion,
        "category": fault.category,
        "severity": fault.severity.value,
        "confidence": fault.confidence.value,
        "proof": fault.proof.value,
        "cost": fault.cost,
        "line": first.line if first is not None else None,
        "end_line": first.end_line if first is not None else None,
        "title": fault.title,
        "problem": fault.problem,
        "correction": fault.correction.text,
        "entities": " | ".join(fault.entities),
    }
