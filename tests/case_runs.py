"""Runs one case through the real pipeline: what the detector of its file says, one line a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grader.model.solutions import Pair, Requirements

if TYPE_CHECKING:
    from grader.model.hits import Cause
    from tests.markdown_cases import Case

SHARED = "shared "
"""Begins the line of a fault that the ideal has too."""


def run_case(case: Case, detector: str) -> list[str]:
    """The faults that one detector finds in a case: `variant | lines | message`, in the order of the document."""
    from grader.engine import causes_of, solution_of  # noqa: PLC0415 - collecting cases must not need a working engine
    from grader.engine.causes import split_shared  # noqa: PLC0415 - the same

    metadata = json.loads(case.text("metadata") or "{}")
    prompt = case.text("prompt") or ""
    ideal = case.text("ideal")
    task = Requirements(prompt, tuple(prompt.split("\n")), metadata.get("platform", ""), metadata.get("language", ""))
    pair = Pair(solution_of(case.text("answer") or ""), None if ideal is None else solution_of(ideal), task)
    causes = causes_of(pair, (detector,))
    shared: tuple[Cause, ...] = ()
    if pair.ideal is not None:
        causes, shared = split_shared(causes, causes_of(Pair(pair.ideal, None, task), (detector,)), pair)
    return [*map(_line, causes), *(SHARED + _line(cause) for cause in shared)]


def _line(cause: Cause) -> str:
    spans = sorted({hit.at for hit in cause.hits if hit.at is not None})
    lines = ", ".join(str(one.line) if one.line == one.end_line else f"{one.line}-{one.end_line}" for one in spans)
    messages = tuple(dict.fromkeys(hit.message for hit in cause.hits))
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    return f"{cause.variant or '-'} | {lines or '-'} | {messages[0]}{more}"
