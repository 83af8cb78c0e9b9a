"""`grader summary`, `compare` and `report` end to end, on runs that `grader batch` wrote."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.run_reports import RunReportError, run_formats, run_report
from grader.store import read_grades
from tests.cli.commands import ROOT, run

CLEAN = '```hcl\n# main.tf\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n```\n'
BROKEN = '```hcl\n# main.tf\noutput "url" {\n  value = aws_sqs_queue.jobs.url\n}\n```\n'


def graded(folder: Path, *rows: Mapping[str, object], rubric: Path | None = None) -> Path:
    """The folder of a run over rows."""
    source = folder.with_suffix(".jsonl")
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    priced = ("--rubric", rubric) if rubric is not None else ()
    ran = run("batch", source, "-o", folder, "-q", "--no-cache", "-j", "1", *priced)
    assert (folder / "grades.jsonl").exists(), ran.err
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two models on two tasks; the second model breaks one, and has a third task to itself."""
    folder = tmp_path_factory.mktemp("runs")
    tasks = [("a", CLEAN), ("b", CLEAN)]
    one = graded(folder / "one", *({"id": name, "model": "small", "completion": text, "reference": CLEAN} for name, text in tasks))
    tasks = [("b", BROKEN), ("a", CLEAN), ("c", CLEAN)]
    two = graded(folder / "two", *({"id": name, "model": "large", "completion": text, "reference": CLEAN} for name, text in tasks))
    return one, two


def test_a_summary_as_table_json_and_markdown(runs: tuple[Path, Path]) -> None:
    text, data, page = (run("summary", runs[1], "--format", form) for form in ("table", "json", "md"))
    assert text.code == data.code == page.code == 0
    for title in ("By model", "By dialect", "By category", "By severity", "By kind", "Most frequent faults"):
        assert title in text.out
        assert f"## {title}" in page.out
    found = json.loads(data.out)
    assert found["total"]["answers"] == 3
    assert found["models"][0]["name"] == "large"
    assert found["total"]["score"]["low"] <= found["total"]["score"]["value"] <= found["total"]["score"]["high"]
    assert "\x1b" not in text.out


def test_the_threshold_decides_what_passes(runs: tuple[Path, Path]) -> None:
    assert json.loads(run("summary", runs[1], "--format", "json", "--threshold", "100").out)["total"]["passed"] == 2
    assert json.loads(run("summary", runs[1], "--format", "json", "--threshold", "0").out)["total"]["passed"] == 3


def test_two_models_are_compared(runs: tuple[Path, Path]) -> None:
    text, data, page = (run("compare", *runs, "--format", form) for form in ("table", "json", "md"))
    assert "2 pairs: B wins 0, ties 1, loses 1" in text.out
    assert "Only in B: 1" in text.out
    assert "## Only in B: 1\n\n- c (large)" in page.out
    found = json.loads(data.out)
    (change,) = found["changes"]
    assert (change["before"]["sample"], change["after"]["model"]) == ("b", "large")
    assert change["moved"]["gained"]
    assert change["moved"]["lost"] == []


def test_a_regression_ends_with_1(tmp_path: Path) -> None:
    good = graded(tmp_path / "good", {"id": "a", "completion": CLEAN, "reference": CLEAN})
    bad = graded(tmp_path / "bad", {"id": "a", "completion": BROKEN, "reference": CLEAN})
    assert run("compare", good, bad).code == 0
    assert run("compare", good, bad, "--fail-on-regression").code == 1
    assert run("compare", bad, good, "--fail-on-regression").code == 0
    assert run("compare", good, good, "--fail-on-regression").code == 0


def test_two_versions_of_a_rubric_show_what_was_priced_anew(tmp_path: Path) -> None:
    row = {"id": "a", "completion": BROKEN, "reference": CLEAN}
    before = graded(tmp_path / "before", row)
    (fault, *_) = next(read_grades(before)).faults
    rubric = tmp_path / "mine.yaml"
    rubric.write_text(
        f"name: mine\nversion: 2\nextends: default\ncriteria:\n  - {{criterion: {fault.criterion}, severity: low, points: {{each: 0.5, at_most: 1}}}}\n",
        encoding="utf-8",
    )
    after = graded(tmp_path / "after", row, rubric=rubric)
    found = json.loads(run("compare", before, after, "--format", "json").out)
    (change,) = found["changes"]
    assert (change["moved"]["gained"], change["moved"]["lost"]) == ([], [])
    ((old, new),) = change["moved"]["repriced"]
    assert (old["severity"], new["severity"], new["cost"]) == (fault.severity, "low", 0.5)
    assert found["wins"] == 1


def test_runs_without_a_prompt_in_common_are_refused(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    other = graded(tmp_path / "other", {"completion": CLEAN})
    ran = run("compare", runs[0], other)
    assert ran.code == 2
    assert "no prompt is in both" in ran.err


def test_a_csv_has_a_row_for_each_fault_and_each_clean_answer(runs: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "faults.csv"
    ran = run("report", runs[1], "-o", target)
    assert (ran.code, ran.out) == (0, "")
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    records = list(read_grades(runs[1]))
    assert len(rows) == sum(len(one.faults) or 1 for one in records)
    assert [row["sample"] for row in rows if not row["number"]] == ["a", "c"]
    broken = next(row for row in rows if row["sample"] == "b")
    fault = next(one for one in records if one.faults).faults[0]
    assert (broken["title"], broken["kind"], float(broken["cost"]), broken["entities"]) == (
        fault.title,
        fault.kind,
        fault.cost,
        " | ".join(fault.entities),
    )
    assert list(tmp_path.iterdir()) == [target]


def test_the_csv_on_standard_output_is_the_same(runs: tuple[Path, Path], tmp_path: Path) -> None:
    run("report", runs[0], "-o", tmp_path / "one.csv")
    ran = subprocess.run([sys.executable, "-m", "grader", "report", str(runs[0])], capture_output=True, check=True, cwd=ROOT)  # noqa: S603 - our own
    assert ran.stdout == (tmp_path / "one.csv").read_bytes()


def test_a_reader_that_goes_ends_the_report_and_is_no_error(runs: tuple[Path, Path]) -> None:
    command = [sys.executable, "-m", "grader", "report", str(runs[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as ran:  # noqa: S603 - our own
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.close()
        assert ran.stderr.read() == b""
        assert ran.wait(30) == 0


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    folder = graded(tmp_path / "formula", {"id": "=1+1", "completion": CLEAN})
    run("report", folder, "-o", tmp_path / "faults.csv")
    assert "\n'=1+1," in (tmp_path / "faults.csv").read_text(encoding="utf-8")


def test_an_unreadable_answer_says_why(tmp_path: Path) -> None:
    folder = graded(tmp_path / "bad", {"id": "a", "completion": None}, {"id": "b", "completion": CLEAN})
    run("report", folder, "-o", tmp_path / "faults.csv")
    row = next(csv.DictReader(io.StringIO((tmp_path / "faults.csv").read_text(encoding="utf-8"))))
    assert (row["status"], row["score"]) == ("unreadable", "")
    assert "`completion` is null" in row["note"]
    assert "1 unreadable" in run("summary", folder).out


def test_parquet_holds_the_same_rows(runs: tuple[Path, Path], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run("report", runs[1], "--format", "parquet", "-o", tmp_path / "faults.parquet").code == 0
    run("report", runs[1], "-o", tmp_path / "faults.csv")
    table = parquet.read_table(tmp_path / "faults.parquet")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "faults.csv").read_text(encoding="utf-8"))))
    assert table.schema.names == list(rows[0])
    assert [row["title"] or "" for row in table.to_pylist()] == [row["title"] for row in rows]
    assert table.schema.metadata[b"state"] == b"done"


def test_parquet_without_pyarrow_says_what_to_install(runs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = run("report", runs[0], "--format", "parquet", "-o", tmp_path / "faults.parquet")
    assert ran.code == 2
    assert "pip install 'iac-grader[parquet]'" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("summary",), ("compare", "."), ("report",)])
def test_what_is_no_run_is_refused(command: tuple[str, ...], tmp_path: Path) -> None:
    ran = run(*command, tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "no run.json in this folder" in ran.err


@pytest.mark.parametrize("command", ["summary", "compare", "report"])
def test_an_unknown_format_is_refused(command: str, runs: tuple[Path, Path]) -> None:
    ran = run(command, *runs[: 2 if command == "compare" else 1], "--format", "docx")
    assert ran.code == 2
    assert "--format docx: choose one of" in ran.err


def test_a_report_that_cannot_be_written_is_one_line(runs: tuple[Path, Path], tmp_path: Path) -> None:
    ran = run("report", runs[0], "-o", tmp_path / "no" / "faults.csv")
    assert ran.code == 2
    assert "cannot be written" in ran.err


@pytest.mark.parametrize("name", run_formats())
def test_a_run_report_has_the_shape_of_its_protocol(name: str) -> None:
    assert name == run_report(name).FORMAT
    with pytest.raises(RunReportError, match="no format `nothing`"):
        run_report("nothing")


def test_calibrate_tells_what_answers_alone_draw_from_what_ideals_draw_too(tmp_path: Path) -> None:
    open_door = (
        CLEAN + '\n```hcl\n# door.tf\nresource "aws_db_instance" "door" {\n  engine         = "postgres"\n  instance_class = "db.t4g.micro"\n'
        '  allocated_storage = 20\n  username = "keeper"\n  password = "Drawbridge-77-up"\n}\n```\n'
    )
    rows = [
        {"id": str(n), "completion": BROKEN if n else open_door, "reference": open_door if n < 2 else CLEAN + f"\n<!-- {n} -->\n"} for n in range(4)
    ]
    folder = graded(tmp_path / "run", *rows)
    data, page = (run("calibrate", folder, "--format", form, "-q", "-j", "1") for form in ("json", "md"))
    assert data.code == page.code == 0, data.err
    found = json.loads(data.out)
    lines = {one["name"]: one for one in found["criteria"]}
    assert (found["answers"], found["ideals"]) == (4, 3)
    assert (lines["secret-in-code"]["answers"], lines["secret-in-code"]["ideals"]) == (1, 1)
    lost = next(one for one in found["detectors"] if one["name"] == "missing-implementation")
    assert (lost["answers"], lost["ideals"]) == (3, 0)
    assert "| missing-implementation | 3 | 3 (75.0%) | 0 (0.0%)" in page.out


@pytest.mark.parametrize(
    ("change", "said"),
    [({"no_ideal": True}, "without ideals"), ({"paths": ["-"]}, "standard input"), ({"paths": ["gone.jsonl"]}, "gone.jsonl: cannot be read")],
)
def test_calibrate_refuses_a_run_whose_ideals_it_cannot_read(tmp_path: Path, change: dict[str, object], said: str) -> None:
    folder = graded(tmp_path / "run", {"id": "a", "completion": CLEAN, "reference": CLEAN})
    path = folder / "run.json"
    asked = json.loads(path.read_text(encoding="utf-8"))
    asked["asked"].update(change)
    path.write_text(json.dumps(asked), encoding="utf-8")
    ran = run("calibrate", folder, "-q")
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
