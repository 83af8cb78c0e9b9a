"""Libraries made with jsii as their users see them: modules, types and members under the names of each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from grader.catalog import Type, look_up, member, row

ROOTS = {"cdk": "aws-cdk-lib", "constructs": "constructs", "cdktf": "cdktf"}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_AFTER_DIGIT = re.compile(r"(\d)([a-z])")
_JAVA_WORDS = frozenset(
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for goto if "
    "implements import instanceof int interface long native new null package private protected public return short static strictfp super switch "
    "synchronized this throw throws transient true try void volatile while".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A module of a library by its full name (`aws-cdk-lib.aws_s3`)."""

    space: str
    name: str
    types: frozenset[str]
    inner: frozenset[str]


@cache
def _modules() -> Mapping[str, tuple[str, str]]:
    """Import paths of every language: to the space and the module's full name."""
    found: dict[str, tuple[str, str]] = {
        "github.com/aws/aws-cdk-go/awscdk/v2": ("cdk", "aws-cdk-lib"),
        "github.com/aws/constructs-go/constructs/v10": ("constructs", "constructs"),
    }
    for space in ROOTS:
        stored = row(space, "modules")
        for path, full in stored[0].items() if stored else ():  # type: ignore[attr-defined] # the stored form, checked by the tests
            found.setdefault(path, (space, full))
    return found


@lru_cache(maxsize=1024)
def place_of(module: str) -> Place | None:
    """The module of an import path, None where no library has it."""
    found = _modules().get(module)
    return module_named(*found) if found else None


_PARENTS = ("aws-cdk-lib/", "github.com/aws/aws-cdk-go/awscdk/v2/", "software.amazon.awscdk.services.")
_UNLISTED = frozenset("jsii internal interfaces cloudassemblyschema cxapi core monocdk".split())


def submodules(module: str) -> list[str]:
    """The modules of the CDK as the language of `module` imports them: `aws-s3`, `awss3`, `s3`."""
    parent = next(one for one in _PARENTS if module.startswith(one))
    return [path.removeprefix(parent) for path in _modules() if path.startswith(parent)]


def unknown_module(module: str) -> str:
    """The last part of an import path where the CDK certainly has no such module, else empty: deeper ones and alpha modules are packages of their own."""
    parent = next((one for one in _PARENTS if module.startswith(one)), "")
    rest = module.removeprefix(parent)
    plain = rest.replace("-", "").replace("_", "")
    if not parent or not plain.isalnum() or rest in _UNLISTED or plain.endswith(("alpha", "beta")) or place_of(module) is not None:
        return ""
    return rest


@lru_cache(maxsize=1024)
def module_named(space: str, full: str) -> Place | None:
    """The module of a full name."""
    stored = row(space, f"module {full}")
    if stored is None:
        return None
    return Place(space, full, _words(stored[5]), _words(stored[6]))


def _words(stored: object) -> frozenset[str]:
    return frozenset(map(str, stored)) if isinstance(stored, list) else frozenset()


@lru_cache(maxsize=8192)
def type_named(space: str, said: str) -> Type | None:
    """A type by its short or full name: `.aws_s3.Bucket` in `cdk`, `constructs.Construct` anywhere."""
    if said.startswith("."):
        return look_up(space, ROOTS[space] + said)
    root = said.split(".", 1)[0]
    return look_up({"aws-cdk-lib": "cdk"}.get(root, root), said) if root in {"aws-cdk-lib", "constructs", "cdktf"} else None


@lru_cache(maxsize=8192)
def members_of(space: str, full: str) -> Mapping[str, tuple[str, str]] | None:
    """Every member of a type and of what it extends, with the space it is said in; None where a part of that is not held."""
    found: dict[str, tuple[str, str]] = {}
    waiting, seen = [(space, full)], set()
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        held = look_up(*one)
        if held is None or len(seen) > 200:
            return None
        for name, said in held.members.items():
            found.setdefault(name, (said, held.space))
        for base in held.facts:
            inner = type_named(held.space, base)
            if inner is None:
                return None
            waiting.append((inner.space, inner.name))
    return found


@lru_cache(maxsize=32768)
def snake(name: str) -> str:
    """The Python form of a member's name: `fromBucketName` is `from_bucket_name`; capitals stay as they are."""
    return name if name.upper() == name else _WORD.sub("_", name).lower()


@lru_cache(maxsize=32768)
def folded(name: str) -> str:
    """A name without case and underscores."""
    return name.replace("_", "").lower()


@lru_cache(maxsize=4096)
def _index(space: str, full: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in members_of(space, full) or {}:
        found[folded(name)] = (*found.get(folded(name), ()), name)
    return found


def find_member(space: str, full: str, name: str, language: str) -> str | None:
    """The library's own name of a member as a language writes it; None where the type certainly has none, an empty text where that cannot be told."""
    held = members_of(space, full)
    if held is None:
        return ""
    if language in {"typescript", "javascript"}:
        return name if name in held else None
    index = _index(space, full)
    if language in {"java", "go"}:
        return _compiled(held, index, name, language)
    own = index.get(folded(name), (None,))[0]
    if own is not None and own != own.upper() and name != name.lower() and name == own:
        return None
    return own


def _compiled(held: Mapping[str, tuple[str, str]], index: Mapping[str, tuple[str, ...]], name: str, language: str) -> str | None:
    """A member as Java or Go names it, whose compilers tell capitals apart."""
    alike = index.get(folded(name))
    if alike is not None:
        return next((own for own in alike if _spelled(own, member(held[own][0]).flags, name, language)), None)
    if language == "go":
        return index.get(folded(name[3:]), (None,))[0] if name.startswith("Set") else None
    plain = next((name[len(one) :] for one in ("get", "is", "set") if name.startswith(one) and len(name) > len(one)), name)
    for candidate in (plain, plain.removesuffix("Value"), plain.removeprefix("do")):
        if candidate == plain or candidate.lower() in _JAVA_WORDS:
            own = index.get(folded(candidate), (None,))[0]
            if own is not None and candidate != name:
                return own
    return None


def _spelled(own: str, flags: str, name: str, language: str) -> bool:
    """Whether a language writes a member of the library with these very capitals."""
    if own == own.upper():
        return name == own if language == "go" else name == name.upper()
    if language == "go":
        return name == own[:1].upper() + own[1:]
    return name == own if "m" in flags else "s" in flags or name == java_name(own)


@lru_cache(maxsize=8192)
def java_name(name: str) -> str:
    """A property as builders of Java name it: `enforceSSL` is `enforceSsl`, `default` is `defaultValue`."""
    first, *rest = _WORD.sub("_", name).lower().split("_")
    made = _AFTER_DIGIT.sub(lambda found: found[1] + found[2].upper(), first + "".join(word[:1].upper() + word[1:] for word in rest))
    return f"{made}Value" if made in _JAVA_WORDS else made


def struct_of(space: str, said: str) -> tuple[Type, int] | None:
    """The struct that a member's type takes, and how many lists or maps deep (maps negative); None where it takes none, or more than one kind."""
    found: list[tuple[Type, int]] = []
    for alternative in said.split("/"):
        plain, depth = alternative, 0
        while plain.startswith("[]"):
            plain, depth = plain[2:], depth + 1
        if plain.startswith("{}") or plain in {"any", "s", "n", "b", "d", ""}:
            if plain == "any" or plain.startswith("{}"):
                return None
            continue
        held = type_named(space, plain)
        if held is None:
            return None
        if held.kind == "s":
            found.append((held, depth))
    return found[0] if len(found) == 1 else None


def parameters(space: str, full: str, name: str) -> tuple[tuple[str, str, str], ...] | None:
    """The parameters of a method (`()` for the construction): name, type, space; None where it has none that are known."""
    held = members_of(space, full)
    if held is None or name not in held:
        return None
    said, where = held[name]
    one = member(said)
    if "m" not in one.flags:
        return None
    parts = [part for part in one.rest.split(",") if part]
    return tuple((part.partition(":")[0].rstrip("?*"), part.partition(":")[2], where) for part in parts)


def label(held: Type) -> str:
    """A type's name as a reader knows it: without the library's, `aws_s3.BucketProps`."""
    return held.name.split(".", 1)[1]


def inside(place: Place, parts: list[str]) -> Place | Type | None:
    """What a path of names within a module is: a module or a type, None where a part of it is not there."""
    where: Place | Type | None = place
    for part in parts:
        if isinstance(where, Place):
            if part in where.types:
                where = type_named(where.space, f"{where.name}.{part}")
            elif part in where.inner:
                where = module_named(where.space, f"{where.name}.{part}")
            else:
                return None
        elif isinstance(where, Type):
            where = type_named(where.space, f"{where.name}.{part}")
    return where


def result_of(owner: Type | None, name: str) -> Type | None:
    """The type that a method returns, or that a construction makes; None where that cannot be told."""
    if owner is None or not name:
        return None
    if name == "()":
        return owner if owner.kind in {"c", "abstract c"} else None
    held = members_of(owner.space, owner.name)
    if held is None or name not in held:
        return None
    said, space = held[name]
    one = member(said)
    return type_named(space, one.type) if "m" in one.flags and "/" not in one.type else None


def callee(place: Place, path: str, language: str) -> tuple[Type | None, str]:
    """The type and the member that a call names (`()` for a construction)."""
    parts = path.split(".")
    if language == "go":
        plain = parts[0].removeprefix("New")
        if parts[0].startswith("New") and plain in place.types:
            return type_named(place.space, f"{place.name}.{plain}"), "()"
        owner, _, rest = parts[0].partition("_")
        held = type_named(place.space, f"{place.name}.{owner}") if owner in place.types else None
        return held, (find_member(held.space, held.name, rest, "go") or "") if held else ""
    whole = inside(place, parts)
    if isinstance(whole, Type):
        return whole, "()"
    owner_place = inside(place, parts[:-1]) if len(parts) > 1 else None
    if isinstance(owner_place, Type):
        return owner_place, find_member(owner_place.space, owner_place.name, parts[-1], language) or ""
    return None, ""
