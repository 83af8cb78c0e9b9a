"""A sample from disk: its texts and metadata, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.source import UnreadableError, read_text

ANSWER, IDEAL, PROMPT, METADATA = "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", "PROMPT.md", "metadata.json"


class SampleError(Exception):
    """A path is no sample; the message names it, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document of a sample: its name as shown, and its text or (in `error`) why there is none."""

    name: str
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is graded. `name` says which sample it is, without a path of the machine; a document that is not there is None."""

    name: str
    answer: Source | None
    ideal: Source | None = None
    prompt: Source | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


def load_sample(path: Path, *, answer: str | None = None, ideal: str | None = None, prompt: str | None = None, no_ideal: bool = False) -> Sample:
    """Read the sample in a folder, or in its `lib`. The other arguments name files other than the usual ones.

    Raises:
        SampleError: no folder, or a folder without an answer, or a named file that is missing.
    """
    if not path.is_dir():
        message = f"{path}: no such folder; give a folder with {ANSWER}, or an answer and an ideal as two files"
        raise SampleError(message)
    wanted = answer or ANSWER
    place = next((one for one in (path, path / "lib") if (one / wanted).is_file()), None)
    if place is None:
        message = f"{path}: no {wanted} there or in lib/; name the file with --answer"
        raise SampleError(message)
    for option, name in (("--ideal", ideal), ("--prompt", prompt)):
        if name is not None and not _beside(place, path, name).is_file():
            message = f"{path}: no {name}; check {option}"
            raise SampleError(message)
    metadata, notes = _metadata(_beside(place, path, METADATA))
    return Sample(
        _name(path),
        _source(_beside(place, path, wanted), wanted),
        None if no_ideal else _optional(_beside(place, path, ideal or IDEAL), ideal or IDEAL),
        _optional(_beside(place, path, prompt or PROMPT), prompt or PROMPT),
        metadata,
        notes,
    )


def load_files(answer: Path, ideal: Path | None = None, prompt: Path | None = None) -> Sample:
    """Read an answer and its ideal from plain files.

    Raises:
        SampleError: a file is missing.
    """
    for path in (answer, ideal, prompt):
        if path is not None and not path.is_file():
            message = f"{path}: no such file"
            raise SampleError(message)
    return Sample(
        answer.stem,
        _source(answer, answer.name),
        None if ideal is None else _source(ideal, ideal.name),
        None if prompt is None else _source(prompt, prompt.name),
    )


def _name(path: Path) -> str:
    """The last two parts of the folder's path: dialect and id in a corpus."""
    parts = [part for part in path.resolve().parts if part not in {"/", path.anchor}]
    return "/".join(parts[-2:]) or "sample"


def _beside(place: Path, root: Path, name: str) -> Path:
    """A file beside the answer, else in the sample's own folder."""
    return place / name if (place / name).exists() else root / name


def _source(path: Path, name: str) -> Source:
    try:
        return Source(name, read_text(path, name))
    except UnreadableError as error:
        return Source(name, error=str(error))


def _optional(path: Path, name: str) -> Source | None:
    return _source(path, name) if path.exists() else None


def _metadata(path: Path) -> tuple[Mapping[str, object], tuple[tuple[str, str], ...]]:
    if not path.exists():
        return {}, ()
    try:
        read = json.loads(read_text(path, METADATA))
    except UnreadableError as error:
        return {}, (("unreadable-metadata", str(error)),)
    except (ValueError, RecursionError) as error:
        return {}, (("unreadable-metadata", f"{METADATA}: {error}"),)
    if not isinstance(read, dict):
        return {}, (("unreadable-metadata", f"{METADATA}: line 1: an object was expected"),)
    return read, ()
