"""The types of the result record, format 1, and its JSON Schema."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.model.kinds import Confidence, Kind, Proof, Severity, Side, Status, Verdict

FORMAT: Literal[1] = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True)


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

    number: int = Field(description="place in the order of reading, from 1")
    criterion: str = Field(description="the rubric's line that priced it")
    kind: Kind = Field(description="what the fault is")
    category: str = Field(description="`id` of one of `categories`")
    severity: Severity
    confidence: Confidence = Field(description="`high` where it is provable")
    proof: Proof = Field(description="what proves it: the answer alone, the ideal, the task, a tool's own words, or a judgement")
    title: str
    problem: str
    impact: tuple[str, ...]
    correction: Correction
    locations: tuple[Location, ...]
    evidence: tuple[Quote, ...]
    entities: tuple[str, ...] = Field(description="identifiers a reader would search for: types, names, properties, files, values")
    cost: float = Field(description="points taken; 0 among `shared`")


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
    sample: str = Field(description="name of the sample, without a path of the machine")
    dialect: str = Field(description="recognised from the content; empty where nothing was")
    answer: str
    ideal: str | None = Field(description="null where the answer was graded alone")
    prompt: str | None
    status: Status
    rubric: RubricName
    score: float | None = Field(description="0 to 100; null unless `status` is `graded` or `no-code`")
    verdict: Verdict | None = Field(description="null where there is no score")
    categories: tuple[Category, ...] = ()
    faults: tuple[Fault, ...] = Field(default=(), description="in the order a reviewer reads them; what the ideal has too stands in `shared`")
    shared: tuple[Fault, ...] = Field(default=(), description="faults that the ideal has too: listed, never priced")
    unchecked: tuple[Unchecked, ...] = Field(default=(), description="what could not be decided, and why: never the same as clean")
    notes: tuple[Note, ...] = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON: one line, or indented. The same record gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))


def record_schema() -> dict[str, Any]:
    """The JSON Schema of the record. It lets unknown fields pass: a later version only ever adds some."""
    schema = Record.model_json_schema(mode="serialization")
    for part in (schema, *schema["$defs"].values()):
        part.pop("additionalProperties", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result record of grader, format 1",
        **{key: value for key, value in schema.items() if key != "title"},
    }
