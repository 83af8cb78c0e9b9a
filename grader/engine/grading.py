"""One sample from its texts to its record."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.detectors import detectors
from grader.detectors.no_code import has_code
from grader.engine.causes import Findings, find, only_in, split_shared
from grader.engine.solving import solution_of
from grader.markdown import read_document
from grader.model.kinds import Status
from grader.model.solutions import Pair, Requirements, Solution
from grader.results import failed_record, record_of, unreadable_record
from grader.rubric import price

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.loader import Sample, Source
    from grader.model.hits import Cause
    from grader.results import Record
    from grader.rubric import Rubric

MOST_NOTES = 10
"""Faults of the ideal alone that are noted."""

WITHOUT_CODE = frozenset(
    "no-code missing-resource missing-output missing-config missing-monitoring missing-security-control missing-encryption availability".split()
)
"""Detectors that say what an answer without code lacks; the others have nothing to read."""


def grade(sample: Sample, rubric: Rubric) -> Record:
    """Grade one sample. Never raises: a defect of the grader becomes a record with status `failed`.

    Faults are what the ideal mends or does not show; what the ideal has too is `shared` and costs nothing. Without an ideal everything
    that is found is a fault.
    """
    if sample.answer is None or sample.answer.error:
        return unreadable_record(sample, rubric)
    try:
        return _graded(sample, sample.answer, rubric)
    except Exception:  # noqa: BLE001 - one sample must not end a run of thousands
        return failed_record(sample, rubric, traceback.format_exc(limit=-6))


def _graded(sample: Sample, answer: Source, rubric: Rubric) -> Record:
    task = requirements_of(sample.prompt, sample.metadata)
    pair = Pair(solution_of(read_document(answer.text)), _ideal(sample.ideal), task)
    graded = has_code(pair.answer)
    chosen = detectors() if graded else [one for one in detectors() if one.name in WITHOUT_CODE]
    findings = find(pair, chosen)
    shared: tuple[Cause, ...] = ()
    introduced: tuple[Cause, ...] = ()
    causes = findings.causes
    if pair.ideal is not None and (graded or has_code(pair.ideal)):
        against = find(Pair(pair.ideal, None, task), [one for one in chosen if not one.compares])
        introduced = only_in(against.causes, causes)
        causes, shared = split_shared(causes, against.causes, pair)
    grade_ = price(rubric, causes, shared, alone=pair.ideal is None)
    return record_of(
        sample,
        rubric,
        grade_,
        status=Status.GRADED if graded else Status.NO_CODE,
        dialect=pair.answer.dialect,
        unchecked=findings.unchecked,
        notes=_notes(sample, pair, findings, introduced),
    )


def _ideal(source: Source | None) -> Solution | None:
    return solution_of(read_document(source.text)) if source is not None and not source.error else None


def requirements_of(prompt: Source | None, metadata: Mapping[str, object]) -> Requirements:
    """The task as detectors read it."""
    text = prompt.text if prompt is not None and not prompt.error else ""
    return Requirements(text, tuple(text.split("\n")), str(metadata.get("platform") or ""), str(metadata.get("language") or ""))


def _notes(sample: Sample, pair: Pair, findings: Findings, introduced: tuple[Cause, ...]) -> list[tuple[str, int | None, str]]:
    """(kind, line, text) of what a reader should know and no fault says."""
    notes: list[tuple[str, int | None, str]] = []
    for name, source in (("ideal", sample.ideal), ("prompt", sample.prompt)):
        if source is not None and source.error:
            notes.append((f"unreadable-{name}", None, source.error))
    if pair.ideal is not None and not has_code(pair.ideal):
        notes.append(("ideal-without-code", None, "the ideal holds no code: nothing was compared"))
    elif pair.ideal is not None and has_code(pair.answer) and (off := compare(pair).off):
        notes.append(("not-compared", None, f"the answer was not compared with the ideal: {off}"))
    notes += [("ideal-fault", None, _said_of_ideal(one)) for one in introduced[:MOST_NOTES] if one.detector != "no-code"]
    notes += [("unclaimed-block", block.line, f"no front end reads `{block.language or block.tag}`") for block in pair.answer.unclaimed]
    notes += [("detector-failed", None, f"{name}: {text}") for name, text in findings.defects]
    return notes


def _said_of_ideal(cause: Cause) -> str:
    """A cause that only the ideal has, as a note."""
    at = cause.hits[0].at
    place = f" (line {at.line} of the ideal)" if at is not None else ""
    return f"only the ideal has this {cause.detector}: {cause.hits[0].message.replace('the answer', 'the ideal')}{place}"
