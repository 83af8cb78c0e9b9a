"""Facts of a solution that several detectors ask for, worked out at the first call and kept with the solution."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model.solutions import Solution

Fact = TypeVar("Fact")


def once(find: Callable[[Solution], Fact]) -> Callable[[Solution], Fact]:
    """`find`, worked out once a solution. What it returns is shared: give something that is not changed, and no generator."""

    @wraps(find)
    def found(solution: Solution) -> Fact:
        kept = solution.kept
        if found not in kept:
            kept[found] = find(solution)
        return kept[found]  # type: ignore[return-value] # what `find` returned

    return found
