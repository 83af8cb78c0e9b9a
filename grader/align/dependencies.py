"""Orders of creation that the ideal states and the answer leaves open: `DependsOn`, `depends_on`, `addDependency`."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.model.values import Call, Known, Name, fold, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from grader.align.inventory import Inventory, Thing
    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span

MOST = 200
"""Orders of the ideal that are looked for: each may ask for all that the answer refers to."""
_ADDS = frozenset({"adddependency", "adddependson", "adddepends"})


class Dependency(NamedTuple):
    """A thing of the answer that does not wait for another, where the ideal's counterpart does; the ideal's place."""

    thing: Thing
    target: Thing
    ideal: Span


def missing_dependencies(pair: Pair) -> Iterator[Dependency]:
    """What only the ideal orders, of things that the answer has and that do not refer to each other."""
    comparison = compare(pair)
    if comparison.off or comparison.partial or not comparison.alike or pair.ideal is None:
        return
    partner = {one.ideal: one.answer for one in comparison.matches}
    mine = _orders(comparison.answer, pair.answer)
    reached = _reached(comparison.answer, mine)
    said: set[tuple[int, int]] = set()
    for (place, target), span in [*_orders(comparison.ideal, pair.ideal).items()][:MOST]:
        here, there = partner.get(place), partner.get(target)
        if here is None or there is None or here == there or there in reached(here) or (here, there) in said:
            continue
        said.add((here, there))
        yield Dependency(comparison.answer.things[here], comparison.answer.things[there], span)


def stack_dependencies(solution: Solution) -> tuple[Span, ...]:
    """Places where one stack or construct that is no resource is told to wait for another."""
    bound = {one.binding for one in solution.resources if one.binding}
    return tuple(
        value.span
        for _, value, _ in solution.infrastructure
        if isinstance(value, Call)
        and fold(value.path) in _ADDS
        and isinstance(value.receiver, Name)
        and value.receiver.path not in bound
        and ".node" not in value.receiver.path.lower()
    )


def _orders(inventory: Inventory, solution: Solution) -> dict[tuple[int, int], Span]:
    """Pairs of places (who waits, for whom) that the code orders expressly."""
    index: dict[str, int] = {}
    for place, one in enumerate(inventory.things):
        for held in (one.resource, *one.parts):
            if held.binding:
                index.setdefault(held.binding, place)
    found: dict[tuple[int, int], Span] = {}
    for place, one in enumerate(inventory.things):
        for key, value in one.resource.properties.items():
            if fold(key) != "dependson":
                continue
            for inner in walk(value):
                name = inner.value if isinstance(inner, Known) else inner.path if isinstance(inner, Name) else None
                target = index.get(name) if isinstance(name, str) else None
                if target is not None and target != place:
                    found.setdefault((place, target), value.span)
    for _, value, _ in solution.infrastructure if solution.framework == "cdk" else ():
        if isinstance(value, Call) and fold(value.path) in _ADDS and isinstance(value.receiver, Name):
            waits = index.get(value.receiver.path.removesuffix(".node").removesuffix(".getNode"))
            for inner in (one for arg in value.args for one in walk(arg)):
                target = index.get(inner.path) if isinstance(inner, Name) else None
                if waits is not None and target is not None and waits != target:
                    found.setdefault((waits, target), value.span)
    return found


def _reached(inventory: Inventory, orders: Mapping[tuple[int, int], Span]) -> Callable[[int], frozenset[int]]:
    """A function from a place to the places it waits for, directly or by way of others."""
    edges: dict[int, set[int]] = defaultdict(set)
    for place, one in enumerate(inventory.things):
        edges[place] |= one.links
    for place, target in orders:
        edges[place].add(target)

    @cache
    def reach(place: int) -> frozenset[int]:
        seen, left = {place}, [place]
        while left:
            new = edges.get(left.pop(), set()) - seen
            seen |= new
            left.extend(new)
        return frozenset(seen - {place})

    return reach
