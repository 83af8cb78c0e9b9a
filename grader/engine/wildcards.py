"""Java names that only a wildcard import gives: their package is looked up in the catalogue, so that `Bucket` after `import ….s3.*` is a class of that package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.catalog.packages import LIBRARIES, types_of_package
from grader.languages.java.jdk import LANG, PACKAGES
from grader.model.solutions import Category
from grader.model.values import Call, Fields, Items, Name, Template, Unknown

if TYPE_CHECKING:
    from grader.model.solutions import Unit
    from grader.model.values import Value

_DEEPEST = 80


def qualified(units: Sequence[Unit]) -> list[Unit]:
    """The units, with the module of every bare type name that exactly one wildcard import of a held package gives."""
    own = {symbol.name.rsplit(".", 1)[-1] for unit in units for symbol in unit.symbols if symbol.category is Category.TYPE}
    return [_unit(unit, own) for unit in units]


def _unit(unit: Unit, own: set[str]) -> Unit:
    wild = [one.module for one in unit.imports if one.name == "*"]
    if not any(module.startswith(LIBRARIES) for module in wild):
        return unit
    given: dict[str, list[str]] = defaultdict(list)
    for module in wild:
        for name in PACKAGES[module] if module in PACKAGES else types_of_package(module):
            given[name].append(module)
    named = {one.local for one in unit.imports} | own | LANG
    modules = {name: homes[0] for name, homes in given.items() if len(homes) == 1 and name not in named}
    bindings = tuple(replace(one, value=value) if (value := _value(one.value, modules, 0)) is not one.value else one for one in unit.bindings)
    return replace(unit, bindings=bindings)


def _value(value: Value, modules: Mapping[str, str], depth: int) -> Value:
    """The value itself where nothing in it changes."""
    if depth > _DEEPEST:
        return value
    match value:
        case Name(path=path, module=""):
            home = modules.get(path.partition(".")[0])
            return replace(value, module=home) if home else value
        case Call():
            receiver = _value(value.receiver, modules, depth + 1) if value.receiver is not None else None
            args, keywords = _all(value.args, modules, depth), _fields(value.keywords, modules, depth)
            home = modules.get(value.path.partition(".")[0], "") if not value.module and value.receiver is None else ""
            if not home and receiver is value.receiver and args is value.args and keywords is value.keywords:
                return value
            return replace(value, module=home or value.module, receiver=receiver, args=args, keywords=keywords)
        case Fields():
            fields = _fields(value.fields, modules, depth)
            home = modules.get(value.type.partition(".")[0], "") if value.type and not value.module else ""
            return replace(value, module=home or value.module, fields=fields) if home or fields is not value.fields else value
        case Items():
            items = _all(value.items, modules, depth)
            return replace(value, items=items) if items is not value.items else value
        case Template() | Unknown():
            parts = _all(value.parts, modules, depth)
            return replace(value, parts=parts) if parts is not value.parts else value
    return value


def _all(values: tuple[Value, ...], modules: Mapping[str, str], depth: int) -> tuple[Value, ...]:
    made = tuple(_value(one, modules, depth + 1) for one in values)
    return values if all(new is old for new, old in zip(made, values, strict=True)) else made


def _fields(fields: Mapping[str, Value], modules: Mapping[str, str], depth: int) -> Mapping[str, Value]:
    made = {key: _value(one, modules, depth + 1) for key, one in fields.items()}
    return fields if all(made[key] is one for key, one in fields.items()) else made
