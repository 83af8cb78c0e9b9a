"""Literals of the answer where the ideal takes the value from a parameter, a variable, a configuration, the environment or a look-up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.align.matching import SURE
from grader.align.parameters import parameters_of
from grader.knowledge.properties import is_cosmetic
from grader.model.values import Call, Fields, Items, Known, Name, Unknown, Value, each, fields_of, fold, known, look_up, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.align.inventory import Thing
    from grader.model.solutions import Pair
    from grader.model.spans import Span

DEEPEST = 5
"""Levels below a property that are read."""
MOST_ITEMS = 4
"""Items of lists of one length that are read side by side."""
_INPUT = re.compile(r"(?:^|\.)(?:props|args|config|cfg|settings|envConfig|environmentConfig)\.([A-Za-z]\w*)$")
_ENVIRONMENT = re.compile(r"(?:process\.env\.|os\.environ\b|os\.getenv|System\.getenv|os\.Getenv)")
_READS = re.compile(r"^(?:get|require|try|look)\w*", re.IGNORECASE)
_KINDS = frozenset({"type", "protocol", "effect", "version", "service", "principal", "action", "runtime", "handler", "engine", "family"})
"""Properties whose literals are the design of the solution, folded."""
_TEXT = re.compile(
    r"name$|description|identifier$|prefix$|title|^id$|label|alias|dashboardbody|body$|script|userdata|code$|handler|tags?$|^key$|statement|policy",
    re.IGNORECASE,
)


class Literal(NamedTuple):
    """A value that is fixed: the thing, the property as the ideal writes it, its text, where the ideal takes it from, and both places."""

    thing: Thing
    path: str
    value: str
    source: str
    at: Span
    ideal: Span


def literals(pair: Pair) -> Iterator[Literal]:
    """Properties of matched things that only the ideal takes from elsewhere."""
    comparison = compare(pair)
    if comparison.off or not comparison.alike or pair.ideal is None:
        return
    inputs = {fold(one.name): one.name for one in parameters_of(pair.ideal)}
    seen: set[Span] = set()
    for one in comparison.matches:
        if one.score < SURE:
            continue
        mine, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        for name, props in theirs.props.items():
            for prop in props:
                other = next((held for held in mine.props.get(name, ()) if fold(held.name) == fold(prop.name)), None)
                if other is None or props[0].aspect.group == "tags":
                    continue
                for path, value, source, ideal in _pairs(other.value, prop.value, (prop.name.rsplit(".", 1)[-1],), inputs):
                    if value.span not in seen:
                        seen.add(value.span)
                        yield Literal(mine, ".".join(path), str(value.value), source, value.span, ideal)


def _pairs(ours: Value, theirs: Value, path: tuple[str, ...], inputs: dict[str, str]) -> Iterator[tuple[tuple[str, ...], Known, str, Span]]:
    """(path, literal, source, place in the ideal) below two values of one property."""
    if len(path) > DEEPEST or fold(path[-1]) in _KINDS or _TEXT.search(fold(path[-1])) or is_cosmetic(path[-1]):
        return
    if isinstance(ours, Known):
        source = _source(theirs, inputs) if _fixed(ours) else ""
        if source:
            yield path, ours, source, theirs.span
        return
    inner, wanted = fields_of(ours), fields_of(theirs)
    if isinstance(ours, Fields) and isinstance(theirs, Fields):
        for key, value in wanted.items():
            mine = look_up(inner, key)
            if mine is not None:
                yield from _pairs(mine, value, (*path, key), inputs)
    elif isinstance(ours, Items) and ours.items:
        if isinstance(theirs, Items) and len(ours.items) == len(theirs.items) <= MOST_ITEMS:
            for left, right in zip(ours.items, theirs.items, strict=True):
                yield from _pairs(left, right, path, inputs)
        elif not isinstance(theirs, Items) and (source := _source(theirs, inputs)):
            first = ours.items[0]
            if all(isinstance(one, Known) and _fixed(one) for one in ours.items) and isinstance(first, Known):
                yield path, first, source, theirs.span


def _fixed(value: Known) -> bool:
    """Whether a scalar stands in the code as it is, and is no switch."""
    return not value.via and not isinstance(value.value, bool) and value.value not in (None, "", 0, "*", "-1", -1) and "\n" not in str(value.value)


def _source(value: Value, inputs: dict[str, str], depth: int = 0) -> str:
    """What a value comes from, empty where that is not an input or a look-up."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, Known):
        return inputs.get(fold(value.via.removeprefix("var.")), "") if value.via else ""
    if isinstance(value, Name):
        return _named(value.path, inputs)
    if isinstance(value, Fields) and len(value.fields) == 1:
        ((key, inner),) = value.fields.items()
        return _function(key.removeprefix("Fn::"), inner, inputs, depth)
    if isinstance(value, Call):
        if value.path.startswith("!"):
            return _function(value.path[1:], Items(value.args, value.span), inputs, depth)
        spelled = f"{value.receiver.path}.{value.path}" if isinstance(value.receiver, Name) else value.path
        if _ENVIRONMENT.search(spelled) or value.path in {"tryGetContext", "try_get_context"}:
            return next((text for one in value.args if (text := text_of(one))), "")
        if isinstance(value.receiver, Name) and fold(value.receiver.path).endswith(("config", "cfg")) and _READS.match(value.path):
            return next((text for one in value.args if (text := text_of(one))), "")
        return ""
    if isinstance(value, Unknown) and not value.compares:
        return next((found for part in value.parts if (found := _source(part, inputs, depth + 1))), "")
    return ""


def _named(path: str, inputs: dict[str, str]) -> str:
    if path.startswith(("var.", "data.")):
        return path
    if _ENVIRONMENT.search(path):
        return path
    if path in {"AWS::Region", "AWS::AccountId", "AWS::Partition"}:
        return path
    found = _INPUT.search(path)
    return path if found else inputs.get(fold(path), "") if "." not in path else ""


def _function(name: str, inner: Value, inputs: dict[str, str], depth: int) -> str:
    if name == "GetAZs":
        return "Fn::GetAZs"
    if name == "Ref":
        text = next((str(known(one)) for item in each(inner) for one in each(item)), "")
        return _named(text, inputs)
    if name == "FindInMap":
        return "Fn::FindInMap"
    if name in {"Select", "Split", "If"}:
        return next((found for item in each(inner) for one in each(item) if (found := _source(one, inputs, depth + 1))), "")
    return ""
