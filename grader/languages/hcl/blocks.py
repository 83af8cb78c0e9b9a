"""Blocks of HCL: their arguments and nested blocks as fields, and what a top-level block declares."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.languages import trees
from grader.languages.hcl.expressions import expression_in, literal_text
from grader.languages.hcl.reader import DEEPEST, Mode, Reader, note
from grader.model.solutions import Binding, Category, Symbol
from grader.model.values import Fields, Items, Known, Name, Unknown, Value, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from grader.model.documents import File
    from grader.model.solutions import SyntaxProblem
    from grader.model.spans import Span

TERRAFORM = frozenset(
    {
        "resource",
        "data",
        "variable",
        "output",
        "module",
        "provider",
        "locals",
        "terraform",
        "moved",
        "import",
        "removed",
        "check",
        "ephemeral",
        "action",
    }
)
"""Types of top-level blocks of Terraform."""

_SILENT = frozenset({"terraform", "moved", "import", "removed"})
"""Blocks of Terraform whose names demand no declaration."""

_PROVIDED = frozenset({"resource", "data", "ephemeral", "action"})
"""Blocks that choose their provider's configuration."""

_KEYWORDS = frozenset({("lifecycle", "ignore_changes"), ("variable", "type"), ("provisioner", "when"), ("provisioner", "on_failure")})
"""Arguments, by the block they stand in, that hold types, attribute names or keywords."""

GRAMMAR = "tree_sitter_hcl"
_START = re.compile(rf"^(?:{'|'.join(sorted(TERRAFORM))})\b[^\n={{]*\{{", re.MULTILINE)
_MOST_CLOSERS = 4


@dataclass(frozen=True, slots=True)
class Top:
    """A top-level block or attribute: its node, the bytes it was parsed from, and the document line of their first row.

    `whole` is false in a file that the grammar rejects, where a part of the block may be lost.
    """

    node: Node
    source: bytes
    line: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block that was read."""

    binding: Binding
    symbols: tuple[Symbol, ...]


def tops(file: File) -> tuple[list[Top], tuple[SyntaxProblem, ...]]:
    """The top-level blocks and attributes of a file, and the places that the grammar rejects.

    A file with such places is read piece by piece, a top-level block each, so that one broken block does not hide the others.
    """
    root = trees.parse_tree(file, GRAMMAR).root_node
    if not root.has_error:
        source = file.text.encode("utf-8", "replace")
        return [Top(node, source, file.line) for node in _outermost(root)], ()
    starts = [match.start() for match in _START.finditer(file.text)]
    if not starts:
        source = file.text.encode("utf-8", "replace")
        return [Top(node, source, file.line) for node in _outermost(root) if not node.has_error], trees.problems(file, root)
    if file.text[: starts[0]].strip():
        starts.insert(0, 0)
    found: list[Top] = []
    rejected: list[SyntaxProblem] = []
    line = file.line + file.text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(file.text)], strict=True):
        piece = file.text[start:end]
        found += _piece(replace(file, text=piece.rstrip(), line=line), rejected, last=end == len(file.text))
        line += piece.count("\n")
    problems = tuple(replace(one, file=file) for one in rejected[: trees.MOST_PROBLEMS])
    return found, problems or trees.problems(file, root)


def _piece(piece: File, rejected: list[SyntaxProblem], *, last: bool) -> list[Top]:
    """The block of one piece. What is cut off is closed where that helps; of a block that cannot be read its head remains."""
    root = trees.parse_tree(piece, GRAMMAR).root_node
    rejected += trees.problems(piece, root)
    if root.has_error:
        head = _START.match(piece.text)
        closed = [piece.text + "\n}" * closers for closers in range(1, _MOST_CLOSERS)] if last else []
        for text in [*closed, f"{head[0]}}}"] if head else closed:
            mended = replace(piece, text=text)
            tree = trees.parse_tree(mended, GRAMMAR).root_node
            if not tree.has_error:
                piece, root = mended, tree
                break
    source = piece.text.encode("utf-8", "replace")
    return [Top(node, source, piece.line, whole=False) for node in _outermost(root) if not node.has_error]


def _outermost(root: Node) -> Iterator[Node]:
    for body in root.children:
        if body.type == "body":
            yield from (one for one in body.children if one.type in {"block", "attribute"})


def read_block(reader: Reader, node: Node, *, whole: bool = True) -> Block:
    """Read one top-level block; `whole` is false where a part of it may be lost."""
    kind, labels, body = _head(reader, node)
    silent = kind not in TERRAFORM or kind in _SILENT or (reader.file.name or "").endswith((".tftest.hcl", ".tfvars"))
    reader.mode = Mode.SILENT if silent else Mode.NORMAL
    fields = _body(reader, body, kind)
    span = reader.span(node)
    value = Fields(fields, span, kind, complete=whole)
    binding = Binding(value, span, reader.file, ".".join((kind, *labels)), many="count" in fields or "for_each" in fields)
    return Block(binding, tuple(_symbols(reader, value, labels)))


def _head(reader: Reader, node: Node) -> tuple[str, list[str], Node | None]:
    """A block's type, labels and body."""
    words: list[str] = []
    body = None
    for child in node.children:
        match child.type:
            case "identifier":
                words.append(reader.text(child))
            case "string_lit":
                words.append(literal_text(reader, child))
            case "body":
                body = child
    return words[0] if words else "", words[1:], body


def _body(reader: Reader, body: Node | None, kind: str) -> dict[str, Value]:
    """The arguments and nested blocks of a body, in source order."""
    fields: dict[str, Value] = {}
    blocks: dict[str, list[Value]] = {}
    open_ended: set[str] = set()
    for node in body.children if body is not None else ():
        if node.type == "attribute":
            parts = node.children
            if len(parts) >= 3 and parts[-1].type == "expression":
                name = reader.text(parts[0])
                fields[name] = expression_in(reader, parts[-1], _mode(reader, kind, name))
                if name == "provider" and kind in _PROVIDED and reader.mode is Mode.NORMAL:
                    _quoted_provider(reader, fields[name])
        elif node.type == "block":
            name, labels, inner = _head(reader, node)
            if reader.depth >= DEEPEST:
                blocks.setdefault(name, []).append(Unknown(reader.span(node)))
                continue
            reader.depth += 1
            if name == "dynamic" and labels:
                name = labels[0]
                open_ended.add(name)
                blocks.setdefault(name, []).extend(_dynamic(reader, inner, name))
            else:
                blocks.setdefault(name, []).append(Fields(_body(reader, inner, name), reader.span(node), ".".join(labels)))
            reader.depth -= 1
            fields.setdefault(name, blocks[name][0])
    for name, values in blocks.items():
        if len(values) > 1 or name in open_ended:
            fields[name] = Items(tuple(values), _around(values), complete=name not in open_ended)
    return fields


def _dynamic(reader: Reader, body: Node | None, name: str) -> Iterator[Value]:
    """The content of a `dynamic` block, and an unknown value that keeps what it loops over."""
    iterator = name
    over: list[Value] = []
    contents: list[Node] = []
    for node in body.children if body is not None else ():
        if node.type == "block":
            contents.append(node)
        elif node.type == "attribute" and node.children[-1].type == "expression":
            key = reader.text(node.children[0])
            value = expression_in(reader, node.children[-1], Mode.SILENT if key == "iterator" else reader.mode)
            if key == "iterator" and isinstance(value, Name):
                iterator = value.path
            elif key == "for_each":
                over.append(value)
    with reader.binding(iterator):
        for node in contents:
            _, _, inner = _head(reader, node)
            yield Fields(_body(reader, inner, name), reader.span(node))
    yield from (Unknown(value.span, (value,)) for value in over)


def _around(values: Sequence[Value]) -> Span:
    return values[0].span._replace(end_line=max(one.span.end_line for one in values))


def _mode(reader: Reader, kind: str, name: str) -> Mode:
    """What names in the argument `name` of a block `kind` stand for."""
    if reader.mode is Mode.SILENT or (kind, name) in _KEYWORDS:
        return Mode.SILENT
    if (name == "provider" and kind in _PROVIDED) or (kind == "module" and name == "providers"):
        return Mode.PROVIDER
    return Mode.NORMAL


def _quoted_provider(reader: Reader, value: Value) -> None:
    """`provider = "aws.west"`, as older Terraform writes it."""
    match value:
        case Known(value=str() as text) if text.count(".") == 1:
            note(reader, f"provider.{text}", Category.PROVIDER, value.span, text)


def _symbols(reader: Reader, block: Fields, labels: Sequence[str]) -> Iterator[Symbol]:
    """What a top-level block declares."""

    def symbol(name: str, category: Category, span: Span = block.span, kind: str = "") -> Symbol:
        return Symbol(reader.folder, name, category, span, reader.file, kind)

    match block.type, *labels:
        case "resource", str() as kind, str() as name:
            yield symbol(f"{kind}.{name}", Category.RESOURCE, kind=kind)
        case "data", str() as kind, str() as name:
            yield symbol(f"data.{kind}.{name}", Category.DATA, kind=kind)
        case ("ephemeral" | "action") as family, str() as kind, str() as name:
            yield symbol(f"{family}.{kind}.{name}", Category.RESOURCE, kind=kind)
        case "variable", str() as name:
            yield symbol(f"var.{name}", Category.VARIABLE)
        case "output", str() as name:
            yield symbol(f"output.{name}", Category.OUTPUT)
        case "module", str() as name:
            yield symbol(f"module.{name}", Category.MODULE)
        case "provider", str() as name:
            alias = block.fields.get("alias")
            qualified = f"provider.{name}.{alias.value}" if isinstance(alias, Known) else f"provider.{name}"
            yield symbol(qualified, Category.PROVIDER)
        case ("locals",):
            for name, value in block.fields.items():
                yield symbol(f"local.{name}", Category.LOCAL, value.span)
        case ("terraform",):
            for alias in _aliases(block):
                yield symbol(f"provider.{alias.path}", Category.PROVIDER, alias.span)
        case ("check", *_):
            data = block.fields.get("data")
            for one in data.items if isinstance(data, Items) else (data,) if data is not None else ():
                if isinstance(one, Fields):
                    yield symbol(f"data.{one.type}", Category.DATA, one.span)


def _aliases(block: Fields) -> Iterator[Name]:
    """The provider configurations that a module expects from its caller."""
    required = block.fields.get("required_providers")
    for one in walk(required) if required is not None else ():
        if isinstance(one, Fields) and "configuration_aliases" in one.fields:
            yield from (alias for alias in walk(one.fields["configuration_aliases"]) if isinstance(alias, Name))
