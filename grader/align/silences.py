"""Reasons to say nothing of a property that only the ideal sets: lost by the parser, cut off, given elsewhere, or written under another name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.knowledge.properties import alternatives
from grader.model.values import Known, Value, flat, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.align.inventory import Thing
    from grader.model.solutions import Pair, Resource, Solution

_VARIABLES = frozenset({"environment", "variables", "environmentvariables"})
_READ = re.compile(r"(?:environ(?:\.get)?|getenv|Getenv|process\.env|System\.getenv)\s*[.(\[]?\s*[\"'`]?([A-Z][A-Z0-9_]{2,})")
"""Variables that programs read."""
_SETTINGS = ("NODE_", "PYTHON", "LOG_LEVEL", "POWERTOOLS")
"""Variables that runtimes and libraries read themselves begin so."""
_WORDS = re.compile(r"[A-Za-z][a-z]+|[A-Z]+|\d+")
_GENERIC = frozenset({"name", "arn", "id", "url", "value"})
SHORTEST = 6
"""Letters of a name that is looked for inside a longer one."""


def lost(resource: Resource, solution: Solution) -> bool:
    """Whether the parser lost a part of a resource, or the file is cut off in it, so that nothing can be said of what it does not set."""
    problems = [problem.span for problem in solution.problems]
    if problems and (not resource.properties or any(resource.span.touches(one) for one in problems)):
        return True
    text = resource.file.text.rstrip()
    return resource.span.end_line >= resource.file.line + text.count("\n") and text.endswith((":", ",", "{", "[", "(", "=", "-"))


def launched(things: Iterable[Thing]) -> frozenset[str]:
    """What the launch templates of a solution set for the instances that are started from them."""
    return frozenset(
        fold(key)
        for one in things
        if one.type.noun == "launchtemplate"
        for value in one.resource.properties.values()
        for key, _ in flat(value)
        if key
    )


def under_another_name(name: str, ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether the answer sets something that stands for this property, or that the ideal does not and whose name begins or ends like it (`retention_days`)."""
    word = fold(name)
    if not alternatives(word).isdisjoint(map(fold, ours)):
        return True
    known = {fold(key) for key in theirs}
    return any(_alike(word, other) for key in ours if (other := fold(key)) not in known)


def renamed_variable(name: str, wanted: Value, ours: Mapping[str, Value], theirs: Iterable[str]) -> bool:
    """Whether the answer has an environment variable that the ideal does not, whose name shares a word with this one, and both refer to something made."""
    if isinstance(wanted, Known):
        return False
    known = set(theirs)
    words = _words(name)
    return any(key not in known and not isinstance(value, Known) and words & _words(key) for key, value in ours.items())


def _alike(wanted: str, other: str) -> bool:
    short, long = sorted((wanted, other), key=len)
    return len(short) >= SHORTEST and (long.startswith(short) or (short is wanted and long.endswith(short)))


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(name)) - _GENERIC


def unread(path: str, pair: Pair) -> bool:
    """Whether a property is an environment variable that no code which is shown reads, though some of it reads others."""
    steps = path.split(".")
    if len(steps) < 2 or fold(steps[-2]) not in _VARIABLES:
        return False
    name = steps[-1]
    texts = [one.document.text for one in (pair.answer, pair.ideal) if one is not None]
    read = {found for text in texts for found in _READ.findall(text)}
    return bool(read) and name not in read and not name.startswith(_SETTINGS)


def newer(wanted: str, mine: str) -> bool:
    """Whether a version is later than another, or of another thing (`python3.12` after `nodejs18.x`)."""
    names = [re.sub(r"[^a-z]", "", text.lower()).removesuffix("x") for text in (wanted, mine)]
    numbers = [[int(part) for part in re.findall(r"\d{1,6}", text)] for text in (wanted, mine)]
    return names[0] != names[1] or numbers[0] > numbers[1]
