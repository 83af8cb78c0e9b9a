"""Actions that policies allow: what the ideal allows and no statement of the answer covers."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, NamedTuple

from grader.facts.policies import statements
from grader.model.values import Call, fold, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span
    from grader.model.values import Value

_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z*?]+$")
_MANAGED = re.compile(r"(?:policy/(?:service-role/)?|[\"'](?:service-role/)?)((?:Amazon|AWS)\w+|\w+(?:Access|ReadOnly))")
_ARN = re.compile(r"^arn:aws[\w-]*:iam::aws:policy/(?:[\w-]+/)*(\w+)$")
_EVERYTHING = re.compile(r"administratoraccess|poweruseraccess|readonlyaccess")
_GRANT = re.compile(r"^grant|^addToPrincipalPolicy$|^connect", re.IGNORECASE)
_SERVED = {
    "awslambdabasicexecutionrole": ("logs",),
    "awslambdavpcaccessexecutionrole": ("ec2",),
    "awsxraydaemonwriteaccess": ("xray",),
    "amazonssmmanagedinstancecore": ("ssm", "ssmmessages"),
    "cloudwatchagentserverpolicy": ("logs", "cloudwatch"),
    "amazonecstaskexecutionrolepolicy": ("ecr", "logs"),
}
"""Policies of AWS, folded, and the services that statements name in their place."""


class Permission(NamedTuple):
    """An action of the ideal that the answer does not allow: its place in the ideal, and where the answer's statements of the service stand."""

    action: str
    ideal: Span
    owner: str
    near: Span | None


def missing_permissions(answer: Solution, ideal: Solution) -> tuple[Permission, ...]:
    """Actions that only the ideal allows and the answer's code never names.

    Nothing where the answer writes no policy, grants by methods, or attaches policies of AWS that may cover the service.
    """
    ours = [one for one in statements(answer) if one.allow]
    if not ours or any(isinstance(value, Call) and _GRANT.match(value.path) for _, value, _ in answer.infrastructure):
        return ()
    text = "\n".join(file.text for file in answer.files if not file.superseded)
    own = [one for one in ours if one.principals is None]
    allowed = {action.lower() for one in own for action in one.actions}
    patterns = [re.compile(fnmatch.translate(one)) for one in allowed if "*" in one or "?" in one]
    managed = " ".join(_MANAGED.findall(text)).lower()
    if _EVERYTHING.search(managed):
        return ()
    near = {service: one.span for one in reversed(own) for action in one.actions if (service := _service(action))}
    found: dict[str, Permission] = {}
    code = text.lower()
    for one in statements(ideal):
        for action in one.actions if one.allow and one.principals is None else ():
            lower, service = action.lower(), _service(action)
            known = lower in code or service in managed or any(pattern.match(lower) for pattern in patterns)
            if service and "*" not in action and lower not in found and not known:
                found[lower] = Permission(action, one.span, one.owner, near.get(service))
    return tuple(found.values())


class Policy(NamedTuple):
    """A policy of AWS that only the ideal attaches: its name and its place in the ideal."""

    name: str
    ideal: Span


def missing_policies(answer: Solution, ideal: Solution) -> tuple[Policy, ...]:
    """Policies of AWS that the ideal attaches, and whose name or service stands nowhere in the answer.

    Nothing where the answer gives permissions by methods, or attaches something broader.
    """
    text = fold("".join(file.text for file in answer.files if not file.superseded))
    if _EVERYTHING.search(text) or any(isinstance(value, Call) and _GRANT.match(value.path) for _, value, _ in answer.infrastructure):
        return ()
    allowed = {_service(action) for one in statements(answer) if one.allow for action in one.actions}
    found: dict[str, Policy] = {}
    for _, value, _ in ideal.infrastructure:
        said = _attached(value)
        word = fold(said)
        if (
            not word
            or word.endswith(("fullaccess", "poweruser", "readonlyaccess"))
            or word in text
            or word in found
            or (answer.framework == "cdk" and word.startswith("awslambda"))
        ):
            continue
        services = _SERVED.get(word) or tuple(service for service in allowed if len(service) > 1 and service in word)
        if not allowed.intersection(services):
            found[word] = Policy(said, value.span)
    return tuple(found.values())


def _attached(value: Value) -> str:
    """The name of a policy of AWS that a value names, empty for anything else."""
    if isinstance(value, Call) and fold(value.path).endswith("awsmanagedpolicyname"):
        texts = [one for arg in (*value.args, *value.keywords.values()) if (one := text_of(arg))]
        return texts[0].rsplit("/", 1)[-1] if texts else ""
    found = _ARN.search(text_of(value) or "")
    return found.group(1) if found else ""


def _service(action: str) -> str:
    return action.partition(":")[0].lower() if _ACTION.match(action) else ""
