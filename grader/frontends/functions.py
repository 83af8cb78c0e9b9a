"""Code that runs in the cloud, and tests: handlers of functions, containers and jobs that use AWS clients. It goes along with infrastructure and declares none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.frontends import Reading, analysis
from grader.model.paths import is_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Unit

FRAMEWORK = "functions"
SUPPORTING = True
NAMES_DIALECT = False
_LANGUAGES = frozenset({"python", "typescript", "javascript", "go", "java"})
_INFRASTRUCTURE = re.compile(
    r"aws[-_]cdk|@?cdktf|constructs|@?pulumi|troposphere|samtranslator|imports(?:[./]|$)|software\.(?:amazon\.awscdk|constructs)|com\.(?:pulumi|hashicorp\.cdktf)|"
    r"github\.com/(?:aws/(?:aws-cdk-go|constructs-go)|pulumi|hashicorp/terraform-cdk-go|cdktf)"
)
_RUNTIME = re.compile(
    r"boto3|botocore|aioboto3|cfnresponse|aws_lambda_powertools|crhelper|aws-sdk|@aws-sdk/|aws-lambda|@aws-lambda-powertools/|express|https?$|node:|"
    r"github\.com/aws/(?:aws-lambda-go|aws-sdk-go)|com\.amazonaws\.services\.lambda|software\.amazon\.awssdk"
)
_HANDLER = re.compile(
    r"^[ \t]*(?:async )?def \w*(?:handler|on_event|main)\(|\bexports\.\w*[hH]andler\s*=|\bexport\s+(?:const|(?:async\s+)?function)\s+\w*[hH]andler\b|"
    r"\blambda\.Start\(|\bhandleRequest\s*\(|^func main\(\)",
    re.MULTILINE,
)


def claims(unit: Unit) -> bool:
    """A test, or a file that uses AWS clients or defines a handler and imports no library of infrastructure."""
    if unit.file.language not in _LANGUAGES:
        return False
    if is_test(unit.file.name):
        return True
    if not unit.file.whole or any(_INFRASTRUCTURE.match(one.module) for one in unit.imports) or analysis.claims(unit):
        return False
    return any(_RUNTIME.match(one.module) for one in unit.imports) or _HANDLER.search(unit.file.text) is not None


def read(units: Sequence[Unit], document: Document) -> Reading:
    """Nothing: it runs in what the infrastructure declares."""
    del units, document
    return Reading()
