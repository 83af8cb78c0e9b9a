"""What AWS refuses although every setting by itself is well formed: settings that exclude each other, ranges, characters, references to the wrong thing.

Each rule is a function of one resource (`View`) for some types; a module lists its rules in `RULES`, by canonical type. A rule speaks
only of what is written out: a value of a variable, a parameter or a condition is unknown, and unknown is silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.facts.refusals import compute, data, network, ranges
from grader.facts.refusals.reading import Refusal, views

if TYPE_CHECKING:
    from grader.model.solutions import Solution

__all__ = ["Refusal", "refusals"]

_MODULES = (ranges, compute, data, network)


def refusals(solution: Solution) -> Iterator[Refusal]:
    """Every refusal of every resource, in the order of the resources."""
    rules = [module.RULES for module in _MODULES]
    for view in views(solution):
        for table in rules:
            for rule in table.get(str(view.kind), ()):
                yield from rule(view)
