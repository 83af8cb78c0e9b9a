"""The services and features that the prompt names, and those of which the code of a solution shows no trace."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from grader.model.paths import is_test
from grader.model.spans import Span
from grader.prompts.sentences import demands

if TYPE_CHECKING:
    from grader.model.solutions import Requirements, Solution


class Service(NamedTuple):
    """One service or feature; its patterns read text in lower case: what it is called, how a prompt asks for it, what shows it in code, and the types that give it.

    Services of one `part` work together: without all of them one thing is missing.
    """

    name: str
    asks: re.Pattern[str]
    shows: re.Pattern[str]
    types: tuple[str, ...]
    part: str


class Need(NamedTuple):
    """A service that the prompt asks for: the sentence and its place in the prompt."""

    service: Service
    text: str
    at: Span


@cache
def _services() -> tuple[Service, ...]:
    data = json.loads(files("grader.prompts").joinpath("services.json").read_text(encoding="utf-8"))
    flags = re.IGNORECASE
    return tuple(
        Service(one["id"], re.compile(one["asks"], flags), re.compile(one["shows"], flags), tuple(one["types"]), one.get("part", one["id"]))
        for one in data
    )


@lru_cache(maxsize=8)
def needs(task: Requirements) -> tuple[Need, ...]:
    """The services that an unhedged sentence of the prompt asks for, each once, at its first place."""
    asked = [(one, one.text.lower()) for one in demands(task) if not one.hedged]
    whole = "\n".join(text for _, text in asked)
    found = []
    for service in _services():
        if not service.asks.search(whole):
            continue
        first = next((one for one, text in asked if service.asks.search(text)), None)
        if first is not None:
            found.append(Need(service, first.text, Span(first.line, first.line)))
    return tuple(found)


def unmet(task: Requirements, solution: Solution) -> tuple[Need, ...]:
    """The needs of which no file of a solution shows a trace. None for a solution that breaks off or refers to files it does not give."""
    wanted = needs(task)
    if not wanted or not solution.resources or _partial(solution):
        return ()
    code = "\n".join(
        file.text for file in solution.files if not file.superseded and not is_test(file.name) and file.language not in {"markdown", "text"}
    )
    return tuple(one for one in wanted if not one.service.shows.search(code))


def _partial(solution: Solution) -> bool:
    """Whether the solution may hold more than can be read: a block that is never closed, a file that does not parse, a module from elsewhere."""
    claimed = {id(file) for file in solution.claimed}
    return (
        any(not file.closed and not file.superseded and id(file) in claimed for file in solution.files)
        or any(id(problem.file) in claimed for problem in solution.problems)
        or any((one.scope, one.name) not in solution.symbols and one.category in {"file", "module"} for one in solution.references)
        or any(one.name.startswith("module.") for one in solution.bindings)
    )
