"""Expressions of Java as values; what they use is noted on the way."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.languages.java.chains import Chain, Link, head, imported, origin_of, unlink
from grader.languages.java.facts import NO_TYPE, Origin, Start, Step
from grader.languages.java.folding import arithmetic, concatenation, created, entries, json_call, key_text, method_call, pairs, starting, static_call
from grader.languages.java.literals import LITERALS, constant, literal
from grader.languages.java.patterns import bind_pattern
from grader.languages.java.reader import DEEPEST, Closure, Head
from grader.languages.trees import COMPARISONS
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from grader.languages.java.reader import Reader

_EACH = frozenset("forEach forEachOrdered map mapToObj flatMap peek computeIfAbsent replaceAll".split())
_LONGEST_CHAIN = 500
_COMMENTS = frozenset({"line_comment", "block_comment"})
_BUILDERS = frozenset({"builder", "newBuilder"})


def value(reader: Reader, node: Node) -> Value:
    """The value of an expression; unknown with what is inside where it cannot be told."""
    if reader.depth >= DEEPEST:
        reader.complete = False
        return Unknown(reader.span(node))
    reader.depth += 1
    read = _READ.get(node.type)
    found = read(reader, node) if read is not None else _other(reader, node)
    reader.depth -= 1
    return found


def values(reader: Reader, node: Node | None) -> tuple[Value, ...]:
    """The values of an argument list or array initialiser."""
    if node is None or not node.named_child_count:
        return ()
    return tuple([value(reader, one) for one in node.named_children if one.type not in _COMMENTS])


def _other(reader: Reader, node: Node) -> Value:
    return Unknown(reader.span(node), tuple(one for one in values(reader, node) if not (isinstance(one, Unknown) and not one.parts)))


def _literal(reader: Reader, node: Node) -> Value:
    try:
        return Known(literal(reader, node), reader.span(node))
    except ValueError:
        return Unknown(reader.span(node))


def _inner(reader: Reader, node: Node) -> Value:
    within = next((one for one in node.named_children if one.type not in _COMMENTS), None)
    return value(reader, within) if within is not None else Unknown(reader.span(node))


def _this(reader: Reader, node: Node) -> Value:
    return Name(node.type, reader.span(node))


def _cast(reader: Reader, node: Node) -> Value:
    reader.use_type(node.child_by_field_name("type"))
    within = node.child_by_field_name("value")
    return value(reader, within) if within is not None else Unknown(reader.span(node))


def _binary(reader: Reader, node: Node) -> Value:
    operator = node.child_by_field_name("operator")
    sign = operator.type if operator is not None else ""
    nodes: list[Node] = []
    one: Node | None = node
    while one is not None and one.type == "binary_expression" and (one is node or (_sign(one) == sign and sign in {"+", "&&", "||"})):
        right = one.child_by_field_name("right")
        if right is not None:
            nodes.append(right)
        one = one.child_by_field_name("left")
    if one is not None:
        nodes.append(one)
    terms = tuple(value(reader, term) for term in reversed(nodes))
    if sign == "+" and any(isinstance(term, Template) or (isinstance(term, Known) and isinstance(term.value, str)) for term in terms):
        return concatenation(terms, reader.span(node))
    if sign in COMPARISONS:
        return Unknown(reader.span(node), terms, compares=True)
    return arithmetic(sign, terms, reader.span(node))


def _sign(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _unary(reader: Reader, node: Node) -> Value:
    operand = node.child_by_field_name("operand")
    if operand is None:
        return _other(reader, node)
    within = value(reader, operand)
    if _sign(node) == "-" and isinstance(within, Known) and isinstance(within.value, (int, float)) and not isinstance(within.value, bool):
        return Known(-within.value, reader.span(node))
    return Unknown(reader.span(node), (within,))


def _instance(reader: Reader, node: Node) -> Value:
    left = node.child_by_field_name("left")
    within = value(reader, left) if left is not None else Unknown(reader.span(node))
    right, name, pattern = (node.child_by_field_name(word) for word in ("right", "name", "pattern"))
    reader.use_type(right)
    if name is not None:
        reader.declare(reader.text(name), reader.origin(right))
    if pattern is not None:
        bind_pattern(reader, pattern)
    return Unknown(reader.span(node), (within,))


def _created(reader: Reader, node: Node) -> Value:
    kind = node.child_by_field_name("type")
    outer = node.named_children[0] if node.named_children else None
    if outer is not None and outer != kind and not outer.type.endswith("annotation") and outer.type != "type_arguments":
        return _other(reader, node)  # `outer.new Inner()`
    reader.use_type(kind)
    path = reader.erased(kind)
    module, path = imported(reader, path)
    args = values(reader, node.child_by_field_name("arguments"))
    span = reader.span(node)
    body = next((one for one in node.named_children if one.type == "class_body"), None)
    if body is not None:
        puts = _puts(reader, body) if path.rpartition(".")[2].endswith("Map") else None
        if puts is not None:
            return puts
        reader.closures.append(Closure(body, tuple(reader.scopes), reader.many, anonymous=True))
    return (created(path, args, span) if module in {"", "java.util"} else None) or Call(path, span, module, args, new=True)


def _puts(reader: Reader, body: Node) -> Value | None:
    """A map that is filled in an initialiser block: `new HashMap<>() {{ put("a", b); }}`."""
    blocks = [one for one in body.named_children if one.type not in _COMMENTS]
    if len(blocks) != 1 or blocks[0].type != "block":
        return None
    found: list[Value] = []
    for statement in blocks[0].named_children:
        call = statement.named_children[0] if statement.type == "expression_statement" and statement.named_children else None
        name = call.child_by_field_name("name") if call is not None else None
        if call is None or call.type != "method_invocation" or name is None or reader.text(name) != "put":
            return None
        found += values(reader, call.child_by_field_name("arguments"))
    return pairs(found, reader.span(body))


def _array(reader: Reader, node: Node) -> Value:
    reader.use_type(node.child_by_field_name("type"))
    within = node.child_by_field_name("value")
    if within is not None:
        return _items(reader, within)
    return Unknown(reader.span(node), tuple(one for part in node.named_children if part.type == "dimensions_expr" for one in values(reader, part)))


def _items(reader: Reader, node: Node) -> Value:
    return Items(values(reader, node), reader.span(node))


def _class(reader: Reader, node: Node) -> Value:
    reader.use_type(node.named_children[0] if node.named_children else None)
    return Name(reader.text(node), reader.span(node))


def _closure(reader: Reader, node: Node) -> Value:
    reader.closures.append(Closure(node, tuple(reader.scopes), reader.many))
    return Unknown(reader.span(node))


def _switch(reader: Reader, node: Node) -> Value:
    condition = node.child_by_field_name("condition")
    within = value(reader, condition) if condition is not None else Unknown(reader.span(node))
    reader.closures.append(Closure(node, tuple(reader.scopes), reader.many))
    return Unknown(reader.span(node), (within,))


def _method(reader: Reader, node: Node) -> Value:
    parts = node.named_children
    if not parts:
        return Unknown(reader.span(node))
    left, right = parts[0], parts[-1]
    if left.type in {"generic_type", "array_type", "type_identifier", "scoped_type_identifier", "integral_type", "floating_point_type"}:
        reader.use_type(left)
        return Unknown(reader.span(node))
    chain = Chain(left, []) if left.type not in {"method_invocation", "field_access"} else unlink(reader, left)
    start = head(reader, chain) if chain.root is not None or chain.links else None
    if right is left or right.type != "identifier":
        if start is not None and start.static and start.origin.start is Start.EITHER and not chain.links:
            reader.use_name(start.origin.root, left)
        return Unknown(reader.span(node))
    if start is None or any(link.arguments is not None for link in chain.links):
        return Unknown(reader.span(node), (value(reader, left),))
    steps = [*chain.links[start.taken :], Link(reader.text(right), right, node, node)]
    _note(reader, start, steps)
    path = ".".join([start.path, *(link.name for link in steps[:-1])])
    return Name(f"{path}::{steps[-1].name}", reader.span(node), start.module)


def _assigned(reader: Reader, node: Node) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    parts = [value(reader, one) for one in (left, right) if one is not None]
    return parts[-1] if parts else Unknown(reader.span(node))


def _identifier(reader: Reader, node: Node) -> Value:
    name = reader.text(node)
    local = reader.local(name)
    span = reader.span(node)
    if local is not None:
        return Known(local.known.value, span, name) if local.known is not None else Name(name, span)
    known = constant(reader, name)
    if known is not None:
        return Known(known.value, span, name)
    start = head(reader, Chain(node, []))
    if start is None:
        return Name(name, span)
    if start.origin.start is Start.EITHER or (start.origin.start is Start.IMPLICIT and reader.field(name) is None):
        reader.use_member(Origin(Start.IMPLICIT, "", reader.owner), ((Step(name, call=False), span.line),), name)
    return Name(start.path, span, start.module)


def _chain(reader: Reader, node: Node) -> Value:
    chain = unlink(reader, node)
    if chain.root is node:
        return Name(reader.text(node), reader.span(node))
    if len(chain.links) > _LONGEST_CHAIN:
        return Unknown(reader.span(node), tuple(one for link in chain.links for one in values(reader, link.arguments)))
    start = head(reader, chain)
    if start is not None:
        _note(reader, start, chain.links[start.taken :])
        return _calls(reader, chain, start)
    root = chain.root
    if root is None:
        return Unknown(reader.span(node))
    if root.type in {"object_creation_expression", "cast_expression", "parenthesized_expression"}:
        _note(reader, Head(origin_of(reader, root), static=False, module="", path="", taken=0), chain.links)
    base = value(reader, root)
    if isinstance(base, Call) and base.new and base.path.endswith(".Builder"):
        built = _built(reader, chain.links, 0, root, Call(base.path.removesuffix(".Builder"), base.span, base.module, base.args))
        if built is not None:
            return _follow(reader, built[0], chain.links, built[1])
    return _follow(reader, base, chain.links, 0)


def _note(reader: Reader, start: Head, links: list[Link]) -> None:
    """Note the members a chain names, or only the type it starts from."""
    if start.origin is NO_TYPE or start.origin == NO_TYPE:
        return
    origin = start.origin
    if origin.start is Start.SELF and links and links[0].arguments is None and _plain(reader, links):
        return
    if start.static and origin.start is Start.TYPE and links:
        reader.use_name(origin.root, links[0].node)
    steps = tuple((Step(link.name, link.arguments is not None), reader.line(link.at)) for link in links)
    if origin.start is Start.IMPLICIT and origin.steps and reader.field(origin.steps[0].name) is None:
        first = ((origin.steps[0], reader.line(links[0].node)),) if links else ()
        origin, steps = origin._replace(steps=()), first + steps
    reader.use_member(origin, steps, ".".join([start.path, *(link.name for link in links)]).lstrip("."))


def _plain(reader: Reader, links: list[Link]) -> bool:
    """Whether `this.x...` names a field of this file whose type is not the answer's, or nothing beyond the field."""
    declared = reader.fields.get(reader.owner, {}).get(links[0].name)
    return declared is not None and (not declared or len(links) == 1)


def _calls(reader: Reader, chain: Chain, start: Head) -> Value:
    """The value of a chain that starts with a name."""
    links, place = chain.links, start.taken
    path = start.path
    first = chain.root if chain.root is not None else links[0].node
    while place < len(links) and links[place].arguments is None:
        path = f"{path}.{links[place].name}"
        place += 1
    if place == len(links):
        span = reader.span(links[-1].node)
        known = constant(reader, path) if start.static and not start.module else None
        return Known(known.value, span, path) if known is not None else Name(path, span, start.module)
    if chain.root is None and not start.static:
        link = links[0]
        args, span = values(reader, link.arguments), reader.span(link.node)
        return _follow(reader, json_call(link.name, args, span) or Call(link.name, span, args=args), links, 1)
    if not start.static:
        span = Span(reader.line(first), reader.file.line + (links[place - 1].node if place else first).end_point[0])
        local = reader.local(path)
        known = local.known if local is not None else constant(reader, path) if "." not in path else None
        return _follow(reader, Known(known.value, span, path) if known is not None else Name(path, span, start.module), links, place)
    link = links[place]
    if (link.name == "create" and path.rpartition(".")[2] == "Builder" and "." in path) or link.name in _BUILDERS:
        args = values(reader, link.arguments)
        span = Span(reader.line(first), reader.file.line + link.node.end_point[0])
        made = Call(path.removesuffix(".Builder"), span, start.module, args, new=link.name == "create")
        built = _built(reader, links, place + 1, first, made)
        if built is not None:
            return _follow(reader, built[0], links, built[1])
        return _follow(reader, Call(f"{path}.{link.name}", span, start.module, args), links, place + 1)
    args = values(reader, link.arguments)
    span = Span(reader.line(first), reader.file.line + link.node.end_point[0])
    whole = f"{path}.{link.name}" if path else link.name
    found = static_call(start.module, whole, args, span) or json_call(link.name, args, span)
    return _follow(reader, found if found is not None else Call(whole, span, start.module, args), links, place + 1)


def _built(reader: Reader, links: list[Link], place: int, first: Node, made: Call) -> tuple[Value, int] | None:
    """What a builder chain makes, and the place after `build()`; None where it is not built here.

    `made` says what: a construction where it is `new` or has arguments, else an object of named values.
    """
    for end in range(place, len(links)):
        if links[end].arguments is None:
            return None
        if links[end].name == "build":
            break
    else:
        return None
    span = Span(reader.line(first), reader.file.line + links[end].node.end_point[0])
    keywords: dict[str, Value] = {}
    if made.path.rpartition(".")[2] in {"ImmutableMap", "ImmutableList", "ImmutableSet"}:
        return _collected(reader, links[place:end], made.path, span), end + 1
    for link in links[place:end]:
        given = values(reader, link.arguments)
        line = reader.line(link.at)
        if len(given) == 1:
            one = starting(given[0], line)
        else:
            whole = Span(line, reader.file.line + link.node.end_point[0])
            one = Items(given, whole) if given else Unknown(whole)
        keywords.pop(link.name, None)
        keywords[link.name] = one
    if made.new or made.args:
        return Call(made.path, span, made.module, made.args, MappingProxyType(keywords), new=True), end + 1
    return Fields(MappingProxyType(keywords), span, made.path, made.module), end + 1


def _collected(reader: Reader, links: list[Link], path: str, span: Span) -> Value:
    given = [one for link in links for one in values(reader, link.arguments)]
    if path.endswith("Map"):
        return entries(given, span) if given and isinstance(given[0], Call) and key_text(given[0]) is None else pairs(given, span)
    return Items(tuple(given), span)


def _follow(reader: Reader, base: Value, links: list[Link], place: int) -> Value:
    """Members and calls on a value."""
    for link in links[place:]:
        span = Span(base.span.line, reader.file.line + link.node.end_point[0])
        if link.arguments is None:
            base = Name(f"{base.path}.{link.name}", span, base.module) if isinstance(base, Name) else Unknown(span, (base,))
            continue
        if link.name in _EACH and not reader.many:
            reader.many = True
            args = values(reader, link.arguments)
            reader.many = False
        else:
            args = values(reader, link.arguments)
        found = method_call(base, link.name, args, span)
        base = found if found is not None else Call(link.name, span, args=args, receiver=base)
    return base


_READ: dict[str, Callable[[Reader, Node], Value]] = {
    **dict.fromkeys(LITERALS, _literal),
    "identifier": _identifier,
    "method_invocation": _chain,
    "field_access": _chain,
    "object_creation_expression": _created,
    "array_creation_expression": _array,
    "array_initializer": _items,
    "element_value_array_initializer": _items,
    "parenthesized_expression": _inner,
    "cast_expression": _cast,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "instanceof_expression": _instance,
    "lambda_expression": _closure,
    "switch_expression": _switch,
    "method_reference": _method,
    "class_literal": _class,
    "assignment_expression": _assigned,
    "this": _this,
    "super": _this,
}
