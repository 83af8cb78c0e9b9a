"""Lift: how much oftener a detector, or a line of the rubric, fires on answers than on ideals.

An accusation that falls on ideals as often as on answers says nothing about an answer. Both sides are graded alone, so that they are treated
alike; what needs an ideal to compare with cannot fire on an ideal alone and has no lift.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.model.kinds import Status
from grader.results.records import Record

Z = 1.959964
"""The 97.5th percentile of the standard normal distribution: intervals of 95 %."""
HALF = 0.5
"""What is added to each count where one of them is zero (Haldane and Anscombe), so that the logarithm exists."""


@dataclass(frozen=True, slots=True)
class Lift:
    """One detector or criterion: in how many of `answers_of` answers and `ideals_of` ideals it fires, and the ratio of the two shares.

    `compared` counts the answers it fires on in the run, beside their ideals. The ratio and its 95 % interval (Katz, on the logarithm of the ratio of
    two proportions) are None where the criterion never fired alone.
    """

    name: str
    detector: str
    compared: int
    answers: int
    answers_of: int
    ideals: int
    ideals_of: int
    ratio: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def verdict(self) -> str:
        """`lift` where the whole interval lies above 1, `none` where it lies below or at 1, `unclear` between; `needs an ideal`, or `silent`, without a ratio."""
        if self.ratio is None or self.low is None or self.high is None:
            return "needs an ideal" if self.compared else "silent"
        return "lift" if self.low > 1 else "none" if self.high <= 1 else "unclear"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The lift of every detector and of every criterion, each in the order of the answers it fires on in the run."""

    answers: int
    ideals: int
    detectors: tuple[Lift, ...]
    criteria: tuple[Lift, ...]


@dataclass(frozen=True, slots=True)
class Firing:
    """In how many graded records each name fires, faults and shared faults alike."""

    records: int
    detectors: Mapping[str, int]
    criteria: Mapping[str, int]


def firing(records: Iterable[Record]) -> Firing:
    """Count the records that were graded, and in how many of them each detector and criterion has a fault."""
    count = 0
    detectors: Counter[str] = Counter()
    criteria: Counter[str] = Counter()
    for record in records:
        if record.status is not Status.GRADED:
            continue
        count += 1
        faults = (*record.faults, *record.shared)
        detectors.update({fault.kind.value for fault in faults})
        criteria.update({fault.criterion for fault in faults})
    return Firing(count, detectors, criteria)


def calibrate(run: Firing, answers: Firing, ideals: Firing, criteria: Mapping[str, str]) -> Calibration:
    """The lift of each criterion of a rubric (its name and its detector) and of each detector, from a run, its answers alone and its ideals alone."""
    names = dict.fromkeys([*criteria.values(), *run.detectors, *answers.detectors, *ideals.detectors])
    lines = dict.fromkeys([*criteria, *run.criteria, *answers.criteria, *ideals.criteria])
    both = (answers.records, ideals.records)
    by_detector = [_lift((name, name), run.detectors, answers.detectors, ideals.detectors, both) for name in names]
    by_criterion = [_lift((name, criteria.get(name, "")), run.criteria, answers.criteria, ideals.criteria, both) for name in lines]
    return Calibration(*both, _ordered(by_detector), _ordered(by_criterion))


def _ordered(found: list[Lift]) -> tuple[Lift, ...]:
    return tuple(sorted(found, key=lambda one: (-one.compared, -one.answers, one.name)))


def _lift(name: tuple[str, str], compared: Mapping[str, int], ours: Mapping[str, int], theirs: Mapping[str, int], records: tuple[int, int]) -> Lift:
    a, b = ours.get(name[0], 0), theirs.get(name[0], 0)
    n, m = records
    ratio = _ratio(a, n, b, m) if (a or b) and n and m else (None, None, None)
    return Lift(*name, compared.get(name[0], 0), a, n, b, m, *ratio)


def _ratio(a: int, n: int, b: int, m: int) -> tuple[float, float, float]:
    """The ratio of two shares with the limits of its interval."""
    more = HALF if not a or not b else 0.0
    one, of, other, others = a + more, n + more, b + more, m + more
    ratio = (one / of) / (other / others)
    spread = Z * math.sqrt(max(1 / one - 1 / of + 1 / other - 1 / others, 0.0))
    return ratio, ratio * math.exp(-spread), ratio * math.exp(spread)
