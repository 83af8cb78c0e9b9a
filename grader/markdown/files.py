"""Blocks to files: what each block gives, which of two versions stands, and where in the project a bare name lies."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grader.markdown.parts import Part, parts, written
from grader.markdown.roles import WHOLE_LINES, is_whole
from grader.model.documents import LANGUAGES, Block, File, Listed, Role

_ELIDED = re.compile(
    r"^\s*(?:#|//|/\*|\*|<!--)?\s*(?:\.{3}|\N{HORIZONTAL ELLIPSIS})|\b(?:rest of|remaining|existing|other|previous|unchanged|same)\b[^\n]{0,40}\b(?:code|stack|file|implementation|resources|as before)\b",
    re.IGNORECASE | re.MULTILINE,
)
_DECLARED = re.compile(
    r"^(?:export\s+|public\s+|async\s+|abstract\s+|final\s+|default\s+)*(?:class|interface|def|func|function|const|type|enum|variable|output|module|provider|resource|data)\s+(?:\"[\w-]+\"\s+)?[\"\w.-]+"
    r"|^ {0,4}[\"']?[A-Z]\w+[\"']?\s*:(?=\s*(?:\{\s*)?$)",
    re.MULTILINE,
)
_SECTIONS = {"Parameters:", "Resources:", "Outputs:", "Properties:", "Mappings:", "Conditions:", "Metadata:"}
_SMALL = 0.3
_SAME = 0.6


def files_of(blocks: Sequence[Block]) -> tuple[list[Block], list[File]]:
    """The blocks with their final roles, and the files of the solution in the order of the document."""
    pieces = [(number, part) for number, block in enumerate(blocks) for part in _pieces(block)]
    whole = [is_whole(part.text, part.language, part.name) for _, part in pieces]
    kept = _weighed(blocks, pieces, whole)
    roles = {number: block.role for number, block in enumerate(blocks)}
    for number in {number for number, _ in pieces} - {pieces[place][0] for place in kept}:
        if roles[number] is Role.FILE:
            roles[number] = Role.SNIPPET
    files = []
    ends = {number: blocks[number].text.rstrip("\n").count("\n") for number in {number for number, _ in pieces}}
    for place in kept:
        number, part = pieces[place]
        block = blocks[number]
        last = part.offset + part.text.count("\n") >= ends[number]
        files.append(File(part.text, block.line + part.offset, part.language, part.name, whole[place], block.closed or not last, block=number))
    return [replace(block, role=roles[number]) if roles[number] is not block.role else block for number, block in enumerate(blocks)], _superseded(
        files
    )


def _pieces(block: Block) -> Iterable[Part]:
    if block.role is Role.FILE:
        return parts(block.text, block.language, block.name)
    return written(block.text) if block.role is Role.COMMAND else ()


def _weighed(blocks: Sequence[Block], pieces: Sequence[tuple[int, Part]], whole: Sequence[bool]) -> list[int]:
    """The pieces that are files: fragments beside whole files of their name or language are snippets."""
    largest: dict[str, int] = {}
    languages: set[str] = set()
    for place, ((_, part), entire) in enumerate(zip(pieces, whole, strict=True)):
        if entire:
            languages.add(part.language)
            if part.name and (part.name not in largest or len(part.text) > len(pieces[largest[part.name]][1].text)):
                largest[part.name] = place
    kept = []
    for place, (number, part) in enumerate(pieces):
        if blocks[number].role is Role.COMMAND or part.language not in LANGUAGES:
            kept.append(place)
        elif (not whole[place] and (part.name in largest or (part.name is None and part.language in languages))) or (
            part.name in largest and _is_excerpt(part, pieces[largest[part.name]][1], after=place > largest[part.name])
        ):
            continue
        else:
            kept.append(place)
    return kept


def _is_excerpt(part: Part, entire: Part, *, after: bool) -> bool:
    """Whether a short piece shows a place of the whole file of its name, rather than being a version of it."""
    if len(part.text) >= _SMALL * len(entire.text) or part.text.count("\n") >= WHOLE_LINES:
        return False
    return _ELIDED.search(part.text) is not None or (after and ("/" in (part.name or "") or _likeness(part.text, entire.text) >= _SMALL))


def _superseded(files: Sequence[File]) -> list[File]:
    """The files, with those marked that are given again further down."""
    found = list(files)
    later: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for place in range(len(files) - 1, -1, -1):
        file = files[place]
        if not file.whole:
            continue
        again = later[file.name, file.language if file.name is None else ""]
        if any(_is_again(file, files[one]) for one in again[:3]):
            found[place] = replace(file, superseded=True)
        again.append(place)
    return found


def _is_again(first: File, second: File) -> bool:
    """Whether `second` gives the same file as `first` again, rather than a further part of it or another file of a common name."""
    if first.name is None:
        return first.language in LANGUAGES and _likeness(first.text, second.text) >= _SAME
    declared, anew = _declared(first.text), _declared(second.text)
    if declared and anew:
        return 2 * len(declared & anew) >= min(len(declared), len(anew))
    return "/" in first.name or _likeness(first.text, second.text) >= _SMALL


def _declared(text: str) -> set[str]:
    return {name for one in _DECLARED.findall(text) if (name := re.sub(r"[\s\"']+", " ", one).strip()) not in _SECTIONS}


def _likeness(first: str, second: str) -> float:
    """The share of the shorter text's lines that the other has too."""
    ours, theirs = ({line.strip() for line in text.split("\n") if len(line.strip()) > 8} for text in (first, second))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def placed(name: str, headings: Sequence[str], listing: Sequence[Listed]) -> str:
    """A bare file name with its folder, where a heading above it or the project tree tells the folder; else as it is."""
    if "/" in name:
        return name
    folder = next((found[0] for text in headings if (found := _folders(text)) and len(found) == 1), None)
    if folder is not None:
        return f"{folder}/{name}"
    known = [one.path for one in listing if not one.directory and posixpath.basename(one.path) == name]
    if len(known) == 1:
        return known[0]
    if len(known) > 1:
        near = [
            path for path in known if "/" in path and any(_names_folder(text, posixpath.basename(posixpath.dirname(path))) for text in headings[:2])
        ]
        if len(near) == 1:
            return near[0]
    return name


_FOLDER = re.compile(
    r"(?<![\w/.@-])((?:\./)?[\w.-]+(?:/[\w.-]+)*/)(?![\w*])|`((?:\./)?[\w-]+(?:/[\w-]+)+)`|(?<![\w/.@-])((?:modules|lambda|lambdas|lib|src)(?:/[\w-]+)+)(?![\w/.-])"
)


def _folders(text: str) -> list[str]:
    """The folders a heading names: `modules/vpc/`, `modules/vpc`; none where it names a file."""
    found = []
    for match in _FOLDER.finditer(text[:200]):
        path = next(one for one in match.groups() if one).removeprefix("./").strip("/")
        if "." not in posixpath.basename(path):
            found.append(path)
    return list(dict.fromkeys(found))


def _names_folder(heading: str, folder: str) -> bool:
    words = re.sub(r"[^a-z0-9]+", " ", heading.lower())
    return f" {re.sub(r'[^a-z0-9]+', ' ', folder.lower())} " in f" {words} "
