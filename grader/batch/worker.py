"""What happens inside a worker process: limits are set once, then one answer after the other becomes a line."""

from __future__ import annotations

import gc
import os
import threading
from contextlib import suppress
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.loader import Sample
    from grader.rubric import Rubric

GC_THRESHOLD = 100_000
"""Grading makes many short-lived objects and few cycles: measured, 6 % less time than with the collector's own 700, and no more memory."""
_MEGABYTE = 1 << 20
_prepared: list[tuple[Rubric, int]] = []


def prepare(rubric: Rubric, memory_limit: int) -> None:
    """Set up the process: `memory_limit` in megabytes, and an end as soon as the process that asked is gone."""
    from grader.batch import warm  # noqa: F401, PLC0415 - loaded already where processes are forked; the parent never loads it

    gc.set_threshold(GC_THRESHOLD, 20, 20)
    _limit(memory_limit)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepared[:] = [(rubric, memory_limit)]


def grade_sample(sample: Sample) -> bytes:
    """The record of a sample as one line."""
    from grader.engine import grade  # noqa: PLC0415 - the parent never loads the engine
    from grader.model.kinds import Status  # noqa: PLC0415 - likewise

    rubric, memory_limit = _prepared[0]
    record = grade(sample, rubric)
    if record.status is Status.FAILED and record.notes[0].text.rstrip().splitlines()[-1].startswith("MemoryError"):
        return failed_line(sample, rubric, out_of_memory(memory_limit))
    return line_of(record.to_json())


def failed_line(sample: Sample, rubric: Rubric, reason: str) -> bytes:
    """The line of an answer that could not be graded."""
    from grader.results import failed_record  # noqa: PLC0415 - few runs need it

    return line_of(failed_record(sample, rubric, reason).to_json())


def line_of(text: str) -> bytes:
    """A record's JSON as a line of UTF-8."""
    return text.encode("utf-8", "replace") + b"\n"


def out_of_memory(limit: int) -> str:
    """Why a record failed at the memory limit."""
    return f"grading took more memory than --memory-limit allows ({limit} MB)"


def _limit(megabytes: int) -> None:
    """Bound the memory of this process, where the system can: an allocation beyond it fails with MemoryError."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with suppress(OSError, ValueError):
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
