"""Names across the modules of an answer: imports of its own files, what they export, and the members of its own types."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from grader.languages import Links
from grader.languages.typescript.declarations import ENUM, EVERYTHING, OPEN, SUFFIX, split
from grader.languages.typescript.scopes import is_own
from grader.languages.typescript.sources import is_elided
from grader.model.paths import normal
from grader.model.solutions import Category, Import, Reference, Symbol, Unit
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.spans import Span

_FARTHEST = 12
"""Re-exports, parents and members followed in a row."""
ALIKE = 0.9
"""Similarity from which two file names are one name with a slip of the pen."""
_OF_OBJECTS = frozenset("constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf __proto__".split())
"""Members that every object has."""
_OF_CLASSES = frozenset("prototype name length call apply bind arguments caller".split())
"""Members that every class has beside them, as a function."""


@dataclass(slots=True)
class Module:
    """One module of the answer: what all its blocks declare. `sure` is false where some of it may not have been read."""

    path: str
    named: bool
    sure: bool = False
    symbols: dict[str, Symbol] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    unit: Unit | None = None


class Place(NamedTuple):
    """A symbol and the module that declares it."""

    module: Module
    symbol: Symbol


Bases = frozenset[tuple[str, str]]
"""Types of libraries: module and path of each."""


class Target(NamedTuple):
    """What an import's path leads to: a module, another file of the answer, or (both None) nothing that is given.

    `exact` is false where only the file's base name or its exports fit.
    """

    path: str
    module: Module | None = None
    other: str = ""
    exact: bool = True

    @property
    def missing(self) -> bool:
        """Whether the answer gives no such file."""
        return self.module is None and not self.other


def link(units: Sequence[Unit], document: Document) -> Links:
    """Symbols of all modules, and what their files use of each other. A use that cannot be followed for sure is left out."""
    linker = Linker(document, _modules(units))
    linker.loose = {
        name.rsplit(".", 1)[-1] for unit in units if not _is_sound(unit) or unit.file.name is None for name in (one.name for one in unit.symbols)
    }
    linker.broken = any(unit.file.name is None and (unit.problems or not unit.file.closed) and unit.file.whole for unit in units)
    references: list[Reference] = []
    for unit in units:
        if not unit.file.superseded:
            references += linker.imports(unit)
            references += linker.uses(unit)
    references.sort(key=lambda one: one.span)
    symbols: dict[tuple[str, str], Symbol] = {}
    for module in linker.modules.values():
        for name, symbol in module.symbols.items():
            if name != EVERYTHING:
                symbols[symbol.scope, name] = symbol
    for unit in units:
        if unit.file.name:
            symbols.setdefault(("", unit.package), Symbol("", unit.package, Category.FILE, unit.file.span, unit.file))
    return Links(symbols, tuple(dict.fromkeys(references)), tuple(linker.unresolved))


def _is_sound(unit: Unit) -> bool:
    return unit.file.whole and unit.file.closed and not unit.problems and not unit.file.superseded and not is_elided(unit.file.text)


def _modules(units: Sequence[Unit]) -> dict[str, Module]:
    """The modules by path; a superseded file counts only where the one that stands could not be read for sure."""
    modules: dict[str, Module] = {}
    for unit in sorted(units, key=lambda one: one.file.superseded):
        module = modules.get(unit.package)
        if module is None:
            module = modules[unit.package] = Module(unit.package, unit.file.name is not None, unit=unit)
        if unit.file.superseded and module.sure:
            continue
        module.sure = (module.sure or _is_sound(unit)) and not unit.problems
        for symbol in unit.symbols:
            module.symbols.setdefault(symbol.name, symbol)
        for one in unit.imports:
            if one.name == EVERYTHING:
                module.stars.append(one.module)
            elif one.local:
                module.imports.setdefault(one.local, one)
    return modules


def _alike(path: str, name: str) -> bool:
    """Whether a file is called almost like an import: another case, or a slip of the pen."""
    base = posixpath.basename(path)
    return fold(base) == fold(name) or SequenceMatcher(None, base, name).ratio() >= ALIKE


def _is_static(home: Module, use: Reference, name: str) -> bool:
    """Whether a use in `home` goes through the name of a type, not through a value of it."""
    head = use.text.split(".", 1)[0]
    through = home.imports.get(head)
    return head == name if through is None else through.name in {name, ""}


@dataclass(slots=True)
class Linker:
    """The modules of one answer, and the look-ups across them. `loose` are names that fragments and unnamed blocks declare."""

    document: Document
    modules: Mapping[str, Module]
    loose: set[str] = field(default_factory=set)
    broken: bool = False
    unresolved: list[tuple[str, Span]] = field(default_factory=list)
    targets: dict[tuple[str, str], Target | None] = field(default_factory=dict)

    def target(self, module: Module, spec: str, wanted: tuple[str, ...] = ()) -> Target | None:
        """Where an import leads; None where that cannot be told."""
        key = (module.path, spec)
        if key not in self.targets:
            self.targets[key] = self._target(module, spec, wanted)
        return self.targets[key]

    def _target(self, module: Module, spec: str, wanted: tuple[str, ...]) -> Target | None:
        relative = spec.startswith(".")
        base = posixpath.dirname(module.path) if module.named and relative else ""
        full = normal(spec if relative else spec.removeprefix("@/").removeprefix("~/"), base)
        bare = SUFFIX.sub("", full).removesuffix(".json")
        for path in (full, bare, f"{bare}/index" if bare else "index"):
            if path in self.modules:
                return Target(path, self.modules[path])
        other = next((one.name for one in self.document.files if one.name and normal(one.name) in {full, f"{full}.json", f"{full}.d.ts"}), None)
        if other is not None:
            return Target(bare, other=other)
        last = posixpath.basename(bare)
        if last in {"", "index", ".", ".."}:
            return None
        near = [one for one in self.modules.values() if one.named and (posixpath.basename(one.path) == last or one.path.endswith(f"{last}/index"))]
        near += [one for one in self.modules.values() if not one.named and one is not module and any(name in one.symbols for name in wanted)]
        if near:
            return Target(near[0].path, near[0], exact=False)
        other = next((one.name for one in self.document.files if one.name and posixpath.basename(one.name).split(".")[0] == last.split(".")[0]), None)
        if other is not None:
            return Target(bare, other=other, exact=False)
        alike = next(
            (one for one in self.modules.values() if one.named and any(name in one.symbols for name in wanted) and _alike(one.path, last)), None
        )
        if alike is not None:
            return Target(alike.path, alike, exact=False)
        unnamed = any(not one.named and one is not module for one in self.modules.values())
        headed = any(f"{last}." in line for line in self.document.lines if line.startswith("#"))  # shown in parts
        if self.broken or headed or not relative or (unnamed and not wanted):
            return None
        return Target(bare)

    def imports(self, unit: Unit) -> Iterator[Reference]:
        """The files that a unit imports of the answer, and the names it takes from them."""
        module = self.modules[unit.package]
        wanted: dict[str, list[Import]] = {}
        for one in unit.imports:
            if is_own(one.module):
                wanted.setdefault(one.module, []).append(one)
        for spec, taken in wanted.items():
            names = {one.name for one in taken} | {use.name for use in unit.uses if use.scope == spec}
            target = self.target(module, spec, tuple(sorted(names - {"", EVERYTHING, "default"})))
            if target is None or target.other:
                continue
            if target.module is None or target.module.named:
                yield Reference("", target.path, Category.FILE, taken[0].span, unit.file, spec, self._listed(target.path))
            for one in taken:
                if one.name not in {"", EVERYTHING}:
                    yield from self._export(target, one.name, Reference(target.path, one.name, Category.NAME, one.span, unit.file, one.name))

    def _listed(self, path: str) -> str:
        """The path as the answer's project tree has it, else as it is imported."""
        for one in self.document.listing:
            plain = SUFFIX.sub("", normal(one.path))
            if not one.directory and (plain == path or plain.endswith(f"/{path}")):
                return normal(one.path)
        return path

    def _export(self, target: Target, name: str, use: Reference) -> Iterator[Reference]:
        """The reference to an export, under the module that declares it; nothing where that cannot be told."""
        if target.module is None:
            yield use
            return
        found = self.find(target.module, name)
        if isinstance(found, Place):
            place = found.module.path if name not in target.module.symbols else target.path
            yield Reference(place, name if place == target.path else found.symbol.name, use.category, use.span, use.file, use.text)
        elif (
            found is False
            and target.exact
            and name not in self.loose
            and not any(name in one.symbols for one in self.modules.values() if not one.named)
        ):
            yield use
        elif found is not False and target.exact and not any(name in one.symbols for one in self.modules.values()):
            self.unresolved.append((f"`{target.path}` could not be read as a whole: it may export `{name}` or not", use.span))

    def find(self, module: Module, name: str, steps: int = _FARTHEST) -> Place | bool:
        """Where an export is declared; False where it surely is not, True where that cannot be told."""
        if steps == 0:
            return True
        symbol = module.symbols.get(name)
        if symbol is not None:
            if symbol.category is not Category.NAME:
                return Place(module, symbol)
            return self._alias(module, symbol, steps - 1)
        unsure = not module.sure or EVERYTHING in module.symbols
        for spec in module.stars:
            target = self.target(module, spec) if is_own(spec) else None
            found = self.find(target.module, name, steps - 1) if target is not None and target.module is not None else True
            if isinstance(found, Place):
                return found
            unsure = unsure or found
        return unsure

    def _alias(self, module: Module, symbol: Symbol, steps: int) -> Place | bool:
        """What an export under another name stands for; the export itself where that cannot be followed."""
        local = symbol.type or symbol.name
        inner = module.symbols.get(local)
        if inner is not None and inner is not symbol and inner.category is not Category.NAME:
            return Place(module, inner)
        through = module.imports.get(local)
        if through is not None and is_own(through.module) and through.name:
            target = self.target(module, through.module)
            found = self.find(target.module, through.name, steps) if target is not None and target.module is not None else True
            if isinstance(found, Place):
                return found
        return Place(module, symbol)

    def uses(self, unit: Unit) -> Iterator[Reference]:
        """What a unit uses of the answer's modules, the members it takes through its types, and the names nothing binds."""
        module = self.modules[unit.package]
        for use in unit.uses:
            target = self.target(module, use.scope) if use.scope else None
            if use.category is Category.FIELD:
                start = module if not use.scope else target.module if target is not None else None
                if start is not None:
                    yield from self._members(module, start, use, exact=target is None or target.exact)
            elif use.scope:
                if target is not None and not target.other:
                    yield from self._export(target, use.name, Reference(target.path, use.name, use.category, use.span, use.file, use.text))
            elif use.name not in self.loose and not self._is_everywhere(use.name) and use.name not in module.symbols:
                yield Reference(module.path, use.name, use.category, use.span, use.file, use.text)

    def _is_everywhere(self, name: str) -> bool:
        """Whether a `declare global` of the answer gives the name."""
        return any(name in module.symbols and module.symbols[name].scope == "" for module in self.modules.values())

    def _members(self, home: Module, start: Module, use: Reference, *, exact: bool) -> Iterator[Reference]:
        """References to the members of a path `Type.member.member`, as far as it can be followed."""
        first, *members = use.name.split(".")
        found = self.find(start, first)
        owner = self._type_of(found) if isinstance(found, Place) else None
        for at, name in enumerate(members):
            static = at == 0 and _is_static(home, use, first)
            if owner is None or name in _OF_OBJECTS or (static and name in _OF_CLASSES) or (not static and ENUM in split(owner.symbol.type)):
                return
            member = self.member(owner, name)
            if isinstance(member, Place):
                yield Reference(member.module.path, member.symbol.name, Category.FIELD, use.span, use.file, use.text)
                owner = self._type_of(member) if at + 1 < len(members) else None
                continue
            if member is not True and exact and name not in self.loose:
                bases = tuple(sorted(member)) if isinstance(member, frozenset) else ()
                yield Reference(owner.module.path, f"{owner.symbol.name}.{name}", Category.FIELD, use.span, use.file, use.text, bases=bases)
            return

    def _type_of(self, place: Place) -> Place | None:
        """The type of the answer that a symbol is, or that its value has."""
        if place.symbol.category is Category.TYPE:
            return place
        if place.symbol.category not in {Category.FIELD, Category.VARIABLE} or not place.symbol.type:
            return None
        found = self.named(place.module, place.symbol.type)
        return found if found is not None and ENUM not in split(found.symbol.type) else None

    def named(self, module: Module, written: str) -> Place | None:
        """The type of the answer that a name means in a module."""
        head, _, rest = written.partition(".")
        through = module.imports.get(head)
        found: Place | bool = True
        if through is not None and is_own(through.module):
            target = self.target(module, through.module)
            if target is not None and target.module is not None and bool(rest) != bool(through.name):
                found = self.find(target.module, rest or through.name)
        elif through is None and not rest:
            found = self.find(module, head)
        return found if isinstance(found, Place) and found.symbol.category is Category.TYPE else None

    def member(self, owner: Place, name: str, steps: int = _FARTHEST) -> Place | bool | Bases:
        """The declaration of a member in a type or its parents; False where it surely has none, True where that cannot be told.

        The types of libraries among the parents where only they may have it.
        """
        symbol = owner.module.symbols.get(f"{owner.symbol.name}.{name}")
        if symbol is not None:
            return Place(owner.module, symbol)
        if steps == 0 or not owner.module.sure:
            return True
        unsure = False
        bases: Bases = frozenset()
        for parent in split(owner.symbol.type):
            if parent == ENUM:
                continue
            above = self.named(owner.module, parent) if parent != OPEN else None
            if above is None and (base := _of_library(owner.module, parent)):
                bases |= {base}
                continue
            found = self.member(above, name, steps - 1) if above is not None and above.symbol is not owner.symbol else True
            if isinstance(found, Place):
                return found
            if isinstance(found, frozenset):
                bases |= found
            else:
                unsure = unsure or found
        return unsure or bases or False


def _of_library(module: Module, written: str) -> tuple[str, str] | None:
    """The module and path of a type that comes from a library, None where the name is not an import from one."""
    head, _, rest = written.partition(".")
    through = module.imports.get(head)
    if through is None or is_own(through.module):
        return None
    path = ".".join(part for part in (through.name if through.name not in {"*", "default"} else "", rest) if part)
    return (through.module, path) if path else None
