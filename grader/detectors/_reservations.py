"""Concurrency that a function reserves and the ideal leaves to the account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.matching import SURE
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from grader.model.solutions import Pair

_NAME = "reservedconcurrentexecutions"


def reservations(pair: Pair) -> Iterator[Hit]:
    """Functions with a reserved concurrency whose counterparts have none, where neither the ideal's code nor the prompt speaks of one.

    AWS keeps a part of the account's concurrency unreserved (Lambda developer guide, reserved concurrency), and refuses a function that would take it.
    """
    comparison = compare(pair)
    if comparison.off or pair.ideal is None or "concurren" in pair.task.text.lower():
        return
    if any(_NAME in fold(file.text) for file in pair.ideal.files if not file.superseded):
        return
    for one in comparison.matches:
        mine, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        held = next((value for key, value in mine.resource.properties.items() if fold(key) == _NAME), None)
        if one.score < SURE or held is None or (isinstance(held, Known) and held.value in (None, -1, "-1")):
            continue
        number = str(held.value) if isinstance(held, Known) else ""
        yield Hit(
            f"`{mine.label}` reserves {number or 'a part'} of the account's concurrent executions, the ideal's `{theirs.label}` none",
            at=held.span,
            entity=mine.label,
            entities=("reservedConcurrentExecutions", "reserved_concurrent_executions", number) if number else ("reservedConcurrentExecutions",),
            cause="reserved concurrency",
            variant="reserved-concurrency",
            proof=Proof.DIFF,
            note="reserved; the ideal reserves nothing",
            ideal=(theirs.resource.span,),
            facts={"number": number},
        )
