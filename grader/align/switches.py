"""Resources of Terraform that are made only if somebody names what they need: a bucket, an address, that is empty by default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.align.parameters import parameters_of
from grader.model.once import once

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution

_COUNT = re.compile(r"^\s*count\s*=\s*\(?\s*(?:length\()?var\.(\w+)\)?\s*(?:!=|>)\s*(?:\"\"|null|0)\s*\)?\s*\?[^:\n]+:\s*0\s*$", re.MULTILINE)
_EMPTY = frozenset({"", "None"})


@once
def _empty(solution: Solution) -> frozenset[str]:
    """Names of the variables that are empty by default."""
    return frozenset(one.name for one in parameters_of(solution) if one.default is not None and one.default in _EMPTY)


def switched_off(resource: Resource, solution: Solution) -> bool:
    """Whether a resource is made only where a variable is set that is empty by default."""
    if solution.framework != "tf":
        return False
    first = resource.span.line - resource.file.line
    lines = resource.file.text.split("\n")[first : resource.span.end_line - resource.file.line + 1]
    found = _COUNT.search("\n".join(lines[:6]))
    return found is not None and found[1] in _empty(solution)
