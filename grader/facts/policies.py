"""IAM statements, wherever a dialect writes them: policy JSON, `PolicyStatement` constructs, `aws_iam_policy_document` blocks."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.model.once import once
from grader.model.values import Call, Fields, Items, Known, Name, Template, Value, each, fields_of, fold, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution
    from grader.model.spans import Span

HOLE = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for the part of a text that is not known."""
_PUT_IN = re.compile(r"\$\{[^!}][^}]*\}")
_KEYS = {
    "effect": "effect",
    "action": "actions",
    "actions": "actions",
    "notaction": "not_actions",
    "notactions": "not_actions",
    "resource": "resources",
    "resources": "resources",
    "principal": "principals",
    "principals": "principals",
    "condition": "conditions",
    "conditions": "conditions",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy. Texts are as written, with `HOLE` for what is not known; `principals` is None where there are none."""

    allow: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...] | None
    conditioned: bool
    span: Span
    owner: str = ""


@once
def statements(solution: Solution) -> tuple[Statement, ...]:
    """Every statement of the infrastructure's own files, in source order. Where no variable holds one, its owner is the resource around it."""
    found = tuple(_statements(solution))
    if all(one.owner for one in found):
        return found
    resources = sorted(solution.resources, key=lambda one: one.span)
    starts = [one.span.line for one in resources]
    return tuple(one if one.owner else replace(one, owner=_around(one.span, resources, starts)) for one in found)


def _around(span: Span, resources: list[Resource], starts: list[int]) -> str:
    """The name of the resource in which a place stands, empty for none."""
    at = bisect_right(starts, span.line) - 1
    if at < 0 or resources[at].span.end_line < span.end_line:
        return ""
    return resources[at].name or resources[at].binding


def _statements(solution: Solution) -> Iterator[Statement]:
    seen: set[Span] = set()
    for _, value, binding in solution.infrastructure:
        if isinstance(value, Known):
            if isinstance(value.value, str) and "Statement" in value.value:
                yield from _written(value, binding.name or binding.owner)
        elif isinstance(value, Fields | Call):
            one = _statement(value, binding.name or binding.owner)
            if one is not None and one.span not in seen:
                seen.add(one.span)
                yield one
        elif isinstance(value, Template):
            yield from _written(value, binding.name or binding.owner)


def _statement(value: Call | Fields, owner: str) -> Statement | None:
    if isinstance(value, Call) and not fold(value.path).endswith("policystatement"):
        return None
    parts = _parts(fields_of(value))
    if "actions" not in parts or not ({"effect", "resources", "principals"} & set(parts)):
        return None
    if isinstance(value, Fields) and "effect" not in parts and "resources" not in parts:
        return None
    effect = parts.get("effect")
    said = text_of(effect) or (effect.path if isinstance(effect, Name) else "Allow")
    principals = tuple(_principals(parts["principals"])) if "principals" in parts else None
    return Statement(
        not said.lower().endswith("deny"),
        _texts(parts["actions"]),
        _texts(parts.get("resources")),
        principals,
        "conditions" in parts,
        value.span,
        owner,
    )


def _parts(fields: Mapping[str, Value]) -> dict[str, Value]:
    return {_KEYS[folded]: value for key, value in fields.items() if (folded := fold(key)) in _KEYS}


def _texts(value: Value | None) -> tuple[str, ...]:
    return tuple(_text(item) for item in each(value))


def _text(value: Value) -> str:
    """A text, that of `Fn::Sub` with `HOLE` for what it puts in; `HOLE` for anything else."""
    inner = (
        value.fields.get("Fn::Sub")
        if isinstance(value, Fields)
        else value.args[0]
        if isinstance(value, Call) and value.path == "!Sub" and value.args
        else None
    )
    if inner is not None:
        said = text_of(inner.items[0] if isinstance(inner, Items) and inner.items else inner)
        return HOLE if said is None else _PUT_IN.sub(HOLE, said)
    said = text_of(value)
    return HOLE if said is None else said


def _principals(value: Value) -> Iterator[str]:
    """The principals named: `*`, services, ARNs; constructs such as `AnyPrincipal` by their class."""
    for one in each(value):
        text = text_of(one)
        if text is not None:
            yield text
        elif isinstance(one, Fields):
            for inner in one.fields.values():
                yield from map(_text, each(inner))
        elif isinstance(one, Call):
            name = one.path.rsplit(".", 1)[-1].removeprefix("New")
            yield "*" if fold(name) in {"anyprincipal", "starprincipal"} else f"{name}({', '.join(_texts(Items(one.args, one.span)))})"
        else:
            yield HOLE


def _written(value: Known | Template, owner: str) -> Iterator[Statement]:
    """Statements of a policy that is written as JSON text."""
    text = text_of(value)
    if text is None or '"Statement"' not in text or len(text) > 100_000:
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    rows = document.get("Statement") if isinstance(document, dict) else None
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict) and "Action" in row:
            principal = row.get("Principal")
            who = tuple(_flat(list(principal.values()) if isinstance(principal, dict) else principal)) if principal is not None else None
            yield Statement(
                row.get("Effect") == "Allow",
                tuple(_flat(row["Action"])),
                tuple(_flat(row.get("Resource"))),
                who,
                "Condition" in row,
                value.span,
                owner,
            )


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one)
