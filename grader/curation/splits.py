"""Training, validation and test: a whole family of prompts stands on one side, chosen by the digest of its first name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from grader.curation.candidates import Candidate
from grader.curation.sets import settle_families

SPLITS = ("train", "validation", "test")
_DECLARED = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
}
_HELD = {"test": 0, "validation": 1, "train": 2}


class ShareError(ValueError):
    """Shares of the splits that cannot be used; the message is one line."""


def read_shares(text: str) -> tuple[float, float, float]:
    """`80:10:10` as shares of training, validation and test.

    Raises:
        ShareError: another form.
    """
    try:
        numbers = [float(part) for part in text.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) != len(SPLITS) or not all(0 <= number < float("inf") for number in numbers) or not sum(numbers):
        message = f"--split {text}: give three numbers for training, validation and test, such as 80:10:10"
        raise ShareError(message)
    total = sum(numbers)
    return numbers[0] / total, numbers[1] / total, numbers[2] / total


def split_families(candidates: Sequence[Candidate], shares: tuple[float, float, float]) -> dict[int, str]:
    """The split of each pair by its place. A family whose pairs declare a split keeps it (the one most held out, where they differ).

    The others are ordered by digest, and cut where the shares of pairs are reached: the same pairs give the same splits, and a
    split is off its share by less than one family.
    """
    settle_families(candidates)
    families: dict[int, list[Candidate]] = {}
    for one in candidates:
        families.setdefault(one.family, []).append(one)
    split: dict[int, str] = {}
    free = []
    for family, members in families.items():
        declared = sorted({_DECLARED[one.split] for one in members if one.split in _DECLARED}, key=_HELD.__getitem__)
        if declared:
            split[family] = declared[0]
        else:
            free.append((hashlib.sha256(min(one.name for one in members).encode()).hexdigest(), family))
    total = sum(len(families[family]) for _, family in free)
    order = ("test", "validation", "train")
    bounds = (shares[2] * total, (shares[2] + shares[1]) * total)
    done = 0.0
    for _, family in sorted(free):
        middle = done + len(families[family]) / 2
        split[family] = order[sum(middle > bound for bound in bounds)]
        done += len(families[family])
    return {one.place: split[one.family] for one in candidates}
