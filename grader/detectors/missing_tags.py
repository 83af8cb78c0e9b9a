"""Tags that the ideal sets and the answer does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.findings import kind_name
from grader.align.matching import SURE
from grader.align.mentions import plain
from grader.align.tags import Tag, first_place, global_tags, loose_tags, tagged, tags_everything, tags_of, tells_all_tags
from grader.detectors import detector
from grader.detectors._literals import asked_tags
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.align.comparison import Comparison
    from grader.model.solutions import Pair, Solution

FEW = 2
"""Resources without tags from which a sentence is worth it."""


@detector(Kind.MISSING_TAGS)
def missing_tags(pair: Pair) -> Iterator[Hit]:
    """Tags that the ideal sets and the answer does not: keys that it sets nowhere, resources that it leaves without any or without some.

    Costs and owners of what is untagged cannot be told, and policies that ask for tags refuse it.

    Not flagged: keys that stand anywhere in the answer's code; `Name`; resources where tags are set for a whole stack or provider.

    Example: `Environment` and `Owner` on everything in the ideal, and only `Name` in the answer.
    """
    comparison = compare(pair)
    if comparison.off or not comparison.alike or pair.ideal is None:
        yield from asked_tags(pair)
        return
    absent = tuple(_keys(pair.answer, pair.ideal, comparison))
    if not comparison.partial:
        yield from absent
    said = {fold(hit.entity) for hit in absent}
    yield from (hit for hit in asked_tags(pair) if comparison.partial or fold(hit.entity) not in said)
    everywhere = tags_everything(pair.answer)
    if not everywhere and not comparison.partial:
        yield from _bare(comparison)
    if tags_everything(pair.ideal) or not everywhere:
        yield from _uneven(comparison, said | {fold(tag.key) for tag in global_tags(pair.answer)})


def _keys(answer: Solution, ideal: Solution, comparison: Comparison) -> Iterator[Hit]:
    wanted: dict[str, list[Tag]] = {}
    everywhere = global_tags(ideal)
    for tag in (*everywhere, *(tag for one in comparison.ideal.things for tag in tags_of(one))):
        wanted.setdefault(tag.key, []).append(tag)
    code = plain("\n".join(file.text for file in answer.files if not file.superseded)) if wanted else ""
    known = _known(answer, comparison)
    absent = {
        key: tags
        for key, tags in wanted.items()
        if plain(key) != "name"
        and "\N{HORIZONTAL ELLIPSIS}" not in key
        and (plain(key) not in code if known is None else fold(key) not in known and not _stands(key, answer))
    }
    at = first_place(tagged(comparison.answer))
    for key, tags in absent.items():
        count = "everything" if tags[0] in everywhere else f"{len(tags)} {'resource' if len(tags) == 1 else 'resources'}"
        yield Hit(
            f"the ideal tags {count} with `{key}`, the answer nothing",
            at=Span(at.line, min(at.end_line, at.line + 10)) if at else None,
            entity=key,
            entities=("Tags", f"{key} tag"),
            cause="tag keys",
            variant="keys",
            proof=Proof.DIFF,
            note="tags of the answer" if at else "",
            ideal=(tags[0].span,),
        )


def _stands(key: str, answer: Solution) -> bool:
    """Whether a key stands in a list of tags anywhere, also where no resource's own tags are (tags of what a launch template starts)."""
    form = re.compile(rf"\bKey[\"']?\s*[:=]\s*[\"']?{re.escape(key)}[\"']?\s*(?:[,}}]|$)", re.MULTILINE)
    return any(form.search(file.text) for file in answer.files if not file.superseded)


def _known(answer: Solution, comparison: Comparison) -> set[str] | None:
    """The keys that the answer tags anything with, folded; None where they cannot all be read."""
    if tags_everything(answer) or not all(tells_all_tags(one) for one in tagged(comparison.answer)):
        return None
    return {fold(tag.key) for one in comparison.answer.things for tag in tags_of(one)} | {fold(tag.key) for tag in global_tags(answer)}


def _uneven(comparison: Comparison, said: set[str]) -> Iterator[Hit]:
    """Keys that a resource of the ideal has and its counterpart has not, though it is tagged and the answer knows the key."""
    for one in comparison.matches:
        ours, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        if one.score < SURE or "tags" not in ours.props or not (tells_all_tags(ours) or loose_tags(ours) == loose_tags(theirs)):
            continue
        mine = {fold(tag.key) for tag in tags_of(ours)}
        lacks = [tag for tag in tags_of(theirs) if fold(tag.key) not in mine | said | {"name"} and "\N{HORIZONTAL ELLIPSIS}" not in tag.key]
        if lacks:
            at = ours.props["tags"][0].value.span
            yield Hit(
                f"`{ours.label}` is not tagged with {', '.join(f'`{tag.key}`' for tag in lacks[:4])}",
                at=Span(at.line, min(at.end_line, at.line + 10)),
                entity=ours.label,
                entities=("Tags", kind_name(ours.resource), *(tag.key for tag in lacks[:5])),
                cause=f"tags {' '.join(sorted(tag.key for tag in lacks))}",
                variant="uneven",
                proof=Proof.DIFF,
                note=f"no {', '.join(f'`{tag.key}`' for tag in lacks[:4])}",
                ideal=(lacks[0].span,),
                facts={"tags": tuple(tag.key for tag in lacks)},
            )


def _bare(comparison: Comparison) -> Iterator[Hit]:
    bare = []
    tagged_here = any("tags" in one.props for one in comparison.answer.things)
    for one in comparison.matches:
        ours, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        if "tags" in theirs.props and "tags" not in ours.props and any(fold(tag.key) != "name" for tag in tags_of(theirs)):
            bare.append((ours, theirs))
    if len(bare) < FEW and len(bare) * 2 <= len(comparison.matches) and not tagged_here:
        return
    for ours, theirs in bare:
        span = ours.resource.span
        yield Hit(
            f"`{ours.label}` has no tags; the ideal's `{theirs.label}` has {', '.join(f'`{tag.key}`' for tag in tags_of(theirs)[:5])}",
            at=Span(span.line, min(span.end_line, span.line + 2)),
            entity=ours.label,
            entities=("Tags", kind_name(ours.resource), *(tag.key for tag in tags_of(theirs)[:5])),
            cause="resources without tags",
            variant="bare",
            proof=Proof.DIFF,
            note="no tags",
            ideal=(theirs.props["tags"][0].value.span,),
        )
