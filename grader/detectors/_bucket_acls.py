"""ACLs of buckets that S3 refuses: since April 2023 a new bucket takes none until its ownership controls allow them."""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.hits import Hit
from grader.model.kinds import Confidence, Stage
from grader.model.paths import is_test
from grader.model.solutions import Resource, Solution
from grader.model.spans import Span
from grader.model.values import Known, Name, Value, fold, look_up

_GRANTING = frozenset("publicread publicreadwrite authenticatedread logdeliverywrite awsexecread".split())
"""Canned ACLs that grant something to others; a bucket may be made with `private` all the same."""
_CONTROLS = "aws_s3_bucket_ownership_controls"


def refused_acls(answer: Solution) -> Iterator[Hit]:
    """ACLs of buckets that the answer makes, in CloudFormation and Terraform, where nothing of it sets ownership controls."""
    resources = [one for one in answer.resources if not one.data and not one.file.superseded and not is_test(one.file.name)]
    if any(one.type == _CONTROLS for one in resources):
        return
    buckets = {one.name for one in resources if one.type == "aws_s3_bucket"}
    for one in resources:
        if one.type == "AWS::S3::Bucket" and "OwnershipControls" not in one.properties:
            yield from _canned(one, look_up(one.properties, "AccessControl"), "OwnershipControls")
        elif one.type == "aws_s3_bucket":
            yield from _canned(one, look_up(one.properties, "acl"), _CONTROLS)
        elif one.type == "aws_s3_bucket_acl":
            bucket = look_up(one.properties, "bucket")
            parts = bucket.path.split(".") if isinstance(bucket, Name) else []
            given = look_up(one.properties, "acl") or look_up(one.properties, "access_control_policy")
            if len(parts) == 3 and parts[0] == "aws_s3_bucket" and parts[1] in buckets and given is not None:
                yield _hit(parts[1], given, _CONTROLS)


def _canned(one: Resource, value: Value | None, controls: str) -> Iterator[Hit]:
    if isinstance(value, Known) and isinstance(value.value, str) and fold(value.value) in _GRANTING:
        yield _hit(one.name, value, controls)


def _hit(bucket: str, value: Value, controls: str) -> Hit:
    said = f" `{value.value}`" if isinstance(value, Known) else ""
    message = f"bucket `{bucket}` is given the ACL{said} without `{controls}`: S3 refuses ACLs on a new bucket until they allow them"
    return Hit(
        message,
        at=Span(value.span.line, value.span.line),
        entity=f"ACL of {bucket}",
        cause="ACLs of buckets",
        variant="acl",
        stops=Stage.DEPLOY,
        confidence=Confidence.HIGH,
        note="an ACL, and no ownership controls",
        seek=(controls,),
        facts={"what": message, "right": controls},
    )
