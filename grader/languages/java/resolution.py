"""Looking up Java types and members across an answer: given, missing, from outside, or not decidable."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.java.facts import Declared
from grader.languages.java.jdk import LANG, PACKAGES
from grader.languages.java.libraries import ENUM, MEMBERS, NESTED, OBJECT, RECORD, cannot_give, outside
from grader.model.solutions import Category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Import, Unit

_GENERATED = ("Immutable", "AutoValue_", "Dagger", "QueryDsl")

_MOST_PARENTS = 40
_METHODS_ONLY = ("org.junit.", "org.assertj.", "org.mockito.", "org.hamcrest.")
"""Libraries whose static imports give no variables."""


class Fate(StrEnum):
    """What became of a look-up."""

    OWN = "own"
    """Given by the answer."""
    MISSING = "missing"
    """Only the answer can give it, and it does not."""
    OUTSIDE = "outside"
    """From a library or the language."""
    WILDCARD = "wildcard"
    """A wildcard import may give it."""
    ELSEWHERE = "elsewhere"
    """Given by the answer in another package, without an import."""
    UNKNOWN = "unknown"
    """Not decidable."""
    PARENT = "parent"
    """`super`: the parents of `type`."""


class Found(NamedTuple):
    """The result of a look-up: `type` is the answer's type it leads to, `owner` the type that declares the member.

    Where it is missing, `scope` and `name` say what is.
    """

    fate: Fate
    type: Declared | None = None
    owner: Declared | None = None
    scope: str = ""
    name: str = ""


_UNKNOWN = Found(Fate.UNKNOWN)
_OUTSIDE = Found(Fate.OUTSIDE)


@dataclass(slots=True)
class Answer:
    """All types of an answer, by package and qualified name, with the file each stands in."""

    types: dict[tuple[str, str], Declared] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    members: dict[tuple[str, str], dict[str, list[tuple[Category, str]]]] = field(default_factory=lambda: defaultdict(dict))
    parents: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    open: set[tuple[str, str]] = field(default_factory=set)
    simple: dict[str, list[Declared]] = field(default_factory=lambda: defaultdict(list))
    packages: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    listed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    cache: dict[tuple[int, str, str], Found] = field(default_factory=dict)
    lines: dict[tuple[str, str], tuple[Declared, ...]] = field(default_factory=dict)
    libraries: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @staticmethod
    def of(units: Sequence[Unit], document: Document) -> Answer:
        """Index the units of an answer."""
        answer = Answer()
        for unit in units:
            if unit.symbols:
                answer.packages.add(unit.package)
            answer.imported.update(one.local for one in unit.imports if outside(one.module))
            for symbol in unit.symbols:
                key = (symbol.scope, symbol.name)
                if isinstance(symbol, Declared):
                    if key not in answer.types:
                        answer.types[key], answer.units[key], answer.parents[key] = symbol, unit, symbol.parents
                        answer.simple[symbol.name].append(symbol)
                    elif symbol.parents != answer.types[key].parents:
                        answer.open.add(key)
                    if symbol.open:
                        answer.open.add(key)
                elif symbol.category in {Category.FIELD, Category.FUNCTION}:
                    owner, _, name = symbol.name.rpartition(".")
                    answer.members[symbol.scope, owner].setdefault(name, []).append((symbol.category, symbol.type))
        answer.packages.discard("")
        answer.heads = {_head(package) for package in answer.packages if not outside(package)}
        for one in document.listing:
            folder, _, name = one.path.rpartition("/")
            if name.endswith(".java"):
                answer.listed[name.removesuffix(".java")].add(folder.replace("/", "."))
        return answer

    def is_own(self, package: str, seen_from: str) -> bool:
        """Whether only the answer can give this package: it shares the first two parts of one of the answer's, or lies below one."""
        if outside(package) or _generated(package):
            return False
        if package in self.packages or _head(package) in self.heads:
            return True
        return any(package.startswith(own + ".") for own in (*self.packages, seen_from) if own)

    def qualified(self, name: str, seen_from: str) -> Found:
        """A type by its full name."""
        parts = name.split(".")
        cut = next((place for place, part in enumerate(parts) if part[:1].isupper()), None)
        if cut is None:
            return _OUTSIDE
        package = ".".join(parts[:cut])
        path = ".".join(parts[cut:])
        found = self.types.get((package, path))
        if found is not None:
            return Found(Fate.OWN, type=found)
        if not self.is_own(package, seen_from):
            return _OUTSIDE
        top = self.types.get((package, parts[cut]))
        if top is not None:
            return self.inside(top, parts[cut + 1 :])
        unplaced = self.types.get(("", path)) or self.types.get(("", parts[cut]))
        if unplaced is not None:
            return Found(Fate.OWN, type=unplaced)
        if path.startswith(_GENERATED):
            return _UNKNOWN
        return Found(Fate.MISSING, scope=package, name=parts[cut])

    def inside(self, top: Declared, rest: list[str]) -> Found:
        """A nested type, by the names after its outer type's."""
        current = top
        for part in rest:
            nested = self.nested(current, part)
            if nested is None:
                closed = all(
                    self.types.get((one.scope, one.name)) is not None and (one.scope, one.name) not in self.open for one in self.line(current)
                )
                if closed and not self.external(current):
                    return Found(Fate.MISSING, scope=current.scope, name=f"{current.name}.{part}")
                return _UNKNOWN
            current = nested
        return Found(Fate.OWN, type=current)

    def nested(self, outer: Declared, name: str) -> Declared | None:
        """A type nested in a type or in one of its parents."""
        for one in self.line(outer):
            found = self.types.get((one.scope, f"{one.name}.{name}"))
            if found is not None:
                return found
        return None

    def line(self, start: Declared) -> tuple[Declared, ...]:
        """A type and all its parents that the answer gives."""
        key = (start.scope, start.name)
        if key not in self.lines:
            self.lines[key] = tuple(self._line(start))
        return self.lines[key]

    def _line(self, start: Declared) -> Iterator[Declared]:
        stack, seen = [start], {(start.scope, start.name)}
        while stack and len(seen) < _MOST_PARENTS:
            one = stack.pop()
            yield one
            key = (one.scope, one.name)
            for parent in self.parents.get(key, ()):
                found = resolve(self, self.units[key], parent, _outer(one.name)).type
                if found is not None and (found.scope, found.name) not in seen:
                    seen.add((found.scope, found.name))
                    stack.append(found)

    def external(self, start: Declared) -> list[str]:
        """The parents of a type, and of its parents, that the answer does not give: qualified names, `?` where it is not known."""
        key = (start.scope, start.name)
        if key not in self.libraries:
            self.libraries[key] = [
                _library(self.units[one.scope, one.name], parent)
                for one in self.line(start)
                for parent in self.parents.get((one.scope, one.name), ())
                if resolve(self, self.units[one.scope, one.name], parent, _outer(one.name)).type is None
            ]
        return self.libraries[key]

    def enclosing(self, unit: Unit, owner: str) -> Found:
        """The type that `this` stands for."""
        found = self.types.get((unit.package, owner))
        return Found(Fate.OWN, type=found) if found is not None else _UNKNOWN

    def implicit(self, unit: Unit, owner: str, name: str, *, call: bool) -> Found:
        """A field or method that is named without a receiver inside the type `owner`."""
        unsure = False
        while owner:
            start = self.types.get((unit.package, owner))
            if start is None:
                return _UNKNOWN
            found = member(self, start, name, call=call)
            if found.fate is Fate.OWN or found.owner is not None or found.fate is Fate.OUTSIDE:
                return found
            unsure = unsure or found.fate is not Fate.MISSING
            owner = _outer(owner)
        for one in unit.imports:
            if _is_type(one.module) and (one.name == name or (one.name == "*" and (call or not one.module.startswith(_METHODS_ONLY)))):
                return _UNKNOWN
        return _UNKNOWN if unsure else Found(Fate.MISSING, scope=unit.package, name=name)


def resolve(answer: Answer, unit: Unit, name: str, owner: str) -> Found:
    """A type by its name as written inside the type `owner` of a file."""
    key = (id(unit), name, owner)
    if key not in answer.cache:
        answer.cache[key] = _UNKNOWN  # a type that is nested in its own parent
        answer.cache[key] = _resolved(answer, unit, name, owner)
    return answer.cache[key]


def _resolved(answer: Answer, unit: Unit, name: str, owner: str) -> Found:
    first, *rest = name.split(".")
    if first[:1].islower() and rest:
        return answer.qualified(name, unit.package)
    found = _simple(answer, unit, first, owner)
    if not rest or found.type is None:
        return found
    return answer.inside(found.type, rest)


def _simple(answer: Answer, unit: Unit, name: str, owner: str) -> Found:
    inherited = False
    at = owner
    while at:
        enclosing = answer.types.get((unit.package, at))
        if enclosing is not None:
            if name in enclosing.parameters:
                return _OUTSIDE
            if at.rpartition(".")[2] == name:
                return Found(Fate.OWN, type=enclosing)
            nested = answer.nested(enclosing, name)
            if nested is not None:
                return Found(Fate.OWN, type=nested)
            libraries = answer.external(enclosing)
            inherited = inherited or any(one not in MEMBERS or name in NESTED for one in libraries)
        at = _outer(at)
    own = answer.types.get((unit.package, name))
    for one in unit.imports:
        if one.name == "*" and _is_type(one.module):
            outer = answer.qualified(one.module, unit.package)
            within = answer.nested(outer.type, name) if outer.type is not None else None
            if within is not None:
                return Found(Fate.OWN, type=within)
            inherited = inherited or (outer.type is None and not one.module.startswith(_METHODS_ONLY))
        elif one.local == name and one.name != "*":
            return answer.qualified(f"{one.module}.{one.name}" if one.module else one.name, unit.package)
    if own is not None:
        return Found(Fate.OWN, type=own)
    elsewhere = answer.simple.get(name, [])
    for given in elsewhere:
        if not given.scope or not unit.package or any(one.name == "*" and one.module == given.scope for one in unit.imports):
            return Found(Fate.OWN, type=given)
    if name in LANG:
        return _OUTSIDE
    return _undeclared(answer, unit, name, inherited=inherited)


def _undeclared(answer: Answer, unit: Unit, name: str, *, inherited: bool) -> Found:
    """A type that neither the answer nor an import names."""
    wild = [one for one in unit.imports if one.name == "*" and not _is_type(one.module)]
    if any(name in PACKAGES.get(one.module, ()) for one in wild):
        return _OUTSIDE
    if inherited or outside(unit.package) or name.startswith(_GENERATED) or any(name in one.name.split(".") for one in answer.simple.get(name, ())):
        return Found(Fate.ELSEWHERE) if answer.simple.get(name) else _UNKNOWN
    foreign = [one for one in wild if one.module not in PACKAGES and not answer.is_own(one.module, unit.package)]
    listed = any(not folder or folder == unit.package or folder.endswith("." + unit.package) for folder in answer.listed.get(name, ()))
    if foreign and not listed and not all(cannot_give(one.module, name) for one in foreign):
        return Found(Fate.WILDCARD)
    if any(answer.is_own(one.module, unit.package) and one.module not in answer.packages for one in wild):
        scope = next(one.module for one in wild if answer.is_own(one.module, unit.package) and one.module not in answer.packages)
        return Found(Fate.MISSING, scope=scope, name=name)
    return Found(Fate.MISSING, scope=unit.package, name=name)


def member(answer: Answer, start: Declared, name: str, *, call: bool, parents: bool = False) -> Found:
    """A member of a type or of its parents (of its parents alone if `parents`)."""
    wanted = Category.FUNCTION if call else Category.FIELD
    other = False
    owner: Declared | None = None
    leads: list[Declared | None] = []
    for one in answer.line(start):
        if parents and one is start:
            continue
        declared = answer.members.get((one.scope, one.name), {}).get(name, [])
        for category, kind in declared:
            if category is wanted:
                owner = owner or one
                leads.append(resolve(answer, answer.units[one.scope, one.name], kind, one.name).type if kind else None)
            else:
                other = True
        if owner is not None and not call:
            break
    known = _inherited(answer, start)
    if owner is not None:
        same = leads[0] if all(one is leads[0] for one in leads) and not (call and name in (known or ())) else None  # overloads may lead elsewhere
        return Found(Fate.OWN if same is not None else Fate.UNKNOWN, type=same, owner=owner)
    if known is None:
        return _UNKNOWN
    if name in known:
        return _OUTSIDE
    return Found(Fate.MISSING, scope=start.scope, name=f"{name}()" if other and call else name)


def _inherited(answer: Answer, start: Declared) -> frozenset[str] | None:
    """Members that a type has without declaring them; None where they are not known."""
    known = OBJECT
    line = answer.line(start)
    if len(line) >= _MOST_PARENTS - 1:
        return None
    for one in line:
        if (one.scope, one.name) in answer.open or one.kind == "annotation":
            return None
        known |= ENUM if one.kind == "enum" else RECORD if one.kind == "record" else OBJECT
    for library in answer.external(start):
        given = MEMBERS.get(library)
        if given is None:
            return None
        known |= given
    return known


def _library(unit: Unit, name: str) -> str:
    """The qualified name of a parent from outside, `?` where several imports may give it."""
    first, _, rest = name.partition(".")
    if first[:1].islower():
        return name
    for one in unit.imports:
        if one.local == first and one.name != "*":
            return _dotted(one, rest)
    wild = [f"{one.module}.{name}" for one in unit.imports if one.name == "*"]
    given = [one for one in wild if one in MEMBERS]
    if given:
        return given[0]
    return f"java.lang.{name}" if name in LANG else "?"


def _dotted(one: Import, rest: str) -> str:
    return ".".join(part for part in (one.module, one.name, rest) if part)


def _is_type(module: str) -> bool:
    """Whether the module of an import is a type: a static import, or one of nested types."""
    return module.rpartition(".")[2][:1].isupper()


def _outer(name: str) -> str:
    return name.rpartition(".")[0]


def _head(package: str) -> str:
    return ".".join(package.split(".")[:2])


def _generated(package: str) -> bool:
    return any(part in {"gen", "generated", "grpc", "proto", "protobuf", "avro", "imports", "jooq"} for part in package.split("."))
