"""Terraform: resources with resolved properties, and the local files that a plan or apply reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.frontends._terraform_assets import Assets
from grader.languages.hcl.blocks import TERRAFORM
from grader.languages.hcl.constants import constants
from grader.languages.hcl.modules import is_terraform, is_values, layout
from grader.model.solutions import Resource
from grader.model.values import Fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Unit

FRAMEWORK = "tf"

_DECLARING = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}


def claims(unit: Unit) -> bool:
    """Whether a file of HCL holds blocks of Terraform or values for its variables; Packer, Nomad and Terragrunt have other blocks."""
    return unit.file.language == "hcl" and is_terraform(unit)


def read(units: Sequence[Unit], document: Document) -> Reading:
    """Resources and data sources with their properties resolved, and assets.

    `Resource.binding` is the address that other code uses (`aws_s3_bucket.main`, `data.aws_ami.this`), `owner` the module's folder,
    empty for the root module.
    """
    del document
    given = [unit for unit in units if not unit.file.superseded]
    modules = layout(given)
    known = constants(given, modules)
    resources: list[Resource] = []
    found = Assets(modules)
    for unit in given:
        if is_values(unit):
            continue
        scope = modules.scope(unit)
        for binding in unit.bindings:
            block = binding.value
            if not isinstance(block, Fields) or block.type not in TERRAFORM:
                continue
            kind, _, rest = binding.name.partition(".")
            type_, _, name = rest.partition(".")
            if kind in _DECLARING and name:
                address = f"{_DECLARING[kind]}{type_}.{name}"
                resolved = found.block(type_, address, block, known, unit)
                data = kind != "resource"
                resources.append(Resource(type_, name, resolved.fields, binding.span, unit.file, data, binding.many, address, scope))
            else:
                found.block("", binding.name, block, known, unit)
    assets, unresolved = found.result()
    return Reading(tuple(resources), tuple(assets), unresolved=tuple(unresolved))
