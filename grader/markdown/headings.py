"""The outline of a document: its headings, the headings above a line, and the stretches that are a draft of the answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(\S.*?)\s*#*\s*$")
_BOLD = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)([^*]+?)(?:\*\*|__)\s*:?\s*$")
_DRAFT = re.compile(
    r"^(?:reasoning(?: trace| process)?|chain of thought|thought process|thinking|scratch ?pad|internal reasoning|analysis and planning)\W*$",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"^(?:the )?(?:final )?(?:answer|response|solution|output|result)\W*$", re.IGNORECASE)
_TAG = re.compile(r"^\s*<(/?)(?:reasoning|thinking|think|scratchpad|thoughts?|antthinking)>\s*$", re.IGNORECASE)
BOLD = 7
"""The level of a line that is all bold: below every heading."""


class Heading(NamedTuple):
    """A heading, or a line that is all bold. Lines count from 0; `level` is 1 to 6, or `BOLD`."""

    line: int
    level: int
    text: str


class Outline(NamedTuple):
    """Headings in order, and draft stretches as (first line, line after the last)."""

    headings: tuple[Heading, ...]
    drafts: tuple[tuple[int, int], ...]

    def above(self, line: int) -> list[Heading]:
        """The nearest heading above a line and those it stands under, nearest first."""
        place = bisect_left(self.headings, (line,))
        found: list[Heading] = []
        for step in range(place - 1, max(-1, place - 400), -1):
            one = self.headings[step]
            if not found or one.level < found[-1].level:
                found.append(one)
                if one.level == 1:
                    break
        return found

    def is_draft(self, line: int) -> bool:
        """Whether a line belongs to the reasoning before the answer."""
        place = bisect_left(self.drafts, (line + 1,))
        return place > 0 and line < self.drafts[place - 1][1]


def outline(lines: Sequence[str], covered: Sequence[tuple[int, int]]) -> Outline:
    """The outline of what lies outside the fenced blocks; `covered` are their lines, fences included, in order."""
    headings: list[Heading] = []
    drafts: list[tuple[int, int]] = []
    begun: int | None = None
    tagged: int | None = None
    place = 0
    for first, last in [*covered, (len(lines), len(lines))]:
        for line in range(place, min(first, len(lines))):
            text = lines[line]
            if "<" in text and (tag := _TAG.match(text)) is not None:
                if not tag[1]:
                    tagged = line if tagged is None else tagged
                elif tagged is not None:
                    drafts.append((tagged, line))
                    tagged = None
            one = _heading(line, text)
            if one is None:
                continue
            headings.append(one)
            if begun is None and _DRAFT.match(one.text):
                begun = line
            elif begun is not None and _ANSWER.match(one.text):
                drafts.append((begun, line))
                begun = None
        place = max(place, last)
    return Outline(tuple(headings), tuple(sorted(drafts)))


def _heading(line: int, text: str) -> Heading | None:
    if len(text) > 300:
        return None
    if "#" in text and (seen := _HEADING.match(text)) is not None:
        return Heading(line, len(seen[1]), seen[2])
    if "**" in text or "__" in text:
        bold = _BOLD.match(text)
        if bold is not None:
            return Heading(line, BOLD, bold[1].strip())
    return None
