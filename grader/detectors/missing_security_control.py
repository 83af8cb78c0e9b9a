"""A security control that the ideal has and the answer does not."""

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


@detector(Kind.MISSING_SECURITY_CONTROL)
def missing_security_control(pair: Pair) -> Iterator[Hit]:
    """A security control that the ideal has and the answer does not.

    What it would refuse or record passes unseen.

    Not flagged: controls that the answer mentions or that another construct brings.

    Example: a web ACL before the API in the ideal, and none in the answer.
    """
    yield from absence_hits(pair, Kind.MISSING_SECURITY_CONTROL)
    yield from property_hits(pair, "security")
    yield from asked_hits(pair, Kind.MISSING_SECURITY_CONTROL)
