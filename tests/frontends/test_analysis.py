"""Scripts that inspect an account: told apart from functions, tests and programs that declare resources."""

from __future__ import annotations

import pytest

from grader.frontends.analysis import claims, read
from grader.languages.python import parse
from grader.model.documents import Document, File

SCRIPT = "import boto3\n\ndef find():\n    return boto3.client('ec2').describe_volumes()\n\nif __name__ == '__main__':\n    find()\n"
CLASS = "from botocore.config import Config\nclass Auditor:\n    def run(self): ...\n"
HANDLER = "import boto3\nimport logging\nlogger = logging.getLogger(__name__)\ndef lambda_handler(event, context):\n    return boto3.client('s3')\n"


def claimed(text: str, name: str | None = "lib/analyse.py") -> bool:
    return claims(parse(File(text, 1, "python", name)))


@pytest.mark.parametrize(
    "text",
    [SCRIPT, CLASS, "import boto3\ndef main(): ...\nmain()\n", HANDLER + "if __name__ == '__main__':\n    lambda_handler({}, None)\n"],
)
def test_scripts_and_analysers_are_claimed(text: str) -> None:
    assert claimed(text)


@pytest.mark.parametrize(
    "text",
    [
        HANDLER,
        "class Helper: ...\nif __name__ == '__main__':\n    pass\n",
        f"import pulumi\n{SCRIPT}",
        f"from aws_cdk import Stack\n{SCRIPT}",
        f"from cdktf import App\n{SCRIPT}",
        "import boto3\n",
        "",
    ],
)
def test_functions_and_other_programs_are_not(text: str) -> None:
    assert not claimed(text)


def test_tests_are_not_claimed() -> None:
    assert not claimed(SCRIPT, "tests/test_analyse.py")


def test_an_analysis_declares_nothing() -> None:
    file = File(SCRIPT, 1, "python", "a.py")
    reading = read([parse(file)], Document(SCRIPT, (), (), (file,)))
    assert [*reading.resources, *reading.assets, *reading.references, *reading.symbols] == []
