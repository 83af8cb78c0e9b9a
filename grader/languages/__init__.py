"""Programming and template languages: one package a language, from the text of a file to facts with their lines.

A language is a package (`typescript/`): its `__init__` holds the three names below, further files what they need. It knows syntax and name resolution, and nothing of clouds. Presence in this folder registers it. It has:

- `LANGUAGES`: the language names of `grader.model.documents.LANGUAGES` it reads;
- `parse(file) -> Unit`: never raises; broken code gives what can be recovered and `problems`;
- `link(units, document) -> Links`: what the units of this language declare and what they use of each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from grader.model.documents import Document, File
from grader.model.solutions import Reference, Symbol, Unit
from grader.model.spans import Span


@dataclass(frozen=True, slots=True)
class Links:
    """What the files of one language declare, and what they need from the answer itself.

    `unresolved` says what could not be followed, with its place: reported as unchecked, never as clean.
    """

    symbols: Mapping[tuple[str, str], Symbol] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    unresolved: tuple[tuple[str, Span], ...] = ()


class Language(Protocol):
    """The shape of a language module."""

    LANGUAGES: tuple[str, ...]

    def parse(self, file: File) -> Unit:
        """Read one file."""

    def link(self, units: Sequence[Unit], document: Document) -> Links:
        """Resolve names across the units of this language."""


@cache
def languages() -> Mapping[str, str]:
    """Module name of every language, by language name; found by presence in this folder, imported on first use only."""
    found = {}
    for module in iter_modules(__path__):
        if not module.ispkg:  # `trees` and its like serve languages and are none
            continue
        loaded = cast("Language", import_module(f"{__name__}.{module.name}"))
        for language in loaded.LANGUAGES:
            found[language] = module.name
    return found


def language_module(language: str) -> Language | None:
    """The module that reads `language`, None where there is none."""
    name = languages().get(language)
    return cast("Language", import_module(f"{__name__}.{name}")) if name else None
