"""The failure report in Markdown, as a reviewer writes one: fault by fault with quoted evidence, then what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.model.kinds import Confidence, Severity, Side, Status, Verdict
from grader.reporters import _markdown
from grader.reporters._evidence import Passage, passages, snippet
from grader.reporters._markdown import prose
from grader.reporters._words import STATUSES, VERDICTS, category_title, counted, joined, lines_of, merged, number, severities

if TYPE_CHECKING:
    from grader.results import Record
    from grader.results.records import Fault

FORMAT = "md"
MOST_LISTED = 10
"""Lines of the lists of shared faults, of what could not be checked, and of notes."""
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Section:
    """One fault as the template lays it out; every text is ready Markdown."""

    fault: Fault
    category: str
    where: str
    evidence: tuple[Passage, ...]
    source: str
    correction: str
    snippets: tuple[Passage, ...]


def report(record: Record) -> str:
    """The report. It holds any content of an answer: code cannot leave its fence, and nothing outside of fences is HTML."""
    text = _environment().get_template("report.md.j2").render(
        record=record,
        opening=_opening(record),
        why="" if record.status is Status.GRADED else "\n".join(note.text for note in record.notes if note.kind == record.status),
        sections=[_section(record, fault) for fault in record.faults],
        shared=_shared(record),
        unchecked=_unchecked(record),
        notes=_notes(record),
        conclusion=_conclusion(record),
        first=_first(record),
        strengths=_strengths(record),
    )
    return re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" not in _fenced(record) else text
