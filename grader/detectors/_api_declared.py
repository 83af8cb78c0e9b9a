"""What Go and Java answers declare: the library types of parameters, fields and results, through the answer's own types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.catalog.packages import types_of_package
from grader.model.solutions import Category

if TYPE_CHECKING:
    from grader.catalog import Type
    from grader.model.documents import File
    from grader.model.solutions import Binding, Solution, Symbol

_GO_FUNCTION = re.compile(r"^func (?:\((?P<self>\w{1,40}) \*?(?P<owner>\w{1,80})\) )?(?P<name>\w{1,100})\((?P<takes>[^(){}]{0,2000})\)", re.MULTILINE)
_JAVA_METHOD = re.compile(r"\b(?P<name>\w{1,100})\((?P<takes>[^(){};]{3,2000})\)\s{0,40}(?:throws [\w., ]{1,200})?\{")
_GO_IMPORT = re.compile(r'^\s*(?:import\s+)?(?:(\w{1,60})\s+)?"([\w./-]{3,200})"', re.MULTILINE)
_JAVA_IMPORT = re.compile(r"^import\s+([\w.]{3,200})\.(\w{1,80}|\*);", re.MULTILINE)
_CLOSURE = re.compile(r"\bfunc\(([^(){}\n]{1,400})\)|\(([\w, ]{1,100})\)\s*->|\b(\w{1,60})\s*->")
_MOST_STEPS = 6
_STATEMENTS = frozenset("if for while switch catch try synchronized".split())

Named = Callable[[str, str], "Type | None"]
"""The library type of a module and a name in it."""


class Seen(NamedTuple):
    """A declared type as written, and the file whose imports it is read with."""

    text: str
    file: File


class Declared:
    """The declarations of one file, looked up by the path of a value."""

    def __init__(self, file: File, answer: Solution, named: Named) -> None:
        """`named` finds a library type."""
        self.file = file
        self.go = file.language == "go"
        self.named = named
        self.symbols = answer.symbols

    @cached_property
    def closures(self) -> frozenset[str]:
        """The parameters of closures, which hide what the function around them declares."""
        return frozenset(word for found in _CLOSURE.findall(self.file.text) for part in found for word in re.findall(r"\w+", part))

    @cached_property
    def own(self) -> Mapping[str, Symbol]:
        """The fields, methods and functions of the answer by their names; one that is declared twice is left out."""
        found: dict[str, Symbol | None] = {}
        for symbol in self.symbols.values():
            if symbol.file.language == self.file.language and symbol.category in {Category.FIELD, Category.FUNCTION} and not symbol.file.superseded:
                other = found.get(symbol.name, symbol)
                found[symbol.name] = symbol if other is not None and other.type == symbol.type else None
        return {name: symbol for name, symbol in found.items() if symbol is not None and symbol.type}

    @cached_property
    def types(self) -> frozenset[str]:
        """The simple names of the answer's own types."""
        return frozenset(symbol.name.rpartition(".")[2] for symbol in self.symbols.values() if symbol.category is Category.TYPE)

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], str]:
        """The type of each parameter by function and name; of functions with one name those on which they agree."""
        found: dict[tuple[str, str], str] = {}
        for one in (_GO_FUNCTION if self.go else _JAVA_METHOD).finditer(self.file.text):
            if one["name"] in _STATEMENTS:
                continue
            function = f"{one['owner']}.{one['name']}" if self.go and one["owner"] else one["name"]
            pairs = list(_go_parameters(one["takes"]) if self.go else _java_parameters(one["takes"]))
            if self.go and one["self"]:
                pairs.append((one["self"], one["owner"]))
            for name, text in pairs:
                found[function, name] = text if found.get((function, name), text) == text else ""
        return found

    def of(self, path: str, binding: Binding, bound: Callable[[str], bool]) -> tuple[Type, list[str]] | None:
        """The library type that a path of names begins with, and what follows; `bound` tells what the function itself binds."""
        parts = path.split(".")
        if any(c in path for c in "()[] ?!") or parts[0] in {"super", ""}:
            return None
        seen, at = self._head(parts, binding, bound)
        for _ in range(_MOST_STEPS):
            if seen is None:
                return None
            held = self.library(seen)
            if held is not None:
                return held, parts[at:]
            if at >= len(parts):
                return None
            seen = self.member(seen, parts[at])
            at += 1
        return None

    def _head(self, parts: list[str], binding: Binding, bound: Callable[[str], bool]) -> tuple[Seen | None, int]:
        function = binding.owner if self.go else binding.owner.rpartition(".")[2]
        inside = binding.owner.split(".", 1)[0]
        if parts[0] == "this" and not self.go:
            return (self._field(f"{inside}.{parts[1]}") if len(parts) > 1 else None), 2
        if bound(parts[0]) or parts[0] in self.closures:
            return None, 0
        text = self.parameters.get((function, parts[0]))
        if text is not None:
            return (Seen(text, self.file) if text else None), 1
        return (None if self.go else self._field(f"{inside}.{parts[0]}")), 1

    def result(self, path: str, binding: Binding) -> Type | None:
        """The library type that a call of the answer's own function returns."""
        names = (path,) if self.go else (f"{binding.owner.split('.', 1)[0]}.{path}",)
        seen = next((one for name in names if (one := self._field(name)) is not None), None)
        return self.library(seen) if seen is not None and path.isidentifier() else None

    def _field(self, name: str) -> Seen | None:
        symbol = self.own.get(name)
        return Seen(symbol.type, symbol.file) if symbol is not None else None

    def member(self, seen: Seen, name: str) -> Seen | None:
        """The type of a field of one of the answer's own types."""
        return self._field(f"{seen.text.lstrip('*').rpartition('.')[2]}.{name}")

    def library(self, seen: Seen) -> Type | None:
        """The library type that a declaration names, None for the answer's own, lists, maps and generics."""
        text = seen.text.lstrip("*")
        if self.go:
            alias, dot, name = text.partition(".")
            module = _go_modules(seen.file).get(alias, "") if dot and name.isidentifier() else ""
            return self.named(module, name) if module else None
        if not text.replace(".", "").isidentifier():
            return None
        if text[:1].islower():
            module, _, name = text.rpartition(".")
            return self.named(module, name)
        head = text.partition(".")[0]
        if head in self.types:
            return None
        home = _java_home(head, seen.file)
        return self.named(home, text) if home else None


def _go_parameters(text: str) -> Iterator[tuple[str, str]]:
    """Names with their types: in `a, b *T` both are `*T`."""
    waiting: list[str] = []
    for part in text.split(","):
        name, _, kind = part.strip().partition(" ")
        waiting.append(name)
        if kind:
            for one in waiting:
                yield one, kind.strip()
            waiting = []


def _java_parameters(text: str) -> Iterator[tuple[str, str]]:
    for part in re.sub(r"<[^<>]*>", "<>", text).split(","):
        words = [word for word in part.split() if word != "final" and word[:1] != "@"]
        if len(words) == 2:
            yield words[1], words[0]


@lru_cache(maxsize=64)
def _go_modules(file: File) -> Mapping[str, str]:
    head = file.text[: max(file.text.find("\nfunc "), file.text.find("\ntype "), 0) or None]
    return {found[1] or _package(found[2]): found[2] for found in _GO_IMPORT.finditer(head)}


def _package(module: str) -> str:
    last = module.rsplit("/", 1)
    return _package(last[0]) if re.fullmatch(r"v\d+", last[-1]) and len(last) > 1 else last[-1]


@lru_cache(maxsize=64)
def _java_imports(file: File) -> tuple[tuple[str, str], ...]:
    return tuple((one[1], one[2]) for one in _JAVA_IMPORT.finditer(file.text))


def _java_home(name: str, file: File) -> str:
    """The package that a class of a Java file comes from, empty where its imports do not tell."""
    found = _java_imports(file)
    explicit = [package for package, local in found if local == name]
    if explicit:
        return explicit[0]
    wild = [package for package, local in found if local == "*" and name in types_of_package(package)]
    return wild[0] if len(wild) == 1 else ""
