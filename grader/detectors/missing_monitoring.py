"""Logs, alarms, dashboards or traces that the ideal has and the answer does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import absence_hits, property_hits
from grader.detectors import detector
from grader.detectors._asked import asked_hits
from grader.model.kinds import Kind

if TYPE_CHECKING:
    from grader.model.hits import Hit
    from grader.model.solutions import Pair


@detector(Kind.MISSING_MONITORING)
def missing_monitoring(pair: Pair) -> Iterator[Hit]:
    """Logs, alarms, dashboards or traces that the ideal has and the answer does not.

    A failure of what they watch is found late.

    Not flagged: what a construct of a higher level brings; alarms on the same metric under another name.

    Example: alarms on errors and throttles in the ideal, and only one on load in the answer.
    """
    yield from absence_hits(pair, Kind.MISSING_MONITORING)
    yield from property_hits(pair, "monitoring")
    yield from asked_hits(pair, Kind.MISSING_MONITORING)
