"""Failure documents of every layout give their claims, and each claim is held against the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from grader.audit import Audit, Finding, audit, read_claims
from grader.cli import application
from grader.loader import Sample, Source
from grader.rubric import load_rubric

ANSWER = """# Photo store

```hcl
# main.tf
resource "aws_s3_bucket" "photos" {
  bucket = "photo-store-${var.suffix}"
}

resource "aws_db_instance" "catalogue" {
  engine         = "postgres"
  engine_version = "15.8"
  instance_class = "db.t3.micro"
  multi_az       = false
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/photo/api"
  retention_in_days = 14
}

variable "suffix" {
  type = string
}
```
"""
IDEAL = ANSWER.replace("multi_az       = false", "multi_az       = true")


def audited(document: str, answer: str = ANSWER, ideal: str = IDEAL) -> Audit:
    sample = Sample("photos", Source("MODEL_RESPONSE.md", answer), Source("IDEAL_RESPONSE.md", ideal))
    return audit(sample, Source("MODEL_FAILURES.md", document), load_rubric())


def titles(document: str) -> list[str]:
    return [claim.title for claim in read_claims(document)]


LAYOUTS = {
    "numbered headings": "# Failures\n\n## Summary\n\nTwo faults.\n\n### 1. No Multi-AZ\n\n**Problem:** one zone.\n\n### 2. Weak class\n\n**Problem:** too small.\n",
    "FAULT headings": "# Analysis\n\n## FAULT 1: No Multi-AZ\n\n**Location:** line 12\n\n## FAULT 2: Weak class\n\nToo small for the load that is expected of it.\n",
    "severity sections": "# Failures\n\n## Critical Failures\n\n### No Multi-AZ\n\n**Issue**: one zone\n\n## Low Failures\n\n### Weak class\n\n**Issue**: small\n",
    "bold lines": "# Failures\n\n## Issues Found\n\n**No Multi-AZ**\n\nThe database stands in one zone and fails with it.\n\n**Weak class**\n\nThe class of the database is too small for the load.\n",
    "list with bold leads": "# Failures\n\n- **No Multi-AZ**: the database stands in one zone.\n- **Weak class**: too small.\n",
    "table": "# Failures\n\n| # | Issue | Severity |\n|---|---|---|\n| 1 | No Multi-AZ | High |\n| 2 | Weak class | Low |\n",
    "field headings": "# Failures\n\n## 1. No Multi-AZ\n\n### Issue\n\nOne zone.\n\n### Impact\n\nDown.\n\n## 2. Weak class\n\n### Issue\n\nSmall.\n",
    "title named summary": "# Failures Summary\n\n## 1. No Multi-AZ\n\n**Error:** x\n\n## 2. Weak class\n\n**Error:** y\n\n## Lessons Learned\n\n- **Read the docs**: always.\n- **Test**: often.\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_gives_the_same_claims(layout: str) -> None:
    assert titles(LAYOUTS[layout]) == ["No Multi-AZ", "Weak class"]


def test_severity_comes_from_the_section_the_title_or_a_field() -> None:
    document = "# F\n\n## Critical Issues\n\n### 1. A thing\n\n**Issue**: x\n\n## Other Issues\n\n### 2. B thing (HIGH)\n\n**Issue**: x\n\n### 3. C thing\n\n**Severity**: Medium\n"
    assert [claim.severity for claim in read_claims(document)] == ["critical", "high", "medium"]


@pytest.mark.parametrize("text", ["", "Insert here the model's failures", "# Model Failures\n", "TODO"])
def test_a_placeholder_has_no_claims(text: str) -> None:
    assert titles(text) == []
    assert audited(text).notes


def one(document: str) -> tuple[Finding, list[str]]:
    found = audited(document).claims
    assert len(found) == 1
    return found[0].finding, [proof.text for proof in found[0].proofs]


def claim(title: str, body: str) -> str:
    return f"# Failures\n\n### 1. {title}\n\n{body}\n"


def test_code_that_stands_in_the_answer_confirms_with_its_lines() -> None:
    document = claim(
        "Single zone", '**MODEL_RESPONSE Issue**:\n\n```hcl\nengine_version = "15.8"\ninstance_class = "db.t3.micro"\nmulti_az = false\n```\n'
    )
    found = audited(document).claims[0]
    assert found.finding is Finding.CONFIRMED
    assert (found.proofs[0].line, found.proofs[0].end_line) == (11, 13)


def test_code_that_stands_nowhere_contradicts() -> None:
    document = claim(
        "Open queue",
        '**Original Code**:\n\n```hcl\nresource "aws_sqs_queue" "jobs_queue" {\n  kms_data_key_reuse = 300\n  fifo_queue_enabled = true\n}\n```\n',
    )
    assert one(document)[0] is Finding.CONTRADICTED


def test_blamed_lines_that_are_absent_while_the_wanted_ones_stand_contradict() -> None:
    document = claim(
        "Version not available",
        '**Issue**:\n\n```hcl\nengine         = "postgres"\nengine_version = "15.4"\n```\n\n**Fix**:\n\n```hcl\nengine         = "postgres"\nengine_version = "15.8"\n```\n',
    )
    finding, proofs = one(document)
    assert finding is Finding.CONTRADICTED
    assert "stand nowhere" in proofs[0]


def test_a_thing_said_to_be_missing_that_is_there_contradicts() -> None:
    assert one(claim("Missing CloudWatch Log Group", "**Problem**: there is none.")) == (
        Finding.CONTRADICTED,
        ["`aws_cloudwatch_log_group` is there"],
    )
    assert one(claim("Missing `aws_db_instance`", "**Problem**: no database."))[0] is Finding.CONTRADICTED


@pytest.mark.parametrize(
    "title",
    [
        "Missing Log Group for the worker",
        "Missing API Gateway Log Group",
        "Missing `aws_db_instance` Import",
        "Missing `aws_db_instance` import",
        "Missing `aws_sqs_queue`",
        "Weak database",
    ],
)
def test_what_cannot_be_looked_up_is_unsupported(title: str) -> None:
    assert one(claim(title, "**Problem**: it is needed."))[0] is Finding.UNSUPPORTED


def test_a_thing_said_not_to_be_created_that_is_there_contradicts() -> None:
    assert one(claim("CloudWatch Log Group not explicitly created", "**Problem**: it is left to the service."))[0] is Finding.CONTRADICTED


def test_a_value_that_is_blamed_and_stands_nowhere_contradicts() -> None:
    document = claim("Old engine", '**Issue**:\n\n```hcl\nengine_version = "13.2"\n```\n\n**Fix**:\n\n```hcl\nengine_version = "16.1"\n```\n')
    finding, proofs = one(document)
    assert (finding, proofs[0]) == (Finding.CONTRADICTED, "`13.2` stands nowhere in the answer: `engine_version` has another value")
    told = ANSWER + "\nThe first draft had 13.2.\n"
    assert audited(document, answer=told).claims[0].finding is Finding.UNSUPPORTED


def test_a_blamed_name_that_only_the_ideal_has_contradicts() -> None:
    document = claim("Alarms are conditional", "**Problem**: the alarms are wrapped with count based on var.keep_photo_alarms, off at first.")
    ideal = IDEAL.replace('variable "suffix" {', 'variable "keep_photo_alarms" {\n  type = bool\n}\n\nvariable "suffix" {')
    assert audited(document, ideal=ideal).claims[0].finding is Finding.CONTRADICTED
    assert audited(document, answer="I would use Terraform here.", ideal=ideal).claims[0].finding is Finding.CONTRADICTED
    assert audited(document).claims[0].finding is Finding.UNSUPPORTED
    assert audited(document, answer=ideal, ideal=ideal).claims[0].finding is not Finding.CONTRADICTED


def test_a_name_that_a_doubtful_sentence_has_is_not_blamed() -> None:
    document = claim("Alarms are fixed", "**Problem**: it should be controlled by var.keep_photo_alarms, which the ideal uses.")
    ideal = IDEAL.replace('variable "suffix" {', 'variable "keep_photo_alarms" {\n  type = bool\n}\n\nvariable "suffix" {')
    assert audited(document, ideal=ideal).claims[0].finding is Finding.UNSUPPORTED


def test_nothing_is_said_of_an_answer_without_code() -> None:
    document = claim("Missing CloudWatch Log Group", "**Problem**: there is none.")
    assert audited(document, answer="I cannot help with that.").claims[0].finding is Finding.UNSUPPORTED


def test_the_graders_own_fault_confirms_and_others_are_listed_as_missed() -> None:
    answer = ANSWER.replace("  type = string\n", '  type = string\n}\n\nresource "aws_sns_topic" "alerts" {\n  name = local.alerts_topic_name\n')
    document = claim("Undefined local `alerts_topic_name`", "**Problem**: `local.alerts_topic_name` is used and never declared.")
    found = audited(document, answer=answer)
    assert (found.claims[0].finding, found.claims[0].faults) == (Finding.CONFIRMED, (1,))
    assert 1 not in {one.number for one in found.missed}
    assert "missing-implementation" in {one.kind for one in audited(claim("Weak class", "Small."), answer=answer).missed}


def test_before_and_after_in_one_block_are_told_apart() -> None:
    document = claim("Zone", "```hcl\n# Before\nmulti_az = false\n\n# After\nmulti_az = true\n```\n")
    assert [(quote.part, quote.line) for quote in read_claims(document)[0].quotes] == [("model", 7), ("ideal", 10)]


def test_cited_lines_are_read() -> None:
    read = read_claims(claim("Zone", "**Location**: lines 12-14, 20 and line 31"))[0]
    assert [(one.line, one.end_line) for one in read.cited] == [(12, 14), (20, 20), (31, 31)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from([*LAYOUTS.values(), "```\n", "| a |\n", "- x\n", "**B**\n", "# \n", "`x = 1`\n", "lines 9-1"]) | st.text(max_size=40),
        max_size=6,
    )
)
def test_any_document_is_read(parts: list[str]) -> None:
    text = "\n".join(parts)
    found = audited(text)
    assert all(1 <= one.claim.line <= text.count("\n") + 2 for one in found.claims)
    assert [one.claim.number for one in found.claims] == list(range(1, len(found.claims) + 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "MODEL_RESPONSE.md").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "one" / "MODEL_FAILURES.md").write_text(LAYOUTS["table"], encoding="utf-8")
    return tmp_path


def test_the_command_prints_each_format(folder: Path) -> None:
    run = CliRunner()
    shown = run.invoke(application(), ["audit", str(folder / "one")])
    assert shown.exit_code == 0, shown.output
    assert "No Multi-AZ" in shown.output
    assert json.loads(run.invoke(application(), ["audit", str(folder), "--format", "json"]).output)["claims"][1]["claim"]["severity"] == "low"
    assert "| 2. Weak class | low |" in run.invoke(application(), ["audit", str(folder), "--format", "md"]).output


def test_a_folder_without_a_document_is_one_clear_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(application(), ["audit", str(tmp_path)])
    assert result.exit_code != 0
    assert "name the document with --document" in str(result.exception)


@pytest.mark.corpus
def test_nearly_every_document_of_the_corpus_gives_a_claim(corpus: Path) -> None:
    documents = [path.read_text(encoding="utf-8", errors="replace") for path in corpus.glob("*/*/MODEL_FAILURES.md")]
    read = [bool(read_claims(text)) for text in documents if len(text) > 100]
    assert sum(read) / len(read) > 0.97
