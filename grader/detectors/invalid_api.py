"""Names that the library, the provider or CloudFormation does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.detectors import detector
from grader.detectors._api_cdk import cdk_names
from grader.detectors._api_cdktf import cdktf_names
from grader.detectors._api_cloudformation import cloudformation_names
from grader.detectors._api_pulumi import pulumi_names
from grader.detectors._api_terraform import terraform_names
from grader.detectors._api_unchecked import unchecked_modules
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Kind, Stage
from grader.model.paths import is_test
from grader.model.solutions import Pair, Solution

_READERS = {
    "tf": terraform_names,
    "cfn": cloudformation_names,
    "sam": cloudformation_names,
    "cdk": cdk_names,
    "cdktf": cdktf_names,
    "pulumi": pulumi_names,
}


@detector(Kind.INVALID_API)
def invalid_api(pair: Pair) -> Iterator[Hit | Unchecked]:
    """A class, function, property, argument, attribute or enum member that the library or provider does not have.

    A compiler, `terraform validate` or CloudFormation stops at the first one. Each is checked against every version that the API
    catalogue holds (`grader catalog info`), and is named together with what the type has instead.

    Not flagged: what an older or newer held version has; types, modules and members that the catalogue does not know; maps whose keys are free; members
    of values whose type cannot be told; providers pinned below the oldest version held. In a test's file it stops that test alone.

    Example: `authorization_type = "NONE"` in `aws_api_gateway_method`, whose argument is `authorization`.
    """
    reader = _READERS.get(pair.answer.framework or pair.answer.dialect.split("-", 1)[0])
    if reader is not None:
        for hit in reader(pair.answer):
            yield _in_a_test(hit, pair.answer) if isinstance(hit, Hit) else hit
        yield from unchecked_modules(pair.answer)


def _in_a_test(hit: Hit, answer: Solution) -> Hit:
    """A hit in a test's file as what it is: it stops that test and not the build."""
    file = answer.file_at(hit.at.line) if hit.at else None
    if file is None or not is_test(file.name):
        return hit
    return replace(hit, variant="test", stops=Stage.NONE, facts={**hit.facts, "file": file.name or ""})
