"""Java names that only a wildcard import gives: their package is looked up in the catalogue, so that `Bucket` after `import ….s3.*` is a class of that package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.catalog import look_up, row
from grader.languages.java.jdk import LANG, PACKAGES
from grader.model.solutions import Category
from grader.model.values import Call, Fields, Items, Name, Template, Unknown

if TYPE_CHECKING:
    from grader.model.solutions import Unit
    from grader.model.values import Value

_JSII = ("cdk", "constructs", "cdktf")
_LIBRARIES = ("software.amazon.awscdk", "software.constructs", "com.hashicorp.cdktf", "com.pulumi.aws")
_PULUMI = "com.pulumi.aws."
_DEEPEST = 80


def qualified(units: Sequence[Unit]) -> list[Unit]:
    """The units, with the module of every bare type name that exactly one wildcard import of a held package gives."""
    own = {symbol.name.rsplit(".", 1)[-1] for unit in units for symbol in unit.symbols if symbol.category is Category.TYPE}
    return [_unit(unit, own) for unit in units]


def _unit(unit: Unit, own: set[str]) -> Unit:
    wild = [one.module for one in unit.imports if one.name == "*"]
    if not any(module.startswith(_LIBRARIES) for module in wild):
        return unit
    given: dict[str, list[str]] = defaultdict(list)
    for module in wild:
        for name in _types(module):
            given[name].append(module)
    named = {one.local for one in unit.imports} | own | LANG
    modules = {name: homes[0] for name, homes in given.items() if len(homes) == 1 and name not in named}
    bindings = tuple(replace(one, value=value) if (value := _value(one.value, modules, 0)) is not one.value else one for one in unit.bindings)
    return replace(unit, bindings=bindings)


@lru_cache(maxsize=256)
def _types(package: str) -> tuple[str, ...]:
    """The types of a package, as far as the catalogue or the JDK's list has them."""
    if package in PACKAGES:
        return tuple(PACKAGES[package])
    if package.startswith(_PULUMI):
        service, _, inside = package.removeprefix(_PULUMI).partition(".")
        found = look_up("pulumi", f"module {'lambda_' if service == 'lambda' else service}")
        names = tuple(found.members) if found else ()
        if inside:
            return tuple(name for name in names if name.endswith("Args")) if inside == "inputs" else ()
        return tuple(form for name in names if name[:1].isupper() and not name.endswith("Args") for form in (name, f"{name}Args"))
    for space in _JSII:
        stored = row(space, "modules")
        full = stored[0].get(package) if stored else None  # type: ignore[attr-defined] # the stored form, checked by the tests
        body = row(space, f"module {full}") if full else None
        if body is not None:
            return tuple(map(str, body[5]))  # type: ignore[arg-type] # a list of names
    return ()


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
