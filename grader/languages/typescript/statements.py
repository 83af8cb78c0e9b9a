"""The statements of a file, read once in order: scopes, outermost expressions, and the bodies of functions after what surrounds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.languages.trees import span, text
from grader.languages.typescript.classes import ambient, class_body, class_statement, enum, interface, namespace
from grader.languages.typescript.expressions import EXPRESSIONS
from grader.languages.typescript.reader import DEEPEST, Closure, Reader
from grader.languages.typescript.scopes import PLAIN, Declared, Scope, Type
from grader.languages.typescript.variables import declarator, declarators
from grader.model.solutions import Binding

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration", "function_signature"})
NAMESPACES = frozenset({"internal_module", "module"})
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_PARAMETERS = frozenset({"required_parameter", "optional_parameter"})


@dataclass(slots=True)
class Body:
    """The reading of one file's statements: the reader of its expressions, and what was found so far."""

    reader: Reader
    bindings: list[Binding] = field(default_factory=list)
    later: list[Closure] = field(default_factory=list)
    depth: int = 0

    def read(self, root: Node) -> None:
        """All statements of a file, then the bodies of its functions and classes, which may use what is declared after them."""
        for node in root.named_children:
            self.statement(node)
        at = 0
        while at < len(self.later):
            closure = self.later[at]
            at += 1
            self.reader.scope, self.reader.owner, self.reader.many = closure.scope, closure.owner, closure.many
            self._closure(closure.node)
        self.bindings.sort(key=lambda one: (one.span.line, -one.span.end_line))

    def statement(self, node: Node) -> None:
        """One statement; an expression where a statement should be (in broken code) is read as one."""
        if self.depth > DEEPEST:
            return
        self.depth += 1
        handler = _STATEMENTS.get(node.type)
        if handler is not None:
            handler(self, node)
        elif node.type in EXPRESSIONS:
            self.expression(node)
        elif node.type not in _IGNORED:
            for child in node.named_children:
                self.statement(child)
        self.depth -= 1

    def expression(self, node: Node, name: str = "") -> None:
        """An outermost expression becomes a binding; the functions in it are read later."""
        value = self.reader.value(node)
        self.bindings.append(Binding(value, span(self.reader.file, node), self.reader.file, name, self.reader.owner, self.reader.many))
        self._postpone()

    def _postpone(self) -> None:
        if self.reader.closures:
            self.later += self.reader.closures
            self.reader.closures.clear()

    def declare(self, name: str, declared: Declared = PLAIN, *, hoisted: bool = False) -> None:
        """Bind a name in the block being read, or in the function around it."""
        scope = self.reader.scope
        ((scope.hoist or scope) if hoisted else scope).names[name] = declared

    def pattern(self, node: Node, declared: Declared = PLAIN, *, hoisted: bool = False) -> None:
        """Bind all names of a pattern. Keys taken from a type of the answer are uses of its members; defaults are expressions."""
        stack = [(node, declared)]
        while stack:
            one, what = stack.pop()
            kind = one.type
            if kind in {"identifier", "shorthand_property_identifier_pattern"}:
                self.declare(text(one), what, hoisted=hoisted)
            elif kind in {"assignment_pattern", "object_assignment_pattern"}:
                left, right = one.child_by_field_name("left"), one.child_by_field_name("right")
                if left is not None:
                    stack.append((left, PLAIN))
                if right is not None:
                    self.expression(right, text(left) if left is not None else "")
            elif kind == "pair_pattern":
                value = one.child_by_field_name("value")
                if value is not None:
                    stack.append((value, PLAIN))
            elif kind == "object_pattern":
                if what.type is not None:
                    self._taken(one, what.type)
                stack.extend((child, PLAIN) for child in one.named_children)
            elif kind in {"array_pattern", "rest_pattern"}:
                stack.extend((child, PLAIN) for child in one.named_children)

    def _taken(self, node: Node, kind: Type) -> None:
        for child in node.named_children:
            inner = child.named_children[0] if child.type in {"object_assignment_pattern", "pair_pattern"} and child.named_children else child
            if inner.type in {"shorthand_property_identifier_pattern", "property_identifier"}:
                self.reader.uses.member(inner, kind, [text(inner)], text(inner))

    def block(self, node: Node) -> None:
        """A block with a scope of its own."""
        outer = self.reader.scope
        self.reader.scope = outer.block()
        for child in node.named_children:
            self.statement(child)
        self.reader.scope = outer

    def function(self, node: Node, name: str, this: str) -> None:
        """A function, to be read later under the owner `name`."""
        owner = f"{self.reader.owner}.{name}" if self.reader.owner else name
        scope = self.reader.scope if this == self.reader.scope.this else Scope(self.reader.scope, this)
        self.later.append(Closure(node, scope, owner, self.reader.many))

    def _closure(self, node: Node) -> None:
        outer = self.reader.scope
        if node.type == "class":
            self.reader.scope = outer.block()
            class_body(self, node, "")
        else:
            keeps = node.type in {"arrow_function", "method_definition"} and not (node.type == "method_definition" and _in_object(node))
            self.reader.scope = outer.function(outer.this if keeps else "")
            self._function_body(node)
        self.reader.scope = outer

    def _function_body(self, node: Node) -> None:
        reader = self.reader
        name = node.child_by_field_name("name")
        if name is not None and node.type in {"function_expression", "generator_function"}:
            self.declare(text(name))
        self.parameters(node)
        body = node.child_by_field_name("body")
        if body is None:
            return
        if body.type == "statement_block":
            for child in body.named_children:
                self.statement(child)
        else:
            self.expression(body)
        reader.closures.clear()

    def parameters(self, node: Node) -> None:
        """Type parameters, parameters and the result type of a function, in the scope being read."""
        uses, scope = self.reader.uses, self.reader.scope
        self.type_parameters(node)
        single = node.child_by_field_name("parameter")
        if single is not None:
            self.pattern(single)
        listed = node.child_by_field_name("parameters")
        for child in listed.named_children if listed is not None else ():
            if child.type not in _PARAMETERS:
                if child.type != "comment":
                    self.pattern(child)
                continue
            pattern, kind, value = (child.child_by_field_name(part) for part in ("pattern", "type", "value"))
            if kind is not None:
                uses.types(kind, scope)
            for decorator in child.children_by_field_name("decorator"):
                if decorator.named_children:
                    self.expression(decorator.named_children[0])
            if pattern is not None:
                self.pattern(pattern, Declared(type=found) if kind is not None and (found := self.reader.type_of(kind)) is not None else PLAIN)
                if value is not None:
                    self.expression(value, text(pattern))
        result = node.child_by_field_name("return_type")
        if result is not None:
            uses.types(result, scope)

    def type_parameters(self, node: Node) -> None:
        """`<T extends U>`: binds `T`."""
        listed = node.child_by_field_name("type_parameters")
        for child in listed.named_children if listed is not None else ():
            name = child.child_by_field_name("name")
            if name is not None:
                self.declare(text(name))
            for inner in child.named_children[1:]:
                self.reader.uses.types(inner, self.reader.scope)


def _in_object(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "object"


def _expression_statement(body: Body, node: Node) -> None:
    for child in node.named_children:
        kind = child.type
        if kind in NAMESPACES:
            namespace(body, child)
        elif kind == "assignment_expression":
            _assignment(body, child)
        elif kind != "comment":
            body.expression(child)


def _assignment(body: Body, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    while right.type == "assignment_expression" and right.child_by_field_name("right") is not None:
        inner = right.child_by_field_name("left")
        if inner is not None:
            _assigned(body, inner)
        right = right.child_by_field_name("right") or right
    _assigned(body, left)
    body.expression(right, text(left) if left.type in {"identifier", "member_expression", "subscript_expression"} else "")


def _assigned(body: Body, node: Node) -> None:
    """The left side of an assignment: uses of names, which a script without types may create by assigning."""
    reader = body.reader
    if node.type in {"object_pattern", "array_pattern"}:
        for child in _names_in(node):
            reader.name(child)
    elif node.type == "identifier" and reader.file.language == "javascript" and reader.scope.find(text(node)) is None:
        scope = reader.scope
        while scope.parent is not None:
            scope = scope.parent
        scope.names[text(node)] = PLAIN
    else:
        reader.value(node)


def _names_in(node: Node) -> list[Node]:
    found, stack = [], [node]
    while stack:
        one = stack.pop()
        if one.type in {"identifier", "shorthand_property_identifier_pattern"}:
            found.append(one)
        stack.extend(one.named_children)
    return found


def _loop(body: Body, node: Node) -> None:
    reader = body.reader
    outer, many = reader.scope, reader.many
    reader.scope = outer.block()
    if node.type == "for_in_statement":
        left, right, keyword = (node.child_by_field_name(part) for part in ("left", "right", "kind"))
        if right is not None:
            body.expression(right)
        reader.many = True
        if left is not None:
            if keyword is not None:
                body.pattern(left, hoisted=keyword.type == "var")
            else:
                _assigned(body, left)
        inner = node.child_by_field_name("body")
        if inner is not None:
            body.statement(inner)
    else:
        reader.many = True
        for child in node.named_children:
            if child.type == "lexical_declaration":
                for one in child.named_children:
                    declarator(body, one, constant=False, hoisted=False)
            else:
                body.statement(child)
    reader.scope, reader.many = outer, many


def _catch(body: Body, node: Node) -> None:
    outer = body.reader.scope
    body.reader.scope = outer.block()
    parameter, inner = node.child_by_field_name("parameter"), node.child_by_field_name("body")
    if parameter is not None:
        body.pattern(parameter)
    if inner is not None:
        body.statement(inner)
    body.reader.scope = outer


def _function(body: Body, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is not None:
        if body.reader.scope.find(text(name)) is None:
            body.declare(text(name), hoisted=True)
        body.function(node, text(name), "")


def _export(body: Body, node: Node) -> None:
    if node.child_by_field_name("source") is not None:
        return
    for child in node.named_children:
        if child.type == "export_clause":
            for one in child.named_children:
                name = one.child_by_field_name("name")
                if name is not None and name.type == "identifier":
                    body.reader.name(name)
        elif child.type == "decorator" and child.named_children:
            body.expression(child.named_children[0])
        else:
            body.statement(child)


def _nothing(body: Body, node: Node) -> None:
    """Imports are read before; a label or a comment says nothing."""


_IGNORED = frozenset(
    "comment import_statement statement_identifier property_identifier type_annotation string_fragment hash_bang_line identifier_list empty_statement".split()
)
_STATEMENTS: dict[str, Callable[[Body, Node], None]] = {
    "expression_statement": _expression_statement,
    "lexical_declaration": declarators,
    "variable_declaration": declarators,
    "using_declaration": declarators,
    "statement_block": Body.block,
    "switch_body": Body.block,
    "catch_clause": _catch,
    "import_statement": _nothing,
    "import_alias": lambda body, node: body.declare(text(node.named_children[0])) if node.named_children else None,
    "export_statement": _export,
    "ambient_declaration": ambient,
    "interface_declaration": interface,
    "type_alias_declaration": interface,
    "enum_declaration": enum,
    **dict.fromkeys(_LOOPS, _loop),
    **dict.fromkeys(FUNCTIONS, _function),
    **dict.fromkeys(("class_declaration", "abstract_class_declaration"), class_statement),
    **dict.fromkeys(NAMESPACES, namespace),
}
