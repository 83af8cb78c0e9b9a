"""The ideal's own code for what a fault is about: the same construct, the same property, the same name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.matching import SURE
from grader.model.hits import Correction, Hit, Snippet
from grader.model.once import once
from grader.model.spans import Span
from grader.model.values import Call, Fields, fold, look_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model.solutions import Pair, Solution

MOST_SNIPPETS = 2
MOST_LINES = 16
MOST_HITS = 20
"""Hits whose counterparts are looked up."""


def correction_of(hits: Sequence[Hit], pair: Pair) -> Correction:
    """Snippets of the ideal for the hits of one cause: where the detector names them, else what `seek` finds in the counterparts or, unmistakably, anywhere."""
    ideal = pair.ideal
    if ideal is None:
        return Correction()
    spans = list(dict.fromkeys(span for hit in hits for span in hit.ideal))
    if not spans:
        wanted = dict.fromkeys(term for hit in hits for term in hit.seek)
        spans = _sought(list(wanted), _counterparts(hits, pair), ideal) if wanted else []
    return Correction(snippets=tuple(snippet(ideal, span) for span in _apart(spans)[:MOST_SNIPPETS]))


def _sought(wanted: Sequence[str], near: Sequence[Span], ideal: Solution) -> list[Span]:
    for term in wanted:
        inside = [
            span
            for span in (*_declared(term, ideal), *_places(ideal).get(fold(term.rpartition(".")[2]), ()))
            if any(one.covers(span) for one in near)
        ]
        if inside:
            return inside
    for term in wanted:
        found = [*_declared(term, ideal)] or [*_places(ideal).get(fold(term), ())]
        if found and (len(_apart(found)) <= MOST_SNIPPETS or len({ideal.document.quote(span).strip() for span in found}) == 1):
            return found
    return list(near)


def _counterparts(hits: Sequence[Hit], pair: Pair) -> list[Span]:
    """The ideal's resources that are matched with those of the answer in which the hits stand."""
    comparison = compare(pair)
    places = [hit.at for hit in hits if hit.at is not None][:MOST_HITS]
    if comparison.off or not places:
        return []
    found: dict[Span, None] = {}
    for match in comparison.matches:
        span = comparison.answer.things[match.answer].resource.span
        if match.score >= SURE and any(span.covers(place) for place in places):
            found[comparison.ideal.things[match.ideal].resource.span] = None
    return list(found)


def snippet(ideal: Solution, span: Span) -> Snippet:
    """The lines of a span of the ideal, cut after `MOST_LINES`."""
    cut = Span(span.line, min(span.end_line, span.line + MOST_LINES - 1))
    language = next((block.language or block.tag for block in ideal.document.blocks if block.line <= cut.line <= block.end_line), "")
    return Snippet(cut, language, ideal.document.quote(cut))


def _apart(spans: Sequence[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not any(span.touches(other) for other in kept):
            kept.append(span)
    return kept


def _declared(term: str, ideal: Solution) -> Iterator[Span]:
    """Places that a term names for certain: `Function.code` a property of a resource, a symbol, a resource type that stands alone."""
    owner, _, member = term.rpartition(".")
    if owner:
        for resource in ideal.resources:
            value = look_up(resource.properties, member) if fold(_last(resource.type)) == fold(_last(owner)) else None
            if value is not None:
                yield value.span
    name = fold(term)
    yield from (symbol.span for symbol in ideal.symbols.values() if fold(symbol.name) == name)
    yield from (resource.span for resource in ideal.resources if fold(_last(resource.type)) == name)


@once
def _places(ideal: Solution) -> Mapping[str, Sequence[Span]]:
    """Where the ideal has calls and properties, by their folded names."""
    found: dict[str, list[Span]] = defaultdict(list)
    for value in ideal.values():
        if isinstance(value, Call):
            found[fold(value.path)].append(value.span)
            for key, inner in value.keywords.items():
                found[fold(key)].append(inner.span)
        elif isinstance(value, Fields):
            for key, inner in value.fields.items():
                found[fold(key)].append(inner.span)
    return found


def _last(kind: str) -> str:
    return kind.replace("::", ".").rsplit(".", 1)[-1]
