"""Terraform: resource types, arguments, blocks and attributes that the provider does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.catalog import Type, look_up, member, names
from grader.detectors._api_hits import absent
from grader.model.hits import Hit, Unchecked
from grader.model.paths import is_test
from grader.model.solutions import Binding, Solution
from grader.model.spans import Span
from grader.model.values import Fields, Known, Name, Value, each, walk

_OLDEST = {
    "aws": 5,
    "google": 6,
    "azurerm": 4,
    "kubernetes": 2,
    "helm": 3,
    "random": 3,
    "tls": 4,
    "local": 2,
    "time": 0,
    "archive": 2,
    "null": 3,
    "http": 3,
    "external": 2,
}
"""The oldest major version of each provider that the catalogue holds."""
_META = frozenset("count for_each provider depends_on lifecycle connection provisioner".split())
_PINNED = re.compile(r"\s*(~>|=|<=?|!=|>=?)?\s*v?(\d+)(\.\d+)?")
_STEP = re.compile(r"\[[^\]\[]*\]|\.([A-Za-z_][\w-]*|\*)|^([A-Za-z_][\w-]*)")
_KINDS = ("resource", "data")


@dataclass(frozen=True, slots=True)
class Providers:
    """What is known of the providers of an answer: those whose types can be checked, and why others cannot."""

    checked: Mapping[str, str]
    unchecked: tuple[Unchecked, ...]


def terraform_names(answer: Solution) -> Iterator[Hit | Unchecked]:
    """Hits of every claimed HCL file."""
    providers = _providers(answer)
    yield from providers.unchecked
    claimed = {id(file) for file in answer.claimed}
    seen: set[tuple[int, str]] = set()
    absent_providers: dict[str, int] = {}
    for binding in answer.bindings:
        file = binding.file
        if (
            file.language != "hcl"
            or id(file) not in claimed
            or file.superseded
            or is_test(file.name)
            or (file.name or "").endswith((".tfvars", ".tftest.hcl"))
        ):
            continue
        if any(one.span.touches(binding.span) for one in answer.problems if one.file is file):
            continue
        yield from _block(binding, providers)
        if isinstance(binding.value, Fields) and binding.value.type in _KINDS:
            provider = binding.name.partition(".")[2].partition("_")[0]
            if provider not in _OLDEST and provider != "terraform" and provider.isidentifier():
                absent_providers.setdefault(provider, binding.span.line)
        for value in walk(binding.value):
            if isinstance(value, Name) and "." in value.path:
                for hit in _reference(value, providers):
                    key = (hit.at.line if hit.at else 0, hit.entity)
                    if key not in seen:
                        seen.add(key)
                        yield hit
    for provider, line in absent_providers.items():
        yield Unchecked(f"resources of provider {provider} are not checked: the catalogue does not hold it", line)


def _providers(answer: Solution) -> Providers:
    """Providers by local name; one from another namespace or pinned to a major version that is not held is left out."""
    checked = {name: f"tf:{name}" for name in _OLDEST}
    notes = []
    for binding in answer.bindings:
        block = binding.value
        if not isinstance(block, Fields) or block.type != "terraform":
            continue
        for required in each(block.fields.get("required_providers")):
            if not isinstance(required, Fields):
                continue
            for name, said in required.fields.items():
                fields = said.fields if isinstance(said, Fields) else {"version": said}
                origin = fields.get("source")
                if isinstance(origin, Known) and isinstance(origin.value, str) and not origin.value.endswith(f"hashicorp/{name}"):
                    checked.pop(name, None)
                    continue
                version = fields.get("version")
                if name in checked and isinstance(version, Known) and isinstance(version.value, str) and _older(version.value, _OLDEST[name]):
                    checked.pop(name)
                    notes.append(Unchecked(f"provider {name} is pinned to `{version.value}`, older than the catalogue", version.span.line))
    return Providers(checked, tuple(notes))


def _older(constraint: str, oldest: int) -> bool:
    """Whether a version constraint keeps a provider below the oldest major version held."""
    for part in constraint.split(","):
        said = _PINNED.match(part)
        if said is None:
            continue
        mark, major, minor = said[1] or "=", int(said[2]), said[3]
        if mark == "=" and major < oldest:
            return True
        if mark == "~>" and (major < oldest if minor else False):
            return True
        if (mark == "<=" and major < oldest) or (mark == "<" and major <= oldest):
            return True
    return False


def _type(kind: str, name: str, providers: Providers) -> Type | None:
    space = providers.checked.get(name.split("_", 1)[0])
    return look_up(space, f"{kind} {name}") if space else None


def _block(binding: Binding, providers: Providers) -> Iterator[Hit]:
    block = binding.value
    if not isinstance(block, Fields) or block.type not in _KINDS:
        return
    _, _, rest = binding.name.partition(".")
    name = rest.partition(".")[0]
    space = providers.checked.get(name.split("_", 1)[0])
    chosen = block.fields.get("provider")
    if space is None or "_" not in name or (isinstance(chosen, Name | Known) and _provider_of(chosen) != name.split("_", 1)[0]):
        return
    found = look_up(space, f"{block.type} {name}")
    if found is None:
        yield _unknown_type(block, name, space)
        return
    yield from _fields(block, found.members, found, name, frozenset(_META))


def _provider_of(value: Name | Known) -> str:
    text = value.path if isinstance(value, Name) else str(value.value)
    return text.split(".", 1)[0]


def _unknown_type(block: Fields, name: str, space: str) -> Hit:
    other = "data" if block.type == "resource" else "resource"
    what = "resource type" if block.type == "resource" else "data source"
    if look_up(space, f"{other} {name}") is not None:
        what += f" (only a {'data source' if other == 'data' else 'resource'})"
    every = [one.partition(" ")[2] for one in names(space) if one.startswith(f"{block.type} ")]
    return absent("", what, name, block.span, space=space, candidates=every, variant="type")


def _fields(block: Fields, members: Mapping[str, str], found: Type, path: str, free: frozenset[str] = frozenset()) -> Iterator[Hit]:
    for name, value in block.fields.items():
        if name in free:
            continue
        said = members.get(name)
        if said is None:
            yield absent(path, "argument or block", name, _place(value), space=found.space, candidates=_settable(members), variant="argument")
            continue
        one = member(said)
        if "c" in one.flags and not one.type.startswith("*"):
            yield absent(path, "settable argument", name, _place(value), space=found.space, candidates=_settable(members), variant="argument")
        elif "b" in one.flags and "x" not in one.flags and one.type.startswith("*"):
            inner = found.structs.get(one.type[1:])
            if inner is not None:
                for nested in each(value):
                    if isinstance(nested, Fields) and nested.complete:
                        yield from _fields(nested, inner, found, f"{path}.{name}")


def _place(value: Value) -> Span:
    return value.span


def _settable(members: Mapping[str, str]) -> list[str]:
    return [name for name, said in members.items() if "c" not in member(said).flags]


def _reference(value: Name, providers: Providers) -> Iterator[Hit]:
    """An attribute read from a resource: `aws_x.y.attr`, `data.aws_x.y.attr`, with indexes and splats between."""
    steps = [found[1] or found[2] for found in _STEP.finditer(value.path)]
    words = [word for word in steps if word and word != "*"]
    kind = "resource"
    if words and words[0] == "data":
        kind, words = "data", words[1:]
    if len(words) < 3 or "_" not in words[0] or any(c in value.path for c in '"(?'):
        return
    found = _type(kind, words[0], providers)
    if found is None:
        return
    members, path = found.members, words[0]
    for word in words[2:6]:
        said = members.get(word)
        if said is None:
            yield absent(path, "attribute", word, value.span, space=found.space, candidates=members, variant="attribute")
            return
        one = member(said)
        inner = found.structs.get(one.type[1:]) if one.type.startswith("*") else None
        if inner is None or "x" in one.flags:
            return
        members, path = inner, f"{path}.{word}"
