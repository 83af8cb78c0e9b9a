"""Near-duplicates among texts by MinHash: sketches by a library, bands of them as buckets, and never more than a few comparisons a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

PERMUTATIONS, BANDS, SEED = 256, 64, 42
"""64 bands of 4: texts that share 60 % of their shingles meet in a bucket with certainty, at 40 % four in five do."""
SHINGLE = 5
MOST_MET = 8
"""Texts of a bucket that one more is compared with: the cost stays linear where thousands share a boilerplate."""
LEAST_WORDS = 20
"""Shorter texts resemble each other by chance and are only compared as a whole."""
_WORD = re.compile(r"\w+")

Sketch = tuple[int, ...]


class SketchError(Exception):
    """The library that makes sketches is not installed; the message is one line with the remedy."""


def sketch(text: str) -> Sketch:
    """The MinHash of a text's runs of five words; empty where it has fewer than `LEAST_WORDS` words.

    Raises:
        SketchError: the extra is not installed.
    """
    words = _WORD.findall(text.lower())
    if len(words) < LEAST_WORDS:
        return ()
    shingles = {" ".join(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)}
    made = _library().RMinHash(PERMUTATIONS, SEED)
    made.update(sorted(shingles))
    return tuple(made.digest())


@cache
def _library() -> Any:  # noqa: ANN401 - an extra without types
    try:
        import rensa  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "near-duplicates need the extra [curate]: pip install 'iac-grader[curate]'"
        raise SketchError(message) from error
    return rensa


def likeness(one: Sketch, other: Sketch) -> float:
    """The share of shingles that two texts have in common, estimated to about 0.03; 0 where one has no sketch."""
    if not one or not other:
        return 0.0
    return sum(map(int.__eq__, one, other)) / PERMUTATIONS


@dataclass(frozen=True, slots=True)
class Alike:
    """A text (by its place) that resembles an earlier one, and how much."""

    place: int
    first: int
    likeness: float


def copies(sketches: Sequence[tuple[int, Sketch]], least: float) -> list[Alike]:
    """The texts that resemble one that is kept, in order: a text without an earlier like is kept, and later ones are held against it."""
    buckets: dict[tuple[int, Sketch], list[int]] = defaultdict(list)
    kept: dict[int, Sketch] = {}
    found = []
    for place, one in sketches:
        met = {other: None for band in _bands(one) for other in buckets.get(band, ())[:MOST_MET]}
        best = max(((likeness(one, kept[other]), -other) for other in met), default=(0.0, 0))
        if met and best[0] >= least:
            found.append(Alike(place, -best[1], best[0]))
            continue
        kept[place] = one
        for band in _bands(one):
            buckets[band].append(place)
    return found


def links(sketches: Sequence[tuple[int, Sketch]], least: float) -> Iterator[tuple[int, int]]:
    """Places of texts that resemble each other, enough of them to join whole families."""
    buckets: dict[tuple[int, Sketch], list[int]] = defaultdict(list)
    held = dict(sketches)
    for place, one in sketches:
        met: dict[int, None] = {}
        for band in _bands(one):
            bucket = buckets[band]
            met.update(dict.fromkeys((*bucket[:1], *bucket[-MOST_MET:])))
            bucket.append(place)
        for other in met:
            if other != place and likeness(one, held[other]) >= least:
                yield other, place


def _bands(one: Sketch) -> Iterator[tuple[int, Sketch]]:
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS if one else 0):
        yield band, one[band * rows : (band + 1) * rows]
