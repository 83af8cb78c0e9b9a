"""`grader rubric`: check a rubric file, print its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from grader.cli._outcomes import GraderError, complain


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Check rubric files and print their schema.", no_args_is_help=True)
    group.command("check")(check)
    group.command("schema")(schema)
    app.add_typer(group, name="rubric")


def check(file: Annotated[Path, typer.Argument(help="The rubric file.", metavar="FILE")]) -> None:
    """Check a rubric file: every mistake with its file, line and the nearest right name."""
    from grader.rubric import RubricError, load_rubric  # noqa: PLC0415 - start-up must not load the rubric

    try:
        rubric = load_rubric(file)
    except RubricError as error:
        for problem in error.problems[:-1]:
            complain(problem)
        raise GraderError(error.problems[-1]) from error
    points = sum(category.points for category in rubric.categories)
    typer.echo(f"{file}: {len(rubric.criteria)} criteria in {len(rubric.categories)} categories, {points:g} points, {rubric.digest}")


def schema() -> None:
    """Print the JSON Schema of rubric files, for editors."""
    from grader.rubric import schema as rubric_schema  # noqa: PLC0415 - start-up must not load the rubric

    typer.echo(json.dumps(rubric_schema(), indent=2))
