"""The words of a result that every reporter shares: line ranges, numbers, verdicts, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from grader.model.kinds import Severity, Status, Verdict
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.results import Record
    from grader.results.records import Location, Quote, Snippet

VERDICTS = {
    Verdict.DOES_NOT_BUILD: "does not build",
    Verdict.DOES_NOT_DEPLOY: "does not deploy",
    Verdict.DEVIATES: "deviates from what was wanted",
    Verdict.ACCEPTABLE: "is acceptable",
}
"""What each verdict says of an answer, as a predicate."""
STATUSES = {
    Status.GRADED: "graded",
    Status.NO_CODE: "holds no code to grade",
    Status.UNREADABLE: "could not be read",
    Status.FAILED: "could not be graded: the grader failed",
}
"""What each status says of an answer, as a predicate."""
CUT = "\N{HORIZONTAL ELLIPSIS}"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_PICTURES = 0x2400


def visible(text: str) -> str:
    """The text with each control character as a sign that is seen: none may reach a terminal or turn the direction of a line."""
    return _UNSEEN.sub(lambda found: chr(_PICTURES + ord(found[0])) if ord(found[0]) < 0x20 else "\N{REPLACEMENT CHARACTER}", text)


def merged(spans: Iterable[Location | Quote | Snippet | Span]) -> list[Span]:
    """The lines of places as ranges: sorted, and those that overlap or follow each other joined."""
    ranges: list[Span] = []
    for span in sorted(Span(one.line, one.end_line) for one in spans):
        if ranges and span.line <= ranges[-1].end_line + 1:
            ranges[-1] = Span(ranges[-1].line, max(ranges[-1].end_line, span.end_line))
        else:
            ranges.append(span)
    return ranges


def lines_of(ranges: Sequence[Span], most: int = 24) -> str:
    """`line 7`, `lines 7 and 9`, `lines 7-9, 12 and 15`; of more than `most` ranges the first, and how many more."""
    said = [str(one.line) if one.line == one.end_line else f"{one.line}-{one.end_line}" for one in ranges]
    if len(said) > most:
        said = [*said[:most], f"{len(said) - most} more"]
    return f"line{'' if len(said) == 1 and '-' not in said[0] else 's'} {joined(said)}"


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def counted(count: int, word: str) -> str:
    """`1 fault`, `2 faults`."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def number(value: float | None) -> str:
    """A number without a needless `.0`; `none` where there is none."""
    return "none" if value is None else f"{value:g}" if value == int(value) else f"{value:.10g}"


def severities(record: Record) -> list[tuple[Severity, int]]:
    """How many faults there are of each severity that occurs, worst first."""
    counts = [(severity, sum(fault.severity is severity for fault in record.faults)) for severity in Severity]
    return [(severity, count) for severity, count in counts if count]


def category_title(record: Record, category: str) -> str:
    """The title of a category as the rubric has it, else its id."""
    return next((one.title for one in record.categories if one.id == category), category)
