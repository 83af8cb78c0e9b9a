"""One-to-one matching of the things of two solutions, by type, name, properties and neighbourhood.

Within a type the pair that is most alike is matched first, then the next among the rest: with one similarity for both sides this is the only
stable matching (no two things prefer each other to what they got), so it does not depend on order or side. What bears the same name is matched
at once; only what is left is compared pair by pair, and large groups of it are matched in the order of their signatures, so that the
cost stays near linear.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from grader.align.inventory import Thing, scalar
from grader.knowledge.types import Type, services
from grader.model.values import Value, fields_of, flat, fold, text_of

MOST_PAIRS = 4096
"""Pairs of one type that are compared one by one."""
SURE = 0.35
"""Similarity from which two things are the same and their properties may be compared."""


Item = TypeVar("Item")


class Match(NamedTuple):
    """Places of an answer's and an ideal's thing, and how alike they are (0 to 1)."""

    answer: int
    ideal: int
    score: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """What two things are compared by."""

    name: str
    words: frozenset[str]
    traits: frozenset[tuple[str, str]]
    around: frozenset[Type]
    key: str

    @property
    def order(self) -> tuple[str, str, tuple[str, ...]]:
        """Sorts sketches the same way on both sides."""
        return self.key, self.name, tuple(sorted(map(str, self.traits)))


def match(answer: Sequence[Thing], ideal: Sequence[Thing]) -> tuple[Match, ...]:
    """Match things of one type to each other; what bears different keys (an alarm's metric) only where each side has the name once."""
    ours, theirs = _sketches(answer), _sketches(ideal)
    groups: dict[Type, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for place, one in enumerate(answer):
        groups[one.type][0].append(place)
    for place, one in enumerate(ideal):
        groups[one.type][1].append(place)
    found: list[Match] = []
    for left, right in groups.values():
        if left and right:
            found += _matched(left, right, ours, theirs)
    return tuple(sorted(found, key=lambda one: (one.ideal, one.answer)))


def _matched(left: list[int], right: list[int], ours: Sequence[Sketch], theirs: Sequence[Sketch]) -> list[Match]:
    found = _same_names(left, right, ours, theirs)
    taken, given = {one.answer for one in found}, {one.ideal for one in found}
    left = [place for place in left if place not in taken]
    right = [place for place in right if place not in given]
    if len(left) * len(right) > MOST_PAIRS:
        in_order = zip(sorted(left, key=lambda n: ours[n].order), sorted(right, key=lambda n: theirs[n].order), strict=False)
        return found + [Match(a, b, alike(ours[a], theirs[b])) for a, b in in_order if not _apart(ours[a], theirs[b])]
    scored = [
        (-alike(ours[a], theirs[b]), sorted((ours[a].order, theirs[b].order)), a, b) for a in left for b in right if not _apart(ours[a], theirs[b])
    ]
    scored.sort(key=lambda row: row[:2])
    for negative, _, a, b in scored:
        if a not in taken and b not in given:
            taken.add(a)
            given.add(b)
            found.append(Match(a, b, -negative))
    return found


def _same_names(left: list[int], right: list[int], ours: Sequence[Sketch], theirs: Sequence[Sketch]) -> list[Match]:
    """Pairs of one name that each side has once."""
    here, there = Counter(ours[n].name for n in left), Counter(theirs[n].name for n in right)
    places = {theirs[n].name: n for n in right}
    return [
        Match(n, places[name], max(SURE, alike(ours[n], theirs[places[name]])))
        for n in left
        if (name := ours[n].name) and here[name] == 1 == there[name]
    ]


def _apart(one: Sketch, other: Sketch) -> bool:
    return bool(one.key and other.key and one.key != other.key)


def alike(one: Sketch, other: Sketch) -> float:
    """Similarity of two things of one type, the same from both sides."""
    return 0.45 * _overlap(one.words, other.words) + 0.35 * _overlap(one.traits, other.traits) + 0.2 * _overlap(one.around, other.around)


def _overlap(one: frozenset[Item], other: frozenset[Item]) -> float:
    together = len(one | other)
    return len(one & other) / together if together else 1.0


def _sketches(things: Sequence[Thing]) -> list[Sketch]:
    around: list[set[Type]] = [{things[target].type for target in one.links} for one in things]
    for one in things:
        for target in one.links:
            around[target].add(one.type)
    return [_sketch(one, frozenset(near)) for one, near in zip(things, around, strict=True)]


def _sketch(thing: Thing, around: frozenset[Type]) -> Sketch:
    traits: set[tuple[str, str]] = set()
    for name, props in thing.props.items():
        traits.add((name, ""))
        traits.update((name, fold(str(value))) for prop in props if (value := scalar(prop.value)) is not None)
    bound = thing.resource.binding.rsplit(".", 1)[-1]
    return Sketch(fold(thing.resource.name) or fold(bound), thing.words, frozenset(traits), around, key_of(thing))


def key_of(thing: Thing) -> str:
    """The value that tells instances of a type apart (an alarm's metric, a route's key), empty where the type has none or it is not known."""
    names = services().keys.get(thing.type, ())
    if not names:
        return ""
    for prop in (one for props in thing.props.values() for one in props):
        for key, value in [(prop.name, prop.value), *_inner(prop.value)]:
            if fold(key) in names:
                text = text_of(value)
                if text is not None and "\N{HORIZONTAL ELLIPSIS}" not in text:
                    return fold(text)
    return ""


def _inner(value: Value) -> list[tuple[str, Value]]:
    return [(key, one) for _, inner in flat(value)[:40] for key, one in fields_of(inner).items()]
