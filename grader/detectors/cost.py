"""Instances that cost much more than what the ideal runs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.facts.instances import InstanceClass, instance_classes
from grader.facts.prices import Price, price_of
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

AT_LEAST = 0.5
"""US dollars an hour below which no instance is worth a word."""
_CLASSES = frozenset({"instanceclass", "dbinstanceclass", "instancetype", "nodetype", "cachenodetype"})
FACTOR = 2
"""How many times dearer than the ideal's dearest of the same service."""


@detector(Kind.COST, compares=True)
def cost(pair: Pair) -> Iterator[Hit]:
    """An instance class that costs at least twice what the ideal uses for the same service, or that the ideal does without.

    The bill runs by the hour whether the instance is used or not.

    Not flagged: classes that the ideal or the prompt names too; classes without a known price, as Aurora's; an ideal whose own class cannot be read; a few cents an hour.

    Example: training on `ml.p3.8xlarge` where the ideal trains on `ml.m5.large`.
    """
    if pair.ideal is None or not pair.ideal.resources:
        return
    aurora = any("aurora" in said.text.lower() for said in pair.answer.texts)
    unread = _unread(pair.ideal)
    theirs = [one.name for one in instance_classes(pair.ideal)]
    for one in instance_classes(pair.answer):
        price = price_of(one.name)
        if (
            price is None
            or (aurora and one.name.startswith("db."))
            or price.hourly < AT_LEAST
            or one.via
            or one.name in theirs
            or one.name in pair.task.text
        ):
            continue
        rival = _dearest([name for name in theirs if _service(name) == _service(one.name)])
        if rival is None and unread:
            continue
        if rival is None or price.hourly >= FACTOR * rival[1].hourly:
            yield _hit(one, price, rival)


def _unread(ideal: Solution) -> bool:
    """Whether the ideal has an instance class that cannot be read, so that nothing can be said of what it does without."""
    return any(fold(key) in _CLASSES and not isinstance(value, Known) for key, value, _ in ideal.infrastructure)


def _service(name: str) -> str:
    first = name.split(".", 1)[0]
    return first if first in {"ml", "db", "cache", "dax", "kafka", "mq"} else "ec2"


def _dearest(names: list[str]) -> tuple[str, Price] | None:
    priced = [(name, price) for name in names if (price := price_of(name)) is not None]
    return max(priced, key=lambda pair: pair[1].hourly, default=None)


def _hit(one: InstanceClass, price: Price, rival: tuple[str, Price] | None) -> Hit:
    than = f"; the ideal uses `{rival[0]}` at {rival[1].hourly:g} USD" if rival else "; the ideal runs no such instance"
    return Hit(
        f"`{one.name}` costs {price.hourly:g} USD an hour{than}",
        at=one.span,
        entity=one.name,
        entities=(rival[0],) if rival else (),
        cause="instance classes",
        variant="instance-class",
        proof=Proof.DIFF,
        note=f"{one.name}: {price.hourly:g} USD an hour, {price.monthly:,.0f} USD a month of 730 hours",
        seek=("instanceType", "instance_type", "instanceClass", "DBInstanceClass"),
        facts={
            "instance": one.name,
            "hourly": price.hourly,
            "monthly": round(price.monthly),
            "price_source": price.source,
            "price_date": price.date,
            "ideal_instance": rival[0] if rival else "",
            "ideal_hourly": rival[1].hourly if rival else 0.0,
        },
    )
