"""The shape of a rubric file: what may be written, checked by pydantic and published as a JSON schema."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from grader.model.kinds import Kind, Severity

Text = Annotated[StrictStr, Field(min_length=1, max_length=4000)]
Identifier = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Number = Annotated[float, Field(ge=0, le=100, strict=True, allow_inf_nan=False)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CategoryForm(_Form):
    """A part of the grade. The points of all categories add up to 100."""

    id: Identifier
    title: Text
    points: Number


class PointsForm(_Form):
    """What faults of a criterion cost: `each`, and all together `at_most`."""

    each: Number
    at_most: Number


class ReportForm(_Form):
    """What is listed: the first `most` faults; the others are priced and counted."""

    most: Annotated[int, Field(ge=1, le=1000, strict=True)]


class CriterionForm(_Form):
    """One line of the rubric. In a file that extends another, only what differs needs to be given; `off` takes the line away.

    `needs_ideal` keeps a line silent where there is no ideal: for accusations that ideals, graded alone, draw as often as answers do (`grader calibrate`).
    """

    criterion: Identifier
    off: Annotated[bool, Field(strict=True)] = False
    detector: Kind | None = None
    variants: tuple[Identifier, ...] | None = None
    category: StrictStr | None = None
    severity: Severity | None = None
    needs_ideal: Annotated[bool, Field(strict=True)] | None = None
    points: PointsForm | None = None
    title: Text | None = None
    problem: Text | None = None
    impact: tuple[Text, ...] | None = None
    correction: Text | None = None


class RubricForm(_Form):
    """A rubric file. `title`, `categories` and `criteria` may be left out where it extends another."""

    name: Identifier
    version: Annotated[int, Field(ge=1, strict=True)]
    title: Text | None = None
    extends: Text | None = None
    categories: Annotated[tuple[CategoryForm, ...], Field(min_length=1)] | None = None
    report: ReportForm | None = None
    acceptable: Number | None = None
    criteria: tuple[CriterionForm, ...] = ()


FIELDS: dict[str, tuple[str, ...]] = {
    "": tuple(RubricForm.model_fields),
    "categories": tuple(CategoryForm.model_fields),
    "criteria": tuple(CriterionForm.model_fields),
    "points": tuple(PointsForm.model_fields),
    "report": tuple(ReportForm.model_fields),
}
"""The keys that are valid in each part of a file, by the key that the part stands under."""


def schema() -> dict[str, object]:
    """The JSON schema (2020-12) of rubric files, for editors."""
    made: dict[str, object] = RubricForm.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "grader rubric"}
