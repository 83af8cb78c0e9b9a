"""Pulumi's AWS provider: resources, functions, arguments, outputs and enum members that neither of its last two major versions has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from grader.catalog import Type, look_up, member
from grader.detectors._api_hits import absent
from grader.detectors._api_instances import Instances, by_file
from grader.detectors._api_jsii import folded, snake
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Stage
from grader.model.solutions import Binding, Solution
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Name, Value, walk

SPACE = "pulumi"
_GO = re.compile(r"github\.com/pulumi/pulumi-aws/sdk/v(\d+)/go/aws/?(\w*)$")
_FREE = frozenset({"opts", "resource_name", "args", "id", "__props__", "name_"})
_DERIVED = ("Subscription", "CallbackFunction", "Args", "Array", "Map", "Output", "Options")
"""Ends of names that the generators make besides the resources."""
_ALWAYS = frozenset("id urn apply get getProvider get_provider pulumi_resource_name translate_output_property".split())
_OVERLAYS = frozenset("config types sdk inputs outputs utils tags region arn asg apigateway serverless".split())
"""Modules and names that only some of the languages have, or that are written by hand."""


def pulumi_names(answer: Solution) -> Iterator[Hit | Unchecked]:
    """Hits of every claimed program file."""
    for bindings in by_file(answer):
        yield from _Checker(bindings, answer).hits()


def service_and_name(module: str, path: str) -> tuple[str, str] | None:
    """The provider's Python module and the name in it that an import path and a path below it stand for; None for what is not checked."""
    go = _GO.match(module)
    if go is not None:
        return (_service(go[2]), path) if int(go[1]) >= 6 else None
    for prefix, mark in (("@pulumi/aws", "/"), ("pulumi_aws", "."), ("com.pulumi.aws", ".")):
        if module == prefix or module.startswith(prefix + mark):
            rest = module.removeprefix(prefix).strip(mark)
            if mark == "/" and rest.count("/"):
                return None
            if prefix.startswith("com"):
                rest = rest.removesuffix(".inputs").removesuffix(".outputs").removesuffix("inputs").rstrip(".")
            parts = [part for part in (*rest.split(mark), *path.split(".")) if part]
            if len(parts) == 1:
                return "", parts[0]
            return (_service(parts[0]), ".".join(parts[1:])) if parts else None
    return None


def _service(word: str) -> str:
    return f"{word}_" if word == "lambda" else word.lower() if word[:1].islower() else word


@lru_cache(maxsize=512)
def _module(service: str) -> tuple[str, ...] | None:
    found = look_up(SPACE, f"module {service}")
    return tuple(found.members) if found is not None else None


@lru_cache(maxsize=4096)
def _index(name: str) -> dict[str, str]:
    found = look_up(SPACE, name)
    return {folded(one): one for one in found.members} if found else {}


class _Checker:
    """Checks the values of one file."""

    def __init__(self, bindings: list[Binding], answer: Solution) -> None:
        self.bindings = bindings
        self.language = bindings[0].file.language
        self.lines = answer.document.lines
        self.broken = [one.span for one in answer.problems if one.file is bindings[0].file]
        self.instances = Instances(bindings, answer, self.type_of)
        self.said: set[tuple[int, str, str]] = set()

    def hits(self) -> Iterator[Hit]:
        """Every hit of the file, one a place and name."""
        for binding in self.bindings:
            if any(one.touches(binding.span) for one in self.broken):
                continue
            for value in walk(binding.value):
                for hit in self._value(value, binding):
                    key = (hit.at.line if hit.at else 0, hit.entity, hit.message)
                    line = self.lines[hit.at.line - 1] if hit.at else ""
                    before = self.lines[hit.at.line - 2] if hit.at and hit.at.line > 1 else ""
                    if key not in self.said and "as any" not in line and "@ts-" not in before:
                        self.said.add(key)
                        yield hit

    def _value(self, value: Value, binding: Binding) -> Iterator[Hit]:
        match value:
            case Call(receiver=None, module=module, path=path) if module:
                yield from self._call(value)
            case Name(module="", path=path) if "." in path:
                found = self.instances.longest(path, binding)
                if found is not None and found[1]:
                    yield from self._output(found[0], found[1][0], value.span)
            case Name(module=module, path=path) if module:
                yield from self._enum(module, path, value.span)
            case Fields(type=type_, module=module) if type_ and module:
                said = service_and_name(module, type_)
                held = self._arguments_of(*said, nested=".inputs" in module) if said else None
                if held is not None:
                    yield from self._fields(value, held, typed=True)

    def _call(self, call: Call) -> Iterator[Hit]:
        said = service_and_name(call.module, call.path)
        if said is None or said[0] in _OVERLAYS or "." in said[1]:
            return
        service, name = said
        listed = _module(service)
        if listed is None:
            if service.isidentifier() and service == service.lower():
                yield absent("aws", "module", service.rstrip("_"), call.span, space=SPACE, candidates=_module("") or (), variant="type")
            return
        held = self._callee(service, name)
        if held is not None:
            yield from self._taken(call, held)
        elif (self._is_class(name, call) and not name.endswith(_DERIVED)) or self._is_struct(service, name):
            nested = name.endswith("Args")
            known = [one for one in listed if one.endswith("Args") == nested and not one.endswith("Result") and "_" not in one and "." not in one]
            yield absent(
                f"aws.{service.rstrip('_')}" if service else "aws",
                "type" if nested else "resource or function",
                name,
                call.span,
                space=SPACE,
                candidates=known,
                variant="type",
            )

    def _is_class(self, name: str, call: Call) -> bool:
        if self.language == "go":
            return name.startswith("New") and name[3:4].isupper() and len(call.args) >= 3
        if self.language == "python":
            return name[:1].isupper() and "_" not in name and bool(call.args) and not name.endswith("ArgsDict")
        return call.new and name[:1].isupper() and "_" not in name

    def _is_struct(self, service: str, name: str) -> bool:
        """Whether a name is that of a nested type of Python's, which no module has."""
        return self.language == "python" and name.endswith("Args") and not name.startswith("Get") and self._arguments_of(service, name) is None

    def _callee(self, service: str, name: str) -> Type | None:
        prefix = f"{service}." if service else ""
        if self.language == "go":
            plain = name.removeprefix("New") if name.startswith("New") else snake(name.removeprefix("Lookup").removesuffix("Output"))
            if name.startswith("Lookup"):
                plain = f"get_{plain}"
        elif self.language == "python":
            plain = name.removesuffix("_output") if name.islower() or "_" in name else name
        elif name[:1].islower():
            plain = snake(name.removesuffix("Plain").removesuffix("Output"))
        else:
            plain = name
        return look_up(SPACE, prefix + plain)

    def _arguments_of(self, service: str, name: str, *, nested: bool = False) -> Type | None:
        """The type whose arguments a struct (`BucketArgs`, `BucketCorsRuleArgs`, `LookupVpcArgs`) holds.

        Where a resource and a nested type share a name, Go and Java mean the resource (Java: outside of `inputs`), the others the nested type.
        """
        prefix = f"{service}." if service else ""
        plain = name.removesuffix("Args")
        compiled = self.language in {"go", "java"}
        function = snake(plain.removesuffix("Plain").replace("Lookup", "Get", 1)) if compiled and plain.startswith(("Get", "Lookup")) else ""
        for candidate in (plain, name, f"{name}Args", function) if compiled and not nested else (name, plain, f"{name}Args", function):
            held = look_up(SPACE, prefix + candidate) if candidate else None
            if held is not None and held.kind in {"a", "r", *("f" if candidate == function else "")}:
                return held
        return None

    def _taken(self, call: Call, held: Type) -> Iterator[Hit]:
        if self.language == "python":
            if held.kind in {"r", "a", "f"}:
                yield from self._named(call.keywords, held, lambda key: key in _FREE)
            return
        if self.language in {"typescript", "javascript"}:
            if held.kind == "r" and len(call.args) >= 2 and isinstance(call.args[1], Fields):
                yield from self._fields(call.args[1], held)
            elif held.kind == "f" and call.args and isinstance(call.args[0], Fields):
                yield from self._fields(call.args[0], held)
        elif self.language == "java" and call.keywords:
            yield from self._named(call.keywords, held, lambda _: False)

    def _fields(self, value: Fields, held: Type, *, typed: bool = False) -> Iterator[Hit]:
        del typed
        yield from self._named(value.fields, held, lambda _: False)

    def _named(self, fields: object, held: Type, free: object) -> Iterator[Hit]:
        index = _index(held.name)
        for key, inner in fields.items():  # type: ignore[attr-defined] # a mapping of names to values
            if not key.isidentifier() or free(key):  # type: ignore[operator] # a test of the name
                continue
            own = index.get(folded(key))
            said = held.members.get(own, "") if own else ""
            if own is None or (held.kind == "r" and "i" not in member(said).flags):
                yield self._absent_argument(held, key, inner.span)
                continue
            if self.language in {"typescript", "javascript"} or (self.language == "python" and isinstance(inner, Items | Fields)):
                yield from self._nested(inner, member(said).type, held)

    def _nested(self, value: Value, said: str, held: Type) -> Iterator[Hit]:
        if not said.endswith("Args"):
            return
        service = held.name.rpartition(".")[0]
        inner = look_up(SPACE, f"{service}.{said.lstrip('[]')}") if not said.startswith("{}") else None
        if inner is None or inner.kind != "a":
            return
        many = said.startswith("[]")
        for one in value.items if isinstance(value, Items) and many else (value,) if not many else ():
            if isinstance(one, Fields) and not one.type:
                yield from self._fields(one, inner)

    def _absent_argument(self, held: Type, key: str, span: Span) -> Hit:
        stops = Stage.NONE if self.language == "javascript" else Stage.BUILD
        names = [one for one, said in held.members.items() if held.kind != "r" or "i" in member(said).flags]
        return absent(self._label(held), "argument", key, span, space=SPACE, candidates=self._shown(names), variant="property", stops=stops)

    def _label(self, held: Type) -> str:
        """A type's name as this language writes it: `aws.ec2.getVpc`, `aws.lambda.Function`."""
        service, dot, name = held.name.rpartition(".")
        written = name if self.language == "python" or held.kind != "f" else re.sub(r"_(\w)", lambda found: found[1].upper(), name)
        return f"aws.{service if self.language == 'python' else service.rstrip('_')}{dot}{written}"

    def _shown(self, names: list[str]) -> list[str]:
        if self.language == "python":
            return names
        camel = [re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in names]
        return [one[:1].upper() + one[1:] for one in camel] if self.language == "go" else camel

    def _enum(self, module: str, path: str, span: Span) -> Iterator[Hit]:
        said = service_and_name(module, path)
        if said is None or said[1].count(".") != 1 or said[0] in _OVERLAYS:
            return
        owner, _, one = said[1].partition(".")
        held = look_up(SPACE, f"{said[0]}.{owner}")
        if held is not None and held.kind == "e" and folded(one) not in _index(held.name) and one not in {"value", "name"}:
            yield absent(self._label(held), "member", one, span, space=SPACE, candidates=held.members, variant="member")

    def _output(self, held: Type, name: str, span: Span) -> Iterator[Hit]:
        if held.kind != "r" or name in _ALWAYS or name.startswith("_") or not name.isidentifier() or self.language == "java":
            return
        own = _index(held.name).get(folded(name))
        if own is None or "o" not in member(held.members[own]).flags:
            names = [one for one, said in held.members.items() if "o" in member(said).flags]
            yield absent(self._label(held), "output", name, span, space=SPACE, candidates=self._shown(names), variant="member")

    def type_of(self, value: Value | None, binding: Binding) -> Type | None:
        """The resource type of a construction, None for anything else."""
        del binding
        if isinstance(value, Call) and value.receiver is None and value.module and (value.new or self.language == "python"):
            said = service_and_name(value.module, value.path)
            held = self._callee(*said) if said and "." not in said[1] else None
            return held if held is not None and held.kind == "r" else None
        return None
