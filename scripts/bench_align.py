"""How the cost of comparing grows: synthetic models of 10, 100, 1,000 and 10,000 resources, as they come and renamed."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from grader.align.comparison import compare
from grader.align.differences import differences
from grader.model.documents import Document, File
from grader.model.solutions import Pair, Resource, Solution
from grader.model.spans import Span
from grader.model.values import Known, Name, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = (10, 100, 1_000, 10_000)
KINDS = ("aws_s3_bucket", "aws_sqs_queue", "aws_lambda_function", "aws_iam_role", "aws_cloudwatch_metric_alarm", "aws_subnet")
REPEATS = 3


def solution(size: int, prefix: str) -> Solution:
    """A model of `size` resources, each naming the one before it."""
    file = File("", 1, "hcl", "main.tf")
    resources = [_resource(number, prefix, file) for number in range(size)]
    return Solution(Document("", ("",) * (4 * size + 4), (), (file,)), "tf-hcl", "tf", "hcl", (file,), tuple(resources), claimed=(file,))


def _resource(number: int, prefix: str, file: File) -> Resource:
    kind = KINDS[number % len(KINDS)]
    span = Span(4 * number + 1, 4 * number + 3)
    properties: Mapping[str, Value] = {
        "timeout": Known(number % 60, span),
        "memory_size": Known(number, span),
        "source": Name(f"{KINDS[(number - 1) % len(KINDS)]}.{prefix}_{number - 1}.arn", span),
    }
    return Resource(kind, f"{prefix}_{number}", properties, span, file, binding=f"{kind}.{prefix}_{number}")


def seconds(size: int, other: str) -> float:
    """The best of some comparisons of a model with one whose resources are called otherwise (or the same)."""
    best = float("inf")
    for _ in range(REPEATS):
        pair = Pair(solution(size, "one"), solution(size, other))
        start = process_time()
        compare(pair)
        differences(pair)
        best = min(best, process_time() - start)
    return best


def main() -> None:
    """Print the table."""
    table = Table("resources", "same names, ms", "renamed, ms", "ms a resource, renamed")
    for size in SIZES:
        same, renamed = seconds(size, "one"), seconds(size, "two")
        table.add_row(f"{size:,}", f"{same * 1000:.1f}", f"{renamed * 1000:.1f}", f"{renamed * 1000 / size:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
