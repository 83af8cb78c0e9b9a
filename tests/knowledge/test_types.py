"""One type over the dialects, by rule and by data; the data files hold together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import grader.knowledge
from grader.knowledge.properties import aspect_of, is_cosmetic, is_default, is_wiring, properties
from grader.knowledge.types import Type, canonical, services

FOLDER = Path(grader.knowledge.__file__).parent


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "s3.bucket",
            "AWS::S3::Bucket aws_s3_bucket aws-cdk-lib.aws_s3.Bucket aws-cdk-lib.aws_s3.CfnBucket aws.s3.Bucket aws.s3.BucketV2 aws-cdk-lib.Bucket",
        ),
        (
            "lambda.function",
            "AWS::Lambda::Function AWS::Serverless::Function aws_lambda_function aws-cdk-lib.aws_lambda_nodejs.NodejsFunction aws.lambda.Function",
        ),
        (
            "rds.dbinstance",
            "AWS::RDS::DBInstance aws_db_instance aws-cdk-lib.aws_rds.DatabaseInstance aws-cdk-lib.aws_rds.CfnDBInstance aws.rds.Instance",
        ),
        (
            "elb.loadbalancer",
            "AWS::ElasticLoadBalancingV2::LoadBalancer aws_lb aws_alb aws-cdk-lib.aws_elasticloadbalancingv2.ApplicationLoadBalancer aws.lb.LoadBalancer",
        ),
        ("logs.loggroup", "AWS::Logs::LogGroup aws_cloudwatch_log_group aws-cdk-lib.aws_logs.LogGroup aws.cloudwatch.LogGroup"),
        ("events.rule", "AWS::Events::Rule aws_cloudwatch_event_rule aws-cdk-lib.aws_events.Rule aws.cloudwatch.EventRule"),
        ("cloudwatch.alarm", "AWS::CloudWatch::Alarm aws_cloudwatch_metric_alarm aws-cdk-lib.aws_cloudwatch.Alarm aws.cloudwatch.MetricAlarm"),
        ("ec2.vpc", "AWS::EC2::VPC aws_vpc aws-cdk-lib.aws_ec2.Vpc aws.ec2.Vpc awsx.ec2.Vpc"),
        ("apigateway.restapi", "AWS::ApiGateway::RestApi AWS::Serverless::Api aws_api_gateway_rest_api aws.apigateway.RestApi"),
        ("s3.bucketencryption", "aws_s3_bucket_server_side_encryption_configuration aws.s3.BucketServerSideEncryptionConfigurationV2"),
        ("acm.certificate", "AWS::CertificateManager::Certificate aws_acm_certificate aws.acm.Certificate"),
        ("random.password", "random_password random.RandomPassword"),
    ],
)
def test_names_of_one_type(kind: str, names: str) -> None:
    assert {str(canonical(name)) for name in names.split()} == {kind}


def test_a_type_that_nobody_listed_is_one_over_the_dialects() -> None:
    names = (
        "AWS::MediaConvert::JobTemplate",
        "aws_mediaconvert_job_template",
        "aws-cdk-lib.aws_mediaconvert.CfnJobTemplate",
        "aws.mediaconvert.JobTemplate",
    )
    assert {canonical(name) for name in names} == {Type("mediaconvert", "jobtemplate")}


def test_a_custom_resource_is_its_own() -> None:
    assert canonical("Custom::EmptyBucket") == Type("custom", "emptybucket")


def test_every_type_of_the_data_file_is_one_that_a_name_can_have() -> None:
    known = services()
    listed = {
        *known.parts,
        *(one.of for one in known.parts.values()),
        *known.attendants,
        *known.groups,
        *(kind for found in known.brings.values() for kind in found),
    }
    wrong = [
        str(one)
        for one in listed
        if (one.service, one.noun) not in {(kind.service, noun) for kind, noun in known.nouns.items()} and one in known.nouns
    ]
    assert not wrong


def test_no_name_of_a_property_means_two_things() -> None:
    data = json.loads((FOLDER / "properties.json").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    for aspect, one in data["aspects"].items():
        for name in one["names"].split():
            assert seen.setdefault(name, aspect) == aspect, f"{name}: {seen[name]} and {aspect}"


def test_every_class_of_aspects_has_its_kind() -> None:
    assert {one.group for one in properties().aspects.values()} <= set(properties().kinds)


@pytest.mark.parametrize(
    ("kind", "name", "aspect"),
    [
        ("s3.bucket", "versioned", "versioning"),
        ("s3.bucket", "VersioningConfiguration", "versioning"),
        ("dynamodb.table", "point_in_time_recovery", "point-in-time recovery"),
        ("dynamodb.table", "PointInTimeRecoverySpecification", "point-in-time recovery"),
        ("rds.dbinstance", "storage_encrypted", "encryption"),
        ("rds.dbinstance", "StorageEncrypted", "encryption"),
        ("rds.dbinstance", "multiAz", "multi-az"),
        ("logs.loggroup", "RetentionInDays", "log retention"),
        ("logs.loggroup", "retention", "log retention"),
        ("lambda.function", "tracing", "tracing"),
        ("lambda.function", "TracingConfig", "tracing"),
        ("mediaconvert.jobtemplate", "accelerationSettings", "acceleration"),
    ],
)
def test_names_of_one_aspect(kind: str, name: str, aspect: str) -> None:
    service, _, noun = kind.partition(".")
    assert aspect_of(Type(service, noun), name).name == aspect


def test_what_is_worth_no_word() -> None:
    assert is_cosmetic("Description")
    assert is_wiring("subnet_ids")
    assert is_default("MultiAZ", value=False)
    assert not is_default("MultiAZ", value=True)
    assert is_default("billing_mode", "PROVISIONED")
