"""What the ideal explains and the answer does not: descriptions of alarms, keys, roles, parameters and outputs, types of arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.align.later import is_open
from grader.model.paths import is_test
from grader.model.solutions import Category
from grader.model.values import Fields, fields_of, fold, look_up, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span

_NAMES = frozenset({"alarmdescription", "description", "groupdescription", "roledescription"})


class Undescribed(NamedTuple):
    """Something without a description: what it is, its name, its place, and the ideal's description with its place."""

    kind: str
    name: str
    at: Span
    text: str
    ideal: Span


def undescribed(pair: Pair) -> Iterator[Undescribed]:
    """Resources, parameters and outputs that the ideal describes and the answer does not."""
    comparison = compare(pair)
    if comparison.off or not comparison.alike or pair.ideal is None:
        return
    for one in comparison.matches:
        mine, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        wanted = next(((key, value) for key, value in theirs.resource.properties.items() if fold(key) in _NAMES), None)
        given = any(fold(key).endswith("description") for key in mine.resource.properties) or "default" in mine.resource.type
        if wanted is None or given or is_open(mine.resource, pair.answer) or not mine.resource.properties:
            continue
        span = mine.resource.span
        yield Undescribed(mine.type.noun, mine.label, span, (text_of(wanted[1]) or "")[:80], wanted[1].span)
    entries = [*_entries(pair.ideal)]
    bare = {(kind, fold(name)) for kind, name, text, _, _ in entries if not text}
    theirs_described = {(kind, fold(name)): (text, span) for kind, name, text, span, _ in entries if (kind, fold(name)) not in bare}
    described = {(kind, fold(name)) for kind, name, text, _, _ in _entries(pair.answer) if text}
    for kind, name, _, _, at in _entries(pair.answer):
        said = theirs_described.get((kind, fold(name)))
        if said and said[0] and (kind, fold(name)) not in described:
            yield Undescribed(kind, name, at, said[0][:80], said[1])


def _entries(solution: Solution) -> Iterator[tuple[str, str, str, Span, Span]]:
    """(kind, name, description, its place, place) of the parameters and outputs of templates and of Terraform."""
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    for binding in solution.bindings:
        if id(binding.file) not in claimed or not isinstance(binding.value, Fields):
            continue
        if solution.framework == "cfn":
            for section, kind in (("Parameters", "parameter"), ("Outputs", "output")):
                for name, entry in fields_of(look_up(binding.value.fields, section)).items():
                    if isinstance(entry, Fields):
                        yield kind, name, text_of(look_up(entry.fields, "Description")) or "", entry.span, entry.span
        elif solution.framework == "tf" and binding.name.startswith(("variable.", "output.")):
            kind, _, name = binding.name.partition(".")
            yield kind, name, text_of(look_up(binding.value.fields, "description")) or "", binding.span, binding.span


class Untyped(NamedTuple):
    """Types that the ideal gives its arguments and settings, with their places."""

    names: tuple[str, ...]
    ideal: tuple[Span, ...]


def untyped(pair: Pair) -> Untyped | None:
    """The ideal's types of arguments where the answer declares no type at all, in a language that has types."""
    comparison = compare(pair)
    if comparison.off or comparison.partial or pair.ideal is None or not pair.ideal.language == pair.answer.language == "typescript":
        return None
    wanted = _interfaces(pair.ideal)
    if not wanted or any(one.category is Category.TYPE for one in pair.answer.symbols.values()):
        return None
    return Untyped(tuple(wanted), tuple(wanted.values()))


def _interfaces(solution: Solution) -> dict[str, Span]:
    """Interfaces and type aliases of the infrastructure's own files."""
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    lines = solution.document.lines
    return {
        one.name: one.span
        for one in solution.symbols.values()
        if one.category is Category.TYPE
        and id(one.file) in claimed
        and ("interface " in lines[one.span.line - 1] or "type " in lines[one.span.line - 1])
    }
