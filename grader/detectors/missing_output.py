"""Outputs that the ideal gives and the answer does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.outputs import Output, outputs_of
from grader.detectors import detector
from grader.detectors._outputs import asked_outputs
from grader.detectors.no_code import has_code
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.align.comparison import Comparison
    from grader.model.solutions import Pair

FEW = 2
"""Outputs without an export from which a sentence is worth it."""
_SAYS = re.compile(r"arn$")
"""Attributes, folded, that no other spelling gives."""


@detector(Kind.MISSING_OUTPUT)
def missing_output(pair: Pair) -> Iterator[Hit]:
    """Outputs that the ideal gives and the answer does not.

    Whoever deploys the stack, a test or another stack, cannot find what was created.

    Not flagged: outputs of the same name in another case, and of the same attribute of the same resource under another name; outputs of resources
    that the answer lacks as well; answers that break off.

    Example: an ideal that gives the ARN of the topic, and an answer that gives its name alone.
    """
    if pair.ideal is not None and not has_code(pair.answer):
        yield from _all_of_them([one for one in outputs_of(pair.ideal) if one.name and not one.inner])
        return
    told = list(_compared(pair))
    yield from told
    yield from asked_outputs(pair, told)


def _compared(pair: Pair) -> Iterator[Hit]:
    """Outputs of the ideal that the answer does not give."""
    comparison = compare(pair)
    if comparison.off or comparison.partial or pair.ideal is None:
        return
    ours, theirs = outputs_of(pair.answer), [one for one in outputs_of(pair.ideal) if not one.inner]
    if not theirs or any(not one.name for one in ours):
        return
    names, words = {fold(one.name) for one in ours}, {one.words for one in ours}
    asked = {fold(one.name) for one in theirs}
    given = {target for one in ours if fold(one.name) not in asked for target in _targets(one, comparison, ideal=False)}
    missing = [
        one
        for one in theirs
        if one.name and fold(one.name) not in names and one.words not in words and not (_targets(one, comparison, ideal=True) & given)
    ]
    yield from _unexported(ours, theirs)
    told = [*_otherwise(ours, theirs, comparison)]
    yield from told
    said = {hit.facts["wanted"] for hit in told}
    missing = [one for one in missing if one.name not in said]
    at = _place([one for one in ours if not one.inner])
    for one in missing:
        yield Hit(
            f"the ideal gives out `{one.name}`, the answer does not",
            at=at,
            entity=one.name,
            entities=tuple(sorted(one.targets))[:2],
            cause="outputs",
            variant="fewer" if at else "none",
            proof=Proof.DIFF,
            note="the outputs of the answer" if at else "",
            ideal=(one.span,),
            facts={"have": len([1 for one in ours if not one.inner]), "want": len(theirs), "lacks": len(missing)},
        )


def _unexported(ours: Sequence[Output], theirs: Sequence[Output]) -> Iterator[Hit]:
    """Outputs that only the ideal exports under a name for other stacks."""
    exported = {fold(one.name): one for one in theirs if one.exported and one.name}
    bare = [one for one in ours if not one.exported and fold(one.name) in exported]
    if len(bare) < FEW or any(one.exported for one in ours):
        return
    for one in bare:
        yield Hit(
            f"`{one.name}` is given out without an export name, in the ideal it is exported",
            at=one.span,
            entity=one.name,
            entities=("Export", "exportName", "export_name"),
            cause="exports",
            variant="unexported",
            proof=Proof.DIFF,
            note="no export name",
            ideal=(exported[fold(one.name)].span,),
        )


def _otherwise(ours: Sequence[Output], theirs: Sequence[Output], comparison: Comparison) -> Iterator[Hit]:
    """Outputs that give another attribute of the thing whose ARN the ideal gives: its name alone."""
    named = [(one, _targets(one, comparison, ideal=False)) for one in ours]
    given = {target for _, targets in named for target in targets}
    alone = {next(iter(targets))[0]: (one, targets) for one, targets in reversed(named) if len({place for place, _ in targets}) == 1}
    for wanted in theirs:
        targets = _targets(wanted, comparison, ideal=True)
        if len(targets) != 1:
            continue
        ((place, attribute),) = targets
        if (place, attribute) in given or not _SAYS.search(attribute):
            continue
        if place not in alone:
            continue
        mine, held = alone[place]
        got = min(held)[1]
        yield Hit(
            f"`{mine.name}` gives {f'`{got}`' if got else 'the reference'} of `{comparison.ideal.things[place].label}`; the ideal gives its `{attribute}` (`{wanted.name}`)",
            at=mine.span,
            entity=mine.name,
            entities=tuple(dict.fromkeys((wanted.name, *sorted(wanted.targets), *sorted(mine.targets)))),
            cause="attributes of outputs",
            variant="attribute",
            proof=Proof.DIFF,
            note=f"no `{attribute}`",
            ideal=(wanted.span,),
            facts={"wanted": wanted.name, "attribute": attribute},
        )


def _all_of_them(theirs: list[Output]) -> Iterator[Hit]:
    """All outputs of the ideal, as one fault of an answer without code."""
    for one in theirs:
        yield Hit(
            f"the ideal gives out `{one.name}`, the answer does not",
            at=None,
            entity=one.name,
            cause="outputs",
            variant="none",
            proof=Proof.DIFF,
            ideal=(one.span,),
            facts={"have": 0, "want": len(theirs), "lacks": len(theirs)},
        )


def _place(ours: list[Output]) -> Span | None:
    """The first of the answer's outputs."""
    return min((one.span for one in ours), default=None)


def _targets(output: Output, comparison: Comparison, *, ideal: bool) -> frozenset[tuple[int, str]]:
    """The things that an output's value names, by their place in the ideal, with the attribute."""
    bound, partner = _bound(comparison, ideal=ideal), {} if ideal else _partners(comparison)
    found = set()
    for path in output.targets:
        steps = path.split(".")
        for end in range(len(steps), 0, -1):
            head = ".".join(steps[:end])
            for place in bound.get(head, ()):
                other = place if ideal else partner.get(place)
                if other is not None:
                    found.add((other, fold(path[len(head) :])))
    return frozenset(found)


_LAST: list[tuple[Comparison, dict[str, dict[str, list[int]]], dict[int, int]]] = []


def _indexed(comparison: Comparison) -> tuple[Comparison, dict[str, dict[str, list[int]]], dict[int, int]]:
    """The last comparison asked for, with the places of what its names are bound to on each side, and the ideal's place of each of the answer's."""
    last = next(iter(_LAST), None)  # read once: another thread may put its own there
    if last is None or last[0] is not comparison:
        sides: dict[str, dict[str, list[int]]] = {"answer": {}, "ideal": {}}
        for side, inventory in (("answer", comparison.answer), ("ideal", comparison.ideal)):
            for place, thing in enumerate(inventory.things):
                if thing.resource.binding:
                    sides[side].setdefault(thing.resource.binding, []).append(place)
        last = (comparison, sides, {one.answer: one.ideal for one in comparison.matches})
        _LAST[:] = [last]
    return last


def _bound(comparison: Comparison, *, ideal: bool) -> dict[str, list[int]]:
    return _indexed(comparison)[1]["ideal" if ideal else "answer"]


def _partners(comparison: Comparison) -> dict[int, int]:
    return _indexed(comparison)[2]
