"""What only the answer has: resources for which nothing in the ideal stands, and which the task does not name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.align.comparison import Comparison, compare, in_pieces
from grader.align.inventory import words_of
from grader.align.mentions import nouns, plain
from grader.knowledge.types import services
from grader.model.solutions import Pair

if TYPE_CHECKING:
    from grader.align.inventory import Thing

_WORD = re.compile(r"[a-z0-9]+")
_VERSION = re.compile(r"v?\d+\w*$")
_COMMON = frozenset(
    "bucket table function role policy lambda topic queue key group log logs alarm rule main app application data service resource access s3 iam kms sns sqs "
    "production environment stack aws ec2 vpc subnet security new api".split()
)
"""Words of names that do not tell a thing from others of its type."""
_WATCHING = frozenset("alarm alarms alert alerts alerting notify monitoring monitor monitored".split())
MOST = 3.0
"""An ideal with less than one resource for so many of the answer's is a piece, not a whole."""


def extras(pair: Pair) -> tuple[Comparison, tuple[int, ...]] | None:
    """The comparison seen from the ideal, and the places of the answer's things that nothing in the ideal provides and the task does not name.

    None where the two cannot be compared, or the ideal may hold more than its model shows.
    """
    if pair.ideal is None or compare(pair).off or not compare(pair).alike or in_pieces(pair.ideal):
        return None
    turned = mirrored(pair)
    if turned.off or turned.partial or len(turned.ideal.things) > MOST * max(1, len(turned.answer.things)):
        return None
    asked = plain(pair.task.text)
    words = frozenset(_WORD.findall(pair.task.text.lower()))
    here = turned.answer.types()
    versions = {_VERSION.sub("", one.service) for one in here}
    things = turned.ideal.things
    return turned, tuple(
        place
        for place in turned.missing
        if not _asked(things[place], asked, words, fresh=things[place].type not in here)
        and (things[place].type.service in {one.service for one in here} or _VERSION.sub("", things[place].type.service) not in versions)
    )


def _asked(thing: Thing, asked: str, words: frozenset[str], *, fresh: bool) -> bool:
    """Whether the task names a thing: its type where the ideal has none of it, else a word of its name."""
    kind = thing.type
    own = words_of(thing.resource) - _COMMON - {kind.noun, kind.service}
    if any(word in words or f"{word}s" in words for word in own if len(word) > 2):
        return True
    if kind.service == "cloudwatch" and words & _WATCHING:
        return True
    group = services().groups.get(kind)
    titles = [plain(group.title).removesuffix("s")] if group else []
    return fresh and (any(len(one) > 3 and one in asked for one in (*nouns(kind), *titles)) or (len(kind.service) > 2 and kind.service in asked))


def mirrored(pair: Pair) -> Comparison:
    """The comparison with the sides exchanged: its `missing` are things of the answer."""
    return compare(Pair(pair.ideal, pair.answer, pair.task)) if pair.ideal is not None else compare(pair)
