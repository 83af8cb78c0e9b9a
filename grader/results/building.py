"""From a priced grade and the facts of a sample to its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from grader.model.hits import Cause, Evidence, Unchecked
from grader.model.kinds import Confidence, Kind, Proof, Severity, Side, Status, Verdict
from grader.results import records

MOST_LINES = 12
MOST_CHARACTERS = 400
MOST_EVIDENCE = 30
MOST_UNCHECKED = 50
CUT = "\N{HORIZONTAL ELLIPSIS}"


class _Source(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def error(self) -> str: ...


class _Sample(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def answer(self) -> _Source | None: ...
    @property
    def ideal(self) -> _Source | None: ...
    @property
    def prompt(self) -> _Source | None: ...
    @property
    def metadata(self) -> Mapping[str, object]: ...


class _Rubric(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def digest(self) -> str: ...


class _Fault(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def criterion(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def category(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def confidence(self) -> Confidence: ...
    @property
    def proof(self) -> Proof: ...
    @property
    def title(self) -> str: ...
    @property
    def problem(self) -> str: ...
    @property
    def impact(self) -> tuple[str, ...]: ...
    @property
    def correction(self) -> str: ...
    @property
    def cause(self) -> Cause: ...
    @property
    def cost(self) -> float: ...


class _Category(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def points(self) -> float: ...
    @property
    def earned(self) -> float: ...
    @property
    def faults(self) -> int: ...


class _Grade(Protocol):
    @property
    def score(self) -> float: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def categories(self) -> Sequence[_Category]: ...
    @property
    def faults(self) -> Sequence[_Fault]: ...
    @property
    def shared(self) -> Sequence[_Fault]: ...
    @property
    def unlisted(self) -> int: ...


def record_of(
    sample: _Sample,
    rubric: _Rubric,
    grade: _Grade,
    *,
    status: Status,
    dialect: str,
    unchecked: Sequence[tuple[str, Unchecked]],
    notes: Sequence[tuple[str, int | None, str]],
) -> records.Record:
    """The record of a graded answer. An answer without code scores 0 and builds nothing."""
    code = status is not Status.NO_CODE
    said = [records.Note(kind=kind, line=line, text=text) for kind, line, text in notes]
    if grade.unlisted:
        said.append(records.Note(kind="more-faults", text=f"{grade.unlisted} further faults are priced and not listed"))
    doubts = list(dict.fromkeys((name, one.reason, one.line) for name, one in unchecked))
    if len(doubts) > MOST_UNCHECKED:
        said.append(records.Note(kind="more-unchecked", text=f"{len(doubts) - MOST_UNCHECKED} further places could not be checked"))
    return records.Record(
        **_head(sample, rubric),
        dialect=dialect,
        status=status,
        score=grade.score if code else 0.0,
        verdict=grade.verdict if code else Verdict.DOES_NOT_BUILD,
        categories=tuple(
            records.Category(id=one.id, title=one.title, points=one.points, earned=one.earned if code else 0.0, faults=one.faults)
            for one in grade.categories
        ),
        faults=tuple(_fault(one) for one in grade.faults),
        shared=tuple(_fault(one) for one in grade.shared),
        unchecked=tuple(records.Unchecked(detector=name, reason=reason, line=line) for name, reason, line in doubts[:MOST_UNCHECKED]),
        notes=tuple(said),
    )


def unreadable_record(sample: _Sample, rubric: _Rubric) -> records.Record:
    """The record of an answer that is no text, too large, or not there."""
    why = sample.answer.error if sample.answer is not None else "the answer is missing"
    return records.Record(
        **_head(sample, rubric), dialect="", status=Status.UNREADABLE, score=None, verdict=None, notes=(records.Note(kind="unreadable", text=why),)
    )


def failed_record(sample: _Sample, rubric: _Rubric, message: str) -> records.Record:
    """The record of an answer at which the grader itself failed; the message is the traceback."""
    return records.Record(
        **_head(sample, rubric), dialect="", status=Status.FAILED, score=None, verdict=None, notes=(records.Note(kind="failed", text=message),)
    )


def _head(sample: _Sample, rubric: _Rubric) -> dict[str, object]:
    return {
        "sample": sample.name,
        "answer": sample.answer.name if sample.answer is not None else "",
        "ideal": sample.ideal.name if sample.ideal is not None else None,
        "prompt": sample.prompt.name if sample.prompt is not None else None,
        "rubric": records.RubricName(name=rubric.name, version=rubric.version, digest=rubric.digest),
    }


def _fault(one: _Fault) -> records.Fault:
    cause = one.cause
    spans = dict.fromkeys(hit.at for hit in cause.hits if hit.at is not None)
    evidence = _spread(cause.evidence)
    return records.Fault(
        number=one.number,
        criterion=one.criterion,
        kind=one.kind,
        category=one.category,
        severity=one.severity,
        confidence=one.confidence,
        proof=one.proof,
        title=one.title,
        problem=one.problem,
        impact=tuple(one.impact),
        correction=records.Correction(
            text=one.correction or cause.correction.text,
            snippets=tuple(
                records.Snippet(
                    line=snippet.span.line, end_line=snippet.span.end_line, language=snippet.language, text=shortened(snippet.text, lines=40)
                )
                for snippet in cause.correction.snippets
            ),
        ),
        locations=tuple(records.Location(side=Side.ANSWER, line=span.line, end_line=span.end_line) for span in spans),
        evidence=tuple(
            records.Quote(
                side=piece.side,
                line=piece.span.line,
                end_line=piece.span.end_line,
                text=shortened(piece.text),
                note=piece.note,
                language=piece.language,
            )
            for piece in evidence
        ),
        entities=cause.entities[:40],
        cost=one.cost,
    )


def _spread(evidence: Sequence[Evidence]) -> Iterable[Evidence]:
    """The first pieces of evidence, without one whose lines another piece holds already."""
    kept: list[Evidence] = []
    for piece in evidence:
        if len(kept) < MOST_EVIDENCE and not any(other.side == piece.side and other.span.covers(piece.span) for other in kept):
            kept.append(piece)
    return kept


def shortened(text: str, lines: int = MOST_LINES) -> str:
    """At most so many lines of at most `MOST_CHARACTERS` each, with a mark where something is left out."""
    rows = text.split("\n")
    kept = [row if len(row) <= MOST_CHARACTERS else row[:MOST_CHARACTERS] + CUT for row in rows[:lines]]
    return "\n".join([*kept, CUT] if len(rows) > lines else kept)
