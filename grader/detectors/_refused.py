"""What AWS refuses although each setting by itself is well formed, and managed policies that AWS does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.facts.iam import like_policy, managed_policies
from grader.facts.refusals import refusals
from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.spans import Span
from grader.model.values import Call, Known, fold, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Solution

_MANAGED = re.compile(r"^arn:[^:]*:iam::aws:policy/([\w/+=,.@-]+)$")


def refused(answer: Solution) -> Iterator[Hit]:
    """One hit for each setting that a service does not take."""
    for one in refusals(answer):
        yield Hit(
            one.said,
            at=Span(one.at.line, min(one.at.end_line, one.at.line + 3)),
            entity=one.entity,
            entities=one.names,
            cause=f"refused {one.rule}",
            variant="refused",
            stops=Stage.DEPLOY,
            note=one.said,
            seek=one.names[-2:],
            facts={"right": one.right},
        )


def invented_policies(answer: Solution) -> Iterator[Hit]:
    """Managed policies of AWS that do not exist, or exist under another path."""
    seen: set[tuple[str, Span]] = set()
    known = managed_policies()
    for _, value, _ in answer.infrastructure:
        name = ""
        if isinstance(value, Known):
            found = _MANAGED.match(text_of(value) or "")
            name = found.group(1) if found else ""
        elif isinstance(value, Call) and fold(value.path).endswith("fromawsmanagedpolicyname"):
            given = next((text for one in (*value.args, *value.keywords.values()) if isinstance(one, Known) and (text := text_of(one))), "")
            name = given if re.fullmatch(r"[\w/+=,.@-]+", given) else ""
        last = name.rpartition("/")[2]
        if not name or known.get(last) == name or name.startswith("aws-service-role/") or (name, value.span) in seen:
            continue
        seen.add((name, value.span))
        right = known.get(last) or like_policy(last)
        yield Hit(
            f"`{name}` is attached, and AWS has no managed policy of that name"
            if last not in known
            else f"`{name}` is attached, and AWS has it as `{right}`",
            at=value.span,
            entity=name,
            entities=(last, "ManagedPolicyArns", "managedPolicies", "policy_arn"),
            cause="invented policies",
            variant="no-such-policy",
            stops=Stage.DEPLOY,
            note=f"no `{name}`",
            seek=("managedPolicies", "ManagedPolicyArns", "policy_arn"),
            facts={"right": right},
        )
