"""What a detector states (a hit, or that it could not decide), and the cause that hits with one root share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.model.kinds import Confidence, Kind, Proof, Side, Stage
from grader.model.spans import Span

Fact = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding: a sentence that names the thing, its place in the answer, and the cause it belongs to.

    Hits of one detector with the same `cause` (their `entity` where it is empty) and `variant` are one fault. `entity` is what a reader
    would search for, and what tells whether the ideal has the same hit; `entities` are further identifiers. `variant` tells forms of one kind apart, so that a rubric can price them apart.
    `note` says what the quoted line shows. `ideal` is the place of the counterpart in the ideal where the detector knows it;
    otherwise `seek` names what to look for there (types, properties, calls), best first. `facts` are for the rubric's wording.
    """

    message: str
    at: Span | None
    entity: str
    entities: tuple[str, ...] = ()
    cause: str = ""
    variant: str = ""
    stops: Stage = Stage.NONE
    confidence: Confidence = Confidence.HIGH
    proof: Proof = Proof.SELF
    note: str = ""
    ideal: tuple[Span, ...] = ()
    prompt: tuple[Span, ...] = ()
    seek: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something a detector could not decide, and why: never the same as clean."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quoted place: lines `span` of the document of `side`, as written, and what they show."""

    side: Side
    span: Span
    text: str
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines of the ideal that do it right."""

    span: Span
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What would be right: a sentence, and the ideal's own code of the counterpart where there is one."""

    text: str = ""
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Hits of one detector with one root cause: what becomes one fault.

    `hits` are in the order a reviewer would read them, never empty; `evidence` quotes their places, one each at most.
    """

    detector: str
    kind: Kind
    variant: str
    entity: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...] = ()
    correction: Correction = Correction()

    @property
    def stops(self) -> Stage:
        """The earliest stage that one of the hits stops."""
        stages = {hit.stops for hit in self.hits}
        return next((stage for stage in Stage if stage in stages), Stage.NONE)

    @property
    def confidence(self) -> Confidence:
        """The confidence of the surest hit."""
        confidences = {hit.confidence for hit in self.hits}
        return next(one for one in Confidence if one in confidences)

    @property
    def entities(self) -> tuple[str, ...]:
        """Every identifier of the cause once, its own entity first."""
        return tuple(dict.fromkeys(name for hit in self.hits for name in (self.entity, hit.entity, *hit.entities) if name))
