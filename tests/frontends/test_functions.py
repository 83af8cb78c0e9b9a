"""Code of functions and tests is claimed, infrastructure is not; neither names the dialect."""

from __future__ import annotations

import pytest

from grader.engine import solution_of
from grader.frontends import functions
from grader.languages import language_module
from grader.model.documents import File

HANDLERS = {
    "python": "import boto3\n\ndef handler(event, context):\n    return {'ok': True}\n",
    "javascript": "exports.handler = async (event) => ({ statusCode: 200 });\n",
    "typescript": "import { S3Event } from 'aws-lambda';\n\nexport const handler = async (event: S3Event) => event.Records.length;\n",
    "go": 'package main\n\nimport "github.com/aws/aws-lambda-go/lambda"\n\nfunc main() { lambda.Start(run) }\n',
    "java": "import com.amazonaws.services.lambda.runtime.RequestHandler;\n\npublic class Intake implements RequestHandler<String, String> {}\n",
}
STACKS = {
    "python": "import aws_cdk as cdk\nimport boto3\n\nclass Store(cdk.Stack):\n    pass\n",
    "typescript": "import * as aws from '@pulumi/aws';\n\nexport const handler = new aws.lambda.CallbackFunction('h', {});\n",
    "go": 'package main\n\nimport "github.com/aws/aws-cdk-go/awscdk/v2"\n\nfunc main() { awscdk.NewApp(nil) }\n',
    "java": "import software.amazon.awscdk.Stack;\n\npublic class Main { public static void main(String[] args) {} }\n",
}


def claimed(text: str, language: str, name: str | None = None) -> bool:
    module = language_module(language)
    assert module is not None
    return functions.claims(module.parse(File(text, 1, language, name, whole=True)))


@pytest.mark.parametrize("language", HANDLERS)
def test_code_of_functions_is_claimed(language: str) -> None:
    assert claimed(HANDLERS[language], language)


@pytest.mark.parametrize("language", STACKS)
def test_infrastructure_is_not(language: str) -> None:
    assert not claimed(STACKS[language], language)


def test_tests_are_claimed_whatever_they_import() -> None:
    assert claimed("import * as cdk from 'aws-cdk-lib';\ntest('a', () => {});\n", "typescript", "test/stack.test.ts")


def test_a_function_names_no_dialect() -> None:
    assert solution_of(f"## index.py\n\n```python\n{HANDLERS['python']}```\n").dialect == ""


def test_a_function_is_no_infrastructure() -> None:
    text = (
        "## app.ts\n\n```typescript\nimport * as cdk from 'aws-cdk-lib';\nnew cdk.Stack(app, 'A');\n```\n\n## index.py\n\n```python\n"
        + HANDLERS["python"]
        + "```\n"
    )
    assert [file.name for file in solution_of(text).claimed] == ["app.ts"]
