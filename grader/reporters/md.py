"""The failure report in Markdown, as a reviewer writes one: fault by fault with quoted evidence, then what follows from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.model.kinds import Confidence, Side, Status, Verdict
from grader.model.spans import Span
from grader.reporters._evidence import Passage, passages, snippet_passage
from grader.reporters._markdown import cell, code, code_span, fence, heading, prose
from grader.reporters._words import STATUSES, VERDICTS, category_title, counted, joined, lines_of, merged, number, severities

if TYPE_CHECKING:
    from grader.results import Record
    from grader.results.records import Fault, Location, Note, Unchecked

FORMAT = "md"
MOST_LISTED = 10
"""Lines of the lists of shared faults, of what could not be checked, and of notes."""
MOST_FIRST = 5
"""Faults that the conclusion names."""
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
    return (
        _environment()
        .get_template("report.md.j2")
        .render(
            record=record,
            opening=_opening(record),
            verdict=_verdict(record),
            reasons=_reasons(record),
            sections=[_section(record, fault) for fault in record.faults],
            shared=_shared(record),
            unchecked=_unchecked(record),
            notes=_notes(record),
            conclusion=_conclusion(record),
            first=_first(record),
            more=_more(record),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - the result is Markdown: HTML is escaped by `prose`, and code keeps its characters
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"prose": prose, "heading": heading, "cell": cell, "number": number}
    return environment


def _opening(record: Record) -> str:
    """What was compared, and how many faults of each severity were found."""
    answer = prose(record.answer or "The answer")
    if record.status in {Status.UNREADABLE, Status.FAILED}:
        return f"{answer} **{STATUSES[record.status]}**, so nothing is said about its content."
    compared = f"{answer} was compared with {prose(record.ideal)}" if record.ideal else f"{answer} was read alone, without an ideal answer"
    counts = severities(record)
    if not counts:
        return f"{compared}. **No fault** was found."
    if len(counts) == 1:
        found = f"**{counted(len(record.faults), f'{counts[0][0]} fault')}** {'was' if len(record.faults) == 1 else 'were'} found:"
    else:
        found = f"**{len(record.faults)} faults** were found ({joined([f'{count} {severity}' for severity, count in counts])}):"
    return f"{compared}. The following {found}"


def _verdict(record: Record) -> str:
    return VERDICTS[record.verdict] if record.verdict is not None else ""


def _reasons(record: Record) -> str:
    """Why there is no grade, as a fence: the message of an unreadable file or the traceback of a defect."""
    said = [note.text for note in record.notes if note.kind == record.status]
    return fence(code("\n".join(said)), "text") if said and record.status in {Status.UNREADABLE, Status.FAILED} else ""


def _section(record: Record, fault: Fault) -> Section:
    return Section(
        fault=fault,
        category=category_title(record, fault.category),
        where=_where(record, fault),
        evidence=tuple(passages(record, fault.evidence)),
        source=f" (from {prose(record.ideal)})" if fault.correction.snippets and record.ideal else "",
        correction=prose(fault.correction.text),
        snippets=tuple(snippet_passage(record, one) for one in fault.correction.snippets),
    )


def _where(record: Record, fault: Fault) -> str:
    """The documents and lines of a fault with its severity, category and, where it is not certain, confidence."""
    names = {Side.ANSWER: record.answer, Side.IDEAL: record.ideal or "the ideal", Side.PROMPT: record.prompt or "the prompt"}
    places = [f"{prose(names[side])} {lines_of(merged(own))}" for side in Side if (own := [one for one in fault.locations if one.side is side])]
    doubt = "" if fault.confidence is Confidence.HIGH else f", {fault.confidence} confidence"
    return f"{'; '.join(places) or prose(record.answer)} ({fault.severity}, {prose(category_title(record, fault.category))}{doubt})"


def _shared(record: Record) -> list[str]:
    listed = [f"{heading(fault.title)}{_at(fault.locations)}" for fault in record.shared[:MOST_LISTED]]
    return [*listed, *_rest(len(record.shared) - len(listed))]


def _unchecked(record: Record) -> list[str]:
    """What could not be checked, alike reasons as one line with their number and lines."""
    groups: dict[tuple[str, str], list[Unchecked]] = {}
    for one in record.unchecked:
        groups.setdefault((one.detector, _QUOTED.sub("`", one.reason)), []).append(one)
    said = []
    for (detector, _), same in groups.items():
        reasons = list(dict.fromkeys(one.reason for one in same))
        others = f"; {counted(len(reasons) - 1, 'place')} more of this kind" if len(reasons) > 1 else ""
        lines = merged(Span(one.line, one.line) for one in same if one.line is not None)
        said.append(f"{code_span(detector)}: {prose(reasons[0], 300)}{others}{f' ({lines_of(lines, 8)})' if lines else ''}")
    listed = said[: MOST_LISTED if len(said) <= MOST_LISTED else MOST_LISTED - 1]
    return [*listed, *_rest(len(said) - len(listed))]


def _notes(record: Record) -> list[str]:
    """Notes that no other part of the report shows, alike ones as one line."""
    groups: dict[str, list[Note]] = {}
    for note in record.notes:
        if note.kind not in {Status.UNREADABLE, Status.FAILED}:
            groups.setdefault(_last_line(note), []).append(note)
    said = []
    for text, same in groups.items():
        lines = merged(Span(note.line, note.line) for note in same if note.line is not None)
        said.append(f"{prose(text, 300)}{f' ({lines_of(lines, 8)})' if lines else ''}")
    return [*said[:MOST_LISTED], *_rest(len(said) - MOST_LISTED)]


def _last_line(note: Note) -> str:
    """A note's text; of a traceback what it ends with."""
    rows = note.text.strip().splitlines() or [note.kind]
    return f"a detector failed: {rows[-1]}" if note.kind == "detector-failed" else note.text


def _rest(count: int) -> list[str]:
    return [f"{count} more"] if count > 0 else []


def _at(places: Sequence[Location]) -> str:
    return f" ({lines_of(merged(places), 8)})" if places else ""


def _conclusion(record: Record) -> str:
    """The result in a sentence or two."""
    answer = prose(record.answer or "The answer")
    if record.verdict is None or record.status is Status.NO_CODE:
        return f"{answer} **{STATUSES[record.status]}**."
    score = f"It earns {number(record.score)} of 100 points."
    if not record.faults:
        return f"{answer} **{VERDICTS[record.verdict]}**: no fault was found. {score}"
    return f"{answer} **{VERDICTS[record.verdict]}**. {score} {_FOLLOWS[record.verdict]}"


_FOLLOWS = {
    Verdict.DOES_NOT_BUILD: "Nothing of it can be deployed as it is. To be mended first:",
    Verdict.DOES_NOT_DEPLOY: "The code builds as far as can be seen, and its deployment stops. To be mended first:",
    Verdict.DEVIATES: "Nothing was found that stops the build or the deployment. It differs from what was wanted in this:",
    Verdict.ACCEPTABLE: "What remains to be mended:",
}


def _first(record: Record) -> list[str]:
    """The faults of the worst severity that occurs, the first ones: what to mend first."""
    if not record.faults or record.verdict is None or record.status is Status.NO_CODE:
        return []
    worst = min(fault.severity.rank for fault in record.faults)
    own = [fault for fault in record.faults if fault.severity.rank == worst]
    listed = [f"{heading(fault.title)} (fault {fault.number})" for fault in own[:MOST_FIRST]]
    return [*listed, *_rest(len(own) - len(listed))]


def _more(record: Record) -> list[str]:
    """What else follows: where the points went, what is right, and what the ideal shows."""
    if record.status is not Status.GRADED:
        return []
    said = []
    titles = {
        "Every point was earned in": [one.title for one in record.categories if one.earned == one.points and not one.faults],
        "Not one point was earned in": [one.title for one in record.categories if one.points and not one.earned],
    }
    said += [f"{words} {joined([prose(one) for one in names])}." for words, names in titles.items() if names]
    mended = [str(fault.number) for fault in record.faults if fault.correction.snippets]
    if mended and record.ideal:
        said.append(f"{prose(record.ideal)} shows how it is done right for fault{'' if len(mended) == 1 else 's'} {joined(mended)}.")
    if record.shared:
        said.append(
            f"{prose(record.ideal or 'The ideal')} is not beyond doubt: {counted(len(record.shared), 'fault')} above {'is' if len(record.shared) == 1 else 'are'} its own too."
        )
    return said
