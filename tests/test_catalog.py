"""The committed catalogue answers known facts, opens read-only, and is written alike for the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import catalog
from grader.catalog import CatalogueError, Source, look_up, member, names, nearest, row, sources, version_of
from grader.catalog.building.writing import write

HELD = [
    ("cdk", "aws-cdk-lib.aws_s3.Bucket", "addLifecycleRule"),
    ("cdk", "aws-cdk-lib.aws_s3.BucketProps", "enforceSSL"),
    ("cdk", "aws-cdk-lib.aws_lambda.Runtime", "PYTHON_3_12"),
    ("cdk", "aws-cdk-lib.aws_sqs.QueueEncryption", "KMS_MANAGED"),
    ("constructs", "constructs.Construct", "node"),
    ("cdktf", "cdktf.TerraformOutputConfig", "value"),
    ("cfn", "AWS::S3::Bucket", "BucketName"),
    ("cfn", "AWS::Lambda::Function", "Runtime"),
    ("cfn", "AWS::Serverless::Function", "CodeUri"),
    ("pulumi", "s3.Bucket", "cors_rules"),
    ("pulumi", "s3.BucketVersioning", "versioning_configuration"),
    ("pulumi", "ec2.get_vpc", "default"),
    ("pulumi", "lambda_.Runtime", "PYTHON3D12"),
    ("tf:aws", "resource aws_instance", "instance_type"),
    ("tf:aws", "resource aws_instance", "cpu_core_count"),
    ("tf:aws", "data aws_vpc", "default"),
    ("tf:aws", "provider aws", "default_tags"),
    ("tf:google", "resource google_storage_bucket", "uniform_bucket_level_access"),
    ("tf:azurerm", "resource azurerm_resource_group", "location"),
    ("tf:kubernetes", "resource kubernetes_namespace", "metadata"),
    ("tf:random", "resource random_password", "override_special"),
    ("tf:tls", "resource tls_private_key", "rsa_bits"),
    ("tf:archive", "data archive_file", "output_base64sha256"),
]
ABSENT = [
    ("cdk", "aws-cdk-lib.aws_s3.BucketProps", "versioning"),
    ("cfn", "AWS::EC2::FlowLog", "ResourceIds"),
    ("pulumi", "cloudwatch.MetricAlarm", "alarm_name_prefix"),
    ("tf:aws", "resource aws_flow_log", "log_destination_arn"),
]


@pytest.mark.parametrize(("space", "name", "one"), HELD)
def test_what_exists_is_held(space: str, name: str, one: str) -> None:
    found = look_up(space, name)
    assert found is not None
    assert one in found.members


@pytest.mark.parametrize(("space", "name", "one"), ABSENT)
def test_what_does_not_exist_is_not_held(space: str, name: str, one: str) -> None:
    found = look_up(space, name)
    assert found is not None
    assert one not in found.members


@pytest.mark.parametrize("name", ["resource aws_s3_bucket_encryption", "resource aws_codestar_connections_connection"])
def test_a_resource_that_no_version_has(name: str) -> None:
    assert look_up("tf:aws", name) is None


def test_members_say_what_they_take() -> None:
    bucket = look_up("cdk", "aws-cdk-lib.aws_s3.BucketProps")
    assert bucket is not None
    assert member(bucket.members["lifecycleRules"]).type == "[].aws_s3.LifecycleRule"
    lifecycle = look_up("tf:aws", "resource aws_s3_bucket_lifecycle_configuration")
    assert lifecycle is not None
    rule = member(lifecycle.members["rule"])
    assert "b" in rule.flags
    assert "status" in lifecycle.structs[rule.type.lstrip("*")]


def test_required_only_where_every_version_agrees() -> None:
    found = look_up("tf:aws", "resource aws_iam_role")
    assert found is not None
    assert "r" in member(found.members["assume_role_policy"]).flags
    assert "r" not in member(found.members["name"]).flags


def test_attributes_of_templates() -> None:
    found = look_up("cfn", "AWS::S3::Bucket")
    assert found is not None
    assert "RegionalDomainName" in found.facts
    assert "BucketName" not in found.facts


def test_every_source_is_named() -> None:
    assert {one.space for one in sources()} >= {"cdk", "cdktf", "cfn", "constructs", "pulumi", "tf:aws"}
    assert all(one.version and one.licence and one.released and len(one.digest) == 64 for one in sources())
    assert version_of("tf:aws").count(" and ") == 2
    notice = (Path(__file__).parent.parent / "NOTICE").read_text(encoding="utf-8")
    assert "cdktn-provider-aws" in notice
    assert "aws-cdk-lib" in notice


def test_near_names_come_best_first() -> None:
    assert nearest("retentionDays", ["retentionPeriod", "queueName", "fifo"]) == ("retentionPeriod",)
    assert nearest("QueueUrl", ["queueArn", "queueUrl"])[0] == "queueUrl"
    assert nearest("zzz", ["queueArn"]) == ()


def test_an_unknown_space_or_name_has_nothing() -> None:
    assert look_up("cdk", "aws-cdk-lib.aws_s3.Bukcet") is None
    assert row("nowhere", "x") is None
    assert names("nowhere") == ()


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows: list[tuple[str, object]] = [(f"type {n}", ["c", [], {"a": "r|s", "b": f"|{n}"}, {}]) for n in range(50)]
    origin = [Source("x", "p", "1", "PyPI", "MIT", "2026-01-01", "0" * 64)]
    write(tmp_path / "one.sqlite", {"x": rows}, origin)
    write(tmp_path / "two.sqlite", {"x": rows[::-1]}, origin)
    assert (tmp_path / "one.sqlite").read_bytes() == (tmp_path / "two.sqlite").read_bytes()


def test_a_missing_file_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(catalog, "FILE", tmp_path / "none.sqlite")
    catalog._connection.cache_clear()
    try:
        with pytest.raises(CatalogueError, match="grader catalog build"):
            catalog._connection()
    finally:
        catalog._connection.cache_clear()
