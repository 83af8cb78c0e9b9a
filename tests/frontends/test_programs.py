"""CDK, CDKTF and Pulumi: the same resource and the same asset, read from every language they are written in."""

from __future__ import annotations

import pytest

from grader.frontends import Frontend, Reading, cdk, cdktf, pulumi
from grader.languages import language_module
from grader.model.documents import Document, File
from grader.model.solutions import Unit
from grader.model.values import known, look_up


def unit_of(text: str, language: str, name: str | None = None) -> Unit:
    module = language_module(language)
    assert module is not None
    return module.parse(File(text, 1, language, name))


def read(frontend: Frontend, text: str, language: str, name: str | None = None) -> Reading:
    unit = unit_of(text, language, name)
    assert frontend.claims(unit)
    return frontend.read([unit], Document(text, tuple(text.split("\n")), (), (unit.file,)))


QUEUES = {
    "typescript": "import * as sqs from 'aws-cdk-lib/aws-sqs';\nnew sqs.Queue(this, 'Jobs', { queueName: 'jobs', fifo: true });\n",
    "javascript": "const { aws_sqs: sqs } = require('aws-cdk-lib');\nnew sqs.Queue(this, 'Jobs', { queueName: 'jobs', fifo: true });\n",
    "python": 'from aws_cdk import aws_sqs as sqs\nsqs.Queue(self, "Jobs", queue_name="jobs", fifo=True)\n',
    "java": 'import software.amazon.awscdk.services.sqs.Queue;\nclass A { void a() { Queue.Builder.create(this, "Jobs").queueName("jobs").fifo(true).build(); } }\n',
    "go": (
        'package main\n\nimport (\n\t"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"\n\t"github.com/aws/jsii-runtime-go"\n)\n\nfunc a() {\n'
        '\tawssqs.NewQueue(stack, jsii.String("Jobs"), &awssqs.QueueProps{QueueName: jsii.String("jobs"), Fifo: jsii.Bool(true)})\n}\n'
    ),
}


@pytest.mark.parametrize("language", QUEUES)
def test_a_cdk_queue_is_the_same_in_every_language(language: str) -> None:
    (queue,) = read(cdk, QUEUES[language], language).resources
    assert (queue.type, queue.name, queue.data, queue.many) == ("aws-cdk-lib.aws_sqs.Queue", "Jobs", False, False)
    assert known(look_up(queue.properties, "queue_name")) == "jobs"
    assert known(look_up(queue.properties, "fifo")) is True


BUCKETS = {
    "typescript": "import * as aws from '@pulumi/aws';\nconst b = new aws.s3.Bucket('logs', { forceDestroy: true });\n",
    "javascript": "const aws = require('@pulumi/aws');\nconst b = new aws.s3.Bucket('logs', { forceDestroy: true });\n",
    "python": 'import pulumi_aws as aws\nb = aws.s3.Bucket("logs", force_destroy=True)\n',
    "go": (
        'package main\n\nimport (\n\t"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"\n\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"\n)\n\nfunc a() {\n'
        '\ts3.NewBucket(ctx, "logs", &s3.BucketArgs{ForceDestroy: pulumi.Bool(true)})\n}\n'
    ),
    "java": (
        "import com.pulumi.aws.s3.Bucket;\nimport com.pulumi.aws.s3.BucketArgs;\n"
        'class A { void a() { var b = new Bucket("logs", BucketArgs.builder().forceDestroy(true).build()); } }\n'
    ),
}


@pytest.mark.parametrize("language", BUCKETS)
def test_a_pulumi_bucket_is_the_same_in_every_language(language: str) -> None:
    (bucket,) = read(pulumi, BUCKETS[language], language).resources
    assert (bucket.type, bucket.name) == ("aws.s3.Bucket", "logs")
    assert known(look_up(bucket.properties, "force_destroy")) is True


TABLES = {
    "typescript": "import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';\nnew DynamodbTable(this, 'seats', { hashKey: 'id' });\n",
    "python": 'from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable\nDynamodbTable(self, "seats", hash_key="id")\n',
    "java": 'import com.hashicorp.cdktf.providers.aws.dynamodb_table.DynamodbTable;\nclass A { void a() { DynamodbTable.Builder.create(this, "seats").hashKey("id").build(); } }\n',
    "go": (
        'package main\n\nimport "github.com/cdktf/cdktf-provider-aws-go/aws/v19/dynamodbtable"\n\nfunc a() {\n'
        '\tdynamodbtable.NewDynamodbTable(stack, jsii.String("seats"), &dynamodbtable.DynamodbTableConfig{HashKey: jsii.String("id")})\n}\n'
    ),
}


@pytest.mark.parametrize("language", ["typescript", "python", "java"])
def test_a_cdktf_table_is_the_same_in_every_language(language: str) -> None:
    (table,) = read(cdktf, TABLES[language], language).resources
    assert (table.type, table.name) == ("aws_dynamodb_table", "seats")
    assert known(look_up(table.properties, "hash_key")) == "id"


def test_go_modules_of_cdktf_are_claimed() -> None:
    assert [resource.type for resource in read(cdktf, TABLES["go"], "go").resources] == ["aws_dynamodb_table"]


@pytest.mark.parametrize(
    ("frontend", "language", "text", "expected"),
    [
        (cdk, "typescript", "import * as l from 'aws-cdk-lib/aws-lambda';\nl.Code.fromAsset('fn/a');\n", ("fn/a", "")),
        (
            cdk,
            "typescript",
            "import * as l from 'aws-cdk-lib/aws-lambda';\nimport * as path from 'path';\nl.Code.fromAsset(path.join(__dirname, '..', 'fn'));\n",
            ("../fn", "lib"),
        ),
        (cdk, "python", 'from aws_cdk import aws_lambda as l\nl.Code.from_asset("fn/a")\n', ("fn/a", "")),
        (
            cdk,
            "python",
            'import os\nfrom aws_cdk import aws_lambda as l\nl.Code.from_asset(os.path.join(os.path.dirname(__file__), "fn"))\n',
            ("fn", "lib"),
        ),
        (pulumi, "typescript", "import * as pulumi from '@pulumi/pulumi';\nnew pulumi.asset.FileArchive('./fn');\n", ("./fn", "")),
        (pulumi, "python", 'import pulumi\npulumi.FileArchive("./fn")\n', ("./fn", "")),
        (cdktf, "typescript", "import { TerraformAsset } from 'cdktf';\nnew TerraformAsset(this, 'a', { path: 'fn' });\n", ("fn", "")),
    ],
)
def test_a_local_path_is_an_asset_with_its_base(frontend: Frontend, language: str, text: str, expected: tuple[str, str]) -> None:
    suffix = {"typescript": "ts", "python": "py"}[language]
    (asset,) = read(frontend, text, language, f"lib/stack.{suffix}").assets
    assert (asset.path, asset.base) == expected


def test_a_path_that_is_put_together_at_run_time_is_unresolved_not_missing() -> None:
    reading = read(cdk, "import * as l from 'aws-cdk-lib/aws-lambda';\nl.Code.fromAsset(`fn/${name}`);\n", "typescript")
    assert reading.assets == ()
    assert reading.unresolved


def test_look_ups_are_data_and_stacks_are_no_resources() -> None:
    text = (
        "import * as cdk from 'aws-cdk-lib';\nimport * as ec2 from 'aws-cdk-lib/aws-ec2';\n"
        "ec2.Vpc.fromLookup(this, 'Net', { isDefault: true });\nnew cdk.Stack(app, 'A', {});\nnew cdk.CfnOutput(this, 'O', { value: 'x' });\n"
    )
    assert [(one.type, one.data) for one in read(cdk, text, "typescript").resources] == [("aws-cdk-lib.aws_ec2.Vpc", True)]


def test_resources_in_a_loop_are_many() -> None:
    text = "import * as sqs from 'aws-cdk-lib/aws-sqs';\nfor (const name of names) {\n  new sqs.Queue(this, name, {});\n}\n"
    assert [one.many for one in read(cdk, text, "typescript").resources] == [True]


def test_tests_create_nothing() -> None:
    assert read(cdk, QUEUES["typescript"], "typescript", "test/stack.test.ts").resources == ()


def test_an_own_class_is_no_resource_under_a_wildcard_import() -> None:
    text = (
        "import software.amazon.awscdk.services.sqs.*;\nclass Shelf {}\n"
        'class A { void a() { new Shelf(this, "s"); Queue.Builder.create(this, "Jobs").build(); } }\n'
    )
    assert [one.name for one in read(cdk, text, "java").resources] == ["Jobs"]


def test_an_excerpt_of_a_pulumi_program_is_read_though_its_imports_stand_above_it() -> None:
    text = (
        "class Shop(pulumi.ComponentResource):\n"
        "    def __init__(self, name: str, args: ShopArgs, opts: Optional[ResourceOptions] = None):\n"
        "        super().__init__('shop', name, None, opts)\n"
        '        self.orders = aws.sqs.Queue("orders", fifo_queue=True)\n'
    )
    (queue,) = read(pulumi, text, "python").resources
    assert queue.type == "aws.sqs.Queue"


def test_a_program_with_imports_of_its_own_is_not_taken_for_an_excerpt() -> None:
    text = 'import pulumi\n\norders = aws.sqs.Queue("orders")\npulumi.export("url", orders.url)\n'
    assert read(pulumi, text, "python").resources == ()
