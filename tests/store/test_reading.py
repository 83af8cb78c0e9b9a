"""The folder of a run as readers meet it: whole, half written, corrupt, absent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.engine import grade
from grader.loader import Sample, Source
from grader.results import Record
from grader.rubric import load_rubric
from grader.store import RunError, read_grades, read_run


def records(count: int) -> list[Record]:
    rubric = load_rubric()
    return [grade(Sample(f"set/{number}", Source("MODEL_RESPONSE.md", "```hcl\nterraform {}\n```\n")), rubric) for number in range(count)]


def lines(of: list[Record]) -> bytes:
    return b"".join(record.to_json().encode() + b"\n" for record in of)


def test_records_come_back_as_written(tmp_path: Path) -> None:
    written = records(3)
    (tmp_path / "grades.jsonl").write_bytes(lines(written))
    assert list(read_grades(tmp_path)) == written


def test_a_half_last_line_is_not_given(tmp_path: Path) -> None:
    written = records(2)
    (tmp_path / "grades.jsonl").write_bytes(lines(written)[:-40])
    assert list(read_grades(tmp_path)) == written[:1]


def test_a_corrupt_line_is_named(tmp_path: Path) -> None:
    first, second = records(2)
    (tmp_path / "grades.jsonl").write_bytes(lines([first]) + b'{"format": 1, "sam\n' + lines([second]))
    with pytest.raises(RunError, match=re.escape("grades.jsonl: line 2:") + ".*--resume"):
        list(read_grades(tmp_path))
    said: list[str] = []
    assert list(read_grades(tmp_path, on_corrupt=said.append)) == [first, second]
    assert len(said) == 1
    assert "line 2" in said[0]


@pytest.mark.parametrize("text", [None, "", "{}", '{"format": 2}', "[1]", "\0"])
def test_no_run_is_one_line_with_a_remedy(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match="grader batch") as error:
        read_run(tmp_path)
    assert "\n" not in str(error.value)
    with pytest.raises(RunError, match="no such file"):
        list(read_grades(tmp_path))
