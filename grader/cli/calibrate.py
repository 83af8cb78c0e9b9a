"""`grader calibrate`: the lift of every detector and criterion, from a run and its ideals."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, GraderError, complain, say

if TYPE_CHECKING:
    from grader.batch import Inputs, Limits
    from grader.rubric import Rubric
    from grader.store import Run
    from grader.summary.calibrating import Calibration, Firing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("calibrate", epilog=EXIT_CODES)(calibrate)


def calibrate(
    run: Annotated[Path, typer.Argument(help="The folder of a run, as `grader batch -o` wrote it; its samples must still be there.", metavar="RUN")],
    *,
    rubric: Annotated[str | None, typer.Option(help="A rubric file, or the name of a shipped rubric (instead of the run's).")] = None,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes; without it one for each core.")] = None,
    form: Annotated[str, typer.Option("--format", help="What to print: table, json, md.")] = "table",
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress.")] = False,
) -> None:
    """Tell the detectors that accuse answers from those that accuse everyone.

    Grades the answers of a run and their ideals once more, each alone, and prints for every detector and every criterion of the rubric in how many it
    fires, the ratio of the two shares (the lift), and its 95 % interval. What compares with an ideal cannot fire on one alone and has no lift.
    """
    from grader.store import RunError, State, read_run  # noqa: PLC0415 - start-up must not load it
    from grader.summary.drawing import FORMS, as_json, markdown, table  # noqa: PLC0415 - likewise
    from grader.summary.sections import calibration_sections  # noqa: PLC0415 - likewise

    if form not in FORMS:
        message = f"--format {form}: choose one of {', '.join(FORMS)}"
        raise GraderError(message)
    try:
        asked = read_run(run)
        if asked.state is not State.DONE:
            sys.stderr.write(f"grader: note: {run}: the run is {asked.state.value}, not done\n")
        found = _calibrated(run, asked, rubric, jobs, quiet=quiet)
    except RunError as error:
        raise GraderError(str(error)) from error
    sections = calibration_sections(found)
    say(as_json(found) if form == "json" else markdown(f"Lift over {run}", sections) if form == "md" else table(sections))


def _calibrated(folder: Path, run: Run, rubric: str | None, jobs: int | None, *, quiet: bool) -> Calibration:
    from grader.batch import InputError, Inputs, Limits, Names  # noqa: PLC0415 - start-up must not load it
    from grader.rubric import RubricError, load_rubric  # noqa: PLC0415 - likewise
    from grader.store import read_grades  # noqa: PLC0415 - likewise
    from grader.summary.calibrating import calibrate as calibrate_firing  # noqa: PLC0415 - likewise
    from grader.summary.calibrating import firing  # noqa: PLC0415 - likewise

    asked = run.asked
    if asked.no_ideal:
        message = f"{folder}: the run was asked for without ideals, so there is nothing to compare with; run `grader batch` without --no-ideal"
        raise GraderError(message)
    if "-" in asked.paths:
        message = f"{folder}: its samples came by standard input, which cannot be read again; run `grader batch` on a file or a folder"
        raise GraderError(message)
    try:
        loaded = load_rubric(rubric or asked.rubric)
        inputs = Inputs(asked.paths, Names(asked.answer, asked.ideal, asked.prompt), dict(asked.map))
    except RubricError as error:
        raise GraderError(error.problems[-1]) from error
    except InputError as error:
        raise GraderError(str(error)) from error
    limits = Limits(jobs or _cores(), asked.time_limit, asked.memory_limit)
    ours, theirs = _both_alone(inputs, loaded, limits, quiet=quiet)
    if not theirs.records:
        message = f"{folder}: no sample of the run has an ideal that holds code; lift needs both sides"
        raise GraderError(message)
    criteria = {one.criterion: one.detector.value for one in loaded.criteria}
    return calibrate_firing(firing(read_grades(folder)), ours, theirs, criteria)


def _both_alone(inputs: Inputs, rubric: Rubric, limits: Limits, *, quiet: bool) -> tuple[Firing, Firing]:
    from grader.batch.alone import answers_alone, graded, ideals_alone  # noqa: PLC0415 - start-up must not load it
    from grader.batch.progress import shown  # noqa: PLC0415 - likewise
    from grader.batch.stopping import Stopping  # noqa: PLC0415 - likewise
    from grader.summary.calibrating import firing  # noqa: PLC0415 - likewise

    found = []
    with Stopping() as stopping:
        for what, side in (("answers", answers_alone), ("ideals", ideals_alone)):
            if not quiet:
                sys.stderr.write(f"grading the {what} alone\n")
            with shown(quiet=quiet) as progress:
                found.append(firing(graded(side(inputs.samples(stopping)), rubric, limits, stopping, progress)))
            if stopping.signal is not None:
                complain(f"stopped by {signal.Signals(stopping.signal).name}; nothing was written")
                raise typer.Exit(128 + stopping.signal)
    return found[0], found[1]


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
