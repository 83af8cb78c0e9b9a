"""What the API catalogue adds: how many samples of a corpus get a proven `does-not-build` that they have not without it."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from grader.detectors import detectors
from grader.detectors.no_code import has_code
from grader.engine import solution_of
from grader.engine.causes import find, split_shared
from grader.engine.grading import requirements_of
from grader.loader import load_sample
from grader.model.kinds import Verdict
from grader.model.solutions import Pair
from grader.rubric import load_rubric, price
from scripts.corpus_samples import add_corpus, folders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.detectors import Detector
    from grader.rubric import Rubric

STAGE = frozenset({"invalid-api", "invalid-value", "deprecated-version"})
"""The detectors that read the catalogue."""


def main() -> int:
    """Print one row a dialect; with `--list` the samples as well."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    parser.add_argument("--list", action="store_true", help="name the samples that only the catalogue shows not to build")
    options = parser.parse_args()
    rubric = load_rubric()
    without = [one for one in detectors() if one.name not in STAGE]
    counts: dict[str, Counter[str]] = {}
    for name, folder in folders(options.corpus, options.only):
        found = Judged(folder, rubric)
        if found.pair is None:
            continue
        own = counts.setdefault(name.split("/")[0], Counter())
        broken, broken_without = (found.verdict(chosen) is Verdict.DOES_NOT_BUILD for chosen in (detectors(), without))
        own.update({"samples": 1, "with": int(broken), "without": int(broken_without), "gained": int(broken and not broken_without)})
        if options.list and broken and not broken_without:
            print(name)
    table = Table("dialect", "samples", "do not build, without the catalogue", "with it", "only with it")
    for dialect, one in (*sorted(counts.items()), ("all", sum(counts.values(), Counter[str]()))):
        table.add_row(dialect, *(str(one[key]) for key in ("samples", "without", "with", "gained")))
    Console().print(table)
    return 0


class Judged:
    """One sample, judged by a choice of detectors."""

    def __init__(self, folder: Path, rubric: Rubric) -> None:
        """Read the sample; `pair` is None where it has no answer with code."""
        sample = load_sample(folder)
        self.rubric = rubric
        answer = solution_of(sample.answer.text) if sample.answer is not None and not sample.answer.error else None
        ideal = solution_of(sample.ideal.text) if sample.ideal is not None and not sample.ideal.error else None
        usable = answer is not None and has_code(answer)
        self.pair = Pair(answer, ideal, requirements_of(sample.prompt, sample.metadata)) if usable and answer is not None else None

    def verdict(self, chosen: Sequence[Detector]) -> Verdict:
        """The verdict that these detectors lead to."""
        pair = self.pair
        if pair is None:
            return Verdict.ACCEPTABLE
        causes = find(pair, chosen).causes
        if pair.ideal is None:
            return price(self.rubric, causes, ()).verdict
        against = find(Pair(pair.ideal, None, pair.task), [one for one in chosen if not one.compares])
        return price(self.rubric, *split_shared(causes, against.causes, pair)).verdict


if __name__ == "__main__":
    sys.exit(main())
