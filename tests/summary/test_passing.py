"""pass@k against every choice of k answers."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.summary.passing import chance, pass_at


@given(st.lists(st.booleans(), min_size=1, max_size=9), st.data())
def test_the_chance_is_the_share_of_all_choices_that_hold_a_pass(passed: list[bool], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(passed)))
    choices = list(combinations(passed, k))
    assert chance(len(passed), sum(passed), k) == pytest.approx(sum(map(any, choices)) / len(choices))


def test_prompts_with_fewer_answers_than_k_have_no_part_in_it() -> None:
    found = {one.k: one for one in pass_at([(3, 1), (1, 1), (2, 0)])}
    assert {k: one.prompts for k, one in found.items()} == {1: 3, 2: 2, 3: 1}
    assert found[1].share == pytest.approx((1 / 3 + 1 + 0) / 3)
    assert found[2].share == pytest.approx((2 / 3 + 0) / 2)
    assert found[3].share == 1.0


def test_one_answer_a_prompt_has_no_pass_at_k() -> None:
    assert pass_at([(1, 1), (1, 0), (0, 0)]) == ()
