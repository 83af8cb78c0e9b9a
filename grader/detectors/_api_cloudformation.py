"""CloudFormation: resource types, properties and attributes that the resource schemas do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.catalog import Type, look_up, member, names
from grader.detectors._api_hits import absent
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Stage
from grader.model.paths import is_test
from grader.model.solutions import Category, Reference, Resource, Solution
from grader.model.values import Fields, Items, Known, Unknown, Value, each

SPACE = "cfn"
_TRANSFORMS = frozenset({"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16"})
"""Transforms that leave the properties of a resource as they are written."""
_DEEPEST = 20


def cloudformation_names(answer: Solution) -> Iterator[Hit | Unchecked]:
    """Hits of every template whose transforms leave properties alone."""
    rewritten: set[int] = set()
    for binding in answer.bindings:
        if isinstance(binding.value, Fields) and not binding.name:
            other = [one for one in each(binding.value.fields.get("Transform")) if not (isinstance(one, Known) and one.value in _TRANSFORMS)]
            if other:
                rewritten.add(id(binding.file))
                yield Unchecked("a transform rewrites the template, so that its properties are not those of the schemas", other[0].span.line)
    types: dict[tuple[str, str], Resource] = {}
    for resource in answer.resources:
        if "::" not in resource.type or is_test(resource.file.name):
            continue
        types[resource.owner, resource.name] = resource
        if id(resource.file) not in rewritten:
            yield from _resource(resource)
    for reference in answer.references:
        if reference.category is Category.RESOURCE and id(reference.file) not in rewritten:
            owner = types.get((reference.scope, reference.name))
            if owner is not None:
                yield from _attribute(reference, owner)


def _resource(resource: Resource) -> Iterator[Hit]:
    found = look_up(SPACE, resource.type)
    if resource.type == "AWS::CloudFormation::CustomResource":
        return
    if found is not None:
        yield from _properties(
            {name: value for name, value in resource.properties.items() if name[:1] != "@"}, found.members, found, resource.type, 0
        )
    elif resource.type.startswith("AWS::") and resource.type.count("::") == 2 and not resource.type.startswith(("AWS::CDK::", "AWS::Serverless::")):
        yield absent("", "resource type", resource.type, resource.span, space=SPACE, candidates=_alike(resource.type), variant="type")


def _alike(kind: str) -> list[str]:
    service = kind.rsplit("::", 1)[0] + "::"
    return [name for name in names(SPACE) if name.startswith(service)] or list(names(SPACE))


def _properties(fields: Mapping[str, Value], members: Mapping[str, str], found: Type, path: str, depth: int) -> Iterator[Hit]:
    for name, value in fields.items():
        if name.startswith("Fn::"):
            continue
        said = members.get(name)
        if said is None:
            yield absent(path, "property", name, value.span, space=SPACE, candidates=_settable(members), variant="property", stops=Stage.DEPLOY)
            continue
        one = member(said)
        if "c" in one.flags:
            yield absent(
                path, "settable property", name, value.span, space=SPACE, candidates=_settable(members), variant="property", stops=Stage.DEPLOY
            )
            continue
        inner = found.structs.get(one.type.lstrip("[]*")) if "*" in one.type else None
        if inner is not None and depth < _DEEPEST:
            for nested in _objects(value, one.type.count("[]")):
                yield from _properties(nested.fields, inner, found, f"{path}.{name}", depth + 1)


def _objects(value: Value, lists: int) -> Iterator[Fields]:
    """The objects that a value is, or may be, `lists` lists deep."""
    match value:
        case Unknown(parts=parts):
            for one in parts:
                yield from _objects(one, lists)
        case Items(items=items) if lists:
            for one in items:
                yield from _objects(one, lists - 1)
        case Fields() if not lists and not ({"Name", "Parameters"} == set(value.fields) or any(key.startswith("Fn::") for key in value.fields)):
            yield value


def _settable(members: Mapping[str, str]) -> list[str]:
    return [name for name, said in members.items() if "c" not in member(said).flags]


def _attribute(reference: Reference, owner: Resource) -> Iterator[Hit]:
    """An attribute that `Fn::GetAtt` or `Fn::Sub` reads from a resource of a known type."""
    _, dot, attribute = reference.text.strip("${}").partition(f"{reference.name}.")
    found = look_up(SPACE, owner.type)
    if not dot or not attribute or found is None or owner.type.startswith(("AWS::Serverless::", "Custom::")):
        return
    if owner.type in {"AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack", "AWS::ServiceCatalog::CloudFormationProvisionedProduct"}:
        return
    if "$" in attribute or "…" in attribute or attribute in found.facts or any(one.startswith(f"{attribute}.") for one in found.facts):
        return
    yield absent(owner.type, "attribute", attribute, reference.span, space=SPACE, candidates=found.facts, variant="attribute")
