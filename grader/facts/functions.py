"""Functions whose code stands in the answer: their handler, runtime and text, wherever a dialect writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model.paths import given, is_test, normal
from grader.model.spans import Span
from grader.model.values import Call, Fields, Known, Name, Template, Value, flat, fold, known, look_up, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution

_RUNTIME = re.compile(r"(python|nodejs)_?(\d+)(?:[._](\d+))?", re.IGNORECASE)
_INLINE = frozenset({"frominline", "codefrominline", "inlinecode"})


@dataclass(frozen=True, slots=True)
class Function:
    """One function with its code.

    `language` is `python`, `nodejs` or empty; `version` its major and minor number, (0, 0) if unknown; `handler` as written, empty if unknown. `module` is the name
    of the file that holds the code, without suffix (`index` for code that stands in the template); `inline` tells code in a text from a file.
    `layered` is true where layers may bring further modules. `whole` is false where parts of the text are not known.
    """

    resource: Resource
    handler: str
    handler_at: Span
    language: str
    version: tuple[int, int]
    module: str
    code: str
    span: Span
    inline: bool
    layered: bool
    whole: bool


def functions(solution: Solution) -> Iterator[Function]:
    """Every function whose code is in the answer and can be read."""
    for one in solution.resources:
        kind = fold(one.type)
        if one.data or is_test(one.file.name) or "function" not in kind or not ("lambda" in kind or "serverless" in kind):
            continue
        handler = look_up(one.properties, "handler")
        language, version = _runtime(look_up(one.properties, "runtime"))
        for module, value in _codes(one):
            text = text_of(value)
            if text:
                said = known(handler)
                at = handler.span if handler is not None else one.span
                layered = look_up(one.properties, "layers") is not None
                name = said if isinstance(said, str) else ""
                yield Function(
                    one, name, at, language, version, module, text, value.span, inline=True, layered=layered, whole=isinstance(value, Known)
                )
        yield from _packaged(one, handler, language, version, solution)


def _runtime(value: Value | None) -> tuple[str, tuple[int, int]]:
    said = value.path if isinstance(value, Name) else value.path if isinstance(value, Call) else text_of(value)
    found = _RUNTIME.search(said or "")
    return (found.group(1).lower(), (int(found.group(2)), int(found.group(3) or 0))) if found else ("", (0, 0))


def _codes(resource: Resource) -> Iterator[tuple[str, Known | Template]]:
    """(file name without suffix, text) of code that stands in the resource itself."""
    for key in ("code", "inline_code"):
        value = look_up(resource.properties, key)
        if isinstance(value, Known | Template) and fold(key) == "inlinecode":
            yield "index", value
        elif isinstance(value, Fields) and isinstance(inner := look_up(value.fields, "zip_file"), Known | Template):
            yield "index", inner
        elif (
            isinstance(value, Call) and fold(value.path.rsplit(".", 1)[-1]) in _INLINE and value.args and isinstance(value.args[0], Known | Template)
        ):
            yield "index", value.args[0]


def _packaged(resource: Resource, handler: Value | None, language: str, version: tuple[int, int], solution: Solution) -> Iterator[Function]:
    """The file of the answer that a handler names, where the function is packaged from a folder that the answer gives."""
    said = known(handler)
    if not isinstance(said, str) or handler is None or language not in {"python", "nodejs"} or said.count(".") != 1:
        return
    module = said.split(".", 1)[0]
    suffixes = (".py",) if language == "python" else (".js", ".mjs", ".cjs", ".ts")
    held = {id(inner) for value in resource.properties.values() for _, inner in flat(value)}
    spans = {inner.span for value in resource.properties.values() for _, inner in flat(value)} if held else set()
    for asset in solution.assets:
        if asset.file is not resource.file or not asset.directory or asset.span not in spans:
            continue
        folder = normal(asset.path, asset.base)
        for file in solution.files:
            if file.name and not file.superseded and file.closed and any(given(f"{folder}/{module}{suffix}", [file.name]) for suffix in suffixes):
                yield Function(
                    resource, said, handler.span, language, version, module, file.text, handler.span, inline=False, layered=True, whole=True
                )
                return


def line_of(one: Function, line: int, solution: Solution) -> Span:
    """The line of the document that holds a line, from 1, of a function's code; the whole place where it cannot be told."""
    if not one.inline:
        file = next((file for file in solution.files if file.text == one.code), None)
        return Span(file.line + line - 1, file.line + line - 1) if file is not None else one.span
    wanted = one.code.split("\n")[line - 1].strip()
    for number, text in enumerate(solution.document.quote(one.span).split("\n"), one.span.line):
        if wanted and wanted in text:
            return Span(number, number)
    return Span(one.span.line, one.span.line)
