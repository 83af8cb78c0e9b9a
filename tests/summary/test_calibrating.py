"""Lift: counted by hand on small runs, and properties of the ratio."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.summary.calibrating import Firing, Lift, calibrate

LINES = {"lost-file": "missing-asset", "dear": "cost"}


def one(a: int, n: int, b: int, m: int) -> Lift:
    """The lift of a criterion that fires on a of n answers and b of m ideals alone."""
    found = calibrate(
        Firing(n, {"missing-asset": a}, {"lost-file": a}),
        Firing(n, {"missing-asset": a}, {"lost-file": a}),
        Firing(m, {"missing-asset": b}, {"lost-file": b}),
        {"lost-file": "missing-asset"},
    )
    return found.criteria[0]


def test_the_interval_is_katz_on_the_logarithm() -> None:
    found = one(30, 100, 10, 100)
    spread = 1.959964 * math.sqrt(1 / 30 - 1 / 100 + 1 / 10 - 1 / 100)
    assert found.ratio == pytest.approx(3.0)
    assert [found.low, found.high] == pytest.approx([3 / math.exp(spread), 3 * math.exp(spread)])
    assert found.verdict == "lift"


@pytest.mark.parametrize(("counts", "verdict"), [((5, 100, 40, 100), "none"), ((10, 100, 9, 100), "unclear"), ((12, 100, 0, 100), "lift")])
def test_the_verdict_is_that_of_the_whole_interval(counts: tuple[int, int, int, int], verdict: str) -> None:
    assert one(*counts).verdict == verdict


def test_what_compares_has_no_lift_and_what_never_fired_is_silent() -> None:
    found = calibrate(Firing(9, {"cost": 4}, {"dear": 4}), Firing(9, {}, {}), Firing(8, {}, {}), LINES)
    assert [(line.name, line.verdict, line.ratio) for line in found.criteria] == [("dear", "needs an ideal", None), ("lost-file", "silent", None)]
    assert [line.name for line in found.detectors] == ["cost", "missing-asset"]
    assert (found.answers, found.ideals) == (9, 8)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_ratio_lies_in_its_interval_and_turns_over_with_its_sides(n: int, m: int, a: int, b: int) -> None:
    a, b = min(a, n), min(b, m)
    found, back = one(a, n, b, m), one(b, m, a, n)
    if found.ratio is None or found.low is None or found.high is None or back.ratio is None:
        assert not a
        assert not b
        return
    assert found.low <= found.ratio <= found.high
    assert found.ratio == pytest.approx(1 / back.ratio)
