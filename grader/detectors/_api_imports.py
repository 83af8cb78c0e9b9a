"""The import statements of a file as written: which names it takes from which module, and where types are named in annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grader.model.documents import File
from grader.model.spans import Span

_SCRIPT = re.compile(r"^[ \t]*import\s+(?:type\s+)?(?:\w{1,80}\s*,\s*)?\{([^{}]{1,4000})\}\s*from\s*['\"]([^'\"\n]{1,200})['\"]", re.MULTILINE)
_WHOLE = re.compile(r"^[ \t]*import\s+\*\s+as\s+(\w{1,80})\s+from\s*['\"]([^'\"\n]{1,200})['\"]", re.MULTILINE)
_PYTHON = re.compile(r"^[ \t]*from[ \t]+([\w.]{1,200})[ \t]+import[ \t]+(\([^()]{1,4000}\)|[^\n()#]{1,400})", re.MULTILINE)
_JAVA = re.compile(r"^import[ \t]+([\w.]{1,200})\.([A-Z]\w{0,100})[ \t]*;", re.MULTILINE)
_GO = re.compile(r'^[ \t]*(?:import[ \t]+)?(?:\w{1,60}[ \t]+)?"(github\.com/[\w./-]{3,200})"[ \t]*(?://.*)?$', re.MULTILINE)
_NAME = re.compile(r"(?:type\s+)?(\w{1,120})(?:\s+as\s+(\w{1,120}))?\s*$")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|#[^\n]*", re.DOTALL)
_PATH = re.compile(r"(?::|<|\bextends|\bas|\||&)[ \t]*(\w{1,80})\.([a-z]\w{0,120})\.([A-Z]\w{0,120})\b")
_TYPED = re.compile(r"(?::|<|\bextends|\bimplements|\bas|\||&)[ \t]*(\w{1,80})\.([A-Z]\w{0,120})\b")


class Imported(NamedTuple):
    """One imported name: `name` of `module` (empty: all of it), under `local` in this file."""

    module: str
    name: str
    local: str
    span: Span


def imports(file: File) -> Iterator[Imported]:
    """Every name that a file imports from a module by name, and every module that a TypeScript or Go file imports whole, each at its own line."""
    text = file.text
    if file.language == "python":
        for found in _PYTHON.finditer(text):
            yield from _names(found[1], found[2].strip("()"), found.start(2) + found[2].startswith("("), file)
    elif file.language in {"typescript", "javascript"}:
        for found in _SCRIPT.finditer(text):
            yield from _names(found[2], found[1], found.start(1), file)
        for found in _WHOLE.finditer(text):
            line = file.line + text.count("\n", 0, found.start())
            yield Imported(found[2], "", found[1], Span(line, line))
    elif file.language in {"java", "go"}:
        for found in (_JAVA if file.language == "java" else _GO).finditer(text):
            line = file.line + text.count("\n", 0, found.start(1))
            yield Imported(found[1], found[2] if file.language == "java" else "", "", Span(line, line))


def _names(module: str, listed: str, start: int, file: File) -> Iterator[Imported]:
    plain = (
        _COMMENT.sub(lambda found: " " * len(found[0]), listed)
        if file.language != "python"
        else re.sub(r"#[^\n]*", lambda found: " " * len(found[0]), listed)
    )
    at = start
    for piece in plain.split(","):
        found = _NAME.search(piece.strip())
        if found is not None and piece.strip() == found[0].strip():
            lead = len(piece) - len(piece.lstrip())
            line = file.line + file.text.count("\n", 0, at + lead)
            yield Imported(module, found[1], found[2] or found[1], Span(line, line))
        at += len(piece) + 1


def named_types(file: File) -> Iterator[tuple[str, str, Span]]:
    """`alias.Type` where TypeScript names a type: the alias, the type's name, the place. Comments are left out."""
    for found, span in _in_code(_TYPED, file):
        yield found[1], found[2], span


def typed_paths(file: File) -> Iterator[tuple[str, str, str, Span]]:
    """`alias.module.Type` where TypeScript names a type: the alias, the module, the type's name, the place. Comments are left out."""
    for found, span in _in_code(_PATH, file):
        yield found[1], found[2], found[3], span


def _in_code(pattern: re.Pattern[str], file: File) -> Iterator[tuple[re.Match[str], Span]]:
    """Where a pattern is found outside comments and strings."""
    text = file.text
    number, counted = file.line, 0
    for found in pattern.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        before = text[start : found.start()]
        if before.lstrip().startswith(("*", "//", "/*")) or "//" in before or any(before.count(quote) % 2 for quote in "'\"`"):
            continue
        number, counted = number + text.count("\n", counted, found.start()), found.start()
        yield found, Span(number, number)
