"""Libraries made with jsii (AWS CDK, constructs, CDKTF core), out of the assembly that their Python packages carry."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_KINDS = {"class": "c", "enum": "e"}
_PRIMITIVE = {"string": "s", "number": "n", "boolean": "b", "any": "any", "json": "any", "date": "d"}


def read_assembly(wheel: Path) -> Mapping[str, Any]:
    """The assembly of a package, whether plain, compressed or redirected."""
    with zipfile.ZipFile(wheel) as archive:
        bundle = next(name for name in archive.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(bundle))) as package:
            names = set(package.getnames())
            chosen = "package/.jsii.gz" if "package/.jsii.gz" in names else "package/.jsii"
            stream = package.extractfile(chosen)
            data = stream.read() if stream else b"{}"
    found: Mapping[str, Any] = json.loads(gzip.decompress(data) if chosen.endswith(".gz") else data)
    return found


def rows(wheel: Path) -> Iterator[tuple[str, object]]:
    """One row a type under its full name, one a module under `module <name>` with its targets, one for the names of types in each module."""
    assembly = read_assembly(wheel)
    root = assembly["name"]
    modules: dict[str, list[str]] = {root: []}
    modules.update({name: [] for name in assembly.get("submodules", {})})
    for name, one in sorted(assembly["types"].items()):
        place = f"{root}.{one['namespace']}" if one.get("namespace") else root
        modules.setdefault(place, []).append(one["name"])
        yield name, _row(one, root)
    targets = {root: assembly.get("targets", {}), **{name: one.get("targets", {}) for name, one in assembly.get("submodules", {}).items()}}
    symbols = {name: one.get("symbolId", "") for name, one in assembly.get("submodules", {}).items()}
    paths: dict[str, str] = {}
    for name, types in sorted(modules.items()):
        said = targets.get(name, {})
        inner = sorted(
            other.removeprefix(f"{name}.") for other in modules if other.startswith(f"{name}.") and "." not in other.removeprefix(f"{name}.")
        )
        body = [
            "module",
            symbols.get(name, "").split(":", 1)[0].removesuffix("/index").removesuffix("index"),
            said.get("python", {}).get("module", ""),
            said.get("java", {}).get("package", ""),
            said.get("go", {}).get("packageName", ""),
            sorted(types),
            inner,
        ]
        yield f"module {name}", body
        for path in _paths(name, root, symbols, said):
            paths.setdefault(path, name)
    yield "modules", [paths]


def _paths(name: str, root: str, symbols: Mapping[str, str], said: Mapping[str, Any]) -> Iterator[str]:
    """The import paths of a module in TypeScript, Python, Java and Go."""
    if name == root:
        yield root
    elif symbols.get(name):
        yield f"{root}/{symbols[name].split(':', 1)[0].removesuffix('/index').removesuffix('index')}"
    for language, key in (("python", "module"), ("java", "package")):
        if key in said.get(language, {}):
            yield said[language][key]
    go = said.get("go", {})
    if name == root and "moduleName" in go:
        version = {"aws-cdk-lib": "/v2", "constructs": "/v10"}.get(root, "")
        yield f"{go['moduleName']}/{go.get('packageName', root.replace('-', ''))}{version}"
    elif root == "aws-cdk-lib" and name.count(".") == 1:
        yield f"github.com/aws/aws-cdk-go/awscdk/v2/{go.get('packageName') or name.split('.', 1)[1].replace('_', '')}"


def _row(one: Mapping[str, Any], root: str) -> list[object]:
    kind = _KINDS.get(one["kind"], "s" if one.get("datatype") else "i")
    bases = [short(name, root) for name in (one.get("base"), *one.get("interfaces", ())) if name]
    members: dict[str, str] = {}
    for member in one.get("members", ()):
        members[member["name"]] = "d" if _deprecated(member) else ""
    for prop in one.get("properties", ()):
        flags = ("s" if prop.get("static") or prop.get("const") else "") + ("" if prop.get("optional") or kind != "s" else "r")
        flags += ("d" if _deprecated(prop) else "") + ("p" if prop.get("protected") else "")
        members[prop["name"]] = "|".join((flags, type_of(prop["type"], root))).rstrip("|")
    for method in one.get("methods", ()):
        flags = "m" + ("s" if method.get("static") else "") + ("d" if _deprecated(method) else "") + ("p" if method.get("protected") else "")
        returned = type_of(method["returns"]["type"], root) if method.get("returns", {}).get("type") else ""
        members[method["name"]] = "|".join((flags, returned, _parameters(method, root))).rstrip("|")
    if "initializer" in one:
        members["()"] = "|".join(("m", "", _parameters(one["initializer"], root))).rstrip("|")
    return ["abstract " * bool(one.get("abstract") and kind == "c") + kind, bases, members, {}]


def _deprecated(one: Mapping[str, Any]) -> bool:
    return bool(one.get("docs", {}).get("stability") == "deprecated")


def _parameters(callable_: Mapping[str, Any], root: str) -> str:
    return ",".join(
        f"{one['name']}{'?' if one.get('optional') else ''}{'*' if one.get('variadic') else ''}:{type_of(one['type'], root)}"
        for one in callable_.get("parameters", ())
    )


def short(name: str, root: str) -> str:
    """A full name without its package where that is the package itself: `.aws_s3.Bucket`."""
    return name.removeprefix(root) if name.startswith(f"{root}.") else name


def type_of(said: Mapping[str, Any], root: str) -> str:
    """A type in short: a full name, `s` `n` `b` `d` `any`, `[]T`, `{}T`, or alternatives with `/`."""
    if "fqn" in said:
        return short(said["fqn"], root)
    if "primitive" in said:
        return _PRIMITIVE[said["primitive"]]
    if "collection" in said:
        mark = "[]" if said["collection"]["kind"] == "array" else "{}"
        return mark + type_of(said["collection"]["elementtype"], root)
    if "union" in said:
        return "/".join(type_of(one, root) for one in said["union"]["types"])
    return "any"
