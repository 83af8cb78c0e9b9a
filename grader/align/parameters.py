"""What the parameters of a template and the variables of Terraform refuse: patterns, allowed values, limits, secrecy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.model.values import Fields, fields_of, fold, known, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.solutions import Solution
    from grader.model.spans import Span
    from grader.model.values import Value

_CONSTRAINTS = frozenset("allowedpattern allowedvalues minlength maxlength minvalue maxvalue noecho validation sensitive".split())


class Parameter(NamedTuple):
    """One parameter: its name and place, and the constraints that it sets, as written."""

    name: str
    span: Span
    constraints: tuple[str, ...]
    typed: bool


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
    return Parameter(name, span, set_here, kind.startswith("AWS::") or "<AWS::" in kind)
