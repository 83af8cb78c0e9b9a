"""Scopes of a Python file: what each binds and uses, and which one a name is looked up in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from grader.model.solutions import Import
from grader.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 100


class Bound(NamedTuple):
    """One binding of a name: what binds it, where, and the value and annotation where they are plain."""

    kind: str
    node: Node
    value: Node | None = None
    annotation: Node | None = None
    origin: Import | None = None


class Chain(NamedTuple):
    """A member path that starts at a name: `self.cluster.vpc` is the root `self` with the members `cluster` and `vpc`."""

    root: str
    members: tuple[str, ...]
    node: Node


class Assigned(NamedTuple):
    """An assignment to a member of a name: `self.cluster = value`."""

    scope: Scope
    root: str
    member: str
    node: Node
    value: Node | None
    annotation: Node | None


class Imported(NamedTuple):
    """An import statement's module as written, and whether the code goes on without it."""

    module: str
    node: Node
    tolerated: bool


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension. `owner` is its qualified name, empty for the module."""

    kind: str
    owner: str
    parent: Scope | None
    node: Node
    bound: dict[str, list[Bound]] = field(default_factory=dict)
    origins: dict[str, Import] = field(default_factory=dict)
    outer: dict[str, str] = field(default_factory=dict)
    uses: list[tuple[str, Node]] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    self_name: str = ""
    tolerant: bool = False
    depth: int = 0

    @property
    def module(self) -> Scope:
        """The scope of the whole file."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def find(self, name: str) -> Scope | None:
        """The scope whose binding a use of `name` here sees; None for builtins and names that nothing binds."""
        if self.outer.get(name) == "global":
            module = self.module
            return module if name in module.bound else None
        scope: Scope | None = self
        visible = True
        while scope is not None:
            if name in scope.bound and (visible or scope.kind != "class"):
                return scope
            visible = visible and scope.kind == "comprehension"
            scope = scope.parent
        return None

    def quiet(self) -> Scope:
        """The same scope for code whose uses prove nothing."""
        return replace(self, uses=[], chains=[])


@dataclass(slots=True)
class Names:
    """What the walk over one file found. Scopes are found by the id of the node that opens them."""

    line: int
    top: Scope
    scopes: dict[int, Scope] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    imported: list[Imported] = field(default_factory=list)
    assigned: list[Assigned] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)
    """Members that code reads or writes by their name as text: whose they are cannot be told."""
    open_classes: list[Scope] = field(default_factory=list)
    dynamic: bool = False
    """Whether the file may bind names that its text does not show."""
    deferred: bool = False
    """Whether annotations are not evaluated."""
    stack: list[tuple[Node, Scope]] = field(default_factory=list)
    callees: set[int] = field(default_factory=set)
    """The ids of the nodes that are called."""
    decorated: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The names of the decorators of a definition, by the id of its node."""

    def all_scopes(self) -> Iterator[Scope]:
        """The module and every scope inside it."""
        yield self.top
        yield from self.scopes.values()

    def push(self, nodes: Sequence[Node | None], scope: Scope) -> None:
        """Visit `nodes` next, in their order."""
        self.stack.extend((node, scope) for node in reversed(nodes) if node is not None)

    def bind(self, scope: Scope, name: str, bound: Bound) -> None:
        """Bind a name in `scope`, or where `global` and `nonlocal` say."""
        away = scope.outer.get(name)
        if away == "global":
            scope = self.top
        elif away == "nonlocal" and scope.parent is not None:
            scope = scope.parent.find(name) or scope
        scope.bound.setdefault(name, []).append(bound)
        if bound.origin is not None:
            scope.origins.setdefault(name, bound.origin)

    def enter(self, kind: str, node: Node, scope: Scope, name: str = "") -> Scope:
        """A new scope inside `scope`; beyond `DEEPEST` levels the same one, and what it binds is not told."""
        if scope.depth > DEEPEST:
            self.dynamic = True
            return scope
        owner = f"{scope.owner}.{name}".lstrip(".") if name else scope.owner
        made = Scope(kind, owner, scope, node, tolerant=scope.tolerant, depth=scope.depth + 1)
        self.scopes[node.id] = made
        return made

    def span(self, node: Node) -> Span:
        """The lines of a node in the document."""
        return Span(self.line + node.start_point[0], self.line + node.end_point[0])
