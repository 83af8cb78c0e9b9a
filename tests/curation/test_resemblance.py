"""Near-duplicates by sketches: near the true share of common runs of words, whole families on one side, and linear cost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.curation.candidates import Candidate
from grader.curation.resemblance import MOST_MET, copies, likeness, sketch
from grader.curation.splits import SPLITS, read_shares, split_families


def text(seed: int, words: int = 300) -> list[str]:
    chance = random.Random(seed)
    return [f"w{chance.randrange(10**6)}" for _ in range(words)]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 300))
def test_likeness_is_near_the_true_share(seed: int, changed: int) -> None:
    one = text(seed)
    other = text(seed + 1)[:changed] + one[changed:]
    runs = [{tuple(words[place : place + 5]) for place in range(len(words) - 4)} for words in (one, other)]
    true = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    assert likeness(sketch(" ".join(one)), sketch(" ".join(other))) == pytest.approx(true, abs=0.16)


def test_case_and_marks_do_not_matter_and_short_texts_resemble_nothing() -> None:
    words = text(3)
    assert likeness(sketch(" ".join(words)), sketch(", ".join(words).upper())) == 1
    assert sketch("only a few words") == ()
    assert likeness((), ()) == 0


def test_copies_point_at_a_text_that_stays() -> None:
    first, second = text(1), text(2)
    near = first[:290] + text(9)[:10]
    sketches = list(enumerate(sketch(" ".join(words)) for words in (first, second, near, first, second)))
    found = copies(sketches, 0.8)
    assert [(one.place, one.first) for one in found] == [(2, 0), (3, 0), (4, 1)]


def test_many_texts_with_one_boilerplate_meet_few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    boilerplate = text(0, 150)
    sketches = list(enumerate(sketch(" ".join(boilerplate + text(seed, 150))) for seed in range(1, 401)))
    asked = 0

    def counting(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        nonlocal asked
        asked += 1
        return likeness(one, other)

    monkeypatch.setattr("grader.curation.resemblance.likeness", counting)
    assert copies(sketches, 0.8) == []
    assert asked <= len(sketches) * 64 * MOST_MET
    small = asked
    asked = 0
    copies(sketches[:200], 0.8)
    assert small < 3 * asked, "twice as many texts, twice the cost"


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)))
def test_a_family_is_never_split(families: list[int], shares: tuple[int, int, int]) -> None:
    candidates = [
        Candidate(place, f"s{place}", "a.md", "", "", None, None, digests={"prompt": f"p{family}"}) for place, family in enumerate(families)
    ]
    found = split_families(candidates, read_shares(":".join(map(str, shares))))
    assert set(found) == set(range(len(families)))
    assert set(found.values()) <= set(SPLITS)
    sides: dict[int, set[str]] = {}
    for place, family in enumerate(families):
        sides.setdefault(family, set()).add(found[place])
    assert all(len(side) == 1 for side in sides.values())
