"""A table for the terminal: the faults with their severity and lines, the score and the verdict."""

from __future__ import annotations

import io
import shutil
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.reporters._wording import in_words, lines_of

if TYPE_CHECKING:
    from grader.results import Record

_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
NARROW = 60


def report(record: Record) -> str:
    """The table, as wide as the terminal, in colour only where standard output is one."""
    coloured = sys.stdout.isatty()
    width = max(NARROW, shutil.get_terminal_size((110, 40)).columns)
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=coloured, color_system="auto" if coloured else None, highlight=False)
    console.print(Text(_heading(record), style="bold"))
    if record.faults:
        console.print(_table(record, width))
    console.print(Text(_closing(record)))
    return out.getvalue()


def _heading(record: Record) -> str:
    parts = [record.sample, record.dialect or "dialect unknown", f"against {record.ideal}" if record.ideal else "without an ideal"]
    return " · ".join(parts)


def _table(record: Record, width: int) -> Table:
    table = Table(expand=False, pad_edge=False, show_lines=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Fault", ratio=None, overflow="fold", max_width=max(24, width - 46))
    table.add_column("Category", no_wrap=True)
    table.add_column("Severity", no_wrap=True)
    table.add_column("Lines", overflow="fold", max_width=18)
    titles = {category.id: category.title for category in record.categories}
    for fault in record.faults:
        severity = Text(fault.severity.value, style=_STYLES[fault.severity.value])
        table.add_row(str(fault.number), Text(fault.title.replace("`", "")), titles.get(fault.category, fault.category), severity, lines_of(fault.locations, most=4))
    return table


def _closing(record: Record) -> str:
    if record.score is None:
        return f"status {record.status.value}: {record.notes[0].text.splitlines()[-1] if record.notes and record.notes[0].text else 'no grade'}"
    verdict = record.verdict.value if record.verdict else ""
    rows = [f"score {record.score:g} of 100 · {verdict} · {in_words(record)}"]
    if record.shared:
        rows.append(f"{len(record.shared)} more found in the ideal too (not priced)")
    if record.unchecked:
        rows.append(f"{len(record.unchecked)} places could not be checked")
    return "\n".join(rows)
