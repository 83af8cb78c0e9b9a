"""Linking the Java files of an answer: which types and members only the answer can give, and whether it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages import Links
from grader.languages.java.facts import Start, Use
from grader.languages.java.jdk import PACKAGES
from grader.languages.java.resolution import Answer, Fate, Found, member, resolve
from grader.model.solutions import Category, Reference, Symbol
from grader.model.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.languages.java.facts import Step
    from grader.model.documents import Document
    from grader.model.solutions import Unit


def link(units: Sequence[Unit], document: Document) -> Links:
    """Resolve types and members across the files of an answer."""
    symbols: dict[tuple[str, str], Symbol] = {}
    current = [unit for unit in units if not unit.file.superseded]
    for unit in sorted(current, key=lambda unit: not unit.file.whole):
        for symbol in unit.symbols:
            symbols.setdefault((symbol.scope, symbol.name), symbol)
        if unit.file.name:
            name = unit.file.name.removesuffix(".java")
            symbols.setdefault(("", name), Symbol("", name, Category.FILE, unit.file.span, unit.file))
    answer = Answer.of(current, document)
    references: list[Reference] = []
    unresolved: list[tuple[str, Span]] = []
    for unit in current:
        doubtful: dict[str, Span] = {}
        strange: dict[str, Span] = {}
        for use in unit.uses:
            if isinstance(use, Use):
                references += _imported(answer, unit, use) if use.category is Category.MODULE else _use(answer, unit, use, doubtful, strange)
        if doubtful:
            shown = ", ".join(list(doubtful)[:8]) + (", \N{HORIZONTAL ELLIPSIS}" if len(doubtful) > 8 else "")
            word = "type" if len(doubtful) == 1 else "types"
            unresolved.append((f"{len(doubtful)} {word} may come from a wildcard import: {shown}", next(iter(doubtful.values()))))
        unresolved += [(f"`{name}` is declared in another package and not imported", at) for name, at in strange.items()]
    return Links(symbols, tuple(references), tuple(unresolved))


def _imported(answer: Answer, unit: Unit, use: Use) -> Iterator[Reference]:
    """An import from one of the answer's own packages, with the member of a static one."""
    found = answer.qualified(use.origin.root, unit.package)
    if found.fate is Fate.OWN and found.type is not None:
        yield Reference(found.type.scope, found.type.name, Category.TYPE, use.span, unit.file, use.text, _path(found.type.scope, found.type.name))
        for step, _ in use.steps:
            kinds = [member(answer, found.type, step.name, call=call).fate for call in (True, False)]
            if kinds == [Fate.MISSING, Fate.MISSING] and answer.nested(found.type, step.name) is None:
                yield Reference(found.type.scope, f"{found.type.name}.{step.name}", Category.NAME, use.span, unit.file, use.text)
    elif found.fate is Fate.MISSING:
        yield Reference(found.scope, found.name, Category.TYPE, use.span, unit.file, use.text, _path(found.scope, found.name))


def _path(scope: str, name: str) -> str:
    return f"{scope.replace('.', '/')}/{name.partition('.')[0]}.java".lstrip("/")


def _use(answer: Answer, unit: Unit, use: Use, doubtful: dict[str, Span], strange: dict[str, Span]) -> Iterator[Reference]:
    origin = use.origin
    at = use.span
    steps = use.steps
    current: Found
    match origin.start:
        case Start.TYPE | Start.EITHER:
            current = resolve(answer, unit, origin.root, origin.owner)
            if origin.start is Start.EITHER and current.fate is not Fate.OWN:
                field = answer.implicit(unit, origin.owner, origin.root, call=False)
                if field.fate is not Fate.MISSING:
                    current = field
                    yield from _chain(answer, current, origin.steps, steps, use)
                    return
            if origin.steps or (steps and origin.start is Start.TYPE):
                pass  # the type was named where the variable is declared
            elif current.fate is Fate.OWN and current.type is not None:
                scope, name = current.type.scope, current.type.name
                yield Reference(scope, name, Category.TYPE, at, unit.file, origin.root, _path(scope, name))
            elif current.fate is Fate.MISSING:
                yield _missing(answer, unit, use, current)
            elif current.fate is Fate.WILDCARD:
                doubtful.setdefault(origin.root, at)
            elif current.fate is Fate.ELSEWHERE:
                strange.setdefault(origin.root, at)
        case Start.SELF:
            current = answer.enclosing(unit, origin.owner)
        case Start.PARENT:
            current = Found(Fate.PARENT, type=answer.enclosing(unit, origin.owner).type)
        case Start.IMPLICIT:
            first, line = (origin.steps[0], at.line) if origin.steps else steps[0]
            current = answer.implicit(unit, origin.owner, first.name, call=first.call)
            if not origin.steps:
                steps = steps[1:]
                span = Span(line, line)
                if current.fate is Fate.MISSING:
                    category = Category.FUNCTION if first.call else Category.NAME
                    name = f"{origin.owner}.{first.name}" if first.call and origin.owner else first.name
                    yield Reference(unit.package, name, category, span, unit.file, f"{first.name}()" if first.call else first.name)
                elif current.owner is not None:
                    category = Category.FUNCTION if first.call else Category.FIELD
                    yield Reference(current.owner.scope, f"{current.owner.name}.{first.name}", category, span, unit.file, first.name)
            else:
                origin = origin._replace(steps=origin.steps[1:])
    yield from _chain(answer, current, origin.steps, steps, use)


def _missing(answer: Answer, unit: Unit, use: Use, found: Found) -> Reference:
    """A type that is not given; without a path where it looks like a forgotten import of a library."""
    simple = found.name.partition(".")[0]
    library = simple in answer.imported or any(simple in names for names in PACKAGES.values())
    path = "" if library else _path(found.scope, found.name)
    if not use.origin.root[:1].islower() and use.origin.root.isupper() and len(use.origin.root) > 1 and use.origin.start is Start.EITHER:
        return Reference(unit.package, use.origin.root, Category.NAME, use.span, unit.file, use.origin.root)
    return Reference(found.scope, found.name, Category.TYPE, use.span, unit.file, use.origin.root, path)


def _chain(answer: Answer, current: Found, before: tuple[Step, ...], steps: tuple[tuple[Step, int], ...], use: Use) -> Iterator[Reference]:
    """The members of a chain, as long as they lead through the answer's own types."""
    for step in before:
        if current.type is None:
            return
        current = _next(answer, current, step)
    for step, line in steps:
        if current.type is None:
            return
        through = current.type
        current = _next(answer, current, step)
        category = Category.FUNCTION if step.call else Category.FIELD
        text = use.text if len(use.text) < 120 else step.name
        if current.fate is Fate.MISSING:
            yield Reference(through.scope, f"{through.name}.{current.name}", category, Span(line, line), use.file, text)
            return
        if current.owner is not None:
            yield Reference(current.owner.scope, f"{current.owner.name}.{step.name}", category, Span(line, line), use.file, text)


def _next(answer: Answer, current: Found, step: Step) -> Found:
    """The type that a member of a type leads to; a nested type where a type's name is followed by one."""
    if current.type is None:
        return Found(Fate.UNKNOWN)
    if not step.call and step.name[:1].isupper() and current.fate is Fate.OWN:
        nested = answer.nested(current.type, step.name)
        if nested is not None:
            return Found(Fate.OWN, type=nested, owner=None)
    return member(answer, current.type, step.name, call=step.call, parents=current.fate is Fate.PARENT)
