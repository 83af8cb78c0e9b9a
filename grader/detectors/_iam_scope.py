"""Statements that name single actions on every resource, and managed policies that reach a whole service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.facts.iam import is_broad_policy, takes_resource
from grader.facts.policies import HOLE, Statement, statements
from grader.model.hits import Hit
from grader.model.values import Call, Known, Name, Template, fold, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span

_UNAVOIDABLE = frozenset(
    "ec2:createnetworkinterface ec2:deletenetworkinterface ec2:assignprivateipaddresses ec2:unassignprivateipaddresses ec2:createtags "
    "ec2:attachnetworkinterface ec2:detachnetworkinterface sts:tagsession ecs:describeclusters iam:passrole iam:createservicelinkedrole "
    "elasticloadbalancing:describetags cloudwatch:describealarms".split()
)
"""Actions whose documentation itself uses `*` (network interfaces of Lambda and ECS are made by the service), or that another form tells."""
_READS = re.compile(r":(?:Describe|List)")
_LOGS = re.compile(rf"^arn:(?:aws[a-z-]*|{HOLE}|\*):logs:[^:]*:[^:]*:(?:\*|log-group:(?:\*|/\*)(?::\*|:log-stream:\*)?)$")
_MANAGED = re.compile(r":policy/(?:[\w-]+/)*(\w+)$")


def every_resource(answer: Solution) -> Iterator[Hit]:
    """Single actions allowed on `*` although they can be limited to resources; actions of CloudWatch Logs on every log group."""
    for one in statements(answer):
        if not one.allow or one.conditioned or one.principals is not None:
            continue
        if one.resources and all(_LOGS.match(text) for text in one.resources):
            for action in one.actions:
                if action.lower().startswith("logs:") and takes_resource(action):
                    yield _hit(one, action, "every-log-group", f"`{action}` on every log group (`{one.resources[0].replace(HOLE, '…')}`)")
        elif "*" in one.resources and not any(action.endswith(":*") or action == "*" for action in one.actions):
            for action in one.actions:
                if takes_resource(action) and action.lower() not in _UNAVOIDABLE and not _READS.search(action):
                    yield _hit(one, action, "every-resource", f"`{action}` on `*`, though it can be limited to resources")


def _hit(one: Statement, action: str, variant: str, said: str) -> Hit:
    return Hit(
        said,
        at=one.span,
        entity=action,
        entities=tuple(name for name in (one.owner, *one.owner.rsplit(".", 1)[-1:]) if name),
        cause=variant,
        variant=variant,
        note=f"resources {', '.join(f'`{text}`' for text in one.resources[:2])}".replace(HOLE, "…"),
        seek=(action, one.owner.rsplit(".", 1)[-1]),
        facts={"resource": one.resources[0].replace(HOLE, "…")},
    )


def broad_policies(answer: Solution) -> Iterator[Hit]:
    """Managed policies of AWS that give a whole service, where they are attached."""
    seen: set[tuple[str, Span]] = set()
    for key, value, _ in answer.infrastructure:
        name = ""
        if isinstance(value, Known | Template):
            found = _MANAGED.search(text_of(value) or "")
            name = found.group(1) if found else (text_of(value) or "") if answer.framework == "cfn" and fold(key) == "policies" else ""
        elif isinstance(value, Call) and fold(value.path).endswith("fromawsmanagedpolicyname"):
            given = next((text for one in (*value.args, *value.keywords.values()) if (text := text_of(one))), "")
            name = given.rsplit("/", 1)[-1]
        elif isinstance(value, Name) and "ManagedPolicy." in value.path and value.module:
            name = value.path.rsplit(".", 1)[-1]
        if name and is_broad_policy(name) and name != "IAMFullAccess" and (name, value.span) not in seen:
            seen.add((name, value.span))
            yield Hit(
                f"the managed policy `{name}` is attached",
                at=value.span,
                entity=name,
                cause="broad policy",
                variant="managed-broad",
                note=f"`{name}` covers every resource of its service",
                seek=("managedPolicies", "ManagedPolicyArns", "policy_arn"),
                facts={"actions": (name,)},
            )
