"""What keeps the ideal running through a failure and the answer lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import absence_hits, property_hits
from grader.detectors import detector
from grader.detectors._asked import asked_hits
from grader.detectors._counts import asked_counts, asked_regions
from grader.model.kinds import Kind

if TYPE_CHECKING:
    from grader.model.hits import Hit
    from grader.model.solutions import Pair


@detector(Kind.AVAILABILITY)
def availability(pair: Pair) -> Iterator[Hit]:
    """What keeps the ideal running through a failure and the answer lacks.

    The loss of a zone, an instance or a message stops the service or loses data.

    Not flagged: values that depend on a condition or a variable that cannot be known.

    Example: a database in two zones in the ideal, in one in the answer.
    """
    yield from absence_hits(pair, Kind.AVAILABILITY)
    yield from property_hits(pair, "availability")
    yield from asked_hits(pair, Kind.AVAILABILITY)
    yield from asked_counts(pair)
    yield from asked_regions(pair)
