"""Runtimes and database engines whose end of life has passed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from grader.catalog import look_up as api
from grader.catalog import member, row, sources, version_of
from grader.detectors import detector
from grader.detectors._gone import gone
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.solutions import Occurrence, Pair
from grader.model.values import Call, Known, Name, fold, known, look_up

_FIELDS = frozenset({"runtime", "compatibleruntimes", "lambdaruntime", "compatibleruntime"})
SHORTEST = 6
"""Letters of a property's name from which the ideal's line with it is its counterpart."""
_DIGIT = re.compile(r"(?<=\d)d(?=\d|x)")


@cache
def checked() -> str:
    """The day that the catalogue's data stand for, ISO 8601: a grade must not depend on the day it is made."""
    return next(one.released for one in sources() if one.space == "cfn")


@cache
def _table(name: str) -> Mapping[str, list[str]]:
    found = row("values", name)
    return found[0] if found else {}  # type: ignore[return-value] # the stored form, checked by the tests


@cache
def _runtimes() -> Mapping[str, str]:
    return {fold(name): name for name in _table("lambda runtimes")}


@detector(Kind.DEPRECATED_VERSION)
def deprecated_version(pair: Pair) -> Iterator[Hit]:
    """A Lambda or canary runtime or a database engine version that its maker no longer supports, a property that the CDK marks as deprecated, or an argument that the newest AWS provider no longer has.

    It gets no security fixes, and from the day that creation is blocked the deployment is refused.

    Not flagged: what is supported on the day of the catalogue's data (`grader catalog info`); values of parameters and variables; versions that the prompt names.

    Example: `runtime = "nodejs16.x"`.
    """
    for one in pair.answer.infrastructure:
        yield from _runtime(one, pair)
        yield from _canary(one)
    for resource in pair.answer.resources:
        engine, version = known(look_up(resource.properties, "engine", "Engine")), look_up(resource.properties, "engine_version", "EngineVersion")
        written = known(version)
        if not isinstance(engine, str) or not isinstance(written, str) or not isinstance(version, Known) or version.via or written in pair.task.text:
            continue
        if "." in written and written in _table("rds engines deprecated").get(engine, ()):
            yield Hit(
                f"RDS lists version `{written}` of {engine} as deprecated",
                at=version.span,
                entity=f"{engine} {written}",
                entities=(written, engine),
                variant="engine",
                note=f"{engine} {written}: deprecated",
                seek=("engineVersion", "engine_version", "EngineVersion"),
                facts={"what": "engine version", "name": f"{engine} {written}", "successor": "", "date": "", "checked": checked()},
            )
    provider = "Pulumi's AWS provider" if pair.answer.framework == "pulumi" else "the AWS provider"
    for lost in gone(pair.answer):
        yield Hit(
            f"`{lost.name}` of `{lost.owner}` is gone since version {lost.since} of {provider}",
            at=lost.at,
            entity=lost.name,
            entities=(lost.name, lost.owner),
            cause=f"{lost.owner}.{lost.name}",
            variant="outgoing" if lost.pinned else "gone",
            note=f"`{lost.name}`: gone since version {lost.since}",
            seek=(lost.owner, lost.name),
            facts={"name": lost.name, "owner": lost.owner, "since": str(lost.since), "provider": provider, "checked": lost.checked},
        )
    if pair.answer.framework == "cdk":
        from grader.detectors._api_required import deprecated_properties  # noqa: PLC0415 - only programs need it

        for found in deprecated_properties(pair.answer):
            yield Hit(
                f"`{found.name}` of `{found.owner}` is deprecated{f'; `{found.successor}` takes its place' if found.successor else ''}",
                at=found.at,
                entity=found.name,
                entities=(found.name, found.owner),
                variant="member",
                note=f"`{found.name}`: deprecated",
                seek=tuple(one for one in (found.successor, found.name) if len(one) >= SHORTEST),
                facts={"what": "property", "name": found.name, "owner": found.owner, "successor": found.successor, "checked": found.checked},
            )


def _canary(one: Occurrence) -> Iterator[Hit]:
    """A runtime of Synthetics that aws-cdk-lib marks as deprecated: canaries cannot be created on it (CloudWatch user guide, runtime support policy)."""
    value = one.value
    if isinstance(value, Known) and isinstance(value.value, str) and value.value.startswith("syn-"):
        name = f"SYNTHETICS_{value.value.removeprefix('syn-').upper().replace('-', '_').replace('.', '_')}"
    elif isinstance(value, Name) and "SYNTHETICS_" in value.path:
        name = value.path.replace("Runtime_", "Runtime.").rpartition(".")[2]
    else:
        return
    found = api("cdk", "aws-cdk-lib.aws_synthetics.Runtime")
    if found is None or "d" not in member(found.members.get(name, "")).flags:
        return
    kind, _, number = name.removeprefix("SYNTHETICS_").rpartition("_")
    family, _, major = kind.rpartition("_")
    said = f"syn-{family.lower().replace('_', '-')}-{major}.{number}"
    yield Hit(
        f"the canary runtime `{said}` is deprecated, and canaries cannot be created on it",
        at=value.span,
        entity=said,
        entities=(name, "runtimeVersion", "runtime_version"),
        variant="canary",
        stops=Stage.DEPLOY,
        note=f"{said}: deprecated",
        seek=("runtimeVersion", "runtime_version", "RuntimeVersion", "runtime"),
        facts={"name": said, "checked": version_of("cdk")},
    )


def _runtime(one: Occurrence, pair: Pair) -> Iterator[Hit]:
    value, name = one.value, ""
    match value:
        case Known(value=str() as text, via="") if fold(one.key) in _FIELDS:
            name = text
        case Name(path=path, module=module) | Call(path=path, module=module, receiver=None) if module and "untime" in path:
            owner, _, last = path.replace("Runtime_", "Runtime.").rpartition(".")
            if owner.endswith("Runtime"):
                name = _runtimes().get(_DIGIT.sub("", fold(last)), "")
    said = _table("lambda runtimes").get(name)
    if said is None or name in pair.task.text:
        return
    ended, blocked, successor = said
    if not ended or ended > checked():
        return
    stops = Stage.DEPLOY if blocked and blocked <= checked() else Stage.NONE
    then = (
        f", and functions on it cannot be created since {blocked}"
        if stops is Stage.DEPLOY
        else f"; creation is blocked from {blocked}"
        if blocked
        else ""
    )
    yield Hit(
        f"runtime `{name}` is deprecated since {ended}{then}",
        at=value.span,
        entity=name,
        variant="blocked" if stops is Stage.DEPLOY else "runtime",
        stops=stops,
        note=f"{name}: deprecated since {ended}",
        seek=("runtime", "Runtime"),
        facts={"what": "runtime", "name": name, "successor": successor, "date": ended, "blocked": blocked, "checked": checked()},
    )
