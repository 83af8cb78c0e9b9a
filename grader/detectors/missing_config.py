"""A property or feature of a resource that the ideal sets and the answer does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import absence_hits, property_hits
from grader.detectors import detector
from grader.model.kinds import Kind

if TYPE_CHECKING:
    from grader.model.hits import Hit
    from grader.model.solutions import Pair


@detector(Kind.MISSING_CONFIG, compares=True)
def missing_config(pair: Pair) -> Iterator[Hit]:
    """A property or feature of a resource that the ideal sets and the answer does not.

    The resource takes the default of the service instead.

    Not flagged: names and descriptions; what connects resources; values that are the default; values that cannot be known on either side;
    resources that take properties from elsewhere.

    Example: a build project without the time limit that the ideal sets.
    """
    yield from absence_hits(pair, Kind.MISSING_CONFIG)
    yield from property_hits(pair, "config")
