"""Policies that allow more than their user needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.policies import Wider, wider
from grader.detectors import detector
from grader.detectors._bans import forbidden_wildcards, wide_policies
from grader.detectors._iam_scope import broad_policies, every_resource
from grader.facts.policies import Statement, statements
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span

_ADMIN = re.compile(r"(?:^|/)(AdministratorAccess|PowerUserAccess|IAMFullAccess)$")
_UNSCOPED = frozenset("ssmmessages ec2messages support trustedadvisor ce cur health pricing tag aws-portal".split())
"""Services whose actions take no resource but `*` (Service Authorization Reference)."""
_SERVICE = re.compile(r"^([a-z0-9-]+):\*$")


@detector(Kind.IAM_OVERPERMISSIVE)
def iam_overpermissive(pair: Pair) -> Iterator[Hit]:
    """An allow of every action, of a whole service or of single actions on every resource, a broad policy, a trust of everyone; more than the ideal allows.

    Whoever gets hold of the role can do far more than its task.

    Not flagged: key policies and other resource policies that name principals; statements with conditions; denies; actions
    that AWS offers only on `*`, that only describe or list, or that make network interfaces for a function. Beside the ideal: what it allows anywhere; actions that code of the answer calls or the prompt names; ideals that give
    permissions by methods.

    Example: `Action: "*"` with `Resource: "*"`.
    """
    for one in statements(pair.answer):
        found = _judged(one)
        if found is not None:
            variant, actions, said = found
            yield _hit(variant, actions, said, one)
    judged = {one.span for one in statements(pair.answer) if _judged(one) is not None}
    forbidden = [hit for hit in forbidden_wildcards(pair) if not any(span.touches(hit.at) for span in judged if hit.at is not None)]
    yield from forbidden
    yield from wide_policies(pair)
    for text, span in _managed(pair.answer):
        yield Hit(
            f"the managed policy `{text}` is attached",
            at=span,
            entity=text,
            entities=(),
            cause="administrator policy",
            variant="managed-admin",
            note=f"`{text}` reaches far beyond one task",
            seek=("managedPolicies", "ManagedPolicyArns", "policy_arn"),
            facts={"actions": (text,)},
        )
    told: set[tuple[str, Span]] = set()
    for regression in wider(pair):
        told.update((name, regression.at) for name in regression.what)
        yield _regression(regression)
    for hit in (*every_resource(pair.answer), *broad_policies(pair.answer)):
        if (
            hit.at is not None
            and (hit.entity, hit.at) not in told
            and not any(other.at is not None and hit.at.touches(other.at) for other in forbidden)
        ):
            yield hit


def _regression(one: Wider) -> Hit:
    what = ", ".join(f"`{action}`" for action in one.what[:6])
    said = {
        "everywhere": f"{what} on every resource; the ideal names the resources",
        "whole": f"{what} where the ideal names single actions",
        "further": f"{what}, which the ideal allows nowhere",
        "managed": f"{what} is attached; the ideal does without",
        "trusted": f"{what} may assume `{one.owner}`; in the ideal only {one.instead} may",
    }[one.form]
    return Hit(
        said,
        at=one.at,
        entity=one.what[0],
        entities=tuple(dict.fromkeys((*one.what, one.owner))) if one.owner else one.what,
        cause=f"wider {one.form}",
        variant=one.form,
        proof=Proof.DIFF,
        note=said,
        ideal=(one.ideal,) if one.ideal else (),
        facts={"actions": one.what, "instead": one.instead, "owner": one.owner},
    )


def _judged(one: Statement) -> tuple[str, tuple[str, ...], str] | None:
    """(form, actions, sentence) of a statement that allows too much."""
    if not one.allow or one.conditioned:
        return None
    if one.principals is not None:
        assumes = any(action.lower().startswith("sts:assumerole") for action in one.actions)
        return ("trust", one.actions, "everyone may assume the role") if assumes and "*" in one.principals else None
    if "*" not in one.resources:
        return None
    if "*" in one.actions or "*:*" in one.actions:
        return "all-actions", ("*",), "every action on every resource is allowed"
    services = tuple(action for action in one.actions if (found := _SERVICE.match(action)) and found.group(1) not in _UNSCOPED)
    if services:
        return "service-wildcard", services, f"{', '.join(f'`{action}`' for action in services)} on every resource"
    passes = tuple(action for action in one.actions if action.lower() == "iam:passrole")
    return ("pass-role", passes, "any role may be passed") if passes else None


def _hit(variant: str, actions: tuple[str, ...], said: str, one: Statement) -> Hit:
    return Hit(
        said,
        at=one.span,
        entity=f"{' '.join(actions)} on *" if variant != "trust" else f"trust of * in {one.owner}",
        entities=tuple(dict.fromkeys((*actions, one.owner))) if one.owner else actions,
        cause=variant,
        variant=variant,
        note=said,
        seek=(one.owner.rsplit(".", 1)[-1], *actions, "PolicyStatement"),
        facts={"actions": actions, "resources": one.resources[:5], "principal": "*" if variant == "trust" else ""},
    )


def _managed(answer: Solution) -> Iterator[tuple[str, Span]]:
    for _, text, value, _ in answer.texts:
        found = _ADMIN.search(text) if text.endswith("Access") else None
        if found:
            yield found.group(1), value.span
