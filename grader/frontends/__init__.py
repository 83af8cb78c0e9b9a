"""Frameworks of Infrastructure as Code: one module a framework, from a language's facts to resources and assets.

Presence in this folder registers a front end. It has:

- `FRAMEWORK`: the first word of its dialects (`cdk`, `cdktf`, `pulumi`, `tf`, `cfn`, …);
- `claims(unit) -> bool`: whether a file is written for this framework, from its content alone;
- where its files only go along with infrastructure, `SUPPORTING = True`: detectors of infrastructure leave them out, and it names the dialect of
  an answer only where nothing else does (never, with `NAMES_DIALECT = False`);
- `read(units, document) -> Reading`: resources, assets, and (for template languages) symbols and references of the claimed units.

A dialect is a framework with a language: `cdk-go`, `cfn-yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from grader.model.documents import Document
from grader.model.solutions import Asset, Reference, Resource, Symbol, Unit
from grader.model.spans import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a framework finds in the units it claims."""

    resources: tuple[Resource, ...] = ()
    assets: tuple[Asset, ...] = ()
    symbols: Mapping[tuple[str, str], Symbol] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    unresolved: tuple[tuple[str, Span], ...] = ()


def is_supporting(frontend: Frontend) -> bool:
    """Whether the files of a front end go along with infrastructure and are none."""
    return bool(getattr(frontend, "SUPPORTING", False))


def names_dialect(frontend: Frontend) -> bool:
    """Whether a front end may name the dialect of an answer."""
    return bool(getattr(frontend, "NAMES_DIALECT", True))


class Frontend(Protocol):
    """The shape of a front end module."""

    FRAMEWORK: str

    def claims(self, unit: Unit) -> bool:
        """Whether the file is written for this framework."""

    def read(self, units: Sequence[Unit], document: Document) -> Reading:
        """Read the claimed units of one solution."""


@cache
def frontends() -> tuple[Frontend, ...]:
    """All front ends, in the order of their names."""
    return tuple(cast("Frontend", import_module(f"{__name__}.{module.name}")) for module in iter_modules(__path__) if not module.name.startswith("_"))
