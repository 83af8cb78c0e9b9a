"""`grader audit`: checks the faults that a person wrote down."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, GraderError, complain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.audit import Audit

DOCUMENT = "MODEL_FAILURES.md"
_FORMATS = ("table", "md", "json")
_WIDE, _LEAST = 100, 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit", epilog=EXIT_CODES)(audit)


def audit(
    paths: Annotated[list[Path], typer.Argument(help="Folders of samples with a failure document, or folders above them.", metavar="PATH...")],
    *,
    document: Annotated[str, typer.Option(help="Name of the failure document.")] = DOCUMENT,
    rubric: Annotated[str | None, typer.Option(help="A rubric file, or the name of a shipped rubric.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="What to print: table, md or json (one object a line where there are several samples).")
    ] = "table",
) -> None:
    """Check each claim of a failure document against the answer and the ideal.

    Each claim is confirmed (a detector finds it too, or the code it quotes stands in the answer), contradicted (that code is nowhere, or what it
    calls missing is there) or unsupported (nothing in it can be looked up). What the grader found beyond the document is listed.
    """
    if form not in _FORMATS:
        message = f"--format {form}: choose one of {', '.join(_FORMATS)}"
        raise GraderError(message)
    folders = [folder for path in paths for folder in _folders(path, document)]
    counts: dict[str, int] = {}
    read = 0
    for one in _audits(folders, document, rubric):
        read += bool(one.claims)
        for checked in one.claims:
            counts[checked.finding] = counts.get(checked.finding, 0) + 1
        sys.stdout.write(_shown(one, form, several=len(folders) > 1))
    if len(folders) > 1:
        said = ", ".join(f"{count} {finding}" for finding, count in sorted(counts.items()))
        sys.stderr.write(f"{len(folders)} documents, {read} with claims; {sum(counts.values())} claims: {said}\n")


def _folders(path: Path, document: str) -> list[Path]:
    """The folders of samples at or below a path that hold the document."""
    if not path.is_dir():
        message = f"{path}: no such folder; give the folder of a sample, or one above several"
        raise GraderError(message)
    found = {one.parent.parent if one.parent.name == "lib" else one.parent for one in path.rglob(document)}
    if not found:
        message = f"{path}: no {document} in or below this folder; name the document with --document"
        raise GraderError(message)
    return sorted(found)


def _audits(folders: list[Path], document: str, rubric: str | None) -> Iterator[Audit]:
    from grader.audit import audit as audit_sample  # noqa: PLC0415 - start-up must not load the engine
    from grader.loader import SampleError, Source, load_sample  # noqa: PLC0415 - the same
    from grader.rubric import RubricError, load_rubric  # noqa: PLC0415 - the same
    from grader.source import UnreadableError, read_text  # noqa: PLC0415 - the same

    try:
        priced = load_rubric(rubric)
    except RubricError as error:
        raise GraderError(error.problems[-1]) from error
    for folder in folders:
        place = folder / document if (folder / document).is_file() else folder / "lib" / document
        try:
            sample = load_sample(folder)
            text = read_text(place, document)
        except (SampleError, UnreadableError) as error:
            if len(folders) == 1:
                raise GraderError(str(error)) from error
            complain(f"{folder}: {error}")
            continue
        yield audit_sample(sample, Source(document, text), priced)


def _shown(one: Audit, form: str, *, several: bool) -> str:
    from grader.audit import reports  # noqa: PLC0415 - start-up must not load the reporters

    if form == "json":
        return one.model_dump_json(indent=None if several else 2) + "\n"
    if form == "md":
        return reports.markdown(one)
    width = max(_LEAST, shutil.get_terminal_size((_WIDE, 40)).columns)
    return reports.table(one, width=width, coloured=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
