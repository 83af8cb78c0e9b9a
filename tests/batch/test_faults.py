"""What goes wrong in a run, what it costs (the record at fault, nothing else) and what a person sees."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from grader.batch import run_batch
from grader.model.kinds import Status
from grader.results import Record
from grader.store import RunError, State, read_grades, read_run
from tests.batch.answers import SAMPLES, batch, write_samples

GRADER = (sys.executable, "-m", "grader")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path_factory.mktemp("cache")))


def statuses(folder: Path) -> dict[str, Status]:
    return {record.sample.split("/")[-1]: record.status for record in read_grades(folder)}


def reason(record: Record) -> str:
    return record.notes[0].text


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def lines(folder: Path) -> int:
    path = folder / "grades.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


@contextmanager
def at_work(source: Path, run: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, killed at the end if it still runs."""
    command = [*GRADER, "batch", str(source), "-o", str(run), "--no-cache", "-j", "1", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:  # noqa: S603 - our own command
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("word", "said"),
    [("HANG", "grading took longer than --time-limit allows (3 s)"), ("EAT", "grading took more memory than --memory-limit allows (300 MB)")],
)
def test_an_answer_over_a_limit_costs_its_own_record(tmp_path: Path, word: str, said: str) -> None:
    source = write_samples(tmp_path / "in", 12, {5: word})
    outcome = run_batch(batch(source, tmp_path / "run", seconds=3, megabytes=300))
    records = list(read_grades(tmp_path / "run"))
    assert [record.sample.split("/")[-1] for record in records] == [f"sample-{number:04}" for number in range(12)]
    assert [number for number, record in enumerate(records) if record.status is Status.FAILED] == [5]
    assert reason(records[5]) == said
    assert outcome.run.state is State.DONE
    assert outcome.run.counts.statuses[Status.FAILED] == 1


def test_an_answer_that_kills_its_worker_costs_its_own_record(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 12, {0: "DIE", 7: "DIE"})
    run_batch(batch(source, tmp_path / "run"))
    records = list(read_grades(tmp_path / "run"))
    assert [number for number, record in enumerate(records) if record.status is Status.FAILED] == [0, 7]
    assert reason(records[7]) == "the process that graded it ended with SIGKILL, twice"


def test_a_worker_that_somebody_kills_costs_nothing(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 12, {number: f"DIE-ONCE {tmp_path}/died-{number}" for number in (3, 4)})
    run_batch(batch(source, tmp_path / "run"))
    assert (tmp_path / "died-3").exists()
    assert set(statuses(tmp_path / "run").values()) == {Status.GRADED}


def test_workers_killed_from_outside_at_any_moment_cost_nothing_that_is_not_said(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 60, dict.fromkeys(range(60), "SLOW"))
    killed = 0

    def kill(*_: object) -> None:
        nonlocal killed
        if killed < 3 and lines(tmp_path / "run") >= 6 * (killed + 1):
            with suppress(psutil.NoSuchProcess):
                server = next(one for one in psutil.Process().children() if "forkserver" in " ".join(one.cmdline()))
                server.children()[-1].kill()
                killed += 1

    run_batch(batch(source, tmp_path / "run"), kill)
    assert killed == 3
    assert len(statuses(tmp_path / "run")) == 60
    assert set(statuses(tmp_path / "run").values()) == {Status.GRADED}


def test_failed_records_are_graded_again_on_resume_and_the_others_kept(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 9, {4: "HANG"})
    run_batch(batch(source, tmp_path / "run", seconds=3))
    assert statuses(tmp_path / "run")["sample-0004"] is Status.FAILED
    text = (source / "sample-0004" / "MODEL_RESPONSE.md").read_text()
    (source / "sample-0004" / "MODEL_RESPONSE.md").write_text(text.replace("HANG", ""))
    outcome = run_batch(batch(source, tmp_path / "run", resume=True))
    assert set(statuses(tmp_path / "run").values()) == {Status.GRADED}
    assert outcome.run.counts.kept == 8


def whole(tmp_path: Path, source: Path) -> bytes:
    run_batch(batch(source, tmp_path / "whole"))
    return (tmp_path / "whole" / "grades.jsonl").read_bytes()


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """Enough real answers to keep one process at work for seconds."""
    for number in range(25):
        for sample in ("cdk-go-five-stacks", "cdk-java-parcel-tracking"):
            (tmp_path / "heavy" / f"{number:03}").mkdir(parents=True, exist_ok=True)
            (tmp_path / "heavy" / f"{number:03}" / sample).symlink_to(SAMPLES / sample)
    for path in (tmp_path / "heavy").glob("*/*"):
        target = path.resolve()
        path.unlink()
        path.mkdir()
        for file in target.glob("*.md"):
            (path / file.name).write_text(file.read_text() + f"\n{path.parent.name}\n")
    return tmp_path / "heavy"


def test_kill_9_loses_only_what_was_in_flight_and_resume_completes_the_same_bytes(tmp_path: Path, heavy: Path) -> None:
    with at_work(heavy, tmp_path / "run") as process:
        until(lambda: lines(tmp_path / "run") >= 5)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert not alive, "workers outlive the run"
    before = lines(tmp_path / "run")
    assert 5 <= before < 50
    assert len(list(read_grades(tmp_path / "run"))) == before
    assert read_run(tmp_path / "run").state is State.RUNNING
    outcome = run_batch(batch(heavy, tmp_path / "run", resume=True))
    assert outcome.run.counts.kept >= before
    assert (tmp_path / "run" / "grades.jsonl").read_bytes() == whole(tmp_path, heavy)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_in_order_and_says_what_to_type(tmp_path: Path, heavy: Path, number: signal.Signals, code: int) -> None:
    with at_work(heavy, tmp_path / "run") as process:
        until(lambda: lines(tmp_path / "run") >= 3)
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
    assert process.returncode == code
    assert said.splitlines()[-1].startswith(f"grader: error: stopped by {number.name}; {lines(tmp_path / 'run')} records are in ")
    assert said.rstrip().endswith("--resume")
    run = read_run(tmp_path / "run")
    assert run.state is State.STOPPED
    assert run.counts.records == len(list(read_grades(tmp_path / "run"))) == lines(tmp_path / "run")


def test_a_signal_ends_a_run_that_waits_for_standard_input(tmp_path: Path) -> None:
    command = [*GRADER, "batch", "-", "-o", str(tmp_path / "run"), "--no-cache"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603 - our own command
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write('{"id": 1, "completion": "a"}\n{"id": 2, "comp')
        process.stdin.flush()
        until((tmp_path / "run" / "run.json").exists)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=120) == 130
        assert "to go on: " in process.stderr.read()
    assert len(statuses(tmp_path / "run")) <= 1


def test_two_runs_into_one_folder_are_refused(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 3)
    errors: list[str] = []

    def second(*_: object) -> None:
        if not errors:
            try:
                run_batch(batch(source, tmp_path / "run", resume=True))
            except RunError as error:
                errors.append(str(error))

    run_batch(batch(source, tmp_path / "run"), second)
    assert errors == [f"{tmp_path}/run: another run is at work in this folder; wait for it, or choose another folder with -o"]
    assert len(statuses(tmp_path / "run")) == 3


def test_a_folder_with_a_run_or_with_other_files_is_left_alone(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 2)
    run_batch(batch(source, tmp_path / "run"))
    before = (tmp_path / "run" / "grades.jsonl").read_bytes()
    with pytest.raises(RunError, match="--resume"):
        run_batch(batch(source, tmp_path / "run"))
    assert (tmp_path / "run" / "grades.jsonl").read_bytes() == before
    with pytest.raises(RunError, match="holds other files"):
        run_batch(batch(source, source))


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace(b'"status"', b'"stat\xff\0s"', 1),
        lambda text: b"\n" + text,
        lambda text: text.split(b"\n", 1)[1],
        lambda _text: b"",
    ],
    ids=["cut", "overwritten", "line-added", "line-removed", "emptied"],
)
def test_damage_is_noticed_and_mended_by_resume(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    source = write_samples(tmp_path / "in", 8)
    run_batch(batch(source, tmp_path / "run"))
    path = tmp_path / "run" / "grades.jsonl"
    before = path.read_bytes()
    path.write_bytes(harm(before))
    outcome = run_batch(batch(source, tmp_path / "run", resume=True))
    assert path.read_bytes() == before
    assert outcome.run.counts.kept == harm(before).count(b"\n") - (harm(before).startswith(b"\n")) - (b"\xff" in harm(before))
    assert sorted(one.name for one in path.parent.iterdir()) == [".lock", "digests.txt", "grades.jsonl", "run.json"]


def test_a_changed_sample_is_graded_again_and_a_new_one_finds_its_place(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 8)
    run_batch(batch(source, tmp_path / "run"))
    (source / "sample-0003" / "MODEL_RESPONSE.md").write_text("```hcl\nterraform {}\n```\n")
    (source / "sample-0001x").mkdir()
    (source / "sample-0001x" / "MODEL_RESPONSE.md").write_text("```hcl\nterraform {}\n```\n")
    outcome = run_batch(batch(source, tmp_path / "run", resume=True))
    assert outcome.run.counts.kept == 7
    assert (tmp_path / "run" / "grades.jsonl").read_bytes() == whole(tmp_path, source)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)], capture_output=True, check=False)  # noqa: S603, S607 - the system's own mount
    if done.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S603, S607 - the system's own mount


def test_a_full_disk_ends_with_one_line_and_a_run_that_resumes(tmp_path: Path, small_disk: Path) -> None:
    source = write_samples(tmp_path / "in", 60)
    expected = whole(tmp_path, source)
    (small_disk / "filler").write_bytes(b"x" * 100_000)
    outcome = run_batch(batch(source, small_disk / "run"))
    assert "No space left on device" in outcome.error
    assert "--resume" in outcome.error
    assert "\n" not in outcome.error
    written = (small_disk / "run" / "grades.jsonl").read_bytes()
    assert written
    assert written.endswith(b"\n")
    assert expected.startswith(written)
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)  # noqa: S603, S607 - the system's own mount
    outcome = run_batch(batch(source, small_disk / "run", resume=True))
    assert not outcome.error
    assert outcome.run.counts.kept == written.count(b"\n")
    assert (small_disk / "run" / "grades.jsonl").read_bytes() == expected


def test_the_order_and_the_bytes_do_not_depend_on_the_processes(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 20, {0: "SLOW", 9: "SLOW"})
    run_batch(batch(source, tmp_path / "one", jobs=1))
    run_batch(batch(source, tmp_path / "three", jobs=3))
    assert (tmp_path / "one" / "grades.jsonl").read_bytes() == (tmp_path / "three" / "grades.jsonl").read_bytes()


def test_grades_come_from_the_cache_under_another_name_too(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 6)
    run_batch(batch(source, tmp_path / "cold", cache=True))
    outcome = run_batch(batch(source, tmp_path / "warm", cache=True))
    assert outcome.run.counts.from_cache == 6
    assert (tmp_path / "warm" / "grades.jsonl").read_bytes() == (tmp_path / "cold" / "grades.jsonl").read_bytes()
    (source / "sample-0002").rename(source / "renamed")
    outcome = run_batch(batch(source, tmp_path / "renamed", cache=True))
    assert outcome.run.counts.from_cache == 6
    assert "in/renamed" in {record.sample for record in read_grades(tmp_path / "renamed")}
    assert (tmp_path / "renamed" / "grades.jsonl").read_bytes() == whole(tmp_path, source)


def test_a_cache_that_cannot_be_used_is_said_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "grades-1.sqlite").write_bytes(os.urandom(8192))
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    outcome = run_batch(batch(write_samples(tmp_path / "in", 2), tmp_path / "run", cache=True))
    assert outcome.run.state is State.DONE
    assert len(outcome.notes) == 1
    assert "--no-cache" in outcome.notes[0]


def test_run_json_says_what_was_asked_and_what_came(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 3)
    run_batch(batch(source, tmp_path / "run"))
    run = read_run(tmp_path / "run")
    assert run.asked.paths == (str(source),)
    assert run.counts.records == 3
    assert sum(run.counts.verdicts.values()) == 3
    first = json.loads((tmp_path / "run" / "grades.jsonl").read_text().splitlines()[0])
    assert first["rubric"]["digest"] == run.rubric.digest
