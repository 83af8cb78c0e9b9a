"""`grader explain`: what a kind of fault is, when it is stated and when not, with an example."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from grader.cli._outcomes import GraderError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    kind: Annotated[str | None, typer.Argument(help="A kind of fault, such as missing-asset. Without it all are listed.", metavar="KIND")] = None,
) -> None:
    """Explain a kind of fault: what it is, what is not flagged, an example, and what the default rubric charges."""
    from grader.detectors import detectors  # noqa: PLC0415 - start-up must not load the detectors

    known = {one.name: one for one in detectors()}
    if kind is None:
        width = max(map(len, known))
        for one in known.values():
            typer.echo(f"{one.name:<{width}}  {one.doc.splitlines()[0]}")
        return
    if kind not in known:
        near = get_close_matches(kind, known, n=1, cutoff=0.4)
        message = f"{kind}: no such kind of fault" + (f"; did you mean {near[0]}?" if near else "; `grader explain` lists them")
        raise GraderError(message)
    from grader.rubric import load_rubric  # noqa: PLC0415 - start-up must not load the rubric

    found = known[kind]
    typer.echo(f"{found.name}\n{'=' * len(found.name)}\n\n{found.doc}\n")
    for line in load_rubric().criteria:
        if line.detector == found.name:
            forms = f" ({', '.join(line.variants)})" if line.variants else ""
            typer.echo(
                f"default rubric: {line.criterion}{forms}: {line.severity.value}, {line.points.each:g} points each, at most {line.points.at_most:g}"
            )
