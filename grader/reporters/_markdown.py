"""Text of any content as Markdown that stays in its place: prose, table cells and fences."""

from __future__ import annotations

import re
import textwrap

from grader.reporters._words import CUT, visible

MOST_PROSE = 2_000
"""Characters of one paragraph; more is cut."""
MOST_CODE = 180
"""Characters of one line of code; more is cut."""
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_SPECIAL = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[\[\]`]|<|&(?=#?\w+;)|(?<![A-Za-z0-9_])_|_(?![A-Za-z0-9_])|(?<!\*)\*(?!\*)|~~")
_MARKER = re.compile(r"[#>+=~-]")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9+#_.-]{0,30}")
_BACKTICKS = re.compile("`+")
_LINE_COMMENTS = {
    **dict.fromkeys(
        ["go", "typescript", "ts", "tsx", "javascript", "js", "jsx", "java", "kotlin", "groovy", "csharp", "rust", "jsonc", "bicep"], "//"
    ),
    **dict.fromkeys(["python", "py", "hcl", "terraform", "tf", "yaml", "yml", "bash", "sh", "shell", "toml", "ini", "dockerfile", "makefile"], "#"),
    "sql": "--",
}


def prose(text: str, most: int = MOST_PROSE) -> str:
    """One paragraph: its code spans and **strong words** stay, everything else is plain text, on one line."""
    flat = shortened(" ".join(visible(text).split()), most)
    parts: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(flat):
        parts += [_escaped(flat[at : span.start()]), span[0]]
        at = span.end()
    whole = "".join([*parts, _escaped(flat[at:])])
    if _MARKER.match(whole):
        return f"\\{whole}"
    return _NUMBERED.sub(r"\1\\\2", whole, count=1) if _NUMBERED.match(whole) else whole


def heading(text: str) -> str:
    """Prose that ends no heading early."""
    whole = prose(text, 300)
    return f"{whole[:-1]}\\#" if whole.endswith("#") else whole


def cell(text: str, most: int = 160) -> str:
    """Prose for a cell of a table."""
    return prose(text, most).replace("|", "\\|")


def code_span(text: str) -> str:
    """Any text of one line as code."""
    flat = " ".join(visible(text).split())
    ticks = "`" * (_longest_run(flat) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{space}{flat}{space}{ticks}" if flat else ""


def fence(text: str, language: str) -> str:
    """A fenced block that no line of the text can close."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language if _TAG.fullmatch(language) else 'text'}\n{text}\n{ticks}"


def code(text: str) -> str:
    """Quoted code: without the indent that all its lines share, and with long lines cut."""
    rows, mark, rest = visible(text.replace("\r", "")).rpartition(f"\n{CUT}")
    whole, cut = (rows, True) if mark and not rest else (rest if not mark else rows + mark + rest, False)
    flush = textwrap.dedent(whole).strip("\n") + (mark if cut else "")
    return "\n".join(shortened(line.rstrip(), MOST_CODE) for line in flush.split("\n"))


def comment(language: str) -> str:
    """How a line comment begins in a language; empty where it has none, or where the language is not known."""
    return _LINE_COMMENTS.get(language.lower(), "")


def shortened(text: str, most: int) -> str:
    """The text, or its first characters with a mark. Prose is cut between words where one is near, and never within a code span."""
    if len(text) <= most:
        return text
    kept = text[:most]
    if kept.count("`") % 2 and (start := kept.rfind("`")) > most // 2:
        kept = kept[:start]
    space = kept.rfind(" ")
    return (kept[:space] if space > most // 2 else kept).rstrip() + CUT


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: {"<": "&lt;", "&": "&amp;", "~~": "\\~\\~"}.get(found[0], f"\\{found[0]}"), text)
