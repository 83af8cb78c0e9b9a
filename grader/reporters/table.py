"""A table for a terminal: the faults with their severity and lines, then score and verdict."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.model.kinds import Severity, Status
from grader.reporters._words import STATUSES, VERDICTS, category_title, counted, joined, lines_of, merged, number, severities, visible

if TYPE_CHECKING:
    from grader.results import Record
    from grader.results.records import Fault

FORMAT = "table"
WIDE, NARROW, LEAST = 100, 72, 20
"""Columns: where standard output is no terminal, below which faults are a list, and fewer than which are taken for no answer."""
_STYLES = {Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}


def report(record: Record) -> str:
    """The table, as wide as the terminal. Colour and escape sequences occur only where standard output is a terminal that wants them."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = max(LEAST, shutil.get_terminal_size((WIDE, 40)).columns)
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=coloured, color_system="auto" if coloured else None, highlight=False)
    console.print(Text(_heading(record), style="bold"))
    if record.faults:
        console.print(_table(record) if width >= NARROW else _list(record))
    for line in _closing(record):
        console.print(Text(line))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _heading(record: Record) -> str:
    against = f"against {record.ideal}" if record.ideal else "without an ideal"
    return "  ".join(_plain(part) for part in (record.sample, record.dialect, against) if part)


def _table(record: Record) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Fault", overflow="fold")
    table.add_column("Category", overflow="fold")
    table.add_column("Severity", no_wrap=True)
    table.add_column("Lines", overflow="fold", max_width=20)
    for fault in record.faults:
        table.add_row(
            str(fault.number), Text(_title(fault)), Text(_plain(category_title(record, fault.category))), _severity(fault), Text(_lines(fault))
        )
    return table


def _list(record: Record) -> Text:
    """One fault under the other, for a terminal that is too narrow for columns."""
    text = Text()
    for fault in record.faults:
        text.append(f"{fault.number}. ").append(_severity(fault))
        text.append(f" {_plain(category_title(record, fault.category))}{f', lines {_lines(fault)}' if fault.locations else ''}\n   {_title(fault)}\n")
    return text


def _severity(fault: Fault) -> Text:
    return Text(fault.severity.value, style=_STYLES[fault.severity])


def _lines(fault: Fault) -> str:
    return lines_of(merged(fault.locations), most=4).partition(" ")[2] if fault.locations else ""


def _title(fault: Fault) -> str:
    return _plain(fault.title.replace("`", ""))


def _plain(text: str) -> str:
    return " ".join(visible(text).split())


def _closing(record: Record) -> list[str]:
    if record.status in {Status.UNREADABLE, Status.FAILED}:
        why = record.notes[0].text.strip().splitlines()[-1:] if record.notes else []
        return [_plain(": ".join([f"No score: the answer {STATUSES[record.status]}", *why]))]
    counts = joined([f"{count} {severity}" for severity, count in severities(record)])
    found = f"{counted(len(record.faults), 'fault')} ({counts})" if counts else "no fault"
    verdict = VERDICTS[record.verdict] if record.verdict is not None else ""
    rows = [f"Score {number(record.score)} of 100: {verdict}, {found}"]
    if record.shared:
        rows.append(f"Not priced: {counted(len(record.shared), 'fault')} that the ideal has too")
    if record.unchecked:
        rows.append(f"Not checked: {counted(len(record.unchecked), 'place')} that could not be decided")
    return rows
