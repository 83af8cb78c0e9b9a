"""Cases of detectors as Markdown: reading a file of cases, running one, and writing its expectation back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ROLES = ("answer", "ideal", "prompt", "metadata", "expect")
FENCE = re.compile(r"^(`{3,})\s*(\S+)\s+(\w+)\s*$")


class CaseError(Exception):
    """A file of cases cannot be read; the message names the line and the remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """One fenced block of a case: its text, and the line of its opening fence in the file of cases."""

    text: str
    language: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One heading with its blocks. `prose` is what stands between the heading and the first block."""

    name: str
    line: int
    end_line: int
    prose: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)

    def text(self, role: str) -> str | None:
        """The text of the block with this role, None where the case has none."""
        part = self.parts.get(role)
        return None if part is None else part.text

    @property
    def expected(self) -> list[str]:
        """The expected faults, one a line."""
        return [line.strip() for line in (self.text("expect") or "").splitlines() if line.strip()]


def detector_of(path: Path) -> str:
    """The id of the detector whose cases a file holds."""
    return path.stem.replace("_", "-")


def read_cases(text: str) -> list[Case]:
    """All cases of a file, in order.

    Raises:
        CaseError: a fence never ends, a role is unknown or given twice, two cases share a name, or a case lacks its answer.
    """
    lines = text.splitlines()
    starts = [(number, line[3:].strip()) for number, line, fenced in _outside(lines) if not fenced and line.startswith("## ")]
    cases: list[Case] = []
    for (start, name), (end, _) in zip(starts, [*starts[1:], (len(lines) + 1, "")], strict=True):
        case = _case(name, lines, start, end - 1)
        if "answer" not in case.parts:
            message = f"line {start}: the case has no block `markdown answer`"
            raise CaseError(message)
        if any(one.name == name for one in cases):
            message = f"line {start}: two cases are called {name!r}"
            raise CaseError(message)
        cases.append(case)
    return cases


def _outside(lines: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number from 1 and whether it lies in a fence (the fences themselves do)."""
    fence, opened = "", 0
    for number, line in enumerate(lines, 1):
        ticks = re.match(r"`{3,}", line)
        if not fence and ticks:
            fence, opened = ticks.group(), number
            yield number, line, True
        elif fence:
            yield number, line, True
            if line.rstrip() == fence:
                fence = ""
        else:
            yield number, line, False
    if fence:
        message = f"line {opened}: the fence never ends"
        raise CaseError(message)


def _case(name: str, lines: Sequence[str], start: int, end: int) -> Case:
    parts: dict[str, Part] = {}
    prose: list[str] = []
    number = start + 1
    while number <= end:
        line = lines[number - 1]
        if not line.startswith("```"):
            if not parts:
                prose.append(line)
            number += 1
            continue
        opened = FENCE.match(line)
        if opened is None or opened[3] not in ROLES:
            message = f"line {number}: a block's first line is its fence, a language and one of {', '.join(ROLES)}"
            raise CaseError(message)
        role = opened[3]
        if role in parts:
            message = f"line {number}: the case {name!r} has two blocks `{role}`"
            raise CaseError(message)
        close = next(n for n in range(number + 1, end + 1) if lines[n - 1].rstrip() == opened[1])
        parts[role] = Part("\n".join(lines[number : close - 1]) + "\n" if close > number + 1 else "", opened[2], number, close)
        number = close + 1
    return Case(name, start, end, "\n".join(prose).strip(), parts)


def with_expectation(text: str, name: str, found: Sequence[str]) -> str:
    """The text of a file of cases with the expectation of one case replaced (added where it has none)."""
    case = next(one for one in read_cases(text) if one.name == name)
    lines = text.splitlines()
    block = ["```text expect", *found, "```"]
    part = case.parts.get("expect")
    if part is not None:
        lines[part.line - 1 : part.end_line] = block
    else:
        last = max(one.end_line for one in case.parts.values())
        lines[last:last] = ["", *block]
    return "\n".join(lines) + "\n"
