"""Which faults two answers have in common: the same kind about the same things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.summary.answers import BriefFault

ENOUGH = 0.5
"""The share of the shorter list of entities that two faults of a kind must have in common."""
MOST_COMPARED = 200
"""Faults of one kind in one answer beyond which only equal lists of entities are matched."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the faults of the first answer in the second. `repriced` pairs faults whose severity or cost differs."""

    gained: tuple[BriefFault, ...]
    lost: tuple[BriefFault, ...]
    repriced: tuple[tuple[BriefFault, BriefFault], ...]


def moved(before: Sequence[BriefFault], after: Sequence[BriefFault]) -> Moved:
    """Match faults by kind and entities: equal ones first, then those with most in common. Each is matched once."""
    first, second = _by_kind(before), _by_kind(after)
    pairs: dict[int, int] = {}
    for kind, places in first.items():
        if kind in second:
            pairs.update(_matched(before, after, places, second[kind]))
    taken = set(pairs.values())
    return Moved(
        tuple(fault for place, fault in enumerate(after) if place not in taken),
        tuple(fault for place, fault in enumerate(before) if place not in pairs),
        tuple(
            (before[one], after[other])
            for one, other in sorted(pairs.items())
            if (before[one].severity, before[one].cost) != (after[other].severity, after[other].cost)
        ),
    )


def _by_kind(faults: Sequence[BriefFault]) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, fault in enumerate(faults):
        places[fault.kind].append(place)
    return places


def _matched(before: Sequence[BriefFault], after: Sequence[BriefFault], ones: Sequence[int], others: Sequence[int]) -> dict[int, int]:
    free: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for other in reversed(others):
        free[tuple(sorted(after[other].entities))].append(other)
    pairs: dict[int, int] = {}
    for one in ones:
        if same := free.get(tuple(sorted(before[one].entities))):
            pairs[one] = same.pop()
    taken = set(pairs.values())
    left, right = [one for one in ones if one not in pairs], [other for other in others if other not in taken]
    if len(left) * len(right) > MOST_COMPARED**2:
        return pairs
    likeness = sorted((-_overlap(before[one], after[other]), one, other) for one in left for other in right)
    for less, one, other in likeness:
        if -less < ENOUGH:
            break
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs


def _overlap(one: BriefFault, other: BriefFault) -> float:
    mine, theirs = set(one.entities), set(other.entities)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
