"""What a program sets after a thing is made, or hands over in a way that its model does not show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.model.values import Call, Fields, fold, text_of

if TYPE_CHECKING:
    from grader.align.inventory import Prop
    from grader.model.solutions import Resource, Solution

_SPREAD = re.compile(r"\.\.\.\s*[\w(]|\*\*\s*\w|Object\.assign")
_BRACKET = re.compile(r"[(\[{]|[)\]}]|\.\.\.\s*(?=[\w(])|\*\*\s*(?=\w)|Object\.assign")
_METHOD = re.compile(r"^(add|put|set|enable|configure|attach|apply|with|grant|scale|autoscale|override)", re.IGNORECASE)


def set_later(solution: Solution) -> frozenset[str]:
    """Folded words of methods called on things and of fields that are set after the thing is made."""
    found: set[str] = set()
    if solution.framework not in {"cdk", "cdktf", "pulumi"}:
        return frozenset()
    for _, value, _binding in solution.infrastructure if solution.framework != "pulumi" else ():
        if isinstance(value, Call) and value.receiver is not None and _METHOD.match(value.path):
            found.add(fold(value.path))
            if "verride" in value.path:
                found.update(fold(text) for one in value.args[:1] if (text := text_of(one)))
    for binding in solution.bindings:
        name = binding.name.removeprefix("self.").removeprefix("this.")
        if "." in name and not isinstance(binding.value, Fields):
            found.add(fold(name.rsplit(".", 1)[-1]))
    return frozenset(found)


def may_be_set(prop: Prop, loose: frozenset[str]) -> bool:
    """Whether something set later may be this property."""
    return hinted(prop.name, loose) or hinted(prop.aspect.name, loose)


def hinted(name: str, loose: frozenset[str]) -> bool:
    """Whether something set after the thing was made may be this property."""
    word = fold(name).removesuffix("s")
    return len(word) >= 4 and any(word in one or (len(one) >= 6 and one in word) for one in loose)


def is_open(resource: Resource, solution: Solution) -> bool:
    """Whether a resource may have properties that its model does not show: a spread among its own, or all of them in a variable."""
    language = resource.file.language
    if any(one.file is resource.file and (not resource.properties or resource.span.touches(one.span)) for one in solution.problems):
        return True
    if language in {"hcl", "yaml", "json"}:
        return False
    text = solution.document.quote(resource.span)
    if not resource.properties:
        return text.count(",") > 1
    return _SPREAD.search(text) is not None and _spreads(text, 1 if language == "python" else 2)


def _spreads(text: str, depth: int) -> bool:
    """Whether something is spread at most so many brackets deep: among the arguments of a call, or in the object that is one of them."""
    level = 0
    for found in _BRACKET.finditer(text):
        token = found.group()
        if token[0] in "([{":
            level += 1
        elif token[0] in ")]}":
            level -= 1
        elif level <= depth:
            return True
    return False
