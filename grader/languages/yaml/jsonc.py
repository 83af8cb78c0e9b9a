"""JSON with its lines: comments and trailing commas are read and remembered, and broken text gives what can be recovered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from grader.languages.yaml.compose import DEEPEST, Complaint
from grader.model.spans import Span
from grader.model.values import Fields, Items, Known, Unknown, Value

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\\n]+|\\[^\n])*+"?)(?P<colon>\s*:)?"""
    r"""|(?P<mark>[{}\[\]:,])"""
    r"""|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]))"""
    r"""|(?P<comment>//[^\n]*|\#[^\n]*)"""
    r"""|(?P<open>/\*)"""
    r"""|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<other>'[^'\n]*'?|\.{3}|\S))"""
)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_ELISION = frozenset({"...", "\N{HORIZONTAL ELLIPSIS}"})
"""Stands for what the author left out; that the text is elided, others say."""
_CLOSES = {"}": "{", "]": "["}
_MOST = 5
"""Complaints that are kept: what follows the first ones seldom stands for itself."""
_LONGEST = 300
"""Digits of a number that are read."""


@dataclass(frozen=True, slots=True)
class Read:
    """The values of a text in order; what no parser takes (`complaints`), and what only parsers of JSON with comments take (`lenient`)."""

    roots: tuple[Value, ...]
    complaints: tuple[Complaint, ...]
    lenient: tuple[Complaint, ...]


@dataclass(slots=True)
class _Open:
    """A map or list whose end has not been seen. `wants` is what may come next: `key`, `:`, `value` or `,`."""

    mark: str
    line: int
    opened: int
    wants: str
    fields: dict[str, Value] = field(default_factory=dict)
    items: list[Value] = field(default_factory=list)
    key: str = ""
    key_line: int = 0
    complete: bool = True
    comma: int = 0


def read_json(text: str, line: int) -> Read:
    """Read JSON text whose first line is line `line` of the document; never raises.

    Words and comments before the first brace and after the last are nobody's concern: Markdown names files there. Values that follow
    each other are several roots; members without braces are read as if the braces were there.
    """
    reader = _Reader(line)
    position = previous = 0
    closer = 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup or ""
        start = match.start("text" if kind == "colon" else kind)
        reader.at += text.count("\n", previous, start)
        previous, position = start, match.end()
        if kind == "colon":
            reader.name(match.group("text"))
        elif kind == "open":
            if closer >= 0:
                closer = text.find("*/", position)
            position = closer + 2 if closer >= 0 else len(text)
            reader.comment()
        elif kind == "comment":
            reader.comment()
        else:
            reader.token(kind, match.group(kind))
        if reader.too_deep:
            break
    reader.finish()
    return Read(tuple(reader.roots), tuple(reader.complaints[:_MOST]), tuple(reader.lenient[:_MOST]))


class _Reader:
    """Builds values from tokens. `at` is the line of the document that the current token stands in."""

    __slots__ = ("at", "complaints", "lenient", "roots", "stack", "too_deep")

    def __init__(self, line: int) -> None:
        self.at = line
        self.roots: list[Value] = []
        self.stack: list[_Open] = []
        self.complaints: list[Complaint] = []
        self.lenient: list[Complaint] = []
        self.too_deep = False

    def comment(self) -> None:
        """A comment; one outside the braces is Markdown's: it names the file."""
        if self.stack:
            self.lenient.append(Complaint("a comment, which JSON does not have", self.at))

    def name(self, text: str) -> None:
        """A text and the colon after it."""
        top = self.stack[-1] if self.stack else None
        if top is not None and top.wants == "key" and "\\" not in text and len(text) > 1 and text[-1] == '"':
            top.key, top.key_line, top.wants = text[1:-1], self.at, "value"
        else:
            self.token("text", text)
            self.token("mark", ":")

    def token(self, kind: str, text: str) -> None:
        """Any other token."""
        top = self.stack[-1] if self.stack else None
        if kind == "mark":
            self._mark(text, top)
        elif kind == "text" or (kind == "other" and text[0] == "'") or (kind == "word" and top is not None and top.wants == "key"):
            if kind != "text" or len(text) < 2 or text[-1] != '"':
                self._complain(f"{'a text is not closed' if kind == 'text' else 'a text needs double quotes'}: `{text[:40]}`")
            self._text(_decoded(text) if kind == "text" else text.strip("'"), top)
        elif top is None and kind != "word":
            return
        elif kind == "number":
            self._put(Known(_number(text), self._span(top)), top)
        elif kind == "word" and text in _WORDS:
            self._put(Known(_WORDS[text], self._span(top)), top)
        elif top is not None:
            top.complete = False
            if text not in _ELISION:
                self._complain(f"unexpected `{text[:40]}`")

    def finish(self) -> None:
        """Close what is still open at the end of the text."""
        if self.stack and self.stack[-1].mark and not self.too_deep:
            self._complain(f"`{self.stack[-1].mark}` of line {self.stack[-1].opened} is never closed")
        while self.stack:
            self._close(complete=False)

    def _complain(self, message: str) -> None:
        if len(self.complaints) < _MOST:
            self.complaints.append(Complaint(message, self.at))

    def _span(self, top: _Open | None) -> Span:
        return Span(top.key_line, self.at) if top is not None and top.wants == "value" and top.key_line else Span(self.at, self.at)

    def _mark(self, mark: str, top: _Open | None) -> None:
        if mark in "{[":
            if len(self.stack) >= DEEPEST:
                self.too_deep = True
                return
            start = self._span(top).line
            self._before(top)
            self.stack.append(_Open(mark, start, self.at, "key" if mark == "{" else "value"))
        elif mark in "}]":
            self._end(_CLOSES[mark], mark, top)
        elif mark == ":" and top is None and len(self.roots) == 1 and isinstance(self.roots[0], Known) and isinstance(self.roots[0].value, str):
            self._open_fragment(self.roots.pop())
        elif top is None:
            return
        elif top.wants != mark:
            if mark != "," or top.complete:
                self._complain(f"unexpected `{mark}`")
        elif mark == ":":
            top.wants = "value"
        else:
            top.wants, top.key_line, top.comma = ("value" if top.mark == "[" else "key"), 0, self.at

    def _open_fragment(self, name: Value) -> None:
        """Members without their braces: a piece of a file, read as if the braces were there."""
        line = name.span.line
        key = str(name.value) if isinstance(name, Known) else ""
        self.stack.append(_Open("", line, line, "value", key=key, key_line=line))

    def _end(self, opener: str, mark: str, top: _Open | None) -> None:
        if top is None or all(one.mark != opener for one in self.stack):
            self._complain(f"unexpected `{mark}`")
            return
        if top.mark != opener:
            self._complain(f"unexpected `{mark}`: `{top.mark}` of line {top.opened} is not closed")
        while self.stack[-1].mark != opener:
            self._close(complete=False)
        top = self.stack[-1]
        if top.wants == ":" or (top.wants == "value" and top.mark == "{"):
            self._complain(f"`{top.key}` has no value")
            top.complete = False
        elif top.comma and top.wants != ",":
            self.lenient.append(Complaint("a trailing comma, which JSON does not have", top.comma))
        self._close(complete=top.complete)

    def _text(self, text: str, top: _Open | None) -> None:
        if top is not None and top.mark != "[":
            if top.wants == ",":
                self._complain(f'expected `,` before `"{text[:40]}"`')
                top.wants = "key"
            if top.wants == "key":
                top.key, top.key_line, top.wants = text, self.at, ":"
                return
        self._put(Known(text, self._span(top)), top)

    def _before(self, top: _Open | None) -> None:
        """Complain where no value may stand."""
        if top is not None and top.wants != "value":
            self._complain("expected `,`" if top.wants == "," else f"expected `:` after `{top.key}`" if top.wants == ":" else "expected a name")

    def _put(self, value: Value, top: _Open | None) -> None:
        self._before(top)
        self._give(value)

    def _give(self, value: Value) -> None:
        if not self.stack:
            self.roots.append(value)
            return
        top = self.stack[-1]
        if top.mark == "[":
            top.items.append(value)
        elif top.wants == "key":
            top.complete = False
            return
        else:
            top.fields[top.key] = value
        top.wants = ","

    def _close(self, *, complete: bool) -> None:
        top = self.stack.pop()
        span = Span(top.line, self.at)
        if top.mark == "[":
            self._give(Items(tuple(top.items), span, complete))
            return
        if not complete and top.key and top.wants in {":", "value"}:
            top.fields.setdefault(top.key, Unknown(Span(top.key_line or self.at, self.at)))
        self._give(Fields(top.fields, span, complete=complete))


def _decoded(token: str) -> str:
    if "\\" not in token:
        return token.strip('"')
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token.strip('"')


def _number(token: str) -> int | float | str:
    if len(token) > _LONGEST:
        return token
    return int(token) if token.lstrip("-").isdigit() else float(token)
