"""Terraform providers, out of the TypeScript that their CDKTF packages embed: arguments, blocks and attributes of every resource."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CLASS = re.compile(r"^export class (\w+) extends cdkt[fn]\.(\w+) \{$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^  // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)$", re.MULTILINE)
_GETTER = re.compile(r"public get (\w+)\(")
_NESTED = re.compile(r"new (\w+?)(List|Map|OutputReference)\(this, \"(\w+)\"")
_HCL_FUNCTION = re.compile(r"^export function (\w+)ToHclTerraform\(struct\?: (\w+)", re.MULTILINE)
_HCL_ATTRIBUTE = re.compile(r"^\s+(\w+): \{\n\s+value: .*\n\s+isBlock: (\w+),\n\s+type: \"(\w+)\",\n\s+storageClassType: \"([^\"]*)\",", re.MULTILINE)
_TF_TYPE = re.compile(r"static readonly tfResourceType = \"(\w+)\"")
_KINDS = {"TerraformResource": "resource", "TerraformDataSource": "data", "TerraformProvider": "provider"}
_EVERYWHERE = "f"


@dataclass(slots=True)
class Argument:
    """One argument, block or attribute; `flags`: r required, c computed only, b block, l many, a an array in CDKTF; `type` a struct's name, a scalar's, or `any`."""

    flags: str = ""
    type: str = ""
    camel: str = ""
    versions: int = 0


Struct = dict[str, Argument]


@dataclass(slots=True)
class Schema:
    """A resource, data source or provider: its own arguments under the empty name, its structs under theirs."""

    kind: str
    name: str
    construct: str
    folder: str
    structs: dict[str, Struct] = field(default_factory=dict)


def read_schemas(wheel: Path) -> Iterator[Schema]:
    """All schemas of one provider package."""
    folders: dict[str, list[str]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive:
        bundle = next(name for name in archive.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read(bundle))) as package:
            for member in package:
                parts = member.name.split("/")
                if member.name.endswith(".js") and len(parts) >= 4 and parts[1] == "lib":
                    stream = package.extractfile(member)
                    if stream is not None:
                        folders[parts[2]].append(_embedded(stream.read().decode()))
    for folder in sorted(folders):
        yield from _folder(folder, "\n".join(folders[folder]))


def _embedded(script: str) -> str:
    at = script.rfind("base64,")
    if at < 0:
        return ""
    try:
        return "\n".join(json.loads(base64.b64decode(script[at + 7 :].strip())).get("sourcesContent") or ())
    except (binascii.Error, ValueError):
        return ""


def _folder(folder: str, text: str) -> Iterator[Schema]:
    structs: dict[str, Struct] = {}
    tops: list[tuple[str, str, str, Struct]] = []
    hcl: dict[str, dict[str, tuple[str, str, str]]] = {}
    functions = list(_HCL_FUNCTION.finditer(text))
    for found in functions:
        end = text.find("\n}\n", found.start())
        hcl[found[2].removesuffix("OutputReference")] = _hcl(text[found.start() : end])
    classes = list(_CLASS.finditer(text))
    for place, found in enumerate(classes):
        body = text[found.end() : classes[place + 1].start() if place + 1 < len(classes) else len(text)]
        kind = _KINDS.get(found[2])
        if kind:
            at = body.find("synthesizeHclAttributes")
            named = _TF_TYPE.search(body)
            if named is not None:
                tops.append((kind, named[1], found[1], _struct(body, _hcl(body[at:]) if at >= 0 else {})))
        elif found[1].endswith("OutputReference"):
            name_of = found[1].removesuffix("OutputReference")
            structs[name_of] = _struct(body, hcl.get(name_of, {}))
    for kind, name, construct, own in tops:
        yield Schema(kind, name, construct, folder, {"": own, **_reachable(own, structs)})


def _reachable(own: Struct, structs: Mapping[str, Struct]) -> dict[str, Struct]:
    found: dict[str, Struct] = {}
    waiting = [own]
    while waiting:
        for one in waiting.pop().values():
            if one.type in structs and one.type not in found:
                found[one.type] = structs[one.type]
                waiting.append(structs[one.type])
    return found


def _hcl(body: str) -> dict[str, tuple[str, str, str]]:
    return {found[1]: (found[2], found[3], found[4]) for found in _HCL_ATTRIBUTE.finditer(body)}


def _struct(body: str, hcl: Mapping[str, tuple[str, str, str]]) -> Struct:
    nested = {found[3]: found[1] for found in _NESTED.finditer(body)}
    arrays = {found[3] for found in _NESTED.finditer(body) if found[2] == "List"}
    made: Struct = {}
    for found in _ATTRIBUTE.finditer(body):
        name, computed, optional, required = found.groups()
        getter = _GETTER.search(body, found.end())
        flags = "r" if required == "true" else "c" if computed == "true" and optional == "false" else ""
        kind = nested.get(name, "")
        if name in hcl:
            block, form, storage = hcl[name]
            flags += ("b" if block == "true" else "") + ("l" if form in {"list", "set"} else "m" if form == "map" else "")
            kind = kind or (storage if form == "simple" or (storage.endswith(("List", "Map")) and storage[:1].islower()) else "")
            if storage == "any":
                kind = "any"
        if name in arrays:
            flags += "a"
        made[name] = Argument(flags, kind, getter[1] if getter else "")
    for name, (block, form, storage) in hcl.items():
        if name not in made:
            made[name] = Argument(
                ("b" if block == "true" else "") + ("l" if form in {"list", "set"} else ""), "any" if storage == "any" else nested.get(name, "")
            )
    return made


def merged(versions: Sequence[Sequence[Schema]]) -> dict[tuple[str, str], Schema]:
    """One schema a resource out of several versions: each argument knows in which (bit n: the nth) it exists; required only where all agree."""
    found: dict[tuple[str, str], Schema] = {}
    present: dict[tuple[str, str], int] = defaultdict(int)
    for place, schemas in enumerate(versions):
        for one in schemas:
            key = (one.kind, one.name)
            present[key] |= 1 << place
            held = found.setdefault(key, Schema(one.kind, one.name, one.construct, one.folder))
            held.construct, held.folder = one.construct, one.folder
            for name, struct in one.structs.items():
                into = held.structs.setdefault(name, {})
                for argument, new in struct.items():
                    old = into.get(argument)
                    if old is None:
                        into[argument] = Argument(new.flags, new.type, new.camel, 1 << place)
                        continue
                    flags = "".join(c for c in old.flags if c not in "rca" or c in new.flags) + "".join(
                        c for c in new.flags if c in "blm" and c not in old.flags
                    )
                    if ("b" in old.flags) != ("b" in new.flags):
                        flags += "x"
                    kind = "any" if "any" in (old.type, new.type) else new.type or old.type
                    into[argument] = Argument(flags, kind, new.camel, old.versions | 1 << place)
    for key, schema in found.items():
        for struct in schema.structs.values():
            for named in struct.values():
                if named.versions != present[key]:
                    named.flags = named.flags.replace("r", "")
    return found


def rows(versions: Sequence[Path]) -> Iterator[tuple[str, object]]:
    """The catalogue's rows of one provider: name `resource aws_s3_bucket`, body with members and structs; `constructs` has each class of every version."""
    read = [list(read_schemas(path)) for path in versions]
    every = (1 << len(read)) - 1
    yield "constructs", [{one.construct: f"{one.kind} {one.name}|{one.folder}" for schemas in read for one in schemas}]
    for (kind, name), schema in sorted(merged(read).items()):
        short = {struct: str(place) for place, struct in enumerate(sorted(schema.structs)) if struct}
        bodies = {
            short.get(struct, ""): {argument: _member(argument, one, short, every) for argument, one in sorted(arguments.items())}
            for struct, arguments in sorted(schema.structs.items())
        }
        yield f"{kind} {name}", ["tf", [schema.construct, schema.folder], bodies.pop(""), bodies]


def _member(name: str, one: Argument, short: Mapping[str, str], every: int) -> str:
    first, *rest = name.split("_")
    rule = first + "".join(part[:1].upper() + part[1:] for part in rest)
    camel = "" if one.camel in {rule, ""} else one.camel
    mask = "" if one.versions in {every, 0} else f"{one.versions:x}"
    kind = f"*{short[one.type]}" if one.type in short else one.type
    return f"{one.flags}|{kind}|{mask}|{camel}".rstrip("|")
