"""What the types of libraries give to classes and interfaces of an answer that extend them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.catalog import Type
from grader.detectors._api_jsii import find_member, inside, place_of

if TYPE_CHECKING:
    from grader.model.solutions import Reference

_OTHERS = {("@pulumi/pulumi", "ComponentResource"): frozenset("urn getProvider getData initialize registerOutputs isInstance".split())}
"""Members of types outside the catalogue, as the SDK of Pulumi 3 declares them."""


def inherits(one: Reference) -> bool:
    """Whether a type of a library gives the member of a reference, or may: what the catalogue does not hold may have anything."""
    name = one.name.rpartition(".")[2]
    return any(_may_have(module, path, name, one.file.language) for module, path in one.bases)


def _may_have(module: str, path: str, name: str, language: str) -> bool:
    listed = _OTHERS.get((module, path))
    if listed is not None:
        return name in listed or name.startswith("_")
    place = place_of(module)
    held = inside(place, path.split(".")) if place is not None else None
    return not isinstance(held, Type) or find_member(held.space, held.name, name, language) is not None
