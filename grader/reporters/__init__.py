"""Reporters: one format a file, from a result record to text. Presence in this folder registers a format.

A module has `FORMAT`, the name of its file, and `report(record) -> str`. It shows what the record says and computes no grade. A name
with a leading underscore is part of other reporters and no format.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from grader.results import Record


class Reporter(Protocol):
    """One format."""

    FORMAT: str

    def report(self, record: Record) -> str:
        """The record as text that ends with a newline."""


class ReporterError(Exception):
    """A file of this folder is no reporter, or no file gives the format; the message names the remedy."""


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted. No reporter is loaded for it."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


@cache
def reporter(name: str) -> Reporter:
    """The reporter of a format.

    Raises:
        ReporterError: there is no such format, or its file lacks one of the two names.
    """
    if name not in formats():
        message = f"no format `{name}`; one of {', '.join(formats())}"
        raise ReporterError(message)
    module = import_module(f"{__name__}.{name}")
    if getattr(module, "FORMAT", None) != name or not callable(getattr(module, "report", None)):
        message = f"{module.__file__}: line 1: define FORMAT = {name!r} and report(record)"
        raise ReporterError(message)
    return cast("Reporter", module)


def report(record: Record, name: str) -> str:
    """A record in a format; raises `ReporterError` as `reporter` does."""
    return reporter(name).report(record)
