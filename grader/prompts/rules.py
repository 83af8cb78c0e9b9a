"""Rules that the prompt sets for the whole solution: where secrets are kept, that policies hold no wildcard."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.model.spans import Span
from grader.prompts.sentences import demands

if TYPE_CHECKING:
    from grader.model.solutions import Requirements

_SECRETS = re.compile(
    r"\b(?:secrets?|credentials?|passwords?)\b[^.;]{0,80}\bsecrets? ?manager|secrets? ?manager\*{0,2}[^.;]{0,60}\b(?:secrets?|credentials?|passwords?)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\bor\b|parameter store|\bssm\b|/|optional|\bif\b|\bnot\b|n't\b|\bapi keys?\b|\btokens?\b|\boauth\b|permission|access to|endpoint|encrypt\w* (?:with|using|by) kms keys for|third[- ]party|github",
    re.IGNORECASE,
)
_WILDCARDS = re.compile(
    r"\b(?:no|not|never|avoid|without|don'?t|deny|zero|must not|free of)\b[^.;,]{0,30}(?:wildcards?|[`'\"(]\*[`'\")])(?P<rest>[^.;]{0,60})",
    re.IGNORECASE,
)
_POLICIES = re.compile(r"\b(?:iam|polic(?:y|ies)|permissions?|actions?|resources?|least[- ]privilege|roles?)\b", re.IGNORECASE)
_SOFT = re.compile(r"possible|unless|\bwhere\b|except|cors|origin|certificate|domain|detect|flag|check|import|kms", re.IGNORECASE)


class Rule(NamedTuple):
    """One rule: the sentence that sets it, its place, and whether it is about the actions and the resources of policies."""

    asked: str
    at: Span
    actions: bool = True
    resources: bool = True


@lru_cache(maxsize=8)
def secrets_rule(task: Requirements) -> Rule | None:
    """The sentence that wants credentials in Secrets Manager, without another store to choose."""
    return next((_rule(one.text, one.line) for one in demands(task) if _SECRETS.search(one.text) and not _CHOICE.search(one.text)), None)


@lru_cache(maxsize=8)
def wildcards_rule(task: Requirements) -> Rule | None:
    """The sentence that forbids wildcards in policies, without exception."""
    for one in demands(task):
        found = _WILDCARDS.search(one.text)
        if found and _POLICIES.search(one.text) and not _SOFT.search(one.text):
            actions, resources = "action" in found["rest"].lower(), "resource" in found["rest"].lower()
            return Rule(one.text, Span(one.line, one.line), actions or not resources, resources or not actions)
    return None


def _rule(text: str, line: int) -> Rule:
    return Rule(text, Span(line, line))
