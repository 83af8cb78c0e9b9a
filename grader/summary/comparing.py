"""Two runs side by side, paired by prompt: which grades moved, why, and whether it is more than chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from grader.summary.answers import Answer, BriefFault
from grader.summary.intervals import Mean, mean_of
from grader.summary.matching import Moved, moved

LEAST_MOVE = 1e-9
"""Scores that differ by less are a tie: sums of the same costs in another order."""


@dataclass(frozen=True, slots=True)
class Change:
    """One pair whose grade or faults differ. `difference` is B's score less A's; None where one has no score."""

    before: Answer
    after: Answer
    difference: float | None
    moved: Moved


@dataclass(frozen=True, slots=True)
class KindMove:
    """How often faults of a kind were gained and lost from A to B."""

    kind: str
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs. Wins are pairs in which B scores higher; `mean_a` and `mean_b` are over the pairs in which both have a score.

    `changes` are in the order of the difference, worst first. `only_a` and `only_b` are answers without a partner; `unscored_a` and `unscored_b`
    count pairs in which that side has no score.
    """

    pairs: int
    wins: int
    ties: int
    losses: int
    mean_a: float | None
    mean_b: float | None
    difference: Mean | None
    changes: tuple[Change, ...]
    kinds: tuple[KindMove, ...]
    only_a: tuple[Answer, ...]
    only_b: tuple[Answer, ...]
    unscored_a: int
    unscored_b: int
    lost_scores: int

    @property
    def regressed(self) -> bool:
        """Whether B is worse: the whole interval of the difference lies below 0, or an answer that had a score has none."""
        return self.lost_scores > 0 or (self.difference is not None and self.difference.high < -LEAST_MOVE)


def compare(first: Iterable[Answer], second: Iterable[Answer]) -> Comparison:
    """Compare two runs.

    Answers to a prompt are paired by model where the runs have models in common, and in their order where they have none (one model against
    another). Of several answers to one prompt those of the same name go together first.
    """
    before, after = list(first), list(second)
    pairs, only_a, only_b = _pairs(before, after)
    both = [(one, other, other.score - one.score) for one, other in pairs if one.score is not None and other.score is not None]
    clusters: defaultdict[str, list[float]] = defaultdict(list)
    for one, _, difference in both:
        clusters[one.sample].append(difference)
    wins = sum(difference > LEAST_MOVE for *_, difference in both)
    losses = sum(difference < -LEAST_MOVE for *_, difference in both)
    changes = [change for change in map(_change, pairs) if change is not None]
    changes.sort(key=lambda one: (one.difference if one.difference is not None else -101.0, one.before.sample, one.before.answer, one.after.answer))
    return Comparison(
        len(pairs),
        wins,
        len(both) - wins - losses,
        losses,
        _mean([one.score or 0.0 for one, *_ in both]),
        _mean([other.score or 0.0 for _, other, _ in both]),
        mean_of(clusters.values()),
        tuple(changes),
        _kinds(changes),
        tuple(only_a),
        tuple(only_b),
        sum(one.score is None for one, _ in pairs),
        sum(other.score is None for _, other in pairs),
        sum(one.score is not None and other.score is None for one, other in pairs),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fsum(values) / len(values) if values else None


def _change(pair: tuple[Answer, Answer]) -> Change | None:
    before, after = pair
    difference = after.score - before.score if before.score is not None and after.score is not None else None
    found = moved(before.faults, after.faults)
    same = (before.status, before.verdict) == (after.status, after.verdict) and abs(difference or 0.0) <= LEAST_MOVE
    return None if same and not (found.gained or found.lost or found.repriced) else Change(before, after, difference, found)


def _kinds(changes: Sequence[Change]) -> tuple[KindMove, ...]:
    gained = _counted(changes, lambda one: one.moved.gained)
    lost = _counted(changes, lambda one: one.moved.lost)
    rows = [KindMove(kind, gained[kind], lost[kind]) for kind in {*gained, *lost}]
    return tuple(sorted(rows, key=lambda row: (row.lost - row.gained, -row.gained, row.kind)))


def _counted(changes: Sequence[Change], faults: Callable[[Change], Iterable[BriefFault]]) -> Counter[str]:
    return Counter(fault.kind for change in changes for fault in faults(change))


def _pairs(before: list[Answer], after: list[Answer]) -> tuple[list[tuple[Answer, Answer]], list[Answer], list[Answer]]:
    by_model = bool({one.model for one in before} & {one.model for one in after})
    first, second = _keyed(before, by_model=by_model), _keyed(after, by_model=by_model)
    pairs: list[tuple[Answer, Answer]] = []
    only_a: list[Answer] = []
    only_b: list[Answer] = []
    for key in dict.fromkeys([*first, *second]):
        matched, left, right = _partners(first.get(key, []), second.get(key, []))
        pairs += matched
        only_a += left
        only_b += right
    return pairs, only_a, only_b


def _keyed(answers: Sequence[Answer], *, by_model: bool) -> dict[tuple[str, str], list[Answer]]:
    keyed: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for one in answers:
        keyed[one.sample, one.model if by_model else ""].append(one)
    return keyed


def _partners(ones: Sequence[Answer], others: Sequence[Answer]) -> tuple[list[tuple[Answer, Answer]], list[Answer], list[Answer]]:
    named: defaultdict[str, list[Answer]] = defaultdict(list)
    for other in reversed(others):
        named[other.answer].append(other)
    matched = []
    left = []
    for one in ones:
        if named[one.answer]:
            matched.append((one, named[one.answer].pop()))
        else:
            left.append(one)
    taken = {id(other) for _, other in matched}
    right = [other for other in others if id(other) not in taken]
    count = min(len(left), len(right))
    return matched + list(zip(left[:count], right[:count], strict=True)), left[count:], right[count:]
