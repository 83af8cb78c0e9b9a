"""`grades.jsonl`: reading the records of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from grader.results.records import Record
from grader.store.runs import RunError

GRADES = "grades.jsonl"


def read_grades(folder: Path | str, *, on_corrupt: Callable[[str], None] | None = None) -> Iterator[Record]:
    """The records of a run, one at a time, in the order of the samples.

    A last line without its newline is a record in flight (the run is at work, or was killed) and is not given.
    A corrupt line ends the reading; with `on_corrupt` it is called with one line that names file, place and remedy, and reading goes on.

    Raises:
        RunError: no such file, one that cannot be read, or a corrupt line and no `on_corrupt`.
    """
    path = Path(folder) / GRADES
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                try:
                    record = Record.model_validate_json(line)
                except ValidationError as error:
                    message = f"{path}: line {number}: no result record ({_reason(error)}); `grader batch … --resume` grades that sample again"
                    if on_corrupt is None:
                        raise RunError(message) from error
                    on_corrupt(message)
                else:
                    yield record
    except FileNotFoundError as error:
        message = f"{path}: no such file; give the folder that `grader batch -o` wrote"
        raise RunError(message) from error
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}; check the path and its permissions"
        raise RunError(message) from error


def _reason(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
