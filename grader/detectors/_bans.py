"""Rules of the prompt about secrets and wildcards that an answer breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.kept import kept_inventory
from grader.facts.policies import Statement, statements
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.spans import Span
from grader.model.values import fold, text_of
from grader.prompts.rules import secrets_rule, wildcards_rule
from grader.prompts.services import code_of, whole

if TYPE_CHECKING:
    from grader.model.solutions import Pair
    from grader.prompts.rules import Rule

_STORES = re.compile(r"secrets?_?-?manager|manage_?master|fromgenerated|from_?generated|\bssm\b|ssm[._:]|parameter_?store|resolve:")
_PASSWORDS = frozenset({"masteruserpassword", "masterpassword", "password", "authtoken"})
_HOLDERS = frozenset({"rds", "redshift", "elasticache", "docdb", "neptune"})
_UNSCOPED = re.compile(
    r"^(?:[a-z0-9-]+:(?:list|describe)\w*\*?|xray:.*|ec2messages:.*|ssmmessages:.*|ecr:getauthorizationtoken|cloudwatch:putmetricdata|sts:getcalleridentity|"
    r"ec2:(?:create|delete|assign|unassign|describe)\w*(?:networkinterface|privateipaddress)\w*|logs:(?:createloggroup|createlogdelivery|describe\w*|putresourcepolicy|"
    r"getlogdelivery|updatelogdelivery|deletelogdelivery|listlogdeliveries)|secretsmanager:getrandompassword|ec2:get\w*|autoscaling:describe\w*|elasticloadbalancing:describe\w*|"
    r"cloudwatch:getmetric\w*|tag:get\w*|ce:.*|health:.*|support:.*|pricing:.*|kms:(?:createkey|listaliases|generaterandom)|route53:list\w*|s3:listallmybuckets|"
    r"guardduty:.*|securityhub:.*|config:put\w*|config:.*|iam:createservicelinkedrole|wafv2:.*|polly:.*|textract:.*|rekognition:.*|comprehend:.*|translate:.*|transcribe:.*|"
    r"eks:.*|sns:publish|bedrock:.*|appmesh:.*|ec2:(?:createtags|runinstances|allocateaddress|modify\w*)|elasticfilesystem:describe\w*|iot:.*|codepipeline:putjob\w*|codebuild:\w*report\w*|iam:get\w*account\w*|s3:getbucketlocation|appconfig:.*|organizations:.*|cognito-idp:list\w*)$"
)
"""Actions that AWS offers on every resource alone, or that are seldom scoped."""
_WIDE = re.compile(
    r"(?:^|/)(AmazonEKS_CNI_Policy|AmazonEKSVPCResourceController|AmazonEC2ContainerRegistry(?:ReadOnly|PowerUser|FullAccess)|CloudWatchAgentServerPolicy|"
    r"Amazon(?:S3|DynamoDB|SQS|SNS|RDS|ECS_|EC2|Kinesis|VPC|Route53|ElastiCache|Redshift|Athena|SES|EC2ContainerRegistry)(?:FullAccess|ReadOnlyAccess)|"
    r"CloudWatch(?:Logs)?(?:FullAccess|ReadOnlyAccess)|AWSLambda_(?:FullAccess|ReadOnlyAccess)|SecretsManagerReadWrite|AWSCodeBuildDeveloperAccess|"
    r"AWSCodePipeline_FullAccess|AWSStepFunctionsFullAccess|AmazonAPIGatewayInvokeFullAccess)$"
)
"""Managed policies whose own documents name every resource (AWS Managed Policy Reference)."""
_LABELS = frozenset({"sid", "name", "policyname", "rolename", "description", "key", "value", "exportname"})
"""Fields whose text is a name of the answer's own."""
_SERVICE = re.compile(r"^[a-z0-9-]+:\*$")


def unmanaged_passwords(pair: Pair) -> Iterator[Hit]:
    """Passwords of databases that do not come from Secrets Manager although the prompt asks for it and nothing in the code reaches a secret store."""
    rule = secrets_rule(pair.task)
    if rule is None or not whole(pair.answer) or _STORES.search(code_of(pair.answer)):
        return
    if pair.ideal is not None and not _STORES.search(code_of(pair.ideal)):
        return
    for thing in kept_inventory(pair.answer).things:
        if thing.type.service not in _HOLDERS:
            continue
        for key, value in thing.resource.properties.items():
            if fold(key) in _PASSWORDS:
                yield Hit(
                    f"`{key}` of `{thing.label}` does not come from Secrets Manager, which line {rule.at.line} of the prompt asks for",
                    at=value.span,
                    entity=key,
                    entities=(
                        thing.label,
                        "Secrets Manager",
                        "AWS::SecretsManager::Secret",
                        "aws_secretsmanager_secret",
                        "aws.secretsmanager.Secret",
                    ),
                    cause="passwords outside Secrets Manager",
                    variant="asked-store",
                    proof=Proof.PROMPT,
                    note="no secret of Secrets Manager",
                    prompt=(rule.at,),
                    seek=("Secret", "SecretVersion", "manage_master_user_password"),
                    facts={"asked": rule.asked[:160].rstrip(" ."), "prompt_line": rule.at.line, "owner": thing.label},
                )


def forbidden_wildcards(pair: Pair) -> Iterator[Hit]:
    """Statements with `*` where the prompt forbids it: a service's every action, or every resource for actions that can be scoped."""
    rule = wildcards_rule(pair.task)
    if rule is None:
        return
    for one in statements(pair.answer):
        said = _breaks(one, rule)
        if said:
            yield Hit(
                f"{said}; line {rule.at.line} of the prompt forbids wildcards",
                at=Span(one.span.line, min(one.span.end_line, one.span.line + 14)),
                entity=f"{' '.join(one.actions[:3])} on {' '.join(one.resources[:1])}",
                entities=tuple(dict.fromkeys((*one.actions[:5], one.owner, "Resource", "*"))) if one.owner else one.actions[:5],
                cause="forbidden wildcards",
                variant="forbidden-wildcard",
                proof=Proof.PROMPT,
                note=said,
                prompt=(rule.at,),
                seek=(one.owner.rsplit(".", 1)[-1], *one.actions[:3], "PolicyStatement"),
                facts={"asked": rule.asked[:160].rstrip(" ."), "prompt_line": rule.at.line, "actions": one.actions[:5]},
            )


def wide_policies(pair: Pair) -> Iterator[Hit]:
    """Managed policies for every resource where the prompt forbids wildcards; those that a service cannot do without are left out."""
    rule = wildcards_rule(pair.task)
    if rule is None or not rule.resources:
        return
    for key, value, _ in pair.answer.infrastructure:
        text = text_of(value) or ""
        found = _WIDE.search(text)
        if found and ("policy/" in text or fold(key) not in _LABELS):
            yield Hit(
                f"the managed policy `{found[1]}` allows its actions on every resource; line {rule.at.line} of the prompt forbids wildcards",
                at=value.span,
                entity=found[1],
                entities=("Resource", "*"),
                cause="forbidden wildcards",
                variant="forbidden-wildcard",
                proof=Proof.PROMPT,
                note=f"`{found[1]}` allows its actions on every resource",
                prompt=(rule.at,),
                seek=("managedPolicies", "ManagedPolicyArns", "policy_arn"),
                facts={"asked": rule.asked[:160].rstrip(" ."), "prompt_line": rule.at.line, "actions": (found[1],)},
            )


def _breaks(one: Statement, rule: Rule) -> str:
    if not one.allow or one.principals is not None or one.conditioned:
        return ""
    wide = [action for action in one.actions if _SERVICE.match(action.lower()) and not _UNSCOPED.match(action.lower())]
    if wide and rule.actions:
        return f"{', '.join(f'`{action}`' for action in wide[:3])} allows every action of the service"
    scoped = [action for action in one.actions if not _UNSCOPED.match(action.lower())]
    if scoped and rule.resources and "*" in one.resources:
        return f"{', '.join(f'`{action}`' for action in scoped[:3])} is allowed on every resource"
    return ""
