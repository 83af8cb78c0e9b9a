"""CloudFormation and SAM templates, in YAML and JSON: resources with their functions resolved, declared and used names, local files.

What a detector finds, and where:

- `Resource.properties` are the resource's `Properties` with every function resolved (`_cloudformation_functions`). Attributes of the
  resource stand beside them under a leading `@`, which no property has: `@DeletionPolicy`, `@UpdateReplacePolicy`, `@Condition`, `@DependsOn`,
  `@Metadata`, `@UpdatePolicy`, `@CreationPolicy`. `look_up(properties, "DeletionPolicy")` finds both forms.
- Parameters (type, default, `NoEcho`), mappings, conditions and outputs are as written in the root of the file's binding:
  `fields_of(binding.value)["Parameters"]`. Their names are symbols: `X` (a parameter or a resource, which share one space), `condition:X`,
  `mapping:X`, `mapping:X.top`, `mapping:X.top.second`, `output:X`.
- A lone template has the scope ``; of several, each has its file's name or the place of its block, and pieces share ``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.frontends._cloudformation_assets import assets, image_assets, local
from grader.frontends._cloudformation_functions import Functions, Use
from grader.frontends._cloudformation_template import LOOP, TYPE, Template, templates_of
from grader.model.solutions import Category, Reference, Resource, Symbol
from grader.model.values import Fields, Items, Known, Value, each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Asset, Unit
    from grader.model.spans import Span

FRAMEWORK = "cfn"

_ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy", "Condition", "DependsOn", "Metadata", "UpdatePolicy", "CreationPolicy")
_PSEUDO = frozenset(
    f"AWS::{name}" for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)
_KEY = re.compile(r"^[ \t]*[\"']?([A-Za-z]\w*)[\"']?[ \t]*:", re.MULTILINE)
_GENERATED = re.compile(r"Serverless(?:RestApi|HttpApi|DeploymentApplication|UsagePlan|ApiKey)\w*$|CodeDeployServiceRole$|ApiGatewayDomainName\w*$")
"""Resources that SAM adds to a stack whatever the names of the others."""


def claims(unit: Unit) -> bool:
    """Whether a file holds a template, or an unmistakable piece of one."""
    return unit.file.language in {"yaml", "json"} and any(templates_of(unit))


def read(units: Sequence[Unit], document: Document) -> Reading:
    """Resources, local files, declared names and used names of all templates of an answer.

    No reference is given for a piece of a template, nor where a macro, an include or a loop may make names: `unresolved` says so.
    """
    del document
    templates = [one for unit in units if not unit.file.superseded for one in templates_of(unit)]
    if any(one.headed for one in templates):
        # Beside one that says so, a template without its head is an excerpt.
        templates = [one if one.headed else replace(one, whole=False) for one in templates]
    wholes = [one for one in templates if one.whole]
    resources: list[Resource] = []
    found: list[Asset] = []
    symbols: dict[tuple[str, str], Symbol] = {}
    references: list[Reference] = []
    unresolved: list[tuple[str, Span]] = []
    pieces = {name for one in templates if not one.whole or one.unit.file.name is None for name in _names(one)}
    for one in templates:
        scope = "" if not one.whole or len(wholes) == 1 else _scope(one)
        functions = Functions(one)
        for resource in _resources(one, functions, scope):
            resources.append(resource)
            found += assets(resource.type, resource.name, resource.properties, resource.file)
            found += image_assets(resource.name, resource.properties.get("@Metadata"), resource.file)
        _others(one, functions)
        found += _global_assets(one)
        for location in functions.included:
            found += local(location, "AWS::Include", one.unit.file, directory=False)
        for symbol in _symbols(one, scope):
            symbols.setdefault((symbol.scope, symbol.name), symbol)
        if one.open:
            unresolved.append((one.open, one.root.span._replace(end_line=one.root.span.line)))
        elif one.whole:
            references += _references(one, functions.uses, scope, pieces)
    return Reading(tuple(resources), tuple(found), symbols, tuple(references), tuple(unresolved))


def _scope(one: Template) -> str:
    """Where a template's names are looked up: its file, with the line for a later document of it."""
    first = one.unit.bindings[0].value is one.root
    return one.unit.file.label if first else f"{one.unit.file.label}:{one.root.span.line}"


def _resources(one: Template, functions: Functions, scope: str) -> Iterator[Resource]:
    for name, entry in one.resources.items():
        if name.startswith(LOOP):
            yield from _looped(entry, functions, one, scope)
        elif isinstance(entry, Fields):
            resource = _resource(name, entry, functions, one, scope)
            if resource is not None:
                yield resource


def _looped(entry: Value, functions: Functions, one: Template, scope: str, depth: int = 0) -> Iterator[Resource]:
    """The resources that a loop makes, each once, by the pattern of its name."""
    body = entry.items[2] if isinstance(entry, Items) and len(entry.items) == 3 else None
    variable = entry.items[0] if isinstance(entry, Items) and entry.items else None
    if not isinstance(body, Fields) or depth > 5:
        return
    before = functions.hidden
    functions.hidden = before | ({str(variable.value)} if isinstance(variable, Known) else frozenset())
    for name, inner in body.fields.items():
        if name.startswith(LOOP):
            yield from _looped(inner, functions, one, scope, depth + 1)
        elif isinstance(inner, Fields):
            resource = _resource(name, inner, functions, one, scope, many=True)
            if resource is not None:
                yield resource
    functions.hidden = before


def _resource(name: str, entry: Fields, functions: Functions, one: Template, scope: str, *, many: bool = False) -> Resource | None:
    """One entry of `Resources`; None where it has no type. Notes the names it uses."""
    fields = entry.fields
    kind = fields.get("Type")
    written = fields.get("Properties")
    value = functions.value(written) if written is not None else None
    properties = dict(value.fields) if isinstance(value, Fields) else {}
    for key in _ATTRIBUTES:
        attribute = fields.get(key)
        if attribute is None:
            continue
        properties[f"@{key}"] = functions.value(attribute)
        if key == "Condition":
            functions.condition(attribute)
        elif key == "DependsOn":
            for target in each(attribute):
                if isinstance(target, Known) and isinstance(target.value, str):
                    functions.use(target.value, Category.RESOURCE, target.span, f"DependsOn: {target.value}")
    if not isinstance(kind, Known) or not isinstance(kind.value, str) or not TYPE.match(kind.value):
        return None
    return Resource(kind.value, name, properties, entry.span, one.unit.file, many=many, binding=name, owner=scope)


def _others(one: Template, functions: Functions) -> None:
    """Note the names that the other sections use."""
    for entry in one.outputs.values():
        if isinstance(entry, Fields):
            functions.condition(entry.fields.get("Condition"))
            for key, value in entry.fields.items():
                if key != "Condition":
                    functions.value(value)
    functions.conditional = True
    for entry in one.conditions.values():
        functions.value(entry)
    for section in ("Rules", "Globals"):
        functions.conditional = section == "Rules"
        inner = one.root.fields.get(section)
        if isinstance(inner, Fields) and one.whole:
            functions.value(inner)


def _global_assets(one: Template) -> Iterator[Asset]:
    """The code that `Globals` give every function, where some function takes it."""
    section = one.root.fields.get("Globals")
    function = section.fields.get("Function") if isinstance(section, Fields) else None
    if isinstance(function, Fields):
        yield from local(function.fields.get("CodeUri"), "CodeUri", one.unit.file, directory=None)


def _names(one: Template) -> Iterator[str]:
    """Every name that a template declares."""
    return (symbol.name for symbol in _symbols(one, ""))


def _symbols(one: Template, scope: str) -> Iterator[Symbol]:
    file = one.unit.file
    sections: tuple[tuple[Mapping[str, Value], str, Category], ...] = (
        (one.resources, "", Category.RESOURCE),
        (one.parameters, "", Category.PARAMETER),
        (one.conditions, "condition:", Category.CONDITION),
        (one.outputs, "output:", Category.OUTPUT),
        (one.mappings, "mapping:", Category.MAPPING),
    )
    for entries, prefix, category in sections:
        for name, value in entries.items():
            if name.startswith("Fn::"):
                continue
            kind = value.fields.get("Type") if isinstance(value, Fields) and not prefix else None
            yield Symbol(scope, f"{prefix}{name}", category, value.span, file, str(kind.value) if isinstance(kind, Known) else "")
            if category is Category.MAPPING and isinstance(value, Fields):
                for top, inner in value.fields.items():
                    yield Symbol(scope, f"mapping:{name}.{top}", category, inner.span, file)
                    for second, leaf in inner.fields.items() if isinstance(inner, Fields) else ():
                        yield Symbol(scope, f"mapping:{name}.{top}.{second}", category, leaf.span, file)


def _references(one: Template, uses: Sequence[Use], scope: str, elsewhere: set[str]) -> Iterator[Reference]:
    """The names that this template itself must declare. `elsewhere` are names of pieces that may belong to it."""
    own = set(_names(one))
    damaged = bool(one.unit.problems) or not one.root.complete or not one.unit.file.closed
    if damaged and one.sections.isdisjoint({"Outputs"}):
        return
    mentioned = _keys(one.unit.file.text) if damaged else frozenset()
    for use in uses:
        name = use.name
        if name not in own and (name in _PSEUDO or name in elsewhere or _made(one, name) or name.rpartition(":")[2].split(".")[0] in mentioned):
            continue
        yield Reference(scope, name, use.category, use.span, one.unit.file, use.text)


def _made(one: Template, name: str) -> bool:
    """Whether a transform or a module makes a resource of this name."""
    return any(name.startswith(module) for module in one.modules) or (one.serverless and _GENERATED.match(name) is not None)


def _keys(text: str) -> frozenset[str]:
    """Every name that stands as a key at the start of a line."""
    return frozenset(_KEY.findall(text))
