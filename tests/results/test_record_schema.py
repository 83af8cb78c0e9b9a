"""The published schema of the result record: it holds for every record the grader makes, and docs/ has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.engine import grade
from grader.loader import load_sample
from grader.results import record_schema
from grader.rubric import load_rubric
from scripts import document_record

ROOT = Path(__file__).parent.parent.parent
SAMPLES = sorted(path.parent for path in (ROOT / "samples").glob("*/MODEL_RESPONSE.md"))
FIELDS = {
    "": "format sample dialect answer ideal prompt status rubric score verdict categories faults shared unchecked notes",
    "RubricName": "name version digest",
    "Category": "id title points earned faults",
    "Fault": "number criterion kind category severity confidence proof title problem impact correction locations evidence entities cost",
    "Correction": "text snippets",
    "Snippet": "line end_line language text",
    "Location": "side line end_line",
    "Quote": "side line end_line text note",
    "Unchecked": "detector reason line",
    "Note": "kind line text",
}
"""The fields of format 1 as published. None may ever go; new ones may come."""


def problems(record: str) -> list[str]:
    """What the schema says of a record; nothing where it holds."""
    return [error.message for error in Draft202012Validator(record_schema()).iter_errors(json.loads(record))]


def graded(folder: Path, **options: Any) -> str:  # noqa: ANN401 - the loader's own options
    return grade(load_sample(folder, **options), load_rubric()).to_json()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(record_schema())


def test_the_page_in_docs_is_that_of_the_code() -> None:
    assert document_record.PAGE.read_text(encoding="utf-8") == document_record.page(), "`just docs` writes it"


@pytest.mark.parametrize("part", FIELDS)
def test_every_published_field_is_there_and_always_given(part: str) -> None:
    schema = record_schema()
    own = schema["$defs"][part] if part else schema
    assert set(FIELDS[part].split()) <= set(own["properties"])
    assert set(FIELDS[part].split()) <= set(own["required"])


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_the_record_of_a_sample_holds_to_the_schema(folder: Path) -> None:
    assert problems(graded(folder)) == []
    assert problems(graded(folder, no_ideal=True)) == []


@pytest.mark.parametrize(("content", "status"), [(b"", "no-code"), (b"I cannot help.", "no-code"), (b"\x00\xff\xfe\x00", "unreadable")])
def test_the_record_of_an_answer_without_a_grade_holds_to_the_schema(tmp_path: Path, content: bytes, status: str) -> None:
    (tmp_path / "MODEL_RESPONSE.md").write_bytes(content)
    text = graded(tmp_path)
    record = json.loads(text)
    assert record["status"] == status
    assert record["score"] == (0 if status == "no-code" else None)
    assert problems(text) == []


@pytest.mark.parametrize("change", [{"status": "fine"}, {"format": 2}, {"score": "88"}, {"faults": [{}]}, {"verdict": "bad"}, {"rubric": None}])
def test_the_schema_refuses_what_is_no_record(change: dict[str, Any]) -> None:
    record = json.loads(graded(SAMPLES[0])) | change
    assert problems(json.dumps(record)) != []


def test_the_schema_lets_fields_of_a_later_version_pass() -> None:
    record = json.loads(graded(SAMPLES[0]))
    record["later"] = record["faults"][0]["later"] = 1
    assert problems(json.dumps(record)) == []
