"""The samples of a run read once more from where its command found them: reports quote texts that the records do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import folders
from grader.batch.folders import Names
from grader.batch.inputs import STDIN, InputError, Inputs

if TYPE_CHECKING:
    from grader.loader import Sample
    from grader.results.records import Record
    from grader.store import Run


class Texts:
    """The samples of a run by their records. Asked in the order of the run it holds one sample at a time.

    `missing` says in one line why texts are not at hand: a path that is gone, standard input.
    """

    def __init__(self, run: Run) -> None:
        """Open the inputs that the run's command named; nothing is read yet."""
        self.missing = ""
        self._passed: dict[tuple[str, str], Sample] = {}
        self._samples = self._opened(run)

    def _opened(self, run: Run) -> Iterator[Sample]:
        asked = run.asked
        if STDIN in asked.paths:
            self.missing = "the answers came from standard input: their texts are not at hand"
            return iter(())
        try:
            return Inputs(asked.paths, Names(asked.answer, asked.ideal, asked.prompt, asked.no_ideal), asked.map).samples()
        except InputError as error:
            self.missing = f"texts are not at hand: {error}"
            return iter(())

    def sample(self, record: Record) -> Sample | None:
        """The sample of a record, None where it is no longer there."""
        key = (record.sample, record.answer)
        if key in self._passed:
            return self._passed.pop(key)
        for sample in self._samples:
            own = (sample.name, sample.answer.name if sample.answer is not None else "")
            if own == key:
                return sample
            self._passed[own] = sample
        return None

    def __call__(self, record: Record) -> tuple[str | None, str | None]:
        """The texts of a record's answer and ideal."""
        sample = self.sample(record)
        if sample is None:
            return None, None
        return tuple(None if one is None or one.error else one.text for one in (sample.answer, sample.ideal))  # type: ignore[return-value] # two of them


def places(run: Run) -> dict[tuple[str, str], Path]:
    """The file of each answer that a run read from a folder, by sample and answer; rows of files have no place."""
    asked = run.asked
    names = Names(asked.answer, asked.ideal, asked.prompt, asked.no_ideal)
    found: dict[tuple[str, str], Path] = {}
    for root in (Path(path) for path in asked.paths if path != STDIN):
        for one in folders.find(root, names) if root.is_dir() else ():
            file = next((place / one.answer for place in (one.folder, one.folder / "lib") if (place / one.answer).is_file()), None)
            if file is not None and not one.error:
                found[folders.name_of(root, one.folder), one.answer] = file
    return found
