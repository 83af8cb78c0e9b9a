"""Concurrency that a function reserves and the ideal leaves to the account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from grader.model.solutions import Pair

_NAME = "reservedconcurrentexecutions"
_RESERVES = re.compile(r"reserved_?concurrent_?executions", re.IGNORECASE)


def reservations(pair: Pair) -> Iterator[Hit]:
    """Functions with a reserved concurrency where neither the code of the ideal, which has functions too, nor the prompt speaks of one.

    AWS keeps a part of the account's concurrency unreserved (Lambda developer guide, reserved concurrency), and refuses a function that would take it.
    """
    comparison = compare(pair)
    if comparison.off or pair.ideal is None or "concurren" in pair.task.text.lower():
        return
    if any(_RESERVES.search(file.text) for file in pair.ideal.files if not file.superseded):
        return
    if "lambda.function" not in map(str, comparison.ideal.types()):
        return
    for thing in comparison.answer.things:
        held = next((prop.value for prop in thing.props.get("concurrency", ()) if fold(prop.name) == _NAME), None)
        if held is None or (isinstance(held, Known) and held.value in (None, -1, "-1")):
            continue
        number = str(held.value) if isinstance(held, Known) else ""
        yield Hit(
            f"`{thing.label}` reserves {number or 'a part'} of the account's concurrent executions, no function of the ideal does",
            at=held.span,
            entity=thing.label,
            entities=("reservedConcurrentExecutions", "reserved_concurrent_executions", number) if number else ("reservedConcurrentExecutions",),
            cause="reserved concurrency",
            variant="reserved-concurrency",
            proof=Proof.DIFF,
            note="reserved; the ideal reserves nothing",
            facts={"number": number},
        )
