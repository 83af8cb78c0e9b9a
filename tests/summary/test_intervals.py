"""The bootstrap: it holds the mean, repeats itself, and covers the truth about as often as it says."""

from __future__ import annotations

import random
from statistics import NormalDist, fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.summary.intervals import MOST_UNITS, mean_of

scores = st.floats(0, 100)
clusters = st.lists(st.lists(scores, max_size=4), max_size=40)


@settings(max_examples=50)
@given(clusters, st.randoms(use_true_random=False))
def test_the_interval_holds_the_mean_and_does_not_know_the_order(drawn: list[list[float]], rng: random.Random) -> None:
    found = mean_of(drawn)
    values = [value for cluster in drawn for value in cluster]
    if not values:
        assert found is None
        return
    assert found is not None
    assert found.value == pytest.approx(fmean(values), abs=1e-9)
    assert min(values) <= found.low <= found.value <= found.high <= max(values)
    assert found.count == len(values)
    mixed = [rng.sample(cluster, len(cluster)) for cluster in rng.sample(drawn, len(drawn))]
    assert mean_of(mixed) == found


@pytest.mark.parametrize("count", [40, MOST_UNITS, 3_000, 10_000])
def test_the_interval_is_as_wide_as_theory_says(count: int) -> None:
    rng = random.Random(7)
    values = [rng.uniform(0, 100) for _ in range(count)]
    found = mean_of([value] for value in values)
    assert found is not None
    width = 2 * NormalDist().inv_cdf(0.975) * stdev(values) / count**0.5
    assert found.high - found.low == pytest.approx(width, rel=0.15)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = random.Random(11)
    held = 0
    for _ in range(200):
        found = mean_of([rng.gauss(50, 10)] for _ in range(60))
        assert found is not None
        held += found.low <= 50 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_answers_to_one_prompt_are_drawn_together() -> None:
    rng = random.Random(3)
    values = [rng.uniform(0, 100) for _ in range(30)]
    apart, together = mean_of([value] for value in values * 10), mean_of([value] * 10 for value in values)
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 2 * (apart.high - apart.low), "ten equal answers to a prompt say no more than one"
