"""What front ends of programming languages share: the constructions of a program and the local paths it names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from grader.model.paths import is_test
from grader.model.values import Call, Fields, Items, Known, Name, Unknown, Value, fields_of, fold, known, text_of, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.documents import File
    from grader.model.solutions import Binding, Unit


class Construction(NamedTuple):
    """A call and the statement it stands in; `bound` is the name given to this very call, empty for one inside another."""

    call: Call
    binding: Binding
    unit: Unit
    bound: str


class LocalPath(NamedTuple):
    """A path as written, and the folder it is relative to (empty: the project's root)."""

    path: str
    base: str


def constructions(units: Iterable[Unit]) -> Iterator[Construction]:
    """Every call of the units in source order, tests left out."""
    for unit in units:
        if unit.file.superseded or is_test(unit.file.name):
            continue
        for binding in unit.bindings:
            for value in walk(binding.value):
                if isinstance(value, Call):
                    yield Construction(value, binding, unit, binding.name if value is binding.value else "")


def imports_any(unit: Unit, prefixes: tuple[str, ...]) -> bool:
    """Whether the file imports a module that starts with one of `prefixes`."""
    return any(one.module.startswith(prefixes) for one in unit.imports)


def class_name(path: str) -> str:
    """The class a construction makes: the last part of `s3.Bucket`, `NewBucket`, `NewCfnDeliveryStream`."""
    last = path.rsplit(".", 1)[-1]
    return last[3:] if last.startswith("New") and last[3:4].isupper() else last


def properties_of(call: Call) -> Mapping[str, Value]:
    """The named arguments of a construction: its keywords, else its last map or struct."""
    if call.keywords:
        return {key: value for key, value in call.keywords.items() if key not in {"scope", "opts"}}
    structs = [one for one in call.args if isinstance(one, Fields) or (isinstance(one, Call) and one.keywords)]
    return (
        fields_of(structs[0] if call.module.startswith(("@pulumi", "com.pulumi", "github.com/pulumi")) and structs else structs[-1])
        if structs
        else {}
    )


def is_text(value: Value | None) -> bool:
    """Whether a value may be the name of a construct: a text, or a name that stands for one."""
    if isinstance(value, Known):
        return isinstance(value.value, str)
    return value is not None and not isinstance(value, Fields | Items)


def shown_name(value: Value | None) -> str:
    """A construct's name as far as it can be read."""
    return text_of(value) or (value.path if isinstance(value, Name) else "")


def local_path(value: Value | None, file: File) -> LocalPath | None:
    """The local path a value names, None where a part of it is not known."""
    folder = posixpath.dirname(file.name) if file.name else ""
    match value:
        case Known(value=str() as path):
            return LocalPath(path, "")
        case Call(path=name, args=args) if (
            fold(name) in {"join", "pathjoin", "resolve", "pathresolve", "ospathjoin", "pathofs", "pathsget", "pathsof"} and args
        ):
            return _joined(args, file)
        case Call(path=name, args=(inner,)) if fold(name) in {"ospathabspath", "str", "path", "pathlibpath", "ospathnormpath", "abspath"}:
            return local_path(inner, file)
        case Name(path="__dirname"):
            return LocalPath(".", folder)
        case Call(path=name, args=(Name(path="__file__"),)) if fold(name).endswith("dirname"):
            return LocalPath(".", folder)
        case Call(path=name, args=(Call() as inner,)) if fold(name).endswith("dirname"):
            within = local_path(inner, file)
            return LocalPath("..", within.base) if within is not None and within.path == "." else None
    return None


def _joined(args: tuple[Value, ...], file: File) -> LocalPath | None:
    parts, base = [], ""
    for place, arg in enumerate(args):
        inner = local_path(arg, file)
        if inner is None:
            return None
        if place == 0:
            base = inner.base
        elif inner.base:
            return None
        parts.append(inner.path)
    return LocalPath("/".join(part for part in parts if part != "."), base) if parts else None


def unknown_parts(value: Value) -> Iterator[Value]:
    """The alternatives inside a value that cannot be told."""
    if isinstance(value, Unknown):
        yield from value.parts


def scalar_text(value: Value | None) -> str:
    """A known scalar as text, empty for anything else."""
    scalar = known(value)
    return str(scalar) if isinstance(scalar, str) else ""
