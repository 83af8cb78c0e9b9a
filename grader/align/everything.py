"""All that an ideal has, by service: what an answer without code lacks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from grader.align.findings import kind_name
from grader.align.inventory import inventory_of
from grader.knowledge.types import services

if TYPE_CHECKING:
    from grader.align.inventory import Thing
    from grader.model.solutions import Solution


class Everything(NamedTuple):
    """What a solution declares.

    `types` and `names` are each once, the most telling services first; `parts` says of each service what there is of it, as a line to read.
    """

    types: tuple[str, ...]
    names: tuple[str, ...]
    parts: tuple[str, ...]
    first: Thing | None


def everything(solution: Solution) -> Everything:
    """The resources of a solution by service; attendants such as roles and attachments are counted and named last."""
    known = services()
    things = [one for one in inventory_of(solution).things if one.type.service not in {"", "custom"}]
    things.sort(key=lambda one: one.type in known.attendants or one.type in known.ignored)
    by_service: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in things:
        by_service[one.type.service][kind_name(one.resource)].append(one.label)
    parts = tuple(", ".join(_part(kind, labels) for kind, labels in kinds.items()) for kinds in by_service.values())
    types = tuple(dict.fromkeys(kind_name(one.resource) for one in things))
    names = tuple(dict.fromkeys(one.label for one in things if one.type not in known.ignored))
    return Everything(types, names, parts, things[0] if things else None)


def _part(kind: str, labels: list[str]) -> str:
    shown = ", ".join(f"`{one}`" for one in labels[:3])
    return f"{kind} {shown}" if len(labels) <= 3 else f"{len(labels)} {kind} ({shown}, \N{HORIZONTAL ELLIPSIS})"
