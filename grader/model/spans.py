"""Places in a Markdown document, in whole lines."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """Lines `line` to `end_line`, both included, counted from 1 in the Markdown file the reader has open."""

    line: int
    end_line: int

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.line <= other.line and other.end_line <= self.end_line

    def touches(self, other: Span) -> bool:
        """Whether the two spans share a line."""
        return self.line <= other.end_line and other.line <= self.end_line
