"""What summaries and comparisons take from a record: who answered which prompt, the grade, and the faults in brief."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from sys import intern

from grader.model.kinds import Status, Verdict
from grader.results.records import Record
from grader.store import read_grades

_USUAL = re.compile(r"MODEL_RESPONSE_?\d*", re.ASCII)
_ROW = re.compile(r".*(?:\.(?:jsonl|ndjson|parquet|pq|gz)|stdin|row):\d+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BriefFault:
    """A fault without its texts. `line` is the first in the answer, 0 for none."""

    kind: str
    criterion: str
    category: str
    severity: str
    title: str
    entities: tuple[str, ...]
    cost: float
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One graded answer. `model` is empty where the run does not say who wrote it; `categories` are (id, title, points, earned)."""

    sample: str
    answer: str
    model: str
    dialect: str
    status: Status
    score: float | None
    verdict: Verdict | None
    categories: tuple[tuple[str, str, float, float], ...]
    faults: tuple[BriefFault, ...]


def model_of(answer: str) -> str:
    """The model in the name of an answer: `answers/<model>.md`, or the `model` of a row.

    `MODEL_RESPONSE.md` and its numbered fellows name none, nor does the place of a row (`rows.jsonl:7`).
    """
    path = PurePosixPath(answer)
    stem = path.name.removesuffix(".md")
    if _USUAL.fullmatch(stem):
        return "" if path.parent.name in {"", "lib", "answers"} else path.parent.name
    if answer.endswith(".md"):
        return stem
    return "" if _ROW.fullmatch(answer) else answer


def answer_of(record: Record) -> Answer:
    """A record in brief."""
    return Answer(
        record.sample,
        intern(record.answer),
        intern(model_of(record.answer)),
        intern(record.dialect),
        record.status,
        record.score,
        record.verdict,
        tuple((intern(one.id), intern(one.title), one.points, one.earned) for one in record.categories),
        tuple(
            BriefFault(
                intern(one.kind.value),
                intern(one.criterion),
                intern(one.category),
                intern(one.severity.value),
                one.title,
                one.entities,
                one.cost,
                one.locations[0].line if one.locations else 0,
            )
            for one in record.faults
        ),
    )


def read_answers(folder: Path | str, on_corrupt: Callable[[str], None] | None = None) -> list[Answer]:
    """The answers of a run, in its order.

    Raises:
        RunError: as `read_grades`.
    """
    return [answer_of(record) for record in read_grades(folder, on_corrupt=on_corrupt)]
