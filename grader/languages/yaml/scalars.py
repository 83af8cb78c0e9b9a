"""What a plain YAML scalar stands for: numbers, booleans and null as YAML 1.1 loaders read them, all else text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model.values import Scalar

_WORDS: dict[str, bool | None] = {
    form: value
    for words, value in ((("true", "yes", "on"), True), (("false", "no", "off"), False), (("null",), None))
    for word in words
    for form in (word, word.capitalize(), word.upper())
}
_WORDS.update({"": None, "~": None})
_FIRST = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]{0,29})")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,16}")
_FLOAT = re.compile(r"[-+]?[0-9][0-9_]{0,29}\.[0-9]{0,30}(?:[eE][-+][0-9]{1,3})?")


def plain(text: str) -> Scalar:
    """The value of an unquoted scalar.

    Dates, times, base 60 and numbers with a leading zero (account ids, file modes) stay text: what a reader sees is what they are.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST:
        return text
    if _INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    return int(text, 16) if _HEXADECIMAL.fullmatch(text) else text
