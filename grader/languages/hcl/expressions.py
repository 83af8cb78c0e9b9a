"""Expressions of HCL: from syntax nodes to values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.languages.hcl.reader import DEEPEST, Mode, Reader, use
from grader.languages.trees import COMPARISONS
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Scalar, Template, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|\$\$\{|%%\{')
_WORDS = {"true": True, "false": False, "null": None}
_INDEXED = re.compile(r"[\[*#\s/]")
_LONGEST_NUMBER = 30
_LAST_CHARACTER = 0x10FFFF


def expression_in(reader: Reader, node: Node, mode: Mode) -> Value:
    """The value of an `expression` node whose names stand for what `mode` says."""
    before, reader.mode = reader.mode, mode
    value = expression(reader, node)
    reader.mode = before
    return value


def expression(reader: Reader, node: Node) -> Value:
    """The value of an `expression` node."""
    if reader.depth >= DEEPEST:
        return Unknown(reader.span(node))
    nodes = node.children
    first = nodes[0] if nodes else node
    kind = first.type
    if kind == "literal_value":
        if len(nodes) == 1:
            return _literal(reader, first)
    elif kind == "variable_expr":
        return _name(reader, nodes)
    reader.depth += 1
    value = _PRIMARIES[kind](reader, first) if len(nodes) == 1 and kind in _PRIMARIES else _operand(reader, nodes, node)
    reader.depth -= 1
    return value


def literal_text(reader: Reader, node: Node) -> str:
    """The text of a quoted string without interpolations (a label, a key)."""
    return _unescape(reader.source[node.start_byte + 1 : max(node.end_byte - 1, node.start_byte + 1)].decode("utf-8", "replace"))


def _operand(reader: Reader, nodes: Sequence[Node], around: Node) -> Value:
    """The value of a primary expression with what follows it (`.attr`, `[index]`), given as siblings."""
    nodes = [one for one in nodes if one.type not in {"comment", "ERROR"}]
    if not nodes:
        return Unknown(reader.span(around))
    first = nodes[0]
    if first.type == "variable_expr":
        return _name(reader, nodes)
    if first.type == "(" and len(nodes) > 1:
        value, rest = expression(reader, nodes[1]), nodes[3:]
    else:
        read = _PRIMARIES.get(first.type)
        if read is None:
            return Unknown(reader.span(around))
        value, rest = read(reader, first), nodes[1:]
    if not rest:
        return value
    inner, _ = _steps(reader, rest)
    return Unknown(reader.span(first, nodes[-1]), (value, *inner))


def _name(reader: Reader, nodes: Sequence[Node]) -> Value:
    """A name with its attributes, indexes and splats."""
    first, last = nodes[0], nodes[-1]
    path = reader.source[first.start_byte : last.end_byte].decode("utf-8", "replace")
    line = reader.offset + first.start_point[0]
    span = Span(line, line + path.count("\n"))
    if path.isprintable() and not _INDEXED.search(path):
        steps = path.split(".")
    else:
        reader.depth += 1
        _, following = _steps(reader, nodes[1:])
        reader.depth -= 1
        steps = [reader.text(first), *following]
        path = " ".join(path.split())
    use(reader, steps, path, span)
    return Name(path, span)


def _steps(reader: Reader, nodes: Sequence[Node]) -> tuple[list[Value], list[str]]:
    """What follows a primary: the values inside indexes, and the attribute names (empty for an index or splat)."""
    inner: list[Value] = []
    names: list[str] = []
    for node in nodes:
        match node.type:
            case "get_attr":
                names.append(reader.text(node).lstrip(".").strip())
            case "index":
                names.append("")
                inner += [expression(reader, one) for index in node.children for one in index.children if one.type == "expression"]
            case "splat":
                names.append("")
                more, following = _steps(reader, [one for splat in node.children for one in splat.children])
                inner += more
                names += following
    return inner, names


def _literal(reader: Reader, node: Node) -> Value:
    text = reader.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    line = reader.offset + node.start_point[0]
    span = Span(line, line)
    if text[:1] == '"':
        return Known(_unescape(text[1:-1]), span)
    if text in _WORDS:
        return Known(_WORDS[text], span)
    return _number(text, span)


def _number(text: str, span: Span) -> Value:
    if len(text) <= _LONGEST_NUMBER:
        for kind in (int, float):
            try:
                return Known(kind(text), span)
            except (ValueError, OverflowError):
                continue
    return Unknown(span)


def _collection(reader: Reader, node: Node) -> Value:
    child = next((one for one in node.children if one.type in {"tuple", "object"}), None)
    if child is None:
        return Unknown(reader.span(node))
    if child.type == "tuple":
        return Items(tuple([expression(reader, one) for one in child.children if one.type == "expression"]), reader.span(child))
    fields: dict[str, Value] = {}
    complete = True
    for element in child.children:
        if element.type != "object_elem":
            continue
        parts = element.children
        if len(parts) < 3 or parts[0].type != "expression" or parts[-1].type != "expression":
            complete = False
            continue
        key, plain = _key(reader, parts[0])
        complete &= plain
        fields[key] = expression(reader, parts[-1])
    return Fields(fields, reader.span(child), complete=complete)


def _key(reader: Reader, node: Node) -> tuple[str, bool]:
    """The key of an object's element, and whether it is known."""
    first = node.children[0] if node.children else node
    if first.type == "variable_expr":
        return reader.text(node), True
    if first.type == "literal_value":
        return reader.text(node).strip('"'), True
    expression(reader, node)
    return reader.text(node).strip('"'), False


def _call(reader: Reader, node: Node) -> Value:
    path = reader.text(node.children[0])
    arguments = next((one for one in node.children if one.type == "function_arguments"), None)
    values: list[Value] = []
    for one in arguments.children if arguments else ():
        if one.type == "expression":
            values.append(expression(reader, one))
        elif one.type == "ellipsis" and values:
            values[-1] = Unknown(values[-1].span, (values[-1],))
    return Call(path, reader.span(node), args=tuple(values))


def _for(reader: Reader, node: Node) -> Value:
    """A `for` expression: its collection is read outside, the rest inside the scope of its names."""
    whole = node.children[0] if node.children else node
    parts: list[Value] = []
    names: list[str] = []
    for intro in whole.children:
        if intro.type == "for_intro":
            names += [reader.text(one) for one in intro.children if one.type == "identifier"]
            parts += [expression(reader, one) for one in intro.children if one.type == "expression"]
    with reader.binding(*names):
        for one in whole.children:
            inner = one.children if one.type == "for_cond" else (one,)
            parts += [expression(reader, part) for part in inner if part.type == "expression"]
    return Unknown(reader.span(node), tuple(parts))


def _conditional(reader: Reader, node: Node) -> Value:
    return Unknown(reader.span(node), tuple([expression(reader, one) for one in node.children if one.type == "expression"]))


def _operation(reader: Reader, node: Node) -> Value:
    """An operation; only the sign of a number is computed."""
    if reader.depth >= DEEPEST or not node.children:
        return Unknown(reader.span(node))
    reader.depth += 1
    inner = node.children[0]
    compares = any(one.type in COMPARISONS for one in inner.children)
    parts: list[Value] = []
    operand: list[Node] = []
    for one in (*inner.children, None):
        if one is not None and (one.is_named or one.type in {"(", ")"}):
            operand.append(one)
        elif operand:
            parts.append(_operand(reader, operand, inner))
            operand = []
    reader.depth -= 1
    match parts:
        case [Known(value=int() | float() as number)] if reader.source[inner.start_byte : inner.start_byte + 1] == b"-":
            return Known(-number, reader.span(node))
    return Unknown(reader.span(node), tuple(parts), compares)


def _template(reader: Reader, node: Node) -> Value:
    """A quoted string or heredoc with interpolations. White space counts, and the grammar leaves it out: text is what lies between."""
    inner = node.children[0] if node.children else node
    heredoc = inner.type == "heredoc_template"
    children = inner.children
    if len(children) < 2:
        return Unknown(reader.span(node))
    position, end = children[0].end_byte, children[-1].start_byte
    if heredoc:
        newline = reader.source.find(b"\n", position)
        position = newline + 1 if newline >= 0 else position
        end = max(reader.source.rfind(b"\n", position, end) + 1, position)
    parts: list[Value] = []
    last = inner.start_point[0]
    for child in children:
        if child.type in {"template_interpolation", "template_directive"}:
            _add_text(reader, parts, position, child.start_byte, last)
            parts.append(_hole(reader, child))
            position, last = child.end_byte, child.end_point[0]
    _add_text(reader, parts, position, end, last)
    if heredoc:
        parts = _outdent(parts) if reader.source.startswith(b"<<-", inner.start_byte) else parts
    plain = _plain if heredoc else _unescape
    parts = [Known(plain(one.value), one.span) if isinstance(one, Known) and isinstance(one.value, str) else one for one in parts]
    span = reader.span(node)
    if len(parts) == 1 and not heredoc:
        return parts[0]
    if all(isinstance(one, Known) and one.value is not None for one in parts):
        return Known("".join(_shown(one.value) for one in parts if isinstance(one, Known)), span)
    return Template(tuple(parts), span)


def _shown(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _add_text(reader: Reader, parts: list[Value], start: int, end: int, row: int) -> None:
    if end > start:
        text = reader.source[start:end].decode("utf-8", "replace")
        line = reader.offset + row
        parts.append(Known(text, Span(line, min(line + text.count("\n"), reader.last))))


def _outdent(parts: list[Value]) -> list[Value]:
    """The parts of a `<<-` heredoc without the white space that all its lines begin with."""
    texts = [one.value if isinstance(one, Known) and isinstance(one.value, str) else "\0" for one in parts]
    lines = [line for line in "".join(texts).split("\n") if line.strip()]
    width = min((len(line) - len(line.lstrip(" \t")) for line in lines), default=0)
    if not width:
        return parts
    margin = re.compile(rf"(?<=\n)[ \t]{{1,{width}}}")
    outdented = [
        Known(margin.sub("", f"\n{one.value}")[1:] if at == 0 else margin.sub("", one.value), one.span)
        if isinstance(one, Known) and isinstance(one.value, str)
        else one
        for at, one in enumerate(parts)
    ]
    return [one for one in outdented if not isinstance(one, Known) or one.value]


def _hole(reader: Reader, node: Node) -> Value:
    """An interpolation or a directive inside a template."""
    if node.type == "template_interpolation":
        inner = next((one for one in node.children if one.type == "expression"), None)
        return expression(reader, inner) if inner is not None else Unknown(reader.span(node))
    if reader.depth >= DEEPEST:
        return Unknown(reader.span(node))
    reader.depth += 1
    parts: list[Value] = []
    names = [
        reader.text(one)
        for whole in node.children
        for intro in whole.children
        if intro.type == "template_for_start"
        for one in intro.children
        if one.type == "identifier"
    ]
    with reader.binding(*names):
        for part in node.children:
            parts += _directive(reader, part)
    reader.depth -= 1
    return Unknown(reader.span(node), tuple(parts))


def _directive(reader: Reader, node: Node) -> list[Value]:
    """The values inside a part of a directive."""
    if node.type == "expression":
        return [expression(reader, node)]
    if node.type in {"template_interpolation", "template_directive"}:
        return [_hole(reader, node)]
    if node.type == "template_literal":
        return [Known(reader.text(node), reader.span(node))]
    if reader.depth >= DEEPEST:
        return []
    reader.depth += 1
    values = [value for child in node.children for value in _directive(reader, child)]
    reader.depth -= 1
    return values


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text or "{" in text else text


def _unescaped(match: re.Match[str]) -> str:
    simple, short, long = match.groups()
    if simple:
        return _ESCAPES[simple]
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code <= _LAST_CHARACTER else match[0]
    return match[0][1:]


def _plain(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


_PRIMARIES: dict[str, Callable[[Reader, Node], Value]] = {
    "expression": expression,
    "literal_value": _literal,
    "template_expr": _template,
    "collection_value": _collection,
    "function_call": _call,
    "for_expr": _for,
    "conditional": _conditional,
    "operation": _operation,
}
