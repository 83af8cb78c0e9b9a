"""A file that its language's parser rejects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.paths import is_test

if TYPE_CHECKING:
    from grader.model.documents import File
    from grader.model.solutions import Pair


_FEW = 8
"""Unnamed code of no more lines shows how something is used, where the answer has other files."""


@detector(Kind.SYNTAX_ERROR)
def syntax_error(pair: Pair) -> Iterator[Hit]:
    """A whole file that cannot be parsed.

    Nothing in the file takes effect until the place is mended.

    Not flagged: fragments, snippets and quotes; a few unnamed lines beside whole files; unnamed code with `...` for what it leaves out; a file that is cut off at the end of the answer (`truncated-response`); tests.

    Example: a TypeScript file whose class body is closed twice.
    """
    claimed = {id(file) for file in pair.answer.claimed}
    for problem in pair.answer.problems:
        file = problem.file
        if not file.whole or file.superseded or not file.closed or is_test(file.name) or _shown(file, claimed):
            continue
        yield Hit(
            f"{file.label} does not parse: {problem.message}",
            at=problem.span._replace(end_line=min(problem.span.end_line, problem.span.line + 2)),
            entity=file.label,
            entities=(file.language, problem.message),
            stops=Stage.BUILD if id(file) in claimed or file.language in {"go", "java", "hcl"} else Stage.NONE,
            note=problem.message,
            seek=(file.name or "",) if file.name else (),
            facts={"file": file.label, "language": file.language},
        )


def _shown(file: File, claimed: set[int]) -> bool:
    """Whether code without a file name only shows something: few lines beside the solution's files, or `...` on a line of its own."""
    if file.name is not None:
        return False
    lines = [line.strip() for line in file.text.split("\n")]
    others = claimed - {id(file)}
    return "..." in lines or (bool(others) and len([line for line in lines if line]) <= _FEW)
