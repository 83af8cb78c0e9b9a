"""Classes, interfaces, enums and namespaces: their scopes, and the expressions and uses inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.trees import text
from grader.languages.typescript.expressions import EXPRESSIONS
from grader.languages.typescript.scopes import Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.typescript.statements import Body


def class_body(body: Body, node: Node, this: str) -> None:
    """A class: heritage, fields and methods, in a scope with its type parameters. `this` is its name where its members are known."""
    reader = body.reader
    outer = reader.scope
    reader.scope = Scope(outer, "", {}, outer.hoist or outer)
    name = node.child_by_field_name("name")
    if name is not None and node.type == "class":
        body.declare(text(name))
    body.type_parameters(node)
    owner, many = reader.owner, reader.many
    reader.owner = text(name) if name is not None and not owner else owner
    for child in node.named_children:
        if child.type == "class_heritage":
            _heritage(body, child)
        elif child.type == "decorator" and child.named_children:
            body.expression(child.named_children[0])
    members = node.child_by_field_name("body")
    reader.scope = Scope(reader.scope, this)
    for child in members.named_children if members is not None else ():
        _class_member(body, child, this)
    reader.scope, reader.owner, reader.many = outer, owner, many


def _heritage(body: Body, node: Node) -> None:
    for child in node.named_children:
        if child.type == "extends_clause":
            value = child.child_by_field_name("value")
            if value is not None:
                body.reader.value(value)
            for kinds in child.children_by_field_name("type_arguments"):
                body.reader.uses.types(kinds, body.reader.scope)
        elif child.type == "implements_clause":
            for kind in child.named_children:
                body.reader.uses.types(kind, body.reader.scope)
        elif child.type in EXPRESSIONS:
            body.reader.value(child)


def _class_member(body: Body, node: Node, this: str) -> None:
    reader = body.reader
    kind = node.type
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    if kind in {"method_definition", "method_signature", "abstract_method_signature"}:
        body.function(node, text(name) if name is not None else "", this)
        if name is not None and name.type == "computed_property_name":
            reader.value(name)
    elif kind in {"public_field_definition", "field_definition"}:
        declared, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        if declared is not None:
            reader.uses.types(declared, reader.scope)
        for decorator in node.children_by_field_name("decorator"):
            if decorator.named_children:
                body.expression(decorator.named_children[0])
        if value is not None and name is not None:
            static = any(child.type == "static" for child in node.children)
            body.expression(value, text(name) if static else f"this.{text(name)}")
    elif kind == "index_signature":
        reader.uses.types(node, reader.scope)
    elif kind == "class_static_block":
        body.block(node)
    elif kind == "decorator" and node.named_children:
        body.expression(node.named_children[0])
    elif kind == "ERROR":
        for child in node.named_children:
            body.statement(child)


def class_statement(body: Body, node: Node) -> None:
    """A declared class; its members are known where the file declares it at the top level."""
    name = node.child_by_field_name("name")
    label = text(name) if name is not None else ""
    found = body.reader.scope.names.get(label)
    own = found is not None and found.itself is not None
    if label and not own:
        body.declare(label)
    class_body(body, node, label if own else "")


def interface(body: Body, node: Node) -> None:
    """An interface or a type alias: the uses inside, in a scope with its type parameters."""
    reader = body.reader
    name = node.child_by_field_name("name")
    if name is not None and text(name) not in reader.scope.names:
        body.declare(text(name))
    outer = reader.scope
    reader.scope = outer.block()
    body.type_parameters(node)
    for child in node.named_children:
        if child.type not in {"type_identifier", "type_parameters", "comment"} or (
            child != name and node.type == "type_alias_declaration" and child.type == "type_identifier"
        ):
            reader.uses.types(child, reader.scope)
    reader.scope = outer


def enum(body: Body, node: Node) -> None:
    """An enum: its initialisers see its members."""
    name, members = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and text(name) not in body.reader.scope.names:
        body.declare(text(name))
    outer = body.reader.scope
    body.reader.scope = outer.block()
    for child in members.named_children if members is not None else ():
        target = child.child_by_field_name("name") if child.type == "enum_assignment" else child
        if target is not None and target.type == "property_identifier":
            body.declare(text(target))
    for child in members.named_children if members is not None else ():
        value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
        if value is not None:
            body.expression(value)
    body.reader.scope = outer


def namespace(body: Body, node: Node) -> None:
    """A namespace: a scope of its own."""
    name, inner = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and name.type != "string":
        head = text(name).split(".")[0]
        if head not in body.reader.scope.names:
            body.declare(head)
    if inner is not None:
        outer = body.reader.scope
        body.reader.scope = Scope(outer)
        for child in inner.named_children:
            body.statement(child)
        body.reader.scope = outer


def ambient(body: Body, node: Node) -> None:
    """`declare …`: what it declares is bound; `declare global` and `declare module` bind for the whole file."""
    for child in node.named_children:
        for one in child.named_children if child.type == "statement_block" else (child,):
            body.statement(one)
