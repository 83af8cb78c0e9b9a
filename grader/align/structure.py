"""How a program is laid out beside its ideal: files, classes and modules that hold the resources, and what their constructors take."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.model.paths import is_test
from grader.model.solutions import Category
from grader.model.spans import Span
from grader.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model.documents import File
    from grader.model.solutions import Pair, Solution, Symbol

SEVERAL = 3
"""Files or classes from which a solution is divided."""
WORTH = 4
"""Resources from which a solution is worth dividing."""
_BASES = re.compile(r"(?:ComponentResource|Construct|Stack|NestedStack|TerraformStack)$")
_EXTENDS = re.compile(r"\b(?:extends|:|\()\s*([\w.]+)")
_PROPS = re.compile(r"(?:Props|Args|Config|Options|Properties|Params)$")
_PROGRAMS = frozenset({"typescript", "javascript", "python", "java"})


class Holder(NamedTuple):
    """A class with resources in it, or one that extends a construct: its name, its base as written (empty for none), place and resources."""

    name: str
    base: str
    span: Span
    resources: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Files with resources by name and place, and the classes, in source order."""

    files: tuple[tuple[File, int], ...]
    holders: tuple[Holder, ...]
    loose: int
    """Resources outside of all classes."""

    @property
    def named(self) -> bool:
        """Whether each file says its name."""
        return all(file.name for file, _ in self.files)


class Divergence(NamedTuple):
    """One way in which a layout differs: its form, what it is in the answer and in the ideal, and the places."""

    form: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    at: tuple[Span, ...]
    ideal: tuple[Span, ...]
    base: str = ""


def divergences(pair: Pair) -> Iterator[Divergence]:
    """How the answer's layout differs from the ideal's, the greatest first: files, classes, the class of the stack, what constructors take."""
    comparison = compare(pair)
    if pair.ideal is None or comparison.off or comparison.partial or not comparison.alike or len(comparison.matches) < SEVERAL:
        return
    if len(comparison.ideal.things) * 2 < len(comparison.answer.things):
        return
    mine, theirs = layout_of(pair.answer), layout_of(pair.ideal)
    files = tuple(_files(mine, theirs))
    yield from files
    if pair.answer.language == pair.ideal.language and pair.answer.language in _PROGRAMS:
        yield from (one for one in _classes(mine, theirs) if not files or one.form == "no-class")
        yield from _entry(mine, theirs, pair.answer)
        yield from _fields(pair.answer, pair.ideal)


def layout_of(solution: Solution) -> Layout:
    """The layout of one solution; tests and superseded files are left out."""
    files = [file for file in solution.claimed if not is_test(file.name) and not file.superseded]
    count = Counter(id(one.file) for one in solution.resources if not one.data)
    own = {id(file) for file in files}
    holders: list[Holder] = []
    for symbol in solution.symbols.values():
        if symbol.category is Category.TYPE and id(symbol.file) in own and "." not in symbol.name and not _PROPS.search(symbol.name):
            held = sum(1 for one in solution.resources if not one.data and one.file is symbol.file and symbol.span.covers(one.span))
            base = _base(symbol, solution)
            if held or _BASES.search(base):
                holders.append(Holder(symbol.name, base, symbol.span, held))
    total = sum(1 for one in solution.resources if not one.data and id(one.file) in own)
    return Layout(
        tuple((file, count[id(file)]) for file in files if count[id(file)]),
        tuple(sorted(holders, key=lambda one: one.span)),
        total - sum(one.resources for one in holders),
    )


def _base(symbol: Symbol, solution: Solution) -> str:
    if symbol.type:
        return symbol.type
    line = solution.document.lines[symbol.span.line - 1] if symbol.span.line <= len(solution.document.lines) else ""
    found = _EXTENDS.search(line.partition(symbol.name)[2])
    return found.group(1) if found else ""


def _files(mine: Layout, theirs: Layout) -> Iterator[Divergence]:
    here, there = [file for file, _ in mine.files], [file for file, _ in theirs.files]
    ours, others = tuple(file.label for file in here), tuple(file.label for file in there)
    if len(here) == 1 and theirs.named and len(there) >= SEVERAL and mine.files[0][1] >= WORTH:
        yield Divergence("one-file", ours, others, (_whole(here[0]),), tuple(_head(file) for file in there))
    elif len(there) == 1 and mine.named and len(here) >= SEVERAL and theirs.files[0][1] >= WORTH:
        yield Divergence("many-files", ours, others, tuple(_whole(file) for file in here), (_head(there[0]),))


def _classes(mine: Layout, theirs: Layout) -> Iterator[Divergence]:
    wanted = [one for one in theirs.holders if one.resources or _BASES.search(one.base)]
    if wanted and not mine.holders and mine.loose >= WORTH and theirs.loose * 2 < sum(one.resources for one in wanted):
        spans = tuple(_whole(file) for file, _ in mine.files)
        yield Divergence("no-class", (), tuple(one.name for one in wanted), spans, tuple(one.span for one in wanted), wanted[0].base)
        return
    here, there = [one for one in mine.holders if one.resources], [one for one in theirs.holders if one.resources]
    ours, others = tuple(one.name for one in here), tuple(one.name for one in there)
    if len(here) == 1 and len(there) >= SEVERAL and here[0].resources >= WORTH:
        yield Divergence("one-class", ours, others, (here[0].span,), tuple(one.span for one in there))
    elif len(there) == 1 and len(here) >= SEVERAL and there[0].resources >= WORTH:
        yield Divergence("many-classes", ours, others, tuple(one.span for one in here), (there[0].span,))


def _entry(mine: Layout, theirs: Layout, answer: Solution) -> Iterator[Divergence]:
    """The class that stands for the whole stack, under another name."""
    wanted = [one for one in theirs.holders if one.name.endswith("Stack") and _BASES.search(one.base)]
    given = [one for one in mine.holders if _BASES.search(one.base)]
    if len(wanted) != 1 or not given or any(re.search(rf"\b{re.escape(wanted[0].name)}\b", file.text) for file in answer.claimed):
        return
    main = max(given, key=lambda one: (one.name.endswith("Stack"), one.resources))
    yield Divergence("class-name", (main.name,), (wanted[0].name,), (main.span,), (wanted[0].span,))


def _fields(answer: Solution, ideal: Solution) -> Iterator[Divergence]:
    """What the types of a constructor's arguments lack, where both have the type."""
    ours, theirs = _members(answer), _members(ideal)
    code = fold("".join(file.text for file in answer.claimed if not file.superseded)) if theirs else ""
    lacking: list[tuple[str, str, Span, Span]] = []
    for name, (fields, span) in theirs.items():
        mine = ours.get(name)
        if mine is None:
            continue
        have = {fold(one) for one in mine[0]}
        lacking += [(name, field, mine[1], span) for field in fields if fold(field) not in have and (len(mine[0]) or fold(field) not in code)]
    if lacking:
        yield Divergence(
            "fields",
            tuple(dict.fromkeys(name for name, _, _, _ in lacking)),
            tuple(f"{name}.{field}" for name, field, _, _ in lacking),
            tuple(dict.fromkeys(span for _, _, span, _ in lacking)),
            tuple(dict.fromkeys(span for _, _, _, span in lacking)),
        )


def _members(solution: Solution) -> dict[str, tuple[tuple[str, ...], Span]]:
    """Names of fields, and place, of each type of arguments."""
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    types = {
        one.name: one.span
        for one in solution.symbols.values()
        if one.category is Category.TYPE and _PROPS.search(one.name) and id(one.file) in claimed
    }
    fields: dict[str, list[str]] = {name: [] for name in types}
    for one in solution.symbols.values():
        owner, _, field = one.name.rpartition(".")
        if one.category is Category.FIELD and owner in fields and field[:1].isalpha():
            fields[owner].append(field)
    return {name: (tuple(fields[name]), span) for name, span in types.items()}


def _whole(file: File) -> Span:
    return Span(file.line, file.end_line)


def _head(file: File) -> Span:
    return Span(file.line, min(file.end_line, file.line + 14))
