"""Time and memory of grading a whole corpus in one process, by stage, and of `grader --help`."""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
from collections import defaultdict
from contextlib import nullcontext
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.table import Table

from grader.detectors import detectors
from grader.engine import grading
from grader.frontends import frontends
from grader.languages import language_module, languages
from grader.loader import load_sample
from grader.model.kinds import Status
from grader.rubric import load_rubric
from scripts.corpus_samples import add_corpus, folders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

HELP = "import sys; sys.argv = ['grader', '--help']; from grader.cli import main; main()"
SLOWEST = 5
Key = TypeVar("Key")


class Clock:
    """Seconds by (stage, part). Time of an inner call counts for the inner part only."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, stage: str, part: str, function: Callable[..., Any], *, exhaust: bool = False) -> Callable[..., Any]:
        """`function`, its time counted; a generator is run to its end where `exhaust` is set."""

        def call(*args: object, **keywords: object) -> object:
            self._inner.append(0.0)
            start = perf_counter()
            try:
                result = function(*args, **keywords)
                return list(result) if exhaust else result
            finally:
                took = perf_counter() - start
                self.seconds[stage, part] += took - self._inner.pop()
                self._inner[-1] += took

        return call


def watch(clock: Clock) -> None:
    """Put the clock around every language, front end and detector."""
    for name in sorted(set(languages().values())):
        language = next(key for key, module in languages().items() if module == name)
        module: Any = language_module(language)
        module.parse = clock.timed("languages", name, module.parse)
        module.link = clock.timed("languages", name, module.link)
    for frontend in frontends():
        one: Any = frontend
        one.claims = clock.timed("front ends", one.FRAMEWORK, one.claims)
        one.read = clock.timed("front ends", one.FRAMEWORK, one.read)
    for detector in detectors():
        object.__setattr__(detector, "detect", clock.timed("detectors", detector.name, detector.detect, exhaust=True))
    steps: Any = grading
    steps.read_document = clock.timed("loading and Markdown", "Markdown", steps.read_document)
    steps.price = clock.timed("rubric and record", "prices and wording", steps.price)
    steps.record_of = clock.timed("rubric and record", "record", steps.record_of)


def best_help(runs: int = 5) -> float:
    """Seconds of the fastest of some `grader --help`."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        subprocess.run([sys.executable, "-c", HELP], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    """Grade the corpus and print where the time went."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    parser.add_argument("--profile", action="store_true", help="sample the stack with pyinstrument and print the tree")
    options = parser.parse_args()

    clock = Clock()
    watch(clock)
    load = clock.timed("loading and Markdown", "files from disk", load_sample)
    rate = clock.timed("the rest of the engine", "", grading.grade)
    rubric = load_rubric()
    times: dict[str, float] = {}
    failed = 0
    start = perf_counter()
    with profiler() if options.profile else nullcontext():
        for name, folder in folders(options.corpus, options.only):
            began = perf_counter()
            failed += rate(load(folder), rubric).status == Status.FAILED
            times[name] = perf_counter() - began
    total = perf_counter() - start
    report(clock, times, total, failed)


def profiler() -> AbstractContextManager[object]:
    """A profiler that prints when it ends."""
    from pyinstrument.context_manager import ProfileContext  # noqa: PLC0415 - an extra of development

    return ProfileContext()


def report(clock: Clock, times: dict[str, float], total: float, failed: int) -> None:
    """Print the tables."""
    console = Console()
    ordered = sorted(times.values())
    milliseconds = [1000 * one for one in ordered]
    stages: dict[str, float] = defaultdict(float)
    for (stage, _), seconds in clock.seconds.items():
        stages[stage] += seconds

    numbers = Table("measure", "value", title="Grading in one process")
    numbers.columns[1].justify = "right"
    for name, value in (
        ("samples", f"{len(times)}"),
        ("of these failed (a defect: times say nothing)", f"{failed}"),
        ("seconds in all", f"{total:.2f}"),
        ("ms a sample, mean", f"{1000 * total / len(times):.1f}"),
        ("ms a sample, median", f"{statistics.median(milliseconds):.1f}"),
        ("ms a sample, 95th of 100", f"{milliseconds[int(0.95 * (len(milliseconds) - 1))]:.1f}"),
        ("ms a sample, slowest", f"{milliseconds[-1]:.1f}"),
        ("peak memory, MB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"),
        ("`grader --help`, best of 5, seconds", f"{best_help():.2f}"),
    ):
        numbers.add_row(name, value)
    console.print(numbers)

    where = Table("stage", "part", "seconds", "ms a sample", "share", title="Where the time goes")
    for column in where.columns[2:]:
        column.justify = "right"
    for stage, seconds in _most(stages):
        where.add_row(f"[bold]{stage}", "", *_cells(seconds, total, len(times)))
        parts = [(part, taken) for (one, part), taken in _most(clock.seconds) if one == stage and part]
        for part, taken in parts:
            where.add_row("", part, *_cells(taken, total, len(times)))
    console.print(where)

    slowest = Table("sample", "ms", title="Slowest")
    slowest.columns[1].justify = "right"
    for name in sorted(times, key=lambda one: -times[one])[:SLOWEST]:
        slowest.add_row(name, f"{1000 * times[name]:.0f}")
    console.print(slowest)


def _most(seconds: Mapping[Key, float]) -> list[tuple[Key, float]]:
    return sorted(seconds.items(), key=lambda one: -one[1])


def _cells(seconds: float, total: float, samples: int) -> tuple[str, str, str]:
    return f"{seconds:.2f}", f"{1000 * seconds / samples:.2f}", f"{100 * seconds / total:.0f} %"


if __name__ == "__main__":
    main()
