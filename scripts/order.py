"""Whether an answer that differs in meaning from its ideal scores below 100: `just order`.

Meaning is what the models hold: the things with their types, names and properties, cosmetic ones left out, and the outputs. Layout, comments
and the order of declarations are no part of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from grader.align.inventory import inventory_of
from grader.align.outputs import outputs_of
from grader.engine import grade, solution_of
from grader.knowledge.properties import is_cosmetic
from grader.loader import load_sample
from grader.model.solutions import Solution
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, fold
from grader.rubric import load_rubric
from scripts.corpus_samples import add_corpus, folders

WANTED = 98.0
DEEPEST = 12


class Ordered(NamedTuple):
    """One sample: whether answer and ideal differ in meaning, the score, and a few of the differences."""

    sample: str
    dialect: str
    differs: bool
    score: float
    examples: tuple[str, ...]


def ordered(task: tuple[str, str]) -> Ordered | None:
    """One sample, None where either side holds no code."""
    name, folder = task
    sample = load_sample(Path(folder))
    if sample.ideal is None or sample.ideal.error or sample.answer is None:
        return None
    record = grade(sample, load_rubric())
    if record.status != "graded" or record.score is None:
        return None
    ours, theirs = meaning(solution_of(sample.answer.text)), meaning(solution_of(sample.ideal.text))
    if not ours or not theirs:
        return None
    apart = [*(ours - theirs), *(theirs - ours)]
    return Ordered(name, record.dialect, bool(apart), record.score, tuple(sorted(apart)[:4]))


def meaning(solution: Solution) -> Counter[str]:
    """The facts of a solution, counted."""
    found = Counter[str]()
    for thing in inventory_of(solution).things:
        found[f"{thing.type} {fold(thing.label)}"] += 1
        for props in thing.props.values():
            found.update(f"{thing.type} {fold(thing.label)}.{fold(one.name)} = {said(one.value)}" for one in props if not is_cosmetic(one.name))
    found.update(f"output {fold(one.name)} = {said(one.value)}" for one in outputs_of(solution) if not one.inner)
    return found


def said(value: Value, depth: int = 0) -> str:
    """A value without its places, and without the order and the cosmetic fields of maps."""
    if depth > DEEPEST:
        return "…"
    match value:
        case Known():
            return repr(value.value)
        case Name():
            return value.path.removeprefix("this.").removeprefix("self.")
        case Fields():
            inner = sorted(f"{fold(key)}: {said(one, depth + 1)}" for key, one in value.fields.items() if not is_cosmetic(key))
            return "{" + ", ".join(inner) + "}"
        case Items():
            return "[" + ", ".join(said(one, depth + 1) for one in value.items) + "]"
        case Call():
            named = sorted(f"{fold(key)}={said(one, depth + 1)}" for key, one in value.keywords.items())
            return f"{value.path}({', '.join([*(said(one, depth + 1) for one in value.args), *named])})"
        case Template() | Unknown():
            return "<" + " ".join(said(one, depth + 1) for one in value.parts) + ">"


def main() -> int:
    """Print the share by dialect and every answer that differs and scores 100; exit code 1 where the share is too small."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    asked = parser.parse_args()
    console = Console(width=max(Console().width, 120))
    tasks = [(name, str(path)) for name, path in folders(asked.corpus, asked.only)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = [one for one in pool.map(ordered, tasks, chunksize=4) if one is not None]
    counts: dict[str, Counter[str]] = {}
    for one in found:
        for row in (one.dialect, "all"):
            counts.setdefault(row, Counter()).update(compared=1, differ=int(one.differs), below=int(one.differs and one.score < 100))
    table = Table(title="answers that differ in meaning from their ideals, and those of them that score below 100")
    for name in ("dialect", "compared", "differ", "below 100", "share"):
        table.add_column(name, justify="left" if name == "dialect" else "right")
    for row in sorted(counts, key=lambda name: (name == "all", name)):
        count = counts[row]
        share = f"{100 * count['below'] / count['differ']:.1f} %" if count["differ"] else "-"
        table.add_row(row, str(count["compared"]), str(count["differ"]), str(count["below"]), share)
    console.print(table)
    for one in found:
        if one.differs and one.score >= 100:
            console.print(f"{one.sample}: {' | '.join(one.examples)}"[:600], markup=False, highlight=False)
    total = counts.get("all", Counter())
    return 1 if 100 * total["below"] < WANTED * total["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
