"""Each answer's own failure report, written beside the answer, and never over a document that a person wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from grader.batch.again import places
from grader.reporters import report

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.records import Record
    from grader.store import Run

NAME = "MODEL_FAILURES.md"
MARK = "<!-- Written by grader: a new report replaces this one. -->"


def write_in_place(run: Run, records: Iterable[Record], *, force: bool = False) -> tuple[list[Path], list[Path], int]:
    """(reports written, documents left alone because a person wrote them, answers that lie in no folder).

    An answer of another name than MODEL_RESPONSE.md has its own report: `MODEL_FAILURES-<answer>.md`.

    Raises:
        OSError: a folder cannot be written.
    """
    files = places(run)
    written: list[Path] = []
    kept: list[Path] = []
    nowhere = 0
    for record in records:
        file = files.get((record.sample, record.answer))
        if file is None:
            nowhere += 1
            continue
        target = file.with_name(NAME if file.name == "MODEL_RESPONSE.md" else f"MODEL_FAILURES-{file.stem}.md")
        if target.is_symlink() or (target.exists() and not force and not _own(target)):
            kept.append(target)
            continue
        target.write_text(f"{MARK}\n\n{report(record, 'md')}", encoding="utf-8", errors="replace")
        written.append(target)
    return written, kept, nowhere


def _own(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK.encode()
