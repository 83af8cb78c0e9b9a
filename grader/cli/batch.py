"""`grader batch`: a run over many answers, into a folder that can be resumed."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, Exit, GraderError, complain
from grader.model.kinds import Severity, Status

if TYPE_CHECKING:
    from grader.batch import Outcome
    from grader.rubric import Rubric

BATCH_CODES = (
    f"{EXIT_CODES} Of several the highest counts; a record that is `unreadable` makes 2, since it is no grade. "
    "A run that a signal ended exits with 128 and its number (130 for Ctrl-C)."
)
_ENGINES = ("local", "ray")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("batch", epilog=BATCH_CODES)(batch)


def batch(
    paths: Annotated[
        list[str], typer.Argument(help="Folders of samples, files of rows (.jsonl, .jsonl.gz, .parquet), or - for JSON Lines.", metavar="PATH...")
    ],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder of the run: run.json and grades.jsonl.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in this folder; what is done and unchanged is kept.")] = False,
    answer: Annotated[
        str | None, typer.Option(help="Answers in a sample's folder, as a glob (instead of MODEL_RESPONSE*.md and answers/*.md).", metavar="GLOB")
    ] = None,
    ideal: Annotated[str | None, typer.Option(help="Name of the ideal in a sample's folder (instead of IDEAL_RESPONSE.md).")] = None,
    prompt: Annotated[str | None, typer.Option(help="Name of the prompt in a sample's folder (instead of PROMPT.md).")] = None,
    no_ideal: Annotated[bool, typer.Option("--no-ideal", help="Grade the answers alone.")] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="Columns of rows: answer=completion,ideal=reference,prompt=prompt,id=task_id.", metavar="PART=COLUMN"),
    ] = None,
    rubric: Annotated[str | None, typer.Option(help="A rubric file, or the name of a shipped rubric.")] = None,
    engine: Annotated[str, typer.Option(help="Where to grade: local (processes of this machine) or ray (a cluster).")] = "local",
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes; without it one for each core.")] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds that one answer may take.")] = 30.0,
    memory_limit: Annotated[int, typer.Option(min=200, help="Megabytes that a process may take (Linux).")] = 1024,
    cache: Annotated[bool, typer.Option("--cache/--no-cache", help="Take grades of the same content from the cache, and keep them there.")] = True,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")] = False,
    fail_under: Annotated[float | None, typer.Option(min=0, max=100, help="Exit with 1 where the mean score is below this.")] = None,
    fail_on: Annotated[Severity | None, typer.Option(help="Exit with 1 where any answer has a fault of this severity or worse.")] = None,
) -> None:
    """Grade every answer below the paths into the folder of a run.

    The run can be stopped or killed at any moment and resumed. Records stand in grades.jsonl, one a line, in the order of the samples.
    """
    from grader.batch import Batch, InputError, Inputs, Limits, MapError, Names, read_map, run_batch  # noqa: PLC0415 - start-up must not load it
    from grader.batch.progress import shown  # noqa: PLC0415 - likewise
    from grader.store import Asked, RunError  # noqa: PLC0415 - likewise

    if engine not in _ENGINES:
        message = f"--engine {engine}: choose one of {', '.join(_ENGINES)}"
        raise GraderError(message)
    if engine == "ray":
        _need_ray()
    try:
        mapped = read_map(columns or [])
        inputs = Inputs(paths, Names(answer, ideal, prompt, no_ideal), mapped)
    except (InputError, MapError) as error:
        raise GraderError(str(error)) from error
    asked = Asked(
        paths=tuple(paths),
        answer=answer,
        ideal=ideal,
        prompt=prompt,
        no_ideal=no_ideal,
        map=mapped,
        rubric=rubric,
        engine="ray" if engine == "ray" else "local",
        time_limit=time_limit,
        memory_limit=memory_limit,
    )
    limits = Limits(jobs or _cores(), time_limit, memory_limit)
    try:
        with shown(quiet=quiet) as progress:
            outcome = run_batch(Batch(inputs, output, _rubric(rubric), limits, asked, resume=resume, cache=cache), progress)
    except RunError as error:
        raise GraderError(str(error)) from error
    for note in outcome.notes:
        sys.stderr.write(f"grader: note: {note}\n")
    if outcome.error:
        raise GraderError(outcome.error)
    if outcome.signal:
        _stopped(outcome, output)
    if not quiet:
        sys.stdout.write(summary(outcome, output))
    _end(outcome, output, fail_under, fail_on)


def summary(outcome: Outcome, output: Path) -> str:
    """What a run came to, in a few lines."""
    from grader.batch.progress import in_words  # noqa: PLC0415 - start-up must not load it

    tally, run = outcome.tally, outcome.run
    parts = [f"{tally.kept:,} kept"] * bool(tally.kept) + [f"{tally.from_cache:,} from the cache"] * bool(tally.from_cache)
    mean = f"; mean score {tally.mean:.1f}" if tally.mean is not None else ""
    reused = f" ({', '.join(parts)})" if parts else ""
    return f"{tally.records:,} answers in {run.seconds:.1f} s{reused}\n{in_words(tally)}{mean}\n{output}/grades.jsonl\n"


def _rubric(name: str | None) -> Rubric:
    from grader.rubric import RubricError, load_rubric  # noqa: PLC0415 - start-up must not load the rubric

    try:
        return load_rubric(name)
    except RubricError as error:
        for problem in error.problems[:-1]:
            complain(problem)
        raise GraderError(error.problems[-1]) from error


def _need_ray() -> None:
    from importlib.util import find_spec  # noqa: PLC0415 - one option needs it

    if find_spec("ray") is None or find_spec("pyarrow") is None:
        message = "--engine ray: Ray is not installed; `pip install 'iac-grader[ray]'`, or leave the option out to grade on this machine"
        raise GraderError(message)


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _stopped(outcome: Outcome, output: Path) -> None:
    """End as a signal asked: what is safe, and what to type."""
    again = shlex.join(["grader", *sys.argv[1:]] if "--resume" in sys.argv else ["grader", *sys.argv[1:], "--resume"])
    complain(f"stopped by {signal.Signals(outcome.signal).name}; {outcome.tally.records:,} records are in {output}; to go on: {again}")
    raise typer.Exit(128 + outcome.signal)


def _end(outcome: Outcome, output: Path, fail_under: float | None, fail_on: Severity | None) -> None:
    tally = outcome.tally
    if not tally.records:
        message = f"{', '.join(outcome.run.asked.paths)}: no samples; give folders with MODEL_RESPONSE.md, or files of rows"
        raise GraderError(message)
    trouble = [
        (status, code, what)
        for status, code, what in ((Status.FAILED, Exit.DEFECT, "failed"), (Status.UNREADABLE, Exit.BAD_INPUT, "cannot be read"))
        if tally.statuses[status]
    ]
    for status, _, what in trouble:
        sample, reason = tally.examples[status]
        first = "the first" if tally.statuses[status] > 1 else "it"
        where = reason if reason.startswith(sample) else f"{sample}: {reason}"
        complain(f"{tally.statuses[status]:,} of {tally.records:,} answers {what}; {first} is {where}; all are in {output}/grades.jsonl")
    if trouble:
        raise typer.Exit(trouble[0][1])
    below = fail_under is not None and (tally.mean or 0) < fail_under
    worse = fail_on is not None and tally.worst is not None and tally.worst.rank <= fail_on.rank
    if below or worse:
        raise typer.Exit(Exit.BELOW)
