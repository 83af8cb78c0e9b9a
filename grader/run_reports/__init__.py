"""Run reports: one format a file, from the records of a run to one file. Presence in this folder registers a format.

A module has `FORMAT`, the name of its file; `BINARY`, whether its bytes are no text for a terminal; and `write(run, records, out)`, which takes
the records one at a time. A format that is a folder of files has `FOLDER` (true) and `write_folder(run, records, folder)` in their place and gives
the path to open first. It shows what the run says and computes no grade. A name with a leading underscore is part of other formats and no format.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import TypeIs

    from grader.results.records import Record
    from grader.store import Run


class RunReport(Protocol):
    """One format."""

    FORMAT: str
    BINARY: bool

    def write(self, run: Run, records: Iterable[Record], out: BinaryIO) -> None:
        """Write the report of the records to a file that is open for writing bytes. It need not be seekable."""


class FolderReport(Protocol):
    """One format that is a folder of files."""

    FORMAT: str
    FOLDER: bool

    def write_folder(self, run: Run, records: Iterable[Record], folder: Path) -> Path:
        """Write the report below a folder; the path to open first."""


class RunReportError(Exception):
    """A format does not exist, or what it needs is not installed; the message is one line with the remedy."""


@cache
def run_formats() -> tuple[str, ...]:
    """The names of all formats, sorted. None is loaded for it."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


@cache
def run_report(name: str) -> RunReport | FolderReport:
    """The report of a format.

    Raises:
        RunReportError: there is no such format, or its file lacks one of the three names.
    """
    if name not in run_formats():
        message = f"no format `{name}`; one of {', '.join(run_formats())}"
        raise RunReportError(message)
    module = import_module(f"{__name__}.{name}")
    if getattr(module, "FORMAT", None) == name and getattr(module, "FOLDER", False) and callable(getattr(module, "write_folder", None)):
        return cast("FolderReport", module)
    if (
        getattr(module, "FORMAT", None) != name
        or not isinstance(getattr(module, "BINARY", None), bool)
        or not callable(getattr(module, "write", None))
    ):
        message = f"{module.__file__}: line 1: define FORMAT = {name!r}, BINARY and write(run, records, out)"
        raise RunReportError(message)
    return cast("RunReport", module)


def is_folder(report: RunReport | FolderReport) -> TypeIs[FolderReport]:
    """Whether a format is a folder of files."""
    return bool(getattr(report, "FOLDER", False))
