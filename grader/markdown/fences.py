"""The fenced blocks of a document: CommonMark's block rules over repaired lines, and code between tags."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.markdown.languages import TAGS
from grader.markdown.repairs import Quoted, Rows, repaired
from grader.threads import per_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt

_OPENING = re.compile(r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<mark>`{3,}|~{3,})")
_QUOTE = re.compile(r"^[ \t]{0,3}> ?")
_WRAPPER = re.compile(r"^\s*<(?P<tag>(?:[a-z]+[_-])?(?:code|file|answer|response|template))>\s*$", re.IGNORECASE)
_HEAD = 12
"""Characters of a line that decide its place among lists and quotes; the parser is given no more."""
_ESCAPED = "\\`\\`\\`"
MOST_MARKS = 20_000
"""A document with more fences is nobody's answer: what follows them is read as text, so that no input takes long."""


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block. Lines count from 0: `opening` is its fence, `start` the first line of its text, `stop` the line after the last.

    `nested` marks a block inside a quoted document.
    """

    info: str
    opening: int
    start: int
    stop: int
    text: str
    closed: bool
    nested: bool = False


@per_thread
def _parser() -> MarkdownIt:
    """CommonMark's containers and fences; text is never looked at, and HTML or indentation hides no fence."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - start-up must not load the parser

    parser = MarkdownIt("zero", {"maxNesting": 20}).enable(["fence", "blockquote", "list", "paragraph"])
    parser.core.ruler.enableOnly(["block"])
    return parser


def fences(lines: Sequence[str]) -> list[Fence]:
    """All fenced blocks in the order of the document, with those inside quoted documents, and code between tags."""
    found = _fenced(lines)
    escaped = _escaped(lines, found)
    if escaped:
        lines = [text.replace("\\`", "`") if line in escaped else text for line, text in enumerate(lines)]
        found = _fenced(lines)
    return sorted([*found, *_wrapped(lines, found)], key=lambda one: (one.start, one.nested))


def _fenced(lines: Sequence[str]) -> list[Fence]:
    rows = repaired(lines[: _limit(lines)])
    return [*_blocks(rows), *(_inner(one, lines) for one in rows.quoted)]


def _escaped(lines: Sequence[str], found: Sequence[Fence]) -> set[int]:
    """The lines of fences that a program escaped as it wrote the document, and that stand in no block which is closed."""
    places = {line for line, text in enumerate(lines) if text.lstrip().startswith(_ESCAPED)}
    if not places:
        return places
    return places.difference(*(range(one.opening, one.stop + 1) for one in found if one.closed))


def _limit(lines: Sequence[str]) -> int:
    """The lines in which fences are looked for: those up to the last of `MOST_MARKS`."""
    marks = [line for line, text in enumerate(lines) if "```" in text or "~~~" in text]
    return len(lines) if len(marks) <= MOST_MARKS else marks[MOST_MARKS]


def _blocks(rows: Rows) -> Iterator[Fence]:
    skeleton = [text if "```" in text or "~~~" in text else text[:_HEAD] for text in rows.texts]
    if not any("```" in text or "~~~" in text for text in skeleton):
        return
    for token in _parser().parse("\n".join(skeleton)):
        if token.type != "fence" or token.map is None:
            continue
        first, last = token.map[0], min(token.map[1], len(rows.texts))
        closed = last - 1 > first and _closes(rows.texts[last - 1], token.markup)
        if closed:
            last -= 1
        opening = rows.lines[first]
        start = rows.lines[first + 1] if first + 1 < last else opening + 1
        stop = rows.lines[last - 1] + 1 if first + 1 < last else start
        yield Fence(token.info, opening, start, stop, _dedented(rows.texts[first + 1 : last], rows.texts[first]), closed)


def _closes(line: str, mark: str) -> bool:
    bare = line.strip(" \t>")
    return len(bare) >= len(mark) and set(bare) == {mark[0]}


def _dedented(texts: Sequence[str], opening: str) -> str:
    """The text of a block without the quote marks and the indentation of its fence."""
    seen = _OPENING.match(opening)
    lead = seen["lead"] if seen else ""
    if not lead:
        return "\n".join(texts)
    quotes = lead.count(">")
    width = len(lead.expandtabs(4)) if not quotes else len(lead[lead.rindex(">") + 1 :].removeprefix(" ").expandtabs(4))
    return "\n".join(_cut(text, quotes, width) for text in texts)


def _cut(text: str, quotes: int, width: int) -> str:
    for _ in range(quotes):
        text = _QUOTE.sub("", text, count=1)
    cut = 0
    while cut < len(text) and width > 0 and text[cut] in " \t":
        width -= 4 if text[cut] == "\t" else 1
        cut += 1
    return text[cut:]


def _inner(one: Quoted, lines: Sequence[str]) -> Fence:
    stop = max(one.end, one.line + 1)
    text = _dedented(lines[one.line + 1 : stop], one.lead + "```")
    return Fence(one.info, one.line, one.line + 1, stop, text, one.closed, nested=True)


def _wrapped(lines: Sequence[str], found: Sequence[Fence]) -> Iterator[Fence]:
    """Code between tags such as `<typescript_code>` that holds no fence of its own."""
    places = [(line, seen) for line, text in enumerate(lines) if text.lstrip().startswith("<") and (seen := _WRAPPER.match(text))]
    if not places:
        return
    ends: dict[str, list[int]] = {}
    for line in range(len(lines) - 1, -1, -1):
        bare = lines[line].strip().lower()
        if bare.startswith("</"):
            ends.setdefault(bare[2:-1], []).append(line)
    covered = sorted((one.opening, one.stop) for one in found if not one.nested)
    after = 0
    for line, seen in places:
        if line < after:
            continue
        word = seen["tag"].lower()
        closing = ends.get(word, [])
        while closing and closing[-1] <= line:
            closing.pop()
        stop = closing[-1] if closing else len(lines)
        behind = bisect_left(covered, (stop + 1, 0))
        if behind and covered[behind - 1][1] >= line:
            continue
        tag = re.split("[_-]", word)[0]
        yield Fence(tag if tag in TAGS else "", line, line + 1, stop, "\n".join(lines[line + 1 : stop]), closed=bool(closing))
        after = stop
