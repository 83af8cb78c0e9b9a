"""What can be read of YAML that its parser rejects: entry by entry, by indentation, so that one broken entry costs no other.

A grammar that recovers (tree-sitter) loses a third to half of the entries of a template with one broken line, since a wrong indentation
moves everything below it. The indentation of keys that still look like keys is the surer guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grader.languages.yaml.compose import Complaint, Composed, compose
from grader.model.spans import Span
from grader.model.values import Fields, Unknown, Value

_KEY = re.compile(r"""( *)(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([A-Za-z_][\w:./-]{0,200})) ?:(?=[ \t\n]|$)(.*)""")
_CONTENT = re.compile(r" *[^\s#]")
_DEEPEST = 8
"""Levels of entries that are split further."""
_MOST = 5
"""Complaints that are kept: what follows the first ones seldom stands for itself."""


@dataclass(slots=True)
class _Salvage:
    """Complaints gathered on the way, by line."""

    found: dict[int, Complaint] = field(default_factory=dict)


def recover(text: str, line: int, first: Composed) -> Composed:
    """The documents of a text that `compose` had to stop in; `first` is what it gave.

    A text of several documents keeps what was read before the complaint. Never raises.
    """
    lines = text.split("\n")
    if not first.stopped or not first.complaints or any(one.startswith("---") for one in lines[1:]):
        return first
    salvage = _Salvage()
    root = _block(lines, line, 0, 0, salvage)
    if root is None:
        return first
    complaints = [*first.complaints, *(salvage.found[at] for at in sorted(salvage.found))]
    unique = {one.line: one for one in reversed(complaints)}
    return Composed((root,), tuple(unique[at] for at in sorted(unique))[:_MOST], stopped=True)


def _block(lines: list[str], line: int, indent: int, depth: int, salvage: _Salvage) -> Fields | None:
    """The map whose keys stand at `indent`; None where no line is such a key."""
    starts = [at for at, one in enumerate(lines) if (found := _KEY.match(one)) and len(found.group(1)) == indent]
    if not starts:
        return None
    fields: dict[str, Value] = {}
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        fields.update(_entry(lines[start:end], line + start, indent, depth, salvage))
    return Fields(fields, Span(line + starts[0], line + _last(lines)), complete=False)


def _entry(lines: list[str], line: int, indent: int, depth: int, salvage: _Salvage) -> dict[str, Value]:
    """One key with its value: read whole where it can be, else level by level; unknown where nothing helps."""
    read = compose("\n".join(lines), line)
    root = read.roots[0] if len(read.roots) == 1 else None
    if not read.stopped and isinstance(root, Fields):
        return dict(root.fields)
    head = _KEY.match(lines[0])
    if head is None:
        return {}
    name = head.group(2) or head.group(3) or head.group(4)
    below = next((len(one) - len(one.lstrip(" ")) for one in lines[1:] if _CONTENT.match(one) and one.startswith(" " * (indent + 1))), 0)
    inner = None
    if depth < _DEEPEST and below and not head.group(5).split("#")[0].strip():
        inner = _block(lines[1:], line + 1, below, depth + 1, salvage)
    if inner is not None:
        return {name: Fields(inner.fields, Span(line, inner.span.end_line), complete=False)}
    for one in read.complaints[:1]:
        salvage.found.setdefault(one.line, one)
    return {name: Unknown(Span(line, line + _last(lines)))}


def _last(lines: list[str]) -> int:
    """The index of the last line with content."""
    return next((at for at in range(len(lines) - 1, -1, -1) if lines[at].strip()), 0)
