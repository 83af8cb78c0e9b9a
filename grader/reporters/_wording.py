"""Words and numbers that several reports share: counts by severity, lists of lines, comments and fences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from grader.model.kinds import Severity

if TYPE_CHECKING:
    from grader.results import Record

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COMMENTS = {"python": "#", "yaml": "#", "hcl": "#", "bash": "#", "dockerfile": "#", "toml": "#", "typescript": "//", "javascript": "//", "java": "//", "go": "//"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


class Lines(Protocol):
    """Anything with a first and a last line."""

    @property
    def line(self) -> int: ...
    @property
    def end_line(self) -> int: ...


def number(count: int) -> str:
    """A small number in words, a larger one in digits."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def in_words(record: Record) -> str:
    """`3 critical and 1 high fault`, `no fault`."""
    counts = Counter(fault.severity for fault in record.faults)
    parts = [f"{counts[severity]} {severity.value}" for severity in Severity if counts[severity]]
    if not parts:
        return "no fault"
    said = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    return f"{said} {'fault' if len(record.faults) == 1 else 'faults'}"


def lines_of(spans: Iterable[Lines], most: int = 12) -> str:
    """`127-132, 243, 429 and 5 more`: line ranges in order, merged where they touch."""
    merged: list[list[int]] = []
    for first, last in sorted((span.line, span.end_line) for span in spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    said = [str(first) if first == last else f"{first}-{last}" for first, last in merged]
    if len(said) > most:
        said = [*said[:most], f"{len(said) - most} more"]
    if len(said) == 1:
        return said[0]
    return " and ".join([", ".join(said[:-1]), said[-1]]) if said else ""


def comment(language: str, words: str) -> str | None:
    """A comment line of a language, None where it has none (JSON)."""
    mark = _COMMENTS.get(language)
    return f"{mark} {words}" if mark else None


def fence_for(texts: Sequence[str]) -> str:
    """A fence longer than any run of backticks in the texts."""
    longest = max((len(run) for text in texts for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def plain(text: str) -> str:
    """Text for Markdown outside code: no control characters, no HTML, one line, inline code kept."""
    flat = " ".join(_CONTROL.sub("", text.replace("\t", " ")).split())
    pieces = re.split(r"(`+[^`]*`+)", flat)
    return "".join(piece if piece.startswith("`") else _escaped(piece) for piece in pieces)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*").replace("[", "\\[").replace("](", "]\\(")


def cell(text: str) -> str:
    """Text for a cell of a table: as `plain`, with pipes escaped, in code too."""
    return plain(text).replace("\\|", "|").replace("|", "\\|")


def code_text(text: str) -> str:
    """Text for a fenced block: without control characters; lines stay."""
    return _CONTROL.sub("", text.replace("\r", ""))
