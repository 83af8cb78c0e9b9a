"""The texts a claim is checked against: an answer or an ideal as code lines, as words of its code, and as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.model.documents import Document, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.solutions import Resource

_WORD = re.compile(r"[A-Za-z_$][\w$]*(?:(?:::|\.|-)[A-Za-z_$][\w$]*)*")
_SPACES = re.compile(r"\s+")
_COMMENT = re.compile(r"(?:^|\s)(?://|#(?![{!]))(?!/).*$")
_TRAILING = ",;"
LEAST = 6
"""Characters of a line below which it proves nothing: brackets, `else`, `end`."""


def squeezed(line: str) -> str:
    """A line of code for comparison: without comments, spaces, quotes' kind and closing commas."""
    plain = _COMMENT.sub("", line) if "://" not in line else line
    return _SPACES.sub("", plain).rstrip(_TRAILING).replace('"', "'")


def significant(text: str) -> list[str]:
    """The lines of a quote that can be looked for, squeezed; elisions, comments and brackets left out."""
    rows = (squeezed(line) for line in text.split("\n"))
    return [row for row in rows if len(row) >= LEAST and "..." not in row and "\N{HORIZONTAL ELLIPSIS}" not in row and any(c.isalpha() for c in row)]


@dataclass(slots=True)
class Text:
    """One document, indexed once for all claims. Lines count from 1."""

    document: Document
    made: Sequence[Resource] = ()
    lines: list[str] = field(init=False)
    rows: dict[str, list[int]] = field(init=False)
    words: dict[str, list[int]] = field(init=False)
    whole: str = field(init=False)
    spots: list[int] = field(init=False)
    resources: dict[str, tuple[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Index the code of the document."""
        self.lines = self.document.text.split("\n")
        self.rows, self.words, self.spots = {}, {}, []
        parts: list[str] = []
        for block in self.document.blocks:
            if block.role is Role.QUOTE or block.nested:
                continue
            for at, line in enumerate(block.text.split("\n"), block.line):
                row = squeezed(line)
                if not row:
                    continue
                self.rows.setdefault(row, []).append(at)
                parts.append(row)
                self.spots.append(at)
                for word in _WORD.findall(_COMMENT.sub("", line)):
                    for one in {word, *re.split(r"[.:]+", word)}:
                        self.words.setdefault(one.lower(), []).append(at)
        self.whole = "\n".join(parts)
        self.resources = {}
        for one in self.made:
            name = re.sub(r"^(?:Cfn|aws_[a-z0-9]+_|New|aws_)", "", re.split(r"::|\.|/", one.type)[-1])
            if not one.data:
                self.resources.setdefault(re.sub(r"[^a-z0-9]", "", name.lower()), (one.type, one.span.line))

    @property
    def has_code(self) -> bool:
        """Whether there is code to look into."""
        return len(self.rows) > 5

    def find_row(self, row: str) -> list[int]:
        """The lines that are a squeezed line, or hold it as a part."""
        exact = self.rows.get(row)
        if exact:
            return exact
        return [self.spots[self.whole.count("\n", 0, found)] for found in self._starts(row)]

    def _starts(self, row: str) -> list[int]:
        found: list[int] = []
        at = self.whole.find(row)
        while at >= 0 and len(found) < 50:
            found.append(at)
            at = self.whole.find(row, at + 1)
        return found

    def find_word(self, name: str) -> list[int]:
        """The lines of code where an identifier stands, whatever its case."""
        return self.words.get(name.lower(), [])
