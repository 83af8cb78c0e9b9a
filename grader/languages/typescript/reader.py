"""What handlers of expressions share: the state of reading one file, names and dotted paths with their uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.trees import text
from grader.languages.typescript.globals import is_global
from grader.languages.typescript.scopes import Declared, Scope, Type, Uses
from grader.model.solutions import Category
from grader.model.spans import Span
from grader.model.values import Name, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File

DEEPEST = 150
SILENT = frozenset(
    "comment property_identifier private_property_identifier statement_identifier type_annotation type_arguments statement_block "
    "string_fragment escape_sequence regex_pattern regex_flags optional_chain meta_property debugger_statement hash_bang_line accessibility_modifier".split()
)
"""Nodes inside an expression that are no expressions."""


class Closure(NamedTuple):
    """A function (or class) inside an expression, to be read when the statement around it is: what it sees and belongs to."""

    node: Node
    scope: Scope
    owner: str
    many: bool


@dataclass(slots=True)
class Reader:
    """Turns the expressions of one file into values. `scope`, `owner` and `many` are those of the statement being read."""

    file: File
    uses: Uses
    scope: Scope
    handlers: Mapping[str, Handler]
    owner: str = ""
    many: bool = False
    depth: int = 0
    closures: list[Closure] = field(default_factory=list)

    def value(self, node: Node, first: int | None = None) -> Value:
        """The value of an expression; `first` is the row its span begins at where that is not its own."""
        line = self.file.line
        span = Span(line + (node.start_point[0] if first is None else first), line + node.end_point[0])
        handler = self.handlers.get(node.type, inside)
        if self.depth > DEEPEST:
            return Unknown(span)
        self.depth += 1
        try:
            return handler(self, node, span)
        finally:
            self.depth -= 1

    def name(self, node: Node, category: Category = Category.NAME) -> tuple[str, Declared | None]:
        """The text of an identifier and what it stands for; its use is recorded."""
        name = text(node)
        return name, self.uses.name(node, name, self.scope, category)

    def type_of(self, node: Node | None) -> Type | None:
        """The answer's own type that an annotation or the callee of a `new` names, None for any other."""
        while node is not None and node.type in {"type_annotation", "generic_type", "parenthesized_type"}:
            node = node.named_children[0] if node.named_children else None
        if node is None:
            return None
        if node.type in {"type_identifier", "identifier"}:
            found = self.scope.find(text(node))
            if found is None:
                return None
            return found.itself or (Type(found.module, found.path) if found.own and found.path else None)
        if node.type in {"nested_type_identifier", "member_expression"}:
            head, _, rest = text(node).partition(".")
            found = self.scope.find(head)
            if found is not None and found.own and not found.path and rest.isidentifier():
                return Type(found.module, rest)
        return None


class Path(NamedTuple):
    """A dotted path that starts at a name: its parts, and the module of the first where it is imported from outside."""

    module: str
    parts: list[str]
    static: bool
    """Whether the head is an import or a built-in object, not a value."""


def path_of(reader: Reader, node: Node, category: Category) -> Path | Value:
    """The path of a member expression, with its uses recorded; the value of what it starts at where that is no name."""
    parts: list[str] = []
    at = node
    while True:
        kind = at.type
        if kind == "member_expression":
            ends = at.children
            parts.append(text(ends[-1]))
            at = ends[0]
        elif kind == "non_null_expression":
            at = at.children[0]
        elif kind == "subscript_expression" and literal_key(at) is not None:
            parts.append(literal_key(at) or "")
            at = at.children[0]
        else:
            break
    parts.reverse()
    if at.type == "identifier":
        return from_name(reader, node, at, parts, category)
    if at.type == "this":
        if reader.scope.this and parts:
            reader.uses.member(node, Type("", reader.scope.this), parts, ".".join(["this", *parts]))
        return Path("", ["this", *parts], static=False)
    inner = reader.value(at)
    return Path(inner.module, [inner.path, *parts], static=False) if isinstance(inner, Name) else inner


def literal_key(node: Node) -> str | None:
    """The name in `a['name']`, None for any other subscript."""
    index = node.child_by_field_name("index")
    if index is None or index.type != "string":
        return None
    key = text(index)[1:-1]
    return key if key.isidentifier() else None


def from_name(reader: Reader, node: Node, head: Node, parts: list[str], category: Category) -> Path:
    """The path that starts at the identifier `head` and goes on with `parts`; its uses are recorded at `node`."""
    name, found = reader.name(head, Category.NAME if parts else category)
    if found is None:
        return Path("", [name, *parts], static=is_global(name))
    if found.module and not found.own:
        path = [found.path] if found.path else []
        return Path(found.module, [*path, *parts] or [name], static=True)
    if parts:
        shown = ".".join([name, *parts])
        if found.own and not found.path:
            reader.uses.exported(node, found.module, parts, category, shown)
        elif found.own:
            reader.uses.member(node, Type(found.module, found.path), parts, shown)
        elif found.type is not None or found.itself is not None:
            reader.uses.member(node, found.type or found.itself or Type("", ""), parts, shown)
    return Path("", [name, *parts], static=False)


def arguments_of(reader: Reader, node: Node) -> tuple[Value, ...]:
    """The values of an argument list or of a list's items; a spread is unknown, with what it spreads inside."""
    found: list[Value] = []
    for child in node.named_children:
        if child.type == "spread_element":
            found.append(inside(reader, child, Span(reader.file.line + child.start_point[0], reader.file.line + child.end_point[0])))
        elif child.type != "comment":
            found.append(reader.value(child))
    return tuple(found)


def inside(reader: Reader, node: Node, span: Span) -> Value:
    """An expression whose own value cannot be told, with the values inside it."""
    return Unknown(span, tuple(reader.value(child) for child in node.named_children if child.type not in SILENT))


Handler = Callable[[Reader, "Node", Span], Value]
