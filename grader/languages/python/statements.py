"""The outermost expressions of a Python file's statements, each with the name it is bound to and the declaration it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.languages.trees import text
from grader.model.solutions import Binding

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.python.expressions import Reader
    from grader.languages.python.scopes import Scope
    from grader.model.documents import File

_PLAIN = frozenset({"identifier", "none", "true", "false", "integer", "float", "ellipsis", "string", "concatenated_string"})
"""Expressions that say nothing where they are a statement or a condition of their own."""
_SKIPPED = frozenset(
    "comment import_statement import_from_statement future_import_statement global_statement nonlocal_statement delete_statement pass_statement "
    "break_statement continue_statement case_pattern type type_alias_statement type_parameter as_pattern_target dotted_name parameters".split()
)
_CONTAINERS = frozenset(
    "module block if_statement elif_clause else_clause try_statement except_clause except_group_clause finally_clause with_statement with_clause "
    "match_statement case_clause if_clause decorated_definition decorator expression_statement raise_statement assert_statement "
    "print_statement exec_statement chevron ERROR".split()
)
_LOOPS = frozenset({"for_statement", "while_statement"})


def bindings(file: File, root: Node, reader: Reader) -> Iterator[Binding]:
    """Every outermost expression in source order; `many` inside loops and comprehensions."""
    stack: list[tuple[Node, Scope, bool]] = [(root, reader.scope, False)]
    while stack:
        node, scope, many = stack.pop()
        kind = node.type
        if kind in _CONTAINERS:
            stack += [(one, scope, many) for one in reversed(node.named_children)]
            continue
        if kind in _SKIPPED:
            continue
        found: list[tuple[str, Node]] = []
        if kind in _LOOPS:
            left = node.child_by_field_name("left")
            for one in reversed(node.named_children):
                if one != left:
                    stack.append((one, scope, many or one.type in {"block", "else_clause"}))
        elif kind in {"function_definition", "class_definition"}:
            found = list(_defaults(node))
            body = node.child_by_field_name("body")
            if body is not None:
                stack.append((body, reader.scopes.get(node.id, scope), many))
        elif kind in {"assignment", "augmented_assignment"}:
            found = list(_assigned(node))
        elif kind == "return_statement":
            found = [("", one) for one in node.named_children if one.type != "comment"]
        elif kind in {"with_item", "as_pattern"}:
            found = list(_aliased(node))
        elif kind not in _PLAIN:
            found = [("", node)]
        for name, expression in found:
            yield from _read(file, reader, scope, name, expression, many=many)


def _read(file: File, reader: Reader, scope: Scope, name: str, node: Node, *, many: bool) -> Iterator[Binding]:
    reader.scope = scope
    value = reader.value(node)
    yield Binding(value, value.span, file, name, scope.owner, many)
    for spilled, looped in reader.spilled:
        yield Binding(spilled, spilled.span, file, name if looped else "", scope.owner, many or looped)
    reader.spilled.clear()


def _defaults(node: Node) -> Iterator[tuple[str, Node]]:
    parameters = node.child_by_field_name("parameters")
    for one in parameters.named_children if parameters is not None else ():
        name, default = one.child_by_field_name("name"), one.child_by_field_name("value")
        if name is not None and default is not None:
            yield text(name), default


def _assigned(node: Node) -> Iterator[tuple[str, Node]]:
    """The right side with its first name; `a, b = x, y` gives each its own."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    while right is not None and right.type == "assignment":
        right = right.child_by_field_name("right")
    if left is None or right is None:
        return
    if left.type in {"pattern_list", "tuple_pattern"} and right.type in {"expression_list", "tuple"}:
        targets, values = left.named_children, right.named_children
        if len(targets) == len(values) and not any(one.type in {"list_splat", "list_splat_pattern", "comment"} for one in (*targets, *values)):
            yield from ((_target(target), value) for target, value in zip(targets, values, strict=True))
            return
    yield _target(left), right


def _target(node: Node) -> str:
    return text(node) if node.type in {"identifier", "attribute"} else ""


def _aliased(node: Node) -> Iterator[tuple[str, Node]]:
    """The expression of `with ... as name`, or of `except ... as name`."""
    inner = node.named_children[0] if node.type == "with_item" and node.named_children else node
    if inner.type != "as_pattern":
        yield "", inner
        return
    value, *alias = inner.named_children
    if value.type not in _PLAIN:
        yield (_target(alias[0].named_children[0]) if alias and alias[0].named_children else ""), value
