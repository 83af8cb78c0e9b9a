"""`grader batch` end to end: what is read, what a person sees, and the exit codes."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Ran, run

CLEAN = '```hcl\n# main.tf\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n```\n'
BROKEN = '```hcl\n# main.tf\noutput "url" {\n  value = aws_sqs_queue.jobs.url\n}\n```\n'


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Three answers to two tasks."""
    path = tmp_path / "rows.jsonl"
    write(
        path,
        {"task_id": "a", "completion": CLEAN, "reference": CLEAN},
        {"task_id": "a", "completion": BROKEN, "reference": CLEAN},
        {"task_id": "b", "completion": CLEAN},
    )
    return path


def write(path: Path, *given: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in given))
    return path


def records(run_folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run_folder / "grades.jsonl").read_text().splitlines()]


def batch(*arguments: str | Path) -> Ran:
    return run("batch", *arguments)


def test_rows_are_graded_in_order_and_summed_up(rows: Path, tmp_path: Path) -> None:
    ran = batch(rows, "-o", tmp_path / "run")
    assert ran.code == 0, ran.err
    assert re.fullmatch(r"3 answers in \d+\.\d s\n1 does-not-build · 2 acceptable; mean score [\d.]+\n.*/run/grades.jsonl\n", ran.out), ran.out
    found = records(tmp_path / "run")
    assert [(one["sample"], one["answer"], one["ideal"]) for one in found] == [
        ("a", "rows.jsonl:1", "reference"),
        ("a", "rows.jsonl:2", "reference"),
        ("b", "rows.jsonl:3", None),
    ]
    assert found[0]["score"] == 100


def test_a_record_is_that_of_grade(tmp_path: Path) -> None:
    samples = ROOT / "samples"
    ran = batch(samples, "-o", tmp_path / "run")
    assert ran.code == 0, ran.err
    found = records(tmp_path / "run")
    assert [one["sample"] for one in found] == sorted(f"samples/{path.parent.name}" for path in samples.glob("*/MODEL_RESPONSE.md"))
    for one in found[:3]:
        assert json.loads(run("grade", samples / str(one["sample"]).split("/")[1], "--format", "json").out) == one


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", {"reply": CLEAN, "gold": CLEAN, "name": "x"})
    ran = batch(path, "-o", tmp_path / "run", "--map", "answer=reply,ideal=gold", "--map", "id=name")
    assert ran.code == 0, ran.err
    assert [(one["sample"], one["ideal"]) for one in records(tmp_path / "run")] == [("x", "gold")]


def test_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps({"completion": CLEAN}).encode())))
    ran = batch("-", "-o", tmp_path / "run")
    assert ran.code == 0, ran.err
    assert [one["sample"] for one in records(tmp_path / "run")] == ["stdin:1"]


def test_an_unreadable_row_is_a_record_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", {"completion": CLEAN}, {"completion": None}, {"completion": CLEAN})
    ran = batch(path, "-o", tmp_path / "run")
    assert ran.code == 2
    assert [one["status"] for one in records(tmp_path / "run")] == ["graded", "unreadable", "graded"]
    assert "grader: error: 1 of 3 answers cannot be read; it is rows.jsonl:2: `completion` is null; give the Markdown" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_bounds_are_those_of_grade(rows: Path, tmp_path: Path) -> None:
    assert batch(rows, "-o", tmp_path / "a", "--fail-under", "100").code == 1
    assert batch(rows, "-o", tmp_path / "b", "--fail-on", "critical").code == 1
    assert batch(rows, "-o", tmp_path / "c", "--fail-under", "10").code == 0
    assert batch(rows, "-o", tmp_path / "c", "--resume", "--fail-under", "100").code == 1


def test_quiet_says_nothing(rows: Path, tmp_path: Path) -> None:
    ran = batch(rows, "-o", tmp_path / "run", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{in}/absent"], "absent: cannot be read: No such file or directory"),
        (["{in}/empty"], "empty: no samples; give folders with MODEL_RESPONSE.md, or files of rows"),
        (["{in}/rows.jsonl", "--map", "reply=x"], "--map reply=x: write PART=COLUMN"),
        (["{in}/rows.jsonl", "--engine", "slurm"], "--engine slurm: choose one of local, ray"),
        (["{in}/rows.jsonl", "--rubric", "absent.yaml"], "absent.yaml"),
        (["-", "-"], "standard input can be read once"),
    ],
)
def test_what_cannot_be_used_is_one_line(rows: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "empty").mkdir()
    ran = batch(*[one.replace("{in}", str(rows.parent)) for one in arguments], "-o", tmp_path / "run")
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_run_is_not_overwritten(rows: Path, tmp_path: Path) -> None:
    assert batch(rows, "-o", tmp_path / "run").code == 0
    ran = batch(rows, "-o", tmp_path / "run")
    assert ran.code == 2
    assert "--resume" in ran.err
    ran = batch(rows, "-o", tmp_path / "run", "--resume")
    assert ran.code == 0
    assert "(3 kept)" in ran.out


def test_a_terminal_shows_a_bar_with_counts(rows: Path, tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "grader", "batch", str(rows), "-o", str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=end, env={**os.environ, "COLUMNS": "140", "TERM": "xterm"}, cwd=ROOT):  # noqa: S603 - our own command
        os.close(end)
        shown = b""
        while piece := _read(terminal):
            shown += piece
    os.close(terminal)
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
    assert "3/3" in plain
    assert "1 does-not-build · 2 acceptable" in plain


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
