"""Which variables and fields of a program certainly hold a value of one known type."""

from __future__ import annotations

import re
from collections.abc import Callable

from grader.catalog import Type
from grader.detectors._api_closures import closure_parameters
from grader.detectors._api_declared import Declared
from grader.detectors._api_jsii import type_named
from grader.model.solutions import Binding, Category, Solution
from grader.model.values import Value

TypeOf = Callable[[Value | None, Binding], Type | None]
_SELF = ("this.", "self.")
_MOST_STEPS = 40
"""Variables that are assigned from one another: further than this their type is not followed."""
_INSTANCE_OF = re.compile(r"(?<![\w.])([\w.]{1,80}) instanceof\b")
_IS_INSTANCE = re.compile(r"isinstance\(([\w.]{1,80}),")
_CAST = re.compile(r"\bas\s+[\w.<>\[\]| ]{1,120}[;,)]*\s*$")
"""A cast that ends a statement: what is assigned is of another type than the expression."""


class Instances:
    """The variables of one file, each with the types its assignments give it; one whose assignments disagree, or are cast, has none."""

    def __init__(self, bindings: list[Binding], answer: Solution, type_of: TypeOf, declared: Declared | None = None) -> None:
        """Read every assignment in order; a type is told by what was told before, or by what the answer declares."""
        self.declared = declared
        self.types: dict[tuple[str, str], Type | None] = {}
        self.type_of = type_of
        self.lines = answer.document.lines
        file = bindings[0].file
        self.text = file.text
        self.annotations = {
            symbol.name: symbol.type
            for symbol in answer.symbols.values()
            if symbol.file is file and symbol.category in {Category.FIELD, Category.VARIABLE} and symbol.type
        }
        self.pending = [binding for binding in bindings if binding.name]
        self.bound: dict[tuple[str, str], list[Binding]] = {}
        for binding in self.pending:
            self.bound.setdefault(_key(binding), []).append(binding)
        self.busy: set[tuple[str, str]] = set()
        self.narrowed = _narrowed(self.text)
        self.taken = closure_parameters(self.text) if "=>" in self.text else {}

    def longest(self, path: str, binding: Binding) -> tuple[Type, list[str]] | None:
        """The known variable that a path begins with, and the members read from it."""
        parts = path.split(".")
        head = 2 if path.startswith(_SELF) else 1
        if len(parts) < head or any(c in path for c in "()[] ?!"):
            return None
        held = self._type(".".join(parts[:head]), binding)
        if held is None and self.declared is not None and not any(".".join(parts[:end]) in self.narrowed for end in range(1, len(parts) + 1)):
            return self.declared.of(path, binding, lambda name: (binding.owner, name) in self.bound)
        return (held, parts[head:]) if held is not None else None

    def _type(self, name: str, binding: Binding) -> Type | None:
        owner = binding.owner
        keys = [(owner.split(".", 1)[0], name)] if name.startswith(_SELF) else [(owner, name), ("", name)]
        for key in keys:
            if key in self.bound:
                if not name.startswith(_SELF) and (name in self.taken or all(one.span.line > binding.span.line for one in self.bound[key])):
                    return None
                return self._resolved(key)
        return None

    def _resolved(self, key: tuple[str, str]) -> Type | None:
        if key in self.types:
            return self.types[key]
        if key in self.busy or len(self.busy) > _MOST_STEPS:
            return None
        self.busy.add(key)
        found = [self._assigned(binding) for binding in self.bound[key]]
        self.busy.discard(key)
        names = {(one.space, one.name) if one else None for one in found}
        self.types[key] = found[0] if len(names) == 1 else None
        if key[1] in self.narrowed:
            self.types[key] = None
        return self.types[key]

    def _assigned(self, binding: Binding) -> Type | None:
        first, last = binding.span
        written = "\n".join(self.lines[first - 1 : last])
        if binding.many and binding.name in written.split(" of ")[0] and " of " in written.split("\n")[0]:
            return None
        if (
            _CAST.search(written)
            or "cast(" in written
            or re.search(rf"\b{re.escape(binding.name.split('.')[-1])}\s*:(?!=)", written.split("=", 1)[0])
        ):
            return None
        if re.search(r"\?[^.?:]*:", written.split("{", 1)[0]):
            return None
        held = self.type_of(binding.value, binding)
        if held is not None and binding.name.startswith(_SELF):
            held = self._annotated(f"{binding.owner.split('.', 1)[0]}.{binding.name.split('.', 1)[1]}", held)
        return held

    def _annotated(self, field: str, held: Type) -> Type | None:
        """The type of a field as declared, where that is the assigned type or an interface beside it."""
        said = self.annotations.get(field, "").strip()
        if not said:
            return held
        last = said.rsplit(".", 1)[-1]
        if last == held.name.rsplit(".", 1)[-1]:
            return held
        return type_named(held.space, f"{held.name.rsplit('.', 1)[0]}.{last}") if last.isidentifier() else None


def _narrowed(text: str) -> set[str]:
    """The variables that some condition asks for their type."""
    found = set(_INSTANCE_OF.findall(text)) if " instanceof " in text else set()
    return found | set(_IS_INSTANCE.findall(text)) if "isinstance(" in text else found


def _key(binding: Binding) -> tuple[str, str]:
    owner = binding.owner.split(".", 1)[0] if binding.name.startswith(_SELF) else binding.owner
    return owner, binding.name


def by_file(answer: Solution) -> list[list[Binding]]:
    """The statements of each program file that a front end claims, files given again left out."""
    claimed = {id(file) for file in answer.claimed}
    found: dict[int, list[Binding]] = {}
    for binding in answer.bindings:
        file = binding.file
        if id(file) in claimed and not file.superseded:
            found.setdefault(id(file), []).append(binding)
    return list(found.values())
