"""Numbers out of the range of a service, names that are too long, texts with characters that it does not take.

Sources: the API references and quota pages of the services (Lambda, SQS, RDS, KMS, Secrets Manager, ELB, IAM, EC2, CloudWatch).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from grader.facts.refusals.reading import HOLE, Refusal, View, parts, spelled


class Range(NamedTuple):
    """The bounds of a number: the property's names, least and most, and what it counts."""

    names: tuple[str, ...]
    least: float
    most: float
    unit: str
    everywhere: bool = True
    """Whether constructs of a library have the property with the same meaning."""


_RANGES = {
    "lambda.function": (
        Range(("timeout",), 1, 900, "seconds"),
        Range(("memory_size", "memory"), 128, 10240, "MB"),
    ),
    "iam.role": (Range(("max_session_duration",), 3600, 43200, "seconds"),),
    "sqs.queue": (
        Range(("visibility_timeout", "visibility_timeout_seconds"), 0, 43200, "seconds"),
        Range(("message_retention_period", "message_retention_seconds", "retention_period"), 60, 1209600, "seconds"),
        Range(("receive_message_wait_time", "receive_message_wait_time_seconds", "receive_wait_time_seconds"), 0, 20, "seconds"),
        Range(("delay_seconds", "delivery_delay"), 0, 900, "seconds"),
    ),
    "kinesis.stream": (Range(("retention_period_hours", "retention_period"), 24, 8760, "hours", everywhere=False),),
    "rds.dbinstance": (Range(("backup_retention_period",), 0, 35, "days", everywhere=False),),
    "rds.dbcluster": (Range(("backup_retention_period",), 1, 35, "days", everywhere=False),),
    "kms.key": (Range(("deletion_window_in_days", "pending_window_in_days"), 7, 30, "days"),),
    "lambda.eventsourcemapping": (Range(("batch_size",), 1, 10000, "records"),),
}
_RETENTIONS = frozenset({1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653})
"""Days that `PutRetentionPolicy` takes."""
_MONITORING = frozenset({0, 1, 5, 10, 15, 30, 60})
"""Seconds of RDS's `MonitoringInterval`."""
_LENGTHS = {
    "elb.targetgroup": (("name", "target_group_name"), 32),
    "elb.loadbalancer": (("name", "load_balancer_name"), 32),
    "iam.role": (("name", "role_name"), 64),
    "iam.instanceprofile": (("name", "instance_profile_name"), 128),
    "lambda.function": (("function_name", "name"), 64),
    "elasticache.replicationgroup": (("replication_group_id",), 40),
}
_DESCRIPTION = re.compile(r"[^a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*\n\t\N{HORIZONTAL ELLIPSIS}]")
"""What the description of a security group or of its rules may not hold (EC2 API, `CreateSecurityGroup`)."""


def _numbers(view: View) -> Iterator[Refusal]:
    for one in _RANGES[str(view.kind)]:
        found = view.number(*one.names) if view.raw or one.everywhere else None
        if found is not None and not one.least <= found.value <= one.most:
            name = next(key for key in one.names if view.get(key) is not None)
            yield Refusal(
                f"`{view.label}` has {found.value:g} {one.unit} for `{_written(view, *one.names)}`; {one.least:g} to {one.most:g} are possible",
                found.at,
                f"{view.label}.{name}",
                (_written(view, *one.names), view.label),
                f"range of {name}",
                f"{one.least:g} to {one.most:g}",
            )


def _written(view: View, *names: str) -> str:
    """A property as the dialect writes it."""
    value = view.get(*names)
    return next((key for key, held in view.resource.properties.items() if held is value), names[0])


def _retention(view: View) -> Iterator[Refusal]:
    found = view.number("retention_in_days", "retention")
    if found is not None and found.value not in _RETENTIONS and found.value != 0 and found.value < 3600:
        near = min(_RETENTIONS, key=lambda days: (abs(days - found.value), days))
        yield Refusal(
            f"`{view.label}` keeps logs for {found.value:g} days, which CloudWatch Logs does not offer",
            found.at,
            f"{view.label}.retention",
            (_written(view, "retention_in_days", "retention"), view.label),
            "retention",
            f"{near}",
        )


def _monitoring(view: View) -> Iterator[Refusal]:
    found = view.number("monitoring_interval") if view.raw else None
    if found is not None and found.value not in _MONITORING:
        yield Refusal(
            f"`{view.label}` has {found.value:g} for `MonitoringInterval`; RDS takes 0, 1, 5, 10, 15, 30 or 60 seconds",
            found.at,
            f"{view.label}.monitoringinterval",
            ("MonitoringInterval", "monitoring_interval", view.label),
            "monitoring",
            "60",
        )


def _period(view: View) -> Iterator[Refusal]:
    found = view.number("period")
    if found is not None and found.value not in {10, 20, 30} and (found.value % 60 or found.value <= 0):
        yield Refusal(
            f"the alarm `{view.label}` has a period of {found.value:g} seconds; CloudWatch takes 10, 20, 30 or a multiple of 60",
            found.at,
            f"{view.label}.period",
            ("Period", "period", view.label),
            "period",
            "60",
        )


def _length(view: View) -> Iterator[Refusal]:
    names, most = _LENGTHS[str(view.kind)]
    found = view.text(*names)
    if found is None:
        return
    text, at = found
    least = len(text.replace(HOLE, ""))
    if least > most:
        yield Refusal(
            f"the name `{text.replace(HOLE, '…')}` of `{view.label}` has {least} characters{' without what is put in' if HOLE in text else ''}; {most} are possible",
            at,
            f"{view.label}.name",
            (view.label, text),
            "length",
            f"at most {most} characters",
        )


def _descriptions(view: View) -> Iterator[Refusal]:
    """Descriptions of a security group and of the rules inside it."""
    values = [view.get("group_description", "description")]
    for name in ("security_group_ingress", "security_group_egress", "ingress", "egress"):
        values += [fields.get("Description") or fields.get("description") for fields in parts(view.get(name)) or ()]
    for value in values:
        found = _DESCRIPTION.search(spelled(value))
        if found and value is not None:
            yield Refusal(
                f"the description `{spelled(value)[:80]}` holds `{found[0]}`, which EC2 does not take there",
                value.span,
                f"{view.label} {found[0]}",
                (view.label, "GroupDescription", "description", "Description"),
                "characters",
            )


def _alias(view: View) -> Iterator[Refusal]:
    found = view.text("alias_name", "name") if view.raw else None
    if found and found[0][0] != HOLE and not found[0].startswith("alias/"):
        yield Refusal(
            f"the name `{found[0]}` of `{view.label}` has to begin with `alias/`",
            found[1],
            f"{view.label}.name",
            (view.label, found[0], "AliasName"),
            "form",
            f"alias/{found[0]}",
        )


RULES: dict[str, tuple[Callable[[View], Iterator[Refusal]], ...]] = dict.fromkeys(_RANGES, (_numbers,))
for _kind in _LENGTHS:
    RULES[_kind] = (*RULES.get(_kind, ()), _length)
for _kind, _rule in (
    ("logs.loggroup", _retention),
    ("rds.dbinstance", _monitoring),
    ("cloudwatch.alarm", _period),
    ("ec2.securitygroup", _descriptions),
    ("ec2.securitygroupingress", _descriptions),
    ("ec2.securitygroupegress", _descriptions),
    ("kms.alias", _alias),
):
    RULES[_kind] = (*RULES.get(_kind, ()), _rule)
