"""Texts of Python as values: what a literal says, and what parts put together say."""

from __future__ import annotations

import re

from grader.model.spans import Span
from grader.model.values import Known, Template, Value

_ESCAPE = re.compile(r"\\(?:([abfnrtv\\'\"])|\r?\n|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))")
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def shown(raw: str, prefix: str) -> str:
    """The text that the source of a literal stands for; `prefix` is what stands before its quotes."""
    if "\\" in raw and "r" not in prefix:
        raw = _ESCAPE.sub(_escaped, raw)
    return raw.replace("{{", "{").replace("}}", "}") if "f" in prefix else raw


def _escaped(found: re.Match[str]) -> str:
    plain, *codes, octal = found.groups()
    if plain:
        return _PLAIN.get(plain, plain)
    code = next((int(one, 16) for one in codes if one), int(octal, 8) if octal else -1)
    return chr(code) if 0 <= code <= 0x10FFFF else ""


def join(parts: list[Value], span: Span) -> Value:
    """One known text when every part is known, else a template."""
    if all(isinstance(part, Known) for part in parts):
        known = [part for part in parts if isinstance(part, Known)]
        return Known("".join(str(part.value) for part in known), span, next((part.via for part in known if part.via), ""))
    return Template(tuple(part for part in parts if not (isinstance(part, Known) and part.value == "")), span)


def parts_of(value: Value) -> tuple[Value, ...]:
    """The parts of a template; any other value is its own part."""
    return value.parts if isinstance(value, Template) else (value,)


def is_text(value: Value) -> bool:
    """Whether a value is a text, known or in part."""
    return isinstance(value, Template) or (isinstance(value, Known) and isinstance(value.value, str))
