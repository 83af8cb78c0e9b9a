"""Plant faults in the ideals of a corpus and count how many are found: `just mutate`."""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table

from grader.engine import grade
from grader.loader import Sample, Source, load_sample
from grader.model.values import fold
from grader.rubric import load_rubric
from scripts.corpus_samples import add_corpus, folders
from scripts.mutators import MUTATORS, Mutant, model_of, mutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results.records import Fault, Record

NEAR = 3
"""Lines between the change and a location that still count as the right place."""


class Planted(NamedTuple):
    """One mutant: whether it was found as the right kind at the right place or name, whether the score fell, and what it was."""

    sample: str
    dialect: str
    mutator: str
    found: bool
    fell: bool
    names: tuple[str, ...]
    line: int
    said: str


def planted(task: tuple[str, str, int, int, str]) -> list[Planted]:
    """The mutants of one sample's ideal."""
    name, folder, each, seed, only = task
    sample = load_sample(Path(folder))
    if sample.ideal is None or sample.ideal.error:
        return []
    rubric = load_rubric()
    ideal = Source("IDEAL_RESPONSE.md", sample.ideal.text.replace("\r\n", "\n"))
    whole = grade(Sample(name, ideal, ideal, sample.prompt, sample.metadata), rubric)
    if whole.status != "graded":
        return []
    found = []
    model = model_of(ideal.text)
    for mutator in MUTATORS:
        if not mutator.name.startswith(only):
            continue
        for one in islice(mutants(model, mutator, Random(f"{seed} {name} {mutator.name}")), each):  # noqa: S311 - the same mutants in every run
            record = grade(Sample(name, Source("MODEL_RESPONSE.md", one.text), ideal, sample.prompt, sample.metadata), rubric)
            right = [fault for fault in record.faults if fault.kind.value in mutator.kinds and _tells(fault, one)]
            said = "; ".join(f"{fault.kind.value}: {fault.title}" for fault in record.faults[:3])
            found.append(Planted(name, whole.dialect, mutator.name, bool(right), _fell(record, whole), one.names, one.gone[0], said))
    return found


def _fell(record: Record, whole: Record) -> bool:
    return (record.score or 0) < (whole.score or 0)


def _tells(fault: Fault, mutant: Mutant) -> bool:
    """Whether a fault names what was changed, or points at it: in the answer, or by the ideal's own lines."""
    wanted = [fold(name) for name in mutant.names if len(fold(name)) > 2]
    said = " ".join(fold(text) for text in (*fault.entities, fault.title, fault.problem))
    if any(name in said for name in wanted) or any(name in fault.entities for name in mutant.names):
        return True
    places = [(one.side.value, one.line) for one in fault.locations] + [(one.side.value, one.line) for one in fault.evidence]
    if any(side == "answer" and abs(line - mutant.line) <= NEAR for side, line in places):
        return True
    first, last = mutant.gone
    return any(snippet.line <= last and first <= snippet.end_line for snippet in fault.correction.snippets)


def drawn(found: Iterable[tuple[str, Path]], most: int, seed: int) -> list[tuple[str, Path]]:
    """At most so many samples of each folder of the corpus, the same ones for a seed; 0 for all."""
    groups: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for one in found:
        groups[one[0].partition("/")[0]].append(one)
    random = Random(seed)  # noqa: S311 - a draw of samples, no secret
    return [one for group in groups.values() for one in (sorted(random.sample(group, most)) if 0 < most < len(group) else group)]


def run(asked: argparse.Namespace) -> Iterator[Planted]:
    """Every mutant of the samples asked for, on all cores, in their order."""
    chosen = drawn(folders(asked.corpus, asked.only), asked.samples, asked.seed)
    tasks = [(name, str(path), asked.each, asked.seed, asked.mutator) for name, path in chosen]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(planted, tasks, chunksize=4):
            yield from found


def main() -> None:
    """Print the table of mutators by dialect, and the mutants that were not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    parser.add_argument("--each", type=int, default=1, help="mutants of each mutator in each ideal")
    parser.add_argument("--samples", type=int, default=0, metavar="N", help="at most N samples of each dialect, drawn by the seed (without it all)")
    parser.add_argument("--mutator", default="", help="only the mutators whose name begins like this")
    parser.add_argument("--seed", type=int, default=1, help="what the draws depend on: the same seed plants the same faults")
    parser.add_argument("--missed", action="store_true", help="list what was not found")
    asked = parser.parse_args()
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    console = Console(width=max(Console().width, 150))
    for one in run(asked):
        for row in (one.dialect, "all"):
            counts[row][one.mutator].update(planted=1, found=int(one.found), fell=int(one.fell))
        if asked.missed and not one.found:
            console.print(
                f"{one.sample}:{one.line} {one.mutator}: {', '.join(one.names)}{'' if one.fell else ' (score as before)'} | {one.said}",
                markup=False,
                highlight=False,
            )
    table = Table(title="planted faults: share found with the right kind and place / share whose score fell (number planted)")
    table.add_column("dialect")
    names = [one.name for one in MUTATORS]
    for name in names:
        table.add_column(name, justify="right")
    for row in sorted(counts, key=lambda name: (name == "all", name)):
        table.add_row(row, *(_cell(counts[row][name]) for name in names))
    console.print(table)


def _cell(count: Counter[str]) -> str:
    of = count["planted"]
    return f"{count['found'] / of:.0%} / {count['fell'] / of:.0%} ({of})" if of else "-"


if __name__ == "__main__":
    main()
