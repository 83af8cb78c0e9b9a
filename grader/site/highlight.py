"""The lines of a document as HTML: code in the colours of its language, everything else as it stands, nothing unescaped."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from grader.markdown import read_document
from grader.model.documents import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

LEXERS = {"hcl": "terraform", "typescript": "typescript", "javascript": "javascript", "dockerfile": "docker"}
"""Names of pygments' lexers where they differ from ours; any other language is looked up under its own name."""
MOST_LINE = 2_000
"""Characters of one line; more is cut with a mark, so that no line of an answer makes a page unusable."""
MOST_HTML = 110_000
"""Bytes of the coloured lines of one document; above it they stand without colours, which halves them."""
MOST_PLAIN = 140_000
"""Bytes of the plain lines of one document; what follows is left out and said so."""


def lines_of(text: str) -> tuple[list[str], int]:
    """The lines of a document as HTML, and how many of them were left out at its end."""
    rows = [_shown(line) for line in text.split("\n")]
    plain = [escape(row, quote=False) for row in rows]
    coloured = list(plain)
    for block in read_document(text).blocks:
        if block.language and block.role is not Role.QUOTE and block.line <= len(rows):
            last = min(block.end_line, len(rows))
            painted = _painted("\n".join(rows[block.line - 1 : last]), block.language)
            if len(painted) == last - block.line + 1:
                coloured[block.line - 1 : last] = painted
    if sum(map(len, coloured)) <= MOST_HTML:
        return coloured, 0
    size = 0
    for at, row in enumerate(plain):
        size += len(row) + 9
        if size > MOST_PLAIN:
            return plain[:at], len(plain) - at
    return plain, 0


def _shown(line: str) -> str:
    cut = line if len(line) <= MOST_LINE else f"{line[:MOST_LINE]}\N{HORIZONTAL ELLIPSIS}"
    return "".join(char if char.isprintable() or char == "\t" else "\N{REPLACEMENT CHARACTER}" for char in cut)


def _painted(text: str, language: str) -> list[str]:
    lexer = _lexer(language)
    if lexer is None:
        return []
    rows, row = [], ""
    for kind, piece in _tokens(lexer, text):
        for at, part in enumerate(piece.split("\n")):
            if at:
                rows.append(row)
                row = ""
            if part:
                row += f'<i class="{kind}">{escape(part, quote=False)}</i>' if kind else escape(part, quote=False)
    return [*rows, row]


def _tokens(lexer: Lexer, text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with one letter for its colour: comment, string, number, keyword, name of a type or field."""
    from pygments.token import Token  # noqa: PLC0415 - start-up must not load pygments

    kinds = (
        (Token.Comment, "c"),
        (Token.Literal.String, "s"),
        (Token.Literal.Number, "n"),
        (Token.Keyword, "k"),
        (Token.Name.Tag, "t"),
        (Token.Name.Class, "t"),
    )
    last, held = "", ""
    for token, piece in lexer.get_tokens(text):
        kind = next((letter for parent, letter in kinds if parent in token.split()), "") if piece.strip() else last
        if kind != last and held:
            yield last, held
            held = ""
        last, held = kind, held + piece
    if held:
        yield last, held.removesuffix("\n") if not text.endswith("\n") else held


@cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - start-up must not load pygments
    from pygments.util import ClassNotFound  # noqa: PLC0415 - the same

    try:
        return get_lexer_by_name(LEXERS.get(language, language), stripnl=False, ensurenl=True)
    except ClassNotFound:
        return None
