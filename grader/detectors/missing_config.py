"""A property or feature of a resource that the ideal sets and the answer does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.findings import property_hits
from grader.align.parameters import Parameter, parameters_of
from grader.detectors import detector
from grader.detectors._asked import asked_hits
from grader.detectors._settings import asked_settings
from grader.facts.permissions import missing_permissions
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution


@detector(Kind.MISSING_CONFIG)
def missing_config(pair: Pair) -> Iterator[Hit]:
    """A property or feature of a resource, a permission, or a constraint of a parameter that the ideal sets and the answer does not.

    The resource takes the default of the service instead.

    Not flagged: names and descriptions; what connects resources; values that are the default; values that cannot be known on either side;
    resources that take properties from elsewhere.

    Example: a build project without the time limit that the ideal sets.
    """
    yield from property_hits(pair, "config")
    yield from asked_hits(pair, Kind.MISSING_CONFIG)
    yield from asked_settings(pair)
    comparison = compare(pair)
    if pair.ideal is None or comparison.off or comparison.partial or not comparison.alike:
        return
    yield from _permissions(pair.answer, pair.ideal)
    yield from _constraints(pair.answer, pair.ideal)


def _permissions(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    for one in missing_permissions(answer, ideal):
        near = one.near
        yield Hit(
            f"no statement allows `{one.action}`, the ideal's {f'`{one.owner}`' if one.owner else 'policy'} does",
            at=Span(near.line, min(near.end_line, near.line + 10)) if near else None,
            entity=one.action,
            entities=(one.owner,) if one.owner else (),
            cause="permissions",
            variant="permissions",
            proof=Proof.DIFF,
            note=f"a statement of the service, without `{one.action}`",
            ideal=(one.ideal,),
        )


def _constraints(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    ours: dict[str, Parameter] = {}
    for one in parameters_of(answer):
        if one.constraints or fold(one.name) not in ours:
            ours[fold(one.name)] = one
    for theirs in parameters_of(ideal):
        mine = ours.get(fold(theirs.name))
        if mine is None or not theirs.constraints or mine.constraints or mine.typed:
            continue
        yield Hit(
            f"`{mine.name}` accepts any value, the ideal sets {', '.join(f'`{name}`' for name in theirs.constraints)}",
            at=mine.span,
            entity=mine.name,
            entities=theirs.constraints,
            cause="constraints of parameters",
            variant="constraints",
            proof=Proof.DIFF,
            note="no constraint",
            ideal=(theirs.span,),
        )
