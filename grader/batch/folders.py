"""Samples among folders: any nesting, with or without `lib/`, one or several answers to a prompt."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.loader import ANSWER, IDEAL, PROMPT, Sample, SampleError, Source, load_sample

ANSWERS = "answers"
_NUMBERED = re.compile(r"MODEL_RESPONSE_?(\d*)\.md", re.ASCII)
_NO_ANSWERS = {IDEAL, PROMPT, "MODEL_FAILURES.md"}
_LEFT_OUT = {"node_modules", "__pycache__"}
_PLACES = ("", "lib")


@dataclass(frozen=True, slots=True)
class Names:
    """Files other than the usual ones: `answer` is a glob below the sample's folder or its `lib`."""

    answer: str | None = None
    ideal: str | None = None
    prompt: str | None = None
    no_ideal: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One answer that the walk came upon: the sample's folder, and the answer's name in it; or why the folder holds none."""

    folder: Path
    answer: str = ANSWER
    error: str = ""


def find(root: Path, names: Names) -> Iterator[Found]:
    """Each answer below a folder, in the order of paths, and then what only links lead to.

    A folder is visited once, under the first of its names, so that links in circles end.
    """
    seen: set[int] = set()
    waiting = [root]
    links: deque[Path] = deque()
    while waiting or links:
        folder = waiting.pop() if waiting else links.popleft()
        try:
            status = folder.stat()
            if hash((status.st_dev, status.st_ino)) in seen:
                continue
            seen.add(hash((status.st_dev, status.st_ino)))
            inside = _listed(folder)
            answers = _answers(folder, inside, names)
        except OSError as error:
            yield Found(folder, error=f"cannot be read: {error.strerror or error}; check the folder and its permissions")
            continue
        for answer in answers:
            yield Found(folder, answer)
        if not answers and _is_sample(folder, inside, names):
            yield Found(folder, error=f"no {names.answer or ANSWER} in this folder or in its lib/; add the answer, or name it with --answer")
        own = {ANSWERS, "lib", *(answer.split("/", 1)[0] for answer in answers)} if answers or _is_sample(folder, inside, names) else set()
        below = [name for name, is_folder in inside.items() if is_folder and name not in own | _LEFT_OUT and not name.startswith(".")]
        for name in sorted(below, reverse=True):
            (links.appendleft if (folder / name).is_symlink() else waiting.append)(folder / name)


def load(root: Path, found: Found, names: Names) -> Sample:
    """The sample of an answer; what cannot be read is kept as a source with an error."""
    name = name_of(root, found.folder)
    if found.error:
        return Sample(name, Source(found.answer, error=f"{name}: {found.error}"))
    try:
        sample = load_sample(found.folder, answer=found.answer, ideal=names.ideal, prompt=names.prompt, no_ideal=names.no_ideal)
    except SampleError as error:
        return Sample(name, Source(found.answer, error=f"{name}: {str(error).removeprefix(f'{found.folder}: ')}"))
    return Sample(name, sample.answer, sample.ideal, sample.prompt, sample.metadata, sample.notes)


def name_of(root: Path, folder: Path) -> str:
    """The name of a sample: its path below the folder that was given, or the last two parts of its whole path where that says more."""
    below = folder.relative_to(root).parts
    whole = folder.resolve()
    last = tuple(part for part in whole.parts[-2:] if part != whole.anchor)
    return _shown("/".join(below if len(below) > len(last) else last)) or "sample"


def _answers(folder: Path, inside: dict[str, bool], names: Names) -> list[str]:
    """The names of a folder's answers, below the folder or its `lib`."""
    if names.answer is not None:
        matches = {
            path.relative_to(folder / place).as_posix()
            for place in _PLACES
            for path in (folder / place).glob(names.answer)
            if (path.name not in _NO_ANSWERS or names.answer.endswith(path.name)) and path.is_file()
        }
        return sorted(matches)
    found: dict[str, tuple[int, int, str]] = {}
    for place in _PLACES:
        held = inside if not place else _listed(folder / place) if inside.get(place) else {}
        for name, is_folder in held.items():
            numbered = _NUMBERED.fullmatch(name)
            if numbered and not is_folder:
                found.setdefault(name, (0, int(numbered[1][:9] or 0), name))
        if held.get(ANSWERS):
            for name, is_folder in _listed(folder / place / ANSWERS).items():
                if name.endswith(".md") and not is_folder:
                    found.setdefault(f"{ANSWERS}/{name}", (1, 0, name))
    return sorted(found, key=found.__getitem__)


def _listed(folder: Path) -> dict[str, bool]:
    """What is in a folder, and whether it is a folder."""
    with os.scandir(folder) as entries:
        return {entry.name: _is_folder(entry) for entry in entries}


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_sample(folder: Path, inside: dict[str, bool], names: Names) -> bool:
    """Whether a folder without an answer is a sample all the same: it has an ideal or a prompt."""
    wanted = (names.ideal or IDEAL, names.prompt or PROMPT)
    return any((folder / place / name).is_file() for place in _PLACES if not place or inside.get(place) for name in wanted)


def _shown(name: str) -> str:
    """A name that can be written down, whatever bytes the file system holds."""
    return name.encode("utf-8", "replace").decode()
