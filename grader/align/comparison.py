"""An answer beside its ideal: what is matched, what the answer has nothing for, and when no comparison can be made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.align.inventory import Inventory, brought_by, inventory_of
from grader.align.matching import Match, match
from grader.align.mentions import mentions_of, nouns
from grader.align.switches import switched_off
from grader.knowledge.types import services
from grader.model.paths import is_test
from grader.model.solutions import Category

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Resource, Solution

ELIDED = re.compile(
    r"^[ \t]*(?://|#|/\*+|<!--|\*|--)[ \t]*(?:"
    r"(?:\.{3}|\N{HORIZONTAL ELLIPSIS})\s*\(?(?:the )?(?:rest|remaining|existing|previous|same|other|omitted|unchanged|truncated|similar|more|additional|continue|code)\b"
    r"|\(?(?:rest of|remainder of|remaining code|code omitted|omitted for brevity|truncated for brevity|same as (?:above|before)|implementation omitted|existing code)\b"
    r"|\[?(?:rest of (?:the )?(?:code|file|stack|template|implementation)|content truncated|truncated)\b"
    r").{0,120}$",
    re.IGNORECASE | re.MULTILINE,
)
"""A comment that stands for code."""
FEW = 3
"""An elided ideal with less than one resource for so many of the answer's shows nothing."""
_WHOLE = frozenset({Category.FILE, Category.MODULE, Category.TYPE, Category.FUNCTION})
_WORD = 5
"""Letters of a word of a module's source that is looked for in the names of types."""
_PIPELINE = "cicd"
_UNSEEN = "a part of the answer is missing"
_LAST: list[tuple[Solution, Solution, Comparison]] = []


@dataclass(frozen=True, slots=True)
class Comparison:
    """`off` says why nothing was compared, empty where it was.

    `matches` pair places of the two inventories; `missing` are places of the ideal's things that nothing in the answer provides.
    `partial` says why the answer's model is not whole, empty where it is; then nothing is said to be missing.
    """

    answer: Inventory
    ideal: Inventory
    matches: tuple[Match, ...] = ()
    missing: tuple[int, ...] = ()
    off: str = ""
    partial: str = ""
    alike: bool = True


_NOTHING = Inventory((), frozenset(), frozenset(), frozenset(), "")


def compare(pair: Pair) -> Comparison:
    """The comparison of a pair; the last two are kept, since every detector of a pair asks for it, from one side or the other."""
    if pair.ideal is None:
        return Comparison(_NOTHING, _NOTHING, off="there is no ideal")
    for answer, ideal, found in _LAST:
        if answer is pair.answer and ideal is pair.ideal:
            return found
    found = _compared(pair.answer, pair.ideal)
    _LAST[:] = [(pair.answer, pair.ideal, found), *_LAST[:1]]
    return found


def _compared(answer: Solution, ideal: Solution) -> Comparison:
    if not ideal.resources:
        return Comparison(_NOTHING, _NOTHING, off="the ideal declares no resource that could be read")
    if not answer.resources:
        return Comparison(_NOTHING, _NOTHING, off="the answer declares no resource that could be read")
    if _PIPELINE in {answer.framework, ideal.framework} and answer.framework != ideal.framework:
        return Comparison(_NOTHING, _NOTHING, off="one of the two is a pipeline and no infrastructure")
    ours, theirs = inventory_of(answer), inventory_of(ideal)
    if _elided(ideal) and len(theirs.things) * FEW < len(ours.things):
        return Comparison(ours, theirs, off="the ideal leaves code out")
    if not {one.service for one in ours.types()} & {one.service for one in theirs.types()}:
        return Comparison(ours, theirs, off="answer and ideal share no service")
    matches = match(ours.things, theirs.things)
    partial = _partial(answer)
    missing = tuple(place for place in _missing(ours, theirs, matches, partial, answer) if not switched_off(theirs.things[place].resource, ideal))
    return Comparison(ours, theirs, matches, missing, partial=partial, alike=answer.framework == ideal.framework)


def _elided(solution: Solution) -> bool:
    return any(ELIDED.search(file.text) for file in solution.files if not file.superseded and not is_test(file.name))


def in_pieces(solution: Solution) -> bool:
    """Whether a solution is shown in several blocks without names: excerpts, between which more may stand. A template is whole by itself."""
    return solution.framework != "cfn" and sum(1 for file in solution.claimed if not file.name and not file.superseded) > 1


def _partial(answer: Solution) -> str:
    """Why the answer may hold more than its model, empty where it does not."""
    if any(not file.closed and not file.superseded for file in answer.files) and answer.problems:
        return f"{_UNSEEN}: it breaks off"
    if _elided(answer):
        return f"{_UNSEEN}: it leaves code out"
    claimed = {id(file) for file in answer.claimed}
    if any(id(problem.file) in claimed for problem in answer.problems):
        return "a file of the answer does not parse"
    absent = [one for one in answer.references if one.category in _WHOLE and (one.scope, one.name) not in answer.symbols and id(one.file) in claimed]
    return f"{_UNSEEN}: `{absent[0].name}` is not given" if absent else ""


def _missing(ours: Inventory, theirs: Inventory, matches: tuple[Match, ...], partial: str, answer: Solution) -> tuple[int, ...]:
    """Places of the ideal's things that nothing in the answer may provide."""
    known = services()
    matched = {one.ideal for one in matches}
    here = ours.types()
    if len(matched) == len(theirs.things) or partial.startswith(_UNSEEN):
        return ()
    mentions = mentions_of(answer)
    loops = {one.type for one in ours.things if one.many}
    strange = {one.type.noun for one in ours.things if one.type not in known.aliases}
    undeclared = {one.name for one in answer.references if (one.scope, one.name) not in answer.symbols}
    found = []
    for place, thing in enumerate(theirs.things):
        if place in matched or thing.type in known.ignored or thing.type.service in {"", "custom"} or thing.type in ours.looked_up:
            continue
        if thing.type in ours.brought and (thing.type not in here or _by_construct(place, theirs)):
            continue
        if mentions.provides(thing) or strange & nouns(thing.type) or {thing.resource.name, thing.resource.binding} & undeclared:
            continue
        if ours.modules & {thing.type.service, thing.type.noun} or any(len(word) >= _WORD and word in str(thing.type) for word in ours.modules):
            continue
        part = known.parts.get(thing.type)
        if part is not None and part.of in here:
            continue
        if thing.type not in loops and (thing.type not in here or not partial):
            found.append(place)
    return tuple(found)


def _by_construct(place: int, inventory: Inventory) -> bool:
    """Whether a thing of the ideal serves one whose construct makes it where it is not given, or may: nothing is known of whom it serves, and it is named near one."""
    kind = inventory.things[place].type
    makers = [one for one in inventory.things if kind in brought_by(one.resource, one.type, inventory.framework)]
    users = [one for one in inventory.things if place in one.links]
    if users:
        return any(one is user for one in makers for user in users)
    name = inventory.things[place].resource.binding.rsplit(".", 1)[-1]
    return not name or any(_near(name, one.resource) for one in makers)


def _near(name: str, maker: Resource) -> bool:
    """Whether a name stands in a construct, or in a statement that calls one of its methods."""
    lines = maker.file.text.split("\n")
    own = lines[max(0, maker.span.line - maker.file.line - 1) : maker.span.end_line - maker.file.line + 1]
    bound = maker.binding.rsplit(".", 1)[-1]
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(line) for line in own) or (bool(bound) and any(f"{bound}." in line and word.search(line) for line in lines))
