"""Values of variables and locals: what `var.x` and `local.x` stand for, where the answer tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.languages.hcl.modules import is_values, sets_variables
from grader.languages.hcl.reader import DEEPEST
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, children

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.languages.hcl.modules import Layout, ModuleCall
    from grader.model.solutions import Unit
    from grader.model.spans import Span

_LONGEST_CHAIN = 40
"""Definitions that are followed from one use."""

_LARGEST = 400
"""Values inside a definition up to which it is put in the place of its name."""

_DEEPEST = 40
"""Levels inside such a definition."""

_STEP = re.compile(r'\.([\w-]+)|\["([^"\]$\\]*)"\]|\[(\d{1,6})\]')
_HEAD = re.compile(r"(var|local)\.([\w-]+)")


@dataclass(slots=True)
class Constants:
    """The variables and locals of an answer's modules, resolved on first use.

    `definitions` are the defaults and the bodies of locals by scope and name (`var.x`, `local.x`), None where an answer gives
    several; `values` what `.tfvars` files set; `calls` the calls of each scope's module.
    """

    definitions: Mapping[tuple[str, str], Value | None]
    values: Mapping[str, tuple[Value, ...]]
    calls: Mapping[str, tuple[ModuleCall, ...]]
    resolved: dict[tuple[str, str], Value | None] = field(default_factory=dict)
    chain: int = 0
    depth: int = 0

    def resolve(self, value: Value, scope: str) -> Value:
        """`value` with each `var.x` and `local.x` replaced by what it stands for, as far as the answer tells.

        A scalar becomes `Known` at the place of the use with `via`; parts of a map or list keep the place of their definition.
        Names that stand for an expression that cannot be read stay names.
        """
        if self.depth >= DEEPEST:
            return value
        self.depth += 1
        resolved = self._resolve(value, scope)
        self.depth -= 1
        return resolved

    def _resolve(self, value: Value, scope: str) -> Value:
        match value:
            case Known():
                return value
            case Name(path=path):
                return (self._stands_for(path, scope, value.span) or value) if path.startswith(("var.", "local.")) else value
            case Fields():
                fields = {name: self.resolve(one, scope) for name, one in value.fields.items()}
                same = all(fields[name] is one for name, one in value.fields.items())
                return value if same else replace(value, fields=fields)
            case Items():
                items = self._all(value.items, scope)
                return value if items is value.items else replace(value, items=items)
            case Call():
                args = self._all(value.args, scope)
                return value if args is value.args else replace(value, args=args)
            case Unknown():
                parts = self._all(value.parts, scope)
                return value if parts is value.parts else replace(value, parts=parts)
        return self._template(value, scope)

    def _all(self, values: tuple[Value, ...], scope: str) -> tuple[Value, ...]:
        resolved = tuple([self.resolve(one, scope) for one in values])
        return values if all(one is other for one, other in zip(resolved, values, strict=True)) else resolved

    def _template(self, value: Template, scope: str) -> Value:
        parts = self._all(value.parts, scope)
        if parts is value.parts:
            return value
        scalars = [one.value for one in parts if isinstance(one, Known) and one.value is not None]
        if len(scalars) < len(parts):
            return replace(value, parts=parts)
        via = next((one.via for one in parts if isinstance(one, Known) and one.via), "")
        return Known("".join(str(one).lower() if isinstance(one, bool) else str(one) for one in scalars), value.span, via)

    def _stands_for(self, path: str, scope: str, span: Span) -> Value | None:
        """What a path such as `var.x`, `local.map.key` or `var.list[0]` stands for, None where that is not known."""
        head = _HEAD.match(path)
        if head is None:
            return None
        value = self._definition((scope, head[0]))
        position = head.end()
        while value is not None and position < len(path):
            step = _STEP.match(path, position)
            value = _member(value, step) if step else None
            position = step.end() if step else position
        return _put(value, span, head[0]) if value is not None else None

    def _definition(self, key: tuple[str, str]) -> Value | None:
        """The resolved definition of a variable or local, None where there is none to read."""
        if key not in self.resolved:
            self.resolved[key] = None  # a definition that needs itself is not known
            if self.chain >= _LONGEST_CHAIN:
                return None
            self.chain += 1
            scope, name = key
            value = self._variable(scope, name[4:]) if name.startswith("var.") else self.definitions.get(key)
            value = self.resolve(value, scope) if value is not None else None
            self.chain -= 1
            self.resolved[key] = value if value is not None and _fits(value) else None
        return self.resolved[key]

    def _variable(self, scope: str, name: str) -> Value | None:
        """A variable's default, unless a `.tfvars` file or a caller of its module sets something else."""
        default = self.definitions.get((scope, f"var.{name}"))
        calls = self.calls.get(scope, ())
        given = [self.resolve(call.arguments[name], call.scope) for call in calls if name in call.arguments]
        if given and len(given) == len(calls) and (default is None or not _same(default, given)):
            default, given = given[0], given[1:]
        others = [*given, *self.values.get(name, ())]
        return default if default is not None and _same(default, others) else None


def constants(units: Sequence[Unit], modules: Layout) -> Constants:
    """The variables and locals of an answer's modules."""
    definitions: dict[tuple[str, str], Value | None] = {}
    values: dict[str, tuple[Value, ...]] = {}
    calls: dict[str, tuple[ModuleCall, ...]] = {}
    for unit in units:
        if is_values(unit):
            for binding in unit.bindings if sets_variables(unit) else ():
                values[binding.name] = (*values.get(binding.name, ()), binding.value)
            continue
        scope = modules.scope(unit)
        for binding in unit.bindings:
            match binding.value:
                case Fields(type="variable", fields=fields) if "default" in fields:
                    _define(definitions, (scope, f"var.{binding.name.partition('.')[2]}"), fields["default"])
                case Fields(type="locals", fields=fields):
                    for name, value in fields.items():
                        _define(definitions, (scope, f"local.{name}"), value)
    for call in modules.calls:
        if call.target is not None:
            calls[call.target] = (*calls.get(call.target, ()), call)
    return Constants(definitions, values, calls)


def _fits(value: Value) -> bool:
    """Whether a definition can be read, and is small enough to be put in the place of its name."""
    if isinstance(value, Name | Unknown):
        return False
    level: list[Value] = [value]
    count = 0
    for _ in range(_DEEPEST):
        level = [inner for one in level for _, inner in children(one)]
        count += len(level)
        if not level or count > _LARGEST:
            break
    return not level


def _define(definitions: dict[tuple[str, str], Value | None], key: tuple[str, str], value: Value) -> None:
    """Add a definition; one that is given twice and differs is not known."""
    known = definitions.get(key, value)
    definitions[key] = value if known is not None and _same(known, [value]) else None


def _same(value: Value, others: Sequence[Value]) -> bool:
    """Whether all of `others` are `value` itself or the same scalar."""
    return all(one is value or (isinstance(one, Known) and isinstance(value, Known) and one.value == value.value) for one in others)


def _member(value: Value, step: re.Match[str]) -> Value | None:
    """A field or item of a value."""
    name, key, index = step.groups()
    match value:
        case Fields(fields=fields):
            return fields.get(name or key or "")
        case Items(items=items, complete=True) if index and int(index) < len(items):
            return items[int(index)]
    return None


def _put(value: Value, span: Span, via: str) -> Value | None:
    """A definition in the place of its name; None for one that says no more than the name."""
    match value:
        case Known():
            return Known(value.value, span, via)
        case Fields() | Items():
            return replace(_through(value, via), span=span)
        case Template() | Call():
            return replace(value, span=span)
    return None


def _through(value: Fields | Items, via: str) -> Fields | Items:
    """A map or list whose scalars say the name they came through."""

    def mark(one: Value) -> Value:
        match one:
            case Known():
                return replace(one, via=one.via or via)
            case Fields() | Items():
                return _through(one, via)
        return one

    if isinstance(value, Fields):
        return replace(value, fields={name: mark(one) for name, one in value.fields.items()})
    return replace(value, items=tuple([mark(one) for one in value.items]))
