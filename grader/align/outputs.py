"""What a solution gives out: CloudFormation and Terraform outputs, `CfnOutput`, `TerraformOutput`, exports of Pulumi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grader.model.paths import is_test
from grader.model.values import Call, Fields, Known, Name, Template, Unknown, Value, each, fields_of, flat, fold, known, look_up, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Binding, Solution
    from grader.model.spans import Span

_CALLS = frozenset({"cfnoutput", "newcfnoutput", "terraformoutput", "newterraformoutput"})
_EXPORTS = frozenset({"export", "exportvalue"})
_REGISTER = frozenset({"registeroutputs", "registerresourceoutputs", "setoutputs"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMELESS = frozenset({"output", "outputs", "export", "stack", "tap"})


class Output(NamedTuple):
    """One output: its name as far as it can be read, its value, its place; `inner` ones only leave a component."""

    name: str
    value: Value
    span: Span
    inner: bool = False
    exported: bool = False

    @property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return frozenset(word for found in _WORD.findall(self.name) if (word := found.lower()) not in _NAMELESS)

    @property
    def targets(self) -> frozenset[str]:
        """What the value names, with the attribute."""
        return frozenset(path for _, inner in flat(self.value) for path in _named(inner))


def outputs_of(solution: Solution) -> tuple[Output, ...]:
    """All outputs in source order."""
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    found: list[Output] = []
    for binding in solution.bindings:
        if id(binding.file) in claimed:
            found += _of_binding(binding, solution)
    first = {fold(one.name) or f"line {one.span.line}": one for one in reversed(found)}  # a template is often shown in two forms
    return tuple(one for one in found if first[fold(one.name) or f"line {one.span.line}"] is one)


def _of_binding(binding: Binding, solution: Solution) -> Iterator[Output]:
    value = binding.value
    if solution.framework == "cfn":
        section = look_up(fields_of(value), "Outputs") if isinstance(value, Fields) else None
        for logical, entry in fields_of(section).items():
            yield Output(logical, look_up(fields_of(entry), "Value") or entry, entry.span, exported=look_up(fields_of(entry), "Export") is not None)
    elif solution.framework == "tf":
        if binding.name.startswith("output.") and isinstance(value, Fields):
            inner = "/" in (binding.file.name or "").replace("lib/", "", 1)
            yield Output(binding.name.removeprefix("output."), look_up(value.fields, "value") or value, binding.span, inner)
    elif isinstance(value, Call | Known | Name | Template | Fields | Unknown):
        yield from _of_program(binding, solution)


def _of_program(binding: Binding, solution: Solution) -> Iterator[Output]:
    for _, value in flat(binding.value):
        if not isinstance(value, Call):
            continue
        last = fold(value.path.rsplit(".", 1)[-1])
        if last in _CALLS:
            called = value.args[1] if len(value.args) > 1 else look_up(value.keywords, "id", "id_")
            fields = fields_of(value)
            exported = look_up(fields, "exportName") is not None
            yield Output(_read(called) or _read(look_up(fields, "exportName")), look_up(fields, "value") or value, value.span, exported=exported)
        elif solution.framework == "pulumi" and last in _EXPORTS and value.args and (name := _read(value.args[0])):
            yield Output(name, value.args[1] if len(value.args) > 1 else value, value.span)
        elif solution.framework == "pulumi" and last in _REGISTER:
            for one in value.args:
                yield from (Output(key, inner, inner.span, inner=True) for key, inner in fields_of(one).items())
    if solution.framework == "pulumi" and binding.name and not binding.owner and binding.file.language in {"typescript", "javascript"}:
        line = solution.document.lines[binding.span.line - 1] if binding.span.line <= len(solution.document.lines) else ""
        made = isinstance(binding.value, Call) and (binding.value.new or binding.value.module)
        if re.match(r"export (const|let)\b", line.lstrip()) and not made and not isinstance(known(binding.value), bool):
            yield Output(binding.name, binding.value, binding.span)


def _named(value: Value) -> Iterator[str]:
    """What a value names: a member path, or what a function of a template refers to."""
    if isinstance(value, Name):
        yield value.path
        return
    inner = value.args if isinstance(value, Call) and value.path.startswith("!") else ()
    function = value.path[1:] if isinstance(value, Call) else ""
    if isinstance(value, Fields) and len(value.fields) == 1:
        ((key, only),) = value.fields.items()
        function, inner = key.removeprefix("Fn::"), each(only)
    texts = [one.value for item in inner for one in each(item) if isinstance(one, Known) and isinstance(one.value, str)]
    if function in {"Ref", "GetAtt"}:
        yield ".".join(texts)
    elif function == "Sub" and texts:
        yield from re.findall(r"\$\{([\w.]+)\}", texts[0])


def _read(value: Value | None) -> str:
    """A name as far as it is known."""
    return (text_of(value) or "").replace("\N{HORIZONTAL ELLIPSIS}", "")
