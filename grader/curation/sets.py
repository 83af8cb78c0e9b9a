"""Steps that look at all pairs that are left: copies among prompts, answers, ideals and failure documents, and leaks between splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.curation.candidates import Candidate
from grader.curation.resemblance import copies, links

FAMILY = 0.7
"""Prompts that share so much are one family."""
_SHOWN = {"failures": "failure document"}
_RANK = {"test": 0, "validation": 1, "valid": 1, "val": 1, "dev": 1, "train": 2}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pairs that resemble the first of them in one part; `likeness` holds one number for each of the others."""

    part: str
    first: str
    others: tuple[str, ...]
    likeness: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a step over all pairs drops, by place, and the clusters it found."""

    dropped: Mapping[int, str]
    clusters: tuple[Cluster, ...] = ()


def equal(candidates: Sequence[Candidate], part: str) -> Sifted:
    """Pairs of another sample whose text (`part`) an earlier sample has word for word. Several answers to one prompt are one sample."""
    first: dict[str, Candidate] = {}
    groups: dict[str, list[Candidate]] = {}
    dropped: dict[int, str] = {}
    for one in candidates:
        digest = one.digests.get(part, "")
        if not digest:
            continue
        origin = first.setdefault(digest, one)
        if origin.sample != one.sample:
            dropped[one.place] = f"the {_SHOWN.get(part, part)} is that of another sample"
            groups.setdefault(digest, []).append(one)
    return Sifted(
        dropped, tuple(Cluster(part, first[key].name, tuple(one.name for one in group), (1.0,) * len(group)) for key, group in groups.items())
    )


def alike(candidates: Sequence[Candidate], part: str, least: float) -> Sifted:
    """Pairs whose text (`part`) resembles that of an earlier pair that is kept. Answers to one prompt share their ideal by nature."""
    whole = {one.place: one for one in candidates}
    chosen: dict[tuple[str, str], int] = {}
    sketches = [
        (one.place, one.sketches[part])
        for one in candidates
        if one.sketches.get(part) and (part == "answer" or chosen.setdefault((one.sample, one.digests.get(part, "")), one.place) == one.place)
    ]
    found = copies(sketches, least)
    groups: dict[int, list[tuple[str, float]]] = {}
    gone: dict[int, str] = {}
    for like in found:
        groups.setdefault(like.first, []).append((whole[like.place].name, round(like.likeness, 2)))
        gone[like.place] = f"the {part} resembles that of another pair"
    if part != "answer":
        lost = {(whole[place].sample, whole[place].digests.get(part, "")) for place in gone}
        gone |= {one.place: f"the {part} resembles that of another pair" for one in candidates if (one.sample, one.digests.get(part, "")) in lost}
    clusters = tuple(
        Cluster(part, whole[place].name, tuple(name for name, _ in group), tuple(number for _, number in group))
        for place, group in sorted(groups.items())
    )
    return Sifted(gone, clusters)


def settle_families(candidates: Sequence[Candidate], least: float = FAMILY) -> None:
    """Give pairs one family where prompts are equal or near-duplicates, or where answers or ideals are: in one chain of likeness, one family."""
    parent = {one.place: one.place for one in candidates}

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    def join(one: int, other: int) -> None:
        low, high = sorted((root(one), root(other)))
        parent[high] = low

    seen: dict[tuple[str, str], int] = {}
    for one in candidates:
        keys = [("sample", one.sample), *((part, one.digests[part]) for part in ("prompt", "answer", "ideal") if one.digests.get(part))]
        for key in keys:
            join(seen.setdefault(key, one.place), one.place)
    for part in ("prompt", "answer", "ideal"):
        sketches = [(one.place, one.sketches[part]) for one in candidates if one.sketches.get(part)]
        for one_place, other in links(sketches, least):
            join(one_place, other)
    for one in candidates:
        one.family = root(one.place)


def leaks(candidates: Sequence[Candidate]) -> Sifted:
    """Pairs of a split whose family also stands in a split that is held out: those of training go, then those of validation."""
    settle_families(candidates)
    held: dict[int, str] = {}
    for one in candidates:
        if one.split and _RANK.get(one.split, 2) < _RANK.get(held.get(one.family, "train"), 2):
            held[one.family] = one.split
    return Sifted(
        {
            one.place: f"its family is in {held[one.family]}, and it is in {one.split}"
            for one in candidates
            if one.split and one.family in held and _RANK.get(one.split, 2) > _RANK.get(held[one.family], 2)
        }
    )
