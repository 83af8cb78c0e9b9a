"""The two sides of samples graded alone: every answer without its ideal, and every ideal as if it were an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.batch.local import Limits, grade_all
from grader.batch.tally import Tally
from grader.batch.tasks import Task
from grader.results.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.batch.progress import Progress
    from grader.loader import Sample
    from grader.rubric import Rubric


def answers_alone(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Samples whose answer and ideal can be read, without the ideal."""
    return (replace(one, ideal=None) for one in samples if _readable(one))


def ideals_alone(samples: Iterable[Sample]) -> Iterator[Sample]:
    """The ideals of the same samples in the place of the answers, each ideal once."""
    seen: set[str] = set()
    for one in samples:
        if _readable(one) and one.ideal is not None and one.ideal.text not in seen:
            seen.add(one.ideal.text)
            yield replace(one, answer=one.ideal, ideal=None)


def graded(samples: Iterable[Sample], rubric: Rubric, limits: Limits, stopping: Callable[[], bool], progress: Progress) -> Iterator[Record]:
    """The records of samples in their order; fewer where `stopping` says so. Nothing is written."""
    tally = Tally()
    tasks = grade_all((Task(one, b"") for one in samples), rubric, limits, stopping=stopping, finished=lambda _task: None)
    try:
        for task in tasks:
            if task is not None and task.line is not None:
                tally.add(task.line)
                yield Record.model_validate_json(task.line)
            progress(tally, None)
    finally:
        tasks.close()


def _readable(sample: Sample) -> bool:
    return sample.answer is not None and not sample.answer.error and sample.ideal is not None and not sample.ideal.error
