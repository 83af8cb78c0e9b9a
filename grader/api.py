"""The Python API: `grader.grade`, `grader.grade_batch`, `grader.load_rubric` and `grader.reward`. Nothing here starts a process but `grade_batch`."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.loader import IDEAL, PROMPT, Sample, Source
from grader.model.kinds import Status
from grader.results.records import Record
from grader.rubric import Rubric, RubricError, load_rubric
from grader.source import UnreadableError, decode

if TYPE_CHECKING:
    from grader.batch.tasks import Task

__all__ = ["Record", "RubricError", "Sample", "grade", "grade_batch", "load_rubric", "reward"]

Row = Mapping[str, object]
"""A row of a data set: columns as `grader batch` reads them (`answer`, `completion`, `ideal`, `reference`, `prompt`, `id`, `model`, ...)."""
REFERENCES = ("references", "reference", "ideal", "ideals", "ideal_response", "ground_truth", "target", "solution")
"""Columns that may hold the ideal answers, the first that is there."""
_DETAILS = ("platform", "language")


def grade(
    answer: str | Sample,
    ideal: str | None = None,
    *,
    prompt: str | None = None,
    metadata: Mapping[str, object] | None = None,
    rubric: Rubric | str | Path | None = None,
    name: str = "answer",
) -> Record:
    """Grade one answer.

    Args:
        answer: the Markdown that the model wrote, or a whole `Sample`, which brings the rest with it.
        ideal: the Markdown it should have written; without it the answer is graded alone.
        prompt: the task as the model was given it.
        metadata: `platform` and `language` of the task, where known.
        rubric: one that `load_rubric` gave, the name of a shipped one, or a file.
        name: what the record calls the sample.

    Returns:
        The result record: `score` from 0 to 100 (None unless `status` is `graded` or `no-code`), `verdict`, `faults`. A defect of the grader
        is a record with status `failed`, never an exception.

    Raises:
        RubricError: the rubric is missing or wrong.
    """
    from grader.engine import grade as grade_sample  # noqa: PLC0415 - reading a record needs no engine

    if isinstance(answer, Sample):
        return grade_sample(answer, _rubric(rubric))
    sample = Sample(name, _source(f"{name}.md", answer), _source(IDEAL, ideal), _source(PROMPT, prompt), metadata or {})
    return grade_sample(sample, _rubric(rubric))


def grade_batch(
    samples: Iterable[Sample | Row],
    *,
    rubric: Rubric | str | Path | None = None,
    workers: int | None = None,
    time_limit: float = 30.0,
    memory_limit: int = 1024,
) -> Generator[Record, None, None]:
    """Grade many answers in worker processes, each under a limit, and give their records in the order of the samples as they are ready.

    Nothing is written and no cache is used: `grader batch` does both. Samples are taken as workers are free, so they may be a generator without an
    end. Ending the iteration early (`close`, or leaving a `for` loop) ends the workers. Call it below `if __name__ == "__main__"` in a script, as
    everything that starts processes.

    Args:
        samples: samples, or rows with the columns that `grader batch` understands.
        rubric: one that `load_rubric` gave, the name of a shipped one, or a file.
        workers: processes; None for one a core.
        time_limit: seconds that an answer may take; one that takes longer is a record with status `failed`.
        memory_limit: megabytes that a process may take (Linux).

    Raises:
        RubricError: the rubric is missing or wrong.
        ValueError: fewer than one worker.
    """
    if workers is not None and workers < 1:
        message = f"workers={workers}: give at least 1"
        raise ValueError(message)
    return _graded(samples, _rubric(rubric), workers or _cores(), time_limit, memory_limit)


def reward(
    prompts: Sequence[object] | None,
    completions: Sequence[object],
    references: Sequence[object] | None = None,
    **kwargs: object,
) -> list[float]:
    """The scores of completions as rewards from 0 to 1, in the form that TRL's trainers call reward functions.

    Args:
        prompts: the tasks, as text or as lists of chat messages.
        completions: the answers, as text or as lists of chat messages (the last one counts).
        references: the ideal answers; where it is None, the first column of `REFERENCES` that is among the keyword arguments. An entry that is
            None or empty grades its completion alone.
        **kwargs: the further columns of the data set. `platform` and `language` describe the task; `rubric`, a name or a file, prices the faults.
            Whatever else a trainer passes is left alone.

    Returns:
        One reward a completion: its score divided by 100. Text without code, or that is no text, is 0. NaN, "no reward from this
        function" to TRL, stands where the grader itself failed.

    Raises:
        ValueError: a column has another length than the completions.
        RubricError: the rubric is missing or wrong.
    """
    count = len(completions)
    asked = kwargs.get("rubric")
    rubric = _rubric(asked if isinstance(asked, Rubric | str | Path) else None)
    ideals = references if references is not None else next((kwargs[name] for name in REFERENCES if kwargs.get(name) is not None), None)
    columns = {"prompts": _column("prompts", prompts, count), "references": _column("references", ideals, count)}
    details = {name: _column(name, kwargs[name], count) for name in _DETAILS if isinstance(kwargs.get(name), list | tuple)}
    rewards = []
    for number, completion in enumerate(completions):
        text = _text(completion)
        if text is None:
            rewards.append(0.0)
            continue
        record = grade(
            text,
            _text(columns["references"][number]) or None,
            prompt=_text(columns["prompts"][number]) or None,
            metadata={name: values[number] for name, values in details.items() if values[number] is not None},
            rubric=rubric,
        )
        rewards.append(math.nan if record.status is Status.FAILED else (record.score or 0.0) / 100)
    return rewards


def _rubric(rubric: Rubric | str | Path | None) -> Rubric:
    return rubric if isinstance(rubric, Rubric) else load_rubric(rubric)


def _source(name: str, text: str | None) -> Source | None:
    """A document as if its text had been read from a file: what a file could not hold is replaced, what is no text is an error."""
    if text is None:
        return None
    try:
        return Source(name, decode(text.encode("utf-8", "replace"), name))
    except UnreadableError as error:
        return Source(name, error=str(error))


def _column(name: str, values: object, count: int) -> Sequence[object]:
    """A column of the right length; one value for all where it is text."""
    if values is None or isinstance(values, str):
        return [values] * count
    if not isinstance(values, Sequence):
        message = f"{name}: {type(values).__name__}, not a list; give one entry for each completion"
        raise ValueError(message)  # noqa: TRY004 - one error for all that is wrong with a column
    if len(values) != count:
        message = f"{name}: {len(values)} entries for {count} completions; give one for each"
        raise ValueError(message)
    return values


def _text(value: object) -> str | None:
    """Text, the content of a message, or that of the last message of a conversation."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        content = value.get("content")
        if isinstance(content, str):
            return content
        parts = [one.get("text") for one in content if isinstance(one, Mapping)] if isinstance(content, list) else []
        return "\n".join(part for part in parts if isinstance(part, str)) if parts else None
    return _text(value[-1]) if isinstance(value, list | tuple) and value else None


def _graded(samples: Iterable[Sample | Row], rubric: Rubric, workers: int, seconds: float, megabytes: int) -> Generator[Record, None, None]:
    from grader.batch.local import Limits, grade_all  # noqa: PLC0415 - only a batch needs worker processes

    tasks = grade_all(_tasks(samples), rubric, Limits(workers, seconds, megabytes), stopping=lambda: False, finished=lambda _task: None)
    try:
        for task in tasks:
            if task is not None and task.line is not None:
                yield Record.model_validate_json(task.line)
    finally:
        tasks.close()


def _tasks(samples: Iterable[Sample | Row]) -> Iterator[Task]:
    from grader.batch.rows import sample_of  # noqa: PLC0415 - only a batch needs rows
    from grader.batch.tasks import Task  # noqa: PLC0415 - likewise

    for number, one in enumerate(samples, 1):
        yield Task(one if isinstance(one, Sample) else sample_of(one, f"row:{number}", {}), b"")


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
