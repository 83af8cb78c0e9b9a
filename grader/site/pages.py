"""Writes the pages of a run: the index with its data, and a page for each sample."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from grader.model.kinds import Severity, Side
from grader.reporters._words import STATUSES, VERDICTS, category_title, counted, lines_of, merged, number, severities, visible
from grader.site import charts
from grader.site.highlight import lines_of as highlighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jinja2 import Environment, Template

    from grader.results import Record
    from grader.results.records import Fault

ASSETS = ("site.css", "site.js")
MOST_NAME = 120


class Documents(Protocol):
    """Where the texts of a run's samples come from."""

    def __call__(self, record: Record, /) -> tuple[str | None, str | None]:
        """The answer and the ideal of a record; None where a text is not at hand any more."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One document of a sample's page: its name, its lines as HTML, the marks of faults by line, and how many lines were left out."""

    side: str
    name: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    more: int


def write_site(records: Sequence[Record], documents: Documents, folder: Path, *, title: str) -> Path:
    """Write the site of a run below `folder`; the path of its first page.

    Raises:
        OSError: the folder cannot be written.
    """
    (folder / "samples").mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        (folder / name).write_bytes((files(__package__) / "assets" / name).read_bytes())
    pages = _pages(records)
    for at, record in enumerate(records):
        around = (pages[at - 1] if at else None, pages[at + 1] if at + 1 < len(pages) else None)
        (folder / "samples" / pages[at]).write_text(sample_page(record, documents, around), encoding="utf-8", errors="replace")
    (folder / "data.js").write_text(f"window.RUN={_script(_rows(records, pages))};\n", encoding="utf-8", errors="replace")
    index = folder / "index.html"
    index.write_text(run_page(records, title), encoding="utf-8", errors="replace")
    return index


def run_page(records: Sequence[Record], title: str) -> str:
    """The page of a run. Its rows come from `data.js`, so that its size does not grow with the run."""
    graded = [record.score for record in records if record.score is not None]
    verdicts = Counter(
        VERDICTS[record.verdict] if record.verdict is not None and record.status == "graded" else STATUSES[record.status] for record in records
    )
    return _template("run").render(
        title=_plain(title),
        count=len(records),
        mean=number(round(sum(graded) / len(graded), 1)) if graded else "none",
        verdicts=verdicts.most_common(),
        categories=charts.categories(records),
        scores=charts.scores(records),
        rubric=_plain(" ".join(str(part) for part in (records[0].rubric.name, records[0].rubric.version))) if records else "",
    )


def sample_page(record: Record, documents: Documents, around: tuple[str | None, str | None] = (None, None)) -> str:
    """The page of one sample: its faults beside the answer and the ideal."""
    answer, ideal = documents(record)
    marks: dict[Side, dict[int, list[int]]] = {Side.ANSWER: {}, Side.IDEAL: {}}
    faults = [_fault(record, fault, marks) for fault in record.faults]
    panes = [
        _pane("answer", record.answer or "answer", answer, marks[Side.ANSWER]),
        *([_pane("ideal", record.ideal, ideal, marks[Side.IDEAL])] if record.ideal is not None else []),
    ]
    return _template("sample").render(
        record=record,
        name=_plain(record.sample),
        verdict=VERDICTS[record.verdict] if record.verdict is not None and record.status == "graded" else STATUSES[record.status],
        score=number(record.score),
        counts=severities(record),
        faults=faults,
        panes=panes,
        shared=[_plain(one.title) for one in record.shared],
        notes=[_plain(one.text) for one in record.notes],
        unchecked=[_plain(f"{one.detector}: {one.reason}") for one in record.unchecked],
        before=around[0],
        after=around[1],
    )


def _fault(record: Record, fault: Fault, marks: dict[Side, dict[int, list[int]]]) -> dict[str, object]:
    """A fault for the template, and its number at the lines it concerns."""
    places: dict[Side, list[tuple[int, int]]] = {Side.ANSWER: [], Side.IDEAL: []}
    for span in merged(one for one in fault.locations if one.side is Side.ANSWER):
        places[Side.ANSWER].append((span.line, span.end_line))
    for span in merged([*(one for one in fault.locations if one.side is Side.IDEAL), *fault.correction.snippets]):
        places[Side.IDEAL].append((span.line, span.end_line))
    for side, spans in places.items():
        for first, _ in spans:
            marks[side].setdefault(first, []).append(fault.number)
    own = [one for one in fault.locations if one.side is Side.ANSWER]
    return {
        "number": fault.number,
        "title": _pieces(fault.title),
        "severity": str(fault.severity),
        "kind": str(fault.kind),
        "category": _plain(category_title(record, fault.category)),
        "where": lines_of(merged(own)) if own else "no line of the answer",
        "problem": _pieces(fault.problem),
        "impact": [_pieces(line) for line in fault.impact],
        "correction": _pieces(fault.correction.text),
        "notes": [(lines_of(merged([quote])), _pieces(quote.note)) for quote in fault.evidence if quote.note and quote.side is Side.ANSWER][:12],
        "cost": number(fault.cost),
        "answer": json.dumps(places[Side.ANSWER]),
        "ideal": json.dumps(places[Side.IDEAL]),
    }


def _pane(side: str, name: str, text: str | None, marks: dict[int, list[int]]) -> Pane:
    if text is None:
        return Pane(side, _plain(f"{name} (no longer at hand)"), (), 0)
    rows, more = highlighted(text)
    return Pane(side, _plain(name), tuple((row, tuple(dict.fromkeys(marks.get(at, ())))) for at, row in enumerate(rows, 1)), more)


def _pieces(text: str) -> list[tuple[bool, str]]:
    """A sentence as (is code, text): what stands between backticks is shown as code."""
    return [(bool(at % 2), _plain(part) if at % 2 else " ".join(visible(part).split("\n"))) for at, part in enumerate(text.split("`")) if part]


def _rows(records: Sequence[Record], pages: Sequence[str]) -> dict[str, object]:
    """The table of the run's page, as arrays: names of dialects, verdicts and kinds stand once."""
    dialects = _words(record.dialect or "none" for record in records)
    verdicts = _words(_verdict(record) for record in records)
    kinds = _words(str(fault.kind) for record in records for fault in record.faults)
    return {
        "dialects": list(dialects),
        "verdicts": list(verdicts),
        "kinds": list(kinds),
        "severities": [str(one) for one in Severity],
        "rows": [
            [
                _plain(record.sample)[:MOST_NAME],
                page,
                dialects[record.dialect or "none"],
                verdicts[_verdict(record)],
                record.score,
                [sum(fault.severity is one for fault in record.faults) for one in Severity],
                sorted({kinds[str(fault.kind)] for fault in record.faults}),
                _plain(record.answer)[:MOST_NAME],
            ]
            for record, page in zip(records, pages, strict=True)
        ],
    }


def _verdict(record: Record) -> str:
    return str(record.verdict) if record.verdict is not None and record.status == "graded" else str(record.status)


def _words(values: Iterable[str]) -> dict[str, int]:
    return {word: at for at, word in enumerate(sorted(set(values)))}


def _pages(records: Sequence[Record]) -> list[str]:
    """A file name for each sample: what can be read of its name, and a digest where two would meet."""
    names: list[str] = []
    seen: set[str] = set()
    for record in records:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", record.sample).strip(".-")[:80] or "sample"
        name = plain
        if name.lower() in seen or name != record.sample.replace("/", "-"):
            whole = f"{record.sample}\0{record.answer}".encode("utf-8", "replace")
            name = f"{plain}-{sha256(whole).hexdigest()[:8]}"
        while name.lower() in seen:
            name += "-2"
        seen.add(name.lower())
        names.append(f"{name}.html")
    return names


def _script(value: object) -> str:
    """JSON that no HTML parser and no JavaScript parser takes for an end."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")


def _plain(text: str) -> str:
    return " ".join(visible(text).split())


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - start-up must not load jinja2

    return Environment(loader=PackageLoader("grader.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _template(name: str) -> Template:
    environment = _environment()
    environment.globals["counted"] = counted
    return environment.get_template(f"{name}.html")
