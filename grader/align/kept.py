"""The inventories of the last solutions, kept because several detectors of a pair ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.align.inventory import inventory_of

if TYPE_CHECKING:
    from grader.align.inventory import Inventory
    from grader.model.solutions import Solution

_LAST: list[tuple[Solution, Inventory]] = []
_KEPT = 2


def kept_inventory(solution: Solution) -> Inventory:
    """The things of a solution, read once for one pair."""
    for of, found in _LAST:
        if of is solution:
            return found
    inventory = inventory_of(solution)
    _LAST[:] = [(solution, inventory), *_LAST][:_KEPT]
    return inventory
