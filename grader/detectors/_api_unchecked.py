"""Modules of libraries that the catalogue does not hold: what an answer takes from them is not checked, and must not be read as right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.detectors._api_jsii import place_of, unknown_module
from grader.model.documents import File
from grader.model.hits import Unchecked
from grader.model.paths import is_test
from grader.model.solutions import Solution

_IMPORTS = {
    "python": re.compile(r"^[ \t]*(?:from|import)[ \t]+([\w.]{2,200})", re.MULTILINE),
    "go": re.compile(r'^[ \t]*(?:import[ \t]+)?(?:\w{1,60}[ \t]+)?"([\w./-]{3,200})"', re.MULTILINE),
    "java": re.compile(r"^import[ \t]+(?:static[ \t]+)?([\w.]{3,200}?)\.(?:[A-Z]\w*(?:\.\w+)*|\*)[ \t]*;", re.MULTILINE),
}
_SCRIPT = re.compile(r"(?:\bfrom|\brequire\()[ \t]*['\"]([\w@./-]{2,200})['\"]")
_FAMILY = re.compile(
    r"@aws-cdk/|@aws-solutions-constructs/|@cdklabs/|cdk-|cdk_|aws_cdk\.|aws-cdk-lib/|aws_solutions_constructs|io\.github\.cdklabs|software\.amazon\.awscdk"
    r"|github\.com/aws/aws-cdk-go/|github\.com/cdklabs/|@cdktf/provider-|cdktf_cdktf_provider_|github\.com/cdktf/|com\.hashicorp\.cdktf\.providers"
    r"|(?:\.{1,2}/)*\.gen/|imports\.|@pulumi/|pulumi_|github\.com/pulumi/|com\.pulumi\."
)
"""Libraries whose names stand in infrastructure code, the held ones among them."""
_HELD = re.compile(
    r"@pulumi/(?:aws|pulumi)(?:/|$)|pulumi_aws(?:\.|$)|github\.com/pulumi/(?:pulumi|pulumi-aws)/sdk/"
    r"|com\.pulumi\.(?:aws|core|resources|asset|deployment|exceptions|Context|Pulumi)\b"
    r"|(?:@cdktf/provider-|cdktf_cdktf_provider_|github\.com/cdktf/cdktf-provider-|com\.hashicorp\.cdktf\.providers\.)"
    r"(?:aws|google|azurerm|kubernetes|helm|random|tls|local|time|archive|null|http|external)\b"
)
_MOST = 5


def unchecked_modules(answer: Solution) -> Iterator[Unchecked]:
    """One note that names the modules, at the first of their imports."""
    claimed = {id(file) for file in answer.claimed}
    found: dict[str, int] = {}
    for file in answer.files:
        if id(file) in claimed and not file.superseded and not is_test(file.name):
            for module, line in _modules(file):
                if _FAMILY.match(module) and not _HELD.match(module) and place_of(module) is None and not unknown_module(module):
                    found.setdefault(module, line)
    if found:
        names = ", ".join(f"`{name}`" for name in list(found)[:_MOST]) + (f" and {len(found) - _MOST} more" if len(found) > _MOST else "")
        yield Unchecked(f"names from {names} are not checked: the catalogue does not hold {'it' if len(found) == 1 else 'them'}", min(found.values()))


def _modules(file: File) -> Iterator[tuple[str, int]]:
    pattern = _SCRIPT if file.language in {"typescript", "javascript"} else _IMPORTS.get(file.language)
    for one in pattern.finditer(file.text) if pattern is not None else ():
        yield one[1], file.line + file.text.count("\n", 0, one.start(1))
