"""Far more resources or stacks than the ideal needs for the same task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

TIMES = 2.5
MORE = 20
_STACK = re.compile(r"(?<![A-Za-z])[A-Z]\w*Stack$")


@detector(Kind.OVER_ENGINEERING, compares=True)
def over_engineering(pair: Pair) -> Iterator[Hit]:
    """Two and a half times the resources of the ideal, and twenty more; or three more stacks than the ideal has.

    Everything beyond the task has to be read, paid for and kept running.

    Not flagged: an ideal that does not hold a whole solution; loops and tests; stacks where the prompt asks for several.

    Example: sixty resources in seven stacks where the ideal has eighteen in one.
    """
    if pair.ideal is None or pair.ideal.framework != pair.answer.framework or not pair.ideal.resources:
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
