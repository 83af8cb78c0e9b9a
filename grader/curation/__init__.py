"""Curation: from the records of a run to a data set for training, with every pair that is left out accounted for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.curation import card, writing
from grader.curation.funnel import FORMS, Sieved, sieve
from grader.curation.pairs import missing_texts, read_pairs
from grader.curation.quality import load_quality
from grader.curation.resemblance import SketchError
from grader.curation.rules import Rule, RuleError
from grader.curation.splits import ShareError, read_shares, split_families
from grader.curation.steps import StepError, describe_steps, make_steps
from grader.curation.writing import FolderError
from grader.rubric import load_rubric
from grader.store import RunError, read_run

__all__ = ["FORMS", "Curated", "CurationError", "curate", "describe_steps"]


class CurationError(Exception):
    """What was asked for cannot be done; the message is one line that names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Curated:
    """What a command came to: the pairs as they were sifted, and the rows of each split."""

    sieved: Sieved
    rows: dict[str, int]

    @property
    def table(self) -> str:
        """The funnel for a terminal."""
        return card.funnel_table(self.sieved)


def curate(
    folder: Path,
    output: Path,
    *,
    form: str,
    rules: Sequence[str] = (),
    steps: Sequence[str] = (),
    skipped: Sequence[str] = (),
    shares: str = "80:10:10",
    quality: str | None = None,
) -> Curated:
    """Choose pairs of a run and write them as a data set into `output`. The same run and options give the same bytes.

    Raises:
        CurationError: a rule, a step, a share, the run or the folder cannot be used.
        RubricError: the file that values pairs is wrong.
    """
    try:
        compiled = [Rule(text) for text in rules]
        parts = read_shares(shares)
        worth = load_quality(quality)
        chosen = make_steps(steps, skipped, load_rubric())
        run = read_run(folder)
        if why := missing_texts(run):
            raise CurationError(f"{folder}: {why}; curation needs the texts, so grade files or folders and keep them in place")  # noqa: EM102, TRY003 - one use
        sieved = sieve(read_pairs(run, folder), chosen, compiled, worth, form)
        split = split_families(sieved.left, parts)
        writing.open_folder(output)
        counts = writing.write_rows(output, form, sieved, read_pairs(run, folder), split)
    except (FolderError, RuleError, RunError, ShareError, SketchError, StepError) as error:
        raise CurationError(str(error)) from error
    found = card.funnel_of(sieved, run, worth, form, counts)
    writing.write_text(output, writing.CLUSTERS, writing.lines_of(writing.clusters_of(sieved)))
    writing.write_text(output, writing.DROPPED, writing.lines_of(writing.dropped_of(sieved)))
    writing.write_text(output, writing.TABLE, card.funnel_markdown(sieved))
    writing.write_text(output, writing.CARD, card.card(sieved, run, worth, form, counts, parquet=writing.has_parquet()))
    writing.write_text(output, writing.FUNNEL, json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return Curated(sieved, counts)
