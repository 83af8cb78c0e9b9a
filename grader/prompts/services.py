"""The services and features that the prompt names, and those of which the code of a solution shows no trace."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from grader.model.kinds import Kind
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.prompts.sentences import demands, firm, refused

if TYPE_CHECKING:
    from grader.model.documents import File
    from grader.model.solutions import Requirements, Solution


_COMMENT = re.compile(r"^[ \t]*(?:#(?!!)|//|/\*|\*[ /]).*$|(?<=[\s;,{}()])(?://|# ).*$", re.MULTILINE)
_WAY = re.compile(r"\*{0,2} (?:(?:gateway|interface|vpc) )*(?:endpoints?|permissions?|access)\b")
_CUT = re.compile(r"missing|end of|at the end|open at|cannot be read")
"""What a parser says of a file that breaks off."""
_TAIL = 4
"""Lines at the end of a file in which a place that does not parse may be where it is cut."""
_CODE: list[tuple[Solution, str]] = []
_LAST: list[tuple[Requirements, Solution, tuple[Need, ...]]] = []


class Service(NamedTuple):
    """One service or feature; its patterns read text in lower case: words without which no prompt asks for it, how one does, what shows it in code.

    `types` are what gives it. Services of one `part` work together: without all of them one thing is missing. `kind` is the kind of that fault;
    `of` names the service that a feature belongs to.
    """

    name: str
    hints: tuple[str, ...]
    asks: str
    shows: str
    types: tuple[str, ...]
    part: str
    kind: Kind
    of: str


class Need(NamedTuple):
    """A service that the prompt asks for: the sentence and its place in the prompt."""

    service: Service
    text: str
    at: Span


@cache
def _services() -> tuple[Service, ...]:
    data = json.loads(files("grader.prompts").joinpath("services.json").read_text(encoding="utf-8"))
    return tuple(
        Service(one["id"], tuple(one["hints"]), one["asks"], one["shows"], tuple(one["types"]), one["part"], Kind(one["kind"]), one["of"])
        for one in data
    )


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@lru_cache(maxsize=8)
def needs(task: Requirements) -> tuple[Need, ...]:
    """The services that a sentence of the prompt asks for without hedge, each once, at its first place."""
    asked = [(one, one.text.lower()) for one in demands(task)]
    whole = "\n".join(text for _, text in asked)
    plain = tuple(line.lower() for line in task.lines)
    found = []
    for service in _services():
        if not any(hint in whole for hint in service.hints):
            continue
        asks = _pattern(service.asks)
        if any(refused(text, hit.start()) for text in plain if any(hint in text for hint in service.hints) for hit in asks.finditer(text)):
            continue
        for one, text in asked:
            if (
                "suffix" not in text
                and any(hint in text for hint in service.hints)
                and any(_asks_for(text, *hit.span()) for hit in asks.finditer(text))
            ):
                found.append(Need(service, one.text, Span(one.line, one.line)))
                break
    return tuple(found)


def _asks_for(text: str, start: int, end: int) -> bool:
    """Whether a sentence asks for the service it names itself, not for a way to it or an alarm on it."""
    return firm(text, start, end) and (_WAY.match(text, end) is None or "api" in text[start:end])


def unmet(task: Requirements, solution: Solution) -> tuple[Need, ...]:
    """The needs of which no file of a solution shows a trace, features of an absent service left out. None for a solution that breaks off or refers to files it does not give."""
    for of, by, found in _LAST:
        if of is task and by is solution:
            return found
    wanted = needs(task)
    code = code_of(solution) if wanted and complete(solution) else ""
    absent = {one.service.name: one for one in wanted if not _pattern(one.service.shows).search(code)} if code else {}
    missing = tuple(one for one in absent.values() if one.service.of not in absent)
    _LAST[:] = [(task, solution, missing)]
    return missing


def shown_by(service: Service, text: str) -> bool:
    """Whether a text shows a service."""
    return _pattern(service.shows).search(text.lower()) is not None


def code_of(solution: Solution) -> str:
    """All code of a solution in lower case, tests, prose and comments left out."""
    for of, found in _CODE:
        if of is solution:
            return found
    text = "\n".join(
        file.text for file in solution.files if not file.superseded and not is_test(file.name) and file.language not in {"markdown", "text"}
    )
    code = _COMMENT.sub("", text).lower()
    _CODE[:] = [(solution, code)]
    return code


def _ends(file: File) -> bool:
    """Whether a file whose block is never closed ends with a statement, in a language whose parser would see one that is cut."""
    return file.language in {"typescript", "javascript", "go", "java", "hcl"} and file.text.rstrip().endswith(("}", ";", ")"))


def complete(solution: Solution) -> bool:
    """Whether the text of a solution is all there: every block is closed or ends with a statement, none is cut, and nothing comes from files it does not give."""
    claimed = {id(file) for file in solution.claimed}
    return bool(solution.resources) and not (
        any(not file.closed and not file.superseded and id(file) in claimed and not _ends(file) for file in solution.files)
        or any(id(one.file) in claimed and (_CUT.search(one.message) or one.span.end_line + _TAIL > one.file.end_line) for one in solution.problems)
        or any((one.scope, one.name) not in solution.symbols and one.category in {"file", "module"} for one in solution.references)
        or any(one.name.startswith("module.") for one in solution.bindings)
    )


def whole(solution: Solution) -> bool:
    """Whether all of a solution can be read: its text is all there, and every file parses."""
    claimed = {id(file) for file in solution.claimed}
    return complete(solution) and not any(id(problem.file) in claimed for problem in solution.problems)
