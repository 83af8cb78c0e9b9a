"""pass@k: the chance that one of k answers to a prompt passes, estimated without bias from n of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, fsum

STEPS = (1, 2, 3, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100)


@dataclass(frozen=True, slots=True)
class PassAt:
    """pass@k as a share from 0 to 1, over the prompts that have k answers or more."""

    k: int
    share: float
    prompts: int


def chance(answers: int, passed: int, k: int) -> float:
    """The chance that k of `answers`, drawn without putting back, hold one of those that passed: 1 - C(n - c, k) / C(n, k)."""
    return 1.0 - comb(answers - passed, k) / comb(answers, k)


def pass_at(prompts: Iterable[tuple[int, int]]) -> tuple[PassAt, ...]:
    """pass@k for the usual k, from (answers, those that passed) of each prompt; empty where no prompt has several answers."""
    counted = [one for one in prompts if one[0]]
    most = max((answers for answers, _ in counted), default=0)
    if most < 2:
        return ()
    found = []
    for k in (step for step in STEPS if step <= most):
        chances = [chance(answers, passed, k) for answers, passed in counted if answers >= k]
        found.append(PassAt(k, fsum(chances) / len(chances), len(chances)))
    return tuple(found)
