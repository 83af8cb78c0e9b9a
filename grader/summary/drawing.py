"""Sections and results as text: tables for a terminal, Markdown, JSON."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Literal

from grader.reporters._words import visible
from grader.summary.answers import Answer
from grader.summary.sections import Section

Form = Literal["table", "json", "md"]
FORMS: tuple[Form, ...] = ("table", "json", "md")
WIDE, LEAST = 140, 40
_TEXT = 16
"""Columns of a terminal for a cell of text, below which a table is a list."""


def table(sections: Sequence[Section]) -> str:
    """Tables as wide as the terminal; colour only where standard output is a terminal that wants it."""
    from rich import box  # noqa: PLC0415 - only a terminal needs it
    from rich.console import Console  # noqa: PLC0415 - likewise
    from rich.table import Table  # noqa: PLC0415 - likewise
    from rich.text import Text  # noqa: PLC0415 - likewise

    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = max(LEAST, shutil.get_terminal_size((WIDE, 40)).columns)
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=coloured, color_system="auto" if coloured else None, highlight=False)
    for number, section in enumerate(sections):
        if number:
            console.print()
        console.print(Text(_plain(section.title), style="bold"))
        if section.rows and sum(_least(section)) + 2 * len(section.columns) + 2 > width:
            console.print(Text("\n" + "\n".join(_listed(section))))
        elif section.rows:
            drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
            for column, least in zip(section.columns, _least(section), strict=True):
                if column.startswith(">"):
                    drawn.add_column(column.removeprefix(">"), justify="right", width=least)
                else:
                    drawn.add_column(column, overflow="fold")
            for row in section.rows:
                drawn.add_row(*(Text(_plain(cell)) for cell in row))
            console.print(drawn)
        for line in section.lines:
            console.print(Text(_plain(line)))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _least(section: Section) -> list[int]:
    """How wide each column of a table must be at least: numbers and words of headings whole, and something of its text."""
    least = []
    for place, column in enumerate(section.columns):
        widest = max(map(len, [*column.removeprefix(">").split(), *(row[place] for row in section.rows)]))
        least.append(widest if column.startswith(">") else min(_TEXT, widest))
    return least


def _listed(section: Section) -> Iterator[str]:
    """One row under the other, for a terminal that is too narrow for columns."""
    for row in section.rows:
        named = [f"{column.removeprefix('>')} {_plain(cell)}".strip() for column, cell in zip(section.columns, row, strict=True)]
        yield f"{named[0]}: {'; '.join(named[1:])}"


def markdown(title: str, sections: Sequence[Section]) -> str:
    """Markdown with a heading and a table for each section."""
    parts = [f"# {_cell(title)}"]
    for section in sections:
        parts.append(f"## {_cell(section.title)}")
        if section.rows:
            rows = [
                [column.removeprefix(">") for column in section.columns],
                ["---:" if column.startswith(">") else "---" for column in section.columns],
                *([_cell(cell) for cell in row] for row in section.rows),
            ]
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
        if section.lines:
            parts.append("\n".join(f"- {_cell(line)}" for line in section.lines))
    return "\n\n".join(parts) + "\n"


def as_json(result: object) -> str:
    """A summary or a comparison as JSON, with every row; an answer is its names, status, score and verdict."""
    return json.dumps(_data(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _data(value: object) -> object:
    if isinstance(value, Answer):
        names = ("sample", "answer", "model", "dialect", "status", "score", "verdict")
        return {name: getattr(value, name) for name in names}
    if is_dataclass(value):
        return {field.name: _data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _data(one) for key, one in value.items()}
    return [_data(one) for one in value] if isinstance(value, tuple | list) else value


def _plain(text: str) -> str:
    """Text of an answer without what a terminal would obey."""
    return visible(text).replace("\t", " ")


def _cell(text: str) -> str:
    """Text that keeps to its cell and marks nothing up by chance; code between backticks stays."""
    flat = _plain(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "<br>".join(" ".join(line.split()) for line in flat.split("\n"))
