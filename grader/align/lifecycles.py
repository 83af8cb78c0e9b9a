"""Storage classes to which lifecycles move objects, whatever the form of their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.align.inventory import scalar
from grader.model.values import Name, Value, flat, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model.spans import Span

_KEYS = frozenset({"storageclass"})
CLASSES = {
    "standardia": "STANDARD_IA",
    "glacier": "GLACIER",
    "deeparchive": "DEEP_ARCHIVE",
    "glacierir": "GLACIER_IR",
    "onezoneia": "ONEZONE_IA",
    "intelligenttiering": "INTELLIGENT_TIERING",
}
_OTHER_NAMES = {"infrequentaccess": "standardia", "glacierinstantretrieval": "glacierir", "onezoneinfrequentaccess": "onezoneia"}


def readable(value: Value) -> bool:
    """Whether rules are written out, and not handed over by a name."""
    return not any(isinstance(one, Name) and fold(key) not in _KEYS and not one.module for key, one in flat(value))


def storage_classes(value: Value) -> Iterator[tuple[str, Span]]:
    """Storage classes that a lifecycle names, folded, with their places."""
    for key, one in flat(value):
        name = fold(str(scalar(one) or "")) if fold(key) in _KEYS else ""
        name = _OTHER_NAMES.get(name, name)
        if name in CLASSES:
            yield name, one.span
