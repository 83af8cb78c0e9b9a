"""Literals of Java as values, and constants that are made of nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.model.values import Known, Scalar

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.java.reader import Reader

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", '"': '"', "'": "'", "\\": "\\", "\n": ""}
_ESCAPE = re.compile(r"\\(u+[0-9a-fA-F]{4}|[0-3]?[0-7]{1,2}|.|\n)", re.DOTALL)
_LONGEST = 4000
LONGEST_TEXT = 100_000
"""Constants that are longer are not put together."""


def _unescape(match: re.Match[str]) -> str:
    word = match[1]
    if word[0] == "u" and len(word) > 1:
        return chr(int(word[-4:], 16))
    if word[0] in "01234567":
        return chr(int(word, 8))
    return _ESCAPES.get(word, word)


def _string(text: str) -> str:
    if text.startswith('"""'):
        lines = text[3:].removesuffix('"""').split("\n")[1:]
        margins = [len(line) - len(line.lstrip()) for place, line in enumerate(lines) if line.strip() or place == len(lines) - 1]
        margin = min(margins, default=0)
        text = "\n".join(line[margin:].rstrip() for line in lines)
    else:
        text = text[1:].removesuffix('"')
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def literal(reader: Reader, node: Node) -> Scalar:
    """The scalar of a literal node.

    Raises:
        ValueError: the node is no literal, or no Java number.
    """
    kind = node.type
    if kind in {"string_literal", "text_block"}:
        return _string(reader.text(node))
    if kind == "true":
        return True
    if kind == "false":
        return False
    if kind == "null_literal":
        return None
    text = reader.text(node)
    if kind == "character_literal":
        return _ESCAPE.sub(_unescape, text[1:-1])
    number = text.replace("_", "")
    if len(number) > _LONGEST:
        raise ValueError(kind)
    if kind == "decimal_integer_literal":
        return int(number.rstrip("lL"))
    if kind in {"hex_integer_literal", "octal_integer_literal", "binary_integer_literal"}:
        number = number.rstrip("lL")
        return int(number, 0) if number[1:2] in "xXbB" else int(number, 8)
    if kind == "decimal_floating_point_literal":
        return float(number.rstrip("fFdD"))
    raise ValueError(kind)


LITERALS = frozenset(
    (
        "string_literal text_block true false null_literal character_literal decimal_integer_literal hex_integer_literal octal_integer_literal "
        "binary_integer_literal decimal_floating_point_literal"
    ).split()
)


def constant(reader: Reader, name: str, depth: int = 0) -> Known | None:
    """The value of a constant of this file, by its name or `Type.NAME`, if it is made of literals and constants and never changes."""
    found = reader.constant(name)
    if found is None or depth > 20:
        return None
    node, final = found
    if node.id not in reader.values:
        scalar = _scalar(reader, node, depth) if final or reader.assignments(name.rpartition(".")[2]) == 1 else None
        short = scalar is not None and not (isinstance(scalar[0], str) and len(scalar[0]) > LONGEST_TEXT)
        reader.values[node.id] = Known(scalar[0], reader.span(node), name) if scalar is not None and short else None
    return reader.values[node.id]


def _scalar(reader: Reader, node: Node, depth: int) -> tuple[Scalar] | None:
    """The scalar in a tuple, since null is one."""
    terms: list[str] = []
    while node.type == "binary_expression" and any(one.type == "+" for one in node.children):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        term = _scalar(reader, right, depth + 1) if right is not None and depth < 20 else None
        if left is None or term is None or not isinstance(term[0], str):
            return None
        terms.append(term[0])
        node = left
    if node.type in LITERALS:
        try:
            first: Scalar = literal(reader, node)
        except ValueError:
            return None
    elif node.type in {"identifier", "field_access"}:
        known = constant(reader, reader.text(node), depth + 1)
        if known is None:
            return None
        first = known.value
    elif node.type == "parenthesized_expression" and node.named_child_count == 1 and depth < 20:
        inner = _scalar(reader, node.named_children[0], depth + 1)
        if inner is None:
            return None
        first = inner[0]
    else:
        return None
    if not terms:
        return (first,)
    return (first + "".join(reversed(terms)),) if isinstance(first, str) else None
