"""TypeScript and JavaScript expressions as values, with the uses of names inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.trees import COMPARISONS, text
from grader.languages.typescript import literals
from grader.languages.typescript.reader import Closure, Path, Reader, arguments_of, from_name, inside, literal_key, path_of
from grader.model.solutions import Category, Import
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.typescript.reader import Handler

_REPEATING = frozenset({"forEach", "map", "flatMap", "filter", "reduce", "from", "fill", "each", "some", "every"})
"""Methods that call what they are given once an item."""


def _identifier(reader: Reader, node: Node, span: Span) -> Value:
    name, found = reader.name(node)
    if found is None:
        return Name(name, span)
    if found.constant is not None:
        return Known(found.constant.value, span, via=name)
    return Name(found.path or name, span, found.module) if found.module and not found.own else Name(name, span)


def _member(reader: Reader, node: Node, span: Span) -> Value:
    found = path_of(reader, node, Category.NAME)
    return Name(".".join(found.parts), span, found.module) if isinstance(found, Path) else Unknown(span, (found,))


def _subscript(reader: Reader, node: Node, span: Span) -> Value:
    return _member(reader, node, span) if literal_key(node) is not None else inside(reader, node, span)


def _call(reader: Reader, node: Node, span: Span) -> Value:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return inside(reader, node, span)
    for child in node.named_children[1:-1]:
        if child.type == "type_arguments":
            reader.uses.types(child, reader.scope)
    if function.type == "member_expression":
        return _method(reader, function, arguments, span)
    if function.type == "identifier":
        found = from_name(reader, function, function, [], Category.FUNCTION)
        _guard(reader, found.parts[-1], arguments)
        if found.parts == ["require"]:
            _required(reader, arguments, span)
        if arguments.type == "template_string":
            return reader.value(arguments, span.line - reader.file.line)
        return Call(".".join(found.parts), span, found.module, arguments_of(reader, arguments))
    if function.type in {"import", "super"}:
        return Call(function.type, span, "", arguments_of(reader, arguments))
    callee = reader.value(function)
    return Unknown(span, (callee, *arguments_of(reader, arguments)))


def _method(reader: Reader, function: Node, arguments: Node, span: Span) -> Value:
    found = path_of(reader, function, Category.FUNCTION)
    method = text(function.children[-1])
    before = reader.many
    reader.many = before or method in _REPEATING
    if arguments.type == "template_string":
        args: tuple[Value, ...] = (reader.value(arguments),)
    else:
        args = arguments_of(reader, arguments)
    reader.many = before
    if not isinstance(found, Path):
        chained = function.children[0].type == "member_expression"
        return Call(method, span, "", args, receiver=Unknown(found.span, (found,)) if chained else found)
    if found.static:
        if method == "interpolate" and arguments.type == "template_string":
            return args[0]
        return Call(".".join(found.parts), span, found.module, args)
    receiver = Span(span.line, reader.file.line + function.children[0].end_point[0])
    return Call(method, span, "", args, receiver=Name(".".join(found.parts[:-1]), receiver, found.module))


def _guard(reader: Reader, called: str, arguments: Node) -> None:
    """`isThing(x)`: what `x` holds afterwards is for the compiler to say."""
    if called[:2] == "is" or called.startswith(("assert", "has")):
        reader.uses.guarded.update(text(child) for child in arguments.named_children if child.type in {"identifier", "member_expression"})


def _required(reader: Reader, arguments: Node, span: Span) -> None:
    """`require('x')` inside an expression: the import of a module under no name."""
    if len(arguments.named_children) == 1 and arguments.named_children[0].type == "string":
        reader.uses.required.append(Import(literals.string(text(arguments.named_children[0])), "", "", span))


def _new(reader: Reader, node: Node, span: Span) -> Value:
    constructor, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    if constructor is None:
        return inside(reader, node, span)
    kinds = node.child_by_field_name("type_arguments")
    if kinds is not None:
        reader.uses.types(kinds, reader.scope)
    found = path_of(reader, constructor, Category.TYPE)
    args = arguments_of(reader, arguments) if arguments is not None else ()
    if not isinstance(found, Path):
        return Unknown(span, (found, *args))
    return Call(".".join(found.parts), span, found.module, args, new=True)


def _object(reader: Reader, node: Node, span: Span) -> Value:
    fields: dict[str, Value] = {}
    complete = True
    line = reader.file.line
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                fields[_key(reader, key)] = reader.value(value, child.start_point[0])
        elif kind == "shorthand_property_identifier":
            fields[text(child)] = _identifier(reader, child, Span(line + child.start_point[0], line + child.end_point[0]))
        elif kind == "method_definition":
            name = child.child_by_field_name("name")
            if name is not None:
                fields[_key(reader, name)] = _closure(reader, child, Span(line + child.start_point[0], line + child.end_point[0]))
        elif kind == "spread_element":
            complete = False
            spread = reader.value(child.named_children[0]) if child.named_children else None
            if isinstance(spread, Fields):
                fields.update(spread.fields)
                complete = spread.complete
            elif spread is not None and not isinstance(spread, (Name, Known)):
                fields[f"...{len(fields)}"] = spread
        elif kind == "ERROR":
            fields[f"...{len(fields)}"] = inside(reader, child, Span(line + child.start_point[0], line + child.end_point[0]))
    return Fields(fields, span, complete=complete)


def _key(reader: Reader, node: Node) -> str:
    """The name of a field; a computed one that cannot be read keeps its brackets."""
    kind = node.type
    if kind == "string":
        return literals.string(text(node))
    if kind == "computed_property_name" and node.named_children:
        inner = reader.value(node.named_children[0])
        return str(inner.value) if isinstance(inner, Known) else text(node)
    return text(node)


def _array(reader: Reader, node: Node, span: Span) -> Value:
    complete = all(child.type not in {"spread_element", "ERROR"} for child in node.named_children)
    return Items(arguments_of(reader, node), span, complete)


def _template(reader: Reader, node: Node, span: Span) -> Value:
    parts: list[Value] = []
    line = reader.file.line
    for child in node.named_children:
        kind = child.type
        if kind == "template_substitution":
            if child.named_children:
                parts.append(reader.value(child.named_children[0]))
            continue
        place = Span(line + child.start_point[0], line + child.end_point[0])
        parts.append(Known(literals.escape(text(child)) if kind == "escape_sequence" else text(child), place))
    return join(parts, span)


def join(parts: list[Value], span: Span) -> Value:
    """One known text where every part is known, else a template; neighbouring texts become one."""
    merged: list[Value] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Known) and isinstance(last, Known) and not part.via and not last.via:
            merged[-1] = Known(literals.shown(last.value) + literals.shown(part.value), Span(last.span.line, part.span.end_line))
        elif not (isinstance(part, Known) and part.value == ""):
            merged.append(part)
    if all(isinstance(part, Known) for part in merged):
        via = next((part.via for part in merged if isinstance(part, Known) and part.via), "")
        return Known("".join(literals.shown(part.value) for part in merged if isinstance(part, Known)), span, via)
    return Template(tuple(merged), span)


def _binary(reader: Reader, node: Node, span: Span) -> Value:
    left, right, sign = node.child_by_field_name("left"), node.child_by_field_name("right"), node.child_by_field_name("operator")
    if left is None or right is None or sign is None:
        return inside(reader, node, span)
    if sign.type in {"instanceof", "in"}:
        reader.uses.guarded.add(text(left if sign.type == "instanceof" else right))
    one, two = reader.value(left), reader.value(right)
    if sign.type == "+" and (_textual(one) or _textual(two)):
        return join([*(one.parts if isinstance(one, Template) else (one,)), *(two.parts if isinstance(two, Template) else (two,))], span)
    if isinstance(one, Known) and isinstance(two, Known):
        number = literals.arithmetic(sign.type, one.value, two.value)
        if number is not None:
            return Known(number, span, one.via or two.via)
    return Unknown(span, (one, two), sign.type in COMPARISONS)


def _textual(value: Value) -> bool:
    return isinstance(value, Template) or (isinstance(value, Known) and isinstance(value.value, str))


def _unary(reader: Reader, node: Node, span: Span) -> Value:
    sign, argument = node.child_by_field_name("operator"), node.child_by_field_name("argument")
    if sign is None or argument is None:
        return inside(reader, node, span)
    if sign.type == "typeof" and argument.type in {"identifier", "member_expression"}:
        reader.uses.guarded.add(text(argument))
    inner = reader.value(argument)
    if isinstance(inner, Known) and not isinstance(inner.value, (str, bool)) and inner.value is not None and sign.type in {"-", "+"}:
        return Known(-inner.value if sign.type == "-" else inner.value, span, inner.via)
    return Unknown(span, (inner,))


def _wrapper(reader: Reader, node: Node, span: Span) -> Value:
    """`(x)`, `x!`, `await x`: the value inside."""
    inner = [child for child in node.named_children if child.type != "comment"]
    return reader.value(inner[0], span.line - reader.file.line) if len(inner) == 1 else inside(reader, node, span)


def _cast(reader: Reader, node: Node, span: Span) -> Value:
    """`x as T`, `x satisfies T`, `<T>x`: the value inside, with the uses of the type."""
    inner = node.named_children
    if not inner:
        return Unknown(span)
    expression, kind = (inner[-1], inner[0]) if node.type == "type_assertion" else (inner[0], inner[-1])
    if kind != expression:
        reader.uses.types(kind, reader.scope)
    return reader.value(expression, span.line - reader.file.line)


def _closure(reader: Reader, node: Node, span: Span) -> Value:
    reader.closures.append(Closure(node, reader.scope, reader.owner, reader.many))
    return Unknown(span)


def _assignment(reader: Reader, node: Node, span: Span) -> Value:
    """An assignment inside an expression: its right side, with the uses of its left."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    parts = [reader.value(side) for side in (left, right) if side is not None]
    return Unknown(span, tuple(parts))


def _literal(reader: Reader, node: Node, span: Span) -> Value:  # noqa: ARG001 - the shape of a handler
    kind = node.type
    if kind == "string":
        return Known(literals.string(text(node)), span)
    if kind == "number":
        number = literals.number(text(node))
        return Known(number, span) if number is not None else Unknown(span)
    return Known({"true": True, "false": False}.get(kind), span)


def _this(reader: Reader, node: Node, span: Span) -> Value:  # noqa: ARG001 - the shape of a handler
    return Name(text(node), span)


def _element(reader: Reader, node: Node, span: Span) -> Value:
    """JSX: the values in its braces, and the uses of its components."""
    found: list[Value] = []
    stack = [node]
    while stack:
        one = stack.pop()
        kind = one.type
        if kind in {"jsx_expression", "spread_element"}:
            found += [reader.value(child) for child in one.named_children if child.type != "comment"]
        elif kind == "identifier":
            if text(one)[:1].isupper():
                reader.name(one)
        elif kind not in {"jsx_text", "property_identifier", "string"}:
            stack.extend(reversed(one.named_children))
    return Unknown(span, tuple(found))


HANDLERS: dict[str, Handler] = {
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "call_expression": _call,
    "new_expression": _new,
    "object": _object,
    "array": _array,
    "string": _literal,
    "number": _literal,
    "true": _literal,
    "false": _literal,
    "null": _literal,
    "undefined": _literal,
    "template_string": _template,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "parenthesized_expression": _wrapper,
    "non_null_expression": _wrapper,
    "await_expression": _wrapper,
    "as_expression": _cast,
    "satisfies_expression": _cast,
    "type_assertion": _cast,
    "arrow_function": _closure,
    "function_expression": _closure,
    "generator_function": _closure,
    "method_definition": _closure,
    "class": _closure,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "this": _this,
    "super": _this,
    "regex": lambda _reader, _node, span: Unknown(span),
    "jsx_element": _element,
    "jsx_self_closing_element": _element,
    "jsx_fragment": _element,
}
EXPRESSIONS = frozenset(HANDLERS) | frozenset(
    "ternary_expression update_expression sequence_expression yield_expression meta_property import".split()
)
"""Node types that are expressions."""
