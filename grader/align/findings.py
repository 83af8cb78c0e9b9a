"""From a comparison to hits: differences of one aspect and one type are one cause, missing things of one subsystem are one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.align.comparison import Comparison, compare
from grader.align.differences import Difference, cause_of, differences
from grader.align.inventory import Thing
from grader.knowledge.types import Type, services
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.hits import Fact
    from grader.model.kinds import Kind
    from grader.model.solutions import Pair, Resource

_KEY = Type("kms", "key")
_VPC = Type("ec2", "vpc")
_BROAD = frozenset({"ec2", "iam", "logs", "cloudwatch", "kms"})
"""Services whose resources serve many purposes: each is told by its subsystem."""
SHORT = 14
"""Lines of a resource that are quoted as a whole."""


def property_hits(pair: Pair, group: str) -> Iterator[Hit]:
    """One hit for each property of a class that the ideal sets and the answer does not, or sets otherwise."""
    found = [one for one in differences(pair) if one.aspect.group == group]
    if group == "encryption" and _no_key(pair):
        found = [one for one in found if one.aspect.name != "customer key"]
    causes: dict[tuple[str, bool], list[Difference]] = defaultdict(list)
    for one in found:
        causes[cause_of(one), bool(one.got)].append(one)
    for one in found:
        yield _property(one, causes[cause_of(one), bool(one.got)])


def _no_key(pair: Pair) -> bool:
    """Whether the answer has no key of its own at all: that is the cause, and what does not use it follows."""
    comparison = compare(pair)
    return any(comparison.ideal.things[place].type == _KEY for place in comparison.missing) and _KEY not in comparison.answer.types()


def _property(one: Difference, together: Sequence[Difference]) -> Hit:
    owner, kind = one.answer.label, kind_name(one.ideal.resource)
    what = one.path if not one.wanted or len(one.wanted) > 60 else f"{one.path}: {one.wanted}"
    theirs = f"`{one.wanted}`" if one.wanted else "sets nothing"
    said = f"`{owner}` has `{one.got}` for `{one.path}`, the ideal {theirs}" if one.got else f"`{owner}` has no `{one.path}`, the ideal sets `{what}`"
    return Hit(
        said,
        at=one.at,
        entity=f"{one.answer.label}.{one.path}",
        entities=tuple(dict.fromkeys((one.path.rsplit(".", 1)[-1], one.path, owner, one.ideal.label, kind, *_values(one)))),
        cause=cause_of(one),
        variant=_variant(one),
        proof=Proof.DIFF,
        note=f"`{one.path}` is `{one.got}`" if one.got else f"no `{one.path}`",
        ideal=(one.ideal_at,),
        facts={
            "says": "" if one.beside else one.aspect.says,
            "lack": "" if one.beside else one.aspect.lack,
            "type": kind,
            "owner": owner,
            "path": one.path,
            "wanted": one.wanted[:80],
            "got": one.got[:80],
            "inside": tuple(dict.fromkeys(other.path.rsplit(".", 1)[-1] for other in together if other.answer is one.answer and other.inner)),
            "others": tuple(dict.fromkeys(other.answer.label for other in together if other.answer is not one.answer)),
            "ideal_line": one.ideal_at.line,
        },
    )


def _variant(one: Difference) -> str:
    if one.got:
        return "other"
    return "unset" if one.named or (one.aspect.says and not one.aspect.minor) else "further"


def _values(one: Difference) -> tuple[str, ...]:
    return (one.wanted,) if one.wanted and len(one.wanted) < 40 and not one.wanted.isdigit() and one.wanted not in {"true", "false"} else ()


def absence_hits(pair: Pair, kind: Kind) -> Iterator[Hit]:
    """One hit for each thing of the ideal that nothing in the answer provides, by subsystem, for the subsystems of a kind."""
    comparison = compare(pair)
    if comparison.off:
        return
    for cause, places in subsystems(comparison).items():
        own = services().groups.get(comparison.ideal.things[places[0]].type)
        if (own.kind if own else "missing-resource") == kind:
            yield from _absences(cause, places, comparison)


def subsystems(comparison: Comparison) -> dict[str, list[int]]:
    """Missing things by cause, the subsystem's own first; what only serves another missing thing is told with it."""
    known = services()
    things = comparison.ideal.things
    missing = comparison.missing
    masters = [place for place in missing if things[place].type not in known.attendants]
    users: dict[int, list[int]] = defaultdict(list)
    for place in masters:
        for target in things[place].links:
            users[target].append(place)
    causes: dict[str, list[int]] = {}
    for place in (*masters, *(place for place in missing if place not in set(masters))):
        thing = things[place]
        master = place
        if thing.type in known.attendants:
            near = [*users.get(place, ()), *(target for target in thing.links if target in set(masters))]
            master = near[0] if near else place
        causes.setdefault(_cause(things[master], comparison), []).append(place)
    return causes


def _cause(thing: Thing, comparison: Comparison) -> str:
    """The cause a missing thing belongs to: the network where there is no VPC, a service of which the answer has nothing, else its subsystem."""
    here = comparison.answer.types()
    if thing.type in services().network and _VPC not in here | comparison.answer.looked_up:
        return "service network"
    service = thing.type.service
    if service not in _BROAD and service not in {one.service for one in here}:
        return f"service {service}"
    return _title(thing)


def _title(thing: Thing) -> str:
    group = services().groups.get(thing.type)
    return group.title if group else str(thing.type)


def _heading(cause: str, first: Thing) -> str:
    """What a reader calls a cause, empty where the names of the types say it best."""
    if cause == "service network":
        return "VPC"
    if cause.startswith("service "):
        group = services().groups.get(first.type)
        return group.title if group else ""
    return cause if "." not in cause else ""


def _absences(cause: str, places: Sequence[int], comparison: Comparison) -> Iterator[Hit]:
    things = comparison.ideal.things
    first = things[places[0]]
    have = sum(1 for one in comparison.answer.things if one.type == first.type)
    want = sum(1 for one in things if one.type == first.type)
    counts = Counter(kind_name(things[place].resource) for place in places)
    group = services().groups.get(first.type)
    members = set(places)
    users = [one for place, one in enumerate(things) if place not in members and members & one.links]
    needed = frozenset().union(*(one.links for one in users))
    facts: dict[str, Fact] = {
        "lack": group.lack if group else "",
        "users": tuple(dict.fromkeys(one.label for one in users))[:4],
        "needed": tuple(things[place].label for place in places if place in needed),
        "own": tuple(things[place].label for place in places if things[place].type == first.type),
        "title": _heading(cause, first),
        "type": kind_name(first.resource),
        "have": have,
        "want": want,
        "short": 0 < have < want,
        "lacks": sum(1 for place in places if things[place].type == first.type),
        "types": tuple(counts),
        "names": tuple(things[place].label for place in places),
    }
    for place in places:
        thing = things[place]
        at = _beside(place, comparison)
        yield Hit(
            f"the ideal's {kind_name(thing.resource)} `{thing.label}` has no counterpart",
            at=at,
            entity=thing.label,
            entities=(kind_name(thing.resource), *_traits(thing)),
            cause=cause,
            variant="fewer" if have else "aside" if group is None and first.type in services().attendants else "none",
            proof=Proof.DIFF,
            note=f"stands here without the ideal's `{thing.label}`" if at else "",
            ideal=(Span(thing.resource.span.line, min(thing.resource.span.end_line, thing.resource.span.line + SHORT)),),
            facts=facts,
        )


def _beside(place: int, comparison: Comparison) -> Span | None:
    """Where the answer has what the ideal connects with a missing thing, else its nearest of the same type."""
    partner = {one.ideal: one.answer for one in comparison.matches}
    things = comparison.ideal.things
    near = [*sorted(things[place].links), *(other for other, one in enumerate(things) if place in one.links)]
    same = [other for other, one in enumerate(things) if one.type == things[place].type]
    for other in (*near, *same):
        if other in partner:
            span = comparison.answer.things[partner[other]].resource.span
            return span if span.end_line - span.line < SHORT else Span(span.line, span.line + 2)
    return None


def _traits(thing: Thing) -> tuple[str, ...]:
    words = [thing.resource.binding] if thing.resource.binding else []
    return tuple(words)


def kind_name(resource: Resource) -> str:
    """A resource's type as its dialect writes it in code."""
    return re.sub(r"^aws-cdk-lib\.(?:aws_)?", "", resource.type)
