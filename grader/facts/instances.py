"""Instance classes that a solution names: EC2, RDS, ElastiCache, SageMaker, OpenSearch and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model.once import once
from grader.model.values import Call, Fields, Known, Name, Value, children, fold

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span

_CLASS = re.compile(
    r"^(?:(ml|db|cache|dax|kafka|mq)\.)?([a-z]{1,4}\d{1,2}[a-z]{0,4}(?:-[a-z0-9]+)?)\.(nano|micro|small|medium|x?large|\d{1,3}xlarge|metal(?:-\d+xl)?)(\.(?:search|elasticsearch))?$"
)
_FAMILIES = {
    "burstable2": "t2",
    "burstable3": "t3",
    "burstable3amd": "t3a",
    "burstable4graviton": "t4g",
    "standard5": "m5",
    "standard6graviton": "m6g",
    "memory5": "r5",
    "memory6graviton": "r6g",
    "compute5": "c5",
}
"""Symbolic names of `aws_ec2.InstanceClass`, folded, and the family they stand for."""
_CHOICES = frozenset({"allowedvalues", "description", "validation", "constraintdescription"})
"""Fields that list what could be chosen, not what is."""
_SERVICES = (("sagemaker", "ml"), ("databaseinstance", "db"), ("databasecluster", "db"), ("rds", "db"), ("elasticache", "cache"))


@dataclass(frozen=True, slots=True)
class InstanceClass:
    """One instance class as its service spells it (`ml.p3.2xlarge`, `db.r5.large`, `m5.large`), and where it is named."""

    name: str
    span: Span
    via: str = ""


@once
def instance_classes(solution: Solution) -> tuple[InstanceClass, ...]:
    """Every instance class that can be read, in source order; classes of `InstanceType.of` get the prefix of the service they are used in."""
    return tuple(_classes(solution))


def _classes(solution: Solution) -> Iterator[InstanceClass]:
    naming = {id(one.binding): one.binding for one in solution.infrastructure if _names(one.value)}
    for binding in naming.values():
        yield from _within(binding.value)


def _names(value: Value) -> bool:
    """Whether a value can be an instance class, or make one."""
    if isinstance(value, Known):
        return isinstance(value.value, str) and "." in value.value and _CLASS.match(value.value) is not None
    return isinstance(value, Call) and fold(value.path).endswith("instancetypeof")


def _within(root: Value) -> Iterator[InstanceClass]:
    stack: list[tuple[Value, str]] = [(root, "")]
    while stack:
        value, prefix = stack.pop()
        if isinstance(value, Known) and isinstance(value.value, str):
            if _CLASS.match(value.value):
                yield InstanceClass(_prefixed(value.value, prefix), value.span, value.via)
            continue
        if isinstance(value, Call):
            made = _made(value)
            if made:
                yield InstanceClass(_prefixed(made, prefix), value.span)
                continue
        below = _service(value) or prefix
        stack.extend(reversed([(inner, below) for key, inner in children(value) if fold(key) not in _CHOICES]))


def _service(value: Value) -> str:
    """The prefix of the service that a construction or struct belongs to, empty for EC2's own."""
    if not isinstance(value, Call | Fields):
        return ""
    word = fold(f"{value.module} {value.path if isinstance(value, Call) else value.type}")
    return next((prefix for service, prefix in _SERVICES if service in word), "")


def _prefixed(name: str, prefix: str) -> str:
    return name if "." not in name or name.split(".", 1)[0] in {"ml", "db", "cache", "dax", "kafka", "mq"} or not prefix else f"{prefix}.{name}"


def _made(call: Call) -> str:
    """`InstanceType.of(InstanceClass.P3, InstanceSize.XLARGE2)` as `p3.2xlarge`, empty for anything else."""
    if not fold(call.path).endswith("instancetypeof"):
        return ""
    values = [*call.args, *call.keywords.values()]
    names = [re.sub(r"^.*Instance(Class|Size)[._]", "", one.path) for one in values if isinstance(one, Name)]
    if len(names) != 2:
        return ""
    family = _FAMILIES.get(fold(names[0]), re.sub(r"^ml_?(?=[a-z]+\d)", "ml.", names[0].lower()).replace("_", ""))
    size = re.sub(r"^xlarge(\d+)$", r"\1xlarge", fold(names[1]))
    made = f"{family}.{size}"
    return made if _CLASS.match(made) else ""
