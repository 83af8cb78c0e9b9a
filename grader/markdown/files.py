"""From blocks to the files of the solution: blocks that hold several are split, a file given again replaces the earlier."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.markdown.names import clean, fits, language_of_name, name_in_comment, name_in_text
from grader.markdown.roles import ELIDED, is_whole
from grader.model.documents import LANGUAGES, Block, File, Role

_PACKAGE = re.compile(r"^package\s+\w+\s*$")
_MUCH = 0.5
"""A file given again replaces the earlier one when it has at least this share of its lines."""


def files_of(blocks: Sequence[Block], root: str) -> tuple[File, ...]:
    """The files in the order of the document. `root` is the project's own folder, which names may repeat."""
    files = [file for place, block in enumerate(blocks) if block.role is Role.FILE for file in _split(block, place, root)]
    return tuple(_superseded(files))


def _split(block: Block, place: int, root: str) -> Iterator[File]:
    """The files of one block: cut at comments that consist of a path, and at a second package clause of Go."""
    lines = block.text.split("\n")
    cuts = _cuts(lines, block.language)
    if len(cuts) < 2 and not (cuts and cuts[0][0] > 3 and block.name and cuts[0][1] != block.name):
        yield _file(block, place, block.text, block.line, block.name, root, last=True)
        return
    if cuts[0][0] > 0 and any(line.strip() for line in lines[: cuts[0][0]]):
        name = block.name if block.name != cuts[0][1] else None
        if sum(1 for line in lines[: cuts[0][0]] if line.strip() and not line.lstrip().startswith(("//", "#"))) > 0:
            yield _file(block, place, "\n".join(lines[: cuts[0][0]]), block.line, name, root, last=False)
    for index, (start, name) in enumerate(cuts):
        stop = cuts[index + 1][0] if index + 1 < len(cuts) else len(lines)
        yield _file(block, place, "\n".join(lines[start:stop]), block.line + start, name, root, last=index + 1 == len(cuts))


def _cuts(lines: Sequence[str], language: str) -> list[tuple[int, str]]:
    """Lines at the left margin that only name a file of this language, each with the name."""
    if language not in LANGUAGES or language == "json":
        return []
    found: list[tuple[int, str]] = []
    for place, line in enumerate(lines):
        if line[:1] not in {"/", "#", "-", "<"}:
            continue
        name = name_in_comment(line)
        if name and (language_of_name(name) is not None) and fits(name, language) and not (found and found[-1][1] == name):
            alone = place == 0 or not lines[place - 1].strip() or lines[place - 1].lstrip().startswith(("//", "#", "/*")) or lines[place - 1].strip() in {"}", "});"}
            if alone:
                found.append((place, name))
    if language == "go" and not found:
        clauses = [place for place, line in enumerate(lines) if _PACKAGE.match(line)]
        return [(place, "") for place in clauses] if len(clauses) > 1 else []
    return found


def _file(block: Block, place: int, text: str, line: int, name: str | None, root: str, *, last: bool) -> File:
    path = clean(name) if name else name_in_text(text, block.language) or None
    if path and root and path.startswith(f"{root}/"):
        path = path.removeprefix(f"{root}/")
    language = block.language
    of = language_of_name(path) if path else None
    if of in LANGUAGES and of != language and language not in LANGUAGES:
        language = of or language
    return File(text, line, language, path, is_whole(text, language), block.closed or not last, block=place)


def _superseded(files: Sequence[File]) -> Iterator[File]:
    """Mark files that a later one of the same name replaces; a later piece of a file is no file."""
    latest: dict[str, int] = {}
    dropped: set[int] = set()
    for place, file in enumerate(files):
        if not file.name:
            continue
        earlier = latest.get(file.name)
        if earlier is not None:
            before, now = files[earlier].text.count("\n") + 1, file.text.count("\n") + 1
            if now < _MUCH * before and (not file.whole or ELIDED.search(file.text) or now < 15):
                dropped.add(place)
                continue
            dropped.add(earlier)
        latest[file.name] = place
    for place, file in enumerate(files):
        yield replace(file, superseded=True) if place in dropped else file
