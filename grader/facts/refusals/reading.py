"""One resource as the rules read it: its settings by any of their names, as numbers, texts and switches, and the resources it refers to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from grader.knowledge.types import Type, canonical
from grader.model.paths import is_test
from grader.model.values import Call, Fields, Items, Known, Name, Value, each, fields_of, fold, look_up, written

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution
    from grader.model.spans import Span

HOLE = "\N{HORIZONTAL ELLIPSIS}"
_SECONDS = {"millis": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_PLACED = re.compile(r"\$\{[^}]*\}")


class Refusal(NamedTuple):
    """What AWS refuses: a sentence, its place, the thing it is about, names to find it by, the rule's name, and what would be accepted (may be empty)."""

    said: str
    at: Span
    entity: str
    names: tuple[str, ...]
    rule: str
    right: str = ""


class Number(NamedTuple):
    """A number that is written out, and its place. Durations are in seconds."""

    value: float
    at: Span


@dataclass(frozen=True, slots=True)
class View:
    """One resource: `raw` where its properties are those of the service's API, which constructs of a library are not."""

    resource: Resource
    kind: Type
    raw: bool
    framework: str
    others: Mapping[str, Resource]

    @property
    def label(self) -> str:
        """What a reader knows the resource by."""
        return self.resource.name or self.resource.binding or self.resource.type

    def get(self, *names: str) -> Value | None:
        """The first of these properties that is there."""
        return look_up(self.resource.properties, *names)

    def number(self, *names: str) -> Number | None:
        """A property's number."""
        return number_of(self.get(*names))

    def text(self, *names: str) -> tuple[str, Span] | None:
        """A property's text with `HOLE` for what is put in, and its place; None for anything else."""
        value = self.get(*names)
        text = spelled(value)
        return (text, value.span) if text and value is not None else None

    def flag(self, *names: str) -> bool | None:
        """A switch; None where it is not written out."""
        return flag_of(self.get(*names))

    def target(self, value: Value | None) -> Resource | None:
        """The resource of the same solution that a value refers to."""
        return next((self.others[name] for name in _referred(value) if name in self.others), None)


def views(solution: Solution) -> Iterator[View]:
    """The resources that are made, outside tests."""
    own = [one for one in solution.resources if not one.data and not one.file.superseded and not is_test(one.file.name)]
    names = Counter(one.binding for one in own if one.binding)
    others = {one.binding: one for one in own if one.binding and names[one.binding] == 1}
    for one in own:
        last = one.type.rsplit(".", 1)[-1]
        raw = not one.type.startswith("aws-cdk-lib.") or last.startswith("Cfn")
        yield View(one, canonical(one.type), raw, solution.framework, others)


def number_of(value: Value | None) -> Number | None:
    """A number that stands in the code, as such, as a text of digits, or as a duration of the library."""
    if isinstance(value, Known) and not value.via and not isinstance(value.value, bool):
        if isinstance(value.value, int | float):
            return Number(value.value, value.span)
        if isinstance(value.value, str) and re.fullmatch(r"-?\d{1,9}", value.value):
            return Number(int(value.value), value.span)
    if isinstance(value, Call) and len(value.args) == 1:
        last = fold(value.path.rsplit(".", 1)[-1].rsplit("_", 1)[-1])
        inner = number_of(value.args[0])
        if inner is not None and last == "number":
            return Number(inner.value, value.span)
        if inner is not None and last in _SECONDS and "duration" in fold(value.path):
            return Number(inner.value * _SECONDS[last], value.span)
    return None


def flag_of(value: Value | None) -> bool | None:
    """True or false, as such or as text."""
    if isinstance(value, Known) and not value.via:
        return {"true": True, "false": False}.get(str(value.value).lower())
    return None


def spelled(value: Value | None) -> str:
    """The text of a value with `HOLE` for what is put in; empty where it is none."""
    if isinstance(value, Call) and value.path == "!Sub" and value.args:
        value = value.args[0]
    elif isinstance(value, Fields) and len(value.fields) == 1 and "Fn::Sub" in value.fields:
        value = value.fields["Fn::Sub"]
    return _PLACED.sub(HOLE, written(value, HOLE))


def told(value: Value | None) -> str:
    """A text that is written out whole; empty for anything else."""
    text = spelled(value)
    return "" if HOLE in text else text


def parts(value: Value | None) -> list[Mapping[str, Value]] | None:
    """The maps of a list, or a lone one; None where not all of it can be read."""
    if value is None:
        return []
    if isinstance(value, Items) and not value.complete:
        return None
    found = []
    for one in each(value):
        if not isinstance(one, Fields | Call) or (isinstance(one, Fields) and not one.complete):
            return None
        fields = fields_of(one)
        if not fields:
            return None
        found.append(fields)
    return found


def _referred(value: Value | None) -> Iterator[str]:
    """The names that a reference may mean, the longest first."""
    if isinstance(value, Name):
        path = value.path
        while path:
            yield path
            path = path.rpartition(".")[0]
    elif isinstance(value, Call) and value.path in {"!Ref", "!GetAtt"} and value.args:
        first = value.args[0].items[0] if isinstance(value.args[0], Items) and value.args[0].items else value.args[0]
        yield told(first).partition(".")[0]
    elif isinstance(value, Fields) and len(value.fields) == 1:
        for key, inner in value.fields.items():
            if key in {"Ref", "Fn::GetAtt"}:
                yield told(next(iter(each(inner)), None)).partition(".")[0]
