"""Encryption that the ideal configures and the answer does not."""

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


@detector(Kind.MISSING_ENCRYPTION)
def missing_encryption(pair: Pair) -> Iterator[Hit]:
    """Encryption that the ideal configures and the answer does not.

    Data is stored or sent with the default of the service, which may be none.

    Not flagged: values that cannot be known; resources that are encrypted by something set after they are made.

    Example: a table with a key of its own in the ideal, and none in the answer.
    """
    yield from absence_hits(pair, Kind.MISSING_ENCRYPTION)
    yield from property_hits(pair, "encryption")
    yield from asked_hits(pair, Kind.MISSING_ENCRYPTION)
