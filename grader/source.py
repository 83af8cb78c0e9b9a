"""Bytes of a text file to text, and where that fails a sentence a person can act on."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

MOST_BYTES = 10 * 1024 * 1024
"""Larger files are refused before they are read: no answer of a language model comes near."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_TAIL = re.compile(rb"(?:\r\0\n\0|\n\0)+\Z")
"""Newlines in UTF-16 at the end of a file in UTF-8: what a shell's redirection on Windows appends. Nothing of the text is lost with them."""


class UnreadableError(Exception):
    """A file is no text that can be graded; the message is one line that names the file, the place and the remedy."""


def read_text(path: Path, name: str) -> str:
    """The text of a file as `decode` gives it; `name` is what messages call it. A file that is too large is not read.

    Raises:
        UnreadableError: missing, too large, unreadable, or not text.
    """
    try:
        if not path.is_file():
            message = f"{name}: no such file; give the path of a Markdown file"
            raise UnreadableError(message)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _too_large(name, size)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"{name}: cannot be read: {reason}; check the path and its permissions"
        raise UnreadableError(message) from error
    return decode(data, name)


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 (with or without a byte order mark) or of UTF-16 with one; CRLF and CR become one newline.

    A stray byte that is no UTF-8 (one, or up to one in a thousand characters) is read as U+FFFD: pasted quotes do that, and nothing
    else of the text suffers. More of them mean another encoding, and the text is refused.

    Raises:
        UnreadableError: too large, a NUL byte, or another encoding.
    """
    if len(data) > MOST_BYTES:
        raise _too_large(name, len(data))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _utf16(data, name)
    else:
        plain = data.removeprefix(codecs.BOM_UTF8)
        text = _utf8(_TAIL.sub(b"\n", plain) if plain.endswith(b"\0") else plain, name)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _too_large(name: str, size: int) -> UnreadableError:
    return UnreadableError(f"{name}: {size:,} bytes, and {MOST_BYTES:,} is the most that is read; cut it down to the answer itself")


def _utf16(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        message = f"{name}: byte {error.start}: broken UTF-16; save it as UTF-8"
        raise UnreadableError(message) from error
    at = text.find("\0")
    if at >= 0:
        message = f"{name}: byte {2 + 2 * at}: a NUL character, so this is no text; save it as UTF-8"
        raise UnreadableError(message)
    return text


def _utf8(data: bytes, name: str) -> str:
    at = data.find(b"\0")
    if at >= 0:
        message = f"{name}: byte {at}: a NUL byte, so this is no UTF-8 text; give the Markdown of the answer, saved as UTF-8"
        raise UnreadableError(message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        strays = text.count(_REPLACEMENT) - data.count(_REPLACEMENT.encode())
        if strays <= max(1, len(text) // 1000):
            return text
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{name}: line {line}, byte {error.start}: not UTF-8; save it as UTF-8"
        raise UnreadableError(message) from error
