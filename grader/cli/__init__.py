"""The command line. One command a file, found by presence; nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from grader import __version__
from grader.cli._outcomes import EXIT_CODES, Exit, GraderError, complain

HELP = """Grade Infrastructure as Code that a language model wrote against what it should have written.

A sample is a folder with MODEL_RESPONSE.md and, where present, IDEAL_RESPONSE.md, PROMPT.md and metadata.json.
"""


def application() -> typer.Typer:
    """The application with every command of this folder."""
    app = typer.Typer(
        name="grader",
        help=HELP,
        epilog=EXIT_CODES,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(_root)
    for module in iter_modules(__path__):
        if not module.name.startswith("_"):
            import_module(f"{__name__}.{module.name}").register(app)
    return app


def _root(
    *,
    version: bool = typer.Option(
        False,  # noqa: FBT003 - typer's own form
        "--version",
        help="Print the version and exit.",
        is_eager=True,
        callback=lambda wanted: _version(wanted=wanted),
    ),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of a defect of the grader.", envvar="GRADER_DEBUG"),  # noqa: FBT003 - typer's own form
) -> None:
    del version
    if debug:
        os.environ["GRADER_DEBUG"] = "1"


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"grader {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every error is one line on standard error and an exit code of `Exit`."""
    try:
        application()(standalone_mode=True)
    except GraderError as error:
        complain(str(error))
        sys.exit(error.code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.GRADED)
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("GRADER_DEBUG"):
            raise
        complain(f"a defect of the grader: {type(error).__name__}: {error}; run again with --debug for the traceback")
        sys.exit(Exit.DEFECT)
