"""The other commands: help, version, explain, rubric, record-schema; and rubrics of one's own in `grade`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from grader import __version__
from grader.detectors import detectors
from tests.cli.commands import ROOT, run

SAMPLE = ROOT / "samples" / "tf-hcl-ticket-queue"
DEFAULT = ROOT / "rubrics" / "default.yaml"
COMMANDS: tuple[list[str], ...] = ([], ["grade"], ["explain"], ["rubric"], ["rubric", "check"], ["rubric", "schema"], ["record-schema"])


def test_the_version() -> None:
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"grader {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: list[str]) -> None:
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Usage: " in ran.out
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("command", [[], ["grade"]], ids=" ".join)
def test_help_names_the_exit_codes(command: list[str]) -> None:
    said = " ".join(run(*command, "--help").out.split())
    for words in ("Exit codes: 0 ", "1 a threshold (--fail-under, --fail-on) is not met", "2 bad input or usage", "3 a defect of the grader"):
        assert words in said


def test_no_command_shows_help() -> None:
    ran = run()
    assert ran.code == 2
    assert "Usage: " in ran.out + ran.err


def test_an_unknown_command_names_the_nearest() -> None:
    ran = run("rubrik")
    assert ran.code == 2
    assert "rubric" in ran.err


def test_explain_lists_every_kind() -> None:
    ran = run("explain")
    assert ran.code == 0
    assert [line.split("  ")[0].strip() for line in ran.out.splitlines()] == [one.name for one in detectors()]


@pytest.mark.parametrize("kind", [one.name for one in detectors()])
def test_explain_says_what_a_kind_is_with_an_example_and_its_price(kind: str) -> None:
    ran = run("explain", kind)
    assert ran.code == 0
    assert ran.out.startswith(f"{kind}\n{'=' * len(kind)}\n")
    for words in ("Not flagged:", "Example:", "default rubric: "):
        assert words in ran.out


@pytest.mark.parametrize(
    ("wrong", "right"), [("missing-aset", "missing-asset"), ("costs", "cost"), ("syntax", "syntax-error"), ("qqqq", "lists them")]
)
def test_explain_names_the_nearest_kind(wrong: str, right: str) -> None:
    ran = run("explain", wrong)
    assert ran.code == 2
    assert f"{wrong}: no such kind of fault" in ran.err
    assert right in ran.err
    assert ran.err.count("\n") == 1


def test_the_record_schema_is_that_of_docs() -> None:
    ran = run("record-schema")
    assert ran.code == 0
    assert ran.out == (ROOT / "docs" / "result-record.schema.json").read_text(encoding="utf-8")


def test_the_rubric_schema_is_one() -> None:
    ran = run("rubric", "schema")
    assert ran.code == 0
    Draft202012Validator.check_schema(json.loads(ran.out))


def test_the_default_rubric_is_right() -> None:
    ran = run("rubric", "check", DEFAULT)
    assert (ran.code, ran.err) == (0, "")
    assert "100 points" in ran.out


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, int]:
    """A copy of the default rubric with a wrong name, and the line of it."""
    path = tmp_path / "mine.yaml"
    text = DEFAULT.read_text(encoding="utf-8").replace("detector: missing-asset\n", "detector: missing-aset\n", 1)
    path.write_text(text, encoding="utf-8")
    return path, next(at for at, line in enumerate(text.splitlines(), 1) if "missing-aset" in line)


def test_a_wrong_name_is_found_with_its_line_and_the_right_one(broken: tuple[Path, int]) -> None:
    path, line = broken
    for ran in (run("rubric", "check", path), run("grade", SAMPLE, "--rubric", path)):
        assert ran.code == 2
        assert ran.out == ""
        assert f"{path}:{line}" in ran.err
        assert "missing-asset" in ran.err.replace("missing-aset", "")


@pytest.mark.parametrize("text", ["", "- 1\n", "name: [\n", "\t", "name: x\nextends: nothing\n", "criteria: 7\n", "name: x\ncategoriez: []\n"])
def test_what_is_no_rubric_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    ran = run("rubric", "check", path)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert all(line.startswith(f"grader: error: {path}:") for line in ran.err.splitlines())


@pytest.mark.parametrize("name", ["nothing.yaml", "defalt"])
def test_a_rubric_that_is_not_there(name: str) -> None:
    ran = run("grade", SAMPLE, "--rubric", name)
    assert ran.code == 2
    assert ran.err.startswith(f"grader: error: {name}")
    assert ran.err.count("\n") == 1


def test_a_rubric_of_ones_own_changes_the_price(tmp_path: Path) -> None:
    path = tmp_path / "mild.yaml"
    path.write_text("name: mild\nversion: 1\nextends: default\ncriteria:\n  - {criterion: missing-asset-file, severity: low}\n", encoding="utf-8")
    usual = json.loads(run("grade", SAMPLE, "--format", "json").out)
    ran = run("grade", SAMPLE, "--format", "json", "--rubric", path)
    assert ran.code == 0, ran.err
    mild = json.loads(ran.out)
    assert mild["rubric"]["name"] == "mild"
    assert mild["rubric"]["digest"] != usual["rubric"]["digest"]

    def severities(record: dict[str, list[dict[str, str]]]) -> set[str]:
        return {fault["severity"] for fault in record["faults"] if fault["criterion"] == "missing-asset-file"}

    assert severities(usual)
    assert severities(usual) != {"low"} == severities(mild)


def test_a_whole_rubric_of_ones_own_grades_the_same(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_text(DEFAULT.read_text(encoding="utf-8").replace("name: default\n", "name: copy\n", 1), encoding="utf-8")
    usual = json.loads(run("grade", SAMPLE, "--format", "json").out)
    own = json.loads(run("grade", SAMPLE, "--format", "json", "--rubric", path).out)
    assert own["rubric"]["name"] == "copy"
    assert (own["score"], own["faults"]) == (usual["score"], usual["faults"])
