"""Names across the Go packages of one answer: own imports, package members, and member chains through own types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.languages import Links
from grader.languages.go.scopes import UNIVERSE
from grader.model.solutions import Category, Reference, Symbol, Unit

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.spans import Span

STANDARD = frozenset(
    "archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html image "
    "index io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing "
    "text time unicode unique unsafe weak C".split()
)
"""First parts of the standard library's import paths (Go 1.24)."""
OUTSIDE = ("github.com/aws/", "github.com/pulumi/", "github.com/hashicorp/", "golang.org/", "google.golang.org/", "cdk.tf/")
"""Import paths that are never the answer's own."""
METHODS_ONLY = frozenset(
    "awscdk.Stack awscdk.NestedStack awscdk.Stage awscdk.App constructs.Construct cdktf.TerraformStack cdktf.App pulumi.ResourceState pulumi.CustomResourceState".split()
)
"""Embedded types from outside that add methods but no exported fields (jsii proxies are interfaces; Pulumi's states have none)."""
STACK_PROPS = frozenset(
    "AnalyticsReporting CrossRegionReferences Description Env NotificationArns PermissionsBoundary PropertyInjectors StackName "
    "SuppressTemplateIndentation Synthesizer Tags TerminationProtection".split()
)
"""Fields of `awscdk.StackProps` (aws-cdk-lib 2.2xx)."""


class Outside(Enum):
    """What an embedded type from outside the answer may add."""

    UNKNOWN = "anything"
    METHODS = "methods, no exported fields"
    STACK_PROPS = "the fields of awscdk.StackProps"


@dataclass(slots=True)
class Packages:
    """The packages of an answer: its symbols by scope and name, and what import paths and aliases stand for."""

    symbols: dict[tuple[str, str], Symbol]
    scopes: Mapping[str, str]
    embedded: Mapping[tuple[str, str], tuple[str, ...]]
    module: str


def link(units: Sequence[Unit], document: Document) -> Links:
    """Resolve the uses of all Go files of an answer against its packages."""
    units = [unit for unit in units if not unit.file.superseded]
    scope_of = _scopes(units)
    symbols: dict[tuple[str, str], Symbol] = {}
    embedded: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for unit in units:
        scope = scope_of[id(unit)]
        if unit.file.name:
            stem = str(PurePosixPath(unit.file.name).with_suffix(""))
            symbols["", stem] = Symbol("", stem, Category.FILE, unit.file.span, unit.file)
        symbols.setdefault(("", f"package {scope}"), Symbol("", f"package {scope}", Category.MODULE, unit.file.span, unit.file))
        for symbol in unit.symbols:
            owner, _, member = symbol.name.partition(".*")
            if member:
                embedded[scope, owner] += (member,)
            symbols.setdefault((scope, symbol.name), replace(symbol, scope=scope))
    packages = Packages(symbols, {_last(scope): scope for scope in set(scope_of.values())}, embedded, _module(document))
    references: list[Reference] = []
    unresolved: list[tuple[str, Span]] = []
    for unit in units:
        own = _own_imports(unit, packages, document)
        unresolved += [(f"names of `{one.module}` are imported without a qualifier", one.span) for one in unit.imports if one.local == "."]
        if any(one.local == "." for one in unit.imports):
            continue
        references += _uses(unit, scope_of[id(unit)], own, packages)
    return Links(symbols, tuple(references), tuple(unresolved))


def _scopes(units: Sequence[Unit]) -> dict[int, str]:
    """A scope per unit: its package, with its folder where several folders hold a package of that name."""
    folders: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        folders[unit.package].add(_folder(unit))
    scopes = {}
    for unit in units:
        several = {folder for folder in folders[unit.package] if folder or unit.package == "main"}
        scopes[id(unit)] = f"{_folder(unit)}/{unit.package}" if len(several) > 1 else unit.package
    return scopes


def _folder(unit: Unit) -> str:
    folder = str(PurePosixPath(unit.file.name).parent) if unit.file.name else ""
    return "" if folder == "." else folder


def _last(scope: str) -> str:
    return scope.rsplit("/", 1)[-1]


def _module(document: Document) -> str:
    for file in document.files:
        if file.name and file.name.endswith("go.mod"):
            for line in file.text.splitlines():
                if line.startswith("module "):
                    return line.split()[1].strip('"')
    return ""


def _own_imports(unit: Unit, packages: Packages, document: Document) -> dict[str, tuple[str, str]]:
    """(scope, import path) by alias of the imports that only the answer can give; the scope is empty where it gives no such package."""
    own = {}
    listed = {entry.path.strip("/") for entry in document.listing if entry.directory}
    for one in unit.imports:
        first, last = one.module.split("/", 1)[0], one.module.rsplit("/", 1)[-1]
        if first in STANDARD or "generated" in one.module or one.module.startswith(OUTSIDE):
            continue
        inside = bool(packages.module) and (one.module == packages.module or one.module.startswith(f"{packages.module}/"))
        folder = any(path == last or path.endswith(f"/{last}") for path in listed)
        given = packages.scopes.get(last, "") if last != "main" else ""
        if inside or "." not in first or (given and not packages.module) or (folder and not packages.module and _own_host(one.module, listed)):
            own[one.local] = (given, one.module)
    return own


def _own_host(module: str, listed: set[str]) -> bool:
    """Whether the path after the third part (`github.com/owner/project/…`) is a folder of the project tree."""
    rest = "/".join(module.split("/")[3:])
    return bool(rest) and rest in listed


def _uses(unit: Unit, scope: str, own: Mapping[str, tuple[str, str]], packages: Packages) -> Iterator[Reference]:
    for one in unit.imports:
        if one.local in own:
            given, module = own[one.local]
            folder = module.removeprefix(packages.module).strip("/") if packages.module else module.split("/", 1)[-1]
            yield Reference("", f"package {given or folder}", Category.MODULE, one.span, unit.file, f'"{module}"', folder)
    for use in unit.uses:
        if use.category is Category.FIELD:
            yield from _member(use, scope, own, packages)
        elif use.category is Category.MODULE:
            alias, _, member = use.name.partition(".")
            if alias in own and own[alias][0]:
                yield replace(use, scope=own[alias][0], name=member, category=Category.FUNCTION if use.text.endswith("(") else Category.TYPE)
        else:
            yield replace(use, scope=scope)


def _member(use: Reference, scope: str, own: Mapping[str, tuple[str, str]], packages: Packages) -> Iterator[Reference]:
    """Follow a chain `Type.a.b()` through own types; the first member that is not declared is the reference."""
    start, members = _start(use.name, scope, own, packages)
    for member in members:
        if start is None:
            return
        name = member.removesuffix("()")
        found = _find(start, name, packages, depth=0)
        if isinstance(found, Symbol):
            start = _type_of(found.type, found.scope, packages)
        elif found is None or (found is Outside.METHODS and not member.endswith("()")) or (found is Outside.STACK_PROPS and name not in STACK_PROPS):
            yield replace(use, scope=start[0], name=f"{start[1]}.{name}")
            return
        else:
            return


def _start(name: str, scope: str, own: Mapping[str, tuple[str, str]], packages: Packages) -> tuple[tuple[str, str] | None, list[str]]:
    """The type a chain starts at, and its members. `NewX()` and `pkg.NewX()` stand for what these functions return."""
    parts = name.split(".")
    at = scope
    if len(parts) > 1 and parts[0] in own:
        at, parts = own[parts[0]][0], parts[1:]
        if not at:
            return None, []
    elif len(parts) > 2 and (at, parts[0].removesuffix("()")) not in packages.symbols and parts[0][:1].islower():
        return None, []
    head, members = parts[0], parts[1:]
    if not head.endswith("()"):
        return (at, head), members
    made = packages.symbols.get((at, head.removesuffix("()")))
    return (_type_of(made.type, made.scope, packages) if made is not None else None), members


def _type_of(kind: str, scope: str, packages: Packages) -> tuple[str, str] | None:
    """(scope, name) of a type as written in a package, None for one from outside or none at all."""
    if not kind or kind in UNIVERSE:
        return None
    alias, _, name = kind.rpartition(".")
    if not alias:
        return scope, name
    given = packages.scopes.get(alias)
    return (given, name) if given else None


def _find(start: tuple[str, str], member: str, packages: Packages, depth: int) -> Symbol | Outside | None:
    """The member's declaration in a type or what it embeds; what may give it from outside; None where nothing can."""
    scope, owner = start
    of = packages.symbols.get((scope, owner))
    if of is None:
        return None
    if of.category is not Category.TYPE or of.type not in {"struct", "interface"} or depth > 8:
        return Outside.UNKNOWN
    direct = packages.symbols.get((scope, f"{owner}.{member}"))
    if direct is not None:
        return direct
    result: Outside | None = None
    for name in packages.embedded.get(start, ()):
        if name.rpartition(".")[2] == member:
            return Outside.UNKNOWN
        inner = _type_of(name, scope, packages)
        found = _find(inner, member, packages, depth + 1) if inner is not None and inner in packages.symbols else _outside(name)
        if isinstance(found, Symbol) or found is Outside.UNKNOWN:
            return found
        result = found or result
    return result


def _outside(name: str) -> Outside:
    if name in METHODS_ONLY:
        return Outside.METHODS
    return Outside.STACK_PROPS if name == "awscdk.StackProps" else Outside.UNKNOWN
