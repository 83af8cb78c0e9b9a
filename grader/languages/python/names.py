"""The walk that fills the scopes of a Python file: every binding and every use, by the rules of the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.languages.python.imports import import_from_statement, import_statement
from grader.languages.python.scopes import Assigned, Bound, Chain, Names, Scope
from grader.languages.trees import text

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST_PATH = 250
COMPREHENSIONS = frozenset({"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"})
_LEAVES = frozenset("comment integer float true false none ellipsis pass_statement break_statement continue_statement".split())
_REFLECTION = frozenset({"hasattr", "getattr", "setattr", "delattr"})
_QUOTES = (b"'", b'"')
_TOLERANT = ("ImportError", "ModuleNotFoundError", "Exception")


def read_names(root: Node, line: int) -> Names:
    """Every binding and use of a file whose first line is line `line` of the document."""
    top = Scope("module", "", None, root)
    names = Names(line, top)
    names.stack.append((root, top))
    stack, handlers = names.stack, _HANDLERS
    while stack:
        node, scope = stack.pop()
        kind = node.type
        handler = handlers.get(kind)
        if handler is not None:
            handler(names, node, scope)
        elif kind not in _LEAVES:
            stack.extend([(child, scope) for child in reversed(node.named_children)])
    return names


def _target(names: Names, scope: Scope, node: Node | None, value: Node | None = None, annotation: Node | None = None) -> None:
    """Bind what an assignment's left side binds; `value` belongs to the whole side."""
    sides = [(node, value)]
    while sides:
        one, given = sides.pop()
        if one is None:
            continue
        if one.type == "identifier":
            names.bind(scope, text(one), Bound("variable", one, given, annotation))
        elif one.type == "attribute":
            holder, member = one.child_by_field_name("object"), one.child_by_field_name("attribute")
            if holder is None or member is None:
                continue
            if holder.type == "identifier":
                names.assigned.append(Assigned(scope, text(holder), text(member), one, given, annotation))
            else:
                names.loose.add(text(member))
            names.push([holder], scope)
        elif one.type == "subscript":
            names.push(one.named_children, scope)
            if text(one).startswith(("globals(", "locals(", "vars(")):
                names.dynamic = True
        else:
            sides.extend((child, None) for child in reversed(one.named_children))


def _identifier(_: Names, node: Node, scope: Scope) -> None:
    scope.uses.append((text(node), node))


def _attribute(names: Names, node: Node, scope: Scope) -> None:
    path = dotted(node)
    if path is not None:
        root, *members = path.split(".")
        scope.chains.append(Chain(root, tuple(members), node))
        if members[-1] == "__dict__":
            _opened(names, scope, root)
        return
    one: Node | None = node
    while one is not None and one.type == "attribute":
        one = one.child_by_field_name("object")
    names.push([one], scope)


def dotted(node: Node) -> str | None:
    """A member path of plain names (`self.cluster.vpc`), None for any other expression."""
    if node.end_byte - node.start_byte > LONGEST_PATH:
        return None
    written = text(node)
    if not written.replace(".", "").isidentifier():
        written = "".join(written.split()) if "(" not in written and "[" not in written else ""
    return written if written.replace(".", "").isidentifier() and written[0] != "." else None


def _opened(names: Names, scope: Scope, root: str) -> None:
    """Members of what `root` stands for may be set without being named."""
    holder = scope.find(root)
    if holder is not None and holder.self_name == root and holder.parent is not None:
        names.open_classes.append(holder.parent)
    else:
        names.loose.add("*")


def _call(names: Names, node: Node, scope: Scope) -> None:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    names.push([function, arguments], scope)
    if function is None or arguments is None:
        return
    names.callees.add(function.id)
    last = function if function.type == "identifier" else function.child_by_field_name("attribute")
    called = text(last) if last is not None else ""
    if called in _REFLECTION or called == "__setattr__":
        given = [one for one in arguments.named_children if one.type != "comment"]
        if len(given) > 1 and given[1].type == "string" and not any(part.type == "interpolation" for part in given[1].named_children):
            names.loose.add(text(given[1]).strip("'\""))
        elif called in {"setattr", "__setattr__"} and given:
            _opened(names, scope, text(given[0]))
    elif called in {"exec", "eval"} and function.type == "identifier":
        names.dynamic = True
    elif called == "vars" and arguments.named_children:
        _opened(names, scope, text(arguments.named_children[0]))
    elif called == "update" and text(function).startswith(("globals(", "locals(", "vars(")):
        names.dynamic = True


def _assignment(names: Names, node: Node, scope: Scope) -> None:
    left, right, annotation = (node.child_by_field_name(one) for one in ("left", "right", "type"))
    _target(names, scope, left, right, annotation)
    _annotated(names, annotation, scope, stored=scope.kind in {"module", "class"})
    names.push([right], scope)


def _annotated(names: Names, annotation: Node | None, scope: Scope, *, stored: bool = True) -> None:
    if annotation is not None:
        names.push([annotation], scope if stored and not names.deferred else scope.quiet())


def _augmented(names: Names, node: Node, scope: Scope) -> None:
    left = node.child_by_field_name("left")
    _target(names, scope, left)
    if left is not None and left.type == "identifier":
        names.push([left], scope)
    names.push([node.child_by_field_name("right")], scope)


def _walrus(names: Names, node: Node, scope: Scope) -> None:
    outer = scope
    while outer.kind == "comprehension" and outer.parent is not None:
        outer = outer.parent
    _target(names, outer, node.child_by_field_name("name"), node.child_by_field_name("value"))
    names.push([node.child_by_field_name("value")], scope)


def _for(names: Names, node: Node, scope: Scope) -> None:
    left = node.child_by_field_name("left")
    _target(names, scope, left)
    names.push([one for one in node.named_children if one != left], scope)


def _as_pattern(names: Names, node: Node, scope: Scope) -> None:
    *values, alias = node.named_children or [node]
    names.push(values, scope)
    if alias.type in {"as_pattern_target", "identifier"} and values:
        _target(names, scope, alias)


def _try(names: Names, node: Node, scope: Scope) -> None:
    clauses = [one for one in node.named_children if one.type in {"except_clause", "except_group_clause"}]
    caught = [text(one.child_by_field_name("value") or one).split("\n", 1)[0] for one in clauses]
    quiet = any("NameError" in one for one in caught)
    tolerant = any(word in one for one in caught for word in _TOLERANT) or any(one.child_by_field_name("value") is None for one in clauses)
    inner = scope.quiet() if quiet else scope
    inner = replace(inner, tolerant=True) if tolerant else inner
    plain = {"else_clause", "finally_clause"}
    for one in reversed(node.named_children):
        names.stack.append((one, scope if one.type in plain else inner))


def _function(names: Names, node: Node, scope: Scope) -> None:
    name = node.child_by_field_name("name")
    called = text(name) if name is not None else ""
    if name is not None:
        names.bind(scope, called, Bound("function", node))
    outside = _generics(names, node, scope)
    inner = names.enter("function", node, outside, called)
    _parameters(names, node, outside, inner)
    names.push([node.child_by_field_name("body")], inner)
    _annotated(names, node.child_by_field_name("return_type"), outside)
    if scope.kind == "class" and "staticmethod" not in names.decorated.get(node.id, ()):
        inner.self_name = next((one for one, bound in inner.bound.items() if bound[0].kind == "parameter"), "")


def _decorated(names: Names, node: Node, scope: Scope) -> None:
    definition = node.child_by_field_name("definition")
    if definition is not None:
        names.decorated[definition.id] = tuple(
            text(one).removeprefix("@").split("(", 1)[0].strip() for one in node.named_children if one.type == "decorator"
        )
    names.push(node.named_children, scope)


def _generics(names: Names, node: Node, scope: Scope) -> Scope:
    """The scope that type parameters are bound in: around the function or class, and around its annotations."""
    generics = node.child_by_field_name("type_parameters")
    if generics is None:
        return scope
    made = Scope("function", scope.owner, scope, node, tolerant=scope.tolerant, depth=scope.depth + 1)
    names.scopes[-node.id] = made
    stack = [generics]
    while stack:
        one = stack.pop()
        if one.type == "identifier":
            made.bound.setdefault(text(one), []).append(Bound("type", one))
        stack.extend(one.named_children)
    return made


def _parameters(names: Names, node: Node, scope: Scope, inner: Scope) -> None:
    """Bind parameters inside; their defaults and annotations are read outside."""
    parameters = node.child_by_field_name("parameters")
    for one in parameters.named_children if parameters is not None else ():
        place: Node | None = one.child_by_field_name("name") or one
        annotation = one.child_by_field_name("type")
        if one.type == "typed_parameter":
            place = next(iter(one.named_children), None)
        while place is not None and place.type in {"list_splat_pattern", "dictionary_splat_pattern"}:
            place, annotation = next(iter(place.named_children), None), None
        if place is not None and place.type == "identifier":
            inner.bound.setdefault(text(place), []).append(Bound("parameter", place, one.child_by_field_name("value"), annotation))
        elif place is not None and place.type == "tuple_pattern":
            _target(names, inner, place)
        names.push([one.child_by_field_name("value")], scope)
        _annotated(names, one.child_by_field_name("type"), scope)


def _lambda(names: Names, node: Node, scope: Scope) -> None:
    inner = names.enter("function", node, scope)
    _parameters(names, node, scope, inner)
    names.push([node.child_by_field_name("body")], inner)


def _class(names: Names, node: Node, scope: Scope) -> None:
    name = node.child_by_field_name("name")
    called = text(name) if name is not None else ""
    if name is not None:
        names.bind(scope, called, Bound("class", node))
    outside = _generics(names, node, scope)
    names.push([node.child_by_field_name("body")], names.enter("class", node, outside, called))
    names.push([node.child_by_field_name("superclasses")], outside)


def _comprehension(names: Names, node: Node, scope: Scope) -> None:
    inner = names.enter("comprehension", node, scope)
    first = True
    rest: list[tuple[Node, Scope]] = []
    for one in node.named_children:
        if one.type != "for_in_clause":
            rest.append((one, inner))
            continue
        left = one.child_by_field_name("left")
        _target(names, inner, left)
        rest.extend((part, scope if first else inner) for part in one.named_children if part != left)
        first = False
    names.stack.extend(reversed(rest))


def _outer(names: Names, node: Node, scope: Scope) -> None:
    kind = "global" if node.type == "global_statement" else "nonlocal"
    for one in node.named_children:
        scope.outer[text(one)] = kind
        if kind == "global":
            names.top.bound.setdefault(text(one), [])


def _delete(names: Names, node: Node, scope: Scope) -> None:
    stack = list(node.named_children)
    while stack:
        one = stack.pop()
        if one.type in {"expression_list", "tuple", "list", "parenthesized_expression"}:
            stack.extend(one.named_children)
        elif one.type != "identifier":
            names.push(one.named_children[:1], scope)


def _pattern_name(names: Names, node: Node, scope: Scope) -> None:
    """A name in a pattern of `match`: one identifier binds, a dotted one is read."""
    parts = node.named_children
    if len(parts) == 1:
        _target(names, scope, parts[0])
    elif parts:
        names.push(parts[:1], scope)


def _class_pattern(names: Names, node: Node, scope: Scope) -> None:
    called = node.named_children[:1]
    names.push([*(called[0].named_children[:1] if called else ()), *node.named_children[1:]], scope)


def _keyword_pattern(names: Names, node: Node, scope: Scope) -> None:
    names.push(node.named_children[1:], scope)


def _splat_pattern(names: Names, node: Node, scope: Scope) -> None:
    for one in node.named_children:
        _target(names, scope, one)


def _keyword(names: Names, node: Node, scope: Scope) -> None:
    names.push([node.child_by_field_name("value")], scope)


def _string(names: Names, node: Node, scope: Scope) -> None:
    if (node.text or b"'")[:1] not in _QUOTES:  # only a text with a prefix may hold expressions
        names.push([one for one in node.named_children if one.type == "interpolation"], scope)


def _alias(names: Names, node: Node, scope: Scope) -> None:
    left = node.child_by_field_name("left")
    while left is not None and left.type != "identifier":
        left = left.named_children[0] if left.named_children else None
    _target(names, scope, left)


def _member_type(names: Names, node: Node, scope: Scope) -> None:
    names.push(node.named_children[:1], scope)


def _exec(names: Names, _: Node, __: Scope) -> None:
    names.dynamic = True


Handler = Callable[[Names, "Node", Scope], None]
_HANDLERS: dict[str, Handler] = {
    "identifier": _identifier,
    "attribute": _attribute,
    "call": _call,
    "assignment": _assignment,
    "augmented_assignment": _augmented,
    "named_expression": _walrus,
    "for_statement": _for,
    "as_pattern": _as_pattern,
    "try_statement": _try,
    "decorated_definition": _decorated,
    "function_definition": _function,
    "lambda": _lambda,
    "class_definition": _class,
    "global_statement": _outer,
    "nonlocal_statement": _outer,
    "import_statement": import_statement,
    "import_from_statement": import_from_statement,
    "future_import_statement": import_from_statement,
    "delete_statement": _delete,
    "dotted_name": _pattern_name,
    "class_pattern": _class_pattern,
    "keyword_pattern": _keyword_pattern,
    "splat_pattern": _splat_pattern,
    "keyword_argument": _keyword,
    "string": _string,
    "type_alias_statement": _alias,
    "member_type": _member_type,
    "exec_statement": _exec,
} | dict.fromkeys(COMPREHENSIONS, _comprehension)
