"""Resource types over the dialects: `AWS::S3::Bucket`, `aws_s3_bucket`, `s3.Bucket`, `CfnBucket` and `aws.s3.BucketV2` are one `s3.bucket`.

A rule makes the type from the dialect's own name, so that types nobody listed work; `services.json` holds what a rule cannot know.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION = re.compile(r"V\d$")
_CLASS = re.compile(r"^Cfn(?=[A-Z])")
_LEGACY = re.compile(r"(?<=[a-z])v\d$|a$")


class Type(NamedTuple):
    """A resource type, folded. `service` is empty where the name does not tell it."""

    service: str
    noun: str

    def __str__(self) -> str:
        """`service.noun`, the form of the data file."""
        return f"{self.service}.{self.noun}"


class Part(NamedTuple):
    """A resource that is a property of another: type of the owner, name of the property, folded fields that may name the owner."""

    of: Type
    name: str
    by: tuple[str, ...]


class Group(NamedTuple):
    """Types that a reader counts as one subsystem; `kind` is the kind of fault of its absence, `lack` what follows from it."""

    title: str
    kind: str
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """`services.json`, indexed."""

    services: Mapping[str, str]
    """Other names of a service to its name; a service to itself."""
    nouns: Mapping[Type, str]
    """Other nouns of a service to its noun."""
    aliases: Mapping[Type, frozenset[str]]
    """A type to all its nouns."""
    owners: Mapping[str, str]
    """A noun that tells its service, to that service."""
    whole: Mapping[str, Type]
    parts: Mapping[Type, Part]
    attendants: frozenset[Type]
    ignored: frozenset[Type]
    groups: Mapping[Type, Group]
    network: frozenset[Type]
    """What a VPC is made of."""
    brings: Mapping[tuple[str, str], frozenset[Type]]
    keys: Mapping[Type, tuple[str, ...]]


@cache
def services() -> Services:
    """The data file; read on first use."""
    data: dict[str, Any] = json.loads(files(__package__).joinpath("services.json").read_text(encoding="utf-8"))
    names = {other: name for name, others in data["services"].items() for other in (name, *others.split())}
    nouns: dict[Type, str] = {}
    aliases: dict[Type, frozenset[str]] = {}
    owners: dict[str, str] = {}
    for service, own in data["nouns"].items():
        for noun, others in own.items():
            aliases[Type(service, noun)] = frozenset((noun, *others.split()))
            for other in (noun, *others.split()):
                nouns[Type(service, other)] = noun
                owners[other] = "" if owners.get(other, service) != service else service
    groups = {
        _type(one): Group(entry["title"], entry.get("kind", "missing-resource"), entry.get("lack", ""))
        for entry in data["groups"].values()
        for one in entry["types"].split()
    }
    brings = {}
    for key, value in data["brings"].items():
        framework, kind, *_ = key.split()
        brings[framework, kind] = frozenset(map(_type, value.split()))
    return Services(
        names,
        nouns,
        aliases,
        {**{noun: service for noun, service in owners.items() if service}, **data["bare"]},
        {key: _type(value) for key, value in data["whole"].items()},
        {_type(key): Part(_type(one["of"]), one["as"], tuple(one["by"].split())) for key, one in data["parts"].items()},
        frozenset(map(_type, data["attendants"].split())),
        frozenset(map(_type, data["ignored"].split())),
        groups,
        frozenset(map(_type, data["network"].split())),
        brings,
        {_type(key): tuple(value.split()) for key, value in data["keys"].items()},
    )


def _type(text: str) -> Type:
    service, _, noun = text.partition(".")
    return Type(service, noun)


@lru_cache(maxsize=4096)
def canonical(name: str) -> Type:
    """The type that a dialect's name stands for."""
    if "::" in name:
        provider, _, rest = name.partition("::")
        service, _, noun = rest.partition("::")
        if provider != "AWS":
            return Type(fold(provider), fold(rest))
        return _whole(name) or _named(fold(service), fold(noun))
    if name.startswith("aws-cdk-lib."):
        *modules, last = name.removeprefix("aws-cdk-lib.").split(".")
        module = next((one for one in modules if one.startswith("aws_")), "")
        return _named(fold(module.removeprefix("aws_").removesuffix("_alpha")), fold(_CLASS.sub("", last)))
    if "." in name:
        provider, *modules, last = name.split(".")
        if not provider.startswith("aws"):
            return Type(fold(provider), fold(last).removeprefix(fold(provider)))
        noun = fold(_VERSION.sub("", last))
        return _named(fold("".join(modules)), noun) if modules else _whole(noun) or _flat([noun])
    words = name.split("_")
    if words[0] != "aws" or len(words) == 1:
        return _whole(name) or Type(words[0], "".join(words[1:]))
    return _whole("_".join(words[1:])) or _flat(words[1:])


def _whole(name: str) -> Type | None:
    return services().whole.get(fold(name))


def _flat(words: list[str]) -> Type:
    """The type of a Terraform name: its first words are the service where one is known, else it belongs to EC2."""
    known = services()
    if len(words) > 1 and re.fullmatch(r"v\d", words[-1]):
        words = words[:-1]
    for end in range(min(4, len(words) - 1), 0, -1):
        service = known.services.get("".join(words[:end]))
        if service:
            return _named(service, "".join(words[end:]))
    return _named("ec2", "".join(words))


def _named(service: str, noun: str) -> Type:
    known = services()
    service = known.services.get(service, service)
    if noun in known.whole:
        return known.whole[noun]
    if service == "cloudwatch":
        for prefix in ("log", "event"):
            inner = known.services.get(f"cloudwatch{prefix}", "")
            other = known.nouns.get(Type(inner, noun)) or known.nouns.get(Type(inner, noun.removeprefix(prefix)))
            if other and noun.startswith(prefix):
                return Type(inner, other)
    if not service:
        service = known.owners.get(noun, "")
    for one in (noun, _LEGACY.sub("", noun)):
        found = known.nouns.get(Type(service, one))
        if found:
            return Type(service, found)
        if one.startswith(service) and known.nouns.get(Type(service, one.removeprefix(service))):
            return Type(service, known.nouns[Type(service, one.removeprefix(service))])
    return Type(service, noun)
