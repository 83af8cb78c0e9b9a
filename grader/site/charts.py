"""The numbers of a run as bars in SVG: faults by category, samples by score."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model.kinds import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results import Record

STEP = 10
"""Points of one bar of scores."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, the count, its share of the longest in percent, and (for faults) the shares of the severities in it, worst first."""

    label: str
    count: int
    share: float
    parts: tuple[tuple[str, float, int], ...] = ()


def categories(records: Iterable[Record]) -> list[Bar]:
    """Faults by category, most first."""
    counts: dict[str, Counter[Severity]] = {}
    for record in records:
        titles = {one.id: one.title for one in record.categories}
        for fault in record.faults:
            counts.setdefault(titles.get(fault.category, fault.category), Counter())[fault.severity] += 1
    most = max((one.total() for one in counts.values()), default=1)
    return [
        Bar(label, own.total(), 100 * own.total() / most, tuple((str(kind), 100 * own[kind] / most, own[kind]) for kind in Severity if own[kind]))
        for label, own in sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    ]


def scores(records: Iterable[Record]) -> list[Bar]:
    """Samples by score, ten points a bar; 100 stands alone."""
    counts = Counter(int(record.score // STEP) for record in records if record.score is not None)
    most = max(counts.values(), default=1)
    return [
        Bar("100" if at == 100 // STEP else f"{at * STEP}-{at * STEP + STEP - 1}", counts[at], 100 * counts[at] / most)
        for at in range(100 // STEP + 1)
    ]
