"""Names across the Python files of an answer: which imports, names and members only the answer itself can give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.languages import Links
from grader.languages.python.facts import ANY
from grader.languages.python.members import class_of, member
from grader.languages.python.modules import follow, look_up, module_of, project_of, stem_of
from grader.model.solutions import Category, Reference, Symbol

if TYPE_CHECKING:
    from grader.languages.python.modules import Found, Module, Project
    from grader.model.documents import Document
    from grader.model.solutions import Import, Unit
    from grader.model.spans import Span

MOST_MEMBERS = 8


def link(units: Sequence[Unit], document: Document) -> Links:
    """What the Python files declare, and every use of something that only they can give."""
    project = project_of(units, document)
    symbols: dict[tuple[str, str], Symbol] = {}
    references: list[Reference] = []
    unresolved: dict[str, Span] = {}
    for unit in project.units:
        if unit.file.name:
            stem = stem_of(unit.file.name)
            symbols["", stem] = Symbol("", stem, Category.FILE, unit.file.span, unit.file)
        for symbol in unit.symbols:
            if ANY not in symbol.name:
                symbols.setdefault((symbol.scope, symbol.name), symbol)
        for use in unit.uses:
            if use.category is Category.MODULE:
                references += _imports(project, unit, use, unresolved)
            elif use.category is Category.FIELD:
                owner = class_of(project, unit, use.scope)
                references += _members(project, owner, use.name.split("."), use) if owner is not None else ()
            else:
                references += _name(project, unit, use)
    return Links(symbols, tuple(references), tuple(unresolved.items()))


def _imports(project: Project, unit: Unit, use: Reference, unresolved: dict[str, Span]) -> Iterator[Reference]:
    """The references of one import statement."""
    module = module_of(project, unit, use.name)
    names = [one for one in unit.imports if one.module == use.name and use.span.covers(one.span)]
    if module.state == "unknown" and any(one.name not in project.unnamed for one in names):
        unresolved.setdefault(f"`{use.name}` is neither among the files of the answer nor a known package", use.span)
    if module.state == "missing":
        if not names or any(one.name not in project.unnamed for one in names):
            yield _file(project, module.stem, use)
        return
    if module.state == "given" and all(not one.name or one.name == ANY for one in names):
        yield _file(project, module.stem, use)
    for one in names:
        if one.name and one.name != ANY:
            yield from _found(project, look_up(project, module, one.name), one, use)


def _found(project: Project, found: Found, one: Import, use: Reference) -> Iterator[Reference]:
    """The reference to one imported name of a module of the answer."""
    match found.state:
        case "given" if found.symbol is not None:
            yield Reference(found.scope, one.name, found.symbol.category, one.span, use.file, use.text)
        case "module" if found.module is not None and found.module.state == "given":
            yield _file(project, found.module.stem, use)
        case "absent" if one.name not in project.unnamed:
            if found.module is not None and found.module.state == "folder":
                name = one.name if one.name.islower() else "__init__"
                yield _file(project, f"{found.module.stem}/{name}".lstrip("/"), use)
            else:
                yield Reference(found.scope, one.name, _category(one.name), one.span, use.file, use.text)


def _file(project: Project, stem: str, use: Reference) -> Reference:
    """The reference to a file of the answer; its path is that of the project tree where that lists it."""
    listed = next((path for known, path in project.listed.items() if known == stem or known.endswith(f"/{stem}")), f"{stem}.py")
    return Reference("", stem, Category.FILE, use.span, use.file, use.text, listed)


def _category(name: str) -> Category:
    return Category.TYPE if name[:1].isupper() and not name.isupper() else Category.NAME


def _name(project: Project, unit: Unit, use: Reference) -> Iterator[Reference]:
    """A use of a name that an import of the answer's own binds, with its members, or that nothing binds."""
    first, *rest = use.name.split(".")
    imports = [one for one in unit.imports if one.local == first and one.name != ANY]
    if imports:
        yield from _through(project, unit, imports[0], rest, use)
        return
    for one in unit.imports:
        if one.name != ANY:
            continue
        found = look_up(project, module_of(project, unit, one.module), first)
        if found.state == "given" and found.symbol is not None:
            yield Reference(found.scope, first, found.symbol.category, use.span, use.file, use.text)
        if found.state != "absent":
            return
    if unit.file.name or (first not in project.unnamed and first not in project.unnamed_imports):
        yield use


def _through(project: Project, unit: Unit, one: Import, rest: list[str], use: Reference) -> Iterator[Reference]:
    """A use of an imported name: the name itself, then its members as far as they can be told."""
    found = follow(project, unit, one)
    name = one.name
    while found.state == "module" and found.module is not None and found.module.state != "missing" and rest:
        name, *rest = rest
        found = look_up(project, found.module, name)
    missing = _missing(project, unit, one, found)
    if missing is not None:
        name = name or (rest[0] if rest else "")
        if name and name not in project.unnamed:
            category = use.category if use.category is not Category.NAME else _category(name)
            yield Reference(missing.stem, name, category, use.span, use.file, use.text, f"{missing.stem}.py")
    elif found.state == "given" and found.symbol is not None:
        yield Reference(found.scope, name, found.symbol.category, use.span, use.file, use.text)
        owner = found.symbol
        if owner.category is not Category.TYPE:
            around = project.unit_by_file.get(id(owner.file))
            known = class_of(project, around, owner.type) if around is not None and owner.type else None
            yield from _members(project, known, rest, use) if known is not None else ()
        else:
            yield from _members(project, owner, rest, use)
    elif found.state == "absent" and name not in project.unnamed and not (found.module is not None and found.module.state == "folder"):
        yield Reference(found.scope, name, use.category, use.span, use.file, use.text)


def _missing(project: Project, unit: Unit, one: Import, found: Found) -> Module | None:
    module = found.module if found.state == "module" else module_of(project, unit, one.module)
    return module if module is not None and module.state == "missing" else None


def _members(project: Project, owner: Symbol, names: Sequence[str], use: Reference) -> Iterator[Reference]:
    """Each member of a path that can be told, up to the first that the class does not have."""
    for name in names[:MOST_MEMBERS]:
        found = member(project, owner, name)
        if found.state == "absent":
            yield Reference(owner.scope, f"{owner.name}.{name}", Category.FIELD, use.span, use.file, use.text)
        if found.symbol is None:
            return
        yield Reference(found.symbol.scope, found.symbol.name, Category.FIELD, use.span, use.file, use.text)
        unit = project.unit_by_file.get(id(found.symbol.file))
        known = (
            class_of(project, unit, found.symbol.type) if unit is not None and found.symbol.type and found.symbol.category is Category.FIELD else None
        )
        if known is None:
            return
        owner = known
