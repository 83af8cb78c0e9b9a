"""What a grade says beside its faults: why nothing was compared, and what only the ideal has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.engine import causes_of, grade, solution_of
from grader.loader import load_files
from grader.model.solutions import Pair
from grader.rubric import load_rubric

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results import Record

COMPARING = [
    "missing-resource",
    "missing-output",
    "missing-config",
    "missing-tags",
    "missing-encryption",
    "missing-security-control",
    "missing-monitoring",
    "availability",
    "retention-policy",
]


def graded(folder: Path, answer: str, ideal: str) -> Record:
    for name, text in (("answer.md", answer), ("ideal.md", ideal)):
        (folder / name).write_text(f"### `main.tf`\n\n```hcl\n{text}```\n", encoding="utf-8")
    return grade(load_files(folder / "answer.md", folder / "ideal.md", None), load_rubric())


QUEUE = 'resource "aws_sqs_queue" "work" {\n  name = "work"\n}\n'
OPEN = """resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def test_a_note_says_why_nothing_was_compared(tmp_path: Path) -> None:
    notes = graded(tmp_path, QUEUE, 'resource "aws_kms_key" "main" {\n}\n').notes
    assert [one.text for one in notes if one.kind == "not-compared"] == [
        "the answer was not compared with the ideal: answer and ideal share no service"
    ]


def test_what_only_the_ideal_has_is_a_note_and_no_fault(tmp_path: Path) -> None:
    record = graded(tmp_path, OPEN.replace("0.0.0.0/0", "10.0.0.0/8"), OPEN)
    assert not [one for one in record.faults if one.kind == "network-exposure"]
    assert [one.text.split(":")[0] for one in record.notes if one.kind == "ideal-fault"] == ["only the ideal has this network-exposure"]


def test_what_both_have_is_shared(tmp_path: Path) -> None:
    record = graded(tmp_path, OPEN, OPEN)
    assert [one.kind for one in record.shared] == ["network-exposure"]
    assert not [one for one in record.notes if one.kind == "ideal-fault"]


@pytest.mark.corpus
def test_no_ideal_lacks_anything_beside_itself(corpus: Path) -> None:
    for path in sorted(corpus.glob("*/*/IDEAL_RESPONSE.md"))[::8]:
        text = path.read_text(encoding="utf-8", errors="replace")
        causes = causes_of(Pair(solution_of(text), solution_of(text)), COMPARING)
        assert not causes, f"{path}: {causes[0].hits[0].message}"
