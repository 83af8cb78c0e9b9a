"""What a Go file declares and uses: package-level names, members, and the names inside each declaration that nothing there binds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.languages.go.expressions import type_name
from grader.languages.trees import span, text
from grader.model.solutions import Category, Reference, Symbol, Unused

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File

UNIVERSE = frozenset(
    "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 "
    "uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make max min new panic print println real "
    "recover _ init main".split()
)
_NO_USES = frozenset({"function_declaration", "import_spec", "package_clause", "labeled_statement", "goto_statement"})
_BINDERS = {
    "parameter_declaration": "name",
    "variadic_parameter_declaration": "name",
    "var_spec": "name",
    "const_spec": "name",
    "type_spec": "name",
    "type_alias": "name",
    "type_parameter_declaration": "name",
}


@dataclass(slots=True)
class Scope:
    """The names of one top-level declaration, taken as one flat scope: a name bound anywhere in it counts as bound everywhere."""

    bound: set[str] = field(default_factory=set)
    uses: list[tuple[str, Node, Category]] = field(default_factory=list)
    chains: list[tuple[str, tuple[str, ...], Node]] = field(default_factory=list)
    qualified: list[tuple[str, Node]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    locals: dict[str, Node] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)


def typed(node: Node | None) -> str:
    """A named type as text without pointers (`awss3.Bucket`, `DataStack`), empty for anything else."""
    alias, name = type_name(node)
    return f"{alias}.{name}" if alias else name


def declarations(file: File, package: str, root: Node) -> Iterator[Symbol]:
    """Package-level names, and the fields and methods of types as `Type.member`. An embedded type is the member `Type.*Name`."""
    for node in root.named_children:
        match node.type:
            case "function_declaration":
                name = node.child_by_field_name("name")
                if name is not None:
                    yield Symbol(package, text(name), Category.FUNCTION, span(file, node), file, _result(node))
            case "method_declaration":
                owner, name = receiver(node), node.child_by_field_name("name")
                if owner and name is not None:
                    yield Symbol(package, f"{owner}.{text(name)}", Category.FIELD, span(file, node), file, _result(node))
            case "type_declaration":
                for spec in node.named_children:
                    yield from _type(file, package, spec)
            case "var_declaration" | "const_declaration":
                for spec in _specs(node):
                    kind = spec.child_by_field_name("type")
                    for name in spec.children_by_field_name("name"):
                        if name.type == "identifier":
                            yield Symbol(package, text(name), Category.VARIABLE, span(file, spec), file, typed(kind))


def _specs(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type in {"var_spec", "const_spec"}:
            yield child
        elif child.type == "var_spec_list":
            yield from _specs(child)


def _type(file: File, package: str, spec: Node) -> Iterator[Symbol]:
    name, kind = spec.child_by_field_name("name"), spec.child_by_field_name("type")
    if name is None:
        return
    owner = text(name)
    shape = kind.type.removesuffix("_type") if kind is not None else ""
    yield Symbol(package, owner, Category.TYPE, span(file, spec), file, shape if shape in {"struct", "interface"} else f"={typed(kind)}")
    if kind is None:
        return
    if kind.type == "struct_type":
        for row in (row for body in kind.named_children for row in body.named_children if row.type == "field_declaration"):
            names, of = row.children_by_field_name("name"), row.child_by_field_name("type")
            for one in names:
                yield Symbol(package, f"{owner}.{text(one)}", Category.FIELD, span(file, row), file, typed(of))
            if not names:
                yield Symbol(package, f"{owner}.*{typed(of)}", Category.FIELD, span(file, row), file, typed(of))
    elif kind.type == "interface_type":
        for row in kind.named_children:
            method = row.child_by_field_name("name")
            if row.type in {"method_elem", "method_spec"} and method is not None:
                yield Symbol(package, f"{owner}.{text(method)}", Category.FIELD, span(file, row), file, typed(row.child_by_field_name("result")))
            elif row.type in {"type_elem", "constraint_elem", "type_identifier", "qualified_type"}:
                inner = row.named_children[0] if row.named_children and row.type.endswith("elem") else row
                yield Symbol(package, f"{owner}.*{typed(inner)}", Category.FIELD, span(file, row), file, typed(inner))


def receiver(node: Node) -> str:
    """The type name a method is declared on."""
    parameters = node.child_by_field_name("receiver")
    if parameters is None or not parameters.named_children:
        return ""
    return typed(parameters.named_children[0].child_by_field_name("type"))


def _result(node: Node) -> str:
    result = node.child_by_field_name("result")
    if result is not None and result.type == "parameter_list":
        first = result.named_children[0] if result.named_children else None
        return typed(first.child_by_field_name("type")) if first is not None else ""
    return typed(result)


def read_scope(node: Node, modules: set[str]) -> Scope:
    """Bound names, uses and typed member chains of one top-level declaration."""
    scope = Scope()
    stack = [node]
    while stack:
        one = stack.pop()
        _visit(one, scope, modules)
        stack.extend(reversed(one.named_children))
    return scope


def _visit(node: Node, scope: Scope, modules: set[str]) -> None:
    kind = node.type
    if kind in _BINDERS:
        of = node.child_by_field_name("type")
        for name in node.children_by_field_name(_BINDERS[kind]):
            _bind(scope, text(name), typed(of))
        if kind == "var_spec" and node.parent is not None and node.parent.parent is not None and node.parent.parent.type != "source_file":
            for name in node.children_by_field_name("name"):
                if name.type == "identifier":
                    scope.locals.setdefault(text(name), name)
    elif kind in {"short_var_declaration", "range_clause", "receive_statement"}:
        _declare(node, scope, modules)
    elif kind == "type_switch_statement":
        alias = node.child_by_field_name("alias")
        for name in alias.named_children if alias is not None else ():
            _bind(scope, text(name), "")
    elif kind in {"function_declaration", "labeled_statement"}:
        pass
    elif kind == "identifier":
        _use(node, scope)
    elif kind == "type_identifier":
        parent = node.parent
        if (parent is not None and parent.type not in {"qualified_type", "type_spec", "type_alias", "type_parameter_declaration"}) or (
            parent is not None and parent.type in {"type_spec", "type_alias"} and parent.child_by_field_name("name") != node
        ):
            scope.uses.append((text(node), node, Category.TYPE))
    elif kind == "qualified_type":
        scope.qualified.append((typed(node), node))
    elif kind == "selector_expression":
        _chain(node, scope)


def _bind(scope: Scope, name: str, kind: str) -> None:
    if name in scope.bound and scope.types.get(name) != kind:
        kind = ""
    scope.bound.add(name)
    scope.types[name] = kind


def _declare(node: Node, scope: Scope, modules: set[str]) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or (node.type != "short_var_declaration" and not any(child.type == ":=" for child in node.children)):
        return
    names = [child for child in left.named_children if child.type == "identifier"]
    values = right.named_children if right is not None and node.type == "short_var_declaration" else []
    for place, name in enumerate(names):
        one = values[place] if len(values) == len(names) else values[0] if len(values) == 1 and place == 0 else None
        _bind(scope, text(name), _made(one, modules) if one is not None else "")
        if node.type == "short_var_declaration":
            scope.locals.setdefault(text(name), name)


def _made(node: Node, modules: set[str]) -> str:
    """The type a right side makes: a composite literal's, or `NewX()` for the result of an own function to be looked up."""
    if node.type == "unary_expression":
        operand = node.child_by_field_name("operand")
        return _made(operand, modules) if operand is not None else ""
    if node.type == "composite_literal":
        return typed(node.child_by_field_name("type"))
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        if function is not None and function.type == "identifier":
            return f"{text(function)}()"
        if function is not None and function.type == "selector_expression":
            operand = function.child_by_field_name("operand")
            if operand is not None and operand.type == "identifier" and text(operand) in modules:
                return f"{text(function)}()"
    return ""


def _use(node: Node, scope: Scope) -> None:
    parent = node.parent
    if parent is None:
        return
    name, kind = text(node), parent.type
    if kind in _BINDERS and node in parent.children_by_field_name("name"):
        return
    if (
        kind == "expression_list"
        and parent.parent is not None
        and parent.parent.type in {"short_var_declaration", "range_clause"}
        and parent.parent.child_by_field_name("left") == parent
    ):
        if any(child.type == ":=" for child in parent.parent.children):
            return
    elif kind in _NO_USES or (kind == "literal_element" and _is_field_key(parent)):
        return
    scope.seen[name] += 1
    scope.uses.append(
        (name, node, Category.FUNCTION if kind == "call_expression" and parent.child_by_field_name("function") == node else Category.NAME)
    )


def _is_field_key(element: Node) -> bool:
    """Whether an element of a literal is the key of a pair and names a field: anything but a key of a map literal."""
    pair = element.parent
    if pair is None or pair.type != "keyed_element" or pair.named_children[0] != element:
        return False
    body = pair.parent
    literal = body.parent if body is not None else None
    kind = literal.child_by_field_name("type") if literal is not None and literal.type == "composite_literal" else None
    return kind is None or kind.type not in {"map_type", "slice_type", "array_type"}


def _chain(node: Node, scope: Scope) -> None:
    """A whole selector chain that starts at a name, with `()` after members that are called."""
    if node.parent is not None and node.parent.type == "selector_expression":
        return
    called = node.parent is not None and node.parent.type == "call_expression" and node.parent.child_by_field_name("function") == node
    if called and node.parent is not None and node.parent.parent is not None and node.parent.parent.type == "selector_expression":
        return
    members: list[str] = []
    one: Node | None = node
    suffix = "()" if called else ""
    while one is not None:
        if one.type == "selector_expression":
            member = one.child_by_field_name("field")
            members.append((text(member) if member is not None else "") + suffix)
            suffix = ""
            one = one.child_by_field_name("operand")
        elif one.type == "call_expression":
            suffix = "()"
            one = one.child_by_field_name("function")
            if one is None or one.type != "selector_expression":
                return
        elif one.type == "identifier":
            scope.chains.append((text(one), tuple(reversed(members)), node))
            return
        else:
            return


def unused_variables(file: File, scope: Scope) -> Iterator[Unused]:
    """Local variables that are declared and never read: the compiler's `declared and not used`."""
    for name, node in scope.locals.items():
        if name != "_" and scope.seen[name] == 0:
            yield Unused(name, Category.VARIABLE, span(file, node), file)


def references(file: File, package: str, scope: Scope, imported: set[str], modules: set[str]) -> Iterator[Reference]:
    """Names that neither the declaration, the language nor an import binds, member chains from a typed name, and what is taken of `modules`.

    `imported` are all imported names, `modules` those that may be the answer's own.
    """
    for name, node, category in scope.uses:
        if name not in scope.bound and name not in UNIVERSE and name not in imported:
            yield Reference(package, name, category, span(file, node), file, name)
    for start, members, node in scope.chains:
        kind = scope.types.get(start, "")
        if kind:
            yield Reference(package, f"{kind}.{'.'.join(members)}", Category.FIELD, span(file, node), file, f"{start}.{'.'.join(members)}")
        elif start in modules and start not in scope.bound:
            called = members[0].endswith("()")
            name = f"{start}.{members[0].removesuffix('()')}"
            whole = node.parent if called and node.parent is not None and node.parent.type == "call_expression" else node
            yield Reference(package, name, Category.MODULE, span(file, whole), file, f"{name}(" if called else name)
    for name, node in scope.qualified:
        if name.partition(".")[0] in modules:
            yield Reference(package, name, Category.MODULE, span(file, node), file, name)
