"""Phrases that wording is made of: inline code, lists of names, lists of lines, plurals."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CODE = 120
_COMPILERS = {
    "go": "`go build`",
    "typescript": "`tsc`",
    "javascript": "Node.js",
    "python": "Python",
    "java": "`javac`",
    "terraform": "`terraform validate`",
    "hcl": "`terraform validate`",
    "yaml": "the YAML parser",
    "json": "the JSON parser",
    "template": "CloudFormation's validation of the template",
}
_TICKS = re.compile(r"`+")


def as_code(value: object) -> str:
    """Inline Markdown code that survives backticks within; long text is cut, line ends become blanks, empty text stays empty."""
    text = " ".join(str(value).split())
    if not text:
        return ""
    if len(text) > MOST_CODE:
        text = text[: MOST_CODE - 1] + "…"
    fence = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    if len(fence) == 1:
        return f"`{text}`"
    # One fence longer than any run within it; the blanks keep a backtick at either end apart from the fence.
    return f"{fence} {text} {fence}"


def listed(values: object, most: int = 5, *, code: bool = False) -> str:
    """`a`, `a and b`, `a, b and c`; after `most` names `and 4 more`. A text is one name; with `code` each name is inline code."""
    names = [values] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)
    most = max(1, min(int(most), 50))
    words = [as_code(name) if code else str(name) for name in dict.fromkeys(map(str, names)) if name]
    if len(words) > most + 1:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return joined(words)


def joined(words: list[str]) -> str:
    """All words, with commas and a last `and`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def line_list(spans: Iterable[tuple[int, int]], most: int = 8) -> str:
    """Lines for a sentence: `127-141, 755 and 818`; touching spans are one, after `most` places `and 3 more`."""
    merged: list[list[int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return listed([str(first) if first == last else f"{first}-{last}" for first, last in merged], most)


def line_count(spans: Iterable[tuple[int, int]]) -> int:
    """How many lines the spans begin or end at, each once: what decides between `line` and `lines`."""
    return len({line for span in spans for line in span})


def plural(count: object, one: str, many: str = "") -> str:
    """The word for a number of things: `one` for 1, else `many` (by default `one` with an s)."""
    return one if count == 1 else many or f"{one}s"


def compiler(value: object) -> str:
    """What refuses code of a language: `value` is the language, or a text that begins with it such as `Go type`."""
    return _COMPILERS.get(str(value).split(" ", 1)[0].lower(), "the build")
