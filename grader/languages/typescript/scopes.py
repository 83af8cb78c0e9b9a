"""Scopes of one file: what each name stands for, and the uses that only the answer itself can give."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.trees import span, text
from grader.languages.typescript.globals import is_global
from grader.model.solutions import Category, Import, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from grader.model.documents import File
    from grader.model.values import Known

_OWN = re.compile(r"^(?:\.{1,2}(?:/|$)|@/|~/|src/|lib/|bin/)")
_GENERATED = re.compile(
    r"(?:^|/)(?:\.gen|\.pulumi|node_modules|dist|build|cdk\.out|generated|__generated__|gen|proto)(?:/|$)|_pb$|^(?:\.{1,2}/)+(?:imports|package\.json|tsconfig\.json|cdk(?:tf)?\.json|cdk\.context\.json)(?:/|$)"
    r"|(?:^|[-/._])outputs?\.json$|\.(?:css|scss|sass|less|svg|png|jpe?g|gif|ico|woff2?|md|txt|html|graphql|gql|ya?ml|wasm|node)$"
)


def is_own(module: str) -> bool:
    """Whether an import names a module that the answer itself must hold: relative or under a usual source folder, and not generated."""
    return _OWN.match(module) is not None and _GENERATED.search(module) is None


class Type(NamedTuple):
    """A type of the answer as one file sees it: its name and the module it was imported from (as written, empty for this file)."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Declared:
    """What a name stands for. An import has its `module` and the `path` of what it names there (empty: the module itself)."""

    constant: Known | None = None
    module: str = ""
    path: str = ""
    own: bool = False
    type: Type | None = None
    itself: Type | None = None
    """The type of the answer that the name is, where `type` is the one that its value has."""


PLAIN = Declared()


@dataclass(slots=True)
class Scope:
    """The names of a block and its place: `this` is the class whose members `this.x` names, empty where that cannot be told."""

    parent: Scope | None = None
    this: str = ""
    names: dict[str, Declared] = field(default_factory=dict)
    hoist: Scope | None = None
    """The scope that `var` declares in: the enclosing function's, None for this one."""

    def find(self, name: str) -> Declared | None:
        """What a name stands for here, None where nothing binds it."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def block(self) -> Scope:
        """A block inside this scope."""
        return Scope(self, self.this, {}, self.hoist or self)

    def function(self, this: str) -> Scope:
        """A function inside this scope."""
        return Scope(self, this)


class Pending(NamedTuple):
    """A use of a name that nothing bound yet when it was read: a later declaration may."""

    name: str
    node: Node
    scope: Scope
    category: Category


@dataclass(slots=True)
class Uses:
    """The uses of one file, collected while it is read once; names are settled at the end since declarations are hoisted."""

    file: File
    typed: bool = True
    """Whether a compiler checks the members of types."""
    required: list[Import] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    imported: list[Reference] = field(default_factory=list)
    members: list[Reference] = field(default_factory=list)
    guarded: set[str] = field(default_factory=set)
    """Names that a `typeof`, `instanceof`, `in` or predicate narrows: what they hold is known to the compiler alone."""

    def name(self, node: Node, name: str, scope: Scope, category: Category) -> Declared | None:
        """Record the use of a name; gives what it stands for where that is known yet."""
        found = scope.find(name)
        if found is None:
            if not is_global(name):
                self.pending.append(Pending(name, node, scope, category))
        elif found.own and found.path:
            self.imported.append(Reference(found.module, found.path, category, span(self.file, node), self.file, name))
        return found

    def member(self, node: Node, of: Type, parts: list[str], shown: str) -> None:
        """Record the use of members through a type of the answer: `parts` follow each other."""
        self.members.append(Reference(of.module, ".".join([of.name, *parts]), Category.FIELD, span(self.file, node), self.file, shown))

    def exported(self, node: Node, module: str, parts: list[str], category: Category, shown: str) -> None:
        """Record the use of an export through the name of its module."""
        self.imported.append(Reference(module, parts[0], category, span(self.file, node), self.file, shown))
        if len(parts) > 1:
            self.member(node, Type(module, parts[0]), parts[1:], shown)

    def settled(self, *, sound: bool) -> tuple[Reference, ...]:
        """All uses in source order; undefined names and members only where the file could be read as a whole (`sound`)."""
        found = list(self.imported)
        for one in self.pending:
            declared = one.scope.find(one.name)
            if declared is None:
                if sound and one.name not in self.guarded:
                    found.append(Reference("", one.name, one.category, span(self.file, one.node), self.file, one.name))
            elif declared.own and declared.path:
                found.append(Reference(declared.module, declared.path, one.category, span(self.file, one.node), self.file, one.name))
        if sound and self.typed:
            found += [one for one in self.members if not self._narrowed(one.text)]
        return tuple(sorted(found, key=lambda one: one.span))

    def _narrowed(self, shown: str) -> bool:
        return any(shown == name or shown.startswith(f"{name}.") for name in self.guarded)

    def types(self, node: Node, scope: Scope) -> None:
        """Record the names inside a type; what the type itself declares (`infer R`, `K in`, type parameters) is bound in all of it."""
        kind = node.type
        if kind == "type_annotation" and node.named_child_count == 1:
            node = node.named_children[0]
            kind = node.type
        if kind == "predefined_type":
            return
        if kind == "type_identifier":
            self.name(node, text(node), scope, Category.TYPE)
            return
        inner = scope.block()
        stack = [node]
        while stack:
            one = stack.pop()
            kind = one.type
            if kind == "type_identifier":
                self.name(one, text(one), inner, Category.TYPE)
            elif kind in _QUALIFIED:
                self._qualified(one, inner)
            elif kind in _DECLARING:
                name = next((child for child in one.named_children if child.type == "type_identifier"), None)
                if name is not None:
                    inner.names[text(name)] = PLAIN
                stack.extend(child for child in one.named_children if child != name)
            elif kind == "type_query":
                self._queried(one, inner)
            elif kind not in _LEAVES:
                stack.extend(one.named_children)

    def _qualified(self, node: Node, scope: Scope) -> None:
        """`ns.Type`, `ns.inner.Type`: a use of `ns`, and of the export where `ns` is a module of the answer."""
        parts = text(node).split(".")
        found = self.name(node, parts[0].strip(), scope, Category.NAME)
        if found is not None and found.own and not found.path:
            self.exported(node, found.module, [parts[1].strip()], Category.TYPE, text(node))

    def _queried(self, node: Node, scope: Scope) -> None:
        """The value whose type `typeof` takes inside a type."""
        for one in _walk(node):
            if one.type == "identifier" and not (one.parent is not None and one.parent.type == "member_expression" and one.parent.children[0] != one):
                self.name(one, text(one), scope, Category.NAME)
                return
            if one.type == "call_expression":  # typeof import('x')
                return


def _walk(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        stack.extend(reversed(one.named_children))


_QUALIFIED = frozenset({"nested_type_identifier", "nested_identifier"})
_DECLARING = frozenset({"type_parameter", "infer_type", "mapped_type_clause"})
_LEAVES = frozenset(
    "predefined_type literal_type identifier property_identifier string number this_type this existential_type comment computed_property_name".split()
)
