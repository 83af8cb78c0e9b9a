"""The state of reading one Java file: what is in scope, and what has been found so far."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.java.facts import NO_TYPE, Origin, Start, Step, Use
from grader.languages.java.jdk import LANG
from grader.model.solutions import Binding, Category, Import
from grader.model.spans import Span
from grader.model.values import Known, Name, Unknown

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File
    from grader.model.solutions import Symbol
    from grader.model.values import Value

DEEPEST = 90
_ASSIGNED = re.compile(
    rb"(?<![\w$])([A-Za-z_$][\w$]*+)\s*+(?:(?:[-+*/%&|^]|<<|>>>?)?=(?!=)|\+\+|--)"
    rb"|(?:\+\+|--)\s*+([A-Za-z_$][\w$]*+)"
)
_TYPES = frozenset({"type_identifier", "scoped_type_identifier", "generic_type", "array_type", "annotated_type"})


class Local(NamedTuple):
    """A variable of a method: where its value comes from, and the value where it is known and never changes."""

    origin: Origin = NO_TYPE
    known: Known | None = None


class Head(NamedTuple):
    """What a chain's first names stand for: `taken` links belong to it.

    `static` tells a type, with the `module` it is imported from (empty where unknown) and its `path`; otherwise `path` is a variable's.
    """

    origin: Origin
    static: bool
    module: str
    path: str
    taken: int


class Closure(NamedTuple):
    """The body of a lambda or of an anonymous class, to be read after the statement it stands in."""

    node: Node
    scopes: tuple[dict[str, Local], ...]
    many: bool
    anonymous: bool = False


@dataclass(slots=True)
class Reader:
    """One file in the reading. `owner` is the type and `member` the method or type that the current node stands in."""

    file: File
    source: bytes
    package: str = ""
    imports: list[Import] = field(default_factory=list)
    names: dict[str, Import] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    symbols: list[Symbol] = field(default_factory=list)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[Node, bool]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    scopes: list[dict[str, Local]] = field(default_factory=list)
    generics: list[frozenset[str]] = field(default_factory=list)
    body: tuple[int, int] = (0, 0)
    owner: str = ""
    member: str = ""
    many: bool = False
    anonymous: int = 0
    depth: int = 0
    complete: bool = True
    heads: dict[str, Head] = field(default_factory=dict)
    values: dict[int, Known | None] = field(default_factory=dict)
    _assigned: dict[str, list[int]] | None = None
    _seen: set[tuple[str, str, int]] = field(default_factory=set)

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def line(self, node: Node) -> int:
        """The first line of a node in the document."""
        return self.file.line + node.start_point[0]

    def span(self, node: Node) -> Span:
        """The lines of a node in the document."""
        return Span(self.file.line + node.start_point[0], self.file.line + node.end_point[0])

    def bind(self, value: Value, node: Node, name: str = "") -> None:
        """Keep an outermost expression."""
        if not name and isinstance(value, Unknown) and not any(_tells(part) for part in value.parts):
            return
        self.bindings.append(Binding(value, self.span(node), self.file, name, self.member, self.many))

    def local(self, name: str) -> Local | None:
        """The innermost variable of the method with this name."""
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def declare(self, name: str, origin: Origin = NO_TYPE, known: Known | None = None) -> None:
        """Bind a variable in the innermost scope."""
        if not self.scopes:
            self.scopes.append({})
        self.scopes[-1][name] = Local(origin, known)

    def field(self, name: str) -> str | None:
        """The declared type of a field of the enclosing types, as far as this file tells; empty where it is not the answer's."""
        owner = self.owner
        while owner:
            found = self.fields.get(owner, {}).get(name)
            if found is not None:
                return found
            owner = owner.rpartition(".")[0]
        return None

    def constant(self, name: str) -> tuple[Node, bool] | None:
        """The initialiser of a constant, by its name or `Type.NAME`, and whether it is declared final."""
        if "." in name:
            return self.constants.get(name) or self.constants.get(f"{self.owner.partition('.')[0]}.{name}")
        owner = self.owner
        while owner:
            found = self.constants.get(f"{owner}.{name}")
            if found is not None:
                return found
            owner = owner.rpartition(".")[0]
        return None

    def assignments(self, name: str, start: int = 0, end: int = 1 << 62) -> int:
        """How often a name is assigned between two bytes, its declaration included."""
        if self._assigned is None:
            self._assigned = {}
            for match in _ASSIGNED.finditer(self.source):
                found = match[match.lastindex or 0].decode("utf-8", "replace")
                self._assigned.setdefault(found, []).append(match.start())
        places = self._assigned.get(name, [])
        return bisect_left(places, end) - bisect_left(places, start)

    def own(self, name: str) -> bool:
        """Whether a type name as written may be one of the answer's."""
        head = name.partition(".")[0]
        return (
            bool(head)
            and head not in self.foreign
            and not (head in LANG and head not in self.names)
            and not any(head in names for names in self.generics)
        )

    def origin(self, node: Node | None) -> Origin:
        """The origin of a value of a declared type."""
        name = self.erased(node)
        return Origin(Start.TYPE, name, self.owner) if self.own(name) else NO_TYPE

    def erased(self, node: Node | None) -> str:
        """A class or interface type without arguments and annotations, dotted as written; empty for arrays and primitives."""
        while node is not None and node.type in {"generic_type", "annotated_type"}:
            node = next((one for one in node.named_children if one.type in _TYPES), None)
        if node is None or node.type not in {"type_identifier", "scoped_type_identifier"}:
            return ""
        if node.type == "type_identifier":
            return self.text(node)
        return re.sub(rb"<[^<>]*>|@\w+|\s", b"", self.source[node.start_byte : node.end_byte]).decode("utf-8", "replace")

    def use_type(self, node: Node | None) -> None:
        """Note every type that a type expression names."""
        stack = [node] if node is not None else []
        while stack:
            one = stack.pop()
            kind = one.type
            if kind == "type_identifier":
                name = self.text(one)
                if name != "var":
                    self.use_name(name, one)
            elif kind == "scoped_type_identifier":
                self.use_name(self.erased(one), one)
            elif one.named_child_count:
                stack.extend(one.named_children)

    def use_name(self, name: str, node: Node) -> None:
        """Note the use of a type by its name, once a line."""
        if not self.own(name):
            return
        place = (name, self.owner, self.line(node))
        if place not in self._seen:
            self._seen.add(place)
            self.uses.append(
                Use(self.package, name, Category.TYPE, Span(place[2], place[2]), self.file, name, origin=Origin(Start.TYPE, name, self.owner))
            )

    def use_member(self, origin: Origin, steps: tuple[tuple[Step, int], ...], text: str) -> None:
        """Note a chain of members; inside an anonymous class only what names its own start."""
        if not steps or (origin.start is Start.TYPE and not self.own(origin.root)):
            return
        if self.anonymous and origin.start in {Start.IMPLICIT, Start.SELF, Start.PARENT}:
            return
        first, line = steps[0]
        category = Category.FUNCTION if first.call else Category.FIELD
        self.uses.append(Use(self.package, first.name, category, Span(line, line), self.file, text, origin=origin, steps=steps))


def _tells(value: Value) -> bool:
    return not isinstance(value, Name) and not (isinstance(value, Known) and not isinstance(value.value, str))
