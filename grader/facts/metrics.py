"""CloudWatch metrics that a solution names: namespace, metric, and whether dimensions tell whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grader.model.once import once
from grader.model.values import Fields, fields_of, known, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span

DIMENSIONS = {
    "AWS/SQS": "QueueName",
    "AWS/DynamoDB": "TableName",
    "AWS/ECS": "ClusterName",
    "AWS/ApplicationELB": "LoadBalancer",
    "AWS/NetworkELB": "LoadBalancer",
    "AWS/Kinesis": "StreamName",
    "AWS/Firehose": "DeliveryStreamName",
}
"""Services that publish no metric without the dimension (the services' own metric references)."""
ACCOUNT_WIDE = frozenset(
    "UserErrors AccountMaxReads AccountMaxTableLevelReads AccountMaxTableLevelWrites AccountMaxWrites AccountProvisionedReadCapacityUtilization "
    "AccountProvisionedWriteCapacityUtilization MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization".split()
)
"""Metrics of DynamoDB that are published for the account."""


class Metric(NamedTuple):
    """One metric: its namespace and name, its place, and the variable it is bound to."""

    namespace: str
    name: str
    dimensioned: bool
    span: Span
    binding: str


@once
def metrics(solution: Solution) -> tuple[Metric, ...]:
    """Every metric whose namespace and name are known, once for each place."""
    return tuple(_metrics(solution))


def _metrics(solution: Solution) -> Iterator[Metric]:
    seen: set[Span] = set()
    for _, value, binding in solution.structs:
        if value.span in seen:
            continue
        fields = fields_of(value)
        namespace, name = known(look_up(fields, "namespace")), known(look_up(fields, "metric_name"))
        if not isinstance(namespace, str) or not isinstance(name, str) or (isinstance(value, Fields) and not value.complete):
            continue
        seen.add(value.span)
        dimensioned = "dimension" in solution.document.quote(value.span).lower()
        yield Metric(namespace, name, dimensioned, value.span, binding.name)
