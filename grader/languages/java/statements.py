"""Bodies of Java types: statements, their variables, and the outermost expressions as bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.java.chains import origin_of
from grader.languages.java.declarations import KINDS, annotations_of, declare, parameters, parent_nodes, type_parameters
from grader.languages.java.expressions import value, values
from grader.languages.java.facts import NO_TYPE
from grader.languages.java.patterns import bind_pattern
from grader.languages.java.reader import DEEPEST
from grader.model.values import Call, Known, Name, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from grader.languages.java.reader import Reader

_COMMENTS = frozenset({"line_comment", "block_comment"})


def read_type(reader: Reader, node: Node, qualified: str) -> None:
    """Read the bodies of a type that is declared already."""
    owner, member = reader.owner, reader.member
    reader.generics.append(type_parameters(reader, node))
    _annotations(reader, node)
    for one in parent_nodes(node):
        reader.use_type(one)
    reader.generics.pop()
    reader.owner = reader.member = qualified
    for _, kind, _ in parameters(node.child_by_field_name("parameters")):
        reader.use_type(kind)
    _members(reader, node.child_by_field_name("body"))
    reader.owner, reader.member = owner, member


def _annotations(reader: Reader, node: Node) -> None:
    for one in annotations_of(node):
        name = one.child_by_field_name("name")
        if name is not None:
            reader.use_name(reader.text(name), name)


def _members(reader: Reader, body: Node | None) -> None:
    if body is None:
        return
    if reader.depth >= DEEPEST:
        reader.complete = False
        return
    reader.depth += 1
    for node in body.named_children:
        if node.type == "enum_body_declarations":
            for one in node.named_children:
                _member(reader, one)
        else:
            _member(reader, node)
    reader.depth -= 1


def _member(reader: Reader, node: Node) -> None:
    kind = node.type
    if kind in _COMMENTS:
        return
    if kind in KINDS:
        name = node.child_by_field_name("name")
        if name is not None:
            read_type(reader, node, f"{reader.owner}.{reader.text(name)}" if reader.owner else reader.text(name))
    elif kind in {"field_declaration", "constant_declaration"}:
        _annotations(reader, node)
        _variables(reader, node, field=True)
        _closures(reader)
    elif kind in {"method_declaration", "constructor_declaration", "compact_constructor_declaration"}:
        read_method(reader, node)
    elif kind in {"static_initializer", "block"}:
        _scoped(reader, node)
    elif kind == "enum_constant":
        _constant(reader, node)
    elif kind == "annotation_type_element_declaration":
        reader.use_type(node.child_by_field_name("type"))


def _constant(reader: Reader, node: Node) -> None:
    name, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
    if name is not None and arguments is not None:
        call = Call(reader.owner.rpartition(".")[2], reader.span(node), args=values(reader, arguments), new=True)
        reader.bind(call, node, reader.text(name))
        _closures(reader)
    body = node.child_by_field_name("body")
    if body is not None:
        _anonymous(reader, body)


def read_method(reader: Reader, node: Node) -> None:
    """Read a method or constructor: its types, its parameters, its body."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    outer, reach = reader.member, reader.body
    reader.member = f"{reader.owner}.{reader.text(name)}".lstrip(".") if name is not None else reader.owner
    reader.body = (node.start_byte, node.end_byte)
    reader.generics.append(type_parameters(reader, node))
    reader.scopes.append({})
    _annotations(reader, node)
    reader.use_type(node.child_by_field_name("type"))
    for part in node.named_children:
        if part.type in {"throws", "type_parameters"}:
            for one in part.named_children:
                reader.use_type(one if part.type == "throws" else next((bound for bound in one.named_children if bound.type == "type_bound"), None))
    _parameters(reader, node.child_by_field_name("parameters"))
    if node.type == "compact_constructor_declaration":
        for field in reader.fields.get(reader.owner, ()):
            reader.declare(field)
    if body is not None:
        for one in body.named_children:
            statement(reader, one)
    reader.scopes.pop()
    reader.generics.pop()
    reader.member, reader.body = outer, reach


def _parameters(reader: Reader, node: Node | None) -> None:
    for name, kind, whole in parameters(node):
        reader.use_type(kind)
        reader.declare(reader.text(name), reader.origin(kind) if whole.type == "formal_parameter" else NO_TYPE)


def statement(reader: Reader, node: Node) -> None:
    """Read one statement, and the closures in it after it."""
    if node.type in _COMMENTS:
        return
    if reader.depth >= DEEPEST:
        reader.complete = False
        return
    reader.depth += 1
    read = _READ.get(node.type)
    if read is not None:
        read(reader, node)
    elif node.type in KINDS:
        read_type(reader, node, declare(reader, node, reader.owner))
    else:
        _parts(reader, node)
    _closures(reader)
    reader.depth -= 1


def _parts(reader: Reader, node: Node) -> None:
    """Statements and expressions of any other node, in order."""
    for one in node.named_children:
        kind = one.type
        if kind.endswith("_statement") or kind in _READ or kind in KINDS or kind in {"switch_block", "finally_clause"}:
            statement(reader, one)
        elif kind not in _COMMENTS:
            _expression(reader, one)


def _expression(reader: Reader, node: Node) -> None:
    if node.type == "switch_expression":
        _switch(reader, node)
        return
    if node.type == "assignment_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        target = value(reader, left)
        name = target.path if isinstance(target, Name) else target.via if isinstance(target, Known) else ""
        reader.bind(value(reader, right), node, name)
        return
    found = value(reader, node)
    if not isinstance(found, Name):
        reader.bind(found, node)


def _closures(reader: Reader) -> None:
    """Read the bodies that expressions left for later, in source order."""
    if not reader.closures:
        return
    waiting, reader.closures = reader.closures, []
    if reader.depth >= DEEPEST:
        reader.complete = False
        return
    reader.depth += 1
    scopes, many = reader.scopes, reader.many
    for closure in waiting:
        reader.scopes, reader.many = [*closure.scopes, {}], closure.many
        if closure.anonymous:
            _anonymous(reader, closure.node)
        elif closure.node.type == "switch_expression":
            _cases(reader, closure.node.child_by_field_name("body"))
        else:
            _lambda(reader, closure.node)
        _closures(reader)
    reader.scopes, reader.many = scopes, many
    reader.depth -= 1


def _lambda(reader: Reader, node: Node) -> None:
    given, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    if given is not None:
        if given.type == "formal_parameters":
            _parameters(reader, given)
        else:
            for one in [given] if given.type == "identifier" else given.named_children:
                reader.declare(reader.text(one))
    if body is not None:
        if body.type == "block":
            statement(reader, body)
        else:
            _expression(reader, body)


def _anonymous(reader: Reader, body: Node) -> None:
    """The body of an anonymous class: its own fields and methods are in scope, and what it inherits is not known."""
    reader.scopes.append({})
    for member in body.named_children:
        if member.type == "field_declaration":
            for declarator in member.children_by_field_name("declarator"):
                name = declarator.child_by_field_name("name")
                if name is not None:
                    reader.declare(reader.text(name), reader.origin(member.child_by_field_name("type")))
        elif member.type in KINDS:
            declare(reader, member, reader.owner)
    reader.anonymous += 1
    _members(reader, body)
    reader.anonymous -= 1
    reader.scopes.pop()


def _variables(reader: Reader, node: Node, *, field: bool = False) -> None:
    kind = node.child_by_field_name("type")
    reader.use_type(kind)
    inferred = kind is not None and kind.type == "type_identifier" and reader.text(kind) == "var"
    final = not field and any(one.type == "modifiers" and "final" in reader.text(one).split() for one in node.named_children)
    origin = NO_TYPE if inferred or field else reader.origin(kind)
    for declarator in node.children_by_field_name("declarator"):
        name, given = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if name is None:
            continue
        word = reader.text(name)
        found = value(reader, given) if given is not None else None
        if not field:
            source = origin_of(reader, given) if inferred else NO_TYPE if declarator.child_by_field_name("dimensions") is not None else origin
            constant = isinstance(found, Known) and (final or reader.assignments(word, *reader.body) == 1)
            reader.declare(word, source, found if constant and isinstance(found, Known) else None)
        if found is not None:
            reader.bind(found, declarator, word)


def _block(reader: Reader, node: Node) -> None:
    reader.scopes.append({})
    for one in node.named_children:
        statement(reader, one)
    reader.scopes.pop()


def _scoped(reader: Reader, node: Node) -> None:
    reader.scopes.append({})
    _parts(reader, node)
    _closures(reader)
    reader.scopes.pop()


def _loop(reader: Reader, node: Node) -> None:
    many = reader.many
    reader.scopes.append({})
    if node.type == "enhanced_for_statement":
        over = node.child_by_field_name("value")
        if over is not None:
            _expression(reader, over)
            _closures(reader)
        reader.many = True
        kind, name = node.child_by_field_name("type"), node.child_by_field_name("name")
        reader.use_type(kind)
        if name is not None:
            plain = kind is not None and not (kind.type == "type_identifier" and reader.text(kind) == "var")
            reader.declare(reader.text(name), reader.origin(kind) if plain else NO_TYPE)
        body = node.child_by_field_name("body")
        if body is not None:
            statement(reader, body)
    else:
        reader.many = True
        _parts(reader, node)
    reader.scopes.pop()
    reader.many = many


def _try(reader: Reader, node: Node) -> None:
    reader.scopes.append({})
    for one in node.named_children:
        if one.type == "resource_specification":
            for resource in one.named_children:
                _resource(reader, resource)
        elif one.type == "block":
            statement(reader, one)
    reader.scopes.pop()
    for one in node.named_children:
        if one.type == "catch_clause":
            _catch(reader, one)
        elif one.type == "finally_clause":
            _parts(reader, one)


def _resource(reader: Reader, node: Node) -> None:
    name, given, kind = (node.child_by_field_name(word) for word in ("name", "value", "type"))
    reader.use_type(kind)
    if name is None or given is None:
        _parts(reader, node)
        return
    reader.bind(value(reader, given), node, reader.text(name))
    inferred = kind is not None and reader.text(kind) == "var"
    reader.declare(reader.text(name), origin_of(reader, given) if inferred else reader.origin(kind))


def _catch(reader: Reader, node: Node) -> None:
    reader.scopes.append({})
    for one in node.named_children:
        if one.type == "catch_formal_parameter":
            name = one.child_by_field_name("name")
            caught = next((part for part in one.named_children if part.type == "catch_type"), None)
            reader.use_type(caught)
            if name is not None:
                single = caught is not None and caught.named_child_count == 1
                reader.declare(reader.text(name), reader.origin(caught.named_children[0]) if caught is not None and single else NO_TYPE)
        elif one.type == "block":
            statement(reader, one)
    reader.scopes.pop()


def _switch(reader: Reader, node: Node) -> None:
    condition = node.child_by_field_name("condition")
    if condition is not None:
        _expression(reader, condition)
    _cases(reader, node.child_by_field_name("body"))


def _cases(reader: Reader, body: Node | None) -> None:
    reader.scopes.append({})
    for group in body.named_children if body is not None else ():
        if group.type == "switch_rule":
            reader.scopes.append({})
        for one in group.named_children:
            if one.type == "switch_label":
                _label(reader, one)
            elif one.type not in _COMMENTS:
                statement(reader, one)
        if group.type == "switch_rule":
            reader.scopes.pop()
    reader.scopes.pop()


def _label(reader: Reader, node: Node) -> None:
    for one in node.named_children:
        if one.type == "pattern":
            bind_pattern(reader, one)
        elif one.type == "guard":
            _parts(reader, one)
        elif one.type not in {"identifier", *_COMMENTS}:
            found = value(reader, one)
            if isinstance(found, Unknown) and found.parts:
                reader.bind(found, one)


def _constructor(reader: Reader, node: Node) -> None:
    called, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    reader.bind(Call(called.type if called is not None else "super", reader.span(node), args=values(reader, arguments)), node)


def _labelled(reader: Reader, node: Node) -> None:
    for one in node.named_children[1:]:
        statement(reader, one)


def _nothing(reader: Reader, node: Node) -> None:
    """A statement that holds no expression."""


_READ: dict[str, Callable[[Reader, Node], None]] = {
    "block": _block,
    "constructor_body": _block,
    "local_variable_declaration": _variables,
    "field_declaration": _variables,
    "for_statement": _loop,
    "enhanced_for_statement": _loop,
    "while_statement": _loop,
    "do_statement": _loop,
    "try_statement": _try,
    "try_with_resources_statement": _try,
    "switch_expression": _switch,
    "explicit_constructor_invocation": _constructor,
    "labeled_statement": _labelled,
    "break_statement": _nothing,
    "continue_statement": _nothing,
    "method_declaration": read_method,
    "constructor_declaration": read_method,
    "package_declaration": _nothing,
    "import_declaration": _nothing,
}
