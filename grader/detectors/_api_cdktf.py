"""CDKTF: constructs of the library and of its provider packages, their configuration and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from grader.catalog import Type, look_up, member, row
from grader.detectors._api_cdk import cdk_names
from grader.detectors._api_hits import absent, list_wanted
from grader.detectors._api_imports import imports, typed_paths
from grader.detectors._api_instances import Instances, by_file
from grader.detectors._api_jsii import folded
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Stage
from grader.model.once import once
from grader.model.solutions import Binding, Solution
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Name, Value, walk

_MODULE = re.compile(
    r"^(?:@cdktf/provider-(?P<ts>\w+)(?:/lib)?/?(?P<tsf>[\w-]*)(?:/index)?"
    r"|cdktf_cdktf_provider_(?P<py>[a-z0-9]+)\.?(?P<pyf>\w*)"
    r"|github\.com/cdktf/cdktf-provider-(?P<go>\w+)-go/\w+(?:/v\d+)?/?(?P<gof>\w*)"
    r"|com\.hashicorp\.cdktf\.providers\.(?P<java>\w+)\.?(?P<javaf>\w*))$"
)
_FLAT = 11
"""The version of the provider packages from which each resource certainly has a module of its own."""
_HELD = 19
"""The oldest version of the AWS package in the catalogue."""
_PINNED = re.compile(r"cdktf[-/](?:cdktf-)?provider-aws(?:\"\s*:\s*\"|[=~<>! ]+|-go/aws/v)[\^~=v]*(\d+)")
_PROVIDERS = frozenset("aws google azurerm kubernetes helm random tls local time archive null http external".split())
_META = frozenset("dependson count provider lifecycle foreach connection provisioners alias".split())
_INHERITED = frozenset(
    "node fqn friendlyuniqueid tostring getattribute getstringattribute getnumberattribute getbooleanattribute getlistattribute interpolationforattribute "
    "addoverride overridelogicalid resetoverridelogicalid toterraform tometadata terraformresourcetype terraformmetaarguments rawoverrides cdktfstack "
    "importfrom movefromid movetoid moveto hasresourcemove constructnodemetadata tohclterraform terraformgeneratormetadata connection count dependson "
    "foreach lifecycle provider provisioners getanymapattribute getbooleanmapattribute getnumberlistattribute getnumbermapattribute getstringmapattribute "
    "metaattributes alias addmovetarget synthesizeattributes synthesizehclattributes with terraformprovidersource".split()
)


def cdktf_names(answer: Solution) -> Iterator[Hit | Unchecked]:
    """Hits of the library's own names, then of the providers'."""
    yield from cdk_names(answer)
    for bindings in by_file(answer):
        yield from _Providers(bindings, answer).hits()


@lru_cache(maxsize=16)
def _constructs(provider: str) -> Mapping[str, str]:
    found = row(f"tf:{provider}", "constructs")
    return found[0] if found else {}  # type: ignore[return-value] # the stored form, checked by the tests


@lru_cache(maxsize=16)
def _folders(provider: str) -> frozenset[str]:
    return frozenset(folded(said.partition("|")[2].replace("-", "")) for said in _constructs(provider).values())


@lru_cache(maxsize=16)
def _classes(provider: str) -> Mapping[str, tuple[str, ...]]:
    """The classes of each module of a provider's package, by the module's folded name."""
    found: dict[str, list[str]] = {}
    for name, said in _constructs(provider).items():
        found.setdefault(folded(said.partition("|")[2].replace("-", "")), []).append(name)
    return {home: tuple(inside) for home, inside in found.items()}


@lru_cache(maxsize=4096)
def _index(space: str, name: str, struct: str) -> Mapping[str, str]:
    """The arguments of a type or of one of its structs by their folded names, with the names CDKTF gives instead."""
    held = look_up(space, name)
    members = (held.structs.get(struct, {}) if struct else held.members) if held else {}
    found = {folded(one): one for one in members}
    found.update({folded(member(said).alias): one for one, said in members.items() if member(said).alias})
    return found


@once
def _is_old(answer: Solution) -> bool:
    """Whether a file of the answer asks for a version of the AWS package that still grouped the classes of a service; without one the newest is installed."""
    return any(int(found[1]) < _FLAT for found in _PINNED.finditer(answer.document.text))


@once
def _is_older(answer: Solution) -> bool:
    """Whether a file of the answer asks for a version of the AWS package before those in the catalogue, in which a block may have been one object."""
    return any(int(found[1]) < _HELD for found in _PINNED.finditer(answer.document.text))


def _is_one(value: Value) -> bool:
    """Whether a value is one literal object, or one construction of a class of the provider."""
    return (isinstance(value, Fields) and value.complete and bool(value.fields)) or (isinstance(value, Call) and value.new and bool(value.keywords))


def _one_a_module(module: str, folder: str) -> bool:
    """Whether the package has a module a resource.

    Packages before 2023 grouped classes in modules of one word (`iam`, `route53`): no version held says what those have.
    """
    version = re.search(r"/v(\d+)/", f"{module}/")
    return "-" in folder or "_" in folder or (version is not None and int(version[1]) >= _FLAT)


class _Providers:
    """Checks the values of one file against the provider packages."""

    def __init__(self, bindings: list[Binding], answer: Solution) -> None:
        self.bindings = bindings
        self.language = bindings[0].file.language
        self.lines = answer.document.lines
        self.broken = [one.span for one in answer.problems if one.file is bindings[0].file]
        self.instances = Instances(bindings, answer, self.type_of)
        self.said: set[tuple[int, str, str]] = set()
        self.grouped = _is_old(answer)
        self.older = _is_older(answer)
        self.taken: set[str] = set()

    def hits(self) -> Iterator[Hit]:
        """Every hit of the file, one a place and name."""
        yield from self._imported()
        for binding in self.bindings:
            if any(one.touches(binding.span) for one in self.broken):
                continue
            for value in walk(binding.value):
                for hit in self._value(value, binding):
                    key = (hit.at.line if hit.at else 0, hit.entity, hit.message)
                    line = self.lines[hit.at.line - 1] if hit.at else ""
                    if key not in self.said and "as any" not in line:
                        self.said.add(key)
                        yield hit

    def _imported(self) -> Iterator[Hit]:
        """Classes that an import takes from the root of a package, whose root holds modules only, or from a module that has them not."""
        for one in imports(self.bindings[0].file):
            where = self._where(one.module)
            if where is None:
                continue
            provider, folder = where
            label, classes = f"provider-{provider}", _constructs(provider)
            if folder and folded(folder.replace("-", "")) not in _folders(provider) and _one_a_module(one.module, folder):
                homes = [said.partition("|")[2] for said in classes.values()]
                yield absent(
                    label, "module", folder, one.span, space=f"tf:{provider}", candidates=[self._home(home) for home in homes], variant="type"
                )
            if not one.name[:1].isupper():
                if self._script and not folder and one.name and not self.grouped and not self._is_namespace(provider, one.name):
                    self.taken.add(one.local or one.name)
                    self.taken.add(one.name)
                    yield self._no_namespace(provider, one.name, one.span)
                continue
            inside = _classes(provider).get(folded(folder.replace("-", "")), ())
            elsewhere = one.name in classes and not self.grouped
            if (
                folder
                and inside
                and self.language in {"typescript", "javascript", "python"}
                and one.name not in inside
                and (elsewhere or f"{one.name}A" in inside)
            ):
                yield self._no_class(provider, folder, one.name, one.span, inside)
            if not folder and one.name in classes:
                home = classes[one.name].partition("|")[2]
                yield absent(
                    label,
                    "class at its root",
                    one.name,
                    one.span,
                    space=f"tf:{provider}",
                    candidates=(f"{one.name} of {label}/{home}",),
                    variant="type",
                    cause=f"classes taken from the root of {label}",
                )

        yield from self._annotated()

    def _annotated(self) -> Iterator[Hit]:
        """Types that TypeScript names through a package that is imported whole (`aws.vpc.Subnet`), and that it has not."""
        file = self.bindings[0].file
        if self.language != "typescript" or self.grouped:
            return
        whole = {one.local: where[0] for one in imports(file) if not one.name and (where := self._where(one.module)) is not None and not where[1]}
        for alias, module, name, span in typed_paths(file) if whole else ():
            provider = whole.get(alias)
            if provider is None or any(one.touches(span) for one in self.broken):
                continue
            own = _classes(provider).get(folded(module), ())
            if not self._is_namespace(provider, module):
                yield self._no_namespace(provider, module, span, name)
            elif own and name not in own and (f"{name}A" in own or name in _constructs(provider)):
                yield self._no_class(provider, module, name, span, own)

    @property
    def _script(self) -> bool:
        return self.language in {"typescript", "javascript"}

    def _is_namespace(self, provider: str, name: str) -> bool:
        return name in {"provider", "default"} or folded(name) in _folders(provider)

    def _no_namespace(self, provider: str, name: str, span: Span, wanted: str = "") -> Hit:
        """A module at the root of a package that is not there; `wanted` is the class that is taken from it."""
        label, said = f"provider-{provider}", _constructs(provider).get(wanted, "")
        home = re.sub(r"-(\w)", lambda found: found[1].upper(), said.partition("|")[2])
        return absent(
            label,
            "module",
            name,
            span,
            space=f"tf:{provider}",
            candidates=(home,) if home else (),
            variant="type",
            cause=f"modules of {label} by service",
        )

    @staticmethod
    def _no_class(provider: str, folder: str, name: str, span: Span, inside: tuple[str, ...]) -> Hit:
        label = f"provider-{provider}/{folder}"
        return absent(label, "class", name, span, space=f"tf:{provider}", candidates=inside, variant="type", cause=f"classes of {label}")

    def _home(self, folder: str) -> str:
        """A module's name as this language writes it."""
        return (
            folder.replace("-", "_" if self.language in {"python", "java"} else "") if self.language not in {"typescript", "javascript"} else folder
        )

    def _value(self, value: Value, binding: Binding) -> Iterator[Hit]:
        match value:
            case Call(receiver=None, module=module) if module:
                yield from self._call(value)
            case Call(receiver=Name(module="", path=owner), path=path) if self.language in {"go", "java"}:
                found = self.instances.longest(owner, binding)
                if found is not None and not found[1]:
                    yield from self._attribute(found[0], path, value.span)
            case Name(module="", path=path) if "." in path:
                found = self.instances.longest(path, binding)
                if found is not None and found[1]:
                    yield from self._attribute(found[0], found[1][0], value.span)
            case Fields(type=type_, module=module) if type_.endswith("Config") and module:
                held = self._held(module, type_.removesuffix("Config"))
                if held is not None:
                    yield from self._fields(value.fields, held, "", held.facts[0])

    def _where(self, module: str) -> tuple[str, str] | None:
        """The provider and the folder of an import path."""
        found = _MODULE.match(module)
        if found is None:
            return None
        provider = found["ts"] or found["py"] or found["go"] or found["java"]
        folder = found["tsf"] or found["pyf"] or found["gof"] or found["javaf"] or ""
        return (provider, folder) if provider in _PROVIDERS else None

    def _held(self, module: str, name: str) -> Type | None:
        where = self._where(module)
        said = _constructs(where[0]).get(name) if where else None
        if where is None or said is None:
            return None
        kind, _, home = said.partition("|")
        elsewhere = where[1] and folded(where[1].replace("-", "")) in _folders(where[0]) - {folded(home.replace("-", ""))}
        return look_up(f"tf:{where[0]}", kind) if not elsewhere else None

    def _call(self, call: Call) -> Iterator[Hit]:
        where = self._where(call.module)
        if where is None:
            return
        provider, folder = where
        name = call.path.rsplit(".", 1)[-1]
        if self.language == "go":
            if not name.startswith("New") or not name[3:4].isupper():
                return
            name = name.removeprefix("New")
        elif not call.new or not name[:1].isupper():
            return
        if self._script and not folder and call.path.count(".") == 1 and not self.grouped:
            within = call.path.partition(".")[0]
            if not self._is_namespace(provider, within):
                if within not in self.taken:
                    yield self._no_namespace(provider, within, call.span, name)
                return
            own = _classes(provider).get(folded(within), ())
            if own and name not in own:
                yield self._no_class(provider, within, name, call.span, own)
                return
        said = _constructs(provider).get(name)
        space, label = f"tf:{provider}", f"provider-{provider}"
        home = folded(folder.replace("-", ""))
        if folder and home not in _folders(provider):
            if _one_a_module(call.module, folder):
                homes = [self._home(one.partition("|")[2]) for one in _constructs(provider).values()]
                yield absent(label, "module", folder, call.span, space=space, candidates=homes, variant="type")
            return
        inside = _classes(provider).get(home, ())
        if folder and name not in inside:
            if len(call.args) >= 2 and (said is None or "-" in folder or "_" in folder):
                yield self._no_class(provider, folder, name, call.span, inside)
            return
        if said is None:
            return
        held = look_up(space, said.partition("|")[0])
        if held is None:
            return
        given = (
            call.args[2].fields if self.language in {"typescript", "javascript"} and len(call.args) > 2 and isinstance(call.args[2], Fields) else {}
        )
        yield from self._fields(call.keywords if self.language in {"python", "java"} else given, held, "", name)

    def _fields(self, fields: Mapping[str, Value], held: Type, struct: str, path: str) -> Iterator[Hit]:
        index = _index(held.space, held.name, struct)
        members = held.structs.get(struct, {}) if struct else held.members
        for key, value in fields.items():
            plain = folded(key)
            if not key.isidentifier() or (not struct and plain in _META | {"scope", "id"}):
                continue
            own = index.get(plain)
            if own is None:
                yield self._absent(path, key, value.span, held, members)
                continue
            one = member(members[own])
            if "c" in one.flags and not one.type.startswith("*"):
                yield self._absent(path, key, value.span, held, members)
                continue
            if self.language == "typescript" and "_" in key:
                yield self._absent(path, key, value.span, held, members)
                continue
            if self._takes_list(one.flags, held) and _is_one(value):
                yield list_wanted(path, key, value.span, held.space)
            if "b" in one.flags and "x" not in one.flags and one.type.startswith("*"):
                for inner in value.items if isinstance(value, Items) else (value,):
                    if isinstance(inner, Fields) and not inner.type:
                        yield from self._fields(inner.fields, held, one.type[1:], f"{path}.{key}")
                    elif isinstance(inner, Call) and inner.keywords and self._where(inner.module):
                        yield from self._fields(inner.keywords, held, one.type[1:], f"{path}.{key}")

    def _takes_list(self, flags: str, held: Type) -> bool:
        """Whether a block is an array in CDKTF: those that the catalogue marks, and every repeatable one of a provider itself."""
        array = "a" in flags or (held.facts[1:] == ("provider",) and {"b", "l"} <= set(flags))
        return array and "x" not in flags and self.language in {"typescript", "python"} and not self.older

    def _absent(self, path: str, key: str, span: Span, held: Type, members: Mapping[str, str]) -> Hit:
        stops = Stage.NONE if self.language == "javascript" else Stage.BUILD
        return absent(
            path,
            "property",
            key,
            span,
            space=held.space,
            candidates=self._shown([one for one, said in members.items() if "c" not in member(said).flags]),
            variant="property",
            stops=stops,
        )

    def _shown(self, names: list[str]) -> list[str]:
        if self.language == "python":
            return names
        camel = [re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in names]
        return [one[:1].upper() + one[1:] for one in camel] if self.language == "go" else camel

    def _attribute(self, held: Type, name: str, span: Span) -> Iterator[Hit]:
        index = _index(held.space, held.name, "")
        prefixes = {"java": ("", "get", "set"), "go": ("", "set")}.get(self.language, ("",))
        for plain in (folded(name).removeprefix(one) for one in prefixes):
            if (
                name.startswith("_")
                or not name.isidentifier()
                or plain in _INHERITED
                or plain.startswith(("put", "reset"))
                or plain in index
                or plain.removesuffix("input") in index
                or plain == "id"
            ):
                return
        yield absent(held.facts[0], "attribute", name, span, space=held.space, candidates=self._shown(list(held.members)), variant="member")

    def type_of(self, value: Value | None, binding: Binding) -> Type | None:
        """The resource type of a construction, None for anything else."""
        del binding
        if isinstance(value, Call) and value.receiver is None and value.module and (value.new or self.language == "python"):
            name = value.path.rsplit(".", 1)[-1]
            return self._held(value.module, name.removeprefix("New") if self.language == "go" else name)
        return None
