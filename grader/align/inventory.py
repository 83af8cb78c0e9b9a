"""The things of one solution: each resource with its canonical type, what satellites add to it, and what it refers to."""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from grader.align.versions import engine_version
from grader.knowledge.properties import Aspect, aspect_of
from grader.knowledge.types import Type, canonical, services
from grader.model.paths import is_test
from grader.model.values import Call, Fields, Known, Name, Value, flat, fold, known, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution

_META = frozenset("count foreach dependson provider providers lifecycle provisioner connection depends_on".split())
"""Arguments of Terraform itself."""
_SELF = re.compile(r"^(?:this|self|\w)\.(?=[A-Za-z_])")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOISE = frozenset("aws cfn the my app tap prod dev resource main this default stack".split())
_DURATION = re.compile(r"Duration[._](millis|seconds|minutes|hours|days)$", re.IGNORECASE)
_SECONDS = {"millis": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEEPEST = 4
_DEPLOYMENT, _STAGE = Type("apigateway", "deployment"), Type("apigateway", "stage")
"""A deployment that names a stage makes it."""
_JOBS = ("github-actions.", "gitlab-ci.", "azure-pipelines.", "circleci.", "codebuild.phase", "bitbucket-pipelines.")
TERRAFORM = frozenset({"tf", "cdktf"})
"""Frameworks whose resources are Terraform's."""


class Prop(NamedTuple):
    """One property of a thing: its name as written, its value, and the resource that holds it (a satellite, or the thing's own)."""

    name: str
    value: Value
    holder: Resource
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource with its satellites.

    `props` are by aspect, in source order; `links` are the places, in the inventory, of things that it names; `many` is true where one declaration stands for several.
    """

    type: Type
    resource: Resource
    words: frozenset[str]
    props: Mapping[str, tuple[Prop, ...]]
    links: frozenset[int]
    many: bool
    parts: tuple[Resource, ...] = ()

    @property
    def label(self) -> str:
        """What a reader would call it: its logical name, else its variable."""
        return shown(self.resource)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The things of a solution in source order, and what else may provide one.

    `looked_up` are types that data sources give; `brought` types that a construct makes by itself; `modules` are words of modules that cannot
    be read.
    """

    things: tuple[Thing, ...]
    looked_up: frozenset[Type]
    brought: frozenset[Type]
    modules: frozenset[str]
    framework: str

    def types(self) -> frozenset[Type]:
        """Every type that is declared."""
        return frozenset(one.type for one in self.things)


def shown(resource: Resource) -> str:
    """What a reader would call a resource: its logical name, else the variable it is bound to."""
    name = resource.name.strip("\N{HORIZONTAL ELLIPSIS}-_ ")
    bound = resource.binding.rsplit(".", 1)[-1]
    return name if re.search(r"[A-Za-z]{2}", name) else bound or name


def inventory_of(solution: Solution) -> Inventory:
    """The things of one solution."""
    own = _once([one for one in solution.resources if _counts(one, solution.framework)], solution.framework)
    types = [canonical(one.type) for one in own]
    known_parts = services().parts
    index: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(own):
        if one.binding:
            index[_plain(one.binding)].append(place)
    named = [[target for target in _named(one.properties, index) if target != place] for place, one in enumerate(own)]
    parts: dict[int, list[int]] = defaultdict(list)
    satellites: set[int] = set()
    for place, kind in enumerate(types):
        part = known_parts.get(kind)
        if part is None:
            continue
        owners = [other for other, of in enumerate(types) if of == part.of]
        chosen = [target for target in _owners(own[place], part.by, index) if types[target] == part.of]
        chosen = chosen or [target for target in named[place] if types[target] == part.of][:1]
        for owner in chosen or owners:
            parts[owner].append(place)
        if owners:
            satellites.add(place)
    repeated = _repeated(solution)
    positions = {place: new for new, place in enumerate(place for place in range(len(own)) if place not in satellites)}
    things = []
    for place in positions:
        held = [own[part] for part in parts.get(place, ())]
        members = (place, *parts.get(place, ()))
        links = frozenset(positions[target] for member in members for target in named[member] if target in positions and target != place)
        one = own[place]
        props = _props(types[place], one, solution.framework)
        for inner in parts.get(place, ()):
            satellite = known_parts[types[inner]]
            aspect = aspect_of(types[place], satellite.name)
            fields = {key: value for key, value in own[inner].properties.items() if fold(key) not in _META and fold(key) not in satellite.by}
            props.setdefault(aspect.name, []).append(Prop(own[inner].type, Fields(fields, own[inner].span), own[inner], aspect))
        things.append(
            Thing(
                types[place],
                one,
                words_of(one),
                {name: tuple(found) for name, found in props.items()},
                links,
                one.many or _owner(one, repeated),
                tuple(held),
            )
        )
    _add_methods(things, solution)
    looked_up = frozenset(_looked_up(one) for one in solution.resources if one.data)
    return Inventory(tuple(things), looked_up, _brought(own, types, solution.framework), _modules(solution), solution.framework)


def _counts(resource: Resource, framework: str) -> bool:
    """Whether a resource is a part of the infrastructure; a pipeline's jobs count where the pipeline is what was asked for."""
    return not resource.data and not is_test(resource.file.name) and (framework == "cicd" or not resource.type.startswith(_JOBS))


def _looked_up(resource: Resource) -> Type:
    """The type of what a data source or a look-up (`aws.ec2.getVpc`) finds."""
    path, _, last = resource.type.rpartition(".")
    noun = re.sub(r"^(?:get|lookup)_?(?=\w)|Output$", "", last, flags=re.IGNORECASE)
    return canonical(f"{path}.{noun[:1].upper()}{noun[1:]}" if path.startswith("aws") and not path.startswith("aws-") else resource.type)


def _once(found: list[Resource], framework: str) -> list[Resource]:
    """Resources without those that are given again.

    A template is often shown in two forms, or in part first: the larger file counts. Two values of one field are the branches of a condition.
    """
    if framework not in {"cfn", "tf"}:
        fields: set[tuple[str, str, str]] = set()
        kept = []
        for one in found:
            place = (one.type, one.owner, one.binding)
            if not one.binding.startswith(("this.", "self.")) or place not in fields:
                kept.append(one)
            fields.add(place)
        return kept
    size = Counter(id(one.file) for one in found)
    best: dict[tuple[str, str, str], Resource] = {}
    for one in found:
        key = (one.type, one.name, "" if framework == "cfn" else one.owner)
        if key not in best or size[id(one.file)] > size[id(best[key].file)]:
            best[key] = one
    chosen = {id(one) for one in best.values()}
    return [one for one in found if id(one) in chosen]


def words_of(resource: Resource) -> frozenset[str]:
    """The words of a resource's name and of the variable it is bound to."""
    text = f"{resource.name} {resource.binding.rsplit('.', 1)[-1]}"
    return frozenset(word for found in _WORD.findall(text) if (word := found.lower()) not in _NOISE)


def _plain(path: str) -> str:
    return _SELF.sub("", path)


def _named(properties: Mapping[str, Value], index: Mapping[str, list[int]]) -> list[int]:
    """Places of the resources that the values of some properties name, each once."""
    found: dict[int, None] = {}
    for value in properties.values():
        for _, inner in flat(value):
            if isinstance(inner, Name):
                found.update(dict.fromkeys(_resolved(inner.path, index)))
    return list(found)


def _resolved(path: str, index: Mapping[str, list[int]]) -> list[int]:
    steps = _plain(path).split(".")[: _DEEPEST + 1]
    for end in range(len(steps), 0, -1):
        found = index.get(".".join(steps[:end]))
        if found:
            return found
    return []


def _owners(resource: Resource, by: tuple[str, ...], index: Mapping[str, list[int]]) -> list[int]:
    """The resources that a satellite says it belongs to."""
    value = look_up(resource.properties, *by)
    return _named({"": value}, index) if value is not None else []


def _props(kind: Type, resource: Resource, framework: str) -> dict[str, list[Prop]]:
    found: dict[str, list[Prop]] = {}
    for name, value in resource.properties.items():
        if framework in TERRAFORM and fold(name) in _META:
            continue
        aspect = aspect_of(kind, name)
        found.setdefault(aspect.name, []).append(Prop(name.lstrip("@"), value, resource, aspect))
    return found


def _add_methods(things: list[Thing], solution: Solution) -> None:
    """Give things what methods called on them add (`bucket.addLifecycleRule`), where the method's meaning is listed."""
    if solution.framework != "cdk":
        return
    bound: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(things):
        if one.resource.binding:
            bound[_plain(one.resource.binding)].append(place)
    for _, value, _binding in solution.structs:
        if not isinstance(value, Call) or not isinstance(value.receiver, Name):
            continue
        for place in bound.get(_plain(value.receiver.path), ()):
            one = things[place]
            aspect = aspect_of(one.type, value.path)
            if aspect.says and aspect.name not in one.props:
                prop = Prop(value.path, value, one.resource, aspect)
                things[place] = replace(one, props={**one.props, aspect.name: (prop,)})


def _repeated(solution: Solution) -> frozenset[str]:
    """Functions, classes and module folders of the solution that are used more than once, or in a loop."""
    uses: Counter[str] = Counter()
    if solution.framework == "tf":
        for binding in solution.bindings:
            if binding.name.startswith("module.") and isinstance(binding.value, Fields):
                source = known(look_up(binding.value.fields, "source"))
                uses[str(source).rstrip("/").rsplit("/", 1)[-1]] += 2 if binding.many else 1
        return frozenset(name for name, count in uses.items() if count > 1)
    for _, value, binding in solution.structs:
        if isinstance(value, Call):
            name = value.path.rsplit(".", 1)[-1].removeprefix("New")
            uses[name] += 2 if binding.many else 1
    return frozenset(name for name, count in uses.items() if count > 1)


def _owner(resource: Resource, repeated: frozenset[str]) -> bool:
    """Whether the function or class around a resource runs more than once."""
    if not resource.owner:
        return False
    steps = re.split(r"[./]", resource.owner)
    constructor = len(steps) > 1 and (steps[-1] in {"constructor", "__init__", "build"} or steps[-1] == steps[-2])
    return any(step.removeprefix("New") in repeated for step in (steps[:-1][-1:] if constructor else steps[-1:]))


def brought_by(resource: Resource, kind: Type, framework: str) -> frozenset[Type]:
    """Types that a construct of a higher level makes without being asked."""
    if kind == _DEPLOYMENT and look_up(resource.properties, "stage_name") is not None:
        return frozenset({_STAGE})
    scope = framework
    if framework == "cdk" and resource.type.rsplit(".", 1)[-1].startswith("Cfn"):
        return frozenset()
    if framework == "cfn":
        scope = "sam" if "::Serverless::" in resource.type else framework
    if framework == "pulumi" and not resource.type.startswith("awsx"):
        return frozenset()
    brings = services().brings
    return brings.get((scope, str(kind)), frozenset()) | brings.get((scope, kind.service), frozenset())


def _brought(own: list[Resource], types: list[Type], framework: str) -> frozenset[Type]:
    return frozenset().union(*(brought_by(resource, kind, framework) for resource, kind in zip(own, types, strict=True)))


def _modules(solution: Solution) -> frozenset[str]:
    """Words of the sources of modules that are not among the files: what they make is not known."""
    if solution.framework not in TERRAFORM:
        return frozenset()
    folders = {posixpath.dirname(file.name).rsplit("/", 1)[-1] for file in solution.files if file.name}
    found: set[str] = set()
    for binding in solution.bindings:
        if not binding.name.startswith("module.") or not isinstance(binding.value, Fields):
            continue
        source = str(known(look_up(binding.value.fields, "source")) or "")
        if not source.startswith(".") or source.rstrip("/").rsplit("/", 1)[-1] not in folders:
            found.update(re.findall(r"[a-z0-9]+", f"{source} {binding.name}".lower()))
    return frozenset(found | {"ec2"} if found & {"vpc", "network", "networking", "subnets"} else found)


def scalar(value: Value | None) -> object:
    """A known scalar, an enumeration's member as text, the version that one of an engine's stands for, or None."""
    if isinstance(value, Known):
        return value.value
    version = engine_version(value)
    if version is not None:
        return version
    if isinstance(value, Name) and (value.module or value.path[:1].isupper()) and "." in value.path:
        return value.path.rsplit(".", 1)[-1]
    return _duration(value) if isinstance(value, Call) else None


def _duration(call: Call) -> str | None:
    """A length of time that the CDK spells as a call, in words."""
    found = _DURATION.search(call.path)
    count = known(call.args[0]) if found and len(call.args) == 1 else None
    if found is None or isinstance(count, bool) or not isinstance(count, int | float):
        return None
    unit = found.group(1).lower()
    seconds = count * _SECONDS[unit]
    name, size = next(
        (name, size) for name, size in (("days", 86400), ("minutes", 60), ("seconds", 1), ("milliseconds", 0.001)) if seconds % size == 0
    )
    return f"{seconds / size:g} {name if seconds != size else name[:-1]}"
