"""Documents of data that belong to no tool of infrastructure: settings of tools, manifests, policies, events, examples of output.

They are claimed so that they count as read: `package.json`, `tsconfig.json`, `cdk.json`, `Pulumi.yaml`, compose files, Kubernetes manifests,
OpenAPI documents, policies; values of Terraform variables (`terraform.tfvars.example`), settings of tools in JavaScript (`jest.config.js`).
Such a file never names the dialect of an answer, and gives no resources.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.frontends import Reading, cloudformation, pipelines, terraform
from grader.model.values import Fields, Items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Unit

FRAMEWORK = "config"
SUPPORTING = True
NAMES_DIALECT = False
_TOOL = re.compile(r"(?:^|/)[\w.-]+\.config\.[cm]?[jt]s$")


def claims(unit: Unit) -> bool:
    """Whether a file is a document of data, and neither a template nor a pipeline."""
    if unit.file.language == "hcl":
        return not terraform.claims(unit) and bool(unit.bindings)
    if unit.file.language in {"typescript", "javascript"}:
        return _TOOL.search(unit.file.name or "") is not None
    if unit.file.language not in {"yaml", "json"} or not any(isinstance(one.value, Fields | Items) for one in unit.bindings):
        return False
    return not cloudformation.claims(unit) and not pipelines.claims(unit)


def read(units: Sequence[Unit], document: Document) -> Reading:
    """Nothing: data declares no resources."""
    del units, document
    return Reading()
