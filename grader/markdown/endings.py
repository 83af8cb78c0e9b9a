"""Where the code of a block ends whose closing fence was lost and prose follows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.markdown.fences import Fence

_PROSE = re.compile(r"^(?:#{1,6} \S|\*\*[^*\n]{2,80}\*\*|(?:[-*]|\d{1,2}[.)]) (?:\*\*|[A-Z`])|[A-Z][\w'-]+(?:,? [\w'`()/-]+){4,}[.:]$)")
"""A line that no language without `#` comments has at its margin: a heading, bold words, an item, a sentence."""
_MARGIN = frozenset({"typescript", "javascript", "java", "go", "json"})
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\[\]{}]')
TEXTS = {"typescript": "`", "javascript": "`", "go": "`", "java": '"""'}
"""What begins and ends a text of several lines: inside it a heading is no prose."""
_LONGEST = 2_000


def before_prose(fence: Fence, language: str) -> Fence:
    """The block up to the prose that follows its code, closed there; the block itself where its code reaches to the end."""
    lines = fence.text.split("\n")
    end = _json_end(fence.text) if language == "json" else None
    if end is None and language in _MARGIN:
        end = _margin_end(lines, TEXTS.get(language))
    if end is None or not any(line.strip() for line in lines[end:]):
        return fence
    return replace(fence, text="\n".join(lines[:end]), stop=fence.start + end, closed=True)


def _json_end(text: str) -> int | None:
    """The line after the value that a text of JSON begins with, where it is complete."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        if found[0] in "{[":
            depth += 1
        elif found[0] in "}]":
            depth -= 1
            if depth <= 0:
                return text.count("\n", 0, found.end()) + 1
    return None


def _margin_end(lines: list[str], mark: str | None) -> int | None:
    """The first line of prose at the margin, where at least one bracket was closed before it and no text is open."""
    closed = quoted = False
    for place, line in enumerate(lines):
        if not quoted and line.lstrip()[:1] in {"}", ")"}:
            closed = True
        elif not quoted and closed and line[:1].strip() and len(line) < _LONGEST and _PROSE.match(line):
            return place
        if mark and line.count(mark) % 2:
            quoted = not quoted
    return None
