"""A row of a data set to a sample: which column is the answer, which the ideal, and why a row cannot be graded."""

from __future__ import annotations

from collections.abc import Mapping

from grader.loader import Sample, Source
from grader.source import MOST_BYTES, UnreadableError, decode

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "answer": ("answer", "completion", "response", "model_response", "output", "generation", "prediction", "rejected", "chosen"),
    "ideal": ("ideal", "reference", "ideal_response", "ground_truth", "target", "chosen"),
    "prompt": ("prompt", "instruction", "question", "input"),
    "id": ("id", "task_id", "sample", "sample_id", "prompt_id"),
    "model": ("model", "model_name"),
    "metadata": ("metadata",),
}
"""The names that the field uses, for each part of a sample; of several in one row the first counts.

A row of preferences (`chosen`, `rejected`) grades `rejected` against `chosen`; where there is no other answer, `chosen` is the answer.
"""
_DETAILS = ("platform", "language")
_SHOWN = 8


class MapError(ValueError):
    """A mapping of columns cannot be read; the message is one line."""


def read_map(texts: list[str]) -> dict[str, str]:
    """`answer=completion,id=task_id` as a mapping from part to column.

    Raises:
        MapError: another form, or a part that does not exist.
    """
    found: dict[str, str] = {}
    for piece in (piece.strip() for text in texts for piece in text.split(",") if piece.strip()):
        part, sign, column = piece.partition("=")
        if not sign or not column or part not in COLUMNS:
            message = f"--map {piece}: write PART=COLUMN, where PART is one of {', '.join(COLUMNS)}"
            raise MapError(message)
        found[part] = column
    return found


def sample_of(row: object, place: str, columns: Mapping[str, str], *, no_ideal: bool = False) -> Sample:
    """The sample in a row. `place` (file and number) names what the row does not; what cannot be read is a source with an error."""
    if not isinstance(row, Mapping):
        return unreadable(place, f"{place}: {_kind(row)}, not an object; write one JSON object a line")
    taken = {part: _column(part, row, columns) for part in COLUMNS}
    if taken["ideal"] == taken["answer"]:
        taken["ideal"] = None
    name = _words(row, taken["id"]) or place
    model = _words(row, taken["model"])
    column = taken["answer"]
    if column is None or column not in row:
        wanted = columns.get("answer")
        have = ", ".join(f"`{key}`" for key in list(row)[:_SHOWN]) or "none"
        missing = f"no column `{wanted}`" if wanted else "no column that is an answer"
        answer = Source(model or place, error=f"{place}: {missing} (columns: {have}); name it with --map answer=COLUMN")
    else:
        answer = _source(row[column], model or place, place, column)
    ideal = None if no_ideal else _optional(row, taken["ideal"], place)
    return Sample(name, answer, ideal, _optional(row, taken["prompt"], place), _metadata(row, taken["metadata"]))


def unreadable(place: str, why: str) -> Sample:
    """The sample of a row that cannot be read at all."""
    return Sample(place, Source(place, error=why))


def _column(part: str, row: Mapping[object, object], columns: Mapping[str, str]) -> str | None:
    if part in columns:
        return columns[part]
    return next((name for name in COLUMNS[part] if name in row), None)


def _words(row: Mapping[object, object], column: str | None) -> str:
    """A name in a column: text or a whole number on one line, else nothing."""
    value = row.get(column) if column is not None else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(clean(str(value)).split())[:300]


def _optional(row: Mapping[object, object], column: str | None, place: str) -> Source | None:
    if column is None or row.get(column) is None:
        return None
    return _source(row[column], column, place, column)


def _source(value: object, name: str, place: str, column: str) -> Source:
    text = _text(value)
    if text is None:
        what = "null" if value is None else f"{_kind(value)}, not text"
        return Source(name, error=f"{place}: `{column}` is {what}; give the Markdown of the document")
    if len(text) > MOST_BYTES:
        much = f"{len(text):,} characters, and {MOST_BYTES:,} bytes is the most that is read"
        return Source(name, error=f"{place}: `{column}`: {much}; cut it down to the document itself")
    try:
        return Source(name, decode(clean(text).encode(), f"{place}: `{column}`"))
    except UnreadableError as error:
        return Source(name, error=str(error))


def _text(value: object) -> str | None:
    """Text, or the last message of a conversation (a list of `role` and `content`)."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and isinstance(value[-1], Mapping):
        content = value[-1].get("content")
        return content if isinstance(content, str) else None
    return None


def clean(text: str) -> str:
    """Text without halves of surrogate pairs, which JSON can hold and no file can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _metadata(row: Mapping[object, object], column: str | None) -> dict[str, object]:
    value = row.get(column) if column is not None else None
    found = {clean(str(key)): one for key, one in value.items()} if isinstance(value, Mapping) else {}
    for key in _DETAILS:
        if isinstance(row.get(key), str):
            found.setdefault(key, clean(str(row[key])))
    return found


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    kinds = {int: "a number", float: "a number", list: "a list", dict: "an object", str: "text", bytes: "bytes"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "null" if value is None else type(value).__name__)
