"""The table and the JSON of a record: what they say, and that no answer's text reaches the terminal as a command."""

from __future__ import annotations

import json

import pytest

from grader.reporters import ReporterError, formats, report, reporter
from tests.reporters.records import NO_GRADE, fault, record


def test_the_table_names_each_fault_and_the_score() -> None:
    said = report(record(fault(), fault(2, title="SSH is open", severity="low")), "table")
    for words in ("cdk-ts/one  cdk-ts  against IDEAL_RESPONSE.md", "functions/store", "SSH is open", "critical", "83"):
        assert words in said
    assert said.endswith("Score 88 of 100: does not build, 2 faults (1 critical and 1 low)\n")


def test_one_fault_is_no_faults() -> None:
    assert "1 fault (1 critical)" in report(record(fault()), "table")
    assert "no fault" in report(record(), "table")


def test_a_record_without_a_grade_is_one_line_of_why() -> None:
    said = report(
        record(**{**NO_GRADE, "status": "unreadable", "notes": [{"kind": "unreadable", "line": None, "text": "byte 7 is no text"}]}), "table"
    )
    assert "No score: the answer could not be read: byte 7 is no text" in said


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]0;title\x07", "[bold red]x[/]", "a\nb\r\nc", "\u202eabc", "x" * 2_000])
@pytest.mark.parametrize("columns", ["20", "60", "120"])
def test_no_text_reaches_the_terminal_as_a_command(text: str, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = report(record(fault(title=text), sample=text), "table")
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "\r" not in said
    assert "\u202e" not in said
    if text.startswith("[bold"):
        assert "[bold" in said, "square brackets are text"


def test_the_json_is_the_record() -> None:
    shown = record(fault())
    assert json.loads(report(shown, "json")) == shown.model_dump(mode="json")


def test_an_unknown_format_names_those_there_are() -> None:
    assert formats() == ("json", "md", "table")
    with pytest.raises(ReporterError, match="json, md, table"):
        reporter("xml")
