"""Which file of an answer an import of Python means, and what a module of the answer declares or passes on."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.python.facts import ANY
from grader.languages.python.libraries import is_outside
from grader.model.paths import normal

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.solutions import Import, Symbol, Unit

MOST_STEPS = 12


class Module(NamedTuple):
    """Where an import leads.

    `state` is `given` (with its units), `folder` (a package whose own file is not given), `missing` (the answer's to give, at
    `stem`), `outside` (a library) or `unknown`. `stem` is the path without suffix.
    """

    state: str
    stem: str
    units: tuple[Unit, ...] = ()


class Found(NamedTuple):
    """Where a name leads: a symbol of the answer, the module of an import, or only a state.

    `state` is `given`, `module`, `absent` (`scope` is the module that should have it, `stem` its path), `outside` or `unknown`.
    """

    state: str
    scope: str = ""
    symbol: Symbol | None = None
    module: Module | None = None


@dataclass(slots=True)
class Project:
    """The Python files of one answer by path, their declarations by scope, and the paths its project tree lists.

    `unnamed` are the names that blocks without a file name declare, `unnamed_imports` those they import; `loose` the members assigned to objects of unknown class.
    """

    units: tuple[Unit, ...]
    by_stem: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, dict[str, Symbol]] = field(default_factory=lambda: defaultdict(dict))
    unnamed: set[str] = field(default_factory=set)
    unnamed_imports: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    listed: dict[str, str] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    unit_by_file: dict[int, Unit] = field(default_factory=dict)
    children: dict[tuple[str, str], list[Symbol]] | None = None
    by_tail: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    found: dict[tuple[int, str], Module] = field(default_factory=dict)


def project_of(units: Sequence[Unit], document: Document) -> Project:
    """Gather what linking looks up; files that are given again later are left out."""
    current = tuple(unit for unit in units if not unit.file.superseded or _is_another(unit, units))
    project = Project(current)
    for unit in current:
        project.unit_by_file[id(unit.file)] = unit
        if unit.file.name:
            project.by_stem[stem_of(unit.file.name)].append(unit)
        else:
            project.unnamed.update(one.name for one in unit.symbols)
            project.unnamed_imports.update(one.local for one in unit.imports)
        for symbol in unit.symbols:
            if symbol.name.startswith(f"{ANY}."):
                project.loose.add(symbol.name[2:])
            else:
                project.tables[unit.package].setdefault(symbol.name, symbol)
    for stem in project.by_stem:
        project.by_tail[stem.rsplit("/", 1)[-1]].append(stem)
        project.folders.update(_above(stem))
    for entry in document.listing:
        path = normal(entry.path)
        if path.endswith(".py"):
            project.listed[path.removesuffix(".py")] = path
            project.folders.update(_above(path))
    return project


def _is_another(unit: Unit, units: Sequence[Unit]) -> bool:
    """Whether a file that is given again is not replaced: the later one declares nothing of it, so one of the two has a wrong name."""
    declared = {one.name for one in unit.symbols if "." not in one.name}
    later = [one for one in units if one.file.name == unit.file.name and not one.file.superseded]
    return bool(declared) and bool(later) and not any(one.name in declared for other in later for one in other.symbols)


def stem_of(name: str) -> str:
    """The path of a file from the project's root, without its suffix."""
    return normal(name).removesuffix(".py")


def _above(path: str) -> set[str]:
    parts = path.split("/")[:-1]
    return {"/".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)} if len(parts) < 12 else set()


def module_of(project: Project, unit: Unit, module: str) -> Module:
    """Where `import module` leads in a file; a leading dot is relative to its folder."""
    key = (id(unit.file), module)
    if key not in project.found:
        project.found[key] = _module_of(project, unit, module)
    return project.found[key]


def _module_of(project: Project, unit: Unit, module: str) -> Module:
    wanted = module.lstrip(".").replace(".", "/")
    dots = len(module) - len(module.lstrip("."))
    if not dots:
        beside = posixpath.join(posixpath.dirname(stem_of(unit.file.name or "")), wanted)
        found = _given(project, unit, beside) if beside in project.by_stem else _given(project, unit, wanted)
        if is_outside(module):
            return Module("outside" if found is None or found.state == "folder" else "unknown", wanted)
        if found is not None:
            return found
        head = wanted.split("/", 1)[0]
        own = (head in project.folders and head != wanted) or wanted in project.listed or any(one.endswith(f"/{wanted}") for one in project.listed)
        return Module("missing" if own and unit.file.name else "unknown", wanted)
    folder = posixpath.dirname(stem_of(unit.file.name or ""))
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    wanted = normal(posixpath.join(folder, wanted))
    if not wanted:
        return Module("folder", folder) if unit.file.name else Module("unknown", "")
    return _given(project, unit, wanted) or Module("missing" if unit.file.name else "unknown", wanted)


def _given(project: Project, unit: Unit, wanted: str) -> Module | None:
    """The file or folder of a path, under any leading folders on either side: an answer seldom says where its root is."""
    tail = wanted.rsplit("/", 1)[-1]
    candidates = [
        *project.by_tail.get(tail, ()),
        *(one for one in project.by_tail.get("__init__", ()) if posixpath.basename(posixpath.dirname(one)) == tail),
    ]
    plain = {stem: stem.removesuffix("/__init__") for stem in candidates}
    near = [stem for stem in candidates if plain[stem] == wanted or plain[stem].endswith(f"/{wanted}") or wanted.endswith(f"/{plain[stem]}")]
    others = [stem for stem in near if not any(one is unit for one in project.by_stem[stem])]
    if others:
        best = min(others, key=lambda stem: (abs(plain[stem].count("/") - wanted.count("/")), stem))
        return Module("given", best, tuple(project.by_stem[best]))
    if near:
        return Module("unknown", wanted)  # a file that imports itself: its name or place is not what the answer says
    return Module("folder", wanted) if wanted in project.folders else None


def look_up(project: Project, module: Module, name: str, steps: int = 0) -> Found:
    """What `from module import name` gives, through what modules import from each other."""
    if module.state in {"outside", "unknown", "missing"} or steps > MOST_STEPS:
        return Found("outside" if module.state == "outside" else "unknown", module=module)
    if module.state == "folder":
        return _submodule(project, module, name) or Found("absent", module.stem, module=module)
    states = []
    for unit in module.units:
        found = _in_unit(project, unit, name, steps)
        if found.state != "absent":
            return found
        states.append(found)
    inner = _submodule(project, module, name) if module.stem.rsplit("/", 1)[-1] == "__init__" else None
    return inner or states[0] if states else Found("unknown", module=module)


def _submodule(project: Project, package: Module, name: str) -> Found | None:
    folder = package.stem.removesuffix("__init__").rstrip("/")
    stem = f"{folder}/{name}".lstrip("/")
    for one in (stem, f"{stem}/__init__"):
        if one in project.by_stem:
            return Found("module", module=Module("given", one, tuple(project.by_stem[one])))
    if package.state == "folder":
        tails = [one for one in project.by_tail.get(name, ()) if one.endswith(f"/{stem}") or f"/{stem}".endswith(f"/{one}")]
        if tails:
            return Found("module", module=Module("given", tails[0], tuple(project.by_stem[tails[0]])))
    return Found("module", module=Module("folder", stem)) if stem in project.folders else None


def _in_unit(project: Project, unit: Unit, name: str, steps: int) -> Found:
    """A name of one file: declared there, imported there, or given by a module it imports all of."""
    table = project.tables[unit.package]
    symbol = table.get(name)
    if symbol is not None:
        return Found("given", unit.package, symbol)
    for one in unit.imports:
        if one.local == name and one.name != "*":
            return follow(project, unit, one, steps + 1)
    open_ = ANY in table or "__getattr__" in table or bool(unit.problems) or not unit.file.whole
    for one in unit.imports:
        if one.name == "*":
            found = look_up(project, module_of(project, unit, one.module), name, steps + 1)
            if found.state != "absent":
                return found
    return Found("unknown" if open_ else "absent", unit.package)


def follow(project: Project, unit: Unit, one: Import, steps: int = 0) -> Found:
    """Where the local name of an import leads."""
    if one.name:
        return look_up(project, module_of(project, unit, one.module), one.name, steps)
    module = one.module if one.local != one.module.split(".", 1)[0] else one.local
    return Found("module", module=module_of(project, unit, module))


def visible(project: Project, unit: Unit, name: str) -> Found:
    """What a top-level name of a file stands for: its own declaration, or what it imports."""
    return _in_unit(project, unit, name, 0)
