"""Variables that a template file takes and `templatefile` does not give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.spans import Span
from grader.model.values import Call, Fields, Template, known, walk

if TYPE_CHECKING:
    from grader.model.documents import File
    from grader.model.solutions import Solution

_TAKEN = re.compile(r"(?<!\$)\$\{~?\s*([A-Za-z_]\w{0,80})\s*(?=[}.\[~]|\s[!=<>?&|+*/%-])")
"""A variable at the start of an interpolation; `$${` is text."""
_LOOP = re.compile(r"%\{~?\s*for\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b")
_WORDS = frozenset({"path", "var", "local", "module", "data", "each", "count", "self", "true", "false", "null"})


def missing_variables(answer: Solution) -> Iterator[Hit]:
    """Interpolations of a template that is given in the answer, with names that are not among the variables of the call."""
    files = {file.name.rpartition("/")[2]: file for file in answer.files if file.name and not file.superseded}
    for binding in answer.bindings:
        if binding.file.language != "hcl" or binding.file.superseded:
            continue
        for value in walk(binding.value):
            if not isinstance(value, Call) or value.path != "templatefile" or len(value.args) != 2:
                continue
            first, given = value.args
            path = first.text("") if isinstance(first, Template) else str(known(first) or "")
            file = files.get(path.rpartition("/")[2])
            if file is not None and isinstance(given, Fields) and given.complete and file.whole:
                yield from _absent(file, given, value.span)


def _absent(file: File, given: Fields, call: Span) -> Iterator[Hit]:
    loops = {name for found in _LOOP.finditer(file.text) for name in found.groups() if name}
    said: set[str] = set()
    for found in _TAKEN.finditer(file.text):
        name = found[1]
        if name in said or name in given.fields or name in loops or name in _WORDS:
            continue
        said.add(name)
        line = file.line + file.text.count("\n", 0, found.start())
        yield Hit(
            f"`{file.name}` takes `{name}`, and `templatefile` at line {call.line} does not give it",
            at=Span(line, line),
            entity=name,
            entities=(file.name or "", "templatefile"),
            cause=f"variables of {file.name}",
            variant="template-variable",
            stops=Stage.BUILD,
            note="not among the variables of the call",
            seek=("templatefile",),
            facts={"file": file.name or "", "call": str(call.line)},
        )
