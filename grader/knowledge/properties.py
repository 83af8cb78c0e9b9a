"""What properties mean over the dialects: `versioned`, `VersioningConfiguration` and a satellite of the bucket are one aspect, versioning."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.knowledge.types import Type

_ENDINGS = ("configuration", "specification", "settings", "options", "config")


class Aspect(NamedTuple):
    """One meaning of properties.

    `group` is the class of the data file (`encryption`, `security`, …, `config`), `says` the phrase of a report, empty for a property that
    the data file does not list. `false` marks aspects of which `false` is the wish, `values` those whose values are compared; `lack` says what follows where it is not set;
    of a `quiet` one only values are compared.
    """

    name: str
    group: str
    says: str = ""
    false: bool = False
    values: bool = False
    minor: bool = False
    lack: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Properties:
    """`properties.json`, indexed by folded names."""

    aspects: Mapping[str, Aspect]
    names: Mapping[str, Aspect]
    kinds: Mapping[str, str]
    defaults: Mapping[str, object]
    constructs: Mapping[str, Mapping[str, object]]
    alternatives: Mapping[str, frozenset[str]]
    cosmetic: frozenset[str]
    wiring: frozenset[str]


@cache
def properties() -> Properties:
    """The data file; read on first use."""
    data: dict[str, Any] = json.loads(files(__package__).joinpath("properties.json").read_text(encoding="utf-8"))
    aspects: dict[str, Aspect] = {}
    names: dict[str, Aspect] = {}
    for name, one in data["aspects"].items():
        wanted, values, minor = (bool(one.get(flag)) for flag in ("false", "value", "minor"))
        aspects[name] = Aspect(name, one["class"], one["says"], wanted, values, minor, one.get("lack", ""), bool(one.get("quiet")))
        names.update(dict.fromkeys(one["names"].split(), aspects[name]))
    instead = {name: frozenset(group.split()) for group in data["alternatives"] for name in group.split()}
    return Properties(
        aspects,
        names,
        data["classes"],
        data["defaults"],
        data["constructs"],
        instead,
        frozenset(data["cosmetic"].split()),
        frozenset(data["wiring"].split()),
    )


@lru_cache(maxsize=16384)
def aspect_of(kind: Type, name: str) -> Aspect:
    """The meaning of a property of a resource; a property that nobody listed means itself."""
    known = properties()
    folded = fold(name)
    found = known.names.get(f"{kind}.{folded}") or known.names.get(folded)
    if found is not None:
        return found
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) > len(ending) + 2:
            found = known.names.get(folded.removesuffix(ending))
            if found is not None:
                return found
            folded = folded.removesuffix(ending)
    return Aspect(folded, "config")


def is_cosmetic(name: str) -> bool:
    """Whether a property only names or describes."""
    return fold(name) in properties().cosmetic


def is_wiring(name: str) -> bool:
    """Whether a property connects a resource with others, or is told by another detector."""
    return fold(name) in properties().wiring


def alternatives(name: str) -> frozenset[str]:
    """The folded names of properties any of which stands for this one."""
    return properties().alternatives.get(fold(name), frozenset())


def is_default(name: str, value: object, construct: str = "") -> bool:
    """Whether a value is what the service takes where the property is not set, or the CDK's construct of a type (`ec2.vpc`) does."""
    known = properties().constructs.get(construct, {})
    if fold(name) not in known:
        known = properties().defaults
    folded = fold(name)
    if folded not in known:
        return False
    default = known[folded]
    if isinstance(default, str) and isinstance(value, str):
        return fold(default) == fold(value.rsplit(".", 1)[-1])
    if isinstance(default, bool):
        return value is default or (isinstance(value, str) and value.lower() == str(default).lower())
    return value == default or str(value) == str(default)
