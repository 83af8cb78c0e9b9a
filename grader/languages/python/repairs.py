"""Text that is no Python only because of the Markdown around it: mended without moving a line."""

from __future__ import annotations

import re

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_BOLD = re.compile(r"(?<![\w*])\*\*(name|main|init|file|all|str|repr|enter|exit|call|dict|class|doc|version)\*\*(?![\w*])")

FORMS = (
    ("_(\n", "\n)"),
    ("_ = {\n", "\n}"),
    ("_ = [\n", "\n]"),
    ("", "\n    pass"),
    ("", "\n        pass"),
    ("", "\ndef _(): ..."),
    ("if _:\n    pass\n", ""),
    ("try:\n    pass\n", ""),
)
"""What a fragment may be a part of: arguments, a map, a list, a header without a body, decorators, a branch, a handler."""


def is_damaged(text: str) -> bool:
    """Whether a Markdown formatter took the text for prose: it made `__name__` bold, and so lost its margins too."""
    return _BOLD.search(text) is not None


def repaired(text: str) -> tuple[str, bool]:
    """The text without byte order marks, conflict markers and a margin, with its double underscores, and whether it had a margin."""
    text = text.replace("\ufeff", "")
    if "**" in text:
        text = _BOLD.sub(r"__\1__", text)
    if "<<<<<<<" in text or ">>>>>>>" in text:
        text = _CONFLICT.sub("", text)
    lines = text.split("\n")
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    margin = first[: len(first) - len(first.lstrip(" \t"))]
    if not margin:
        return text, False
    return "\n".join(
        line.removeprefix(margin) if line.startswith(margin) else line.lstrip(" \t") if line.lstrip().startswith("#") else line for line in lines
    ), True
