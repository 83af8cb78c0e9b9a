"""The state of reading HCL: where the text stands, which names are bound, and what the text needs from the answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from grader.model.solutions import Category, Reference
from grader.model.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from grader.model.documents import File

DEEPEST = 100
"""Levels of nesting that are read; what lies deeper is unknown."""

PROVIDED = frozenset({"each", "count", "self", "path", "terraform"})
"""First parts of names that the language itself gives."""


class Mode(Enum):
    """What a name in an expression stands for."""

    NORMAL = "normal"
    PROVIDER = "provider"
    """A provider configuration: `aws.west`."""
    SILENT = "silent"
    """No use of a declaration: a type, an attribute name, a keyword."""


@dataclass(slots=True)
class Reader:
    """The state of reading one piece of text: where it stands, the names bound around the place, and the uses found so far.

    `offset` is the document line of the text's first row, `last` the last line of the file. `bound` holds the names that `for` expressions and `dynamic` blocks bind.
    """

    file: File
    source: bytes
    folder: str
    offset: int
    last: int
    uses: list[Reference] = field(default_factory=list)
    bound: tuple[str, ...] = ()
    mode: Mode = Mode.NORMAL
    depth: int = 0

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, first: Node, last: Node | None = None) -> Span:
        """The document lines from `first` to `last`."""
        return Span(self.offset + first.start_point[0], min(self.offset + (last or first).end_point[0], self.last))

    @contextmanager
    def binding(self, *names: str) -> Iterator[None]:
        """Read with `names` bound."""
        before, self.bound = self.bound, (*self.bound, *names)
        yield
        self.bound = before


def use(reader: Reader, steps: Sequence[str], path: str, span: Span) -> None:
    """Note what a name needs from the answer, if anything."""
    head = steps[0]
    if reader.mode is Mode.SILENT or head in reader.bound or head in PROVIDED:
        return
    second = steps[1] if len(steps) > 1 else ""
    third = steps[2] if len(steps) > 2 else ""
    if reader.mode is Mode.PROVIDER and head not in _BY_HEAD:
        if second:
            note(reader, f"provider.{head}.{second}", Category.PROVIDER, span, path)
    elif head in _BY_HEAD:
        if second:
            note(reader, f"{head}.{second}", _BY_HEAD[head], span, path)
        if head == "module" and second:
            output = next((one for one in steps[2:4] if one and not one.isdigit()), "")
            if output:
                note(reader, f"module.{second}.{output}", Category.OUTPUT, span, path)
    elif head in {"data", "ephemeral", "action"}:
        if second and third:
            note(reader, f"{head}.{second}.{third}", Category.DATA if head == "data" else Category.RESOURCE, span, path)
    elif len(steps) == 1:
        note(reader, head, Category.NAME, span, path)
    elif second:
        note(reader, f"{head}.{second}", Category.RESOURCE, span, path)


_BY_HEAD = {"var": Category.VARIABLE, "local": Category.LOCAL, "module": Category.MODULE}


def note(reader: Reader, name: str, category: Category, span: Span, text: str) -> None:
    """Note a use of `name`."""
    reader.uses.append(Reference(reader.folder, name, category, span, reader.file, text))
