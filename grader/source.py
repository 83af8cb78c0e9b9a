"""Bytes of a text file to text, and where that fails a sentence a person can act on."""

from __future__ import annotations

import codecs
from pathlib import Path

MOST_BYTES = 10 * 1024 * 1024
"""Larger files are refused before they are read: no answer of a language model comes near."""


class UnreadableError(Exception):
    """A file is no text that can be graded; the message names the file, the place and the remedy."""


def read_text(path: Path, name: str) -> str:
    """The text of a file, with newlines as `\\n`. `name` is what messages call it.

    Raises:
        UnreadableError: missing, too large, unreadable, or not text.
    """
    try:
        if not path.is_file():
            message = f"{name}: no such file"
            raise UnreadableError(message)
        size = path.stat().st_size
        if size > MOST_BYTES:
            message = f"{name}: {size:,} bytes: larger than {MOST_BYTES:,} bytes; cut it down to the answer itself"
            raise UnreadableError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"{name}: cannot be read: {error.strerror or error}"
        raise UnreadableError(message) from error
    return decode(data, name)


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 (with or without a byte order mark) or of UTF-16 with one; CRLF and CR become `\\n`.

    A document with a few bytes that are no UTF-8 (at most one in a thousand) is read with U+FFFD in their place: pasted quotes do that,
    and nothing else of the answer suffers.

    Raises:
        UnreadableError: too large, NUL bytes, or another encoding.
    """
    if len(data) > MOST_BYTES:
        message = f"{name}: {len(data):,} bytes: larger than {MOST_BYTES:,} bytes; cut it down to the answer itself"
        raise UnreadableError(message)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _utf16(data, name)
    else:
        text = _utf8(data.removeprefix(codecs.BOM_UTF8), name)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _utf16(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        message = f"{name}: byte {error.start}: broken UTF-16; save it as UTF-8"
        raise UnreadableError(message) from error


def _utf8(data: bytes, name: str) -> str:
    at = data.find(b"\0")
    if at >= 0:
        message = f"{name}: byte {at}: a NUL byte: this is no text; give the Markdown of the answer"
        raise UnreadableError(message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        if text.count("\N{REPLACEMENT CHARACTER}") * 1000 <= len(text):
            return text
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{name}: line {line}: byte {error.start} is not UTF-8; save it as UTF-8"
        raise UnreadableError(message) from error
