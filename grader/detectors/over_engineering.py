"""Resources and stacks beyond what the ideal needs for the same task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.align.extras import extras
from grader.align.findings import kind_name, subsystems
from grader.detectors import detector
from grader.knowledge.types import services
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

FEW = 1
"""Roles, groups and the like up to which they are not worth a word by themselves."""
MOST_GROUPS = 3
"""Subsystems that are told, the largest first."""
LINES = 14
"""Lines of a resource that are quoted."""
TIMES = 2.5
MORE = 20
_STACK = re.compile(r"(?<![A-Za-z])[A-Z]\w*Stack$")


@detector(Kind.OVER_ENGINEERING, compares=True)
def over_engineering(pair: Pair) -> Iterator[Hit]:
    """Subsystems that neither ideal nor prompt have; two and a half times the resources of the ideal, and twenty more; three more stacks than the ideal.

    Everything beyond the task has to be read, paid for and kept running.

    Not flagged: an ideal that does not hold a whole solution; loops and tests; stacks where the prompt asks for several; what the prompt names; a
    single resource of a service that the ideal uses too.

    Example: sixty resources in seven stacks where the ideal has eighteen in one.
    """
    if pair.ideal is None or pair.ideal.framework != pair.answer.framework or not pair.ideal.resources:
        return
    if _is_excerpt(pair.ideal):
        return
    mine, theirs = _resources(pair.answer), _resources(pair.ideal)
    if mine >= TIMES * theirs and mine - theirs >= MORE and theirs >= 5:
        yield Hit(
            f"the answer declares {mine} resources, the ideal {theirs}",
            at=None,
            entity="size",
            entities=tuple(dict.fromkeys(file.label for file in pair.answer.claimed)),
            variant="size",
            proof=Proof.DIFF,
            facts={"resources": mine, "ideal_resources": theirs},
        )
    else:
        yield from _beyond(pair)
    stacks, wanted = _stacks(pair.answer), _stacks(pair.ideal)
    if len(stacks) >= len(wanted) + 3 and wanted and not re.search(r"\bstacks\b|multi-stack|nested stack", pair.task.text, re.IGNORECASE):
        for name, span in stacks.items():
            yield Hit(
                f"stack `{name}`",
                at=Span(span.line, span.line),
                entity=name,
                entities=(),
                cause="stacks",
                variant="stacks",
                proof=Proof.DIFF,
                note=f"one of {len(stacks)} stacks; the ideal has {len(wanted)}",
                ideal=tuple(Span(one.line, one.line) for one in wanted.values()),
                facts={"stacks": len(stacks), "ideal_stacks": len(wanted), "ideal_names": tuple(wanted)},
            )


def _is_excerpt(ideal: Solution) -> bool:
    """Whether an ideal uses what it does not show, so that more may stand beside it."""
    return any(not one.bases and (one.scope, one.name) not in ideal.symbols for one in ideal.references if not is_test(one.file.name))


def _beyond(pair: Pair) -> Iterator[Hit]:
    """Things for which nothing in the ideal stands, by subsystem: two of one, or one of a service that the ideal does without."""
    found = extras(pair)
    if found is None:
        return
    turned, places = found
    things, known = turned.ideal.things, turned.answer.types()
    own = {one.service for one in known}
    served = services().attendants
    groups = subsystems(replace(turned, missing=places))
    told = [
        (cause, group)
        for cause, group in groups.items()
        if (len(group) > 1 or things[group[0]].type.service not in own) and (len(group) > FEW or any(things[one].type not in served for one in group))
    ]
    told.sort(key=lambda row: (-len(row[1]), row[1]))
    for cause, group in told[:MOST_GROUPS]:
        have = sum(1 for one in turned.answer.things if one.type == things[group[0]].type)
        for place in group:
            thing = things[place]
            span = thing.resource.span
            yield Hit(
                f"nothing in the ideal stands for the {kind_name(thing.resource)} `{thing.label}`",
                at=Span(span.line, min(span.end_line, span.line + LINES)),
                entity=thing.label,
                entities=(kind_name(thing.resource),),
                cause=f"beyond {cause}",
                variant="beyond",
                proof=Proof.DIFF,
                note="in the answer alone",
                facts={"types": tuple(dict.fromkeys(kind_name(things[one].resource) for one in group)), "have": have},
            )


def _resources(solution: Solution) -> int:
    return sum(1 for resource in solution.resources if not resource.data)


def _stacks(solution: Solution) -> dict[str, Span]:
    """Types of the solution's own that are called a stack, with their place."""
    claimed = {id(file) for file in solution.claimed}
    return {
        symbol.name: symbol.span
        for symbol in solution.symbols.values()
        if symbol.category == "type" and _STACK.search(symbol.name) and "." not in symbol.name and id(symbol.file) in claimed
    }
