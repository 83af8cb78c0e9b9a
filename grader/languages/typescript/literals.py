"""Literals of JavaScript: strings with their escapes, numbers, and arithmetic on known numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model.values import Scalar

_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LARGEST = 10**15


def string(raw: str) -> str:
    """The text of a string literal, quotes taken off."""
    body = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] else raw[1:]
    return escape(body) if "\\" in body else body


def escape(body: str) -> str:
    """A text with its escape sequences resolved."""
    return _ESCAPE.sub(lambda found: _one(found.group(1)), body)


def _one(sequence: str) -> str:
    if sequence[0] in "ux" and len(sequence) > 1:
        code = int(sequence[1:].strip("{}"), 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\N{REPLACEMENT CHARACTER}"
    return "" if sequence in {"\n", "\r\n"} else _PLAIN.get(sequence, sequence)


def number(raw: str) -> int | float | None:
    """The value of a number literal, None where it is none."""
    plain = raw.replace("_", "").removesuffix("n")
    try:
        if plain[:2].lower() in {"0x", "0o", "0b"}:
            return int(plain, 0)
        return int(plain) if plain.isdigit() and len(plain) < 400 else float(plain)
    except (ValueError, OverflowError):
        return None


def arithmetic(sign: str, one: Scalar, two: Scalar) -> int | float | None:
    """`one sign two` for two numbers of a sane size, else None."""
    if isinstance(one, (str, bool)) or isinstance(two, (str, bool)) or one is None or two is None:
        return None
    if not (abs(one) < _LARGEST and abs(two) < _LARGEST):
        return None
    match sign:
        case "+":
            return one + two
        case "-":
            return one - two
        case "*":
            return one * two
        case "/" if two:
            result = one / two
            return int(result) if result.is_integer() else result
    return None


def shown(scalar: Scalar) -> str:
    """A scalar as it appears in a template."""
    if isinstance(scalar, bool):
        return str(scalar).lower()
    return "null" if scalar is None else str(scalar)
