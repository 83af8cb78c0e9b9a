"""A pair as one row of a data set, in the column names that Hugging Face datasets and TRL read."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.curation.candidates import Candidate
    from grader.curation.pairs import Pair

IDEAL_SCORE = 100.0
"""What an ideal scores: it is graded against itself."""
COLUMNS: dict[str, dict[str, str]] = {
    "sft": {"id": "string", "prompt": "string", "completion": "string", "dialect": "string", "value": "double"},
    "preference": {
        "id": "string",
        "prompt": "string",
        "chosen": "string",
        "rejected": "string",
        "chosen_score": "double",
        "rejected_score": "double",
        "margin": "double",
        "dialect": "string",
        "verdict": "string",
        "value": "double",
    },
    "reward": {"id": "string", "prompt": "string", "response": "string", "score": "double", "dialect": "string", "verdict": "string"},
    "labels": {
        "id": "string",
        "prompt": "string",
        "text": "string",
        "score": "double",
        "dialect": "string",
        "verdict": "string",
        "labels": "labels",
    },
}
"""The columns of each format and their types; `labels` is a list of faults with their spans."""


def row_of(form: str, one: Candidate, pair: Pair) -> dict[str, Any]:
    """The row of a pair: the columns of the format, in their order."""
    score = pair.record.score
    every: dict[str, Any] = {
        "id": one.name,
        "prompt": pair.prompt,
        "completion": pair.ideal,
        "chosen": pair.ideal,
        "rejected": pair.answer,
        "response": pair.answer,
        "text": pair.answer,
        "score": score,
        "chosen_score": IDEAL_SCORE,
        "rejected_score": score,
        "margin": None if score is None else round(IDEAL_SCORE - score, 4),
        "dialect": one.dialect,
        "verdict": one.verdict,
        "value": one.value,
    }
    if form == "labels":
        every["labels"] = _labels(pair)
    return {name: every[name] for name in COLUMNS[form]}


def _labels(pair: Pair) -> list[dict[str, Any]]:
    """Each fault with the half-open spans of its lines: `text[start:end]`, counted in code points, is those lines without the last newline."""
    lines = pair.answer.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found = []
    for fault in pair.record.faults:
        spans = []
        for place in fault.locations:
            if place.side == "answer" and 1 <= place.line <= place.end_line <= len(lines):
                end = starts[place.end_line - 1] + len(lines[place.end_line - 1])
                spans.append({"start": starts[place.line - 1], "end": end, "line": place.line, "end_line": place.end_line})
        found.append(
            {
                "kind": fault.kind.value,
                "severity": fault.severity.value,
                "category": fault.category,
                "confidence": fault.confidence.value,
                "title": fault.title,
                "spans": spans,
            }
        )
    return found
