"""Go expressions as values: literals, composite literals, calls, selectors and string building."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.languages.trees import COMPARISONS, text
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File

DEEPEST = 150
SCALAR_WRAPPERS = {"String", "Number", "Bool", "Int", "Float64", "Any", "Int64", "Float32", "Int32", "StringPtr", "BoolPtr", "IntPtr"}
LIST_WRAPPERS = {"Strings", "Numbers"}
WRAPPER_MODULES = ("jsii-runtime-go", "pulumi/sdk", "aws-sdk-go", "pulumi/pulumi")
"""Modules whose one-letter helpers only change the type of a value: `jsii.String("x")`, `pulumi.String("x")`, `aws.String("x")`."""


@dataclass(slots=True)
class Reader:
    """Turns nodes of one file into values. `constants` are names bound once to a scalar, by enclosing function and name."""

    file: File
    modules: Mapping[str, str]
    constants: Mapping[str, Known]
    closures: list[Node] = field(default_factory=list)
    depth: int = 0

    def value(self, node: Node, first: int | None = None, element: tuple[str, str] = ("", "")) -> Value:
        """The value of an expression. `first` is the line a field's span begins at; `element` the type an elided literal inherits."""
        span = Span(self.file.line + (node.start_point[0] if first is None else first), self.file.line + node.end_point[0])
        handler = _HANDLERS.get(node.type)
        if handler is None or self.depth > DEEPEST:
            return Unknown(span)
        self.depth += 1
        try:
            return handler(self, node, span, element)
        finally:
            self.depth -= 1

    def inner(self, node: Node, span: Span) -> Value:
        """An expression whose own value cannot be told, with all that is inside it."""
        return Unknown(span, tuple(self.value(child) for child in node.named_children))


def _string(_reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    raw = text(node)
    if raw.startswith("`"):
        return Known(raw[1:-1], span)
    body = raw[1:-1]
    return Known(_unescape(body) if "\\" in body else body, span)


def _unescape(body: str) -> str:
    out, at = [], 0
    plain = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
    while at < len(body):
        if body[at] == "\\" and at + 1 < len(body):
            out.append(plain.get(body[at + 1], body[at : at + 2]))
            at += 2
        else:
            out.append(body[at])
            at += 1
    return "".join(out)


def _number(_reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    raw = text(node).replace("_", "")
    try:
        return Known(int(raw, 0) if node.type == "int_literal" else float(raw), span)
    except ValueError:
        return Unknown(span)


def _identifier(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    name = text(node)
    constant = reader.constants.get(name)
    return Known(constant.value, span, via=name) if constant else Name(name, span)


def _selector(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    operand, member = node.child_by_field_name("operand"), node.child_by_field_name("field")
    if operand is None or member is None:
        return Unknown(span)
    if operand.type == "identifier":
        name = text(operand)
        module = reader.modules.get(name)
        return Name(text(member), span, module) if module else Name(f"{name}.{text(member)}", span)
    inner = reader.value(operand)
    if isinstance(inner, Name):
        return Name(f"{inner.path}.{text(member)}", span, inner.module)
    return Unknown(span, (inner,))


def _call(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return Unknown(span)
    args = tuple(reader.value(child) for child in arguments.named_children if child.type != "comment")
    if function.type == "parenthesized_expression" or function.type.endswith("_type"):
        return Unknown(span, args)
    if function.type == "selector_expression":
        operand, member = function.child_by_field_name("operand"), function.child_by_field_name("field")
        if operand is None or member is None:
            return Unknown(span, args)
        name = text(member)
        module = reader.modules.get(text(operand), "") if operand.type == "identifier" else ""
        if module:
            return _unwrapped(module, name, args, span) or Call(name, span, module, args, new=name.startswith("New"))
        return Call(name, span, "", args, receiver=reader.value(operand))
    if function.type == "identifier":
        name = text(function)
        if name in {"float64", "float32", "int", "int64", "int32", "string", "uint"} and len(args) == 1:
            return args[0] if isinstance(args[0], Known) else Unknown(span, args)
        return Call(name, span, "", args, new=name.startswith("New"))
    return Unknown(span, (reader.value(function), *args))


def _unwrapped(module: str, name: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """The value inside a helper that only changes its type; `fmt.Sprintf` with known verbs is a template."""
    if module == "fmt" and name == "Sprintf" and args:
        return _sprintf(args, span)
    if any(part in module for part in WRAPPER_MODULES):
        if name in SCALAR_WRAPPERS and len(args) == 1:
            return args[0]
        if name in LIST_WRAPPERS:
            return Items(args, span)
    return None


def _sprintf(args: tuple[Value, ...], span: Span) -> Value:
    layout = args[0]
    if not isinstance(layout, Known) or not isinstance(layout.value, str):
        return Unknown(span, args)
    parts: list[Value] = []
    rest = list(args[1:])
    pieces = layout.value.split("%")
    parts.append(Known(pieces[0], span))
    escaped = False
    for piece in pieces[1:]:
        if escaped:
            escaped = False
            parts.append(Known(piece, span))
        elif piece == "":
            escaped = True
            parts.append(Known("%", span))
        elif piece[0] in "svdqt" and rest:
            parts += [rest.pop(0), Known(piece[1:], span)]
        else:
            return Unknown(span, args)
    return join(parts, span)


def join(parts: list[Value], span: Span) -> Value:
    """One known text when every part is known, else a template."""
    if all(isinstance(part, Known) for part in parts):
        via = next((part.via for part in parts if isinstance(part, Known) and part.via), "")
        return Known("".join(_shown(part.value) for part in parts if isinstance(part, Known)), span, via)
    return Template(tuple(part for part in parts if not (isinstance(part, Known) and part.value == "")), span)


def _shown(scalar: object) -> str:
    return str(scalar).lower() if isinstance(scalar, bool) else str(scalar)


def _binary(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return Unknown(span)
    one, two = reader.value(left), reader.value(right)
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type == "+" and (_textual(one) or _textual(two)):
        return join([*_parts(one), *_parts(two)], span)
    return Unknown(span, (one, two), operator is not None and operator.type in COMPARISONS)


def _textual(value: Value) -> bool:
    return isinstance(value, Template) or (isinstance(value, Known) and isinstance(value.value, str))


def _parts(value: Value) -> tuple[Value, ...]:
    return value.parts if isinstance(value, Template) else (value,)


def _unary(reader: Reader, node: Node, span: Span, element: tuple[str, str]) -> Value:
    operand = node.child_by_field_name("operand")
    if operand is None:
        return Unknown(span)
    sign = node.child_by_field_name("operator")
    inner = reader.value(operand, span.line - reader.file.line, element)
    if sign is not None and sign.type in {"&", "*"}:
        return inner
    if sign is not None and sign.type == "-" and isinstance(inner, Known) and isinstance(inner.value, (int, float)):
        return Known(-inner.value, span)
    return Unknown(span, (inner,))


def type_name(node: Node | None) -> tuple[str, str]:
    """(package alias, type name) of a type node through pointers; empty for anything but a named type."""
    while node is not None and node.type in {"pointer_type", "parenthesized_type"}:
        node = node.named_children[0] if node.named_children else None
    if node is None:
        return "", ""
    if node.type == "type_identifier":
        return "", text(node)
    if node.type == "qualified_type":
        package, name = node.child_by_field_name("package"), node.child_by_field_name("name")
        return (text(package), text(name)) if package is not None and name is not None else ("", "")
    if node.type == "generic_type":
        return type_name(node.child_by_field_name("type"))
    return "", ""


def _composite(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    kind, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if kind is None or body is None:
        return Unknown(span)
    return _literal(reader, body, span, kind)


def _literal(reader: Reader, body: Node, span: Span, kind: Node | None, element: tuple[str, str] = ("", "")) -> Value:
    inner: tuple[str, str] = ("", "")
    if kind is not None and kind.type in {"slice_type", "array_type", "implicit_length_array_type"}:
        inner = type_name(kind.child_by_field_name("element"))
        return Items(tuple(_element(reader, child, inner) for child in body.named_children if child.type != "comment"), span)
    alias, name = type_name(kind) if kind is not None else element
    if kind is not None and kind.type == "map_type":
        inner = type_name(kind.child_by_field_name("value"))
    keyed = [child for child in body.named_children if child.type == "keyed_element"]
    if not keyed:
        listed = [child for child in body.named_children if child.type != "comment"]
        if listed or name.endswith("Array"):
            return Items(tuple(_element(reader, child, inner) for child in listed), span)
    fields: dict[str, Value] = {}
    for pair in keyed:
        ends = [child for child in pair.named_children if child.type != "comment"]
        if len(ends) != 2:
            continue
        fields[_key(reader, ends[0])] = _element(reader, ends[1], inner, ends[0].start_point[0])
    return Fields(fields, span, name, reader.modules.get(alias, "") if alias else "")


def _key(reader: Reader, node: Node) -> str:
    inner = node.named_children[0] if node.type == "literal_element" and node.named_children else node
    if inner.type in {"identifier", "field_identifier"}:
        return text(inner)
    read = reader.value(inner)
    return str(read.value) if isinstance(read, Known) else text(inner)


def _element(reader: Reader, node: Node, element: tuple[str, str], first: int | None = None) -> Value:
    inner = node.named_children[0] if node.type == "literal_element" and node.named_children else node
    if inner.type == "literal_value":
        line = inner.start_point[0] if first is None else first
        place = Span(reader.file.line + line, reader.file.line + inner.end_point[0])
        if reader.depth > DEEPEST:
            return Unknown(place)
        reader.depth += 1
        try:
            return _literal(reader, inner, place, None, element)
        finally:
            reader.depth -= 1
    return reader.value(inner, first, element)


def _parenthesised(reader: Reader, node: Node, span: Span, element: tuple[str, str]) -> Value:
    inner = node.named_children
    return reader.value(inner[0], span.line - reader.file.line, element) if len(inner) == 1 else Unknown(span)


def _closure(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    reader.closures.append(node)
    return Unknown(span)


def _constant(value: bool | None) -> Callable[[Reader, Node, Span, tuple[str, str]], Value]:  # noqa: FBT001 - a literal of the language
    return lambda _reader, _node, span, _element: Known(value, span)


def _whole(reader: Reader, node: Node, span: Span, _: tuple[str, str]) -> Value:
    return reader.inner(node, span)


_HANDLERS: dict[str, Callable[[Reader, Node, Span, tuple[str, str]], Value]] = {
    "interpreted_string_literal": _string,
    "raw_string_literal": _string,
    "int_literal": _number,
    "float_literal": _number,
    "true": _constant(True),  # noqa: FBT003 - a literal of the language
    "false": _constant(False),  # noqa: FBT003 - a literal of the language
    "nil": _constant(None),
    "identifier": _identifier,
    "selector_expression": _selector,
    "call_expression": _call,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "composite_literal": _composite,
    "parenthesized_expression": _parenthesised,
    "func_literal": _closure,
    "index_expression": _whole,
    "slice_expression": _whole,
    "type_assertion_expression": _whole,
    "variadic_argument": _whole,
}
