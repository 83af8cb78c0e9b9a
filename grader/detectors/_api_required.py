"""Required properties that constructs of the CDK are not given, and deprecated ones that they are, in each of its languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from grader.catalog import Type, member, version_of
from grader.detectors._api_cdk import PREFIXES
from grader.detectors._api_instances import by_file
from grader.detectors._api_jsii import callee, find_member, inside, java_name, label, members_of, parameters, place_of, snake, struct_of
from grader.model.solutions import Binding, Solution
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Unknown, Value, walk

_LATER = frozenset({"kubectlLayer"})
"""Properties that became required within version 2: the version that an answer is written for may not have them so."""
_FIRST = frozenset({"scope", "id", "scope_", "id_"})


class Stated(NamedTuple):
    """A required property that is not given, or a deprecated one that is: of what, where, against which source, and what follows it."""

    owner: str
    name: str
    at: Span
    checked: str
    successor: str = ""


def required_properties(answer: Solution) -> Iterator[Stated]:
    """Every required property of a construct, or of a struct literal given to one, that is surely not given."""
    for bindings in by_file(answer):
        broken = [one.span for one in answer.problems if one.file is bindings[0].file]
        for binding in bindings:
            if not any(one.touches(binding.span) for one in broken):
                for one in _binding(binding):
                    if not _elided(answer.document.lines[one.at.line - 1 : one.at.end_line]):
                        yield one._replace(at=Span(one.at.line, one.at.line))


def deprecated_properties(answer: Solution) -> Iterator[Stated]:
    """Every property given to a construct that the library marks as deprecated; its successor where one carries its name on."""
    for bindings in by_file(answer):
        for binding in bindings:
            for struct, given in _given(binding):
                held = members_of(struct.space, struct.name) or {}
                for key, value in given.items():
                    own = find_member(struct.space, struct.name, key, binding.file.language)
                    if own and "d" in member(held[own][0]).flags:
                        later = [name for name, (said, _) in held.items() if name.startswith(own) and name != own and "d" not in member(said).flags]
                        after = _written(later[0], binding.file.language) if len(later) == 1 else ""
                        yield Stated(label(struct), key, Span(value.span.line, value.span.line), version_of(struct.space), after)


def _given(binding: Binding) -> Iterator[tuple[Type, Mapping[str, Value]]]:
    """The structs that the calls of a statement are given, with what is given."""
    language = binding.file.language
    for value in walk(binding.value):
        if not isinstance(value, Call) or value.receiver is not None or not value.module.startswith(PREFIXES):
            continue
        place = place_of(value.module)
        owner, name = callee(place, value.path, language) if place is not None else (None, "")
        takes = parameters(owner.space, owner.name, name) if owner is not None else None
        taken = struct_of(takes[-1][2], takes[-1][1]) if takes else None
        if taken is not None and not taken[1]:
            last = value.args[-1] if value.args else None
            yield taken[0], value.keywords or (last.fields if isinstance(last, Fields) else {})


def _elided(lines: tuple[str, ...]) -> bool:
    """Whether a comment or an ellipsis stands for a part of the construct."""
    return any(re.search(r"(?:#|//|/\*)\s*\.{2,}|\N{HORIZONTAL ELLIPSIS}|^\s*\.\.\.\s*,?$|\*\*\w|@ts-", line) for line in lines)


def _binding(binding: Binding) -> Iterator[Stated]:
    language = binding.file.language
    for value in walk(binding.value):
        if isinstance(value, Call) and value.receiver is None and value.module.startswith(PREFIXES):
            place = place_of(value.module)
            owner, name = callee(place, value.path, language) if place is not None else (None, "")
            if owner is not None and not any(isinstance(one, Unknown) for one in value.args):
                yield from _call(value, owner, name, language)
        elif isinstance(value, Fields) and language == "java" and value.type and value.complete and value.module.startswith(PREFIXES):
            place = place_of(value.module)
            held = inside(place, value.type.split(".")) if place is not None else None
            if isinstance(held, Type) and held.kind == "s":
                yield from _absent(value.fields, held, language, value.span)


def _call(call: Call, owner: Type, name: str, language: str) -> Iterator[Stated]:
    """What the last struct of a call lacks."""
    if owner.kind == "s" and name == "()":
        if language == "python":
            yield from _absent(call.keywords, owner, language, call.span)
        return
    takes = parameters(owner.space, owner.name, name)
    taken = struct_of(takes[-1][2], takes[-1][1]) if takes else None
    if not takes or taken is None or taken[1]:
        return
    if language in {"python", "java"}:
        if call.keywords and len(call.args) < len(takes):
            yield from _absent(call.keywords, taken[0], language, call.span)
    elif len(call.args) == len(takes) and isinstance(call.args[-1], Fields):
        yield from _literal(call.args[-1], taken[0], language)


def _literal(value: Fields, struct: Type, language: str) -> Iterator[Stated]:
    """What a struct literal lacks, and the literals inside it."""
    if not value.complete:
        return
    yield from _absent(value.fields, struct, language, value.span)
    held = members_of(struct.space, struct.name) or {}
    for key, inner in value.fields.items():
        own = find_member(struct.space, struct.name, key, language)
        if own:
            said, space = held[own]
            taken = struct_of(space, member(said).type)
            for one in _objects(inner, taken[1]) if taken is not None else ():
                if not one.type or language == "go":
                    yield from _literal(one, taken[0], language)  # type: ignore[index] # not None where there are objects


def _objects(value: Value, lists: int) -> Iterator[Fields]:
    if lists and isinstance(value, Items):
        for one in value.items:
            yield from _objects(one, lists - 1)
    elif not lists and isinstance(value, Fields):
        yield value


def _absent(given: Mapping[str, Value], struct: Type, language: str, span: Span) -> Iterator[Stated]:
    held = members_of(struct.space, struct.name)
    if held is None or not all(key.isidentifier() for key in given):
        return
    named = [find_member(struct.space, struct.name, key, language) for key in given]
    unknown = sum(one is None and key not in _FIRST for one, key in zip(named, given, strict=True))
    missing = [name for name, (said, _) in held.items() if "r" in member(said).flags and name not in named and name not in _LATER]
    if "" not in named and len(missing) > unknown:  # a name that does not exist stands for the one that is meant
        for name in missing:
            yield Stated(label(struct), _written(name, language), span, version_of(struct.space))


def _written(name: str, language: str) -> str:
    if language == "go":
        return name[:1].upper() + name[1:]
    return snake(name) if language == "python" else java_name(name) if language == "java" else name
