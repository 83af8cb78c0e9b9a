"""The one form in which a name that does not exist is stated."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from grader.catalog import nearest, version_of
from grader.model.hits import Hit
from grader.model.kinds import Confidence, Stage
from grader.model.spans import Span
from grader.model.values import fold

MEANT = 0.82
"""How like a name is to the one that stands that is told to be put in its place."""


def absent(
    owner: str,
    what: str,
    name: str,
    at: Span,
    *,
    space: str,
    candidates: Iterable[str],
    variant: str,
    stops: Stage = Stage.BUILD,
    confidence: Confidence = Confidence.HIGH,
    cause: str = "",
) -> Hit:
    """`owner` has no `what` called `name`; `candidates` are the names it has, `cause` what several such hits share."""
    held = tuple(candidates)
    near = nearest(name, held)
    hint = f"; did you mean {_listed(near)}?" if near else f"; it has {_listed(sorted(held)[:6])}" if 0 < len(held) <= 6 else ""
    subject = f"`{owner}` has no {what} `{name}`" if owner else f"there is no {what} `{name}`"
    return Hit(
        subject + hint,
        at=Span(at.line, at.line),
        entity=f"{owner}.{name}" if owner else name,
        entities=(name, owner) if owner else (name,),
        cause=cause,
        variant=variant,
        stops=stops,
        confidence=confidence,
        note=f"no {what} `{name}`",
        seek=tuple(one for one in (near[0] if near else "", owner) if one),
        facts={
            "owner": owner,
            "what": what,
            "name": name,
            "near": near,
            "right": near[0] if near and _meant(name, near[0]) else "",
            "checked": version_of(space),
        },
    )


def list_wanted(owner: str, name: str, at: Span, space: str) -> Hit:
    """`name` of `owner` takes a list, and one object is given."""
    return Hit(
        f"`{name}` of `{owner}` takes a list, and one object is given",
        at=Span(at.line, at.line),
        entity=f"{owner}.{name}",
        entities=(name, owner),
        cause=f"lists of {owner.partition('.')[0]}",
        variant="list",
        stops=Stage.BUILD,
        note="one object where a list is taken",
        seek=(name,),
        facts={"owner": owner, "name": name, "checked": version_of(space)},
    )


def _meant(name: str, near: str) -> bool:
    """Whether a name that exists is certainly meant: the same letters, one within the other, or a slip."""
    one, other = fold(name), fold(near)
    return one in other or other in one or SequenceMatcher(None, one, other).ratio() >= MEANT


def _listed(names: Iterable[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
