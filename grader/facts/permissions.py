"""Actions that policies allow: what the ideal allows and no statement of the answer covers."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, NamedTuple

from grader.facts.policies import statements
from grader.model.values import Call

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span

_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z*?]+$")
_MANAGED = re.compile(r"(?:policy/(?:service-role/)?|[\"'](?:service-role/)?)((?:Amazon|AWS)\w+|\w+(?:Access|ReadOnly))")
_EVERYTHING = re.compile(r"administratoraccess|poweruseraccess|readonlyaccess")
_GRANT = re.compile(r"^grant|^addToPrincipalPolicy$|^connect", re.IGNORECASE)


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


def _service(action: str) -> str:
    return action.partition(":")[0].lower() if _ACTION.match(action) else ""
