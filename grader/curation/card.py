"""The funnel as JSON, Markdown and a table, and the card of the data set with its YAML header."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import yaml

from grader.curation.rows import COLUMNS
from grader.curation.splits import SPLITS

if TYPE_CHECKING:
    from grader.curation.funnel import Sieved, Stage
    from grader.curation.quality import Quality
    from grader.store import Run

_MOST_REASONS = 6
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MEANING = {
    "id": "sample and answer",
    "prompt": "the task as given",
    "completion": "the ideal answer",
    "chosen": "the ideal answer",
    "rejected": "the model's answer",
    "response": "the model's answer",
    "text": "the model's answer, in which the spans count",
    "score": "0 to 100, by the rubric below",
    "chosen_score": "100: an ideal graded against itself",
    "rejected_score": "0 to 100, by the rubric below",
    "margin": "`chosen_score` less `rejected_score`",
    "dialect": "what the answer is written in",
    "verdict": "`does-not-build`, `does-not-deploy`, `deviates` or `acceptable`",
    "value": "what the pair is worth for training, 0 to 10",
    "labels": "faults, each with `kind`, `severity`, `category`, `confidence`, `title` and `spans` (`text[start:end]`, code points; lines from 1)",
}


def funnel_of(sieved: Sieved, run: Run, quality: Quality, form: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """The funnel as plain data."""
    return {
        "format": 1,
        "run": {"version": run.version, "code": run.code, "rubric": run.rubric.model_dump(), "inputs": _inputs(run)},
        "quality": {"name": quality.name, "version": quality.version, "digest": quality.digest},
        "export": form,
        "entered": len(sieved.everyone),
        "left": len(sieved.left),
        "stages": [
            {"step": one.name, "title": one.title, "entered": one.entered, "dropped": one.dropped, "reasons": dict(one.reasons)}
            for one in sieved.stages
        ],
        "splits": dict(counts),
        "families": len({one.family for one in sieved.left}),
        "clusters": dict(sorted(Counter(one.part for one in sieved.clusters).items())),
    }


def funnel_table(sieved: Sieved) -> str:
    """The funnel for a terminal."""
    from rich import box  # noqa: PLC0415 - only a terminal needs it
    from rich.console import Console  # noqa: PLC0415 - likewise
    from rich.table import Table  # noqa: PLC0415 - likewise
    from rich.text import Text  # noqa: PLC0415 - likewise

    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    out = io.StringIO()
    width = max(60, shutil.get_terminal_size((120, 40)).columns)
    console = Console(file=out, width=width, force_terminal=coloured, color_system="auto" if coloured else None, highlight=False)
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    drawn.add_column("step", overflow="fold")
    for name in ("in", "dropped", "left"):
        drawn.add_column(name, justify="right")
    drawn.add_column("why", overflow="fold")
    for one in sieved.stages:
        name = f"{one.name}: {one.title}" if one.name.startswith("rule ") else one.name
        drawn.add_row(Text(_flat(name)), f"{one.entered:,}", f"{one.dropped:,}", f"{one.entered - one.dropped:,}", Text(_reasons(one)))
    console.print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def funnel_markdown(sieved: Sieved) -> str:
    """The funnel as a Markdown table."""
    rows = ["| step | in | dropped | left | why |", "|---|---:|---:|---:|---|"]
    for one in sieved.stages:
        name = f"{one.name}: `{one.title}`" if one.name.startswith("rule ") else one.name
        rows.append(f"| {_cell(name)} | {one.entered:,} | {one.dropped:,} | {one.entered - one.dropped:,} | {_cell(_reasons(one))} |")
    return "\n".join(rows) + "\n"


def card(sieved: Sieved, run: Run, quality: Quality, form: str, counts: Mapping[str, int], *, parquet: bool) -> str:
    """The card: a YAML header that tells `datasets` where the rows are, and what a reader must know of where they come from."""
    splits = [name for name in SPLITS if counts[name]]
    families = len({one.family for one in sieved.left})
    end = "parquet" if parquet else "jsonl"  # one form alone: the loader takes the first for all
    header: dict[str, Any] = {
        "pretty_name": f"Infrastructure as code, {form}",
        "task_categories": ["text-classification" if form == "labels" else "text-generation"],
        "tags": ["infrastructure-as-code", "iac-grader", form],
        "size_categories": [next((name for most, name in _SIZES if len(sieved.left) < most), "n>1M")],
    }
    if splits:
        header["configs"] = [{"config_name": "default", "data_files": [{"split": name, "path": f"{name}.{end}"} for name in splits]}]
    parts = [
        "---",
        yaml.safe_dump(header, sort_keys=False, allow_unicode=True).rstrip(),
        "---",
        "",
        f"# Infrastructure as code: {form}",
        "",
        f"{len(sieved.left):,} of {len(sieved.everyone):,} graded answers, chosen by `grader curate`. Answers were read, never executed.",
        "",
        "## Columns",
        "",
        *(f"- `{name}`: {_MEANING[name]}" for name in COLUMNS[form]),
        "",
        "## Counts",
        "",
        *_table(("split", "rows"), [(name, counts[name]) for name in SPLITS]),
        "",
        f"Pairs with equal or near-duplicate prompts, answers or ideals are one family and stand in one split: {families:,} families.",
        "",
        *_table(("dialect", "rows"), sorted(Counter(one.dialect or "unknown" for one in sieved.left).items())),
        "",
        *_spread(sieved),
        "## Filters",
        "",
        funnel_markdown(sieved),
        "`funnel.json` holds every reason, `dropped.jsonl` each pair that was dropped and why, `clusters.jsonl` the copies found.",
        "",
        "## Provenance",
        "",
        f"- inputs of the run: {', '.join(f'`{_cell(name)}`' for name in _inputs(run))}",
        f"- grader {run.version}, code `{run.code}`",
        f"- rubric `{_cell(run.rubric.name)}` version {run.rubric.version}, `{run.rubric.digest}`",
        f"- value for training: `{quality.name}` version {quality.version}, `{quality.digest}`",
    ]
    return "\n".join(parts) + "\n"


def _spread(sieved: Sieved) -> list[str]:
    """Quartiles of the scores and of the values."""
    rows = []
    for name, numbers in (("score", [one.score for one in sieved.left]), ("value", [one.value for one in sieved.left])):
        known = sorted(number for number in numbers if number is not None)
        if len(known) > 1:
            low, middle, high = quantiles(known, method="inclusive")
            rows.append((name, f"{known[0]:g}", f"{low:g}", f"{middle:g}", f"{high:g}", f"{known[-1]:g}"))
    return [*_table(("", "least", "first quartile", "median", "third quartile", "most"), rows), ""] if rows else []


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns), *(f"| {' | '.join(_cell(str(cell)) for cell in row)} |" for row in rows)]


def _reasons(stage: Stage) -> str:
    shown = [f"{why} ({count:,})" for why, count in list(stage.reasons.items())[:_MOST_REASONS]]
    rest = len(stage.reasons) - len(shown)
    return _flat("; ".join([*shown, *([f"{rest:,} further reasons"] if rest > 0 else [])]))


def _inputs(run: Run) -> list[str]:
    """The last part of each path: the folders of a machine are nobody's business."""
    return [PurePath(path).name or path for path in run.asked.paths]


def _flat(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _cell(text: str) -> str:
    return _flat(text).replace("|", "\\|").replace("<", "&lt;")
