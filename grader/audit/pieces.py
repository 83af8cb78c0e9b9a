"""A failure document as a flat list of pieces: headings, paragraphs, list items, code blocks and table rows, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BOLD_LINE = re.compile(r"^(?:\d+(?:\.\d+)*[.)]\s*)?(?:\*\*|__)(?P<title>[^*_].{2,160}?)(?:\*\*|__):?\s*$")
PSEUDO = 7
"""The level of a line that is bold as a whole: below every heading."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece. `kind` is heading, text, item, code or row; `level` that of a heading, or the depth of an item; lines count from 1."""

    kind: str
    text: str
    line: int
    end_line: int
    level: int = 0
    info: str = ""
    cells: tuple[str, ...] = ()


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - start-up must not load the parser

    return MarkdownIt("commonmark", {"maxNesting": 20, "html": False}).enable("table").disable("code")


def pieces(text: str) -> list[Piece]:
    """The pieces of a document, in order."""
    return list(_pieces(_parser().parse(text)))


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    depth = 0
    row: list[str] | None = None
    item = False
    for index, token in enumerate(tokens):
        place = token.map or [0, 1]
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                item = True
            case "fence":
                yield Piece("code", token.content.rstrip("\n"), place[0] + 2, max(place[1] - 1, place[0] + 2), info=token.info.strip())
            case "tr_open":
                row = []
            case "tr_close":
                line = (tokens[index - 1].map or token.map or [0, 1])[0]
                where = next((one.map for one in reversed(tokens[:index]) if one.type == "tr_open" and one.map), [line, line + 1])
                yield Piece("row", " | ".join(row or []), where[0] + 1, where[0] + 1, cells=tuple(row or []))
                row = None
            case "inline":
                before = tokens[index - 1].type
                if row is not None:
                    row.append(token.content)
                elif before == "heading_open":
                    yield Piece("heading", token.content, place[0] + 1, place[1], int(tokens[index - 1].tag[1:]))
                else:
                    bold = _BOLD_LINE.match(token.content) if not depth else None
                    if bold:
                        yield Piece("heading", token.content, place[0] + 1, place[1], PSEUDO)
                    else:
                        yield Piece("item" if item and depth else "text", token.content, place[0] + 1, place[1], depth)
                    item = False
