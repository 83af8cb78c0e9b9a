"""The syntax tree of a TypeScript or JavaScript text: the grammar that fits, repairs that keep lines, and wrappings for fragments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.trees import parse_tree, problems
from grader.model.solutions import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from grader.model.documents import File

LONGEST_FRAGMENT = 20_000
"""Characters up to which a fragment is tried in its wrappings: each costs a parse."""
_CONFLICT = re.compile(r"^(?:<{7}(?: .*)?|={7}|>{7}(?: .*)?|\|{7}(?: .*)?)$", re.MULTILINE)
_SHEBANG = re.compile(r"(?:[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)?[ \t]*\n)*(#![^\n]*)")
_GLUED_FENCE = re.compile(r"`{3,}[ \t]*\s*\Z")
_IMPORT_TYPE = re.compile(r"\bimport\(\s*(?:'[^'\n]*'|\"[^\"\n]*\")\s*\)(?:\.\w+)+(?=\s*\[\s*\])")
_JSX = re.compile(r"</[\w.]*>|/>")
_TYPED_NAME = re.compile(r"\.[cm]?tsx?$")
_PLAIN_NAME = re.compile(r"\.[cm]?jsx?$")
_WRAPPINGS = (("({", "\n})"), ("class _ {", "\n}"), ("async function* _() {", "\n}"), ("[{", "\n}]"), ("_(", "\n)"))
"""What a fragment may be a part of: an object, a class, a function, a list, a call. The first line keeps its number."""
_ELIDED = re.compile(
    r"(?://|/\*)[ \t*]*(?:\.{3}|\u2026)"
    r"|(?://|/\*)[^\n]{0,80}?\b(?:rest of|existing|remaining|previous|omitted|unchanged|same as|other)\b[^\n]{0,80}?(?:\.{3}|\u2026|\bcode\b|\bhere\b|\bunchanged\b|\b(?:before|above)\b)",
    re.IGNORECASE,
)


class Source(NamedTuple):
    """A text as it was parsed. `file` holds the repaired text; `rejected` is empty where a wrapping made a fragment valid."""

    file: File
    root: Node
    rejected: tuple[SyntaxProblem, ...]
    typed: bool
    wrapped: bool


def read_source(file: File) -> Source:
    """Parse a file with the grammar that accepts it; a fragment that none accepts is tried in its wrappings."""
    clean = repaired(file.text)
    mended = file if clean == file.text else replace(file, text=clean)
    root, typed = _best(mended)
    if root.has_error and not file.whole and len(clean) <= LONGEST_FRAGMENT:
        for before, after in _WRAPPINGS:
            inside = replace(mended, text=f"{before}{clean}{after}")
            for package, function in _grammars(inside):
                wrapped = parse_tree(inside, package, function).root_node
                if not wrapped.has_error:
                    return Source(inside, wrapped, (), typed, wrapped=True)
    return Source(mended, root, _problems(mended, root), typed, wrapped=False)


def is_elided(text: str) -> bool:
    """Whether a comment says that code was left out: what is not there may have stood there."""
    return _ELIDED.search(text) is not None


def repaired(text: str) -> str:
    """The text with what no grammar knows replaced by spaces: a `#!` line after comments, conflict markers, a glued fence, a byte order mark."""
    if text.startswith("\ufeff"):
        text = f" {text[1:]}"
    if "#!" in text:
        found = _SHEBANG.match(text)
        if found is not None:
            text = _blank(text, found.start(1), found.end(1))
    if "<<<<<<< " in text and ">>>>>>>" in text:
        text = _CONFLICT.sub(lambda found: " " * len(found.group()), text)
    if text.rstrip().endswith("```"):
        found = _GLUED_FENCE.search(text)
        if found is not None and text.count("`") % 2:
            text = _blank(text, found.start(), found.start() + len(found.group().rstrip()))
    return text


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _best(file: File) -> tuple[Node, bool]:
    """The tree of the first grammar without an error, else that of the language's own; and whether it has types."""
    first: Node | None = None
    for package, function in _grammars(file):
        root = parse_tree(file, package, function).root_node
        if not root.has_error:
            return root, _is_typed(file, package)
        first = first or root
        if "import(" in file.text and package == "tree_sitter_typescript":
            known = _IMPORT_TYPE.sub(lambda found: "any".ljust(len(found.group())), file.text)
            other = parse_tree(replace(file, text=known), package, function).root_node
            if not other.has_error:
                return other, _is_typed(file, package)
    if first is None:
        raise AssertionError
    return first, _is_typed(file, "tree_sitter_typescript")


def _grammars(file: File) -> Iterator[tuple[str, str]]:
    """Grammars to try in order, each as wheel and function."""
    name = file.name or ""
    jsx = name.endswith("x") or _JSX.search(file.text) is not None
    if file.language == "javascript" and not _TYPED_NAME.search(name):
        yield "tree_sitter_javascript", "language"
    if name.endswith(".tsx"):
        yield "tree_sitter_typescript", "language_tsx"
    yield "tree_sitter_typescript", "language_typescript"
    if jsx and not name.endswith(".tsx"):
        yield "tree_sitter_typescript", "language_tsx"


def _is_typed(file: File, package: str) -> bool:
    """Whether a compiler would check the members of types: TypeScript, and not CommonJS code under a TypeScript tag."""
    if package != "tree_sitter_typescript" or _PLAIN_NAME.search(file.name or ""):
        return False
    return file.name is not None or not (file.language == "javascript" or "exports." in file.text)


def _problems(file: File, root: Node) -> tuple[SyntaxProblem, ...]:
    try:
        return problems(file, root)
    except RecursionError:  # nested deeper than the stack: the places are lost, the fact is not
        return (SyntaxProblem("nested too deeply to be read", file.span, file),)
