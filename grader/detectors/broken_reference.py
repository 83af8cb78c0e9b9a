"""References that give something else than the place wants: a name where an ARN belongs, an output as text, a key its user may not use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.detectors._circles import circles
from grader.detectors._orders import orders
from grader.detectors._template_variables import missing_variables
from grader.detectors._used_early import used_early
from grader.facts.policies import statements
from grader.knowledge.types import canonical
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.values import Call, Fields, Known, Name, Template, Unknown, Value, each, fields_of, flat, fold, known, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Resource, Solution

_NAMES = {
    "cfn": ("",),
    "tf": (".id", ".bucket"),
    "cdktf": (".id", ".bucket"),
    "cdk": (".bucketName", ".bucket_name"),
    "pulumi": (".id", ".bucket"),
}
"""What gives a bucket's name and not its ARN, by framework."""
_KEYS = (("logs", "loggroup", "logs.", "CloudWatch Logs"), ("cloudtrail", "trail", "cloudtrail.", "CloudTrail"))
"""Services that use a customer key only if the key's policy admits them: service, type, start of the principal, name."""
_TEXTS = frozenset({"dumps", "jsonstringify"})


@detector(Kind.BROKEN_REFERENCE)
def broken_reference(pair: Pair) -> Iterator[Hit]:
    """A bucket's name where a policy wants an ARN, an output made text before it is known, a key that does not admit its user, a circle of resources.

    The service refuses the policy or the key, or gets a text that names nothing; of resources that need each other none can be created first.
    Also fields and constants of a program that are read before they are set, and variables of a template file that `templatefile` does not give.

    Not flagged: names that come from parameters; outputs inside `apply`, `all` and `interpolate`; keys whose policy is not in the answer.

    Example: `Resource: !Ref Uploads` in a policy statement.
    """
    answer = pair.answer
    yield from _bare(answer)
    if answer.framework == "pulumi":
        yield from _early(answer)
    yield from _closed(answer)
    yield from circles(answer)
    yield from orders(answer)
    yield from used_early(answer)
    yield from missing_variables(answer)


def _bare(answer: Solution) -> Iterator[Hit]:
    """Resources of policy statements that are a bucket's name."""
    buckets = {
        f"{one.binding}{attribute}": one
        for one in answer.resources
        if one.binding and (kind := canonical(one.type)).service == "s3" and kind.noun == "bucket"
        for attribute in _NAMES.get(answer.framework, ())
    }
    if not buckets:
        return
    for value in _values(answer):
        if not isinstance(value, Call | Fields):
            continue
        fields = fields_of(value)
        if look_up(fields, "action", "actions") is None or (
            isinstance(value, Fields) and look_up(fields, "effect") is None and answer.framework != "tf"
        ):
            continue
        for one in each(look_up(fields, "resource", "resources")):
            first = one.parts[0] if isinstance(one, Template) and one.parts else one
            rest = [str(known(part)) for part in one.parts[1:2]] if isinstance(one, Template) else []
            if not isinstance(first, Name):
                continue
            bucket = buckets.get(first.path) or buckets.get(first.path.removeprefix("self.").removeprefix("this."))
            if bucket is None or (rest and not rest[0].startswith("/")):
                continue
            shown = f"{first.path}{rest[0] if rest else ''}"
            yield Hit(
                f"`{shown}` is the name of the bucket `{bucket.name}`, and a policy statement wants its ARN",
                at=one.span,
                entity=shown,
                entities=(bucket.name, bucket.type, f"${{{first.path}}}", "Resource"),
                cause="name for ARN",
                variant="name-for-arn",
                stops=Stage.DEPLOY,
                note="a name, not an ARN",
                seek=(f"{bucket.name}.Arn", f"{bucket.binding}.arn", f"{bucket.binding}.bucketArn"),
                facts={"bucket": bucket.name, "value": shown},
            )


def _values(answer: Solution) -> Iterator[Value]:
    """The values that may hold a policy: in a template those of the resources, where functions of the template are resolved."""
    if answer.framework != "cfn":
        yield from (value for _, value, _ in answer.infrastructure)
        return
    for one in answer.resources:
        for value in one.properties.values():
            yield from (inner for _, inner in flat(value))


def _early(answer: Solution) -> Iterator[Hit]:
    """Outputs of resources in texts that are put together before the outputs are known."""
    made = {
        (id(one.file), one.binding): one
        for one in answer.resources
        if one.binding and not one.data and one.type.startswith(("aws.", "aws-native.", "awsx."))
    }
    for binding in answer.bindings:
        for value, name in _texts_with_outputs(binding.value):
            owner = made.get((id(binding.file), name.path.rpartition(".")[0]))
            if owner is None or owner.owner != binding.owner or owner.many:
                continue
            quoted = answer.document.quote(value.span)
            root = re.escape(name.path.partition(".")[0])
            if re.search(
                rf"\blambda\s[\w\s,*=]*\b{root}\b[\w\s,*=]*:|[(\[,\s]{root}(?:\s*:\s*[\w.]+)?(?:\s*,[\w\s:,.]*)?[\])]*\s*=>",
                answer.document.quote(binding.span),
            ):
                continue  # a parameter of that name
            if isinstance(value, Template) and not re.search(
                rf"(?<!interpolate)`[^`]*\$\{{\s*{re.escape(name.path)}\s*\}}|\bf['\"][^'\"]*\{{\s*{re.escape(name.path)}\s*\}}", quoted
            ):
                continue
            how = (
                "`JSON.stringify`"
                if isinstance(value, Call) and "stringify" in value.path
                else "`json.dumps`"
                if isinstance(value, Call)
                else "a plain text"
            )
            yield Hit(
                f"`{name.path}` is an output and stands in {how}, which is put together before the output is known",
                at=name.span,
                entity=name.path,
                entities=(owner.type, owner.binding, "pulumi.interpolate", *(["JSON.stringify"] if "stringify" in how else [])),
                cause="output as text",
                variant="output-as-text",
                note=f"an output of `{owner.binding}`",
                seek=("interpolate", "all", "apply", "Output.concat", "jsonStringify", "json_dumps"),
                facts={"value": name.path, "how": how.strip("`")},
            )


def _texts_with_outputs(root: Value) -> Iterator[tuple[Template | Call, Name]]:
    """(text or serialisation, member) of a value, without what is resolved by `apply` and its kin."""
    stack: list[tuple[Value, Call | None]] = [(root, None)]
    while stack:
        value, inside = stack.pop()
        if isinstance(value, Name):
            if inside is not None and value.path.count(".") >= 1:
                yield inside, value
        elif isinstance(value, Template):
            for part in value.parts:
                if isinstance(part, Name) and part.path.count(".") >= 1:
                    yield inside or value, part
        elif isinstance(value, Call):
            last = fold(value.path.rsplit(".", 1)[-1])
            if last in {"apply", "all", "interpolate", "concat", "format", "secret", "output"}:
                yield from _captured(value) if last == "apply" else ()
                continue
            serial = fold(value.path) in _TEXTS and (value.module in {"", "json"})
            below = value if serial else None if value.module or value.new else inside
            stack.extend((inner, below) for inner in (*value.args, *value.keywords.values()))
        elif isinstance(value, Fields):
            stack.extend((inner, inside) for inner in value.fields.values())
        elif not isinstance(value, Known):
            stack.extend((inner, inside) for inner in (value.items if hasattr(value, "items") else ()))


def _captured(applied: Call) -> Iterator[tuple[Template | Call, Name]]:
    """(serialisation, member) of the function that an `apply` calls: what it takes from outside is no more known than before."""
    for one in applied.args:
        if isinstance(one, Unknown):
            for part in one.parts:
                if isinstance(part, Call) and fold(part.path) in _TEXTS and part.module in {"", "json"}:
                    yield from _texts_with_outputs(part)


def _closed(answer: Solution) -> Iterator[Hit]:
    """Log groups and trails with a key of the answer whose policy does not name their service."""
    keys = {
        one.binding: one
        for one in answer.resources
        if one.binding and not one.data and (kind := canonical(one.type)).service == "kms" and kind.noun == "key"
    }
    if not keys:
        return
    if any(
        one.allow and one.principals is not None and "*" in one.principals and any(a.lower().startswith("kms:") for a in one.actions)
        for one in statements(answer)
    ):
        return
    code = "\n".join(file.text for file in answer.files if not file.superseded)
    for service, noun, principal, name in _KEYS:
        if re.search(rf"(?<![\w.-]){re.escape(principal)}(?:\$|\{{|#|%|amazonaws|[a-z]{{2}}-|['\"])|{service.upper()}\b", code):
            continue
        for one in answer.resources:
            kind = canonical(one.type)
            key = _key(one, keys) if kind.service in {service, "cloudwatch"} and kind.noun == noun and not one.data else None
            if key is not None:
                yield Hit(
                    f"`{one.name}` uses the key `{key.name}`, whose policy does not admit {name}",
                    at=one.span,
                    entity=f"{key.name} for {service}",
                    entities=(key.name, one.name, one.type, key.type),
                    cause=f"closed key {key.name} {service}",
                    variant="closed-key",
                    stops=Stage.DEPLOY,
                    note=f"encrypted with `{key.name}`",
                    seek=(f"{service}.amazonaws.com", key.type),
                    facts={"key": key.name, "key_line": key.span.line, "service": name, "principal": f"{principal}amazonaws.com"},
                )


def _key(resource: Resource, keys: dict[str, Resource]) -> Resource | None:
    value = look_up(resource.properties, "kms_key_id", "encryption_key", "kms_key", "kms_key_arn")
    path = value.path if isinstance(value, Name) else ""
    while path:
        if path in keys:
            return keys[path]
        path = path.rpartition(".")[0]
    return None
