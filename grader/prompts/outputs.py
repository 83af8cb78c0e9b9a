"""Outputs that the prompt asks for: of which resources something is to be given out, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.model.spans import Span
from grader.prompts.sentences import demands, firm

if TYPE_CHECKING:
    from grader.model.solutions import Requirements
    from grader.prompts.sentences import Sentence

_NOUNS = {
    "load balancer": (r"\b(?:albs?|nlbs?|load balancers?)\b", r"alb|nlb|_?lb\b|\blb|load_?balanc|url|dns|endpoint"),
    "VPC": (r"\bvpcs?\b(?! (?:endpoint|peering|link))", r"vpc"),
    "subnets": (r"\bsubnets?\b", r"subnet"),
    "security groups": (r"\bsecurity groups?\b", r"security_?group|sg"),
    "NAT gateways": (r"\bnat gateways?\b", r"nat"),
    "Transit Gateway": (r"\btransit gateways?\b", r"transit|tgw"),
    "database": (
        r"\b(?:rds|aurora|database)\b[^,.;]{0,25}(?:endpoint|address|arn|id|identifier|host|port|name)s?\b",
        r"rds|db|database|aurora|cluster|endpoint|writer",
    ),
    "bucket": (r"\b(?:buckets?|s3)\b", r"bucket|s3|website"),
    "CloudFront distribution": (r"\bcloudfront\b", r"cloudfront|distribution|cdn|domain|url"),
    "API": (r"\bapi(?: gateway)?\b[^,.;]{0,20}(?:url|endpoint|id|invoke)", r"api|url|endpoint|invoke"),
    "Lambda function": (r"\blambdas?\b", r"lambda|function|handler|processor"),
    "DynamoDB table": (r"\b(?:dynamodb|table)\b[^,.;]{0,20}(?:name|arn)", r"dynamo|table"),
    "queue": (r"\b(?:sqs|queue|dlq)s?\b", r"sqs|queue|dlq"),
    "topic": (r"\b(?:sns|sns topics?|topic arns?)\b", r"sns|topic"),
    "KMS key": (r"\bkms\b", r"kms|key"),
    "secret": (r"\bsecrets?(?: manager)?\b[^,.;]{0,20}(?:arn|name|id)", r"secret|credential"),
    "ECS cluster": (r"\becs\b", r"ecs|cluster|service"),
    "EKS cluster": (r"\beks\b|\bcluster (?:endpoint|name|arn)", r"eks|cluster"),
    "OIDC provider": (r"\boidc\b", r"oidc|issuer"),
    "ECR repository": (r"\becr\b", r"ecr|repo"),
    "Auto Scaling group": (r"\b(?:asg|auto[- ]?scaling groups?)\b", r"asg|auto_?scaling"),
    "target group": (r"\b(?:target groups?|tg) arns?\b", r"target|tg"),
    "dashboard": (r"\bdashboards?\b", r"dashboard"),
    "alarms": (r"\balarms?\b[^,.;]{0,15}(?:arn|name)s?\b", r"alarm"),
    "certificate": (r"\bcert(?:ificate)?s? arns?\b", r"cert|acm"),
    "hosted zone": (r"\bhosted zones?\b|\bname servers?\b", r"zone|name_?server|dns"),
    "user pool": (r"\buser pools?\b", r"pool|cognito"),
    "state machine": (r"\b(?:state machine|step functions?)\b", r"state|step|sfn|workflow"),
    "pipeline": (r"\b(?:code)?pipelines? (?:arn|name|url)s?\b", r"pipeline"),
    "CodeBuild project": (r"\bcodebuild\b", r"build"),
    "Kinesis stream": (r"\b(?:kinesis|stream) (?:stream )?(?:arn|name)s?\b", r"stream|kinesis"),
    "file system": (r"\befs\b", r"efs|file_?system"),
    "Redis cache": (r"\b(?:redis|elasticache)\b", r"redis|cache"),
    "web ACL": (r"\b(?:waf|web acls?)\b", r"waf|acl"),
    "CloudTrail trail": (r"\bcloudtrail\b", r"trail"),
    "event bus": (r"\bevent bus\b", r"bus"),
    "IAM roles": (r"\b(?:iam )?role arns?\b|\biam roles?\b", r"role|iam|profile"),
    "instance": (r"\b(?:ec2 )?instances? (?:ids?|public|private|ip)\b|\bec2\b[^,.;]{0,12}\bip\b", r"instance|ec2|ip|host|server"),
    "OpenSearch domain": (r"\bopensearch\b", r"search|domain"),
    "peering connection": (r"\bpeering\b", r"peering|pcx"),
}
"""What is given out: how a prompt names it, and what an output of it shows, both in lower case."""
_VERB = re.compile(r"\b(?:outputs?|export(?:s|ed|ing)?|expos(?:e|es|ing))\b", re.IGNORECASE)
_OF_STACK = re.compile(
    r"\boutputs?\b|\bexport (?:the|all|each|api|vpc|s3|alb|rds|lambda)\b|\bas (?:stack |cloudformation |terraform )?outputs\b|\bexpose\b[^.;]{0,20}\boutput",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:expected|test|tests|console|json|csv|report|artifacts?|logs?|metrics?|import(?:ed|s)?|prometheus|format|directory|folder|snapshots?|file)\b|output:?$|flat-outputs",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:so that|so i|so we|in order|for (?:use|other|cross|integration|easy|the|external|application|downstream|testing)|to (?:be|verify|help|support)|which|that|when)\b|\.\s",
    re.IGNORECASE,
)
_HEADED = re.compile(r"\b(?:stack |key |required |cloudformation |terraform |pulumi )?(?:outputs?|exports?)\b", re.IGNORECASE)


class Wanted(NamedTuple):
    """One resource of which the prompt wants something given out; `shows` reads the text of an output in lower case."""

    noun: str
    shows: str
    asked: str
    at: Span


@lru_cache(maxsize=8)
def outputs(task: Requirements) -> tuple[Wanted, ...]:
    """The resources of which outputs are asked for, each once."""
    first: dict[str, Wanted] = {}
    for one, text in _asking(task):
        low = text.lower()
        for noun, (asks, shows) in _NOUNS.items():
            found = re.search(asks, low)
            if found and noun not in first and firm(text, *found.span()):
                first[noun] = Wanted(noun, shows, one.text, Span(one.line, one.line))
    return tuple(first.values())


def _asking(task: Requirements) -> Iterator[tuple[Sentence, str]]:
    """Sentences that ask for outputs, each with the part that lists them."""
    for one in demands(task):
        head = one.under.rsplit(" / ", 1)[-1].strip("*#:0123456789.) -")
        if _HEADED.search(head) and len(head.split()) <= 5 and not _OTHER.search(head):
            yield one, one.text
            continue
        verb = _VERB.search(one.text)
        if verb is None or not _OF_STACK.search(one.text) or _OTHER.search(one.text):
            continue
        backward = re.search(r"\bas (?:\w+ ){0,2}outputs?\b", one.text, re.IGNORECASE)
        listed = one.text[: backward.start()] if backward else one.text[verb.end() :]
        stop = _STOP.search(listed)
        yield one, listed[: stop.start()] if stop else listed
