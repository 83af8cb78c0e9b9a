"""Repairs of fences before a document is parsed: what people and models write instead of a closing fence, line by line.

A repaired document has rows in place of lines; each row knows the line it comes from, so that nothing downstream loses its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grader.markdown.languages import TAGS, tag_of

_MARK = re.compile(r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
_GLUED = re.compile(r"^(?P<before>[^`]*(?:`{1,2}[^`]+)*[^\s`])[ \t]*(?P<mark>`{3,})(?P<info>[A-Za-z]*)[ \t]*$")
_HEREDOC = re.compile(r"<<-?\s*\\?['\"]?(\w+)['\"]?")
_LEAD = re.compile(r"^\s{0,3}(?:#{1,6}\s+\S|(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)\S.*|[A-Z][^{}()\[\];=<>]*:\s*$|<!--.*-->\s*$|(?:-{3,}|\*{3,})\s*$)")
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console"})
_QUOTING = frozenset({"markdown", "md"})
_PLAIN = frozenset({"", "text", "txt", "plaintext"})
_STEPS = 8
"""How often a mark is looked at before a document that nests without end is taken as it stands."""


class Mark(NamedTuple):
    """A line with a fence. Lines count from 0; `before` is text glued in front of it."""

    line: int
    lead: str
    mark: str
    info: str
    before: str = ""


class Quoted(NamedTuple):
    """A fence inside a quoted document: the lines of its opening and closing fence (the latter may be the end of the document)."""

    line: int
    end: int
    info: str
    lead: str
    closed: bool


class Rows(NamedTuple):
    """Lines as the parser shall see them, each with the line it comes from; and the fences inside quoted documents."""

    texts: Sequence[str]
    lines: Sequence[int]
    quoted: Sequence[Quoted]


@dataclass(slots=True)
class _Repairs:
    """Changes by line, collected in one pass: a new text, rows put in front, fences inside quoted documents."""

    texts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)
    quoted: list[Quoted] = field(default_factory=list)
    words: dict[str, list[int]] = field(default_factory=dict)


def repaired(lines: Sequence[str]) -> Rows:
    """The rows of a document with its fences mended."""
    marks = _marks(lines)
    repairs = _Repairs()
    _mend(lines, marks, repairs)
    if not repairs.texts and not repairs.before:
        return Rows(lines, range(len(lines)), repairs.quoted)
    texts: list[str] = []
    origin: list[int] = []
    for line, text in enumerate(lines):
        if line in repairs.before:
            texts.append(repairs.before[line])
            origin.append(line)
        for one in repairs.texts.get(line, (text,)):
            texts.append(one)
            origin.append(line)
    return Rows(texts, origin, repairs.quoted)


def _marks(lines: Sequence[str]) -> list[Mark]:
    found = []
    for line, text in enumerate(lines):
        if "```" not in text and "~~~" not in text:
            continue
        seen = _MARK.match(text)
        if seen is not None:
            if "`" not in seen["info"] or seen["mark"][0] == "~":
                found.append(Mark(line, seen["lead"], seen["mark"], seen["info"].strip()))
        elif text.count("```") == 1 and len(text) < 2000:
            glued = _GLUED.match(text)
            if glued is not None:
                found.append(Mark(line, "", glued["mark"], glued["info"], glued["before"]))
    return found


def _mend(lines: Sequence[str], marks: Sequence[Mark], repairs: _Repairs) -> None:
    opened: Mark | None = None
    place = 0
    budget = _STEPS * len(marks) + 100
    while place < len(marks):
        mark = marks[place]
        place += 1
        if opened is None:
            opened = _opened(mark, marks, place, repairs)
            if opened is None or not _may_quote(opened, lines, marks, place):
                continue
            after, steps = _quotation(lines, marks, place - 1, repairs, budget)
            budget -= steps
            if after is not None:
                opened, place = None, after
            continue
        if mark.before:
            if _closes_glued(lines, marks, place):
                repairs.texts[mark.line] = (mark.before, opened.lead + opened.mark)
                _outdent(lines, opened, mark, repairs)
                opened = None
        elif mark.mark[0] != opened.mark[0] or len(mark.mark) < len(opened.mark):
            continue
        elif not mark.info:
            _outdent(lines, opened, mark, repairs)
            opened = None
        elif not any(lines[line].strip() for line in range(opened.line + 1, mark.line)):
            repairs.texts[opened.line] = ("",)
            opened = mark
        elif (skipped := _skipped(lines, marks, place - 1, opened, repairs.words)) is not None:
            place = skipped
        else:
            repairs.before[_end_before(lines, opened.line, mark.line)] = opened.lead + opened.mark
            opened, place = None, place - 1


def _opened(mark: Mark, marks: Sequence[Mark], place: int, repairs: _Repairs) -> Mark | None:
    """The fence that a mark opens: glued ones (`Here it is:` with three backticks behind it, `yaml` before them) only where a close follows."""
    if not mark.before:
        return mark
    if place >= len(marks) or marks[place].info:
        return None
    word = mark.before.strip("\N{ZERO WIDTH NO-BREAK SPACE} ").lower()
    if not mark.info and word in TAGS:
        repairs.texts[mark.line] = (mark.mark + word,)
        return Mark(mark.line, "", mark.mark, word)
    if mark.info.lower() in TAGS:
        repairs.texts[mark.line] = (mark.before, mark.mark + mark.info)
        return Mark(mark.line, "", mark.mark, mark.info)
    return None


def _may_quote(opened: Mark, lines: Sequence[str], marks: Sequence[Mark], place: int) -> bool:
    """Whether a fence may hold a document with fences of its own."""
    tag = tag_of(opened.info)
    if tag in _QUOTING:
        return True
    if tag not in _PLAIN or place >= len(marks) or not marks[place].info:
        return False
    first = next((lines[line] for line in range(opened.line + 1, marks[place].line) if lines[line].strip()), "")
    return first.startswith("#")


def _quotation(lines: Sequence[str], marks: Sequence[Mark], start: int, repairs: _Repairs, budget: int) -> tuple[int | None, int]:
    """Read a quoted document whose fences are those of its frame: the mark after its true end, and the marks looked at.

    The end is where its inner fences balance. None where it cannot be told; then CommonMark's reading stands.
    """
    outer = marks[start]
    inner: Mark | None = None
    found: list[Quoted] = []
    tagged = tag_of(outer.info) in _QUOTING
    last = min(len(marks), start + budget)
    place = start
    while (place := place + 1) < last:
        mark = marks[place]
        if mark.before or mark.mark[0] != outer.mark[0]:
            continue
        long = len(mark.mark) >= len(outer.mark)
        if inner is not None and (mark.info or len(mark.mark) >= len(inner.mark)) and not (long and len(inner.mark) < len(outer.mark)):
            end = _end_before(lines, inner.line, mark.line) if mark.info else mark.line
            found.append(Quoted(inner.line, end, inner.info, inner.lead, closed=not mark.info))
            inner = mark if mark.info else None
        elif mark.info or not long or (inner is None and _opens_inside(lines, marks, place)):
            inner = mark
        else:
            if not found and not tagged:
                return None, place - start
            if found and place + 1 < len(marks) and marks[place + 1].line == mark.line + 1 and not marks[place + 1].info:
                place, mark = place + 1, marks[place + 1]
            _frame(lines, outer, mark, repairs)
            repairs.quoted += found
            return place + 1, place - start
    if not tagged or start + budget < len(marks):
        return None, len(marks) - start
    if inner is not None:
        found.append(Quoted(inner.line, len(lines), inner.info, inner.lead, closed=False))
    if found:
        _frame(lines, outer, None, repairs)
    repairs.quoted += found
    return len(marks), len(marks) - start


def _opens_inside(lines: Sequence[str], marks: Sequence[Mark], place: int) -> bool:
    """Whether a bare fence as long as the frame's opens a block inside it: it stands like an opening one, and the next like its end."""
    return _begins(lines, marks[place]) and place + 1 < len(marks) and not marks[place + 1].info and _ends(lines, marks[place + 1])


def _frame(lines: Sequence[str], outer: Mark, close: Mark | None, repairs: _Repairs) -> None:
    """Give a quoted document fences that are longer than any it holds."""
    last = close.line if close is not None else len(lines)
    longest = max((len(run) for line in range(outer.line, last) for run in re.findall("`{3,}|~{3,}", lines[line])), default=3)
    mark = outer.mark[0] * (longest + 1)
    repairs.texts[outer.line] = (outer.lead + mark + outer.info,)
    if close is not None:
        repairs.texts[close.line] = (outer.lead + mark,)
        _outdent(lines, outer, close, repairs)


def _outdent(lines: Sequence[str], opened: Mark, close: Mark, repairs: _Repairs) -> None:
    """Take an indented fence out of its list where its text is indented less: the list would end it at the first such line."""
    if not opened.lead.strip(">"):
        return
    width = len(opened.lead.expandtabs(4))
    if any(text.strip() and _indent(text) < width for text in lines[opened.line + 1 : close.line]):
        for line in (opened.line, close.line):
            repairs.texts[line] = tuple(text.lstrip() if text.lstrip()[:1] in "`~" else text for text in repairs.texts.get(line, (lines[line],)))


def _indent(text: str) -> int:
    return len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())


def _closes_glued(lines: Sequence[str], marks: Sequence[Mark], place: int) -> bool:
    """Whether the backticks at the end of the line before `place` are a closing fence: no other closes the block."""
    mark = marks[place - 1]
    if mark.info:
        return False
    following = next((one for one in marks[place : place + 20] if not one.before), None)
    if following is None or following.info:
        return True
    after = next((text for text in lines[mark.line + 1 : mark.line + 4] if text.strip()), "")
    return _LEAD.match(after) is not None and _begins(lines, following)


def _skipped(lines: Sequence[str], marks: Sequence[Mark], place: int, opened: Mark, words: dict[str, list[int]]) -> int | None:
    """The mark after a fence that belongs to the text of the block around it (a here-document, a string), None where it does not."""
    mark = marks[place]
    if tag_of(opened.info) in _SHELLS:
        end = _heredoc_end(lines, opened.line + 1, mark.line, words)
        if end is not None:
            return next((one for one in range(place, len(marks)) if marks[one].line > end), len(marks))
    if len(marks) < place + 3 or any(one.info or one.before for one in marks[place + 1 : place + 3]):
        return None
    above = next((lines[line] for line in range(mark.line - 1, opened.line, -1) if lines[line].strip()), "")
    if _LEAD.match(above) or not _ends(lines, marks[place + 2]) or _begins(lines, marks[place + 2]):
        return None
    return place + 2


def _heredoc_end(lines: Sequence[str], first: int, last: int, words: dict[str, list[int]]) -> int | None:
    """The line that ends the here-document which is open at `last`, None where none is. `words` is filled with the places of lone words."""
    word = ""
    for line in range(first, last):
        if word:
            word = "" if lines[line].strip() == word else word
        elif "<<" in lines[line]:
            begun = _HEREDOC.search(lines[line][:500])
            word = begun[1] if begun else ""
    if not word:
        return None
    if not words:
        words[""] = []
        for line, text in enumerate(lines):
            if text.strip().isidentifier():
                words.setdefault(text.strip(), []).append(line)
    places = words.get(word, [])
    at = bisect_left(places, last)
    return places[at] if at < len(places) else None


def _end_before(lines: Sequence[str], first: int, last: int) -> int:
    """Where a block without a closing fence ends: before the heading or the words that lead to the next fence."""
    end = last
    for line in range(last - 1, max(first, last - 12), -1):
        text = lines[line]
        if _LEAD.match(text):
            end = line
        elif text.strip():
            break
    return end


def _begins(lines: Sequence[str], mark: Mark) -> bool:
    """Whether a bare fence stands like an opening one: after a blank line or a colon, before text."""
    before = lines[mark.line - 1].strip() if mark.line else ""
    after = lines[mark.line + 1].strip() if mark.line + 1 < len(lines) else ""
    return (not before or before.endswith(":") or before.startswith("#")) and bool(after)


def _ends(lines: Sequence[str], mark: Mark) -> bool:
    """Whether a bare fence stands like a closing one: after text, before a blank line or the end."""
    after = lines[mark.line + 1].strip() if mark.line + 1 < len(lines) else ""
    return not after
