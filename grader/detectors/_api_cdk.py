"""AWS CDK: modules, classes, statics, enum members, props and members that the library does not have, in each of its languages."""

from __future__ import annotations

from collections.abc import Iterator

from grader.catalog import Type, member
from grader.detectors._api_declared import Declared
from grader.detectors._api_declared_scripts import ScriptDeclared
from grader.detectors._api_go import go_name
from grader.detectors._api_hits import absent
from grader.detectors._api_imports import imports, named_types
from grader.detectors._api_instances import Instances, by_file
from grader.detectors._api_jsii import (
    Place,
    callee,
    find_member,
    inside,
    java_name,
    label,
    members_of,
    module_named,
    parameters,
    place_of,
    result_of,
    snake,
    struct_of,
    submodules,
    type_named,
    unknown_module,
)
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Stage
from grader.model.solutions import Binding, Solution
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, walk

PREFIXES = (
    "aws-cdk-lib",
    "aws_cdk",
    "github.com/aws/aws-cdk-go",
    "software.amazon.awscdk",
    "constructs",
    "software.constructs",
    "cdktf",
    "com.hashicorp.cdktf",
)
_ALWAYS = frozenset("toString constructor hasOwnProperty valueOf toLocaleString prototype name length call apply bind isPrototypeOf".split())
_JAVA = frozenset("getClass equals hashCode toString builder Builder create build".split())
_PYTHON = frozenset("__class__ __dict__ __name__ __init__ __doc__ __jsii_type__ __members__ value name".split())
_LONGEST_CHAIN = 30
_DECLARED = {"go": Declared, "java": Declared, "typescript": ScriptDeclared, "python": ScriptDeclared}
_TEXT = frozenset({"s", "n", "b", "d", "any", ""})


def cdk_names(answer: Solution) -> Iterator[Hit | Unchecked]:
    """Hits of every claimed program file."""
    for file_bindings in by_file(answer):
        first = next((value for binding in file_bindings for value in walk(binding.value) if _first_generation(value)), None)
        if first is not None:
            yield Unchecked("the file is written for version 1 of the AWS CDK, which is not in the catalogue", first.span.line)
            continue
        yield from Checker(file_bindings, answer).hits()


def _first_generation(value: Value) -> bool:
    """Whether a value comes from the root module of the CDK's first version."""
    return isinstance(value, Name | Call) and (
        (value.module == "aws_cdk" and value.path.startswith("core."))
        or value.module.startswith(("aws_cdk.core", "software.amazon.awscdk.core", "@aws-cdk/core"))
    )


class Checker:
    """Checks the values of one file. Holds what is known of its variables and which names were already said."""

    def __init__(self, bindings: list[Binding], answer: Solution) -> None:
        """`bindings` are those of one file."""
        self.bindings = bindings
        self.language = bindings[0].file.language
        self.script = self.language == "javascript"
        self.declared = _DECLARED[self.language](bindings[0].file, answer, _named) if self.language in _DECLARED else None
        self.instances = Instances(bindings, answer, self.type_of, self.declared)
        self.lines = answer.document.lines
        self.broken = [one.span for one in answer.problems if one.file is bindings[0].file]
        self.said: set[tuple[int, str, str]] = set()

    def hits(self) -> Iterator[Hit]:
        """Every hit of the file, one a place and name."""
        for hit in self.imported():
            key = (hit.at.line if hit.at else 0, hit.entity, hit.message)
            if key not in self.said:
                self.said.add(key)
                yield hit
        for binding in self.bindings:
            if any(one.touches(binding.span) for one in self.broken):
                continue
            for value in walk(binding.value):
                for hit in self._value(value, binding):
                    key = (hit.at.line if hit.at else 0, hit.entity, hit.message)
                    if key not in self.said and not self._excused(hit.at):
                        self.said.add(key)
                        yield hit

    def _excused(self, at: Span | None) -> bool:
        """Whether the line opts out of the check: a cast to `any`, or a comment that silences the compiler."""
        if at is None:
            return False
        line = self.lines[at.line - 1]
        before = self.lines[at.line - 2] if at.line > 1 else ""
        return "as any" in line or "<any>" in line or "@ts-" in before or "# type: ignore" in line

    def _value(self, value: Value, binding: Binding) -> Iterator[Hit]:
        match value:
            case Name(path=path, module=module) if module.startswith(PREFIXES):
                yield from self._path(module, path, value.span)
            case Name(path=path) if "." in path and not value.module:
                yield from self._instance_path(path, binding, value.span)
            case Call(receiver=None, module=module) if module.startswith(PREFIXES):
                yield from self._call(value)
            case Call(receiver=receiver) if receiver is not None:
                yield from self._method(value, binding)
            case Fields(type=type_, module=module) if type_ and module.startswith(PREFIXES):
                place = place_of(module)
                if place is not None:
                    if self.language == "go":
                        yield from go_name(place, type_, value.span)
                    held = inside(place, type_.split("."))
                    if isinstance(held, Type) and held.kind == "s":
                        yield from self._struct(value, held)

    def imported(self) -> Iterator[Hit]:
        """Names that an import takes from a module which has none such, and types that an annotation names."""
        file = self.bindings[0].file
        modules: dict[str, Place] = {}
        for one in imports(file):
            place = place_of(one.module) if one.module.startswith(PREFIXES) else None
            if place is None:
                missing = unknown_module(one.module)
                if missing:
                    yield absent("aws-cdk-lib", "module", missing, one.span, space="cdk", candidates=submodules(one.module), variant="type")
                continue
            if not one.name:
                modules[one.local] = place
            elif one.name in place.inner:
                inner = module_named(place.space, f"{place.name}.{one.name}")
                if inner is not None:
                    modules[one.local] = inner
            elif (
                one.name not in place.types and not self._silent(one.name) and not one.name.endswith("_alpha") and one.name not in {"core", "default"}
            ):
                yield self._absent_part(place, one.name, one.span)
        if self.language == "typescript":
            for alias, name, span in named_types(file):
                place = modules.get(alias)
                if place is not None and name not in place.types and name not in place.inner:
                    yield self._absent_part(place, name, span)

    # ---- names of modules, types and statics

    def _path(self, module: str, path: str, span: Span) -> Iterator[Hit]:
        """A path below an import: each part must be there."""
        place = place_of(module)
        if place is None:
            return
        parts = [part for part in path.split("::", 1)[0].split(".") if part]
        where: Place | Type = place
        if self.language == "go":
            yield from go_name(place, parts[0] if parts else "", span)
            return
        for at, part in enumerate(parts):
            following = self._step(where, part)
            if following is None:
                if self._silent(part) or (isinstance(where, Place) and part.endswith("_alpha")):
                    return
                yield self._absent_part(where, part, span)
                return
            if not isinstance(following, Place | Type):
                if at + 1 < len(parts) and following in _TEXT:
                    return
                held = type_named(where.space, following) if following else None
                if held is None:
                    return
                if isinstance(where, Type) and where.kind == "e":
                    return
                yield from self._chain(held, parts[at + 1 :], span)
                return
            where = following

    def _step(self, where: Place | Type, part: str) -> Place | Type | str | None:
        """What `part` of a module or type is: a module, a type, the type of a static member as text; None where it has none."""
        if isinstance(where, Place):
            return inside(where, [part])
        nested = module_named(where.space, where.name)
        if nested is not None and part in nested.types:
            return type_named(where.space, f"{where.name}.{part}") or ""
        name = find_member(where.space, where.name, part, self.language)
        if name is None:
            return None
        held = members_of(where.space, where.name)
        return member(held[name][0]).type if name and held else ""

    def _silent(self, part: str) -> bool:
        return (
            part.startswith("_") or part in _ALWAYS or (self.language == "java" and part in _JAVA) or (self.language == "python" and part in _PYTHON)
        )

    def _absent_part(self, where: Place | Type, part: str, span: Span) -> Hit:
        if isinstance(where, Place):
            return absent(where.name, "class or module", part, span, space=where.space, candidates=where.types | where.inner, variant="type")
        held = members_of(where.space, where.name) or {}
        shown = self._shown([name for name, (said, _) in held.items() if name != "()" and ("s" in member(said).flags or where.kind == "e")])
        what = "member" if where.kind == "e" else "static member"
        return absent(label(where), what, part, span, space=where.space, candidates=shown, variant="member")

    def _shown(self, names: list[str]) -> list[str]:
        return [snake(name) for name in names] if self.language == "python" else names

    def _member(self, name: str, flags: str) -> str:
        """A member of an instance as this language writes it."""
        if self.language == "go":
            return name[:1].upper() + name[1:]
        if self.language == "java":
            return name if "m" in flags else f"get{name[:1].upper()}{name[1:]}"
        return snake(name) if self.language == "python" else name

    def _listed(self, struct: list[str]) -> list[str]:
        """The properties of a struct as this language writes them."""
        if self.language == "java":
            return [java_name(one) for one in struct]
        return [f"{one[:1].upper()}{one[1:]}" for one in struct] if self.language == "go" else self._shown(struct)

    # ---- calls and what they take

    def _call(self, call: Call) -> Iterator[Hit]:
        yield from self._path(call.module, call.path, call.span)
        place = place_of(call.module)
        if place is None:
            return
        owner, name = callee(place, call.path, self.language)
        if owner is not None:
            yield from self._arguments(call, owner, name)

    def _arguments(self, call: Call, owner: Type, name: str) -> Iterator[Hit]:
        """The structs and keywords given to a method or construction."""
        if owner.kind == "s" and name == "()":
            if self.language in {"python", "java"}:
                yield from self._keywords(call, owner, [])
            return
        takes = parameters(owner.space, owner.name, name)
        if takes is None:
            return
        if self.language in {"python", "java"} and call.keywords:
            lifted = struct_of(takes[-1][2], takes[-1][1]) if takes else None
            plain = [one[0] for one in (takes[:-1] if lifted else takes)]
            if lifted is not None and lifted[1] == 0:
                # a builder of Java takes the properties of every struct of the constructor
                plain += [
                    name for one in takes[:-1] if (other := struct_of(one[2], one[1])) for name in members_of(other[0].space, other[0].name) or ()
                ]
                yield from self._keywords(call, lifted[0], plain)
            elif not any(call.args) and takes and self.language == "python" and lifted is None:
                return
        for place, value in enumerate(call.args):
            if place < len(takes):
                yield from self._given(value, takes[place][1], takes[place][2])

    def _given(self, value: Value, said: str, space: str) -> Iterator[Hit]:
        """A value where a struct, or lists of them, is taken."""
        taken = struct_of(space, said)
        if taken is None or self.language in {"python", "java", "go"}:
            return
        waiting = [(value, taken[1])]
        while waiting:
            one, depth = waiting.pop()
            if isinstance(one, Items) and depth:
                waiting.extend((inner, depth - 1) for inner in one.items)
            elif isinstance(one, Fields) and depth == 0 and not one.type:
                yield from self._struct(one, taken[0])

    def _struct(self, value: Fields, struct: Type) -> Iterator[Hit]:
        held = members_of(struct.space, struct.name)
        if held is None:
            return
        for key, inner in value.fields.items():
            name = find_member(struct.space, struct.name, key, self.language)
            if name is None:
                if key.isidentifier():
                    yield self._absent_prop(struct, key, inner.span, list(held))
            elif name:
                said, where = held[name]
                yield from self._given(inner, member(said).type, where)

    def _keywords(self, call: Call, struct: Type, positional: list[str]) -> Iterator[Hit]:
        held = members_of(struct.space, struct.name)
        if held is None:
            return
        plain = {snake(one) for one in positional} | set(positional) | {"scope", "id", "scope_", "id_"}
        for key, inner in call.keywords.items():
            if key in plain or not key.isidentifier() or find_member(struct.space, struct.name, key, self.language) is not None:
                continue
            yield self._absent_prop(struct, key, inner.span, list(held))

    def _absent_prop(self, struct: Type, key: str, span: Span, held: list[str]) -> Hit:
        stops = Stage.NONE if self.script else Stage.BUILD
        return absent(label(struct), "property", key, span, space=struct.space, candidates=self._listed(held), variant="property", stops=stops)

    # ---- members of instances

    def _instance_path(self, path: str, binding: Binding, span: Span) -> Iterator[Hit]:
        found = self.instances.longest(path, binding)
        if found is not None:
            held, rest = found
            yield from self._chain(held, rest, span)

    def _chain(self, held: Type, parts: list[str], span: Span) -> Iterator[Hit]:
        """Members read one after the other from a value of a known type."""
        for part in parts:
            if self._silent(part) or held.kind not in {"c", "i", "abstract c"} or not part.isidentifier():
                return
            name = find_member(held.space, held.name, part, self.language)
            members = members_of(held.space, held.name)
            if members is None or name == "":
                return
            if name is None:
                shown = [self._member(one, member(said).flags) for one, (said, _) in members.items() if one != "()" and "s" not in member(said).flags]
                yield absent(label(held), "member", part, span, space=held.space, candidates=shown, variant="member")
                return
            said, space = members[name]
            one = member(said)
            following = type_named(space, one.type) if "m" not in one.flags and "/" not in one.type else None
            if following is None or following.name in {"constructs.IConstruct", "constructs.Construct"}:
                return
            held = following

    def _method(self, call: Call, binding: Binding) -> Iterator[Hit]:
        held = self.type_of(call.receiver, binding) if call.receiver is not None and _short(call) else None
        if held is None:
            return
        yield from self._chain(held, [call.path], call.span)
        name = find_member(held.space, held.name, call.path, self.language)
        if name:
            yield from self._arguments(call, held, name)

    def type_of(self, value: Value | None, binding: Binding) -> Type | None:
        """The type of a value, None where it cannot be told: a construction, a method's result, a variable's, a property's."""
        match value:
            case Call(receiver=None, module=module) if module.startswith(PREFIXES):
                place = place_of(module)
                owner, name = callee(place, value.path, self.language) if place is not None else (None, "")
                return result_of(owner, name)
            case Call(receiver=None, module="", path=path) if self.declared is not None:
                return self.declared.result(path, binding)
            case Call(receiver=receiver) if receiver is not None and not isinstance(receiver, Known | Template | Unknown | Items | Fields):
                held = self.type_of(receiver, binding)
                method = find_member(held.space, held.name, value.path, self.language) if held else ""
                return result_of(held, method) if method and method != "()" else None
            case Name(path=path, module=""):
                found = self.instances.longest(path, binding)
                return self._read(*found) if found is not None else None
        return None

    def _read(self, held: Type, parts: list[str]) -> Type | None:
        for part in parts:
            name = find_member(held.space, held.name, part, self.language)
            members = members_of(held.space, held.name)
            if not name or members is None:
                return None
            said, space = members[name]
            following = type_named(space, member(said).type)
            if following is None or "m" in member(said).flags or following.name.startswith("constructs."):
                return None
            held = following
        return held


def _named(module: str, name: str) -> Type | None:
    """A type of a library by its module and its name there."""
    place = place_of(module) if module.startswith(PREFIXES) else None
    held = inside(place, name.split(".")) if place is not None else None
    return held if isinstance(held, Type) else None


def _short(call: Call) -> bool:
    """Whether a chain of calls is short enough to follow from its start."""
    inner: Value | None = call
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(inner, Call):
            return True
        inner = inner.receiver
    return False
