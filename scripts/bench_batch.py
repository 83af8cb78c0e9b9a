"""Seconds and peak memory of `grader batch` over a corpus: cold, from the cache, and over copies of it under other names."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

import psutil
from rich.console import Console
from rich.table import Table

from grader.store import read_run
from scripts.corpus_samples import add_corpus

MEGABYTE = 1 << 20


@dataclass
class Measured:
    """One run: wall seconds; for each process its seconds of processor, and the most memory it had (resident, and its own alone) in bytes."""

    name: str
    seconds: float
    answers: int
    parent: int = 0
    workers: dict[int, int] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)
    processor: dict[int, float] = field(default_factory=dict)


def measure(name: str, source: Path, run: Path, cache: Path, *options: str) -> Measured:
    """Run the command and watch its processes."""
    command = [sys.executable, "-m", "grader", "batch", str(source), "-o", str(run), "--quiet", *options]
    begin = perf_counter()
    found = Measured(name, 0, 0)
    with subprocess.Popen(command, env={**os.environ, "GRADER_CACHE": str(cache)}) as process:  # noqa: S603 - our own command
        parent = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                found.parent = max(found.parent, parent.memory_info().rss)
                found.processor[parent.pid] = sum(parent.cpu_times()[:2])
                for child in parent.children(recursive=True):
                    found.processor[child.pid] = sum(child.cpu_times()[:2])
                    memory = child.memory_full_info()
                    found.workers[child.pid] = max(found.workers.get(child.pid, 0), memory.rss)
                    found.own[child.pid] = max(found.own.get(child.pid, 0), memory.uss)
            sleep(0.1)
    found.seconds = perf_counter() - begin
    if process.returncode:
        sys.exit(f"{name}: exit code {process.returncode}")
    found.answers = read_run(run).counts.records
    return found


def copies(corpus: Path, folder: Path, count: int) -> Path:
    """The corpus several times, each sample under another name; linked where the disk allows."""
    for number in range(count):
        for sample in sorted(corpus.glob("*/*")):
            if sample.is_dir():
                shutil.copytree(sample, folder / f"copy-{number}" / sample.parent.name / f"{sample.name}-{number}", copy_function=_link)
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    parser.add_argument("--copies", type=int, default=10, help="how many copies make the large set; 0 leaves it out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        cache, none = place / "cache", place / "none"
        results = [
            measure("cold", options.corpus, place / "cold", cache),
            measure("from the cache", options.corpus, place / "cached", cache),
            measure("resumed, nothing to do", options.corpus, place / "cold", none, "--resume", "--no-cache"),
        ]
        if (place / "cold" / "grades.jsonl").read_bytes() != (place / "cached" / "grades.jsonl").read_bytes():
            sys.exit("the cached run differs from the cold one")
        if options.copies:
            many = copies(options.corpus, place / "many", options.copies)
            results.append(measure(f"{options.copies} copies, no cache", many, place / "many-cold", none, "--no-cache"))
            results.append(measure(f"{options.copies} copies, cache of one", many, place / "many-cached", cache))
    table = Table(
        "run",
        "answers",
        "seconds",
        "of processor",
        "ms an answer",
        "parent MB",
        "largest worker MB",
        "of it its own",
        title=f"{os.cpu_count()} cores",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for one in results:
        table.add_row(
            one.name,
            f"{one.answers:,}",
            f"{one.seconds:.2f}",
            f"{sum(one.processor.values()):.1f}",
            f"{1000 * one.seconds / max(one.answers, 1):.1f}",
            *(f"{size / MEGABYTE:.0f}" for size in (one.parent, max(one.workers.values(), default=0), max(one.own.values(), default=0))),
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
