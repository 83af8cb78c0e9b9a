"""Declarations of variables: what a name stands for, constants that can be read, and `require`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.languages.trees import span, text
from grader.languages.typescript.declarations import imported
from grader.languages.typescript.scopes import PLAIN, Declared, Type
from grader.model.solutions import Import
from grader.model.values import Known

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.typescript.reader import Reader
    from grader.languages.typescript.statements import Body

_ASSIGNED = re.compile(r"\s*(?:[-+*/%&|^?<>]{0,3}=(?![=>])|\+\+|--)")
_TARGET = re.compile(r"\s*(?:,[^\]}=;\n]{0,200})?[\]}]\s*=(?![=>])")
"""The rest of a destructuring assignment after one of its names."""


def declarators(body: Body, node: Node) -> None:
    """`const a = 1, { b } = c`: each binds its names, and its value is an outermost expression."""
    keyword = node.children[0].type if node.children else ""
    for child in node.named_children:
        if child.type == "variable_declarator":
            declarator(body, child, constant=keyword == "const", hoisted=keyword == "var")


def declarator(body: Body, node: Node, *, constant: bool, hoisted: bool) -> None:
    """One declared variable. `constant` says that nothing assigns it again, `hoisted` that the function around it binds it."""
    reader = body.reader
    name, kind, value = (node.child_by_field_name(part) for part in ("name", "type", "value"))
    if name is None:
        return
    if kind is not None:
        reader.uses.types(kind, reader.scope)
    if value is not None and _required(body, name, value, hoisted=hoisted):
        return
    plain = name.type == "identifier"
    declared = PLAIN
    if value is not None:
        body.expression(value, text(name) if plain else "")
        read = body.bindings[-1].value
        if (
            plain
            and isinstance(read, Known)
            and read.value is not None
            and (constant or not _reassigned(reader.file.text, text(name), typed=kind is not None))
        ):
            declared = Declared(constant=read)
    own = reader.type_of(kind) if kind is not None else None
    if own is None and kind is None and value is not None:
        own = _made(reader, value, constant=constant)
    if own is not None:
        declared = Declared(declared.constant, type=own)
    body.pattern(name, declared, hoisted=hoisted)


def _required(body: Body, name: Node, value: Node, *, hoisted: bool) -> bool:
    """`const x = require('y')`, `const { a, b: c } = require('y')`, `const x = require('y').a`: binds imports; whether it was one."""
    member = ""
    if value.type == "member_expression":
        member, value = text(value.children[-1]), value.children[0]
    if value.type != "call_expression":
        return False
    function, arguments = value.child_by_field_name("function"), value.child_by_field_name("arguments")
    if (
        function is None
        or arguments is None
        or text(function) != "require"
        or len(arguments.named_children) != 1
        or arguments.named_children[0].type != "string"
    ):
        return False
    module = text(arguments.named_children[0])[1:-1]
    taken = [(member, name)] if name.type == "identifier" else [] if member else _keys(name)
    for exported, local in taken:
        body.reader.uses.required.append(Import(module, exported, text(local), span(body.reader.file, local)))
        body.declare(text(local), imported(module, exported), hoisted=hoisted)
    if not taken:
        body.reader.uses.required.append(Import(module, member, "", span(body.reader.file, value)))
        body.pattern(name, hoisted=hoisted)
    return True


def _keys(pattern: Node) -> list[tuple[str, Node]]:
    """Keys and names of `{ a, b: c }`; nothing for a pattern with more in it."""
    found: list[tuple[str, Node]] = []
    for child in pattern.named_children:
        if child.type == "shorthand_property_identifier_pattern":
            found.append((text(child), child))
        elif child.type == "pair_pattern" and child.named_children[-1].type == "identifier":
            found.append((text(child.named_children[0]), child.named_children[-1]))
        elif child.type != "comment":
            return []
    return found


def _made(reader: Reader, node: Node, *, constant: bool) -> Type | None:
    """The answer's own type that a `new` makes, or that another variable has."""
    if node.type == "new_expression":
        return reader.type_of(node.child_by_field_name("constructor")) if constant else None
    if node.type == "identifier" and constant:
        found = reader.scope.find(text(node))
        return found.type if found is not None else None
    return None


def _reassigned(source: str, name: str, *, typed: bool) -> bool:
    """Whether a `let` or `var` may be assigned anywhere but where it is declared."""
    declared = not typed
    for found in re.finditer(rf"{re.escape(name)}(?![\w$])", source):
        start, end = found.span()
        if start and (source[start - 1].isalnum() or source[start - 1] in "_$."):
            continue
        if _ASSIGNED.match(source, end):
            if not declared:
                return True
            declared = False
        elif source[max(start - 2, 0) : start] in {"++", "--"} or _TARGET.match(source, end):
            return True
    return False
