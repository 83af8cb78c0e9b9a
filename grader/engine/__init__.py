"""One answer from its texts to its record: read, find, split from what the ideal shares, price, write down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from grader.detectors import detectors
from grader.engine.causes import find
from grader.engine.grading import grade
from grader.engine.solving import solution_of as _solution_of
from grader.markdown import read_document

if TYPE_CHECKING:
    from grader.model.hits import Cause
    from grader.model.solutions import Pair, Solution

__all__ = ["causes_of", "grade", "solution_of"]


def solution_of(text: str) -> Solution:
    """The dialect-blind model of a Markdown text."""
    return _solution_of(read_document(text))


def causes_of(pair: Pair, names: Iterable[str]) -> tuple[Cause, ...]:
    """What the named detectors find in a pair.

    Raises:
        ValueError: a detector failed; its traceback is the message.
    """
    wanted = set(names)
    findings = find(pair, [one for one in detectors() if one.name in wanted])
    if findings.defects:
        raise ValueError(findings.defects[0][1])
    return findings.causes
