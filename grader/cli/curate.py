"""`grader curate`: a run to a data set for training."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._outcomes import EXIT_CODES, GraderError, complain, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("curate", epilog=EXIT_CODES)(curate)


def curate(
    run: Annotated[Path | None, typer.Argument(help="The folder of a run, as `grader batch -o` wrote it.", metavar="RUN")] = None,
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The folder to write: empty, new, or written by this command before.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="Keep what this CEL expression holds for (may be repeated): `score < 90 && metadata.platform == 'cdk'`.")
    ] = None,
    step: Annotated[
        list[str] | None, typer.Option(metavar="NAME[=VALUE]", help="A step of the funnel (may be repeated); `default` stands for the usual ones.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A step to leave out (may be repeated).")] = None,
    form: Annotated[str, typer.Option("--format", help="Rows to write: sft, preference, reward or labels.")] = "preference",
    split: Annotated[str, typer.Option(help="Shares of training, validation and test.")] = "80:10:10",
    quality: Annotated[str | None, typer.Option(help="A file that values pairs, instead of training-quality.")] = None,
    steps: Annotated[bool, typer.Option("--steps", help="List the steps and exit.")] = False,
) -> None:
    """Choose pairs of a run and write them as a data set, with a funnel that says what each step dropped and why.

    Texts are read again from where the run found them, and never executed.
    """
    from grader.curation import FORMS, CurationError, describe_steps  # noqa: PLC0415 - start-up must not load it
    from grader.curation import curate as curate_run  # noqa: PLC0415 - likewise
    from grader.rubric import RubricError  # noqa: PLC0415 - likewise

    if steps:
        say(
            "".join(
                f"{'*' if usual else ' '} {name}{'=' + takes if takes else ''}\n      {about}\n" for name, takes, about, usual in describe_steps()
            )
        )
        say("* in the default list\n")
        return
    if form not in FORMS:
        message = f"--format {form}: choose one of {', '.join(FORMS)}"
        raise GraderError(message)
    if run is None or output is None:
        message = "name the folder of a run, and the folder to write with -o; `grader curate --steps` lists the steps"
        raise GraderError(message)
    try:
        found = curate_run(run, output, form=form, rules=rule or (), steps=step or (), skipped=skip or (), shares=split, quality=quality)
    except CurationError as error:
        raise GraderError(str(error)) from error
    except RubricError as error:
        for problem in error.problems[:-1]:
            complain(problem)
        raise GraderError(error.problems[-1]) from error
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror or error}; name another folder with -o"
        raise GraderError(message) from error
    say(found.table)
    said = ", ".join(f"{count:,} {name}" for name, count in found.rows.items())
    sys.stderr.write(f"{len(found.sieved.left):,} of {len(found.sieved.everyone):,} pairs in {output}: {said}\n")
