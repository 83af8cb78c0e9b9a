"""Values that a service refuses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping

from grader.catalog import Type, look_up, member, nearest, row, version_of
from grader.detectors import detector
from grader.detectors._bucket_acls import refused_acls
from grader.detectors._pulumi_project import refused_configuration
from grader.detectors._refused import invented_policies, refused
from grader.detectors._refused_names import refused_names
from grader.detectors._reservations import reservations
from grader.model.hits import Hit
from grader.model.kinds import Confidence, Kind, Stage
from grader.model.paths import is_test
from grader.model.solutions import Occurrence, Pair, Resource, Solution
from grader.model.spans import Span
from grader.model.values import Fields, Items, Known, Unknown, Value, each, fold, known
from grader.model.values import look_up as field

_NETWORKS = frozenset({"cidrblock", "cidr", "vpccidr", "vpccidrblock", "subnetcidr", "cidrip", "cidrblocks", "destinationcidrblock", "ipaddresses"})
_PORTS = frozenset({"fromport", "toport", "containerport", "hostport"})
_NETWORK = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}/\d{1,3}$")
_RATE = re.compile(r"^rate\(\s*(\d+)\s+(minute|minutes|hour|hours|day|days)\s*\)$")
_SCHEDULES = frozenset({"scheduleexpression", "schedule", "expression"})
_META = frozenset("count for_each provider depends_on lifecycle connection provisioner Fn::Transform".split())
_BUCKET_NAMES = frozenset({"bucket", "bucketname"})
_BUCKET = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
_BUCKET_TYPES = frozenset({"aws_s3_bucket", "aws::s3::bucket", "aws-cdk-lib.aws_s3.bucket", "aws.s3.bucket", "aws.s3.bucketv2"})


@detector(Kind.INVALID_VALUE)
def invalid_value(pair: Pair) -> Iterator[Hit]:
    """A value that the service refuses: outside its closed list, its range or its form, at odds with another, or a required one that is not given.

    The template or plan reads well, and the resource is refused when it is created. Beside the ideal also: concurrency that a function
    reserves of an account that may have none to spare.

    Not flagged: values of variables and parameters; text with parts that are not known; requirements that only some versions of a provider have.

    Example: `ScheduleExpression: rate(1 minutes)`.
    """
    for one in pair.answer.infrastructure:
        yield from _literal(one)
    yield from refused_names(pair.answer)
    for resource in pair.answer.resources:
        if is_test(resource.file.name) or resource.file.superseded:
            continue
        yield from _bucket_name(resource)
        yield from _engine_version(resource)
        if "::" in resource.type:
            found = look_up("cfn", resource.type)
            if found is not None and not _elided(resource, pair):
                given = {name: value for name, value in resource.properties.items() if name[:1] != "@"}
                yield from _listed_values(given, found.members, found, resource.type, 0)
        elif resource.file.language == "hcl" and not resource.data and resource.file.whole:
            yield from _required(resource, pair)
    yield from refused_acls(pair.answer)
    yield from refused(pair.answer)
    yield from invented_policies(pair.answer)
    yield from reservations(pair)
    yield from refused_configuration(pair.answer)
    if pair.answer.framework in {"cdk", "cdktf"}:
        from grader.detectors._api_required import required_properties  # noqa: PLC0415 - only programs need it

        for lacking in required_properties(pair.answer):
            yield _missing(lacking.owner, lacking.name, lacking.at, lacking.checked, Stage.BUILD)


def _hit(
    message: str, at: Span, entity: str, *, variant: str, stops: Stage = Stage.DEPLOY, facts: Mapping[str, str | tuple[str, ...]] | None = None
) -> Hit:
    return Hit(
        message,
        at=Span(at.line, at.line),
        entity=entity,
        variant=variant,
        stops=stops,
        note=message,
        facts={"what": message, **(facts or {})},
    )


def _literal(one: Occurrence) -> Iterator[Hit]:
    value = one.value
    if not isinstance(value, Known) or value.via:
        return
    key, said = fold(one.key), value.value
    if isinstance(said, str) and "${" in said:
        return
    if isinstance(said, str):
        if key in _NETWORKS and _NETWORK.match(said):
            yield from _network(said, value.span)
        elif key in _SCHEDULES:
            yield from _schedule(said, value.span)
    elif isinstance(said, int) and not isinstance(said, bool) and key in _PORTS and not -1 <= said <= 65535:
        yield _hit(f"port {said} is outside 0 to 65535", value.span, f"port {said}", variant="range")


def _network(said: str, at: Span) -> Iterator[Hit]:
    try:
        ipaddress.ip_network(said, strict=False)
    except ValueError:
        yield _hit(f"`{said}` is no network: a number of it is out of range", at, said, variant="form")


def _schedule(said: str, at: Span) -> Iterator[Hit]:
    """The forms of EventBridge: `rate(5 minutes)`, and a cron of six fields of which one of the days is `?`."""
    if said.startswith("rate(") and said.endswith(")"):
        found = _RATE.match(said)
        if found is None:
            yield _hit(f"`{said}` is no rate: `rate(5 minutes)` takes a whole number of minutes, hours or days", at, said, variant="form")
        elif (int(found[1]) == 1) == found[2].endswith("s"):
            right = f"rate({found[1]} {found[2].rstrip('s')}{'' if int(found[1]) == 1 else 's'})"
            yield _hit(f"`{said}` is refused: it has to be `{right}`", at, said, variant="form", facts={"right": right})
    elif said.startswith("cron(") and said.endswith(")"):
        parts = said[5:-1].split()
        if len(parts) != 6:
            yield _hit(f"`{said}` has {len(parts)} fields where six are needed", at, said, variant="form")
        elif "?" not in (parts[2], parts[4]):
            yield _hit(f"`{said}` names a day of the month and a day of the week: one of them has to be `?`", at, said, variant="form")


def _bucket_name(resource: Resource) -> Iterator[Hit]:
    if resource.type.lower() not in _BUCKET_TYPES:
        return
    value = field(resource.properties, "bucket", "bucketName", "BucketName")
    if isinstance(value, Known) and isinstance(value.value, str) and not value.via and "${" not in value.value and not _BUCKET.match(value.value):
        yield _hit(
            f"`{value.value}` is no bucket name: 3 to 63 lower-case letters, digits, dots and hyphens", value.span, value.value, variant="form"
        )


def _engine_version(resource: Resource) -> Iterator[Hit]:
    """A version of a database engine that RDS has never listed."""
    if not any(word in fold(resource.type) for word in ("rds", "dbinstance", "dbcluster")) or any(
        word in fold(resource.type) for word in ("docdb", "neptune")
    ):
        return
    engine, version = known(field(resource.properties, "engine", "Engine")), field(resource.properties, "engineVersion", "EngineVersion")
    if not isinstance(engine, str) or not isinstance(version, Known) or version.via:
        return
    written = str(version.value)
    stored = row("values", "rds engines")
    versions = stored[0].get(engine, ()) if stored else ()  # type: ignore[attr-defined] # the stored form, checked by the tests
    numbers = re.match(r"\d+(?:\.\d+)*", written)
    if not versions or numbers is None or any(one == written or one.startswith(f"{written}.") for one in versions):
        return
    if _newer(numbers[0], versions):
        return
    near = nearest(written, versions)
    hint = f"; there is {', '.join(f'`{one}`' for one in near)}" if near else ""
    yield _hit(
        f"`{written}` is no version of {engine} that RDS lists{hint}",
        version.span,
        f"{engine} {written}",
        variant="listed",
        facts={"near": near, "checked": version_of("cfn")},
    )


def _newer(written: str, versions: tuple[str, ...]) -> bool:
    """Whether a version may be later than the catalogue: above every listed one of its major version, or of a later one."""
    parts = tuple(int(one) for one in written.split("."))
    known_ones = [tuple(int(part) for part in found[0].split(".")) for one in versions if (found := re.match(r"\d+(?:\.\d+)*", one))]
    same = [one for one in known_ones if one[: max(len(parts) - 1, 1)] == parts[: max(len(parts) - 1, 1)]]
    return parts > max(same or known_ones)


def _listed_values(fields: Mapping[str, Value], members: Mapping[str, str], found: Type, path: str, depth: int) -> Iterator[Hit]:
    """Literals outside the closed list of a property, and required properties that are not given."""
    if not any(name.startswith("Fn::") for name in fields):
        at = next((value.span for value in fields.values()), None)
        if at is not None:
            for name in _lacking(fields, members):
                yield _missing(path, name, at, version_of("cfn"))
    for name, value in fields.items():
        one = member(members.get(name, ""))
        lists, plain = one.type.count("[]"), one.type.lstrip("[]")
        if plain.startswith("="):
            allowed = plain[1:].split("\\")
            for inner in value.items if isinstance(value, Items) and lists else (value,):
                if isinstance(inner, Known) and isinstance(inner.value, str) and not inner.via and inner.value not in allowed:
                    near = nearest(inner.value, allowed)
                    hint = f"; did you mean `{near[0]}`?" if near else ""
                    yield _hit(
                        f"`{inner.value}` is no value of `{path}.{name}`{hint}",
                        inner.span,
                        f"{path}.{name} {inner.value}",
                        variant="listed",
                        facts={"near": near, "allowed": tuple(allowed[:12]), "checked": version_of("cfn")},
                    )
        elif plain.startswith("*") and depth < 20:
            nested = found.structs.get(plain[1:], {})
            for inner in _objects(value, lists):
                yield from _listed_values(inner.fields, nested, found, f"{path}.{name}", depth + 1)


def _objects(value: Value, lists: int) -> Iterator[Fields]:
    match value:
        case Unknown(parts=parts):
            for one in parts:
                yield from _objects(one, lists)
        case Items(items=items) if lists:
            for one in items:
                yield from _objects(one, lists - 1)
        case Fields() if not lists and {"Name", "Parameters"} != set(value.fields):
            yield value


def _required(resource: Resource, pair: Pair) -> Iterator[Hit]:
    """Arguments of a Terraform resource that every held version of its provider requires."""
    found = look_up(f"tf:{resource.type.split('_', 1)[0]}", f"resource {resource.type}")
    if found is None or len(resource.properties) < 2 or _elided(resource, pair):
        return
    if any(one.span.touches(resource.span) for one in pair.answer.problems):
        return
    if resource.file.name is None and _excerpts(pair.answer):
        return
    for name in _lacking(resource.properties, found.members):
        yield _missing(resource.type, name, resource.span, version_of(found.space), Stage.BUILD)
    yield from _required_inside(resource.properties, found.members, found, resource.type)


def _required_inside(fields: Mapping[str, Value], members: Mapping[str, str], found: Type, path: str) -> Iterator[Hit]:
    """Arguments that the blocks of a resource require."""
    for name, value in fields.items():
        one = member(members.get(name, ""))
        inner = found.structs.get(one.type[1:]) if one.type.startswith("*") and "b" in one.flags and "x" not in one.flags else None
        for block in each(value) if inner is not None else ():
            if isinstance(block, Fields) and block.complete and inner is not None:
                for lacking in _lacking(block.fields, inner):
                    yield _missing(f"{path}.{name}", lacking, block.span, version_of(found.space), Stage.BUILD)
                yield from _required_inside(block.fields, inner, found, f"{path}.{name}")


def _excerpts(answer: Solution) -> bool:
    """Whether files without a name give a resource twice: then they quote parts of it."""
    given = [(one.type, one.name) for one in answer.resources if one.file.name is None]
    return len(given) != len(set(given))


def _lacking(fields: Mapping[str, Value], members: Mapping[str, str]) -> list[str]:
    """Required members that are not given, unless as many names that do not exist stand for them: their fault is the name."""
    missing = [name for name, said in members.items() if "r" in member(said).flags and "c" not in member(said).flags and name not in fields]
    unknown = sum(name not in members and name not in _META for name in fields)
    return missing if len(missing) > unknown else []


def _elided(resource: Resource, pair: Pair) -> bool:
    """Whether a comment stands for a part of the resource."""
    lines = pair.answer.document.lines[resource.span.line - 1 : resource.span.end_line]
    return any(re.match(r"\s*(?:#|//|/\*)?\s*(?:\.\.\.|\N{HORIZONTAL ELLIPSIS})", line) or "..." in line.partition("#")[2] for line in lines)


def _missing(path: str, name: str, at: Span, checked: str, stops: Stage = Stage.DEPLOY) -> Hit:
    return Hit(
        f"`{path}` needs `{name}`, which is not given",
        at=Span(at.line, at.line),
        entity=f"{path}.{name}",
        entities=(name, path),
        variant="required",
        stops=stops,
        confidence=Confidence.MEDIUM,
        note=f"`{name}` is not given",
        seek=(name,),
        facts={"what": f"{path} without {name}", "name": name, "owner": path, "checked": checked},
    )
