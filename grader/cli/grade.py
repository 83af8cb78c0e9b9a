"""`grader grade`: one answer, graded and reported."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, Exit, GraderError, complain, say
from grader.model.kinds import Severity, Status
from grader.reporters import formats

if TYPE_CHECKING:
    from grader.loader import Sample
    from grader.results import Record

REPORT, RECORD = "MODEL_FAILURES.md", "grade.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("grade", epilog=EXIT_CODES)(grade)


def grade(
    path: Annotated[Path, typer.Argument(help="A sample's folder, or an answer as a Markdown file.", metavar="PATH")],
    ideal_path: Annotated[Path | None, typer.Argument(help="The ideal answer, where PATH is a file.", metavar="IDEAL")] = None,
    *,
    answer: Annotated[str | None, typer.Option(help="Name of the answer in the folder (instead of MODEL_RESPONSE.md).")] = None,
    ideal: Annotated[str | None, typer.Option(help="Name of the ideal in the folder (instead of IDEAL_RESPONSE.md).")] = None,
    prompt: Annotated[str | None, typer.Option(help="Name of the prompt in the folder, or the prompt as a file where PATH is a file.")] = None,
    no_ideal: Annotated[bool, typer.Option("--no-ideal", help="Grade the answer alone.")] = False,
    rubric: Annotated[str | None, typer.Option(help="A rubric file, or the name of a shipped rubric.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=f"Write {REPORT} and {RECORD} below this folder, in a folder named like the sample.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"What to print: {', '.join(formats())}.")] = "table",
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit with 1 where the score is below this.")] = None,
    fail_on: Annotated[Severity | None, typer.Option(help="Exit with 1 where a fault of this severity or worse is found.")] = None,
) -> None:
    """Grade one answer and print its faults.

    PATH is a folder with MODEL_RESPONSE.md (directly or in lib/), or an answer as a Markdown file, with its ideal as a second file.
    """
    from grader.engine import grade as grade_sample  # noqa: PLC0415 - start-up must not load the engine
    from grader.reporters import report  # noqa: PLC0415 - start-up must not load the reporters
    from grader.rubric import RubricError, load_rubric  # noqa: PLC0415 - start-up must not load the rubric

    if form not in formats():
        message = f"--format {form}: choose one of {', '.join(formats())}"
        raise GraderError(message)
    try:
        priced = load_rubric(rubric)
    except RubricError as error:
        for problem in error.problems[:-1]:
            complain(problem)
        raise GraderError(error.problems[-1]) from error
    sample = _sample(path, ideal_path, answer=answer, ideal=ideal, prompt=prompt, no_ideal=no_ideal)
    record = grade_sample(sample, priced)
    if output is not None:
        written = write_reports(record, output)
        sys.stderr.write(f"report written to {written / REPORT}\n")
    say(report(record, form))
    _end(record, fail_under, fail_on)


def _sample(path: Path, ideal_path: Path | None, *, answer: str | None, ideal: str | None, prompt: str | None, no_ideal: bool) -> Sample:
    from grader.loader import SampleError, load_files, load_sample  # noqa: PLC0415 - start-up must not load the loader

    try:
        if path.is_file():
            named = ideal_path or (Path(ideal) if ideal else None)
            return load_files(path, None if no_ideal else named, Path(prompt) if prompt else None)
        if ideal_path is not None:
            message = f"{path}: a folder takes no second path; name the ideal with --ideal"
            raise GraderError(message)
        return load_sample(path, answer=answer, ideal=ideal, prompt=prompt, no_ideal=no_ideal)
    except SampleError as error:
        raise GraderError(str(error)) from error


def folder_of(name: str) -> Path:
    """The folder of a sample's reports: its name, each part without anything that leaves the folder."""
    parts = [re.sub(r"[^\w.@+-]", "_", part).strip(".") for part in name.split("/")]
    return Path(*[part for part in parts if part] or ["sample"])


def write_reports(record: Record, output: Path) -> Path:
    """Write the report and the record below `output`; the folder they are in.

    Raises:
        GraderError: the folder cannot be written.
    """
    from grader.reporters import report  # noqa: PLC0415 - start-up must not load the reporters

    folder = output / folder_of(record.sample)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / REPORT).write_text(report(record, "md"), encoding="utf-8", errors="replace")
        (folder / RECORD).write_text(report(record, "json"), encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{folder}: cannot be written: {error.strerror or error}; choose another folder with -o"
        raise GraderError(message) from error
    return folder


def _end(record: Record, fail_under: float | None, fail_on: Severity | None) -> None:
    if record.status is Status.UNREADABLE:
        raise GraderError(record.notes[0].text)
    if record.status is Status.FAILED:
        message = f"{record.sample}: a defect of the grader: {record.notes[0].text.strip().splitlines()[-1]}"
        raise GraderError(message, Exit.DEFECT)
    below = fail_under is not None and (record.score or 0) < fail_under
    worse = fail_on is not None and any(fault.severity.rank <= fail_on.rank for fault in record.faults)
    if below or worse:
        raise typer.Exit(Exit.BELOW)
