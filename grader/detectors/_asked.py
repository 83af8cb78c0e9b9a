"""What the prompt asks for and no line of an answer shows, as hits of the kind it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.differences import differences
from grader.detectors._bans import unmanaged_passwords
from grader.detectors.no_code import has_code
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.prompts.services import Need, shown_by, unmet

if TYPE_CHECKING:
    from grader.model.solutions import Pair


def asked_hits(pair: Pair, kind: Kind) -> Iterator[Hit]:
    """Services and features of one kind that the prompt asks for and nothing shows, unless the comparison says so already.

    Of an answer without code only what its ideal lacks as well is told: the rest is what the ideal has.
    """
    coded = has_code(pair.answer)
    wanted = unmet(pair.task, pair.answer) if coded else unmet(pair.task, pair.ideal) if pair.ideal is not None else ()
    if not any(need.service.kind is kind for need in wanted):
        return
    told = _told(pair, wanted) if coded else frozenset()
    if any(need.service.part == "secrets" for need in wanted) and any(unmanaged_passwords(pair)):
        told |= {"secrets"}
    for need in wanted:
        if need.service.kind is kind and need.service.part not in told:
            yield _hit(need)


def _told(pair: Pair, wanted: tuple[Need, ...]) -> frozenset[str]:
    """Parts of which the comparison lists a resource or a property as missing."""
    comparison = compare(pair)
    if comparison.off:
        return frozenset()
    said = [comparison.ideal.things[place].resource.type for place in comparison.missing]
    said += [f"{one.path} {one.wanted}" for one in differences(pair) if not one.got]
    return frozenset(need.service.part for need in wanted if any(shown_by(need.service, one) for one in said))


def _hit(need: Need) -> Hit:
    name = need.service.name
    return Hit(
        f"the prompt asks for {name} (line {need.at.line}); nothing in the answer shows it",
        at=None,
        entity=name,
        entities=need.service.types,
        cause=need.service.part,
        variant="asked",
        proof=Proof.PROMPT,
        prompt=(need.at,),
        seek=need.service.types,
        facts={"service": name, "asked": need.text[:160].rstrip(" ."), "prompt_line": need.at.line, "types": need.service.types},
    )
