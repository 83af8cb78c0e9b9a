"""The parameters of a template and the variables of Terraform: what they refuse, and which of two solutions stand for each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.model.values import Fields, Known, fields_of, fold, known, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.solutions import Solution
    from grader.model.spans import Span
    from grader.model.values import Value

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAME = {
    "env": "environment",
    "db": "database",
    "cidrs": "cidr",
    "az": "zone",
    "size": "type",
    "class": "type",
    "stage": "environment",
    "user": "username",
}
"""Words of names that stand for each other."""
_CONSTRAINTS = frozenset("allowedpattern allowedvalues minlength maxlength minvalue maxvalue noecho validation sensitive".split())
_BESIDE = frozenset({"name", "suffix", "tag"})
"""Words that do not tell two names of an environment apart."""
INTERFACE = "AWS::CloudFormation::Interface"
ALIKE = 0.6
"""Share of words from which two names stand for one thing."""


class Parameter(NamedTuple):
    """One parameter: its name and place, and the constraints that it sets, as written; `default` as text, None where it has none."""

    name: str
    span: Span
    constraints: tuple[str, ...]
    typed: bool
    default: str | None = None

    @property
    def words(self) -> frozenset[str]:
        """The words of the name, each in one spelling."""
        found = frozenset(_SAME.get(word, word) for one in _WORD.findall(self.name) if (word := one.lower()) and not word.isdigit())
        return found - _BESIDE if "environment" in found else found


def parameters_of(solution: Solution) -> tuple[Parameter, ...]:
    """The parameters of all templates, or the variables of the root module, in source order."""
    claimed = {id(file) for file in solution.claimed}
    found: list[Parameter] = []
    for binding in solution.bindings:
        if id(binding.file) not in claimed or not isinstance(binding.value, Fields):
            continue
        if solution.framework == "cfn":
            section = look_up(binding.value.fields, "Parameters")
            found += [_parameter(name, fields_of(entry), entry.span) for name, entry in fields_of(section).items() if isinstance(entry, Fields)]
        elif solution.framework == "tf" and binding.name.startswith("variable."):
            found.append(_parameter(binding.name.removeprefix("variable."), binding.value.fields, binding.span))
    return tuple(found)


def _parameter(name: str, fields: Mapping[str, Value], span: Span) -> Parameter:
    set_here = tuple(key for key, value in fields.items() if fold(key) in _CONSTRAINTS and known(value) is not False)
    kind = str(known(look_up(fields, "Type")) or "")
    default = look_up(fields, "Default")
    said = None if default is None else str(known(default) if isinstance(default, Known) else "")
    return Parameter(name, span, set_here, kind.startswith("AWS::") or "<AWS::" in kind, said)


def interface_of(solution: Solution) -> Span | None:
    """Where a template groups its parameters for the console, None where it does not."""
    return next((one.value.span for one in solution.infrastructure if one.key == INTERFACE), None) if solution.framework == "cfn" else None


def renamed(ours: tuple[Parameter, ...], theirs: tuple[Parameter, ...]) -> tuple[tuple[Parameter, Parameter], ...]:
    """Pairs of an answer's and an ideal's parameter that bear other names for one thing: most of their words, or words and default, are the same."""
    here, there = {fold(one.name) for one in ours}, {fold(one.name) for one in theirs}
    left = [one for one in ours if fold(one.name) not in there]
    right = [one for one in theirs if fold(one.name) not in here]
    scored = sorted(
        ((-_alike(a, b), a.name, b.name, a, b) for a in left for b in right if _alike(a, b) >= ALIKE),
        key=lambda row: row[:3],
    )
    pairs: list[tuple[Parameter, Parameter]] = []
    for *_, a, b in scored:
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            pairs.append((a, b))
    return tuple(pairs)


def _alike(one: Parameter, other: Parameter) -> float:
    shared = len(one.words & other.words) / max(1, len(one.words | other.words))
    return shared + (0.2 if shared and one.default and one.default == other.default else 0.0)
