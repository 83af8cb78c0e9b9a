"""What code meets when it runs: variables of its environment that nothing sets, hosts with a port, permissions that take no resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.facts.functions import Function, functions, line_of
from grader.facts.iam import takes_resource, unscoped_part
from grader.facts.policies import HOLE, statements
from grader.knowledge.types import canonical
from grader.model.hits import Hit
from grader.model.values import Call, Fields, Items, Name, Template, Value, fold, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Solution

_PYTHON = re.compile(r"os\.environ\[\s*['\"](\w+)['\"]\s*\](?!\s*=[^=])|os\.(?:environ\.get|getenv)\(\s*['\"](\w+)['\"]\s*\)(?!\s*or\b)")
_NODE = re.compile(r"process\.env(?:\.(\w+)|\[\s*['\"](\w+)['\"]\s*\])(?!\s*(?:\|\||\?\?|\?[^.]|=[^=]|&&|\w|\)\s*(?:\|\||\?\?)))")
_PROVIDED = re.compile(
    r"^(?:AWS_|_|LAMBDA_)|^(?:TZ|PATH|LANG|HOME|PWD|USER|PYTHONPATH|NODE_PATH|NODE_ENV|NODE_OPTIONS|LD_LIBRARY_PATH|DEBUG|LOG_LEVEL|POWERTOOLS_\w+)$"
)
"""What the runtime sets itself (Lambda developer guide, environment variables), and what code lives without."""
_HOST = re.compile(r"(?:^|db|database|rds|postgres|pg|mysql|master|writer|primary)host(?:name)?$")

_ASKED_ON_ALL = frozenset("ec2 autoscaling elasticloadbalancing cloudwatch xray ecr".split())
"""Services that ask for `*` itself where an action takes no resource; others ask for `arn:aws:s3:::*` or `table/*`, which a pattern may cover."""


def unset_variables(answer: Solution) -> Iterator[Hit]:
    """Variables that a function's code reads and its environment does not hold."""
    texts = [file.text for file in answer.claimed]
    if any(word in text for text in texts for word in ("addEnvironment", "add_environment", "AddEnvironment", "Globals:", '"Globals"')):
        return
    for one in functions(answer):
        held = _environment(one, answer)
        if held is None or not one.whole:
            continue
        for name, number in _reads(one):
            if name not in held and not _PROVIDED.match(name):
                owner = one.resource.name or one.resource.binding
                yield Hit(
                    f"the code of `{owner}` reads `{name}` from its environment, and nothing sets it",
                    at=line_of(one, number, answer),
                    entity=f"{owner} {name}",
                    entities=(name, owner, "Environment", "environment"),
                    cause=f"environment {owner}",
                    variant="unset-variable",
                    note=f"`{name}` is not set",
                    seek=(name, "Environment", "environment"),
                    facts={"owner": owner, "name": name, "held": tuple(sorted(held))[:8]},
                )


def _environment(one: Function, answer: Solution) -> frozenset[str] | None:
    """The names that a function's environment holds, None where they cannot be told."""
    value = look_up(one.resource.properties, "environment")
    if value is None:
        quoted = answer.document.quote(one.resource.span)
        whole = "lambda" in one.resource.type.lower() and "..." not in quoted and "**" not in quoted and not one.layered
        return frozenset() if one.inline and whole and not re.search(r"environment|dynamic", quoted, re.IGNORECASE) else None
    fields = value
    for _ in range(2):
        if isinstance(fields, Items) and len(fields.items) == 1:
            fields = fields.items[0]
        inner = (
            look_up(fields.fields, "variables")
            if isinstance(fields, Fields)
            else look_up(fields.keywords, "variables")
            if isinstance(fields, Call)
            else None
        )
        fields = inner if inner is not None else fields
    if not isinstance(fields, Fields) or not fields.complete or any(not re.fullmatch(r"['\"]?\w+['\"]?", key) for key in fields.fields):
        return None
    return frozenset(key.strip("'\"") for key in fields.fields)


def _reads(one: Function) -> Iterator[tuple[str, int]]:
    """(name, line of the code) of the variables that the code needs, each at its first place."""
    pattern = _PYTHON if one.language == "python" else _NODE if one.language == "nodejs" else None
    seen: set[str] = set()
    for found in pattern.finditer(one.code[:60_000]) if pattern else ():
        name = found.group(1) or found.group(2)
        if name not in seen and f"'{name}' in os.environ" not in one.code and f'"{name}" in os.environ' not in one.code:
            seen.add(name)
            yield name, one.code.count("\n", 0, found.start()) + 1


def hosts_with_ports(answer: Solution) -> Iterator[Hit]:
    """`endpoint` of a database instance, which is `address:port` (Terraform and Pulumi, aws_db_instance), where a host is wanted."""
    if answer.framework not in {"tf", "cdktf", "pulumi"}:
        return
    made = {
        one.binding: one
        for one in answer.resources
        if one.binding and canonical(one.type).service == "rds" and canonical(one.type).noun in {"instance", "dbinstance"}
    }
    for key, value, _ in answer.infrastructure if made else ():
        one = _single(value)
        if one is None or not _HOST.search(fold(key)):
            continue
        owner, _, last = one.path.rpartition(".")
        resource = made.get(owner) or made.get(owner.removeprefix("self.").removeprefix("this."))
        if resource is not None and last == "endpoint" and "cluster" not in resource.type.lower():
            yield Hit(
                f"`{key}` is `{one.path}`, which is the address with the port: a host takes `address`",
                at=one.span,
                entity=one.path,
                entities=(key, resource.name, "endpoint", "address"),
                cause="port in host",
                variant="port-in-host",
                note="`address:port`",
                seek=(key, "address"),
                facts={"key": key, "value": one.path},
            )


def _single(value: Value) -> Name | None:
    if isinstance(value, Template) and len(value.parts) == 1:
        value = value.parts[0]
    return value if isinstance(value, Name) else None


def without_effect(answer: Solution) -> Iterator[Hit]:
    """Actions that take no resource but `*`, in statements that name ARNs: they are never allowed (Service Authorization Reference)."""
    for one in statements(answer):
        if not one.allow or one.principals is not None or not one.resources:
            continue
        for action in one.actions:
            service = action.partition(":")[0].lower()
            if not all(_is_arn(text, service) for text in one.resources):
                continue
            free, meant = unscoped_part(action) if action.endswith("*") and ":" in action else (0, 0)
            if takes_resource(action) is False:
                said = f"`{action}` can only be allowed on `*`, and line {one.span.line} limits it to ARNs"
            elif meant > 2 and free >= 0.8 * meant and re.search(r":(?:Describe|List)\*$", action):
                said = (
                    f"`{action}` stands for {meant} actions, of which {free} can only be allowed on `*`, and line {one.span.line} limits it to ARNs"
                )
            else:
                continue
            shown = one.resources[0].replace(HOLE, "…")
            yield Hit(
                said,
                at=one.span,
                entity=action,
                entities=tuple(name for name in (one.owner, *one.owner.rsplit(".", 1)[-1:]) if name),
                cause="actions without effect",
                variant="no-effect",
                note=f"limited to `{shown}`",
                seek=(action,),
                facts={"actions": (action,), "resource": shown},
            )


def _is_arn(text: str, service: str) -> bool:
    """Whether a resource of a statement is surely an ARN that `*` is not: services of which a type alone may be asked for need a name in it."""
    if text.startswith(HOLE):
        return len(text) > 1 and service in _ASKED_ON_ALL
    parts = text.split(":", 5)
    return len(parts) == 6 and parts[5] != "*" and (service in _ASKED_ON_ALL or re.search(r"[/:][^*:/][^*]*$", parts[5]) is not None)
