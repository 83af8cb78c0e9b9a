"""How many resources of a kind the prompt asks for, and in which regions, each with its line."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.model.spans import Span
from grader.prompts.sentences import demands, firm

if TYPE_CHECKING:
    from grader.model.solutions import Requirements

_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = {
    "NAT gateways": ("ec2.natgateway", r"nat gateways"),
    "public subnets": ("ec2.subnet", r"public subnets"),
    "private subnets": ("ec2.subnet", r"private subnets"),
    "Lambda functions": ("lambda.function", r"lambda functions"),
    "DynamoDB tables": ("dynamodb.table", r"dynamodb tables"),
    "S3 buckets": ("s3.bucket", r"(?:s3 )?buckets"),
    "SQS queues": ("sqs.queue", r"sqs queues"),
    "SNS topics": ("sns.topic", r"sns topics"),
    "security groups": ("ec2.securitygroup", r"security groups"),
    "VPCs": ("ec2.vpc", r"vpcs"),
}
"""What is counted: the type, and how a prompt calls it."""
_COUNT = {
    noun: re.compile(
        rf"(?<![\w.-])(?P<n>\d|two|three|four|five|six)\*{{0,2}} (?:(?!or\b|to\b|and\b|az\b|availability\b)[a-z-]+ ){{0,2}}\*{{0,2}}{asks}\b"
    )
    for noun, (_, asks) in _COUNTED.items()
}
_PER = re.compile(r"\b(?:per|each|every|up to|maximum|max|environment|dev|staging|prod|region|regions|account|accounts|tier|vpc:|handles?|already)\b")
_REGION = re.compile(r"\b(?:us|eu|ap|sa|ca|af|me|il)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d\b")
_PLACED = re.compile(r"\b(?:regions?|primary|secondary|dr|disaster|failover|deploy\w*|replica\w*|standby|multi-region|both)\b", re.IGNORECASE)


class Count(NamedTuple):
    """At least so many resources of a type; `side` is `public` or `private` for subnets, else empty."""

    noun: str
    type: str
    side: str
    number: int
    asked: str
    at: Span


class Region(NamedTuple):
    """A region that the prompt wants to have resources in."""

    name: str
    asked: str
    at: Span


@lru_cache(maxsize=8)
def counts(task: Requirements) -> tuple[Count, ...]:
    """The numbers of resources that are asked for; kinds with several numbers are left out, since each holds somewhere."""
    found: dict[str, list[Count]] = {}
    for one in demands(task):
        low = one.text.lower()
        for noun, (kind, _) in _COUNTED.items():
            if noun.rsplit(" ", 1)[-1].lower() not in low:
                continue
            for hit in _COUNT[noun].finditer(low):
                near = low[max(0, hit.start() - 30) : hit.end() + 25]
                side = noun.split()[0] if kind == "ec2.subnet" else ""
                number = _WORDS.get(hit["n"]) or int(hit["n"])
                sure = number > 1 and not _PER.search(near) and firm(one.text, *hit.span())
                found.setdefault(noun, []).append(Count(noun, kind, side, number if sure else 0, one.text, Span(one.line, one.line)))
    return tuple(own[0] for own in found.values() if len({one.number for one in own}) == 1 and own[0].number)


@lru_cache(maxsize=8)
def regions(task: Requirements) -> tuple[Region, ...]:
    """The regions of a solution for several; empty where the prompt names one or none."""
    found: dict[str, Region] = {}
    for one in demands(task):
        if not _PLACED.search(one.text):
            continue
        for hit in _REGION.finditer(one.text):
            if firm(one.text, *hit.span()):
                found.setdefault(hit[0], Region(hit[0], one.text, Span(one.line, one.line)))
    return tuple(found.values()) if len(found) > 1 else ()
