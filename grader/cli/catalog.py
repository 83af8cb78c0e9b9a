"""`grader catalog`: what the API catalogue was built from, and how it is built anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli._outcomes import GraderError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    catalog = typer.Typer(help="The API catalogue: what libraries, providers and CloudFormation have.", no_args_is_help=True)
    catalog.command("info")(info)
    catalog.command("build")(build)
    app.add_typer(catalog, name="catalog")


def info() -> None:
    """Print the packages the catalogue was built from: version, licence, date."""
    from grader.catalog import FILE, CatalogueError, names, sources  # noqa: PLC0415 - start-up must not open the catalogue

    try:
        found = sources()
    except CatalogueError as error:
        raise GraderError(str(error)) from error
    typer.echo(f"{FILE}: {FILE.stat().st_size / 1e6:.1f} MB")
    typer.echo(f"{'space':<14}{'package':<34}{'version':<10}{'licence':<12}{'date':<12}{'names':>7}")
    for one in found:
        typer.echo(f"{one.space:<14}{one.package:<34}{one.version:<10}{one.licence:<12}{one.released:<12}{len(names(one.space)):>7}")


def build(
    wheels: Annotated[Path, typer.Option(help="The folder that keeps the downloaded packages (0.5 GB).")] = Path(".catalogue-wheels"),
    to: Annotated[Path | None, typer.Option(help="Where to write the file; the package's own by default.")] = None,
) -> None:
    """Build the catalogue anew from its pinned packages: some three minutes, the same bytes for the same packages."""
    from grader.catalog import FILE  # noqa: PLC0415 - only this command builds
    from grader.catalog.building import build as build_all  # noqa: PLC0415 - the same

    try:
        build_all(to or FILE, wheels, typer.echo)
    except FileNotFoundError as error:
        raise GraderError(str(error)) from error
