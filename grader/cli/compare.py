"""`grader compare`: two runs, paired by prompt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._outcomes import Exit, GraderError, say

COMPARE_CODES = "Exit codes: 0 done; 1 a regression, with --fail-on-regression; 2 bad input or usage; 3 a defect of the grader."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog=COMPARE_CODES)(compare)


def compare(
    run_a: Annotated[Path, typer.Argument(help="The folder of the run to compare with.", metavar="RUN_A")],
    run_b: Annotated[Path, typer.Argument(help="The folder of the run that is compared.", metavar="RUN_B")],
    *,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Exit with 1 where B is worse than chance explains, or lost a score.")
    ] = False,
    form: Annotated[str, typer.Option("--format", help="What to print: table, json, md.")] = "table",
) -> None:
    """Compare two runs: wins, ties and losses of B, the mean difference with its interval, and which faults were gained and lost.

    For two models on the same prompts, and for two versions of a rubric or of the grader.
    """
    from grader.store import RunError, State, read_run  # noqa: PLC0415 - start-up must not load it
    from grader.summary import compare as compare_answers  # noqa: PLC0415 - likewise
    from grader.summary import read_answers  # noqa: PLC0415 - likewise
    from grader.summary.drawing import FORMS, as_json, markdown, table  # noqa: PLC0415 - likewise
    from grader.summary.sections import comparison_sections  # noqa: PLC0415 - likewise

    if form not in FORMS:
        message = f"--format {form}: choose one of {', '.join(FORMS)}"
        raise GraderError(message)
    try:
        runs = [(folder, read_run(folder), read_answers(folder)) for folder in (run_a, run_b)]
    except RunError as error:
        raise GraderError(str(error)) from error
    for folder, asked, answers in runs:
        if asked.state is not State.DONE:
            sys.stderr.write(f"grader: note: {folder}: the run is {asked.state.value}, not done: {len(answers):,} records so far\n")
    found = compare_answers(runs[0][2], runs[1][2])
    if not found.pairs:
        message = f"{run_a} and {run_b}: no prompt is in both; grade the same samples, and give rows an `id`"
        raise GraderError(message)
    title = f"{run_a} (A) and {run_b} (B)"
    sections = comparison_sections(found)
    say(as_json(found) if form == "json" else markdown(title, sections) if form == "md" else table(sections))
    if fail_on_regression and found.regressed:
        raise typer.Exit(Exit.BELOW)
