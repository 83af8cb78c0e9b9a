"""A resource, or a whole subsystem, that the ideal has or the prompt names, and the answer does not give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.findings import absence_hits, kind_name
from grader.detectors import detector
from grader.detectors.no_code import has_code
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.prompts.services import unmet

if TYPE_CHECKING:
    from grader.model.solutions import Pair

LINES = 14
"""Lines of a resource of the ideal that are quoted."""


@detector(Kind.MISSING_RESOURCE)
def missing_resource(pair: Pair) -> Iterator[Hit]:
    """A resource, or a whole subsystem, that the ideal has or the prompt names, and the answer does not give.

    What depends on it does not work, or the requirement behind it is not met.

    Not flagged: types that a data source, a construct of a higher level or a loop of the answer may provide; types and names that its code mentions;
    anything where the answer breaks off or leaves code out; what the prompt names beside a choice, a condition or a negation.

    Example: an ideal with a rule that starts the pipeline, and an answer without any.
    """
    if not has_code(pair.answer):
        yield from _nothing(pair)
        return
    yield from absence_hits(pair, Kind.MISSING_RESOURCE)
    yield from _asked(pair)


def _nothing(pair: Pair) -> Iterator[Hit]:
    """The ideal's resources, told once, where the answer holds no code at all."""
    made = [one for one in pair.ideal.resources if not one.data and not is_test(one.file.name)] if pair.ideal is not None else []
    types = Counter(kind_name(one) for one in made)
    if not types:
        return
    yield Hit(
        f"none of the ideal's {len(made)} resources is there",
        at=None,
        entity="every resource",
        entities=tuple(types),
        cause="every resource",
        variant="nothing",
        proof=Proof.DIFF,
        ideal=(Span(made[0].span.line, min(made[0].span.end_line, made[0].span.line + LINES)),),
        facts={"count": len(made), "types": tuple(name for name, _ in types.most_common())},
    )


def _asked(pair: Pair) -> Iterator[Hit]:
    """Services that the prompt asks for and no line of the answer shows, unless the comparison says so already."""
    wanted = unmet(pair.task, pair.answer)
    if not wanted:
        return
    comparison = compare(pair)
    said = [comparison.ideal.things[place].resource.type.lower() for place in comparison.missing]
    told = {need.service.part for need in wanted if any(need.service.shows.search(kind) for kind in said)}
    for need in wanted:
        if need.service.part in told:
            continue
        name = need.service.name
        yield Hit(
            f"the prompt asks for {name} (line {need.at.line}); nothing in the answer shows it",
            at=None,
            entity=name,
            entities=need.service.types,
            cause=f"asked {need.service.part}",
            variant="asked",
            proof=Proof.PROMPT,
            prompt=(need.at,),
            seek=need.service.types,
            facts={"service": name, "asked": need.text[:160].rstrip(" ."), "prompt_line": need.at.line, "types": need.service.types},
        )
