"""Names that a service refuses: reserved user names of databases, capitals in names of buckets, folders given as files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.parameters import parameters_of
from grader.knowledge.types import canonical
from grader.model.hits import Hit
from grader.model.kinds import Confidence, Stage
from grader.model.paths import given, is_test
from grader.model.spans import Span
from grader.model.values import Call, Fields, Known, Name, Template, Value, flat, fold, known, look_up, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution

_REFUSED = {"postgres": frozenset({"admin", "rdsadmin"}), "docdb": frozenset({"admin", "rdsadmin"}), "": frozenset({"rdsadmin"})}
"""User names that engines reserve: refused as `MasterUsername` with `reserved word used by the engine` (cfn-lint pull request 4425, verified there by deployment; aws-cdk 5076, 10597
and 13295 for DocumentDB). MySQL and MariaDB take `admin`."""
_CREDENTIALS = frozenset({"fromgeneratedsecret", "fromusername", "frompassword"})
_REFUSES = re.compile(r"[A-Z_]")
_ADMITS = re.compile(r"\[[^\]]*A-Z[^\]]*\]|\\w|\.\*|\.\+")


def refused_names(answer: Solution) -> Iterator[Hit]:
    """User names and names of buckets that are refused when the resource is created."""
    for one in answer.resources:
        if one.data or one.file.superseded or is_test(one.file.name):
            continue
        kind = canonical(one.type)
        if kind.service in {"rds", "docdb"}:
            yield from _user(one, kind.service)
        elif kind.service == "s3" and kind.noun == "bucket":
            yield from _bucket(one)
    yield from _patterns(answer)
    yield from _health_checks(answer)
    if answer.framework == "pulumi":
        yield from _folders(answer)


def _user(resource: Resource, service: str) -> Iterator[Hit]:
    value = look_up(resource.properties, "master_username", "username") or _of_credentials(look_up(resource.properties, "credentials"))
    said = known(value)
    if not isinstance(said, str) or value is None:
        return
    engine = "docdb" if service == "docdb" else "postgres" if _is_postgres(look_up(resource.properties, "engine")) else ""
    if said.lower() in _REFUSED[engine]:
        name = {"docdb": "DocumentDB", "postgres": "PostgreSQL", "": "RDS"}[engine]
        yield _hit(
            f"`{said}` is a word that {name} reserves, and no user name{_through(value)}",
            value.span,
            said,
            variant="reserved",
            entities=(resource.name, resource.type, "username", "masterUsername"),
            seek=("masterUsername", "username", "MasterUsername", "credentials"),
        )


def _of_credentials(value: Value | None) -> Value | None:
    """The user name that `Credentials.fromGeneratedSecret('name')` and its kin take."""
    if not isinstance(value, Call) or fold(value.path.rsplit(".", 1)[-1]).removeprefix("credentials") not in _CREDENTIALS:
        return None
    return look_up(value.keywords, "username") or (value.args[0] if value.args else None)


def _is_postgres(value: Value | None) -> bool:
    said = text_of(value) or (value.path if isinstance(value, Call | Name) else "")
    return "postgres" in said.lower()


def _bucket(resource: Resource) -> Iterator[Hit]:
    value = look_up(resource.properties, "bucket", "bucket_name")
    parts = value.parts if isinstance(value, Template) else (value,) if isinstance(value, Known) and value.via else ()
    for part in parts:
        said = known(part)
        if (
            isinstance(part, Known)
            and isinstance(said, str)
            and value is not None
            and _REFUSES.search(said)
            and "${" not in said
            and "{{" not in said
        ):
            yield _hit(
                f"`{said}` stands in the name of the bucket `{resource.name}`, which takes no capitals and no underscores{_through(part)}",
                value.span,
                said,
                variant="bucket-letters",
                entities=tuple(one for one in (resource.name, part.via, resource.type, "bucketName") if one),
                seek=("BucketName", "bucketName", "bucket"),
            )
            return


def _through(value: Value) -> str:
    return f" (the default of `{value.via}`)" if isinstance(value, Known) and value.via else ""


def _patterns(answer: Solution) -> Iterator[Hit]:
    """Parameters of a template whose pattern admits capitals and that stand in the name of a bucket."""
    if answer.framework != "cfn":
        return
    used: dict[str, Resource] = {}
    for one in answer.resources:
        if one.type == "AWS::S3::Bucket":
            for _, part in flat(look_up(one.properties, "BucketName") or Known(None, one.span)):
                used.setdefault(part.via if isinstance(part, Known) else part.path if isinstance(part, Name) else "", one)
    for parameter in parameters_of(answer) if len(used) > 1 or "" not in used else ():
        pattern = _pattern(answer, parameter.span)
        if parameter.name in used and pattern is not None and isinstance(pattern.value, str) and _ADMITS.search(pattern.value):
            yield _hit(
                f"`{parameter.name}` admits capitals (`{pattern.value}`) and stands in the name of the bucket `{used[parameter.name].name}`, which takes none",
                pattern.span,
                parameter.name,
                variant="bucket-pattern",
                entities=("AllowedPattern", "BucketName", used[parameter.name].name),
                seek=("AllowedPattern",),
                stops=Stage.NONE,
            )


def _pattern(answer: Solution, span: Span) -> Known | None:
    """The literal `AllowedPattern` of the parameter that stands at a place."""
    return next(
        (one.value for one in answer.infrastructure if one.key == "AllowedPattern" and isinstance(one.value, Known) and span.covers(one.value.span)),
        None,
    )


def _health_checks(answer: Solution) -> Iterator[Hit]:
    """The health check of a global endpoint, which is the ARN of a Route 53 health check (AWS::Events::Endpoint, Primary.HealthCheck)."""
    for key, text, value, _ in answer.texts:
        if fold(key) == "healthcheck" and text.startswith(("http://", "https://")):
            yield _hit(
                f"`{text[:60]}` is an address; a health check is given by the ARN of one in Route 53",
                value.span,
                text[:60],
                variant="address-for-arn",
                entities=(key, "healthCheck", "CfnHealthCheck"),
                seek=("healthCheck", "HealthCheck", "CfnHealthCheck"),
            )


def _folders(answer: Solution) -> Iterator[Hit]:
    """Folders that are handed to `FileAsset`, which reads one file (Pulumi: assets and archives)."""
    names = [file.name for file in answer.files if file.name]
    for key, value, _ in answer.infrastructure:
        fields = value.fields if isinstance(value, Fields) else {key: value} if isinstance(value, Call) else {}
        for name, one in fields.items():
            path = text_of(one.args[0]) if isinstance(one, Call) and fold(one.path.rsplit(".", 1)[-1]) == "fileasset" and one.args else None
            last = posixpath.basename((path or "").rstrip("/"))
            if (
                not path
                or "." in last.strip(".")
                or not (name == "." or path.endswith("/") or any(given(f"{path}/{n.rsplit('/', 1)[-1]}", [n]) for n in names))
            ):
                continue
            if isinstance(value, Call) and name == ".":
                continue
            yield _hit(
                f"`FileAsset` reads one file, and `{path}` is a folder: it takes a `FileArchive`",
                one.span,
                path,
                variant="folder-as-file",
                entities=("FileAsset", "FileArchive"),
                seek=("FileArchive", "AssetArchive"),
            )


def _hit(message: str, at: Span, entity: str, *, variant: str, entities: tuple[str, ...], seek: tuple[str, ...], stops: Stage = Stage.DEPLOY) -> Hit:
    return Hit(
        message,
        at=Span(at.line, at.line),
        entity=entity,
        entities=entities,
        cause=f"{variant} {entity}",
        variant=variant,
        stops=stops,
        confidence=Confidence.HIGH,
        note=message,
        seek=seek,
        facts={"what": message},
    )
