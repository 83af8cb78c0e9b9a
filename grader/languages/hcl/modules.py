"""Modules of Terraform: which file belongs to which, what each declares, and what they need from each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath, splitext
from typing import TYPE_CHECKING

from grader.languages import Links
from grader.languages.hcl.blocks import TERRAFORM
from grader.model.solutions import Category, Reference, Symbol
from grader.model.values import Fields, Known, Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.model.documents import Document, File
    from grader.model.solutions import Unit
    from grader.model.spans import Span

_PROJECT_FOLDERS = frozenset({"lib", "terraform", "infra", "infrastructure", "src", "tf", "iac"})
"""Folders that hold a whole project, so that files named with and without them are one module."""

_VALUES = (".tfvars", ".tfbackend")

META_ARGUMENTS = frozenset({"source", "version", "count", "for_each", "providers", "depends_on", "lifecycle"})
"""Arguments of a module call that are Terraform's own."""

_ELISION = re.compile(
    r"(?:^|[ \t])(?:#|//|/\*)[ \t]*(?:[\[(<{]?[ \t]*(?:\.{3}|\N{HORIZONTAL ELLIPSIS})"
    r"|(?=[^\n]*\b(?:rest|remaining|existing|other|previous|same|similar|omitted|unchanged|additional|more|etc)\b)"
    r"[^\n]*(?:\.{3}|\N{HORIZONTAL ELLIPSIS}|\b(?:as before|unchanged|omitted|remains? the same|goes? here)\b))",
    re.IGNORECASE | re.MULTILINE,
)
"""A comment that stands for code which is left out."""

_ARGUMENT = re.compile(r'^[ \t]*"?([\w-]+)"?[ \t]*=(?!=)', re.MULTILINE)
_LABEL = re.compile(r'^[ \t]*(?:resource|data|variable|output|module)[ \t]+(?:"?[\w-]+"?[ \t]+)?"?([\w-]+)"?[ \t]*\{?', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Layout:
    """The modules of an answer.

    `scopes` gives the scope of each folder that holds files ('' for the root module); `root` is the root module's real folder;
    `calls` are the module calls.
    """

    scopes: Mapping[str, str]
    root: str
    calls: tuple[ModuleCall, ...]
    unnamed: bool

    def scope(self, unit: Unit) -> str:
        """The scope of a unit's module."""
        return self.scopes.get(folder_of(unit.file), "")


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One `module` block: where it stands, its name and arguments, and for a local source the folder and its scope (None if not given)."""

    scope: str
    name: str
    arguments: Mapping[str, Value]
    file: File
    span: Span
    folder: str = ""
    target: str | None = None


def folder_of(file: File) -> str:
    """The folder of a file, empty for the project's own and for files without a name."""
    return dirname(file.name or "").removeprefix("./").strip("/")


def is_terraform(unit: Unit) -> bool:
    """Whether a unit holds a block of Terraform, or values for its variables or its backend."""
    name = unit.file.name or ""
    if name.endswith((".tf", *_VALUES)):
        return True
    kinds = {one.value.type for one in unit.bindings if isinstance(one.value, Fields)} - {""}
    if kinds:
        return not kinds.isdisjoint(TERRAFORM)
    return bool(unit.bindings) and (not name or "backend" in name)


def is_values(unit: Unit) -> bool:
    """Whether a unit gives values (`terraform.tfvars`, a backend's settings) and is no file of a module."""
    return (unit.file.name or "").endswith(_VALUES) or not any(isinstance(one.value, Fields) and one.value.type for one in unit.bindings)


def sets_variables(unit: Unit) -> bool:
    """Whether the values of a unit are those of variables."""
    name = unit.file.name
    return is_values(unit) and (name is None or name.endswith(".tfvars"))


def layout(units: Sequence[Unit]) -> Layout:
    """Find the modules that the files of an answer form."""
    files = [unit for unit in units if not is_values(unit)]
    folders = dict.fromkeys(folder_of(unit.file) for unit in files)
    sources = [(unit, *call) for unit in files for call in _calls(unit)]
    targets = [_target(folder_of(unit.file), source, folders) if source else "" for unit, _, _, source in sources]
    called = {target for target, (unit, _, _, source) in zip(targets, sources, strict=True) if source and target != folder_of(unit.file)}
    roots = [one for one in folders if one not in called and "modules" not in one.split("/")]
    root, joined = _root(roots)
    scopes = {folder: "" if folder in joined else folder for folder in folders}
    calls = tuple(
        ModuleCall(scopes[folder_of(unit.file)], name, arguments.fields, unit.file, arguments.span, target, scopes.get(target) if source else None)
        for (unit, name, arguments, source), target in zip(sources, targets, strict=True)
    )
    return Layout(scopes, root, calls, any(unit.file.name is None for unit in files))


def _root(roots: Sequence[str]) -> tuple[str, frozenset[str]]:
    """The root module's folder, and the folders whose files form it."""
    inner = [one for one in roots if one]
    if "" in roots:
        alone = inner[0] if len(inner) == 1 and inner[0] in _PROJECT_FOLDERS else ""
        return alone, frozenset({"", alone})
    if not inner:
        return "", frozenset({""})
    depth = min(one.count("/") for one in inner)
    shallow = [one for one in inner if one.count("/") == depth]
    return (shallow[0], frozenset(shallow)) if len(shallow) == 1 else ("", frozenset({""}))


def _calls(unit: Unit) -> Iterator[tuple[str, Fields, str]]:
    """Name, arguments and local source (empty for none) of the module calls of a unit."""
    for binding in unit.bindings:
        if isinstance(binding.value, Fields) and binding.value.type == "module" and binding.name.count(".") == 1:
            source = known(binding.value.fields.get("source"))
            local = isinstance(source, str) and source.startswith(("./", "../"))
            yield binding.name.partition(".")[2], binding.value, source if isinstance(source, str) and local else ""


def _target(folder: str, source: str, folders: Mapping[str, None]) -> str:
    """The folder a local source names; a given folder with the same ending where the answer names its files from elsewhere."""
    path = normpath(join(folder, source))
    path = "" if path == "." else path
    while path.startswith("../"):
        path = path[3:]
    if path in folders or not path:
        return path
    plain = normpath(source).lstrip("./")
    alike = [one for one in folders if one == plain or one.endswith(f"/{plain}") or path.endswith(f"/{one}")] if plain else []
    return alike[0] if len(alike) == 1 and alike[0] else path


def link(units: Sequence[Unit], document: Document) -> Links:
    """Resolve names across the modules of an answer.

    A scope is a module's folder, empty for the root module. References that a fragment, an elided or broken file, or a file whose
    module is not told may satisfy are not given; `unresolved` says where that happened.
    """
    del document
    given = [unit for unit in units if not unit.file.superseded and is_terraform(unit)]
    modules = layout(given)
    symbols = _symbols(given, modules)
    doubts: _Doubts | None = None
    references: list[Reference] = []
    unresolved: list[tuple[str, Span]] = []
    for use in _uses(given, modules):
        key = (use.scope, use.name)
        if key in symbols:
            references.append(use)
            continue
        elsewhere = _elsewhere(use, symbols, modules)
        if elsewhere is not None:
            references.append(replace(use, scope=elsewhere))
            continue
        doubts = doubts or _doubts(given, [unit for unit in units if unit.file.superseded], modules)
        if doubts.silences(use):
            unresolved.append((f"`{use.name}` may be declared in code that is not shown", use.span))
        else:
            references.append(use)
    return Links(symbols, tuple(references), tuple(unresolved))


def _symbols(units: Sequence[Unit], modules: Layout) -> dict[tuple[str, str], Symbol]:
    """What the units declare, by scope and name; the first declaration counts."""
    symbols: dict[tuple[str, str], Symbol] = {}
    for unit in units:
        file, scope = unit.file, modules.scope(unit)
        if file.name:
            stem = splitext(file.name)[0]
            symbols.setdefault(("", stem), Symbol("", stem, Category.FILE, file.span, file))
            folder = folder_of(file)
            if folder and not is_values(unit):
                symbols.setdefault(("", folder), Symbol("", folder, Category.MODULE, file.span, file))
        for symbol in unit.symbols:
            key = (scope, symbol.name)
            if key not in symbols:
                symbols[key] = symbol if symbol.scope == scope else replace(symbol, scope=scope)
    return symbols


def _uses(units: Sequence[Unit], modules: Layout) -> Iterator[Reference]:
    """What the units need, with scopes: names of their own module, outputs and variables and folders of the modules they call."""
    targets = {(call.scope, call.name): call.target for call in modules.calls}
    for unit in units:
        scope = modules.scope(unit)
        for use in unit.uses:
            if use.category is Category.OUTPUT:
                _, name, output = use.name.split(".", 2)
                target = targets.get((scope, name))
                if target is not None:
                    yield replace(use, scope=target, name=f"output.{output}")
            else:
                yield use if use.scope == scope else replace(use, scope=scope)
    for call in modules.calls:
        if call.folder:
            source = call.arguments["source"]
            text = source.value if isinstance(source, Known) and isinstance(source.value, str) else ""
            yield Reference("", call.folder, Category.MODULE, source.span, call.file, text, call.folder)
        if call.target is not None:
            for name, value in call.arguments.items():
                if name not in META_ARGUMENTS:
                    yield Reference(call.target, f"var.{name}", Category.PARAMETER, value.span, call.file, name)


def _elsewhere(use: Reference, symbols: Mapping[tuple[str, str], Symbol], modules: Layout) -> str | None:
    """The scope of a declaration in or for a file whose module the answer does not tell."""
    if not modules.unnamed or use.category is Category.MODULE:
        return None
    for scope in ("", *modules.scopes.values()):
        symbol = symbols.get((scope, use.name))
        if symbol is not None and (symbol.file.name is None or use.file.name is None):
            return scope
    return None


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What may be declared in code that is not shown: whole scopes, names by scope (of broken files), folders of unnamed files."""

    scopes: frozenset[str]
    names: Mapping[str, set[str]]
    folders: frozenset[str]

    def silences(self, use: Reference) -> bool:
        """Whether an undeclared use may be satisfied by something that cannot be read."""
        if use.category is Category.MODULE and not use.scope and use.path in self.folders:
            return True
        name = use.name if use.category is Category.LOCAL else use.name.rpartition(".")[2]
        return not use.file.whole or use.scope in self.scopes or name in self.names.get(use.scope, ())


def _doubts(units: Sequence[Unit], superseded: Sequence[Unit], modules: Layout) -> _Doubts:
    scopes = {modules.scope(unit) for unit in units if _ELISION.search(unit.file.text)}
    if not any(unit.file.whole for unit in units):
        scopes.update(modules.scopes.values())
    names: dict[str, set[str]] = {}
    for unit in units:
        if unit.problems:
            text = unit.file.text
            locals_ = (f"local.{name}" for name in _ARGUMENT.findall(text))
            names.setdefault(modules.scope(unit), set()).update(locals_, _LABEL.findall(text))
    for unit in superseded:
        names.setdefault(modules.scope(unit), set()).update(name for symbol in unit.symbols for name in (symbol.name, symbol.name.rpartition(".")[2]))
    unnamed = {symbol.name: symbol.file for unit in units if unit.file.name is None for symbol in unit.symbols}
    folders = {call.folder for call in modules.calls if call.folder and _may_be(call, unnamed)}
    return _Doubts(frozenset(scopes), names, frozenset(folders))


def _may_be(call: ModuleCall, unnamed: Mapping[str, File]) -> bool:
    """Whether files without a name may be the called module: other files than the caller's declare all that the call passes."""
    passed = [f"var.{name}" for name in call.arguments if name not in META_ARGUMENTS]
    return any(file is not call.file for file in unnamed.values()) and all(unnamed.get(name, call.file) is not call.file for name in passed)
