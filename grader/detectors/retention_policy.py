"""What happens to data on deletion, where the ideal sets it otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.findings import property_hits
from grader.detectors import detector
from grader.model.kinds import Kind

if TYPE_CHECKING:
    from grader.model.hits import Hit
    from grader.model.solutions import Pair


@detector(Kind.RETENTION_POLICY, compares=True)
def retention_policy(pair: Pair) -> Iterator[Hit]:
    """What happens to data on deletion, where the ideal sets it otherwise.

    A stack cannot be removed, or its data goes with it.

    Not flagged: values that cannot be known; the default said in words.

    Example: a bucket kept by `RemovalPolicy.RETAIN` where the ideal destroys it.
    """
    yield from property_hits(pair, "retention")
