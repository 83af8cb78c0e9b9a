"""An answer that holds no code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.documents import LANGUAGES
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

FEW_WORDS = 40
"""Up to so many words a document without code is a placeholder rather than prose."""


def has_code(solution: Solution) -> bool:
    """Whether a document gives at least one file in a language of infrastructure code."""
    return any(file.language in LANGUAGES and file.text.strip() for file in solution.files)


@detector(Kind.NO_CODE)
def no_code(pair: Pair) -> Iterator[Hit]:
    """An empty file, a placeholder, or prose where code was asked for.

    There is nothing to build, and no other fault is worth listing.

    Not flagged: an answer with any file in a language that infrastructure is written in.

    Example: an answer that only lists the steps it would take.
    """
    if has_code(pair.answer):
        return
    words = len(pair.answer.document.text.split())
    variant = "empty" if not words else "placeholder" if words <= FEW_WORDS else "prose"
    last = max(1, min(3, len(pair.answer.document.lines)))
    said = {
        "empty": "the answer is empty",
        "placeholder": f"the answer is a placeholder of {words} words",
        "prose": f"the answer is {words} words of prose without a file of code",
    }
    wanted = next((file for file in pair.ideal.files if file.language in LANGUAGES), None) if pair.ideal else None
    yield Hit(
        said[variant],
        at=Span(1, last) if words else None,
        entity="no code",
        variant=variant,
        stops=Stage.BUILD,
        ideal=(Span(wanted.line, min(wanted.end_line, wanted.line + 11)),) if wanted else (),
        facts={"words": words},
    )
