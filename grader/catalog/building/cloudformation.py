"""CloudFormation resource types, out of the schemas that cfn-lint carries: properties, nested definitions, attributes."""

from __future__ import annotations

import ast
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_FOLDER = "cfnlint/data/schemas"


def rows(wheel: Path) -> Iterator[tuple[str, object]]:
    """One row a resource type of us-east-1, and of any other region that has more."""
    with zipfile.ZipFile(wheel) as archive:
        held: dict[str, str] = {}
        everything, exceptions = _attributes(archive.read("cfnlint/schema/_getatts.py"))
        providers = sorted(name for name in archive.namelist() if name.startswith(f"{_FOLDER}/providers/") and name.endswith(".json"))
        first = f"{_FOLDER}/providers/us-east-1.json"
        for name in (first, *(other for other in providers if other != first)):
            for kind, digest in json.loads(archive.read(name)).items():
                held.setdefault(kind, digest)
        for kind, digest in sorted(held.items()):
            place = f"{_FOLDER}/resources/{digest}.json"
            try:
                schema = json.loads(archive.read(place))
            except KeyError:
                continue
            extra = (*exceptions.get(kind, ()), *(schema.get("properties", {}) if kind in everything else ()))
            yield kind, row(schema, extra)


def _attributes(script: bytes) -> tuple[frozenset[str], Mapping[str, list[str]]]:
    """The types all of whose properties are attributes too, and the further attributes of others, as cfn-lint lists them."""
    found = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in {"_all_property_types", "_exceptions"}
    }
    return frozenset(found["_all_property_types"]), found["_exceptions"]


def row(schema: Mapping[str, Any], extra: Iterable[str] = ()) -> list[object]:
    """The body of one resource type; `extra` are attributes that its schema does not mark as read-only."""
    definitions = schema.get("definitions", {})
    read_only = {path.removeprefix("/properties/").replace("/", ".") for path in schema.get("readOnlyProperties", ())}
    required = _required(schema)
    reader = _Reader(definitions)
    members = reader.members(schema.get("properties", {}), required, "")
    for name in read_only:
        if "." not in name and name in members:
            members[name] = "c" + members[name]
    return ["cfn", sorted(read_only | set(extra)), members, reader.structs]


def _required(schema: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(schema.get("required", ()))


class _Reader:
    """Gathers the objects inside one schema under short names."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions = definitions
        self.structs: dict[str, dict[str, str]] = {}
        self.names: dict[str, str] = {}

    def members(self, properties: Mapping[str, Any], required: frozenset[str], path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, said in sorted(properties.items()):
            flags = "r" if name in required else ""
            found[name] = "|".join((flags, self.type_of(said, f"{path}/{name}"))).rstrip("|")
        return found

    def type_of(self, said: object, path: str) -> str:
        if not isinstance(said, dict):
            return "any"
        reference = said.get("$ref", "")
        if reference.startswith("#/definitions/"):
            name = reference.removeprefix("#/definitions/")
            return self.definition(name)
        if "properties" in said and not any(word in said for word in ("patternProperties", "oneOf", "anyOf", "allOf")):
            if said.get("additionalProperties", False) is not False:
                return "any"
            return self.struct(path, said)
        if "properties" in said:
            return self.struct(path, said) if said.get("additionalProperties") is False and "patternProperties" not in said else "any"
        kind = said.get("type")
        if kind == "array":
            return "[]" + self.type_of(said.get("items", {}), f"{path}[]")
        if "enum" in said and all(isinstance(one, str) for one in said["enum"]) and len(said["enum"]) <= 60:
            return "=" + "\\".join(said["enum"])
        return {"string": "s", "integer": "n", "number": "n", "boolean": "b"}.get(kind if isinstance(kind, str) else "", "any")

    def definition(self, name: str) -> str:
        said = self.definitions.get(name)
        if not isinstance(said, dict):
            return "any"
        if "properties" in said:
            if said.get("additionalProperties", False) is not False or "patternProperties" in said:
                return "any"
            return self.struct(f"#{name}", said)
        if said.get("$ref") == f"#/definitions/{name}":
            return "any"
        if name in self.names:
            return self.names[name]
        self.names[name] = "any"
        self.names[name] = self.type_of(said, f"#{name}")
        return self.names[name]

    def struct(self, path: str, said: Mapping[str, Any]) -> str:
        if path not in self.names:
            self.names[path] = f"*{len(self.names)}"
            key = self.names[path][1:]
            self.structs[key] = {}
            self.structs[key] = self.members(said["properties"], _required(said), path)
        return self.names[path]
