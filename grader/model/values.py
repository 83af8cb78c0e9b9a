"""Values as written in code: known, partly known, or unknown; each with its place.

A property that is not there is absent (`None` from a look-up), one that can be read is `Known`, and what
cannot be resolved is `Unknown` or a `Name`; an unknown value is never the ground of an accusation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from grader.model.spans import Span

Scalar = str | int | float | bool | None
NO_FIELDS: Mapping[str, Value] = MappingProxyType({})


@lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """An identifier without case and punctuation: `cidr_blocks`, `cidrBlocks` and `CidrBlocks` are one."""
    return "".join(filter(str.isalnum, name)).lower()


@dataclass(frozen=True, slots=True)
class Known:
    """A scalar that can be read. `via` names the variable, parameter or constant it came through, if any."""

    value: Scalar
    span: Span
    via: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Text put together from parts, at least one of which is not known."""

    parts: tuple[Value, ...]
    span: Span

    def text(self, hole: str = "\N{HORIZONTAL ELLIPSIS}") -> str:
        """The known parts in order, with `hole` for each part that is not known."""
        return "".join(str(p.value) if isinstance(p, Known) else p.text(hole) if isinstance(p, Template) else hole for p in self.parts)


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set. `complete` is false where a spread adds items that are not known."""

    items: tuple[Value, ...]
    span: Span
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """A map, object, struct literal or block, by the names as written.

    The span of a field's value starts at the line of its key. `type` is the struct's type as in `Call.path`
    (with its `module`), empty for a plain map. `complete` is false where a spread adds fields that are not known.
    Repeated blocks of one name are an `Items` of `Fields`.
    """

    fields: Mapping[str, Value]
    span: Span
    type: str = ""
    module: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """A call or construction.

    `module` is the import path the callee comes from (`aws-cdk-lib/aws-s3`, `aws_cdk.aws_s3`,
    `github.com/aws/aws-cdk-go/awscdk/v2/awss3`, `software.amazon.awscdk.services.s3`), empty for the answer's own and
    for builtins; `path` is what follows (`Bucket`, `Code.fromAsset`, `Code_FromAsset`, `jsonencode`). Where the callee is a
    method of a value, `receiver` is that value and `path` the method's name alone.
    Builder chains are one construction with `keywords`.
    """

    path: str
    span: Span
    module: str = ""
    args: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=lambda: NO_FIELDS)
    receiver: Value | None = None
    new: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name or member path that is not resolved to a value: `props.vpc`, `aws_s3_bucket.main.arn`, `Runtime.NODEJS_18_X`.

    `module` is the import path of the first part, as in `Call`; for `module`-qualified names `path` leaves the alias out.
    """

    path: str
    span: Span
    module: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An expression whose value cannot be told, with the values it is made of. `compares` is true where it only looks at them."""

    span: Span
    parts: tuple[Value, ...] = ()
    compares: bool = False


Value = Known | Template | Items | Fields | Call | Name | Unknown


def children(value: Value) -> Iterator[tuple[str, Value]]:
    """The values directly inside `value`, each with its field name (empty where it has none)."""
    match value:
        case Fields():
            yield from value.fields.items()
        case Items():
            for one in value.items:
                yield "", one
        case Call():
            if value.receiver is not None:
                yield "", value.receiver
            for one in value.args:
                yield "", one
            yield from value.keywords.items()
        case Template() | Unknown():
            for one in value.parts:
                yield "", one


def walk(value: Value) -> Iterator[Value]:
    """`value` and all values inside it, outermost first."""
    return (inner for _, inner in flat(value))


def flat(value: Value) -> list[tuple[str, Value]]:
    """`value` and all values inside it, outermost first, each with the name of the nearest field it stands in.

    What is only compared with something is not used for anything, and left out.
    """
    found: list[tuple[str, Value]] = []
    stack: list[tuple[str, Value]] = [("", value)]
    while stack:
        pair = stack.pop()
        found.append(pair)
        key, one = pair
        kind = type(one)
        if kind is Known or kind is Name:
            continue
        if isinstance(one, Fields):
            stack.extend(list(one.fields.items())[::-1])
        elif isinstance(one, Items):
            stack.extend([(key, inner) for inner in reversed(one.items)])
        elif isinstance(one, Call):
            stack.extend(list(one.keywords.items())[::-1])
            stack.extend([(key, inner) for inner in reversed(one.args)])
            if one.receiver is not None:
                stack.append((key, one.receiver))
        elif isinstance(one, Template) or (isinstance(one, Unknown) and not one.compares):
            stack.extend([(key, inner) for inner in reversed(one.parts)])
    return found


def fields_of(value: Value | None) -> Mapping[str, Value]:
    """The named parts of a map, a struct or a call with keywords; empty for anything else."""
    match value:
        case Fields():
            return value.fields
        case Call():
            if value.keywords:
                return value.keywords
            structs = [one for one in value.args if isinstance(one, Fields)]
            return structs[-1].fields if structs else NO_FIELDS
    return NO_FIELDS


def look_up(fields: Mapping[str, Value], *names: str) -> Value | None:
    """The value of the first of `names` that is present, whatever its case and punctuation; None if absent."""
    for name in names:
        if name in fields:
            return fields[name]
    folded = {fold(key): key for key in fields}
    for name in names:
        key = folded.get(fold(name))
        if key is not None:
            return fields[key]
    return None


def known(value: Value | None) -> Scalar:
    """The scalar of a known value, else None."""
    return value.value if isinstance(value, Known) else None


def text_of(value: Value | None) -> str | None:
    """The text of a known string or a template (with holes), else None."""
    match value:
        case Known(value=str() as text):
            return text
        case Template():
            return value.text()
    return None


def written(value: Value | None, hole: str = "\N{HORIZONTAL ELLIPSIS}") -> str:
    """The text as it stands in the code: with `hole` for what comes from a variable, whether its value is known or not. Empty for no text."""
    match value:
        case Known(value=str() as text, via=""):
            return text
        case Template():
            return "".join(written(part, hole) or (str(part.value) if isinstance(part, Known) and not part.via else hole) for part in value.parts)
    return ""


def strings(value: Value) -> Iterator[Known | Template]:
    """All known strings and templates inside `value`; the parts of a template are not given again."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Template) or (isinstance(one, Known) and isinstance(one.value, str)):
            yield one
        else:
            stack.extend(reversed([inner for _, inner in children(one)]))


def each(value: Value | None) -> tuple[Value, ...]:
    """The items of a list, a lone value as one item, nothing where absent."""
    if value is None:
        return ()
    return value.items if isinstance(value, Items) else (value,)
