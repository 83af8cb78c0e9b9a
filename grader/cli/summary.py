"""`grader summary`: what a run came to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, GraderError, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("summary", epilog=EXIT_CODES)(summary)


def summary(
    run: Annotated[Path, typer.Argument(help="The folder of a run, as `grader batch -o` wrote it.", metavar="RUN")],
    *,
    threshold: Annotated[float, typer.Option(min=0, max=100, help="The score from which an answer passes.")] = 70.0,
    form: Annotated[str, typer.Option("--format", help="What to print: table, json, md.")] = "table",
) -> None:
    """Sum up a run by model, dialect, category, severity and kind.

    Means stand with their 95 % bootstrap interval over prompts; pass@k where prompts have several answers; the ten most frequent faults last.
    """
    from grader.store import RunError, State, read_run  # noqa: PLC0415 - start-up must not load it
    from grader.summary import read_answers, summarise  # noqa: PLC0415 - likewise
    from grader.summary.drawing import FORMS, as_json, markdown, table  # noqa: PLC0415 - likewise
    from grader.summary.sections import summary_sections  # noqa: PLC0415 - likewise

    if form not in FORMS:
        message = f"--format {form}: choose one of {', '.join(FORMS)}"
        raise GraderError(message)
    try:
        asked = read_run(run)
        answers = read_answers(run)
    except RunError as error:
        raise GraderError(str(error)) from error
    if not answers:
        message = f"{run}: no record yet; wait for the run, or go on with it by `grader batch ... --resume`"
        raise GraderError(message)
    if asked.state is not State.DONE:
        sys.stderr.write(f"grader: note: {run}: the run is {asked.state.value}, not done: {len(answers):,} records so far\n")
    found = summarise(answers, threshold)
    say(
        as_json(found)
        if form == "json"
        else markdown(f"Summary of {run}", summary_sections(found))
        if form == "md"
        else table(summary_sections(found))
    )
