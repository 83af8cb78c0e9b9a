"""One run from its inputs to its folder: what was graded before is kept, the rest goes through an engine, every record is written in order."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from grader import __version__
from grader.batch.inputs import Inputs
from grader.batch.local import Limits, Work, grade_all
from grader.batch.stopping import Stopping
from grader.batch.tally import Tally
from grader.batch.tasks import Task, code_digest, content_digest
from grader.batch.worker import grade_sample
from grader.loader import Sample
from grader.model.kinds import Status
from grader.results.records import RubricName
from grader.store import Asked, Run, RunError, State, read_run
from grader.store.cache import GradeCache
from grader.store.writing import UNKNOWN, RunFolder

if TYPE_CHECKING:
    from grader.batch.progress import Progress
    from grader.rubric import Rubric

_DESCRIBE_SECONDS = 5.0
_HEAD = b'{"format":1,"sample":'
_SETTLED = {Status.GRADED, Status.NO_CODE}


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run is to do. `asked` is written down as given; `work` grades one sample in a worker process."""

    inputs: Inputs
    folder: Path
    rubric: Rubric
    limits: Limits
    asked: Asked
    resume: bool = False
    cache: bool = True
    work: Work = grade_sample


@dataclass(slots=True)
class Outcome:
    """How a run ended. `error` is one line, empty for none; `signal` is the number of the signal that ended it, 0 for none."""

    run: Run
    tally: Tally
    error: str = ""
    signal: int = 0
    notes: list[str] = field(default_factory=list)


def run_batch(batch: Batch, progress: Progress = lambda _tally, _total: None) -> Outcome:
    """Grade all samples into the folder of the run.

    Raises:
        RunError: the folder cannot be used, or another run is at work in it.
    """
    with RunFolder(batch.folder, resume=batch.resume) as folder, Stopping() as stopping:
        return _Attempt(batch, folder, stopping, progress).carry_out()


class _Attempt:
    """One attempt at a run, and all it holds while it lasts."""

    def __init__(self, batch: Batch, folder: RunFolder, stopping: Stopping, progress: Progress) -> None:
        self.batch, self.folder, self.stopping, self.progress = batch, folder, stopping, progress
        self.began = self.described = monotonic()
        self.tally = Tally()
        self.notes: list[str] = []
        self.total: int | None = None
        self.cache = GradeCache() if batch.cache else None
        former = None
        with suppress(RunError):
            former = read_run(batch.folder)
        self.before = former.seconds if former is not None else 0.0
        rubric = batch.rubric
        self.run = Run(
            state=State.RUNNING,
            asked=batch.asked,
            version=__version__,
            code=code_digest(),
            rubric=RubricName(name=rubric.name, version=rubric.version, digest=rubric.digest),
            started=former.started if former is not None else _now(),
            python=platform.python_version(),
            platform=platform.platform(terse=True),
        )

    def carry_out(self) -> Outcome:
        error = ""
        complete = False
        try:
            self.folder.describe(self.run)
            self.total = self.batch.inputs.count()
            self._write(self._kept())
            complete = not self.stopping()
        except OSError as problem:
            error = (
                f"{problem.filename or self.batch.folder}: cannot be written: {problem.strerror or problem}; {self.folder.records:,} records are safe: "
                "make room and run the same command with --resume"
            )
        finally:
            if self.cache is not None:
                self.cache.close()
                self.notes += [self.cache.trouble] if self.cache.trouble else []
            if complete:
                self.folder.done()
            self._describe(State.DONE if complete else State.STOPPED, ended=True)
        return Outcome(self.run, self.tally, error, int(self.stopping.signal or 0), self.notes)

    def _kept(self) -> Iterator[Task]:
        """The tasks that are still to be done, once the records of an earlier attempt that hold are counted."""
        tasks = self._tasks()
        kept = self.folder.kept()
        for task in tasks:
            key, line = next(kept, (b"", b""))
            if key != task.key:
                break
            self.folder.accept(line)
            self.tally.add(line, kept=True)
            self.progress(self.tally, self.total)
        else:
            task = None
        if self.folder.damaged:
            self.notes.append(f"{self.batch.folder}/grades.jsonl: line {self.folder.damaged}: not as it was written; graded again")
        self._rescue()
        self.folder.settle()
        return iter(()) if task is None else map(self._known, chain([task], tasks))

    def _rescue(self) -> None:
        """Take over what an attempt on a cluster had graded."""
        if (self.batch.folder / ".cluster").exists():
            try:
                from grader.batch.cluster import PLACE, rescued  # noqa: PLC0415 - an extra
            except ImportError:
                return
            self.folder.lay_aside(rescued(self.batch.folder))
            shutil.rmtree(self.batch.folder / PLACE, ignore_errors=True)

    def _tasks(self) -> Iterator[Task]:
        for sample in self.batch.inputs.samples(self.stopping):
            if self.stopping():
                return
            yield Task(sample, content_digest(sample, self.run.code, self.batch.rubric.digest))

    def _known(self, task: Task) -> Task:
        """The task with its line, where an earlier attempt or the cache has it."""
        task.line = self.folder.left(task.key)
        task.kept = task.line is not None
        if task.line is None and self.cache is not None:
            tail = self.cache.get(task.content)
            if tail is not None:
                task.line = _head(task.sample) + tail
                task.cached = True
        return task

    def _finished(self, task: Task) -> None:
        """Keep a grade as soon as it is there, though its place in the file is not reached yet."""
        head = _head(task.sample)
        if self.cache is not None and task.line is not None and task.line.startswith(head) and _status(task.line) in _SETTLED:
            self.cache.put(task.content, task.line[len(head) :])

    def _write(self, tasks: Iterator[Task]) -> None:
        engine = _engine(self.batch)
        graded = engine(tasks, stopping=self.stopping, finished=self._finished)
        try:
            for task in graded:
                if task is not None and task.line is not None:
                    failed = _status(task.line) == Status.FAILED
                    self.folder.append(UNKNOWN if failed else task.key, task.line)
                    self.tally.add(task.line, cached=task.cached, kept=task.kept)
                self.progress(self.tally, self.total)
                if self.cache is not None:
                    self.cache.flush_at_times()
                if monotonic() - self.described > _DESCRIBE_SECONDS:
                    self._describe(State.RUNNING)
        finally:
            graded.close()

    def _describe(self, state: State, *, ended: bool = False) -> None:
        self.described = monotonic()
        self.run = self.run.model_copy(
            update={
                "state": state,
                "counts": self.tally.counts(),
                "ended": _now() if ended else None,
                "seconds": round(self.before + monotonic() - self.began, 3),
            }
        )
        with suppress(OSError):  # a full disk: the records say what there is
            self.folder.describe(self.run)


def _engine(batch: Batch) -> Callable[..., Generator[Task | None, None, None]]:
    if batch.asked.engine == "ray":
        from grader.batch.cluster import grade_on_cluster  # noqa: PLC0415 - an extra

        return partial(grade_on_cluster, rubric=batch.rubric, limits=batch.limits, folder=batch.folder, work=batch.work)
    return partial(grade_all, rubric=batch.rubric, limits=batch.limits, work=batch.work)


def _head(sample: Sample) -> bytes:
    """How the line of a sample's record begins: the only part that holds its name."""
    return _HEAD + json.dumps(sample.name, ensure_ascii=False).encode("utf-8", "replace")


def _status(line: bytes) -> str:
    return str(json.loads(line)["status"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
