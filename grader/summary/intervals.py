"""Bootstrap intervals of a mean: what another draw of prompts might have given."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

SEED = 20_250_101
RESAMPLES = 1_000
LEVEL = 0.95
MOST_UNITS = 250
"""More prompts than these are dealt into so many heaps of equal size, and heaps are drawn: the spread is the same, the time does not grow."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `count` values from so many `prompts`, with its interval at `LEVEL`: `low` <= `value` <= `high`. One prompt has no spread."""

    value: float
    low: float
    high: float
    count: int
    prompts: int


def mean_of(clusters: Iterable[Sequence[float]]) -> Mean | None:
    """The mean of all values, and its percentile bootstrap interval; None without a value.

    A cluster holds the values of one prompt: prompts are drawn, not answers, since answers to one prompt resemble each other. The same values
    give the same interval, in whatever order they come.
    """
    drawn = sorted(tuple(sorted(cluster)) for cluster in clusters if cluster)
    values = [value for cluster in drawn for value in cluster]
    if not values:
        return None
    count, least, most = len(values), min(values), max(values)
    mean = min(max(fsum(values) / count, least), most)
    if len(drawn) == 1 or least == most:
        return Mean(mean, mean, mean, count, len(drawn))
    rng = random.Random(SEED)  # noqa: S311 - a resample, no secret
    apart = _heaps([fsum(value - mean for value in cluster) for cluster in drawn], rng)
    means = sorted(mean + sum(rng.choices(apart, k=len(apart))) / count for _ in range(RESAMPLES))
    edge = int(RESAMPLES * (1 - LEVEL) / 2)
    low, high = means[edge], means[RESAMPLES - 1 - edge]
    return Mean(mean, max(least, min(low, mean)), min(most, max(high, mean)), count, len(drawn))


def _heaps(apart: list[float], rng: random.Random) -> list[float]:
    if len(apart) <= MOST_UNITS:
        return apart
    dealt = apart.copy()
    rng.shuffle(dealt)
    return [fsum(dealt[place::MOST_UNITS]) for place in range(MOST_UNITS)]
