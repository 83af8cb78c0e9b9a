"""The value of a pair for training, and what is said of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.curation.pairs import Pair
from grader.curation.quality import load_quality, value_of
from grader.engine import grade
from grader.loader import Sample, Source
from grader.rubric import RubricError, load_rubric, quality_rubrics, shipped_rubrics

SHIPPED = quality_rubrics()["training-quality"]
QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n%s}\n'
REST = "".join(
    f'resource "aws_{kind}" "one" {{\n  name = "one"\n}}\n' for kind in ("sns_topic", "dynamodb_table", "lambda_function", "sfn_state_machine")
)


def pair(answer: str, ideal: str) -> Pair:
    def document(code: str) -> str:
        return f"# Answer\n\n```hcl\n# main.tf\n{code}```\n"

    sample = Sample("one", Source("a.md", document(answer)), Source("i.md", document(ideal)))
    return Pair(grade(sample, load_rubric()), sample)


def value(answer: str, ideal: str) -> float:
    found = value_of(pair(answer, ideal), load_quality())
    assert found is not None
    return found.value


def test_a_gap_in_security_is_worth_more_than_none() -> None:
    safe = QUEUE % '  kms_master_key_id = "alias/aws/sqs"\n'
    assert value(QUEUE % "", safe) > value(safe, safe)


def test_a_rich_ideal_is_worth_more_than_one_service() -> None:
    assert value(QUEUE % "" + REST, QUEUE % "" + REST) > value(QUEUE % "", QUEUE % "")


def test_missing_half_of_the_services_caps_the_value() -> None:
    found = value_of(pair(QUEUE % "", QUEUE % "" + REST), load_quality())
    assert found is not None
    assert found.value == 4
    assert found.parts[-1] == "missing-services: at most 4"


def test_a_pair_without_code_has_no_value() -> None:
    sample = Sample("one", Source("a.md", "Use a queue."), Source("i.md", f"```hcl\n{QUEUE % ''}```\n"))
    assert value_of(Pair(grade(sample, load_rubric()), sample), load_quality()) is None


def test_it_is_no_rubric_of_grades() -> None:
    assert "training-quality" not in shipped_rubrics()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("base: 8", "bases: 8", ":6: unknown key `bases`; did you mean `base`?"),
        ("base: 8", "base: many", ":6: `base`: input should be a valid number"),
        ("size: significant", "size: signficant", ":12: unknown size `signficant`; did you mean `significant`?"),
        ("[missing-encryption,", "[missing-encrypton,", ":13: unknown kinds `missing-encrypton`; did you mean `missing-encryption`?"),
        ("at_least: 3", "atleast: 3", "unknown key `atleast`; did you mean `at_least`?"),
        ("missing_share: 0.5", "kinds: []", "needs `kinds` or `missing_share`"),
        ("version: 1", "version: 1\nversion: 2", ":5: `version` is given twice"),
        ("name:", "name: [", "not YAML"),
    ],
)
def test_a_wrong_file_is_said_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(SHIPPED.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RubricError) as raised:
        load_quality(file)
    assert any(said in problem and problem.startswith(str(file)) for problem in raised.value.problems), raised.value.problems
