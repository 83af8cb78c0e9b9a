"""Fields and constants of a program that are read before the one statement that sets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.paths import is_test
from grader.model.solutions import Category
from grader.model.spans import Span
from grader.model.values import Name, walk

if TYPE_CHECKING:
    from grader.model.documents import File
    from grader.model.solutions import Binding, Solution

_SELF = {"typescript": "this.", "python": "self."}
_MAKERS = frozenset({"constructor", "__init__"})
_INHERITED = frozenset(
    "node tags region account environment env stackName stack_name partition urlSuffix url_suffix availabilityZones availability_zones templateOptions "
    "template_options synthesizer name urn stack outputs artifactId artifact_id terraformOptions".split()
)
"""Members that the base classes of stacks and components have."""
_ARROW = re.compile(r"=>\s*\(?\s*\{|=>(?!\s*[{(])|\bfunction\b[^{;]{0,200}\{|\blambda\b|^[ \t]*(?:async )?def ", re.MULTILINE)


def used_early(answer: Solution) -> Iterator[Hit]:
    """Reads that come first, in the same function and outside any function that may run later."""
    claimed = {id(file) for file in answer.claimed}
    files: dict[int, list[Binding]] = {}
    for one in answer.bindings:
        if id(one.file) in claimed and not one.file.superseded and one.file.language in _SELF and not is_test(one.file.name):
            files.setdefault(id(one.file), []).append(one)
    for bindings in files.values():
        yield from _in_file(bindings, answer)


def _in_file(bindings: list[Binding], answer: Solution) -> Iterator[Hit]:
    file = bindings[0].file
    own = _SELF[file.language]
    methods = {symbol.name for symbol in answer.symbols.values() if symbol.category is Category.FUNCTION}
    places = _fields(bindings, own) | (_constants(bindings, file) if file.language == "typescript" else {})
    later: list[tuple[int, int]] | None = None
    said: set[tuple[str, str]] = set()
    for binding in bindings:
        for value in walk(binding.value):
            if not isinstance(value, Name) or value.module or value.path.endswith("::"):
                continue
            steps = value.path.split(".")
            name = ".".join(steps[:2]) if value.path.startswith(own) else steps[0]
            set_at = places.get((binding.owner, name))
            if (
                set_at is None
                or value.span.line >= set_at
                or (binding.owner, name) in said
                or f"{binding.owner.split('.')[0]}.{steps[-1]}" in methods
            ):
                continue
            later = _later(file) if later is None else later
            if any(first <= value.span.line <= last and not first <= set_at <= last for first, last in later):
                continue
            said.add((binding.owner, name))
            yield _hit(name, value.span.line, set_at)


def _fields(bindings: list[Binding], own: str) -> dict[tuple[str, str], int]:
    """The line that sets each field, by the constructor that does; fields that are set anywhere else have none."""
    found: dict[tuple[str, str], list[Binding]] = {}
    for one in bindings:
        if one.name.startswith(own) and one.name.count(".") == 1:
            found.setdefault((one.owner.split(".", 1)[0], one.name), []).append(one)
    return {
        (lines[0].owner, name): lines[0].span.line
        for (_, name), lines in found.items()
        if len(lines) == 1 and lines[0].owner.rpartition(".")[2] in _MAKERS and name.removeprefix(own) not in _INHERITED and not lines[0].many
    }


def _constants(bindings: list[Binding], file: File) -> dict[tuple[str, str], int]:
    """The line that declares each constant at the level of its function's body, by function and name."""
    found: dict[tuple[str, str], list[Binding]] = {}
    names: dict[str, int] = {}
    for one in bindings:
        if one.name and "." not in one.name:
            found.setdefault((one.owner, one.name), []).append(one)
            names[one.name] = names.get(one.name, 0) + 1
    lines = file.text.split("\n")
    return {
        key: one.span.line
        for key, (one, *others) in found.items()
        if not others
        and names[key[1]] == 1
        and not one.many
        and re.match(rf"[ \t]{{0,4}}(?:export )?const {re.escape(key[1])}\b", lines[one.span.line - file.line])
    }


def _later(file: File) -> list[tuple[int, int]]:
    """Lines of functions inside others, which may run when all is set."""
    found = []
    for one in _ARROW.finditer(file.text):
        start = file.line + file.text.count("\n", 0, one.start())
        found.append((start, file.line + file.text.count("\n", 0, _end(file.text, one))))
    return found


def _end(text: str, found: re.Match[str]) -> int:
    """Where the body of a function ends: at its brace, at the end of its block, or where the expression closes."""
    if found[0].lstrip().startswith(("def", "async")):
        indent = len(found[0]) - len(found[0].lstrip())
        following = re.compile(rf"^[ \t]{{0,{indent}}}\S", re.MULTILINE).search(text, text.find("\n", found.end()) + 1)
        return following.start() - 1 if following else len(text)
    depth = found[0].count("{") + found[0].count("(") - found[0].count(")")
    for at in range(found.end(), len(text)):
        depth += (text[at] in "{([") - (text[at] in "})]")
        if depth <= 0 and (text[at] in "})];" or (text[at] in ",\n" and depth < 0)):
            return at
    return len(text)


def _hit(name: str, line: int, set_at: int) -> Hit:
    return Hit(
        f"`{name}` is read before line {set_at} sets it",
        at=Span(line, line),
        entity=name,
        entities=(name.rpartition(".")[2],),
        cause=f"{name} before it is set",
        variant="early",
        stops=Stage.BUILD,
        note=f"not set before line {set_at}",
        seek=(name,),
        facts={"name": name, "set": str(set_at)},
    )
