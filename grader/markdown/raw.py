"""Code that stands in a document without a fence: a template pasted as it is, or a source file with a sentence above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from grader.markdown.endings import TEXTS

_STARTS = (
    ("yaml", re.compile(r"^(?:---\s*\n)?(?:AWSTemplateFormatVersion|Resources)\s*:", re.MULTILINE)),
    ("json", re.compile(r"^\{\s*\n\s*\"(?:AWSTemplateFormatVersion|Description|Parameters|Resources|Transform|Metadata)\"\s*:", re.MULTILINE)),
    (
        "hcl",
        re.compile(
            r"^(?:resource|data)\s+\"\w+\"\s+\"[\w-]+\"\s*\{|^(?:variable|output|module|provider)\s+\"[\w-]+\"\s*\{|^(?:terraform|locals)\s*\{",
            re.MULTILINE,
        ),
    ),
    ("go", re.compile(r"^package\s+\w+\s*\n", re.MULTILINE)),
    ("java", re.compile(r"^(?:package|import)\s+[\w.]+(?:\.\*)?;\s*$", re.MULTILINE)),
    ("typescript", re.compile(r"^import\s+(?:[\w*{][^'\"\n]*\sfrom\s+)?['\"][^'\"\n]+['\"];?\s*$|^import\s+\{\s*$", re.MULTILINE)),
    ("python", re.compile(r"^from\s+[\w.]+\s+import\s+[\w(*]|^import\s+[\w.]+(?:\s+as\s+\w+)?\s*$", re.MULTILINE)),
)
_PROSE = re.compile(
    r"^(?:[-*+]|\d+[.)])\s+(?:\*\*|[A-Z`])|^[A-Z][\w'\N{RIGHT SINGLE QUOTATION MARK}-]+(?:,? [\w'`()/\N{RIGHT SINGLE QUOTATION MARK}-]+){4,}[.:,]?(?: |$)|^\*\*|^\|"
)
_ABOVE = re.compile(r"^\s*(?:#|//|/\*|\*|\"\"\"|''')|^\s*$|^---\s*$")
_NO_HASH = frozenset({"typescript", "java", "go", "json"})
FEWEST_LINES = 5
MOST_PROSE = 0.08
_TAIL = 3


class Raw(NamedTuple):
    """Lines `start` to `stop` (from 0, the latter not included) are code in `language`."""

    start: int
    stop: int
    language: str


def raw_code(lines: Sequence[str]) -> Raw | None:
    """The code of a document that has no fenced code, None where it is prose."""
    text = "\n".join(lines)
    starts = [(found.start(), language) for language, sign in _STARTS if (found := sign.search(text)) is not None]
    if not starts:
        return None
    offset, language = min(starts)
    start = text.count("\n", 0, offset)
    prose = _prose(lines, start, language)
    stop = _stop(lines, start, language, prose)
    body = sum(1 for line in lines[start:stop] if line.strip())
    if body < FEWEST_LINES or sum(1 for place in prose if place < stop) > MOST_PROSE * body:
        return None
    return Raw(_with_opening(lines, start), stop, language)


def _prose(lines: Sequence[str], start: int, language: str) -> set[int]:
    """The lines from `start` on that are prose, and stand in no text of several lines."""
    found = set()
    mark = TEXTS.get(language)
    quoted = False
    for place in range(start, len(lines)):
        if not quoted and _is_prose(lines[place], language):
            found.add(place)
        if mark and lines[place].count(mark) % 2:
            quoted = not quoted
    return found


def _is_prose(line: str, language: str) -> bool:
    return len(line) < 2000 and (_PROSE.match(line) is not None or (language in _NO_HASH and line.startswith("#")))


def _with_opening(lines: Sequence[str], start: int) -> int:
    """The first line of the comment or docstring right above the code."""
    head = [line for line in lines[:start] if line.strip()]
    if head and head[0].lstrip().startswith(('"""', "'''", "#!")) and sum(line.count(head[0].lstrip()[:3]) for line in head) % 2 == 0:
        return next(place for place, line in enumerate(lines) if line.strip())
    first = start
    for place in range(start - 1, -1, -1):
        if not _ABOVE.match(lines[place]):
            break
        if lines[place].strip():
            first = place
    return first


def _stop(lines: Sequence[str], start: int, language: str, prose: set[int]) -> int:
    """The line after the code: where two lines of prose follow each other, else the end."""
    stop = len(lines)
    run = 0
    if language in _NO_HASH or language in {"python", "yaml", "hcl"}:
        for place in range(start, len(lines)):
            line = lines[place]
            if not line.strip():
                continue
            run = run + 1 if place in prose else 0
            if run == _TAIL:
                stop = _first_of(lines, place, prose)
                break
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return stop


def _first_of(lines: Sequence[str], place: int, prose: set[int]) -> int:
    """The first line of the prose that reaches up from `place`, its heading included."""
    first = place
    for line in range(place, -1, -1):
        if lines[line].strip() and not (line in prose or lines[line].startswith("#")):
            break
        first = line
    return first
