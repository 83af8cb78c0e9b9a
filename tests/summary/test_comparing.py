"""Two runs side by side: who is paired with whom, which faults moved, and when it is a regression."""

from __future__ import annotations

from hypothesis import given, settings

from grader.summary import Answer, compare
from grader.summary.drawing import as_json, table
from grader.summary.matching import moved
from grader.summary.sections import comparison_sections
from tests.summary.answers import answer, fault, runs


@settings(max_examples=30)
@given(runs)
def test_a_run_against_itself_is_all_ties(run: list[Answer]) -> None:
    found = compare(run, run)
    scored = sum(one.score is not None for one in run)
    assert (found.pairs, found.wins, found.ties, found.losses) == (len(run), 0, scored, 0)
    assert not any((found.changes, found.kinds, found.only_a, found.only_b))
    assert found.difference is None or (found.difference.low, found.difference.value, found.difference.high) == (0, 0, 0)
    assert not found.regressed


@settings(max_examples=30)
@given(runs, runs)
def test_the_other_way_round_wins_are_losses(one: list[Answer], other: list[Answer]) -> None:
    there, back = compare(one, other), compare(other, one)
    assert (there.pairs, there.wins, there.ties, there.losses) == (back.pairs, back.losses, back.ties, back.wins)
    assert sorted(map(repr, there.only_a)) == sorted(map(repr, back.only_b))
    assert sorted(map(repr, there.only_b)) == sorted(map(repr, back.only_a))
    assert len(one) == there.pairs + len(there.only_a)
    assert len(other) == there.pairs + len(there.only_b)
    gained, lost = sum(row.gained for row in there.kinds), sum(row.lost for row in there.kinds)
    assert sum(len(one.faults) for one in one) - sum(len(one.faults) for one in there.only_a) - lost + gained == sum(
        len(one.faults) for one in other
    ) - sum(len(one.faults) for one in there.only_b)
    assert as_json(there) == as_json(compare(one, other))
    assert table(comparison_sections(there))


def test_two_models_are_paired_by_prompt() -> None:
    small = [answer("a", 50.0, fault(), model="small"), answer("b", 90.0, model="small"), answer("c", 10.0, model="small")]
    large = [answer("b", 90.0, model="large"), answer("a", 70.0, model="large"), answer("d", 10.0, model="large")]
    found = compare(small, large)
    assert (found.pairs, found.wins, found.ties, found.losses) == (2, 1, 1, 0)
    assert [one.sample for one in found.only_a] == ["c"]
    assert [one.sample for one in found.only_b] == ["d"]
    assert found.difference is not None
    assert found.difference.value == 10.0
    assert [(one.kind, one.gained, one.lost) for one in found.kinds] == [("cost", 0, 1)]


def test_runs_with_models_in_common_are_paired_by_model() -> None:
    first = [answer("a", 50.0, model="small"), answer("a", 80.0, model="large")]
    second = [answer("a", 81.0, model="large"), answer("a", 51.0, model="new")]
    found = compare(first, second)
    assert [(one.before.model, one.after.model) for one in found.changes] == [("large", "large")]
    assert [one.model for one in (*found.only_a, *found.only_b)] == ["small", "new"]


def test_several_answers_to_a_prompt_go_together_by_name() -> None:
    names = ("MODEL_RESPONSE.md", "MODEL_RESPONSE2.md")
    found = compare([answer("a", 10.0 * at, name=name) for at, name in enumerate(names)], [answer("a", 10.0, name=names[1])])
    assert (found.pairs, found.ties) == (1, 1)
    assert [one.answer for one in found.only_a] == [names[0]]


def test_a_fault_is_known_again_by_kind_and_entities() -> None:
    before = [fault("cost", "a", "b"), fault("cost", "c"), fault("missing-tags", "a")]
    after = [fault("cost", "c", title="said in other words"), fault("cost", "b", "x"), fault("missing-asset", "a")]
    found = moved(before, after)
    assert [one.kind for one in found.gained] == ["missing-asset"]
    assert [one.kind for one in found.lost] == ["missing-tags"]
    assert found.repriced == ()


def test_equal_entities_go_before_similar_ones() -> None:
    found = moved(
        [fault("cost", "a", "b", cost=1.0), fault("cost", "a", cost=2.0)], [fault("cost", "a", cost=2.0), fault("cost", "a", "b", cost=1.0)]
    )
    assert (found.gained, found.lost, found.repriced) == ((), (), ())


def test_another_rubric_shows_as_other_prices() -> None:
    found = compare([answer("a", 98.0, fault("cost", "x", cost=2.0))], [answer("a", 88.0, fault("cost", "x", cost=12.0, severity="high"))])
    assert found.changes[0].moved.gained == found.changes[0].moved.lost == ()
    assert "~ cost: It costs much: low 2 to high 12" in " ".join(table(comparison_sections(found)).split())


def test_a_regression_is_more_than_chance_or_a_lost_score() -> None:
    before = [answer(f"p{at}", 80.0) for at in range(20)]
    worse = [answer(f"p{at}", 70.0 + at % 3) for at in range(20)]
    mixed = [answer(f"p{at}", 80.0 + (5 if at % 2 else -5.5)) for at in range(20)]
    assert compare(before, worse).regressed
    assert not compare(worse, before).regressed
    assert not compare(before, mixed).regressed
    assert compare(before, [*before[:19], answer("p19", None)]).regressed
    assert not compare([answer("p", None)], [answer("p", 3.0)]).regressed
