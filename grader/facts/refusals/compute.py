"""Functions, tasks, groups of instances and alarms that AWS refuses.

Sources: Lambda developer guide (reserved environment variables; Lambda with SQS), ECS developer guide (Fargate task sizes), EC2 Auto Scaling
API, IAM user guide (instance profiles).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grader.facts.refusals.reading import Number, Refusal, View, flag_of, number_of, parts, told
from grader.knowledge.types import canonical
from grader.model.values import each, fields_of, look_up

_RESERVED = frozenset(
    "_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE "
    "AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID "
    "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR".split()
)
_FARGATE = {
    256: (512, 1024, 2048),
    512: (1024, 2048, 3072, 4096),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
    8192: tuple(range(16384, 61441, 4096)),
    16384: tuple(range(32768, 122881, 8192)),
}
"""CPU units and the MiB of memory that go with them."""
_VISIBILITY, _TIMEOUT = 30, 3
"""Seconds that a queue and a function have where nothing is set."""


def _environment(view: View) -> Iterator[Refusal]:
    value = view.get("environment", "environment_variables")
    fields = fields_of(value)
    inner = look_up(fields, "variables")
    for name, held in (fields_of(inner) if inner is not None else fields).items():
        if name in _RESERVED:
            yield Refusal(
                f"`{view.label}` sets the environment variable `{name}`, which Lambda keeps for itself",
                held.span,
                f"{view.label} {name}",
                (name, view.label, "environment"),
                "reserved-variable",
            )


def _mapping(view: View) -> Iterator[Refusal]:
    """A queue whose messages reappear before the function that reads it has to be done."""
    queue, function = view.target(view.get("event_source_arn")), view.target(view.get("function_name", "function_arn"))
    if (
        not view.raw
        or queue is None
        or function is None
        or str(canonical(queue.type)) != "sqs.queue"
        or str(canonical(function.type)) != "lambda.function"
    ):
        return
    hidden, lasts = look_up(queue.properties, "visibility_timeout", "visibility_timeout_seconds"), look_up(function.properties, "timeout")
    seen, took = number_of(hidden), number_of(lasts)
    if (hidden is not None and seen is None) or (lasts is not None and took is None):
        return
    seconds, longest = seen.value if seen else _VISIBILITY, took.value if took else _TIMEOUT
    if seconds < longest:
        queue_name, function_name = queue.name or queue.binding, function.name or function.binding
        yield Refusal(
            f"`{queue_name}` hides a message for {seconds:g} seconds{'' if seen else ' (the default)'}, and `{function_name}` that reads it may take {longest:g}",
            seen.at if seen else view.resource.span,
            f"{queue_name} for {function_name}",
            (queue_name, function_name, view.label, "VisibilityTimeout", "visibility_timeout_seconds"),
            "visibility",
            f"at least {longest:g} seconds",
        )


def _task(view: View) -> Iterator[Refusal]:
    fargate = view.resource.type.endswith("FargateTaskDefinition") or any(
        told(one) == "FARGATE" for one in each(view.get("requires_compatibilities"))
    )
    cpu, memory = view.number("cpu"), view.number("memory", "memory_limit_mib")
    if view.resource.type.endswith("FargateTaskDefinition"):
        cpu = cpu or (Number(256, view.resource.span) if view.get("cpu") is None else None)
        memory = memory or (Number(512, view.resource.span) if view.get("memory_limit_mib") is None else None)
    if not fargate or cpu is None or memory is None:
        return
    fits = _FARGATE.get(int(cpu.value))
    if fits is None:
        said = f"`{view.label}` asks for {cpu.value:g} CPU units; Fargate offers {', '.join(map(str, _FARGATE))}"
    elif memory.value not in fits:
        said = f"`{view.label}` asks for {memory.value:g} MiB with {cpu.value:g} CPU units; Fargate offers {fits[0]} to {fits[-1]} MiB with them"
    else:
        return
    yield Refusal(said, memory.at, f"{view.label} size", (view.label, "cpu", "memory", "memoryLimitMiB"), "fargate", f"{fits[0]}" if fits else "")


def _group(view: View) -> Iterator[Refusal]:
    """Fewest, wanted and most of a group of instances or tasks."""
    inner = next(iter(parts(view.get("scaling_config", "serverlessv2_scaling_configuration", "serverless_v2_scaling_configuration")) or ()), {})

    def read(*names: str) -> Number | None:
        return view.number(*names) or number_of(look_up(inner, *names))

    least, most = read("min_size", "min_capacity"), read("max_size", "max_capacity")
    wanted = read("desired_capacity", "desired_size")
    if least is not None and most is not None and least.value > most.value:
        said, at = f"`{view.label}` has at least {least.value:g} and at most {most.value:g}", least.at
    elif wanted is not None and most is not None and wanted.value > most.value:
        said, at = f"`{view.label}` wants {wanted.value:g} and has at most {most.value:g}", wanted.at
    elif wanted is not None and least is not None and wanted.value < least.value:
        said, at = f"`{view.label}` wants {wanted.value:g} and has at least {least.value:g}", wanted.at
    else:
        return
    yield Refusal(said, at, f"{view.label} capacity", (view.label, "MinSize", "MaxSize", "DesiredCapacity"), "capacity")


def _profile(view: View) -> Iterator[Refusal]:
    """A role where an instance profile belongs."""
    value = view.get("iam_instance_profile")
    value = look_up(fields_of(value), "name", "arn") or value
    role = view.target(value)
    profiles = any(str(canonical(one.type)) == "iam.instanceprofile" for one in view.others.values())
    if view.raw and role is not None and value is not None and not profiles and str(canonical(role.type)) == "iam.role":
        yield Refusal(
            f"`{view.label}` has the role `{role.name or role.binding}` for its instance profile, and no instance profile holds the role",
            value.span,
            f"{view.label} profile",
            (view.label, role.name or role.binding, "IamInstanceProfile", "iam_instance_profile"),
            "instance-profile",
        )


def _cache(view: View) -> Iterator[Refusal]:
    if not view.raw:
        return
    nodes, failover = view.number("num_cache_clusters", "number_cache_clusters"), view.flag("automatic_failover_enabled")
    if failover and nodes is not None and nodes.value < 2 and view.get("num_node_groups", "replicas_per_node_group") is None:
        yield Refusal(
            f"`{view.label}` fails over by itself and has {nodes.value:g} node; ElastiCache needs two",
            nodes.at,
            f"{view.label} nodes",
            (view.label, "AutomaticFailoverEnabled", "NumCacheClusters"),
            "failover",
            "2",
        )
    zones = view.get("multi_az_enabled")
    if zones is not None and flag_of(zones) and (failover is False or view.get("automatic_failover_enabled") is None):
        yield Refusal(
            f"`{view.label}` stands in several zones without automatic failover, which ElastiCache refuses",
            zones.span,
            f"{view.label} zones",
            (view.label, "MultiAZEnabled", "AutomaticFailoverEnabled"),
            "failover",
        )
    token = view.get("auth_token")
    if token is not None and (view.flag("transit_encryption_enabled") is False or view.get("transit_encryption_enabled") is None):
        yield Refusal(
            f"`{view.label}` has an `AuthToken` without encryption in transit, which ElastiCache refuses",
            token.span,
            f"{view.label} token",
            (view.label, "AuthToken", "TransitEncryptionEnabled"),
            "auth-token",
        )


RULES: dict[str, tuple[Callable[[View], Iterator[Refusal]], ...]] = {
    "lambda.function": (_environment,),
    "lambda.eventsourcemapping": (_mapping,),
    "ecs.taskdefinition": (_task,),
    "autoscaling.group": (_group,),
    "applicationautoscaling.scalabletarget": (_group,),
    "eks.nodegroup": (_group,),
    "rds.dbcluster": (_group,),
    "ec2.instance": (_profile,),
    "elasticache.replicationgroup": (_cache,),
}
