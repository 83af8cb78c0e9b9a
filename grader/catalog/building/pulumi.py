"""Pulumi's AWS provider, out of its Python sources: resources, functions, nested arguments and enums of each version."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

Members = dict[str, str]


def rows(wheels: Sequence[Path]) -> Iterator[tuple[str, object]]:
    """Rows by Python place: `s3.Bucket` (a resource), `s3.BucketCorsRuleArgs` (nested arguments), `ec2.get_vpc` (a function), `lambda_.Runtime` (an enum).

    Versions are joined: bit n of a member's mask says that the nth package has it.
    """
    found: dict[str, tuple[str, dict[str, tuple[str, str, int]]]] = {}
    masks: dict[str, int] = {}
    for place, wheel in enumerate(wheels):
        for name, kind, members in _read(wheel):
            masks[name] = masks.get(name, 0) | 1 << place
            _, held = found.setdefault(name, (kind, {}))
            for member, said in members.items():
                flags, _, type_ = said.partition("|")
                old = held.get(member)
                if old is not None:
                    flags = "".join(c for c in old[0] if c != "r" or c in flags) + "".join(c for c in flags if c not in old[0] and c != "r")
                held[member] = (flags, type_ or (old[1] if old else ""), (old[2] if old else 0) | 1 << place)
    for name, (kind, held) in sorted(found.items()):
        members = {}
        for member, (flags, type_, mask) in sorted(held.items()):
            kept = flags if mask == masks[name] else flags.replace("r", "")
            members[member] = "|".join((kept, type_, "" if mask == masks[name] else f"{mask:x}")).rstrip("|")
        yield name, [kind, [masks[name]], members, {}]


def _read(wheel: Path) -> Iterator[tuple[str, str, Members]]:
    with zipfile.ZipFile(wheel) as archive:
        modules: dict[str, set[str]] = {}
        for path in sorted(archive.namelist()):
            parts = path.split("/")
            if not path.endswith(".py") or parts[0] != "pulumi_aws" or parts[-1] in {"__init__.py", "_utilities.py"}:
                continue
            prefix = ".".join(parts[1:-1])
            tree = ast.parse(archive.read(path))
            modules.setdefault(prefix, set())
            for name, kind, members in _file(tree, parts[-1]):
                full = f"{prefix}.{name}" if prefix else name
                modules[prefix].add(name)
                yield full, kind, members
        for prefix, names in sorted(modules.items()):
            inner = {
                other.split(".", 1)[0] if not prefix else other.removeprefix(f"{prefix}.")
                for other in modules
                if other and other.startswith(prefix) and other != prefix
            }
            yield f"module {prefix}", "module", dict.fromkeys(sorted(names | {name for name in inner if "." not in name}), "")


def _file(tree: ast.Module, name: str) -> Iterator[tuple[str, str, Members]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            if node.name.endswith("ArgsDict") or node.name.startswith("_"):
                continue
            bases = {ast.unparse(base) for base in node.bases}
            if name == "_enums.py" or "Enum" in str(bases):
                yield (
                    node.name,
                    "e",
                    {
                        target.id: _literal(item.value)
                        for item in node.body
                        if isinstance(item, ast.Assign)
                        for target in item.targets
                        if isinstance(target, ast.Name)
                    },
                )
            elif "pulumi.CustomResource" in bases or "pulumi.ProviderResource" in bases:
                yield node.name, "r", _resource(node)
            elif any("input_type" in ast.unparse(one) for one in node.decorator_list):
                yield node.name, "a", _arguments(node)
            elif any("output_type" in ast.unparse(one) for one in node.decorator_list):
                yield (f"outputs.{node.name}" if name == "outputs.py" else node.name), "o", _outputs(node)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, "f", {one.arg: "|" + _short(one.annotation) for one in (*node.args.args, *node.args.kwonlyargs) if one.arg != "opts"}


def _literal(node: ast.expr) -> str:
    return "|=" + str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _resource(node: ast.ClassDef) -> Members:
    members = _outputs(node)
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "_internal_init":
            for one in (*item.args.args, *item.args.kwonlyargs):
                if one.arg not in {"__self__", "resource_name", "opts", "__props__"}:
                    flags, _, _ = members.get(one.arg, "").partition("|")
                    members[one.arg] = "i" + flags.replace("o", "") + ("o" if one.arg in members else "") + "|" + _short(one.annotation)
    return members


def _arguments(node: ast.ClassDef) -> Members:
    found: Members = {}
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            defaults = item.args.kw_defaults
            for place, one in enumerate(item.args.kwonlyargs):
                found[one.arg] = ("r" if defaults[place] is None else "") + "|" + _short(one.annotation)
    return {name: said.rstrip("|") for name, said in found.items()}


def _outputs(node: ast.ClassDef) -> Members:
    found: Members = {}
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and any("property" in ast.unparse(one) for one in item.decorator_list):
            found[item.name] = "o"
    return found


def _short(node: ast.expr | None) -> str:
    """The name of the nested arguments or enum a type names; `any` where none is, with marks for lists and maps."""
    if node is None:
        return ""
    text = ast.unparse(node)
    marks = "[]" if "Sequence[" in text else "{}" if "Mapping[" in text else ""
    names = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    nested = [name.replace("_", "", 1) if name.startswith("_") else name for name in names if name.endswith("Args")]
    enums = [name for name in names if not name.endswith(("Args", "ArgsDict"))]
    if nested:
        return marks + nested[0]
    if enums:
        return marks + "=" + enums[0]
    return marks.replace("[]", "[]s") if marks == "[]" else marks
