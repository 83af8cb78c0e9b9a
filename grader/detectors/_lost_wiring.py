"""What is given and goes nowhere: an environment that a stack does not hand on, metrics of a dashboard without the dimension they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.facts.metrics import ACCOUNT_WIDE, DIMENSIONS
from grader.model.hits import Hit
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Call, Name

if TYPE_CHECKING:
    from grader.model.solutions import Binding, Solution

_METRIC = re.compile(rf"\[\s*\\?[\"']({'|'.join(DIMENSIONS)})\\?[\"']\s*,\s*\\?[\"'](\w+)\\?[\"']\s*(?:\]|,\s*\{{)")
"""A metric of a dashboard's body that ends, or goes on with its rendering, right after its name (CloudWatch API reference, dashboard body structure)."""
_CLASS = re.compile(r"class\s+(\w+)(?:\s+extends\s+|\()(?:[\w.]+\.)?Stack\b")
_PASSES = re.compile(r"props|\benv\b|\.\.\.|options|(?<!kw)args|config")
_ENV = re.compile(r"\benv\s*[:=]")


def lost_environments(answer: Solution) -> Iterator[Hit]:
    """Stacks that are made with `env` and call the constructor of `Stack` without it: they are deployed to whatever account and region are current."""
    if answer.framework != "cdk" or answer.language not in {"typescript", "javascript", "python"}:
        return
    stacks = {name for file in answer.claimed if not is_test(file.name) for name in _CLASS.findall(file.text)}
    for name in sorted(stacks):
        up = [
            binding
            for binding in answer.bindings
            if binding.owner in {f"{name}.constructor", f"{name}.__init__"}
            and isinstance(binding.value, Call)
            and binding.value.path in {"super", "__init__"}
        ]
        if len(up) != 1 or _PASSES.search(answer.document.quote(up[0].span)):
            continue
        handed = "kwargs" in answer.document.quote(up[0].span)
        made = next((one for one in answer.bindings if _makes(one, name, answer, apart=handed)), None)
        if made is not None:
            yield Hit(
                f"`{name}` calls `super` without `env`, which line {made.span.line} gives it",
                at=up[0].span,
                entity=name,
                entities=("env", "super", "props", "TapStackProps"),
                cause=f"lost env {name}",
                variant="lost-env",
                note="nothing of `env` is handed on",
                seek=("super", name),
                facts={"stack": name, "given": made.span.line},
            )


def _makes(binding: Binding, name: str, answer: Solution, *, apart: bool) -> bool:
    """Whether a statement makes the stack and gives it an environment, directly or by a variable; `apart` where keywords are handed on, so that only one inside `props` is lost."""
    value = binding.value
    if not isinstance(value, Call) or value.path != name or is_test(binding.file.name):
        return False
    if _ENV.search(answer.document.quote(binding.span)):
        return not apart
    given = [value.keywords["props"]] if apart and "props" in value.keywords else [] if apart else [*value.args, *value.keywords.values()]
    names = {one.path for one in given if isinstance(one, Name)}
    return any(
        one.name in names and one.file is binding.file and _ENV.search(answer.document.quote(one.span))
        for one in answer.bindings
        if one.name in names
    )


def bare_metrics(answer: Solution) -> Iterator[Hit]:
    """Metrics of dashboards that name no dimension, of services that publish none without."""
    for file in answer.claimed:
        if file.superseded or is_test(file.name) or "AWS/" not in file.text:
            continue
        for found in _METRIC.finditer(file.text):
            namespace, metric = found.group(1), found.group(2)
            if metric in ACCOUNT_WIDE:
                continue
            line = file.line + file.text.count("\n", 0, found.start())
            needed = DIMENSIONS[namespace]
            yield Hit(
                f"the metric `{metric}` of `{namespace}` in a dashboard has no dimension `{needed}`, and the service publishes none without",
                at=Span(line, line),
                entity=f"{namespace} {metric}",
                entities=(metric, namespace, needed, "dimensions", "dashboardBody", "Dashboard"),
                cause=f"no dimension {needed}",
                variant="drawn-without-dimension",
                note=f"no `{needed}`",
                seek=(needed, "dashboardBody", "DashboardBody", "dashboard_body"),
                facts={"metric": metric, "namespace": namespace, "dimension": needed},
            )
