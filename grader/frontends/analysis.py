"""Python scripts that inspect or optimise what already runs in an account, through AWS clients: they declare no resources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.frontends import Reading
from grader.model.documents import Document
from grader.model.paths import is_test
from grader.model.solutions import Category, Unit
from grader.model.values import Known, Name, Unknown

FRAMEWORK = "analysis"
SUPPORTING = True
_CLIENTS = ("boto3", "aioboto3", "botocore")
_INFRASTRUCTURE = re.compile(r"^(aws_cdk|cdktf|constructs|imports|pulumi|troposphere|samtranslator)($|[._])|^(cdktf_|pulumi_)")
_HANDLER = re.compile(r"^(?:.*_)?handler$|^on_event$")


def claims(unit: Unit) -> bool:
    """A script, or a module of classes, that uses AWS clients.

    Never a test, a program of another framework, or the module of a function (`def handler(event, context)`) that is not a script too.
    """
    if unit.file.language != "python" or is_test(unit.file.name):
        return False
    modules = {one.module for one in unit.imports}
    if not any(one.split(".", 1)[0] in _CLIENTS for one in modules) or any(_INFRASTRUCTURE.match(one) for one in modules):
        return False
    if _runs_itself(unit):
        return True
    handler = any(one.category is Category.FUNCTION and _HANDLER.match(one.name) for one in unit.symbols)
    return not handler and any(one.category is Category.TYPE or one.name == "main" for one in unit.symbols)


def read(units: Sequence[Unit], document: Document) -> Reading:  # noqa: ARG001 - the shape of a front end
    """Nothing: such a script creates no resources and packages no files."""
    return Reading()


def _runs_itself(unit: Unit) -> bool:
    """Whether the file asks at its top level if it is run as a program: `if __name__ == "__main__"`."""
    return any(
        isinstance(value, Unknown)
        and {part.value for part in value.parts if isinstance(part, Known)} == {"__main__"}
        and any(isinstance(part, Name) and part.path == "__name__" for part in value.parts)
        for value in (one.value for one in unit.bindings if not one.owner)
    )
