"""Java: package, declarations, uses and values of one file; names across the packages of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.languages.java.declarations import KINDS, declare, elided, read_head
from grader.languages.java.facts import Declared
from grader.languages.java.packages import link
from grader.languages.java.reader import Reader
from grader.languages.java.statements import read_type, statement
from grader.languages.trees import parser, problems
from grader.model.solutions import SyntaxProblem, Unit

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File

__all__ = ["LANGUAGES", "link", "parse"]

LANGUAGES = ("java",)
_WRAPPINGS = (("class _ { ", "\n}"), ("class _ { void _() { ", "\n} }"), ("class _ { Object _ = _", ";\n}"), ("class _ { Object _ = ", ";\n}"))
"""What a fragment may stand in: a class, a method, a chain of calls, an expression. They add no line before it."""


def parse(file: File) -> Unit:
    """Read one Java file; a fragment that is rejected is tried inside a class, a method and an expression."""
    source, root = _tree(file.text)
    rejected = _problems(file, root)
    if rejected and not file.whole:
        for before, after in _WRAPPINGS:
            wrapped, inner = _tree(f"{before}{file.text}{after}")
            if not inner.has_error:
                source, root, rejected = wrapped, inner, ()
                break
    reader = Reader(file, source)
    packages = read_head(reader, root)
    partial = not file.whole or packages > 1 or elided(file.text)
    types = [(node, declare(reader, node)) for node in root.named_children if node.type in KINDS]
    placed = {node.id: name for node, name in types}
    for node in root.named_children:
        if node.id in placed:
            read_type(reader, node, placed[node.id])
        else:
            statement(reader, node)
    symbols = tuple(one for one in reader.symbols if one.name != "_" and not one.name.startswith("_."))
    if rejected or partial:
        symbols = tuple(replace(one, open=True) if isinstance(one, Declared) else one for one in symbols)
    sound = not rejected and not partial and reader.complete and not file.superseded
    return Unit(
        file,
        reader.package,
        tuple(reader.imports),
        symbols,
        tuple(reader.uses) if sound else (),
        tuple(reader.bindings),
        rejected,
    )


def _tree(text: str) -> tuple[bytes, Node]:
    source = text.encode("utf-8", "replace")
    return source, parser("tree_sitter_java").parse(source).root_node


def _problems(file: File, root: Node) -> tuple[SyntaxProblem, ...]:
    try:
        return problems(file, root)
    except RecursionError:
        return (SyntaxProblem("nested too deep", file.span, file),)
