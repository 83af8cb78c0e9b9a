"""`grader report`: the records of a run as one file of another format."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, GraderError
from grader.run_reports import run_formats

if TYPE_CHECKING:
    from grader.run_reports import FolderReport, RunReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", epilog=EXIT_CODES)(report)


def report(
    run: Annotated[Path, typer.Argument(help="The folder of a run, as `grader batch -o` wrote it.", metavar="RUN")],
    *,
    form: Annotated[str, typer.Option("--format", help=f"What to write: {', '.join(run_formats())}.")] = "csv",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write, or the folder (html); a file goes to standard output without it.")
    ] = None,
    write_failures: Annotated[
        bool, typer.Option("--write-failures", help="Write MODEL_FAILURES.md beside each answer instead, never over one that a person wrote.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="With --write-failures: write over documents of people too.")] = False,
) -> None:
    """Write the records of a run in another format. Nothing is graded again."""
    from grader.run_reports import RunReportError, is_folder, run_report  # noqa: PLC0415 - start-up must not load them
    from grader.store import RunError  # noqa: PLC0415 - likewise

    if form not in run_formats():
        message = f"--format {form}: choose one of {', '.join(run_formats())}"
        raise GraderError(message)
    try:
        if write_failures:
            _save_in_place(run, force=force)
            return
        chosen = run_report(form)
        if is_folder(chosen):
            _save_folder(chosen, run, output)
        elif output is None:
            _print(chosen, run)
        else:
            _save(chosen, run, output)
    except (RunError, RunReportError) as error:
        raise GraderError(str(error)) from error


def _save_in_place(folder: Path, *, force: bool) -> None:
    from grader.run_reports._in_place import write_in_place  # noqa: PLC0415 - start-up must not load it
    from grader.store import read_grades, read_run  # noqa: PLC0415 - likewise

    try:
        written, kept, nowhere = write_in_place(read_run(folder), read_grades(folder), force=force)
    except OSError as error:
        message = f"{error.filename}: cannot be written: {error.strerror or error}; check the folder's permissions"
        raise GraderError(message) from error
    sys.stderr.write(f"{len(written)} written, {len(kept)} left alone (not written by grader; --force writes over them), {nowhere} in no folder\n")


def _save_folder(chosen: FolderReport, folder: Path, output: Path | None) -> None:
    from grader.store import read_grades, read_run  # noqa: PLC0415 - start-up must not load it

    if output is None:
        message = f"--format {chosen.FORMAT} is a folder of files; name it with -o"
        raise GraderError(message)
    try:
        first = chosen.write_folder(read_run(folder), read_grades(folder), output)
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror or error}; choose another folder with -o"
        raise GraderError(message) from error
    sys.stderr.write(f"report written, open {first}\n")


def _print(chosen: RunReport, folder: Path) -> None:
    from grader.store import read_grades, read_run  # noqa: PLC0415 - start-up must not load it

    if chosen.BINARY and sys.stdout.isatty():
        message = f"--format {chosen.FORMAT} is no text for a terminal; name a file with -o"
        raise GraderError(message)
    asked = read_run(folder)
    try:
        chosen.write(asked, read_grades(folder), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has gone: `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _save(chosen: RunReport, folder: Path, output: Path) -> None:
    """Write beside the file and then over it: an old report stays whole until the new one is."""
    from grader.store import read_grades, read_run  # noqa: PLC0415 - start-up must not load it

    asked = read_run(folder)
    fresh = output.with_name(f".{output.name}.{os.getpid()}.new")
    try:
        try:
            with fresh.open("wb") as file:
                chosen.write(asked, read_grades(folder), file)
            fresh.replace(output)
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror or error}; choose another file with -o"
        raise GraderError(message) from error
    sys.stderr.write(f"report written to {output}\n")
