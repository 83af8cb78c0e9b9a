"""`grader grade` end to end: each form of input, what is written where, and the exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Ran, run

SAMPLE = ROOT / "samples" / "tf-hcl-ticket-queue"
CLEAN = '```hcl\n# main.tf\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n```\n'


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of a shipped sample that a test may change."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "in" / "queue"))


def record(ran: Ran) -> dict[str, object]:
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def titles(ran: Ran) -> list[str]:
    faults = record(ran)["faults"]
    assert isinstance(faults, list)
    return [fault["title"] for fault in faults]


def test_a_folder_is_graded_and_a_table_printed(sample: Path) -> None:
    ran = run("grade", sample)
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith("in/queue  tf-hcl  against IDEAL_RESPONSE.md")
    assert re.search(r"^Score \d+ of 100: does not build, \d+ faults \(\d+ critical, ", ran.out, re.MULTILINE)
    assert "\x1b" not in ran.out


def test_a_sample_may_stand_in_lib(sample: Path) -> None:
    direct = titles(run("grade", sample, "--format", "json"))
    shutil.move(sample, sample.parent / "lib")
    sample.mkdir()
    shutil.move(sample.parent / "lib", sample / "lib")
    assert titles(run("grade", sample, "--format", "json")) == direct


def test_two_files_are_graded(sample: Path) -> None:
    ran = run("grade", sample / "MODEL_RESPONSE.md", sample / "IDEAL_RESPONSE.md", "--prompt", str(sample / "PROMPT.md"), "--format", "json")
    found = record(ran)
    assert (found["answer"], found["ideal"], found["prompt"]) == ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", "PROMPT.md")
    assert titles(ran) == titles(run("grade", sample, "--format", "json"))


def test_other_names_are_given_by_options(sample: Path) -> None:
    for old, new in (("MODEL_RESPONSE.md", "draft.md"), ("IDEAL_RESPONSE.md", "reviewed.md"), ("PROMPT.md", "task.md")):
        (sample / old).rename(sample / new)
    found = record(run("grade", sample, "--answer", "draft.md", "--ideal", "reviewed.md", "--prompt", "task.md", "--format", "json"))
    assert (found["answer"], found["ideal"], found["prompt"]) == ("draft.md", "reviewed.md", "task.md")
    assert found["faults"]


def test_an_answer_alone_is_graded(sample: Path) -> None:
    found = record(run("grade", sample, "--no-ideal", "--format", "json"))
    assert found["ideal"] is None
    assert found["faults"]
    assert found["shared"] == []


def test_the_same_input_gives_the_same_bytes(sample: Path) -> None:
    assert run("grade", sample, "--format", "json").out == run("grade", sample, "--format", "json").out


def test_report_and_record_are_written_as_they_are_printed(sample: Path, tmp_path: Path) -> None:
    ran = run("grade", sample, "-o", tmp_path / "out")
    folder = tmp_path / "out" / "in" / "queue"
    assert sorted(path.name for path in folder.iterdir()) == ["MODEL_FAILURES.md", "grade.json"]
    assert str(folder / "MODEL_FAILURES.md") in ran.err
    assert (folder / "MODEL_FAILURES.md").read_text(encoding="utf-8") == run("grade", sample, "--format", "md").out
    assert (folder / "grade.json").read_text(encoding="utf-8") == run("grade", sample, "--format", "json").out


@pytest.mark.parametrize(("folder", "code"), [("a b;$(x) `y`", 0), ("...", 0), ("\N{SNOWMAN}é", 0), ("-rf", 0), ("..hidden..", 0)])
def test_an_odd_name_stays_below_the_output(tmp_path: Path, folder: str, code: int) -> None:
    odd = tmp_path / "in" / folder
    odd.mkdir(parents=True)
    (odd / "MODEL_RESPONSE.md").write_text(CLEAN, encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    ran = run("grade", "-o", tmp_path / "deep" / "out", "--", odd)
    assert ran.code == code, ran.err
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert len(written) == 2
    assert all((tmp_path / "deep" / "out") in path.resolve().parents for path in written)


def test_an_answer_file_named_like_a_parent_stays_below_the_output(tmp_path: Path) -> None:
    (tmp_path / "...md").write_text(CLEAN, encoding="utf-8")
    assert run("grade", tmp_path / "...md", "-o", tmp_path / "out").code == 0
    assert len(list((tmp_path / "out").rglob("grade.json"))) == 1
    assert not (tmp_path / "grade.json").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-under", "100"], 1),
        (["--fail-under", "0"], 0),
        (["--fail-on", "critical"], 1),
        (["--fail-on", "low"], 1),
        ([], 0),
    ],
)
def test_bounds_set_the_exit_code(sample: Path, options: list[str], code: int) -> None:
    ran = run("grade", sample, *options)
    assert ran.code == code
    assert "Score " in ran.out, "the table is printed all the same"


def test_a_clean_answer_misses_no_bound(tmp_path: Path) -> None:
    (tmp_path / "MODEL_RESPONSE.md").write_text(CLEAN, encoding="utf-8")
    assert run("grade", tmp_path, "--fail-under", "100", "--fail-on", "low").code == 0


def test_a_milder_fault_than_the_bound_passes(tmp_path: Path) -> None:
    answer = CLEAN.replace('name = "jobs"', 'name = "jobs"\n  tags = { owner = "arn:aws:iam::481516234299:role/x" }')
    (tmp_path / "MODEL_RESPONSE.md").write_text(answer, encoding="utf-8")
    found = record(run("grade", tmp_path, "--format", "json"))["faults"]
    assert isinstance(found, list)
    assert [fault["severity"] for fault in found] == ["medium"]
    assert run("grade", tmp_path, "--fail-on", "high").code == 0
    assert run("grade", tmp_path, "--fail-on", "medium").code == 1


def test_no_code_is_a_result(tmp_path: Path) -> None:
    (tmp_path / "MODEL_RESPONSE.md").write_text("I cannot help with that.\n", encoding="utf-8")
    ran = run("grade", tmp_path)
    assert ran.code == 0
    assert "Score 0 of 100" in ran.out
    assert run("grade", tmp_path, "--fail-under", "1").code == 1


def one_line(ran: Ran, *words: str) -> None:
    """Assert a refusal: exit code 2 and one line on standard error that has these words."""
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    for word in words:
        assert word in ran.err


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    one_line(run("grade", tmp_path / "nothing"), str(tmp_path / "nothing"), "no such folder", "MODEL_RESPONSE.md")


def test_a_folder_that_is_no_sample(tmp_path: Path) -> None:
    one_line(run("grade", tmp_path), "no MODEL_RESPONSE.md", "--answer")


@pytest.mark.parametrize("option", ["--answer", "--ideal", "--prompt"])
def test_a_named_file_that_is_not_there(sample: Path, option: str) -> None:
    one_line(run("grade", sample, option, "nothing.md"), "nothing.md", option)


def test_an_ideal_file_that_is_not_there(sample: Path) -> None:
    one_line(run("grade", sample / "MODEL_RESPONSE.md", sample / "nothing.md"), "nothing.md", "no such file")


def test_a_folder_and_a_second_path(sample: Path) -> None:
    one_line(run("grade", sample, sample / "IDEAL_RESPONSE.md"), "--ideal")


def test_a_format_that_is_not_there(sample: Path) -> None:
    one_line(run("grade", sample, "--format", "xml"), "--format xml", "json, md, table")


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", "caf\xe9 \xfc".encode("latin-1") * 20])
def test_an_answer_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "MODEL_RESPONSE.md").write_bytes(content)
    ran = run("grade", tmp_path)
    one_line(ran, "MODEL_RESPONSE.md")
    assert "No score: the answer could not be read" in ran.out


def test_an_output_that_cannot_be_written(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    one_line(run("grade", sample, "-o", tmp_path / "file"), str(tmp_path / "file"), "cannot be written", "-o")


@pytest.mark.parametrize("options", [["--fail-on", "bad"], ["--fail-under", "101"], ["--fail-under", "x"], ["--nothing"], []])
def test_wrong_usage_is_bad_input(sample: Path, options: list[str]) -> None:
    ran = run("grade", str(sample), *options) if options else run("grade")
    assert ran.code == 2
    assert "Usage: " in ran.err


def process(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "grader", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_the_real_command_says_one_line_of_bad_input(tmp_path: Path) -> None:
    ran = process("grade", tmp_path / "nothing")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("grader: error: ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("columns", ["30", "60", "80", "200"])
def test_the_table_fits_the_terminal(columns: str) -> None:
    ran = process("grade", SAMPLE, COLUMNS=columns, NO_COLOR="1")
    assert ran.returncode == 0
    assert max(len(line) for line in ran.stdout.splitlines()) <= int(columns)
    assert "\x1b" not in ran.stdout
    assert "aws_sqs_queue.dead_letters" in "".join(ran.stdout.split()) or int(columns) < 60


@pytest.mark.skipif(os.name != "posix", reason="a pseudo terminal")
@pytest.mark.parametrize(("no_colour", "coloured"), [("", False), ("1", False), (None, True)])
def test_colour_is_for_terminals_that_want_it(no_colour: str | None, *, coloured: bool) -> None:
    import pty  # noqa: PLC0415 - POSIX only

    leader, follower = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm-256color", "COLUMNS": "100"}
    environment |= {} if no_colour is None else {"NO_COLOR": no_colour}
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "grader", "grade", str(SAMPLE)], stdout=follower, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment
    ):
        os.close(follower)
        said = b""
        try:
            while part := os.read(leader, 65536):
                said += part
        except OSError:
            pass
    os.close(leader)
    assert b"Score " in said
    assert (b"\x1b[" in said) is coloured


@pytest.mark.skipif(os.name != "posix", reason="a shell's pipe")
@pytest.mark.parametrize("form", ["table", "md", "json"])
def test_a_closed_pipe_is_no_error_and_loses_nothing(tmp_path: Path, form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "grader", "grade", str(SAMPLE), "--format", form, "-o", str(tmp_path), "--fail-on", "critical"]
    with open(writing, "wb") as closed:  # noqa: PTH123 - a descriptor, not a path
        ran = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, timeout=60, check=False, cwd=ROOT)  # noqa: S603 - our own command
    assert ran.returncode == 1, "the bound is missed all the same"
    assert ran.stderr.startswith("report written to ")
    assert ran.stderr.count("\n") == 1
    assert len(list(tmp_path.rglob("grade.json"))) == 1
