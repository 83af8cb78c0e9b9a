"""The summary of a run: counted right, and the same in whatever order the records come."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.model.kinds import Status, Verdict
from grader.summary import Answer, summarise
from grader.summary.answers import model_of
from grader.summary.drawing import as_json, markdown, table
from grader.summary.sections import summary_sections
from tests.summary.answers import answer, fault, runs


@settings(max_examples=15)
@given(runs, st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(run: list[Answer], rng: random.Random) -> None:
    one, other = summarise(run), summarise(rng.sample(run, len(run)))
    assert as_json(one) == as_json(other)
    assert table(summary_sections(one)) == table(summary_sections(other))


@settings(max_examples=15)
@given(runs)
def test_groups_and_rows_add_up(run: list[Answer]) -> None:
    found = summarise(run, 50)
    for groups in (found.models, found.dialects):
        assert sum(one.answers for one in groups) == len(run)
        assert sum(one.passed for one in groups) == found.total.passed == sum(one.score is not None and one.score >= 50 for one in run)
    every = [fault for one in run for fault in one.faults]
    for rows in (found.severities, found.kinds):
        assert sum(row.faults for row in rows) == len(every)
        assert sum(row.cost for row in rows) == pytest.approx(sum(one.cost for one in every))
    assert sum(found.total.statuses.values()) == len(run)
    assert sum(found.total.verdicts.values()) == found.total.scored


def test_an_answer_without_a_score_is_counted_and_in_no_mean() -> None:
    found = summarise([answer("a", 80.0), answer("b", 60.0), answer("c", None)])
    assert found.total.score is not None
    assert (found.total.answers, found.total.scored, found.total.score.value) == (3, 2, 70.0)
    assert found.total.pass_rate == 0.5
    assert found.total.statuses[Status.FAILED] == 1
    assert found.total.share(Verdict.ACCEPTABLE) == 1.0
    assert "Without a score, and in no mean: 1 failed" in table(summary_sections(found))


def test_a_frequent_fault_has_the_example_that_cost_most() -> None:
    run = [answer("a", 90.0, fault(cost=2.0)), answer("b", 80.0, fault(cost=9.0, title="It costs 9 USD"), fault("missing-tags", cost=1.0))]
    first, second = summarise(run).frequent
    assert (first.criterion, first.faults, first.answers, first.title, first.sample, first.line) == ("cost", 2, 2, "It costs 9 USD", "b", 3)
    assert second.criterion == "missing-tags"


def test_several_answers_to_a_prompt_have_pass_at_k() -> None:
    run = [answer("a", score, name=f"MODEL_RESPONSE{number}.md") for number, score in enumerate((90.0, 10.0, 20.0))]
    text = table(summary_sections(summarise(run)))
    assert "pass@2" in text
    assert "66.7% (1)" in text


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("MODEL_RESPONSE.md", ""),
        ("MODEL_RESPONSE12.md", ""),
        ("lib/MODEL_RESPONSE_2.md", ""),
        ("answers/gpt-4.1.md", "gpt-4.1"),
        ("some-model/MODEL_RESPONSE.md", "some-model"),
        ("openai/gpt-4", "openai/gpt-4"),
        ("llama3:8", "llama3:8"),
        ("rows.jsonl:17", ""),
        ("stdin:3", ""),
        ("row:3", ""),
    ],
)
def test_the_name_of_an_answer_says_who_wrote_it(name: str, model: str) -> None:
    assert model_of(name) == model


@pytest.mark.parametrize("columns", [40, 60, *range(78, 92), 100, 200])
def test_numbers_stay_whole_on_every_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    run = [answer(f"p{at}", 61.0 + at, fault(), model="a-model-of-some-length", dialect="cdktf-ts") for at in range(9)]
    text = table(summary_sections(summarise(run)))
    assert max(map(len, text.splitlines())) <= columns
    assert text.count("65.0") >= 3
    assert all(text.count(word) >= 3 for word in ("deviates", "acceptable", "deploy"))


def sections_of(run: Sequence[Answer]) -> str:
    return markdown("Summary", summary_sections(summarise(run)))


def test_titles_of_answers_mark_nothing_up() -> None:
    text = sections_of([answer("a|b", 50.0, fault(title="one | <script> \x1b[31m\u202e\ntwo"))])
    row = next(line for line in text.splitlines() if "script" in line)
    assert "a\\|b" in row
    assert "one \\| &lt;script>" in row
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert row.replace("\\|", "").count("|") == 6, "five cells"
