"""Fewer resources, or fewer regions, than the prompt asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.kept import kept_inventory
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.spans import Span
from grader.prompts.counts import counts, regions
from grader.prompts.services import code_of, whole

if TYPE_CHECKING:
    from grader.align.inventory import Thing
    from grader.model.solutions import Pair
    from grader.prompts.counts import Count

_ANY = re.compile(r"\b(?:us|eu|ap|sa|ca|af|me|il)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d(?=[a-f]?\b)")
_VARIABLE = re.compile(
    r"(?:secondary|second|dr|backup|replica|target|destination|standby|failover|recovery|peer|other|remote|us_?west|us_?east|eu_?\w+)_?-?region|regions\b|region_?2"
)


def asked_counts(pair: Pair) -> Iterator[Hit]:
    """Kinds of resources of which the answer declares some, one by one, and fewer than asked; what a loop, a construct or a module makes is not counted."""
    wanted = counts(pair.task)
    if not wanted or not whole(pair.answer):
        return
    inventory = kept_inventory(pair.answer)
    comparison = compare(pair)
    told = {str(comparison.ideal.things[place].type) for place in comparison.missing} if not comparison.off else set()
    for one in wanted:
        own = [thing for thing in inventory.things if str(thing.type) == one.type]
        if one.type in told or inventory.modules or any(thing.many for thing in own) or one.type in {str(kind) for kind in inventory.brought}:
            continue
        mine = [thing for thing in own if not one.side or _side(thing, pair) in {one.side, ""}]
        if mine and len(mine) < one.number:
            yield _hit(one, mine)


def _side(thing: Thing, pair: Pair) -> str:
    """`public`, `private`, or nothing where the subnet does not say."""
    text = f"{thing.label} {thing.resource.name} {pair.answer.document.quote(thing.resource.span)}".lower()
    named = f"{thing.label} {thing.resource.name}".lower()
    for side, other in (("public", "private"), ("private", "public")):
        if side in named or (side in text and other not in text):
            return side
    return ""


def _hit(one: Count, mine: list[Thing]) -> Hit:
    span = mine[0].resource.span
    names = tuple(thing.label for thing in mine[:6])
    shown = ", ".join(f"`{name}`" for name in names)
    return Hit(
        f"the prompt asks for {one.number} {one.noun} (line {one.at.line}); the answer has {len(mine)}: {shown}",
        at=Span(span.line, min(span.end_line, span.line + 4)),
        entity=one.noun,
        entities=(*names, mine[0].resource.type),
        variant="asked-count",
        proof=Proof.PROMPT,
        note=f"{len(mine)} of {one.number}",
        prompt=(one.at,),
        seek=(mine[0].resource.type.rsplit(".", 1)[-1],),
        facts={
            "asked": one.asked[:160].rstrip(" ."),
            "prompt_line": one.at.line,
            "have": len(mine),
            "want": one.number,
            "noun": one.noun,
            "names": names,
        },
    )


def asked_regions(pair: Pair) -> Iterator[Hit]:
    """Regions of a prompt for several that the code never names, where it names others and leaves none to a variable."""
    wanted = regions(pair.task)
    if not wanted or not whole(pair.answer):
        return
    code = code_of(pair.answer)
    named = set(_ANY.findall(code))
    absent = [one for one in wanted if one.name not in named]
    if not named or not absent or len(absent) == len(wanted) or _VARIABLE.search(code):
        return
    for one in absent:
        yield Hit(
            f"the prompt asks for resources in {one.name} (line {one.at.line}); the code names only {', '.join(sorted(named)[:3])}",
            at=None,
            entity=one.name,
            entities=("region", *sorted(named)[:3]),
            cause="asked regions",
            variant="asked-region",
            proof=Proof.PROMPT,
            prompt=(one.at,),
            facts={"asked": one.asked[:160].rstrip(" ."), "prompt_line": one.at.line, "named": tuple(sorted(named)[:4])},
        )
