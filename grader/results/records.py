"""The types of the result record, format 1, and its JSON Schema."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.model.kinds import Confidence, Kind, Proof, Severity, Side, Status, Verdict

FORMAT: Literal[1] = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RubricName(_Part):
    """Which rubric priced the faults."""

    name: str
    version: int
    digest: str = Field(description="sha256 of the rubric as resolved, `sha256:…`")


class Category(_Part):
    """What one category of the rubric is worth, and what was earned of it."""

    id: str
    title: str
    points: float
    earned: float
    faults: int


class Location(_Part):
    """Lines of a document of the sample, counted from 1, both ends included."""

    side: Side
    line: int
    end_line: int


class Quote(_Part):
    """Quoted lines and what they show. Long quotes are cut with a mark."""

    side: Side
    line: int
    end_line: int
    text: str
    note: str = ""
    language: str = ""


class Snippet(_Part):
    """Lines of the ideal that do it right."""

    line: int
    end_line: int
    language: str
    text: str


class Correction(_Part):
    """What would be right."""

    text: str
    snippets: tuple[Snippet, ...] = ()


class Fault(_Part):
    """One fault: a cause with all its evidence."""

    number: int
    criterion: str
    kind: Kind
    category: str
    severity: Severity
    confidence: Confidence
    proof: Proof
    title: str
    problem: str
    impact: tuple[str, ...]
    correction: Correction
    locations: tuple[Location, ...]
    evidence: tuple[Quote, ...]
    entities: tuple[str, ...]
    cost: float


class Unchecked(_Part):
    """What a detector could not decide: never the same as clean."""

    detector: str
    reason: str
    line: int | None = None


class Note(_Part):
    """Something about the grade that is no fault of the answer."""

    kind: str
    line: int | None = None
    text: str


class Record(_Part):
    """One graded answer."""

    format: Literal[1] = FORMAT
    sample: str
    dialect: str
    answer: str
    ideal: str | None
    prompt: str | None
    status: Status
    rubric: RubricName
    score: float | None
    verdict: Verdict | None
    categories: tuple[Category, ...] = ()
    faults: tuple[Fault, ...] = ()
    shared: tuple[Fault, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    notes: tuple[Note, ...] = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON: one line, or indented. The same record gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))


def record_schema() -> dict[str, Any]:
    """The JSON Schema of the record."""
    schema = Record.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result record of grader, format 1",
        **{k: v for k, v in schema.items() if k != "title"},
    }
