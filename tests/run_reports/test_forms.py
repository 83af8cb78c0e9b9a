"""A run as SARIF, JUnit, Markdown and HTML through the real command, over answers that would break each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from grader.cli import application
from tests.site.hostile import ATTACK

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    hostile = folder / "in" / "bad & <b>"
    hostile.mkdir(parents=True)
    (hostile / "MODEL_RESPONSE.md").write_text(ATTACK, encoding="utf-8")
    (folder / "in" / "binary").mkdir()
    (folder / "in" / "binary" / "MODEL_RESPONSE.md").write_bytes(b"\x00\x01")
    result = CliRunner().invoke(application(), ["batch", str(SAMPLES), str(folder / "in"), "-o", str(folder / "out"), "--no-cache", "--quiet"])
    assert (folder / "out" / "grades.jsonl").is_file(), result.output
    return folder / "out"


def counts(run: Path) -> list[int]:
    """How many faults each answer has."""
    return [len(json.loads(line)["faults"]) for line in (run / "grades.jsonl").read_text(encoding="utf-8").splitlines()]


def report(run: Path, form: str, tmp_path: Path) -> Path:
    path = tmp_path / f"report.{form}"
    result = CliRunner().invoke(application(), ["report", str(run), "--format", form, "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


def test_sarif_has_a_result_for_every_fault(run: Path, tmp_path: Path) -> None:
    log = json.loads(report(run, "sarif", tmp_path).read_text(encoding="utf-8"))
    sarif = pytest.importorskip("sarif_pydantic", reason="needs sarif-pydantic: pip install '.[dev]'")
    sarif.Sarif.model_validate(log)
    [one] = log["runs"]
    assert len(one["results"]) == sum(counts(run))
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    for result in one["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert re.fullmatch(r"[\w./%~-]+", place["artifactLocation"]["uri"])
    assert len({result["partialFingerprints"]["grader/v1"] for result in one["results"]}) > len(one["results"]) * 0.9
    assert [notice["level"] for notice in one["invocations"][0]["toolExecutionNotifications"]] == ["error"]


def test_junit_has_a_case_for_every_answer(run: Path, tmp_path: Path) -> None:
    root = ET.parse(report(run, "junit", tmp_path)).getroot()  # noqa: S314 - our own file
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == len(counts(run)) == int(root.attrib["tests"])
    assert len(root.findall(".//failure")) == int(root.attrib["failures"])
    assert len(root.findall(".//error")) == int(root.attrib["errors"]) == 1
    assert any("<b>" in case.attrib["classname"] for case in cases)


def test_the_markdown_table_holds_together(run: Path, tmp_path: Path) -> None:
    text = report(run, "md", tmp_path).read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(token.type == "table_open" for token in tokens) == 1
    rows = sum(counts(run)) + len(counts(run))
    assert sum(token.type == "tr_open" for token in tokens) == rows + 1
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    assert not [child for child in inline if child.type == "html_inline"]


def test_the_site_shows_texts_read_again_from_where_they_lie(run: Path, tmp_path: Path) -> None:
    folder = report(run, "html", tmp_path)
    page = next(path for path in (folder / "samples").glob("*.html") if "cdk-go" in path.name)
    text = page.read_text(encoding="utf-8")
    assert text.count("<li") > 100
    assert "no longer at hand" not in text


def test_a_site_needs_a_folder(run: Path) -> None:
    result = CliRunner().invoke(application(), ["report", str(run), "--format", "html"])
    assert "name it with -o" in str(result.exception)


def test_reports_beside_the_answers_spare_what_a_person_wrote(tmp_path: Path) -> None:
    for name in ("mine", "theirs"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "MODEL_RESPONSE.md").write_text(ATTACK, encoding="utf-8")
    theirs, mine = (tmp_path / "in" / name / "MODEL_FAILURES.md" for name in ("theirs", "mine"))
    theirs.write_text("# By hand\n", encoding="utf-8")
    runner = CliRunner()
    runner.invoke(application(), ["batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--no-cache", "--quiet"])
    for _ in range(2):
        result = runner.invoke(application(), ["report", str(tmp_path / "out"), "--write-failures"])
        assert result.exit_code == 0, result.output
        assert "1 written, 1 left alone" in result.stderr
    assert theirs.read_text(encoding="utf-8") == "# By hand\n"
    assert "Model Failures Analysis" in mine.read_text(encoding="utf-8")
    runner.invoke(application(), ["report", str(tmp_path / "out"), "--write-failures", "--force"])
    assert "Model Failures Analysis" in theirs.read_text(encoding="utf-8")
