"""Another layout of files and classes than the ideal's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.structure import Divergence, divergences
from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair

MOST = 2
"""Divergences of one answer that are told."""
LINES = 400
"""Lines of a file or class that count as its place."""


@detector(Kind.ARCHITECTURE_DIVERGENCE, compares=True)
def architecture_divergence(pair: Pair) -> Iterator[Hit]:
    """All resources in one file or class where the ideal divides them, or the other way; no class at all; constructors that take less.

    What is imported, tested and reused by the ideal's layout is not there.

    Not flagged: files whose names are not given; solutions of a few resources; what differs in one class more or less; answers that break off.

    Example: one `index.ts` where the ideal has a component for the network, the database and the function.
    """
    for one in [*divergences(pair)][:MOST]:
        yield from _hits(one)


def _hits(one: Divergence) -> Iterator[Hit]:
    said = _said(one)
    for place, at in enumerate(one.at):
        name = one.mine[place] if place < len(one.mine) else one.mine[0] if one.mine else one.theirs[0]
        yield Hit(
            said,
            at=Span(at.line, min(at.end_line, at.line + LINES)),
            entity=name,
            entities=tuple(dict.fromkeys((*one.mine, *one.theirs, *([one.base] if one.base else [])))),
            cause=one.form,
            variant=one.form,
            proof=Proof.DIFF,
            note=_note(one),
            ideal=one.ideal[:2],
            facts={"mine": one.mine, "theirs": one.theirs, "base": one.base},
        )


def _said(one: Divergence) -> str:
    mine, theirs = _listed(one.mine), _listed(one.theirs)
    return {
        "one-file": f"every resource stands in {mine}; the ideal divides them among {theirs}",
        "many-files": f"the resources are spread over {mine}; the ideal keeps them in {theirs}",
        "no-class": f"no class holds the resources; the ideal has {theirs}",
        "one-class": f"{mine} holds every resource; the ideal divides them among {theirs}",
        "many-classes": f"the resources are spread over {mine}; the ideal keeps them in {theirs}",
        "class-name": f"the stack is {mine}; in the ideal it is {theirs}",
        "fields": f"{mine} {'lacks' if len(one.mine) == 1 else 'lack'} {theirs}",
    }[one.form]


def _note(one: Divergence) -> str:
    return {"one-file": "everything in one file", "no-class": "outside of any class", "class-name": f"{_listed(one.theirs)} in the ideal"}.get(
        one.form, ""
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
