"""What the tree-sitter languages share: one parser a grammar, spans of nodes, and the places a grammar rejects."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from grader.model.solutions import SyntaxProblem
from grader.model.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Parser, Tree

    from grader.model.documents import File

MOST_PROBLEMS = 20
COMPARISONS = frozenset({"==", "!=", "===", "!==", "<", ">", "<=", ">="})
"""Operators that only look at their operands: what stands beside them is not used for anything."""
_LONG = 12
"""A rejected place of more lines says nothing of its cause by its first words."""
_CLOSERS = {"{": "}", "(": ")", "[": "]", "${": "}"}


@cache
def parser(package: str, function: str = "language") -> Parser:
    """The parser of a grammar wheel (`tree_sitter_go`), made on first use."""
    from tree_sitter import Language, Parser  # noqa: PLC0415 - start-up must not load grammars

    return Parser(Language(getattr(import_module(package), function)()))


def parse_tree(file: File, package: str, function: str = "language") -> Tree:
    """The syntax tree of a file's text."""
    return parser(package, function).parse(file.text.encode("utf-8", "replace"))


def text(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def span(file: File, node: Node) -> Span:
    """The lines of a node in the Markdown document."""
    return Span(file.line + node.start_point[0], file.line + node.end_point[0])


def problems(file: File, root: Node) -> tuple[SyntaxProblem, ...]:
    """The outermost places that the grammar rejects, in order, at most `MOST_PROBLEMS`."""
    if not root.has_error:
        return ()
    return tuple(one for _, one in zip(range(MOST_PROBLEMS), _rejected(file, root), strict=False))


def _rejected(file: File, root: Node) -> Iterator[SyntaxProblem]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing:
            yield SyntaxProblem(f"`{node.type}` is missing", span(file, node), file)
        elif node.is_error and node.end_point[0] - node.start_point[0] >= _LONG:
            yield _unreadable(file, node)
        elif node.is_error:
            words = text(node).strip().splitlines()
            seen = words[0].strip()[:60] if words else ""
            yield SyntaxProblem(f"unexpected `{seen}`" if seen else "unexpected end", span(file, node), file)
        elif node.has_error:
            stack.extend(reversed(node.children))


def _unreadable(file: File, error: Node) -> SyntaxProblem:
    """A long rejected place: the first short one inside it, else the bracket that is open at the file's end, else no more than where it is."""
    open_: list[Node] = []
    pending = list(reversed(error.children))
    while pending:
        node = pending.pop()
        pending.extend(reversed(node.children))
        if node.is_error and node.end_point[0] - node.start_point[0] < _LONG:
            return SyntaxProblem(f"unexpected `{text(node).strip().split(chr(10))[0].strip()[:60]}`", span(file, node), file)
        if node.type in _CLOSERS and not node.is_missing:
            open_.append(node)
        elif open_ and node.type == _CLOSERS[open_[-1].type]:
            open_.pop()
    whole = span(file, error)
    if open_ and error.parent is None:
        return SyntaxProblem(f"`{open_[-1].type}` is open at the end of the file", span(file, open_[-1]), file)
    return SyntaxProblem(f"lines {whole.line}-{whole.end_line} cannot be read", whole, file)
