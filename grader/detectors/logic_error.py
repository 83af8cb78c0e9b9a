"""Code that is built and then does not do its work: functions that fail on their first call, alarms that watch nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.detectors._lost_wiring import bare_metrics, lost_environments
from grader.detectors._run_time import hosts_with_ports, unset_variables, without_effect
from grader.facts.functions import Function, functions, line_of
from grader.facts.metrics import ACCOUNT_WIDE, DIMENSIONS, metrics
from grader.facts.programs import node_modules, parsed, python_modules, unbound
from grader.model.hits import Hit
from grader.model.kinds import Kind
from grader.model.values import fold, known

if TYPE_CHECKING:
    from grader.facts.programs import Lack
    from grader.model.solutions import Pair, Solution


@detector(Kind.LOGIC_ERROR)
def logic_error(pair: Pair) -> Iterator[Hit]:
    """A function that fails on its first call, a metric that no service publishes, a deployment whose input nothing writes.

    Everything is created, and what it was created for does not happen.

    Not flagged: functions with layers, as far as modules go; imports inside `try`; names of code that is only partly known; metrics
    that a service publishes for the whole account.

    Example: `Handler: index.lambda_handler` over code that defines `handler`.
    """
    answer = pair.answer
    for one in functions(answer):
        hit = _handler(one)
        if hit is not None:
            yield hit
        if one.inline:
            yield from _program(one, answer)
    yield from _metrics(answer)
    yield from _images(answer)
    yield from unset_variables(answer)
    yield from hosts_with_ports(answer)
    yield from without_effect(answer)
    yield from lost_environments(answer)
    yield from bare_metrics(answer)


def _handler(one: Function) -> Hit | None:
    if one.handler.count(".") != 1 or one.language not in {"python", "nodejs"}:
        return None
    module, name = one.handler.split(".")
    owner = one.resource.name or one.resource.binding
    if module.rsplit("/", 1)[-1] != one.module:
        said = f"`{owner}` has the handler `{one.handler}`, but code that stands in the template is the file `{one.module}`"
    elif not re.search(rf"\b{re.escape(name)}\b", one.code):
        said = f"`{owner}` has the handler `{one.handler}`, and its code does not define `{name}`"
    else:
        return None
    return Hit(
        said,
        at=one.handler_at,
        entity=f"{owner} {one.handler}",
        entities=(one.handler, owner, name),
        cause="handler",
        variant="handler",
        note=f"the code is `{one.module}`" if module != one.module else f"no `{name}` in the code",
        seek=("handler", "Handler"),
        facts={"handler": one.handler, "owner": owner},
    )


def _program(one: Function, answer: Solution) -> Iterator[Hit]:
    owner = one.resource.name or one.resource.binding
    if one.language == "nodejs" and not one.layered:
        for lack in node_modules(one.code, one.version[0]):
            why = f"the runtime nodejs{one.version[0]}.x does not bring it" if one.version[0] else "no Node.js runtime brings it"
            yield _lack(one, lack, "module", f"the code of `{owner}` loads `{lack.name}`; {why}, and nothing packages it", answer)
    tree = parsed(one.code) if one.language == "python" else None
    if tree is None:
        return
    if not one.layered:
        for lack in python_modules(tree):
            yield _lack(
                one, lack, "module", f"the code of `{owner}` imports `{lack.name}`; no Python runtime brings it, and nothing packages it", answer
            )
    if one.whole:
        for lack in unbound(tree):
            yield _lack(one, lack, "undefined", f"the code of `{owner}` uses `{lack.name}` and defines it nowhere", answer)


def _lack(one: Function, lack: Lack, variant: str, said: str, answer: Solution) -> Hit:
    owner = one.resource.name or one.resource.binding
    return Hit(
        said,
        at=line_of(one, lack.line, answer),
        entity=lack.name,
        entities=(owner,),
        cause=f"{variant} {lack.name}",
        variant=variant,
        note=f"`{lack.name}` is not there",
        seek=(owner,),
        facts={"name": lack.name, "owner": owner, "runtime": one.language},
    )


def _metrics(answer: Solution) -> Iterator[Hit]:
    for one in metrics(answer):
        needed = DIMENSIONS.get(one.namespace)
        if needed and not one.dimensioned and one.name not in ACCOUNT_WIDE:
            yield Hit(
                f"the metric `{one.name}` of `{one.namespace}` has no dimension `{needed}`, and the service publishes none without",
                at=one.span,
                entity=f"{one.namespace} {one.name}",
                entities=(one.name, one.namespace, needed, "dimensions", *([one.binding] if one.binding else [])),
                cause=f"no dimension {needed}",
                variant="no-dimension",
                note=f"no `{needed}`",
                seek=("dimensions", "dimensionsMap", "Dimensions", needed),
                facts={"metric": one.name, "namespace": one.namespace, "dimension": needed},
            )
        if one.namespace == "AWS/DynamoDB" and one.name == "UserErrors" and "throttl" in one.binding.lower():
            alarm = one.binding.removeprefix("resource.")
            yield Hit(
                f"`{alarm}` watches `UserErrors`, which does not count throttled requests",
                at=one.span,
                entity=alarm,
                entities=("UserErrors", "ThrottledRequests", "ReadThrottleEvents"),
                cause="wrong metric",
                variant="wrong-metric",
                note="counts requests with HTTP status 400 other than throttling",
                seek=("ThrottledRequests", "ReadThrottleEvents"),
                facts={"metric": "UserErrors"},
            )


def _images(answer: Solution) -> Iterator[Hit]:
    """ECS deployments that read `imagedefinitions.json` where the build specification of the answer never writes it."""
    texts = answer.texts
    if sum("imagedefinitions" in said.text for said in texts) != 1 or not any("phases" in said.text for said in texts):
        return
    for key, text, value, _ in texts:
        if fold(key) == "filename" and text == "imagedefinitions.json" and known(value) is not None:
            yield Hit(
                "the deployment reads `imagedefinitions.json`, and no build specification of the answer writes it",
                at=value.span,
                entity="imagedefinitions.json",
                entities=("BuildSpec", "FileName"),
                variant="unwritten",
                note="read here, written nowhere",
                seek=("BuildSpec", "buildSpec", "buildspec"),
                facts={"file": "imagedefinitions.json"},
            )
