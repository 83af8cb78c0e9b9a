"""A CloudFormation template as its sections: what it declares, and what its transforms may add."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.model.values import Fields, Items, Known, Value, each, known, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model.solutions import Unit

TYPE = re.compile(r"(?:[A-Za-z0-9]+::){2}[A-Za-z0-9:]+$|Custom::[\w@-]+$")
"""The type of a resource."""
SECTIONS = frozenset({"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Rules", "Transform", "Resources", "Outputs", "Globals", "Hooks"})  # fmt: skip
SERVERLESS = "AWS::Serverless-2016-10-31"
LOOP = "Fn::ForEach::"
_ELIDED = re.compile(
    r"^[ \t]*(?:#|//)[ \t]*[(\[<]?(?:\.{3}|\N{HORIZONTAL ELLIPSIS}|(?:the )?(?:rest|remaining|remainder|existing|previous) (?:of )?(?:the )?(?:\w+ ){0,3}"
    r"(?:here|unchanged|same|omitted|remain))",
    re.MULTILINE | re.IGNORECASE,
)
"""A comment that stands for what was left out."""
_TRANSFORMS = frozenset({SERVERLESS, "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"})  # fmt: skip
"""Transforms that add no name of their own choosing, or whose names are known here."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template, or a piece of one.

    `whole` is true where every name it uses must be its own, `headed` where it says that it is a template. `resources` and the other sections hold entries as written;
    `modules` are logical ids from which others are generated (SAM resources, modules). `open` says why names may come from elsewhere, empty where not.
    """

    unit: Unit
    root: Fields
    resources: Mapping[str, Value]
    parameters: Mapping[str, Value]
    mappings: Mapping[str, Value]
    conditions: Mapping[str, Value]
    outputs: Mapping[str, Value]
    whole: bool
    headed: bool = False
    open: str = ""
    serverless: bool = False
    modules: tuple[str, ...] = ()
    sections: frozenset[str] = field(default=frozenset())

    def type_of(self, name: str) -> str:
        """The type of a resource, empty where it has none that can be read."""
        entry = self.resources.get(name)
        kind = known(entry.fields.get("Type")) if isinstance(entry, Fields) else None
        return kind if isinstance(kind, str) else ""


def templates_of(unit: Unit) -> Iterator[Template]:
    """The templates of a file: documents with `Resources` of some type, or a piece of one (typed entries, parameters, outputs)."""
    for binding in unit.bindings:
        if isinstance(binding.value, Fields):
            found = _template(unit, binding.value)
            if found is not None:
                yield found


def _template(unit: Unit, root: Fields) -> Template | None:
    fields = root.fields
    resources = _section(fields, "Resources")
    typed = any(_typed(entry) for entry in resources.values())
    transforms = tuple(_transforms(fields.get("Transform")))
    headed = "AWSTemplateFormatVersion" in fields or any(one.startswith("AWS::") for one in transforms)
    if not typed and not headed:
        if any(_typed(entry) for entry in fields.values()):
            return Template(unit, root, {key: value for key, value in fields.items() if _typed(value)}, {}, {}, {}, {}, whole=False)
        if not _is_piece(fields):
            return None
    serverless = SERVERLESS in transforms
    modules = [name for name, entry in resources.items() if _generates(entry, serverless=serverless)]
    return Template(
        unit,
        root,
        resources,
        _section(fields, "Parameters"),
        _section(fields, "Mappings"),
        _section(fields, "Conditions"),
        _section(fields, "Outputs"),
        # An excerpt in prose has neither head nor name.
        whole=typed and unit.file.whole and (headed or unit.file.name is not None),
        headed=headed,
        open=_opening(fields, resources, transforms) or ("the template is elided" if _ELIDED.search(unit.file.text) else ""),
        serverless=serverless,
        modules=tuple(modules),
        sections=frozenset(fields),
    )


def _section(fields: Mapping[str, Value], name: str) -> Mapping[str, Value]:
    section = fields.get(name)
    return section.fields if isinstance(section, Fields) else {}


def _typed(entry: Value) -> bool:
    kind = known(entry.fields.get("Type")) if isinstance(entry, Fields) else None
    return isinstance(kind, str) and TYPE.match(kind) is not None


def _is_piece(fields: Mapping[str, Value]) -> bool:
    """Whether a root holds nothing but sections of a template, one of them in its unmistakable form."""
    if not fields or not SECTIONS.issuperset(fields):
        return False
    return any(
        isinstance(entry, Fields) and mark in entry.fields
        for section, mark in (("Parameters", "Type"), ("Outputs", "Value"))
        for entry in _section(fields, section).values()
    )


def _transforms(value: Value | None) -> Iterator[str]:
    for one in each(value):
        name = known(one.fields.get("Name")) if isinstance(one, Fields) else known(one)
        if isinstance(name, str):
            yield name


def _generates(entry: Value, *, serverless: bool) -> bool:
    kind = known(entry.fields.get("Type")) if isinstance(entry, Fields) else None
    return isinstance(kind, str) and ((serverless and kind.startswith("AWS::Serverless::")) or kind.endswith("::MODULE"))


def _opening(fields: Mapping[str, Value], resources: Mapping[str, Value], transforms: tuple[str, ...]) -> str:
    """Why names of the template may be made elsewhere; empty where they may not."""
    macro = next((one for one in transforms if one not in _TRANSFORMS), "")
    if macro:
        return f"the transform `{macro}` may add resources"
    sections = [(name, one.fields) for name, one in fields.items() if isinstance(one, Fields) and name in SECTIONS - {"Metadata", "Outputs"}]
    for name, section in [("the template", fields), *sections]:
        if "Fn::Transform" in section:
            return f"`Fn::Transform` may add to {name}"
        if any(key.startswith(LOOP) for key in section):
            return f"`Fn::ForEach` generates names of {name}"
    if not resources:
        return "the template shows no resources"
    return ""


def default_of(parameter: Value | None) -> Value | None:
    """What a parameter stands for where nothing else is given; None where that cannot be told or must stay hidden.

    A list type gives its items.
    """
    if not isinstance(parameter, Fields):
        return None
    kind, default = known(parameter.fields.get("Type")), parameter.fields.get("Default")
    if (
        not isinstance(kind, str)
        or not isinstance(default, Known)
        or kind.startswith("AWS::SSM::")
        or str(known(parameter.fields.get("NoEcho"))).lower() == "true"
    ):
        return None
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return Items(tuple(Known(one.strip(), default.span) for one in str(default.value or "").split(",")), default.span)
    return default


def holds_loop(value: Value) -> bool:
    """Whether a loop of the language extensions stands anywhere inside."""
    return any(isinstance(one, Fields) and any(key.startswith(LOOP) for key in one.fields) for one in walk(value))
