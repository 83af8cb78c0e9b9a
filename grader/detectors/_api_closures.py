"""The parameters of arrow functions: names that stand for something else inside them than around."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

_BARE = re.compile(r"(?<![\w.])(\w{1,60})$")
_RESULT = re.compile(r"\)\s*:[^=(){};]{1,80}$")
_NAMED = re.compile(r"^\s*(?:\.\.\.)?(\w{1,60})")
_LONGEST = 600
"""Characters of a list of parameters that are looked at."""


@lru_cache(maxsize=32)
def closure_parameters(text: str) -> Counter[str]:
    """How often each name is a parameter of an arrow function in a TypeScript or JavaScript file, names taken out of an object included."""
    found: Counter[str] = Counter()
    at = text.find("=>")
    while at >= 0:
        before = text[max(0, at - _LONGEST) : at].rstrip()
        result = None if before.endswith(")") else _RESULT.search(before)
        if result is not None:
            before = before[: result.start() + 1]
        if before.endswith(")"):
            found.update(_listed(before))
        elif bare := _BARE.search(before):
            found[bare[1]] += 1
        at = text.find("=>", at + 2)
    return found


def _listed(before: str) -> list[str]:
    """The names in the parentheses at the end of a text."""
    depth, start = 0, 0
    for place in range(len(before) - 1, -1, -1):
        depth += (before[place] == ")") - (before[place] == "(")
        if depth == 0:
            start = place + 1
            break
    inside = before[start:-1]
    if "{" in inside or "[" in inside:
        return re.findall(r"\w+", inside)
    return [named[1] for part in inside.split(",") if (named := _NAMED.match(part))]
