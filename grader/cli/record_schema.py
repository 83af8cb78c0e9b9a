"""`grader record-schema`: the JSON Schema of the result record."""

from __future__ import annotations

import json

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("record-schema")(record_schema)


def record_schema() -> None:
    """Print the JSON Schema of the result record, format 1."""
    from grader.results import record_schema as schema  # noqa: PLC0415 - start-up must not load pydantic

    typer.echo(json.dumps(schema(), indent=2))
