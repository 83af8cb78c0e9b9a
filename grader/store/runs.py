"""`run.json`: what was asked of a run, with which versions, what came of it and when."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.model.kinds import Status, Verdict
from grader.results.records import RubricName

RUN = "run.json"


class RunError(Exception):
    """The folder of a run cannot be used; the message is one line that names file, place and remedy."""


class State(StrEnum):
    """How far a run came."""

    RUNNING = "running"
    """At work, or killed: a run that is at work holds the lock of its folder."""
    STOPPED = "stopped"
    """Ended before the last sample: a signal, a full disk. It can be resumed."""
    DONE = "done"
    """Every sample has its record."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Asked(_Part):
    """The command as given: what is needed to run it again."""

    paths: tuple[str, ...]
    answer: str | None = None
    ideal: str | None = None
    prompt: str | None = None
    no_ideal: bool = False
    map: Mapping[str, str] = Field(default_factory=dict)
    rubric: str | None = None
    engine: Literal["local", "ray"] = "local"
    time_limit: float = Field(description="seconds an answer may take")
    memory_limit: int = Field(description="megabytes a process may take for one answer")


class Counts(_Part):
    """Records written so far; `statuses` and `verdicts` hold every value of their vocabulary."""

    records: int = 0
    statuses: Mapping[Status, int] = Field(default_factory=lambda: dict.fromkeys(Status, 0))
    verdicts: Mapping[Verdict, int] = Field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    from_cache: int = 0
    kept: int = Field(default=0, description="records of an earlier attempt that --resume kept")


class Run(_Part):
    """One run. Times are ISO 8601 in UTC; `seconds` is what all attempts took together."""

    format: Literal[1] = 1
    state: State
    asked: Asked
    version: str = Field(description="version of grader")
    code: str = Field(description="sha256 of the code, the data and the parsers that made the grades, `sha256:…`")
    rubric: RubricName
    counts: Counts = Counts()
    started: str
    ended: str | None = None
    seconds: float = 0.0
    python: str = ""
    platform: str = ""


def read_run(folder: Path | str) -> Run:
    """What `run.json` of a run's folder says.

    Raises:
        RunError: no run, or one that cannot be read.
    """
    path = Path(folder) / RUN
    try:
        return Run.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        message = f"{folder}: no {RUN} in this folder, so it is no run; give the folder that `grader batch -o` wrote"
        raise RunError(message) from error
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}; check the path and its permissions"
        raise RunError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "line 1"
        message = f"{path}: {place}: {first['msg']}; `grader batch … --resume` writes it anew"
        raise RunError(message) from error


def write_run(folder: Path, run: Run) -> None:
    """Write `run.json` so that a reader sees the old text or the new one, never a part."""
    text = json.dumps(run.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
    fresh = folder / f".{RUN}.new"
    with fresh.open("w", encoding="utf-8", errors="replace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / RUN)
