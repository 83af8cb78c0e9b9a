"""A resource, or a whole subsystem, that the ideal has and the answer does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import absence_hits
from grader.detectors import detector
from grader.model.kinds import Kind

if TYPE_CHECKING:
    from grader.model.hits import Hit
    from grader.model.solutions import Pair


@detector(Kind.MISSING_RESOURCE, compares=True)
def missing_resource(pair: Pair) -> Iterator[Hit]:
    """A resource, or a whole subsystem, that the ideal has and the answer does not.

    What depends on it does not work, or the requirement behind it is not met.

    Not flagged: types that a data source, a construct of a higher level or a loop of the answer may provide; types and names that its code mentions;
    anything where the answer breaks off or leaves code out.

    Example: an ideal with a rule that starts the pipeline, and an answer without any.
    """
    yield from absence_hits(pair, Kind.MISSING_RESOURCE)
