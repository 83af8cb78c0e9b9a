"""Grading on this machine: worker processes, each answer under a limit of time and of memory.

Each worker is a pool of its own (of the library pebble), with its own pipes: whatever happens to one, by `kill -9` too, nobody else notices.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, TimeoutError  # noqa: A004 - the name that pebble raises
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from grader.batch.tasks import Task
from grader.batch.worker import failed_line, grade_sample, prepare

if TYPE_CHECKING:
    from grader.loader import Sample
    from grader.rubric import Rubric

Work = Callable[["Sample"], bytes]
"""From a sample to its record's line; called in a worker process."""
MOST_WAITING = 128
"""Answers on their way for each process: a slow one holds back the lines of at most so many others."""
MOST_TEXT = 96 * 1024 * 1024
"""Characters of all answers on their way."""
_AHEAD = 2
_TICK = 0.2
_GRACE = 60.0
"""Seconds beyond the time limit after which a worker that says nothing is replaced."""
_LAST_WAIT = 3.0
"""Seconds that answers in flight have when the run is to stop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Processes; seconds and megabytes for one answer."""

    jobs: int
    seconds: float
    megabytes: int


@dataclass(slots=True)
class _Slot:
    """One worker and what it was given."""

    pool: ProcessPool | None = None
    tasks: dict[Future[bytes], Task] = field(default_factory=dict)
    heard: float = 0.0


class Workers:
    """The worker processes of this machine."""

    def __init__(self, rubric: Rubric, limits: Limits, work: Work) -> None:
        self.rubric, self.limits, self.work = rubric, limits, work
        self.slots = [_Slot() for _ in range(limits.jobs)]
        self.ended: queue.SimpleQueue[tuple[_Slot, Future[bytes]]] = queue.SimpleQueue()
        self.text = 0
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self.context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self.context.set_forkserver_preload(["grader.batch.warm"])

    def free(self) -> _Slot | None:
        """A worker that can be given one more."""
        slot = min(self.slots, key=lambda one: len(one.tasks))
        return slot if len(slot.tasks) < _AHEAD and self.text < MOST_TEXT else None

    def give(self, slot: _Slot, task: Task) -> None:
        """Have a worker grade a task."""
        if slot.pool is None or not slot.pool.active:
            slot.pool = ProcessPool(max_workers=1, initializer=prepare, initargs=(self.rubric, self.limits.megabytes), context=self.context)
        if not slot.tasks:
            slot.heard = monotonic()
        self.text += _size(task.sample)
        future: Future[bytes] = slot.pool.schedule(self.work, args=(task.sample,), timeout=self.limits.seconds)
        slot.tasks[future] = task
        future.add_done_callback(lambda ended: self.ended.put((slot, ended)))

    def take(self, wait: float) -> Task | None:
        """An answer that is done, waiting a while for it; its `line` is set."""
        try:
            slot, future = self.ended.get(timeout=wait)
        except queue.Empty:
            self._watch()
            return None
        task = slot.tasks.pop(future, None)
        if task is None:
            return None  # given anew since
        slot.heard = monotonic()
        self.text -= _size(task.sample)
        error = None if future.cancelled() else future.exception()
        if future.cancelled():
            self._again(slot, task, "the worker was stopped")
        elif error is None:
            task.line = future.result()
        elif isinstance(error, TimeoutError):
            task.line = self._failed(task, f"grading took longer than --time-limit allows ({self.limits.seconds:g} s)")
        elif isinstance(error, ProcessExpired):
            self._again(slot, task, f"the process that graded it ended with {_ending(error.exitcode)}, twice")
        elif isinstance(error, MemoryError):
            task.line = self._failed(task, f"grading took more memory than --memory-limit allows ({self.limits.megabytes} MB)")
        elif isinstance(error, Exception) and not isinstance(error, RuntimeError | OSError):
            task.line = self._failed(task, f"{type(error).__name__}: {error}")
        else:
            self._again(slot, task, f"its worker could not go on: {type(error).__name__}: {error}")
        return task if task.line is not None else None

    def stop(self) -> None:
        """End every process."""
        for slot in self.slots:
            if slot.pool is not None:
                slot.pool.stop()
        for slot in self.slots:
            if slot.pool is not None:
                slot.pool.join()

    def _again(self, slot: _Slot, task: Task, reason: str) -> None:
        """Give a task once more, since it may not be to blame; the second time it is."""
        task.attempts += 1
        if task.attempts > 1:
            task.line = self._failed(task, reason)
        else:
            self.give(slot, task)

    def _failed(self, task: Task, reason: str) -> bytes:
        return failed_line(task.sample, self.rubric, reason)

    def _watch(self) -> None:
        """Replace a worker that holds tasks and says nothing: one that was killed amid a message leaves a pipe that nobody can read."""
        for slot in self.slots:
            if slot.tasks and slot.pool is not None and monotonic() - slot.heard > self.limits.seconds + _GRACE:
                tasks, slot.tasks = list(slot.tasks.values()), {}
                slot.pool.stop()
                slot.pool = None
                for task in tasks:
                    self.text -= _size(task.sample)
                    self.give(slot, task)


def grade_all(
    tasks: Iterator[Task],
    rubric: Rubric,
    limits: Limits,
    *,
    stopping: Callable[[], bool],
    finished: Callable[[Task], None],
    work: Work = grade_sample,
) -> Generator[Task | None, None, None]:
    """The tasks in their order, each with its line; None now and then while nothing is ready. See `grade_with`."""
    workers = Workers(rubric, limits, work)
    try:
        yield from grade_with(workers, tasks, stopping=stopping, finished=finished)
    finally:
        workers.stop()


def grade_with(
    workers: Workers, tasks: Iterator[Task], *, stopping: Callable[[], bool], finished: Callable[[Task], None]
) -> Generator[Task | None, None, None]:
    """The tasks in their order, each with its line; None now and then while nothing is ready.

    `finished` is called for each as it gets its line, in any order. When `stopping` says so, no more tasks are taken, what is in flight has
    a few seconds, and the tasks that follow each other from the first on are still given.
    """
    waiting: deque[Task] = deque()
    more = True
    deadline = 0.0
    while more or waiting:
        if stopping():
            more = False
            deadline = deadline or monotonic() + _LAST_WAIT
            if monotonic() > deadline:
                return
        while more and len(waiting) < MOST_WAITING * workers.limits.jobs and (slot := workers.free()):
            task = next(tasks, None)
            if task is None:
                more = False
                break
            waiting.append(task)
            if task.line is None:
                workers.give(slot, task)
            elif waiting[0].line is not None:
                break
        while waiting and waiting[0].line is not None:
            yield waiting.popleft()
        if not waiting:
            continue
        done = workers.take(_TICK)
        if done is not None:
            finished(done)
        else:
            yield None


def _size(sample: Sample) -> int:
    return sum(len(source.text) for source in (sample.answer, sample.ideal, sample.prompt) if source is not None)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"
