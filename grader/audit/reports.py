"""An audit as a table for a terminal, and as Markdown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.audit.claims import Audit, Checked, Finding, Lines, Part
from grader.model.spans import Span
from grader.reporters._markdown import cell, code, fence, heading, prose
from grader.reporters._words import counted, lines_of, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLES = {Finding.CONFIRMED: "green", Finding.CONTRADICTED: "bold red", Finding.UNSUPPORTED: "dim"}


def table(audit: Audit, *, width: int, coloured: bool) -> str:
    """One line a claim with its verdict and the first proof, then what the document misses."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=coloured, color_system="auto" if coloured else None, highlight=False)
    console.print(Text(_plain(f"{audit.sample}  {audit.document}"), style="bold"))
    if audit.claims:
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        shown.add_column("#", justify="right", no_wrap=True)
        shown.add_column("Claim", overflow="fold")
        shown.add_column("Finding", no_wrap=True)
        shown.add_column("Why", overflow="fold")
        for one in audit.claims:
            shown.add_row(
                str(one.claim.number), Text(_plain(one.claim.title)), Text(one.finding.value, style=_STYLES[one.finding]), Text(_plain(_why(one)))
            )
        console.print(shown)
    for line in [*_counts(audit), *(f"Not in the document: {_plain(one.title)}" for one in audit.missed), *audit.notes]:
        console.print(Text(line))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def markdown(audit: Audit) -> str:
    """Claim by claim with its evidence, then the faults that the document does not name."""
    rows = [f"# Audit of {heading(audit.document)}: {heading(audit.sample)}", "", f"{' '.join(_counts(audit))}", ""]
    rows += [f"> {prose(note)}\n" for note in audit.notes]
    if audit.claims:
        rows += ["| Claim | Severity | Finding | Why |", "| ----- | -------- | ------- | --- |"]
        rows += [
            f"| {one.claim.number}. {cell(one.claim.title)} | {one.claim.severity or ''} | **{one.finding}** | {cell(_why(one))} |"
            for one in audit.claims
        ]
        rows.append("")
    for one in audit.claims:
        rows += [
            f"## {one.claim.number}. {heading(one.claim.title)}",
            "",
            f"**{one.finding}** ({lines_of(_spans([Lines(line=one.claim.line, end_line=one.claim.end_line)]))} of the document)",
            "",
        ]
        rows += [f"- {prose(_said(one, index))}" for index in range(len(one.proofs))] or ["- nothing in it can be looked for in the answer"]
        rows += [f"- the grader's fault {number} says the same" for number in one.faults]
        for quote in one.claim.quotes:
            if quote.part is Part.MODEL:
                rows += ["", fence(code(quote.text), quote.language or "text")]
        rows.append("")
    if audit.missed:
        rows += ["## Faults the document does not name", ""]
        rows += [
            f"- **{one.severity}**, {one.kind}: {prose(one.title)}{f' ({lines_of(_spans(one.lines), 8)})' if one.lines else ''}"
            for one in audit.missed
        ]
        rows.append("")
    return "\n".join(rows)


def _counts(audit: Audit) -> list[str]:
    said = ", ".join(f"{audit.count(finding)} {finding}" for finding in Finding)
    return [
        f"{counted(len(audit.claims), 'claim')}: {said}.",
        f"{counted(len(audit.missed), 'fault')} of the grader that the document does not name.",
    ]


def _why(one: Checked) -> str:
    if one.faults:
        return f"the grader finds it too (fault {', '.join(str(number) for number in one.faults)})"
    return _said(one, 0) if one.proofs else ""


def _said(one: Checked, index: int) -> str:
    proof = one.proofs[index]
    where = (
        ""
        if proof.line is None
        else f" ({lines_of([Span(proof.line, proof.end_line or proof.line)])}{' of the ideal' if proof.side == 'ideal' else ''})"
    )
    return f"{proof.text}{where}"


def _spans(lines: Sequence[Lines]) -> list[Span]:
    return [Span(one.line, one.end_line) for one in lines]


def _plain(text: str) -> str:
    return " ".join(visible(text).split())
