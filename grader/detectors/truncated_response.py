"""An answer that is cut off, or that leaves code out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import ELIDED
from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair

_TAIL = 6
_PROSE = re.compile(r"^(?:\s*[-*] \*\*|#{2,6} |\*\*[^*]+\*\*|\|.*\|$|\d+\. [A-Z]|\\?`{3}|<{7}|={7}|>{7})")


@detector(Kind.TRUNCATED_RESPONSE)
def truncated_response(pair: Pair) -> Iterator[Hit]:
    """A last block that never ends, or a comment in place of code.

    What follows is missing, so the file cannot be used as it is given.

    Not flagged: an unclosed last fence whose code is complete; ellipses in prose, in snippets and in quotes.

    Example: `// ... rest of the stack` inside a file of the solution.
    """
    answer = pair.answer
    broken = {id(problem.file) for problem in answer.problems}
    for file in answer.files:
        if file.superseded:
            continue
        if not file.closed and id(file) in broken and not _ends_in_prose(file.text):
            yield Hit(
                f"the answer ends in the middle of {file.label}",
                at=Span(max(file.line, file.end_line - _TAIL + 1), file.end_line),
                entity="cut",
                entities=(file.label,),
                variant="cut",
                stops=Stage.BUILD,
                note="the last lines of the answer",
                facts={"file": file.label, "line": file.end_line},
            )
        for offset, line in enumerate(file.text.split("\n")):
            if ELIDED.match(line):
                at = file.line + offset
                yield Hit(
                    f"{file.label} leaves code out: `{line.strip()[:80]}`",
                    at=Span(at, at),
                    entity=line.strip()[:80],
                    entities=(file.label,),
                    cause=f"elided {file.label}",
                    variant="elided",
                    note="stands in place of code",
                    facts={"file": file.label},
                )


def _ends_in_prose(text: str) -> bool:
    """Whether the last lines of an open block are a document's prose or a merge's marks: the fence was lost, the code was not cut."""
    last = [line for line in text.split("\n") if line.strip()][-3:]
    return any(_PROSE.match(line) for line in last)
