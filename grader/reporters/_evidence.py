"""Quoted lines in the order and grouping of a report: neighbouring quotes share a fence, and what they show stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model.kinds import Side
from grader.model.spans import Span
from grader.reporters._markdown import code, comment, fence, prose
from grader.reporters._words import lines_of, merged

if TYPE_CHECKING:
    from grader.results import Record
    from grader.results.records import Quote, Snippet


@dataclass(frozen=True, slots=True)
class Passage:
    """A fence with a line above it (where the language has no line comments) and the notes below it, all ready Markdown."""

    above: str
    fence: str
    notes: tuple[str, ...] = ()


def passages(record: Record, quotes: Sequence[Quote]) -> list[Passage]:
    """The evidence of a fault. A quote whose lines another quote holds adds only its note."""
    shown = [quote for index, quote in enumerate(quotes) if quote.text.strip() and not _held(quote, index, quotes)]
    found: list[Passage] = []
    told: set[int] = set()
    for group in _groups(shown):
        covering = [quote for quote in quotes if id(quote) not in told and any(_within(quote, other) for other in group)]
        told.update(id(quote) for quote in covering)
        found.append(_passage(record, group, _notes(record, covering)))
    rest = _notes(record, [quote for quote in quotes if id(quote) not in told])
    return [*found, Passage("", "", rest)] if rest else found


def snippet_passage(record: Record, one: Snippet) -> Passage:
    """Code of the ideal with its lines."""
    where = lines_of([Span(one.line, one.end_line)])
    mark = comment(one.language)
    if mark:
        return Passage("", fence(f"{mark} {_capital(where)}\n{code(one.text)}", one.language))
    return Passage(f"{prose(record.ideal or 'The ideal')}, {where}:", fence(code(one.text), one.language))


def _held(quote: Quote, index: int, quotes: Sequence[Quote]) -> bool:
    """Whether another quote shows the same lines, and more of them or first."""
    return any(
        _within(quote, other) and (not _within(other, quote) or position < index) for position, other in enumerate(quotes) if position != index
    )


def _within(quote: Quote, other: Quote) -> bool:
    return quote.side is other.side and other.line <= quote.line and quote.end_line <= other.end_line


def _groups(quotes: Sequence[Quote]) -> Iterator[list[Quote]]:
    """Quotes that share a fence: neighbours of one line each, of one document and one language that has line comments."""
    group: list[Quote] = []
    for quote in quotes:
        alike = group and (group[-1].side, group[-1].language) == (quote.side, quote.language) and comment(quote.language)
        if alike and group[-1].line == group[-1].end_line and quote.line == quote.end_line:
            group.append(quote)
            continue
        if group:
            yield group
        group = [quote]
    if group:
        yield group


def _passage(record: Record, group: Sequence[Quote], notes: tuple[str, ...]) -> Passage:
    first = group[0]
    mark = comment(first.language)
    if not mark:
        return Passage(f"{_capital(_where(record, group))}:", fence(code(first.text), first.language), notes)
    texts: dict[str, list[Quote]] = {}
    for quote in group:
        texts.setdefault(code(quote.text), []).append(quote)
    text = "\n\n".join(f"{mark} {_capital(_where(record, same))}\n{shown}" for shown, same in texts.items())
    return Passage("", fence(text, first.language), notes)


def _notes(record: Record, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """What quotes show, each note once with all its lines."""
    places: dict[tuple[Side, str], list[Quote]] = {}
    for quote in quotes:
        if quote.note.strip():
            places.setdefault((quote.side, quote.note), []).append(quote)
    return tuple(f"{_capital(_where(record, same))}: {prose(note)}" for (_, note), same in places.items())


def _where(record: Record, quotes: Sequence[Quote]) -> str:
    """`line 7`, with the document's name where it is not the answer."""
    names = {Side.ANSWER: "", Side.IDEAL: record.ideal or "the ideal", Side.PROMPT: record.prompt or "the prompt"}
    name = names[quotes[0].side]
    where = lines_of(merged(quotes))
    return f"{where} of {prose(name)}" if name else where


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
