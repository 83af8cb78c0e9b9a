"""What the policies of an answer allow beyond the ideal's: on every resource, more actions, whole services, broad managed policies."""

from __future__ import annotations

import fnmatch
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare, in_pieces
from grader.facts.policies import HOLE, Statement, statements
from grader.model.paths import is_test
from grader.model.values import Call, fold, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span

_ACTION = re.compile(r"([a-z0-9-]+):([A-Za-z*?]+)$")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_READS = re.compile(r"(?:Get|List|Describe|Head|BatchGet|Query|Scan|View|Lookup|Select|Check|Search|Filter)")
_GRANT = re.compile(r"^grant|^connect", re.IGNORECASE)
_BROAD = re.compile(r"(?:^|/|:)((?:Amazon|AWS|Cloud|IAM|Secrets)\w*(?:FullAccess|PowerUser|DeveloperAccess|FullAccess_v2)|SecretsManagerReadWrite)$")
_UNSCOPED = re.compile(
    r":(?:Describe|List)|^cloudwatch:PutMetricData|^ecr:GetAuthorizationToken|^xray:|^ec2:(?:Create|Delete|Unassign|Assign)\w*(?:NetworkInterface|PrivateIp)"
)
"""Actions that take no resource but `*`, or read what every account may read of itself."""
_LOGGING = frozenset({"logs", "xray", "cloudwatch", "ec2", "ssmmessages", "ec2messages", "ecr", "cloudformation"})
"""Services that functions and agents use without a word of code, so that a further action tells nothing."""


class Wider(NamedTuple):
    """A place where the answer allows more: the form, what it allows, what the ideal has instead, the two places, and the statement's owner."""

    form: str
    what: tuple[str, ...]
    instead: str
    at: Span
    ideal: Span | None
    owner: str = ""


def wider(pair: Pair) -> Iterator[Wider]:
    """Every statement and managed policy of the answer that reaches farther than anything of the ideal."""
    comparison = compare(pair)
    if comparison.off or pair.ideal is None:
        return
    yield from _anything(pair.answer, pair.ideal)
    yield from _of_resources(pair.answer, pair.ideal)
    yield from _trusting(pair.answer, pair.ideal)
    ideal = [one for one in statements(pair.ideal) if one.allow and one.principals is None]
    if not ideal:
        return
    by_action: dict[str, list[Statement]] = defaultdict(list)
    for one in ideal:
        for action in one.actions:
            by_action[action.lower()].append(one)
    own = [one for one in statements(pair.answer) if one.allow and one.principals is None and not one.conditioned]
    for one in own:
        yield from _everywhere(one, by_action)
        yield from _whole(one, by_action)
    yield from _further(own, pair, by_action)
    yield from _managed(pair.answer, pair.ideal, by_action)


def _anything(answer: Solution, ideal: Solution) -> Iterator[Wider]:
    """Statements, of identities and of resources alike, that allow every action where no statement of the ideal does."""
    theirs = [one for one in statements(ideal) if one.allow]
    if not theirs or any("*" in one.actions for one in theirs):
        return
    for one in statements(answer):
        if one.allow and "*" in one.actions and "*" not in one.resources:
            like = max(theirs, key=lambda other: len(set(other.resources) & set(one.resources)))
            yield Wider("whole", ("*",), ", ".join(like.actions)[:120], one.span, like.span, one.owner)


def _of_resources(answer: Solution, ideal: Solution) -> Iterator[Wider]:
    """Statements of policies of resources (keys, buckets, endpoints) that allow every action of a service to whom the ideal allows named ones."""
    theirs = [one for one in statements(ideal) if one.allow and one.principals and not _assumes(one)]
    for one in statements(answer):
        wild = _wild(one)
        if not one.allow or not one.principals or not wild or _assumes(one) or any(who.endswith(":root") or "Root" in who for who in one.principals):
            continue  # AWS's own policies give the account everything
        like = [other for other in theirs if other.principals == one.principals and fold(other.owner) == fold(one.owner)]
        if like and not any(map(_wild, like)):
            near = max(like, key=lambda other: len(set(other.actions) & set(one.actions)))
            if wild != ["*"] or "*" in one.resources:  # every action on a named resource is told already
                yield Wider("whole", tuple(wild), ", ".join(near.actions)[:120], one.span, near.span, one.owner)


def _wild(one: Statement) -> list[str]:
    return [action for action in one.actions if action == "*" or action.endswith(":*")]


def _assumes(one: Statement) -> bool:
    return any(action.lower().startswith("sts:") for action in one.actions)


def _trusting(answer: Solution, ideal: Solution) -> Iterator[Wider]:
    """Services that may assume a role of the answer and not the ideal's role of the same name."""
    theirs: dict[str, list[Statement]] = defaultdict(list)
    for one in statements(ideal):
        if one.allow and one.principals and _assumes(one) and one.owner:
            theirs[fold(one.owner)].append(one)
    for one in statements(answer):
        like = theirs.get(fold(one.owner)) if one.allow and one.principals and _assumes(one) and one.owner else None
        known = {who for other in like or () for who in other.principals or ()}
        more = tuple(who for who in one.principals or () if _SERVICE.fullmatch(who) and who not in known)
        if like and more and not known & {HOLE, "*"}:
            yield Wider("trusted", more, ", ".join(sorted(known))[:120], one.span, like[0].span, one.owner)


def _everywhere(one: Statement, ideal: dict[str, list[Statement]]) -> Iterator[Wider]:
    """Actions on `*` that the ideal allows on named resources alone."""
    if "*" not in one.resources:
        return
    found = [
        (action, ideal[action.lower()]) for action in one.actions if "*" not in action and action.lower() in ideal and not _UNSCOPED.search(action)
    ]
    narrowed = [(action, theirs) for action, theirs in found if all(_narrow(other) for other in theirs)]
    if narrowed:
        theirs = narrowed[0][1]
        names = ", ".join(dict.fromkeys(text for text in theirs[0].resources if len(text) > 1))
        yield Wider("everywhere", tuple(name for name, _ in narrowed), names[:120], one.span, theirs[0].span, one.owner)


def _narrow(one: Statement) -> bool:
    return bool(one.resources) and not any(text == "*" or text.endswith((":::*", ":::*/*")) for text in one.resources)


def _whole(one: Statement, ideal: dict[str, list[Statement]]) -> Iterator[Wider]:
    """All actions of a service, or of one verb, where the ideal names single ones."""
    for action in one.actions:
        found = _ACTION.match(action)
        if not found or not found.group(2).endswith("*") or ("*" in one.resources and found.group(2) == "*"):
            continue
        service, verb = found.groups()
        theirs = [other for other in ideal if other.startswith(f"{service.lower()}:")]
        if not theirs or any("*" in other for other in theirs) or _READS.match(verb):
            continue
        place = ideal[theirs[0]][0]
        spelled = [other for other in place.actions if other.lower().startswith(f"{service.lower()}:")]
        yield Wider("whole", (action,), ", ".join(spelled)[:120], one.span, place.span, one.owner)


def _further(own: list[Statement], pair: Pair, by_action: dict[str, list[Statement]]) -> Iterator[Wider]:
    """Writing actions that no statement of the ideal allows, of services for which it names actions, and that no code of the answer calls."""
    ideal = pair.ideal
    services = {_service(one) for one in by_action}
    asked = [(one, [action for action in one.actions if _writes(action, services) and action.lower() not in by_action]) for one in own]
    if ideal is None or not any(actions for _, actions in asked) or _grants(ideal) or in_pieces(ideal):
        return
    patterns = [re.compile(fnmatch.translate(one)) for one in by_action if "*" in one or "?" in one]
    attached = _attached(ideal)
    text = "".join(file.text for file in ideal.files if not file.superseded).lower() + pair.task.text.lower()
    code = _calls(pair.answer)
    for one, actions in asked:
        more = [
            action
            for action in actions
            if action.lower() not in text
            and not any(pattern.match(action.lower()) for pattern in patterns)
            and _service(action) not in attached
            and fold(action.partition(":")[2]) not in code
        ]
        if more:
            service = more[0].partition(":")[0].lower()
            near = next(place for action, places in by_action.items() if action.startswith(f"{service}:") for place in places)
            spelled = [other for other in near.actions if other.lower().startswith(f"{service}:")]
            yield Wider("further", tuple(more), ", ".join(spelled)[:120], one.span, near.span, one.owner)


def _writes(action: str, services: set[str]) -> bool:
    """Whether an action is a single one that changes something, of a service for which the ideal names actions."""
    found = _ACTION.match(action)
    return found is not None and "*" not in action and not _READS.match(found.group(2)) and found.group(1) in services - _LOGGING


def _managed(answer: Solution, ideal: Solution, by_action: dict[str, list[Statement]]) -> Iterator[Wider]:
    """Managed policies of a whole service that the ideal does without."""
    text = "".join(file.text for file in ideal.files if not file.superseded)
    for _, value, _ in answer.infrastructure:
        said = text_of(value)
        found = _BROAD.search(said) if said and len(said) < 120 else None
        if found and found.group(1) not in text:
            name = found.group(1).lower()
            theirs = [(action, place) for action, places in by_action.items() for place in places if _service(action) and _service(action) in name]
            if not any("*" in action for action, _ in theirs):
                spelled = ", ".join(theirs[0][1].actions)[:120] if theirs else ""
                yield Wider("managed", (found.group(1),), spelled, value.span, theirs[0][1].span if theirs else None)


def _service(action: str) -> str:
    return action.partition(":")[0]


def _grants(solution: Solution) -> bool:
    """Whether a solution gives permissions by methods, which name no actions."""
    return any(isinstance(value, Call) and _GRANT.match(value.path) for _, value, _ in solution.infrastructure)


def _attached(solution: Solution) -> str:
    """The names of AWS's policies that a solution attaches, in lower case."""
    texts = (text_of(value) or "" for _, value, _ in solution.infrastructure)
    return " ".join(one.lower() for one in texts if len(one) < 120 and re.search(r"(?:Amazon|AWS|Access|Role|ReadOnly)\w*$", one))


def _calls(answer: Solution) -> str:
    """The code of functions, folded: what they call has to be allowed."""
    claimed = {id(file) for file in answer.claimed}
    texts = [file.text for file in answer.files if id(file) not in claimed and not file.superseded and not is_test(file.name)]
    texts += [said for _, value, _ in answer.infrastructure if (said := text_of(value)) and "\n" in said and '"Statement"' not in said]
    return fold("".join(texts)) if sum(map(len, texts)) < 400_000 else ""
