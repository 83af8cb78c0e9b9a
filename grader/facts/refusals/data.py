"""Tables, buckets, databases, queues and backups that AWS refuses.

Sources: DynamoDB API (`CreateTable`), S3 user guide (constraints of lifecycle transitions), RDS user guide (windows, Performance Insights, Aurora
instance classes), SQS and SNS developer guides (FIFO names), Backup developer guide (lifecycle).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from grader.facts.refusals.reading import HOLE, Refusal, View, flag_of, number_of, parts, told
from grader.model.spans import Span
from grader.model.values import Call, Fields, Name, Value, each, fields_of, fold, look_up, walk

_DAY, _WEEK = 1440, 10080
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BACKUP = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)$")
_UPKEEP = re.compile(r"([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$", re.IGNORECASE)
_SMALL = re.compile(r"db\.(?:t2|t3|t4g)\.(?:micro|small)$")
_NO_AURORA = re.compile(r"db\.(?:t2|t3|t4g)\.(?:nano|micro)$|db\.t4g\.small$|db\.m[3-7]")
_IA = frozenset({"standardia", "onezoneia", "infrequentaccess", "onezoneinfrequentaccess"})
_COLD = frozenset({"glacier", "deeparchive", "glacierflexibleretrieval"})
_LEAST = 30
"""Days that an object spends in STANDARD before it may move to an infrequent-access class, and there before it may be archived."""
_ARCHIVED = 90


def _attributes(view: View) -> Iterator[Refusal]:
    """Keys of a table and its indexes against the attributes that it defines."""
    if not view.raw or view.get("dynamic", "import_table", "restore_source_name", "restore_source_table_arn") is not None:
        return
    defined = _names(view.get("attribute_definitions", "attribute", "attributes"), "attribute_name", "name")
    used = _keys(view)
    if not defined or used is None:
        return
    for name in sorted(used.keys() - defined.keys()):
        yield Refusal(
            f"the key `{name}` of `{view.label}` is not among the table's attribute definitions",
            used[name],
            f"{view.label} {name}",
            (name, view.label, "AttributeDefinitions", "attribute"),
            "attributes",
        )
    for name in sorted(defined.keys() - used.keys()):
        yield Refusal(
            f"`{view.label}` defines the attribute `{name}`, which is no key of the table or of an index",
            defined[name],
            f"{view.label} {name}",
            (name, view.label, "AttributeDefinitions", "attribute"),
            "attributes",
        )


def _names(value: Value | None, *keys: str) -> dict[str, Span] | None:
    """The texts of one field in the maps of a list; None where one is not written out."""
    rows = parts(value)
    if rows is None:
        return None
    found = {}
    for row in rows:
        held = look_up(row, *keys)
        name = told(held)
        if not name or held is None:
            return None
        found[name] = held.span
    return found


def _keys(view: View) -> dict[str, Span] | None:
    """The key attributes of the table and its indexes; None where one cannot be told."""
    found: dict[str, Span] = {}
    places: list[Mapping[str, Value]] = [view.resource.properties]
    for name in ("global_secondary_indexes", "global_secondary_index", "local_secondary_indexes", "local_secondary_index"):
        rows = parts(view.get(name))
        if rows is None:
            return None
        places += rows
    for place in places:
        schema = _names(look_up(place, "key_schema"), "attribute_name")
        if schema is None:
            return None
        found.update(schema)
        for key in ("hash_key", "range_key"):
            held = look_up(place, key)
            name = told(held)
            if held is not None and not name:
                return None
            if held is not None:
                found[name] = held.span
    return found or None


def _throughput(view: View) -> Iterator[Refusal]:
    value = view.get("provisioned_throughput")
    if view.framework == "cfn" and value is not None and fields_of(value) and told(view.get("billing_mode")) == "PAY_PER_REQUEST":
        yield Refusal(
            f"`{view.label}` is paid per request and has a provisioned throughput, which DynamoDB refuses",
            value.span,
            f"{view.label} throughput",
            (view.label, "ProvisionedThroughput", "BillingMode"),
            "throughput",
        )


def _fifo(view: View) -> Iterator[Refusal]:
    """The suffix `.fifo` and the switch go together."""
    found = view.text("queue_name", "topic_name", "name")
    fifo = view.get("fifo_queue", "fifo_topic", "fifo")
    if found is None or found[0].endswith(HOLE) or not view.raw:
        return
    text, at = found
    if flag_of(fifo) and not text.endswith(".fifo"):
        said = f"`{view.label}` is a FIFO {view.kind.noun} and its name `{text.replace(HOLE, '…')}` does not end in `.fifo`"
    elif text.endswith(".fifo") and (fifo is None or flag_of(fifo) is False):
        said = f"the name `{text.replace(HOLE, '…')}` of `{view.label}` ends in `.fifo`, and it is no FIFO {view.kind.noun}"
    else:
        return
    yield Refusal(said, at, f"{view.label} fifo", (view.label, "FifoQueue", "fifo_queue", text), "fifo")


def _windows(view: View) -> Iterator[Refusal]:
    backup = view.get("preferred_backup_window", "backup_window", "snapshot_window")
    upkeep = view.get("preferred_maintenance_window", "maintenance_window")
    one, other = _BACKUP.match(told(backup)), _UPKEEP.match(told(upkeep))
    if not one or not other or backup is None:
        return
    first, last = other[1].lower(), other[4].lower()
    if first not in _DAYS or last not in _DAYS:
        return
    start = _DAYS.index(first) * _DAY + int(other[2]) * 60 + int(other[3])
    end = _DAYS.index(last) * _DAY + int(other[5]) * 60 + int(other[6])
    end += _WEEK if end <= start else 0
    opens, closes = int(one[1]) * 60 + int(one[2]), int(one[3]) * 60 + int(one[4])
    closes += _DAY if closes <= opens else 0
    if any(start < closes + day * _DAY and opens + day * _DAY < end for day in range(-1, 15)):
        yield Refusal(
            f"the backup window `{one[0]}` of `{view.label}` overlaps its maintenance window `{other[0]}`",
            backup.span,
            f"{view.label} windows",
            (view.label, "PreferredBackupWindow", "PreferredMaintenanceWindow", "backup_window", "maintenance_window"),
            "windows",
        )


def _instance(view: View) -> Iterator[Refusal]:
    size, engine = view.get("db_instance_class", "instance_class"), told(view.get("engine"))
    text = told(size)
    if not view.raw or not text or size is None:
        return
    insights = view.get("enable_performance_insights", "performance_insights_enabled")
    if engine in {"mysql", "mariadb"} and _SMALL.match(text) and insights is not None and flag_of(insights):
        yield Refusal(
            f"`{view.label}` asks for Performance Insights, which RDS does not offer for {engine} on `{text}`",
            insights.span,
            f"{view.label} insights",
            (view.label, "EnablePerformanceInsights", "performance_insights_enabled", text),
            "insights",
        )
    if engine.startswith("aurora") and _NO_AURORA.match(text):
        yield Refusal(
            f"`{view.label}` runs Aurora on `{text}`, which Aurora does not offer",
            size.span,
            f"{view.label} class",
            (view.label, text, "DBInstanceClass", "instance_class"),
            "aurora-class",
        )


class _Step(NamedTuple):
    days: float
    kind: str
    at: Span


def _lifecycle(view: View) -> Iterator[Refusal]:
    """Transitions that come too early, or after the object has expired."""
    for value in view.resource.properties.values():
        for rule in walk(value):
            fields = fields_of(rule) if isinstance(rule, Fields | Call) else {}
            moves = look_up(fields, "transitions", "transition")
            if moves is not None:
                yield from _moves(view, [step for one in each(moves) if (step := _step(one)) is not None], fields)


def _step(value: Value) -> _Step | None:
    fields = fields_of(value)
    kind, after = look_up(fields, "storage_class"), look_up(fields, "days", "transition_in_days", "transition_after")
    name = kind.path.rsplit(".", 1)[-1] if isinstance(kind, Name) else told(kind)
    days = number_of(after)
    if days is None or not name or after is None:
        return None
    return _Step(days.value / 86400 if isinstance(after, Call) and days.value >= 86400 else days.value, fold(name), days.at)


def _moves(view: View, steps: list[_Step], fields: Mapping[str, Value]) -> Iterator[Refusal]:
    names = (view.label, "Transitions", "transition", "lifecycleRules")
    for one in steps:
        if one.kind in _IA and one.days < _LEAST:
            yield Refusal(
                f"`{view.label}` moves objects to an infrequent-access class after {one.days:g} days; S3 allows it after {_LEAST}",
                one.at,
                f"{view.label} {one.kind}",
                names,
                "transition",
                f"{_LEAST}",
            )
    cold = min((one for one in steps if one.kind in _COLD), default=None, key=lambda one: one.days)
    warm = next((one for one in steps if one.kind in _IA), None)
    if cold is not None and warm is not None and warm.days <= cold.days < warm.days + _LEAST:
        yield Refusal(
            f"`{view.label}` archives objects {cold.days - warm.days:g} days after they moved to an infrequent-access class; S3 asks for {_LEAST}",
            cold.at,
            f"{view.label} {cold.kind}",
            names,
            "transition",
            f"{warm.days + _LEAST:g}",
        )
    ends = look_up(fields, "expiration_in_days", "expiration")
    inner = look_up(fields_of(ends), "days") if fields_of(ends) and not isinstance(ends, Call) else ends
    if isinstance(ends, Call) and "days" in ends.keywords:
        inner = ends.keywords["days"]
    until = number_of(inner)
    last = max(steps, default=None, key=lambda one: one.days)
    if until is not None and last is not None:
        days = until.value / 86400 if isinstance(inner, Call) and until.value >= 86400 else until.value
        if 0 < days <= last.days:
            yield Refusal(
                f"`{view.label}` deletes objects after {days:g} days and moves them after {last.days:g}",
                until.at,
                f"{view.label} expiration",
                names,
                "transition",
            )


def _cold_storage(view: View) -> Iterator[Refusal]:
    """Backups that are deleted before their 90 days in cold storage are over."""
    for value in view.resource.properties.values():
        for rule in walk(value):
            fields = fields_of(rule) if isinstance(rule, Fields | Call) else {}
            moved, gone = (
                number_of(look_up(fields, "move_to_cold_storage_after_days", "cold_storage_after")),
                number_of(look_up(fields, "delete_after_days", "delete_after")),
            )
            if moved is not None and gone is not None and 0 < gone.value < moved.value + _ARCHIVED:
                yield Refusal(
                    f"`{view.label}` deletes backups {gone.value - moved.value:g} days after they went to cold storage, where they stay at least {_ARCHIVED}",
                    gone.at,
                    f"{view.label} cold storage",
                    (view.label, "MoveToColdStorageAfterDays", "DeleteAfterDays", "cold_storage_after", "delete_after"),
                    "cold-storage",
                    f"at least {moved.value + _ARCHIVED:g}",
                )


RULES: dict[str, tuple[Callable[[View], Iterator[Refusal]], ...]] = {
    "dynamodb.table": (_attributes, _throughput),
    "sqs.queue": (_fifo,),
    "sns.topic": (_fifo,),
    "rds.dbinstance": (_windows, _instance),
    "rds.clusterinstance": (_instance,),
    "rds.dbcluster": (_windows,),
    "elasticache.replicationgroup": (_windows,),
    "s3.bucket": (_lifecycle,),
    "s3.bucketlifecycle": (_lifecycle,),
    "backup.backupplan": (_cold_storage,),
}
