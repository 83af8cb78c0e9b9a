"""A static site: a page for the run with filters and charts, and a page for each sample with its answer, its ideal and its faults."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from grader.batch.again import Texts
from grader.site import write_site

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.records import Record
    from grader.store import Run

FORMAT = "html"
FOLDER = True


def write_folder(run: Run, records: Iterable[Record], folder: Path) -> Path:
    """Write the site below a folder. The texts are read again from the paths of the run; a text that is gone leaves its pane empty."""
    texts = Texts(run)
    if texts.missing:
        sys.stderr.write(f"grader: {texts.missing}\n")
    return write_site(list(records), texts, folder, title=" ".join(run.asked.paths))
