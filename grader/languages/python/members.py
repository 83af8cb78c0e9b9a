"""Members of the answer's own classes, through their parents: what is declared, what libraries give, what cannot be told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from grader.languages.python.facts import ANY
from grader.languages.python.libraries import library_members
from grader.languages.python.modules import look_up, visible
from grader.model.solutions import Category

if TYPE_CHECKING:
    from grader.languages.python.modules import Found, Project
    from grader.model.solutions import Symbol, Unit


class Member(NamedTuple):
    """What a class says of a member: `given` (with its symbol), `outside`, `absent` or `unknown`."""

    state: str
    symbol: Symbol | None = None


_UNKNOWN = Member("unknown")


def class_of(project: Project, unit: Unit, written: str) -> Symbol | None:
    """The class of the answer that a file means by a name (`VpcStack`, `stacks.VpcStack`); None for any other."""
    first, *rest = written.split(".")
    found = visible(project, unit, first)
    for part in rest:
        found = _step(project, found, part)
    symbol = found.symbol
    return symbol if found.state == "given" and symbol is not None and symbol.category is Category.TYPE else None


def _step(project: Project, found: Found, part: str) -> Found:
    if found.state == "module" and found.module is not None:
        return look_up(project, found.module, part)
    if found.state == "given" and found.symbol is not None:
        inner = project.tables[found.scope].get(f"{found.symbol.name}.{part}")
        if inner is not None:
            return found._replace(symbol=inner)
    return found._replace(state="unknown", symbol=None)


def member(project: Project, owner: Symbol, name: str) -> Member:
    """What a class of the answer has under a member's name: its own, its parents', or what a class derived from it adds."""
    if name.startswith("__") and name.endswith("__"):
        return Member("outside")
    own = _inherited(project, owner, name)
    if own.state != "absent":
        return own
    if name in project.loose or ANY in project.loose:
        return _UNKNOWN
    derived = [owner]
    seen = {(owner.scope, owner.name)}
    while derived:
        one = derived.pop()
        for child in _children(project).get((one.scope, one.name), ()):
            if (child.scope, child.name) in seen:
                continue
            seen.add((child.scope, child.name))
            if _inherited(project, child, name).state != "absent":
                return _UNKNOWN
            derived.append(child)
    return own


def _inherited(project: Project, owner: Symbol, name: str) -> Member:
    state = Member("absent")
    pending = [owner]
    seen = set()
    while pending:
        one = pending.pop(0)
        if (one.scope, one.name) in seen:
            continue
        seen.add((one.scope, one.name))
        table = project.tables[one.scope]
        found = table.get(f"{one.name}.{name}")
        if found is not None:
            return Member("given", found)
        unit = project.unit_by_file.get(id(one.file))
        if f"{one.name}.{ANY}" in table or ANY in table or unit is None or unit.problems or not unit.file.whole:
            return _UNKNOWN
        for parent in one.type.split():
            known = class_of(project, unit, parent)
            if known is not None:
                pending.append(known)
                continue
            given = _library(project, unit, parent)
            if given is None:
                return _UNKNOWN
            if name in given:
                state = Member("outside")
    return state


def _library(project: Project, unit: Unit, written: str) -> frozenset[str] | None:
    """The members of a parent that is not the answer's own; None where they are not known."""
    first, _, rest = written.partition(".")
    if first in project.tables[unit.package]:
        return None
    imports = [one for one in unit.imports if one.local == first]
    if not imports:
        star = any(one.name == ANY for one in unit.imports)
        return None if rest or star else library_members("", first)
    if len(imports) > 1:
        return None
    path = ".".join(part for part in (imports[0].name, rest) if part)
    return library_members(imports[0].module, path)


def _children(project: Project) -> dict[tuple[str, str], list[Symbol]]:
    """The classes derived from each class of the answer."""
    if project.children is None:
        children: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
        for unit in project.units:
            for symbol in unit.symbols:
                if symbol.category is not Category.TYPE:
                    continue
                for parent in symbol.type.split():
                    known = class_of(project, unit, parent)
                    if known is not None:
                        children[known.scope, known.name].append(symbol)
        project.children = dict(children)
    return project.children
