"""How the value of pairs for training agrees with `training_quality` in the metadata of a corpus: Spearman's rank correlation, over a run."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from grader.curation.pairs import read_pairs
from grader.curation.quality import load_quality, value_of
from grader.store import read_run

LOOPS, SEED = 2000, 1


def main() -> None:
    """Print the correlation with its n and a 95 % bootstrap interval, and what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a run, as `grader batch -o` wrote it")
    parser.add_argument("--quality", help="another file that values pairs")
    asked = parser.parse_args()
    quality = load_quality(asked.quality)
    theirs: list[float] = []
    ours: list[float] = []
    scores: list[float] = []
    unnamed = unvalued = 0
    for pair in read_pairs(read_run(asked.run), asked.run):
        named = _number(pair.metadata.get("training_quality"))
        if named is None:
            unnamed += 1
            continue
        found = value_of(pair, quality)
        if found is None:
            unvalued += 1
            continue
        theirs.append(named)
        ours.append(found.value)
        scores.append(pair.record.score or 0.0)
    print(f"pairs with both numbers: n = {len(theirs)}; without a number in the metadata: {unnamed}; without a value (no code, no ideal): {unvalued}")
    _say("value", ours, theirs)
    _say("100 - score", [100 - score for score in scores], theirs)
    for name, numbers in (("value", ours), ("training_quality", theirs)):
        print(f"{name}: " + ", ".join(f"{number:g} x{numbers.count(number)}" for number in sorted(set(numbers))))


def _say(name: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a bootstrap guards nothing
    drawn = []
    for _ in range(LOOPS if len(ours) > 2 else 0):
        places = chance.choices(range(len(ours)), k=len(ours))
        drawn.append(spearman([ours[place] for place in places], [theirs[place] for place in places]))
    drawn.sort()
    between = f", 95 % interval {drawn[int(0.025 * LOOPS)]:+.3f} to {drawn[int(0.975 * LOOPS)]:+.3f}" if drawn else ""
    print(f"{name} against training_quality: Spearman {spearman(ours, theirs):+.3f} (n = {len(ours)}{between})")


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The rank correlation of two lists of one length, ties at their mean rank; 0 where one of them does not vary."""
    left, right = _ranks(one), _ranks(other)
    middle = (len(left) + 1) / 2
    above = sum((a - middle) * (b - middle) for a, b in zip(left, right, strict=True))
    spread = sum((a - middle) ** 2 for a in left) * sum((b - middle) ** 2 for b in right)
    return above / spread**0.5 if spread else 0.0


def _ranks(numbers: Sequence[float]) -> list[float]:
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    ranks = [0.0] * len(numbers)
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or numbers[order[end]] != numbers[order[start]]:
            for place in order[start:end]:
                ranks[place] = (start + end + 1) / 2
            start = end
    return ranks


def _number(value: object) -> float | None:
    """A number, or a text that is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


if __name__ == "__main__":
    main()
