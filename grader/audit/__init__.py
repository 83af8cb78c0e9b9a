"""Checks a failure document that a person wrote: its claims, and which of them are true of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.audit.checks import check
from grader.audit.claims import Audit, Checked, Claim, Finding, Lines, Missed
from grader.audit.documents import read_claims
from grader.audit.sources import Text
from grader.engine import grade, solution_of
from grader.markdown import read_document

if TYPE_CHECKING:
    from grader.loader import Sample, Source
    from grader.rubric import Rubric

__all__ = ["Audit", "Checked", "Claim", "Finding", "audit", "read_claims"]


def audit(sample: Sample, document: Source, rubric: Rubric) -> Audit:
    """Check every claim of a sample's failure document against its answer, its ideal and the grader's own faults. `sample.answer` is given."""
    record = grade(sample, rubric)
    solution = solution_of(sample.answer.text if sample.answer is not None else "")
    answer = Text(solution.document, solution.resources)
    ideal = Text(read_document(sample.ideal.text)) if sample.ideal is not None and not sample.ideal.error else None
    claims = read_claims(document.text)
    checked = tuple(check(claim, answer, ideal, record.faults) for claim in claims)
    named = {number for one in checked for number in one.faults}
    missed = tuple(
        Missed(
            number=fault.number,
            title=fault.title,
            kind=fault.kind,
            severity=fault.severity,
            lines=tuple(Lines(line=place.line, end_line=place.end_line) for place in fault.locations if place.side == "answer"),
        )
        for fault in record.faults
        if fault.number not in named
    )
    notes = [] if claims else ["no claim could be read: the document is a placeholder or names no fault"]
    notes += [note.text for note in record.notes if note.kind == "detector-failed"]
    return Audit(sample=sample.name, document=document.name, claims=checked, missed=missed, notes=tuple(notes))
