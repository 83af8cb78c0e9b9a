"""A rubric as the grader uses it: resolved, checked, with templates that are compiled when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.model.kinds import Kind, Severity
from grader.rubric.wording import Wording

if TYPE_CHECKING:
    from grader.model.hits import Cause


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the grade and the points it is worth, of 100."""

    id: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Points:
    """What one fault costs, and what all faults of the criterion cost together at most."""

    each: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric: the detector (and forms of it) it prices, the price, and the wording.

    Without `variants` it applies to every cause of its detector; with `needs_ideal` only to answers that have an ideal.
    """

    criterion: str
    detector: Kind
    variants: tuple[str, ...]
    category: str
    severity: Severity
    points: Points
    wording: Wording
    needs_ideal: bool = False

    @property
    def id(self) -> str:
        """The name of the line."""
        return self.criterion

    def applies(self, cause: Cause) -> bool:
        """Whether this line prices a cause."""
        return cause.kind is self.detector and (not self.variants or cause.variant in self.variants)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A resolved rubric. `digest` is `sha256:` of its resolved content: equal digests grade alike."""

    name: str
    version: int
    title: str
    digest: str
    categories: tuple[Category, ...]
    criteria: tuple[Criterion, ...]
    most: int
    acceptable: float
    _first: dict[tuple[Kind, str], Criterion | None] = field(default_factory=dict, repr=False, compare=False)

    def criterion_for(self, cause: Cause) -> Criterion | None:
        """The first line that applies to a cause; None where the rubric is silent."""
        key = (cause.kind, cause.variant)
        if key not in self._first:
            self._first[key] = next((one for one in self.criteria if one.applies(cause)), None)
        return self._first[key]

    @property
    def points(self) -> Mapping[str, float]:
        """The points of each category."""
        return {one.id: one.points for one in self.categories}
