"""A hard-coded thing outside the answer that must already exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.facts.accounts import PLACEHOLDERS, SERVICE_ZONES, foreign_accounts, published_layer
from grader.facts.instances import instance_classes
from grader.facts.prices import price_of
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.values import Fields, Known, fields_of, look_up, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span
    from grader.model.values import Value

_IMAGE = re.compile(r"^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/\S+$")
_ARN = re.compile(r"^arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12}):(\S+)$")
_IDS = (
    ("ami", re.compile(r"^ami-(?:[0-9a-f]{8}|[0-9a-f]{17}|[0-9a-fx]{8,20}|[0-9a-z]{8,20})$")),
    ("vpc", re.compile(r"^vpc-[0-9a-z]{6,20}$")),
    ("subnet", re.compile(r"^subnet-[0-9a-z]{6,20}$")),
    ("security-group", re.compile(r"^sg-[0-9a-z]{6,20}$")),
    ("snapshot", re.compile(r"^snap-[0-9a-z]{6,20}$")),
)
_FIRST = frozenset("0123456789avsZ \t\n")
"""What the text of a thing with a fixed id begins with: a registry's account, `arn:` and `ami-`, `vpc-`, `subnet-`, `sg-` and `snap-`, a zone."""
_IDENTIFIER = re.compile(r"^\w+-(?=[0-9a-z]*\d)[0-9a-z]+$|^\w+-x{4,}$")
_INVENTED = re.compile(r"-(?:x+|0*12345\w*|0*123456\w*|0?abc\w{0,3}\d*|0?abcdef\w*|0123456789\w*|1a2b3c4d\w*|0a1b2c3d\w*|placeholder|example\w*)$")
_ZONE = re.compile(r"^Z[A-Z0-9]{9,31}$")
_WHAT = {
    "image": "container image in the registry of account {account}",
    "ami": "machine image",
    "arn": "{service} resource of account {account}",
    "vpc": "VPC",
    "subnet": "subnet",
    "security-group": "security group",
    "snapshot": "snapshot",
    "hosted-zone": "hosted zone",
    "key-pair": "key pair",
    "model": "SageMaker model",
    "certificate": "certificate of account {account}",
}
_NAMES = {"lambda": "Lambda", "dynamodb": "DynamoDB", "secretsmanager": "Secrets Manager", "kinesis": "Kinesis", "states": "Step Functions"}


@detector(Kind.MISSING_EXTERNAL)
def missing_external(pair: Pair) -> Iterator[Hit]:
    """An image, machine image, ARN, network or model that the code names by a fixed id and neither makes nor looks up.

    The deployment works only in an account and region where exactly this thing exists.

    Not flagged: registries, images and log accounts that AWS documents for everyone; defaults of parameters; maps of images by region; look-ups; names that the
    answer itself gives to a resource; tests and function code.

    Example: `DockerImage.fromRegistry('987654321098.dkr.ecr.us-east-1.amazonaws.com/classifier:latest')`.
    """
    answer = pair.answer
    seen: set[tuple[str, Span]] = set()
    maps = [mapping.span for binding in answer.bindings if (mapping := fields_of(binding.value).get("Mappings")) is not None]
    for key, text, value, _ in answer.texts:
        if text[:1] not in _FIRST or (isinstance(value, Known) and value.via):
            continue
        found = _classify(key, text.strip(), value)
        if found is not None and any(span.covers(value.span) for span in maps) and not _invented(text, found[1]):
            continue
        if found is None or (text, value.span) in seen:
            continue
        seen.add((text, value.span))
        variant, facts = found
        yield _hit(text.strip(), value.span, variant, facts, _priced(answer) if variant == "image" else [])
    yield from _models(answer)


def _classify(key: str, text: str, value: Value) -> tuple[str, dict[str, str]] | None:
    folded = key.lower().replace("_", "")
    if folded in {"default", "description", "allowedvalues", "comment", "allowedpattern"} or len(text) > 300:
        return None
    image = _IMAGE.match(text)
    if image and image.group(1) in foreign_accounts(image.group(1)):
        return "image", {"account": image.group(1), "region": image.group(2)}
    arn = _ARN.match(text)
    if arn and foreign_accounts(arn.group(3)) and "*" not in arn.group(4) and arn.group(4) != "root" and not published_layer(text):
        return ("certificate" if arn.group(1) == "acm" else "arn"), {"service": arn.group(1), "account": arn.group(3)}
    if not isinstance(value, Known):
        return None
    for variant, pattern in _IDS:
        if pattern.match(text) and (_IDENTIFIER.match(text) or _INVENTED.search(text)) and _plain_id(variant, text):
            return variant, {}
    if folded in {"hostedzoneid", "zoneid"} and _ZONE.match(text) and text not in SERVICE_ZONES:
        return "hosted-zone", {}
    return None


def _plain_id(variant: str, text: str) -> bool:
    """Whether a text is an id rather than a name such as `vpc-endpoint1`: hexadecimal, or clearly invented."""
    tail = text.split("-", 1)[1]
    return bool(re.fullmatch(r"[0-9a-f]{8}|[0-9a-f]{17}", tail) or _INVENTED.search(text)) if variant != "ami" else True


def _invented(text: str, facts: dict[str, str]) -> bool:
    """Whether an id is one that documentation or habit makes up, so that nothing of it exists."""
    return bool(_INVENTED.search(text)) or facts.get("account") in PLACEHOLDERS


def _priced(answer: Solution) -> list[tuple[Span, str]]:
    """What runs where: instance classes with their price, for a note beside an image."""
    return [
        (one.span, f"{one.name} ({price.hourly:g} USD an hour)")
        for one in instance_classes(answer)
        if (price := price_of(one.name)) is not None and price.hourly >= 1
    ]


def _spoken(service: str) -> str:
    """A service of an ARN as people write it: `IAM`, `SQS`, `Lambda`; a long name stays as it is in the ARN."""
    return service.upper() if len(service) <= 3 else _NAMES.get(service, service)


def _hit(text: str, span: Span, variant: str, facts: dict[str, str], priced: list[tuple[Span, str]]) -> Hit:
    what = _WHAT[variant].format(account=facts.get("account", ""), service=_spoken(facts.get("service", "")))
    invented = _invented(text, facts)
    runs = next((label for place, label in priced if abs(place.line - span.line) <= 30), "")
    note = f"a fixed {what}" + (", an id that only documentation uses" if invented else "") + (f"; the job runs on {runs}" if runs else "")
    return Hit(
        f"`{text}` is a fixed {what} that the answer neither makes nor looks up",
        at=span,
        entity=text,
        entities=tuple(one for one in (facts.get("account", ""), runs.split(" ")[0] if runs else "") if one),
        cause=f"fixed {variant}",
        variant=variant,
        stops=Stage.DEPLOY if invented else Stage.NONE,
        note=note,
        seek={
            "image": ("ContainerImage.fromEcrRepository", "DockerImage", "image", "Image"),
            "ami": ("machineImage", "ImageId", "ami", "getAmi"),
        }.get(variant, ()),
        facts={"value": text, "what": what, "runs": runs, **facts},
    )


def _models(answer: Solution) -> Iterator[Hit]:
    """SageMaker endpoint configurations whose model is named by a text that no model of the answer has."""
    made = {
        text
        for resource in answer.resources
        if resource.type.lower().endswith("model")
        for value in resource.properties.values()
        if (text := text_of(value))
    }
    for _, value, _ in answer.infrastructure:
        if not isinstance(value, Fields) or look_up(value.fields, "initial_instance_count", "initial_variant_weight") is None:
            continue
        name = look_up(value.fields, "model_name")
        if isinstance(name, Known) and isinstance(name.value, str) and not name.via and name.value not in made:
            yield _hit(name.value, name.span, "model", {}, [])
