"""What a corpus says of the grader: statuses, dialects recognised against folder names, blocks nobody claims, ideals against themselves."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from grader.engine import grade
from grader.frontends import frontends
from grader.languages import language_module
from grader.loader import load_sample
from grader.markdown import read_document
from grader.rubric import load_rubric
from scripts.corpus_samples import add_corpus, folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from grader.results import Record
    from grader.rubric import Rubric

CLAIMED = "claimed by a front end"
UNREAD = "no parser: "


def main() -> int:
    """Grade the corpus and print the tables; exit code 1 where a sample failed or an ideal is not perfect against itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_corpus(parser)
    parser.add_argument("--list", action="store_true", help="name the samples behind each number that should be zero")
    options = parser.parse_args()
    console = Console()
    rubric = load_rubric()

    records: dict[str, Record] = {}
    read = Counter[str]()
    mirrored: dict[str, Record] = {}
    for name, folder in folders(options.corpus, options.only):
        records[name] = grade(load_sample(folder), rubric)
        read.update(reading(folder))
        mirrored.update(mirror(name, folder, rubric))

    console.print(dialects(records))
    statuses = Counter(str(record.status) for record in records.values())
    verdicts = Counter(str(record.verdict) for record in records.values())
    faults = Counter(str(fault.kind) for record in records.values() for fault in record.faults)
    perfect = {name for name, record in mirrored.items() if record.score == 100 and not record.faults}
    coded = {name for name, record in mirrored.items() if record.status == "graded"}
    console.print(counted("status", statuses), counted("verdict", verdicts), counted("kind of fault", faults))
    console.print(
        counted("files of the answers", read),
        f"claimed by no front end, of those with a language that is parsed: {unclaimed(read):.1f} %",
    )
    console.print(f"ideals with code: {len(coded)}; 100 and no fault against themselves: {len(perfect & coded)}")
    wrong = sorted(coded - perfect) + [name for name, record in records.items() if record.status == "failed"]
    if options.list:
        for name in wrong:
            console.print(f"  {name}: {[fault.title for fault in mirrored[name].faults][:3] if name in mirrored else 'failed'}")
    return 1 if wrong else 0


def reading(folder: Path) -> Iterator[str]:
    """What becomes of each file of a sample's answer: claimed by a front end, only parsed, or of a language nobody reads."""
    source = load_sample(folder).answer
    for file in read_document(source.text).files if source else ():
        module = language_module(file.language)
        if module is None:
            yield f"{UNREAD}{file.language or 'no language'}"
        else:
            unit = module.parse(file)
            yield CLAIMED if any(frontend.claims(unit) for frontend in frontends()) else f"parsed, claimed by none: {file.language}"


def unclaimed(read: Counter[str]) -> float:
    """Percent of the files in a language of code that no front end claims."""
    parsed = sum(count for what, count in read.items() if not what.startswith(UNREAD))
    return 100 * (parsed - read[CLAIMED]) / max(1, parsed)


def mirror(name: str, folder: Path, rubric: Rubric) -> Iterator[tuple[str, Record]]:
    """The ideal of a sample graded against itself, where there is one."""
    sample = load_sample(folder, answer="IDEAL_RESPONSE.md")
    if sample.ideal is not None:
        yield name, grade(sample, rubric)


def dialects(records: Mapping[str, Record]) -> Table:
    """Dialects recognised, a row for each folder."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, record in records.items():
        found[name.partition("/")[0]][record.dialect or record.status] += 1
    table = Table("folder", "samples", "recognised as", title="Dialects")
    table.columns[1].justify = "right"
    for folder, counts in found.items():
        table.add_row(folder, str(counts.total()), ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return table


def counted(title: str, counts: Counter[str], what: str = "samples") -> Table:
    """A table of counts, most frequent first."""
    table = Table(title, what)
    table.columns[1].justify = "right"
    for name, count in counts.most_common():
        table.add_row(str(name), str(count))
    return table


if __name__ == "__main__":
    sys.exit(main())
