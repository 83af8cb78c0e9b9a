"""What happens to data on deletion: where the ideal sets it otherwise, and what is kept on deletion and lost on replacement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import property_hits
from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind
from grader.model.values import known

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution


@detector(Kind.RETENTION_POLICY)
def retention_policy(pair: Pair) -> Iterator[Hit]:
    """What happens to data on deletion, where the ideal sets it otherwise; what is kept on deletion and not on replacement, or the other way round.

    A stack cannot be removed, or its data goes with it.

    Not flagged: values that cannot be known; the default said in words.

    Example: a bucket kept by `RemovalPolicy.RETAIN` where the ideal destroys it.
    """
    sided = tuple(_one_sided(pair.answer))
    told = {f"{hit.entity}.{hit.facts['lack']}" for hit in sided}
    yield from (hit for hit in property_hits(pair, "retention") if hit.entity not in told)
    yield from sided


def _one_sided(answer: Solution) -> Iterator[Hit]:
    """Resources of a template with one of the two policies (cfn-lint W3011): the other one is `Delete` where it is not set."""
    for one in answer.resources if answer.framework == "cfn" else ():
        for have, lack, when in (("DeletionPolicy", "UpdateReplacePolicy", "replaced"), ("UpdateReplacePolicy", "DeletionPolicy", "deleted")):
            value = one.properties.get(f"@{have}")
            said = known(value)
            if said in {"Retain", "Snapshot"} and f"@{lack}" not in one.properties and value is not None:
                yield Hit(
                    f"`{one.name}` has `{have}: {said}` and no `{lack}`: it is lost when it is {when}",
                    at=value.span,
                    entity=one.name,
                    entities=(lack, have, one.type),
                    cause=f"no {lack}",
                    variant="one-sided",
                    note=f"no `{lack}`",
                    seek=(lack, f"{one.type}"),
                    facts={"have": have, "lack": lack, "said": str(said), "when": when},
                )
