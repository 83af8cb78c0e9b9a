"""A sample from disk: its texts and metadata, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.source import UnreadableError, read_text

ANSWER, IDEAL, PROMPT, METADATA = "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", "PROMPT.md", "metadata.json"


class SampleError(Exception):
    """A path is no sample; the message is one line that names it, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document of a sample: its name as shown, and its text or (in `error`, one line) why there is none."""

    name: str
    text: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is graded. `name` says which sample it is, without a path of the machine; a document that is not there is None.

    `notes` are (kind, text) of what was left out and why: metadata that cannot be read.
    """

    name: str
    answer: Source | None
    ideal: Source | None = None
    prompt: Source | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


def load_sample(path: Path, *, answer: str | None = None, ideal: str | None = None, prompt: str | None = None, no_ideal: bool = False) -> Sample:
    """Read the sample in a folder, or in its `lib`. The other arguments name files other than the usual ones.

    What cannot be read is kept as a `Source` with an error, so that one bad file does not end a run over thousands.

    Raises:
        SampleError: no folder, a folder without an answer, or a named file that is missing.
    """
    try:
        return _load(path, answer, None if no_ideal else ideal, prompt, no_ideal=no_ideal)
    except (OSError, ValueError) as error:
        message = f"{path}: cannot be read: {_reason(error)}; check the path and its permissions"
        raise SampleError(message) from error


def load_files(answer: Path, ideal: Path | None = None, prompt: Path | None = None) -> Sample:
    """Read an answer, and where given its ideal and its prompt, from plain files.

    Raises:
        SampleError: a file is missing.
    """
    for path in (answer, ideal, prompt):
        try:
            missing = path is not None and not path.is_file()
        except OSError as error:
            message = f"{path}: cannot be read: {_reason(error)}; check the path and its permissions"
            raise SampleError(message) from error
        if missing:
            message = f"{path}: no such file; give the Markdown files of an answer and its ideal, or the folder of a sample"
            raise SampleError(message)
    return Sample(
        answer.stem,
        _source(answer, answer.name),
        None if ideal is None else _source(ideal, ideal.name),
        None if prompt is None else _source(prompt, prompt.name),
    )


def _load(path: Path, answer: str | None, ideal: str | None, prompt: str | None, *, no_ideal: bool) -> Sample:
    if path.is_file():
        message = f"{path}: a file, not the folder of a sample; give an answer and its ideal as two files"
        raise SampleError(message)
    if not path.is_dir():
        message = f"{path}: no such folder; give a folder with {ANSWER}, or an answer and its ideal as two files"
        raise SampleError(message)
    found = _find(path, answer or ANSWER)
    if found is None:
        message = f"{path}: no {answer or ANSWER} in this folder or in its lib/; name the file with --answer"
        raise SampleError(message)
    for option, name in (("--ideal", ideal), ("--prompt", prompt)):
        if name is not None and _find(path, name) is None:
            message = f"{path}: no {name} in this folder or in its lib/; check {option}"
            raise SampleError(message)
    metadata, notes = _metadata(_find(path, METADATA, near=found))
    return Sample(
        _name(path),
        _source(found, _shown(answer or ANSWER)),
        None if no_ideal else _optional(_find(path, ideal or IDEAL, near=found), ideal or IDEAL),
        _optional(_find(path, prompt or PROMPT, near=found), prompt or PROMPT),
        metadata,
        notes,
    )


def _find(folder: Path, name: str, *, near: Path | None = None) -> Path | None:
    """The file of this name beside `near`, in the folder, or in its `lib`; None where there is none."""
    places = (folder, folder / "lib") if near is None else (near.parent, folder, folder / "lib")
    return next((place / name for place in places if (place / name).is_file()), None)


def _name(path: Path) -> str:
    """The last two parts of the folder's path: dialect and id in a corpus."""
    whole = path.resolve()
    return "/".join(part for part in whole.parts[-2:] if part != whole.anchor) or "sample"


def _shown(name: str) -> str:
    """A file name as it was given, without the path of a machine."""
    return Path(name).name if Path(name).is_absolute() else Path(name).as_posix()


def _source(path: Path, name: str) -> Source:
    try:
        return Source(name, read_text(path, name))
    except UnreadableError as error:
        return Source(name, error=str(error))


def _optional(path: Path | None, name: str) -> Source | None:
    return None if path is None else _source(path, _shown(name))


def _metadata(path: Path | None) -> tuple[Mapping[str, object], tuple[tuple[str, str], ...]]:
    if path is None:
        return {}, ()
    try:
        read = json.loads(read_text(path, METADATA))
    except UnreadableError as error:
        return {}, (("unreadable-metadata", str(error)),)
    except json.JSONDecodeError as error:
        return {}, (("unreadable-metadata", f"{METADATA}: line {error.lineno}: {error.msg}; it was left out"),)
    except (ValueError, RecursionError) as error:
        return {}, (("unreadable-metadata", f"{METADATA}: no JSON that can be read ({error}); it was left out"),)
    if not isinstance(read, dict):
        return {}, (("unreadable-metadata", f"{METADATA}: line 1: not an object; it was left out"),)
    return read, ()


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
