"""The samples of a run with their texts, read again one at a time in the order of the run: what checks, rules and exports look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.align.inventory import inventory_of
from grader.batch.again import Texts, places
from grader.engine import solution_of
from grader.loader import Sample, Source
from grader.model.solutions import Solution
from grader.results.records import Record
from grader.source import UnreadableError, read_text
from grader.store import Run, read_grades

FAILURES = "MODEL_FAILURES.md"
_EMPTY = Sample("", None)


@dataclass(frozen=True)
class Pair:
    """One record with the texts it was made from. A text that is not there, or cannot be read, is empty."""

    record: Record
    sample: Sample = _EMPTY
    failures: str = ""

    @property
    def answer(self) -> str:
        """The answer's Markdown."""
        return _text(self.sample.answer)

    @property
    def ideal(self) -> str:
        """The ideal's Markdown."""
        return _text(self.sample.ideal)

    @property
    def prompt(self) -> str:
        """The task as given."""
        return _text(self.sample.prompt)

    @property
    def metadata(self) -> Mapping[str, object]:
        """The sample's metadata."""
        return self.sample.metadata

    @cached_property
    def answered(self) -> Solution:
        """The answer in the form that detectors read."""
        return solution_of(self.answer)

    @cached_property
    def wanted(self) -> Solution:
        """The ideal in the form that detectors read."""
        return solution_of(self.ideal)

    @cached_property
    def services(self) -> frozenset[str]:
        """The services of the ideal's resources."""
        return _services(self.wanted)

    @cached_property
    def answered_services(self) -> frozenset[str]:
        """The services of the answer's resources, and of what it looks up or a construct brings along; empty where modules hide some."""
        inventory = inventory_of(self.answered)
        if inventory.modules or self.answered.unresolved:
            return frozenset()
        return _services(self.answered) | {one.service for one in (*inventory.looked_up, *inventory.brought)}


def read_pairs(run: Run, folder: Path) -> Iterator[Pair]:
    """Each record of a run with its texts.

    Raises:
        RunError: the records cannot be read.
    """
    texts = Texts(run)
    files = places(run)
    for record in read_grades(folder):
        sample = texts.sample(record) or _EMPTY
        file = files.get((record.sample, record.answer))
        yield Pair(record, sample, "" if file is None else _failures(file))


def missing_texts(run: Run) -> str:
    """Why the texts of a run are not at hand, in one line; empty where they are."""
    return Texts(run).missing


def same_text(text: str) -> str:
    """A digest that texts share when they differ in case and white space alone."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()


def code_digest(solution: Solution) -> str:
    """A digest of the code of a document, without white space; empty where it holds none."""
    code = sorted("".join(file.text.split()) for file in solution.files if not file.superseded)
    return hashlib.sha256("\0".join(code).encode()).hexdigest() if any(code) else ""


def _text(source: Source | None) -> str:
    return "" if source is None or source.error else source.text


def _services(solution: Solution) -> frozenset[str]:
    return frozenset(thing.type.service for thing in inventory_of(solution).things if thing.type.service)


def _failures(answer: Path) -> str:
    """The failure document beside an answer; an answer in `answers/` has it one folder up."""
    for folder in (answer.parent, answer.parent.parent) if answer.parent.name == "answers" else (answer.parent,):
        if (folder / FAILURES).is_file():
            try:
                return read_text(folder / FAILURES, FAILURES)
            except UnreadableError:
                return ""
    return ""
