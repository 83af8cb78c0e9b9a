"""A resource, or a whole subsystem, that the ideal has or the prompt names, and the answer does not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.everything import everything
from grader.align.findings import absence_hits
from grader.detectors import detector
from grader.detectors._asked import asked_hits
from grader.detectors.no_code import has_code
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

SHORT = 14
"""Lines of a resource that are quoted."""
MOST_TYPES = 26
"""Types that are listed as identifiers before names."""


@detector(Kind.MISSING_RESOURCE)
def missing_resource(pair: Pair) -> Iterator[Hit]:
    """A resource, or a whole subsystem, that the ideal has or the prompt names, and the answer does not give.

    What depends on it does not work, or the requirement behind it is not met.

    Not flagged: types that a data source, a construct of a higher level or a loop of the answer may provide; types and names that its code mentions;
    anything where the answer breaks off or leaves code out; what the prompt names beside a choice, a condition or a negation.

    Example: an ideal with a rule that starts the pipeline, and an answer without any.
    """
    if pair.ideal is not None and not has_code(pair.answer):
        yield from _all_of_it(pair.ideal)
    yield from absence_hits(pair, Kind.MISSING_RESOURCE)
    yield from asked_hits(pair, Kind.MISSING_RESOURCE)


def _all_of_it(ideal: Solution) -> Iterator[Hit]:
    """All that the ideal has, as one fault of an answer without code."""
    whole = everything(ideal)
    if whole.first is None:
        return
    span = whole.first.resource.span
    yield Hit(
        f"none of the ideal's resources is there: {', '.join(whole.types[:4])}",
        at=None,
        entity=whole.types[0],
        entities=(*whole.types[1:MOST_TYPES], *whole.names),
        cause=whole.types[0],
        variant="everything",
        proof=Proof.DIFF,
        ideal=(Span(span.line, min(span.end_line, span.line + SHORT)),),
        facts={"types": whole.types, "names": whole.names, "parts": whole.parts},
    )
