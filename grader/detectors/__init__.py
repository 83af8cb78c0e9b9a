"""Detectors: one fault a file. Presence in this folder registers a detector.

A detector is a function `(pair) -> Iterator[Hit | Unchecked]` under `@detector(Kind)`, named like its file and its kind. It states
what is wrong with its place and proof; it never scores, reads files, logs or knows the rubric.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules

from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Kind
from grader.model.solutions import Pair

Detect = Callable[[Pair], Iterable[Hit | Unchecked]]


class DetectorError(Exception):
    """A file of this folder is no detector; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One registered detector. `compares` is true for one that needs the ideal and is silent without it."""

    name: str
    kind: Kind
    detect: Detect
    doc: str
    compares: bool


def detector(kind: Kind, *, compares: bool = False) -> Callable[[Detect], Detector]:
    """Register a function as the detector of `kind`; its docstring is its documentation."""

    def register(detect: Detect) -> Detector:
        name = getattr(detect, "__name__", "")
        return Detector(name.replace("_", "-"), kind, detect, getdoc(detect) or "", compares)

    return register


@cache
def detectors() -> tuple[Detector, ...]:
    """All detectors in the order of the kinds.

    Raises:
        DetectorError: a file holds no detector, or one that is not named like the file.
    """
    found = []
    for module in iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        loaded = import_module(f"{__name__}.{module.name}")
        one = getattr(loaded, module.name, None)
        if not isinstance(one, Detector):
            message = f"{loaded.__file__}: line 1: define `@detector(Kind...) def {module.name}(pair)`"
            raise DetectorError(message)
        found.append(one)
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.name)))
