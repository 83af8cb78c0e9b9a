"""IAM actions: which exist, which take no resource but `*`, and which managed policies of AWS reach a whole service."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from grader.catalog import row

_BROAD = re.compile(r"^\w*FullAccess(?:V2)?$|^(?:AWSCodeBuild(?:Developer|Admin)Access|AWSCodeDeployDeployerAccess|AWSCodePipelineFullAccess)$")
_WHOLE = frozenset(
    "SecretsManagerReadWrite AmazonEC2ContainerRegistryPowerUser DatabaseAdministrator SystemAdministrator NetworkAdministrator".split()
)


@cache
def _unscoped() -> dict[str, frozenset[str]]:
    data = json.loads((files("grader.facts") / "iam.json").read_text("utf-8"))
    return {service: frozenset(actions.split()) for service, actions in data["unscoped"].items()}


@lru_cache(maxsize=4096)
def takes_resource(action: str) -> bool | None:
    """Whether a single action can be limited to resources (Service Authorization Reference); None for a pattern or an action that is not listed."""
    service, _, name = action.lower().partition(":")
    known = _unscoped().get(service)
    if known is None or not name or "*" in name or "?" in name:
        return None
    if name in known:
        return False
    return True if name in _actions(service) and f"{service}:{name}" != "logs:describeloggroups" else None


@lru_cache(maxsize=1024)
def unscoped_part(pattern: str) -> tuple[int, int]:
    """(actions that take no resource but `*`, all actions) that a pattern such as `ec2:Describe*` stands for; (0, 0) where nothing is known of it."""
    service, _, name = pattern.lower().partition(":")
    known = _unscoped().get(service)
    if known is None or not name:
        return 0, 0
    meant = fnmatch.filter(_actions(service), name)
    return sum(1 for one in meant if one in known), len(meant)


def is_broad_policy(name: str) -> bool:
    """Whether a managed policy of AWS gives write access to a whole service on every resource (AWS Managed Policy Reference)."""
    return name in _WHOLE or _BROAD.match(name) is not None


@lru_cache(maxsize=256)
def _actions(service: str) -> tuple[str, ...]:
    found = row("values", f"iam {service}")
    return tuple(found[0]) if found else ()  # type: ignore[arg-type] # the stored form, checked by the tests


@cache
def managed_policies() -> Mapping[str, str]:
    """AWS's managed policies that can be attached: path and name by the name alone (AWS managed policy reference, by way of iam-floyd)."""
    lines = (files("grader.facts") / "managed_policies.txt").read_text("utf-8").split("\n")
    return {line.rpartition("/")[2]: line for line in lines if line and line[0] != "#"}


_WORDS = re.compile(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*")
_FILLERS = frozenset({"AWS", "Amazon", "Role", "Policy", "Service", "For", "for", "Access"})
"""Words that tell no two policies apart."""


@lru_cache(maxsize=256)
def like_policy(name: str) -> str:
    """The managed policy whose name has the same words as one that does not exist, with its path; empty where none has."""
    known = managed_policies()
    words = frozenset(_WORDS.findall(name))
    near = (one for one in get_close_matches(name, known, n=5, cutoff=0.75) if words ^ frozenset(_WORDS.findall(one)) <= _FILLERS)
    return known[found] if (found := next(near, None)) else ""
