"""Pulumi in TypeScript, JavaScript, Python, Java and Go: resources and the local files they package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.frontends._programs import Construction, class_name, constructions, is_text, local_path, properties_of, shown_name
from grader.model.solutions import Asset, Resource, Unit
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.spans import Span
    from grader.model.values import Value

FRAMEWORK = "pulumi"
_MODULES = ("@pulumi/", "pulumi", "github.com/pulumi/", "com.pulumi")
_CORE = re.compile(r"^(@pulumi/pulumi|pulumi($|\.)|github\.com/pulumi/pulumi/|com\.pulumi($|\.core|\.asset|\.deployment|\.resources|\.context))")
_ARCHIVES = {"filearchive": None, "fileasset": False, "newfilearchive": None, "newfileasset": False}
_READERS = frozenset({"fsreadfilesync", "readfilesync", "filesreadstring", "filesreadallbytes", "osreadfile", "ioutilreadfile"})
_PROVIDER = re.compile(r"^(?:@pulumi/|pulumi_|github\.com/pulumi/pulumi-|com\.pulumi\.)([a-z0-9]+(?:[-_][a-z]+)?)")


def claims(unit: Unit) -> bool:
    """A file that imports Pulumi."""
    return any(
        one.module.startswith(("@pulumi/", "github.com/pulumi/", "com.pulumi")) or re.match(r"pulumi($|[_.])", one.module) for one in unit.imports
    )


def read(units: Sequence[Unit], document: Document) -> Reading:  # noqa: ARG001 - the shape of a front end
    """Constructions of provider classes become resources; functions `getX` and `LookupX` are marked as data."""
    resources: list[Resource] = []
    assets: list[Asset] = []
    unresolved: list[tuple[str, Span]] = []
    for made in constructions(units):
        resource = _resource(made)
        if resource is not None:
            resources.append(resource)
        for asset in _assets(made):
            if isinstance(asset, Asset):
                assets.append(asset)
            else:
                unresolved.append(asset)
    return Reading(tuple(resources), tuple(assets), unresolved=tuple(unresolved))


def resource_type(module: str, path: str) -> str:
    """`aws.s3.Bucket` for a provider's class or function, in whichever language it is imported; empty for Pulumi's own."""
    if _CORE.match(module):
        return ""
    found = _PROVIDER.match(module)
    if found is None:
        return ""
    provider = found.group(1).replace("_", "-")
    rest = module[found.end() :]
    if module.startswith("github.com/"):
        rest = re.sub(r"^/sdk(/v\d+)?/go/[^/]+", "", rest)
        path = ".".join([*path.split(".")[:-1], class_name(path)])
    inner = [part for part in re.split(r"[/.]", rest) if part]
    return ".".join(part.rstrip("_") for part in [provider, *inner, *path.split(".")])


def _resource(made: Construction) -> Resource | None:
    call = made.call
    if not call.module or call.receiver is not None or not call.module.startswith(_MODULES):
        return None
    kind = resource_type(call.module, call.path)
    last = kind.rsplit(".", 1)[-1]
    if not kind or last.endswith(("Args", "Array", "Map", "Provider")) or last == "Provider":
        return None
    data = fold(last).startswith(("get", "lookup"))
    args = call.args[1:] if call.module.startswith("github.com/") else call.args
    name = args[0] if args else call.keywords.get("resource_name")
    if data:
        return Resource(
            kind,
            made.bound,
            properties_of(call),
            call.span,
            made.unit.file,
            data=True,
            many=made.binding.many,
            binding=made.bound,
            owner=made.binding.owner,
        )
    if not last[:1].isupper() or name is None or not is_text(name):
        return None
    if call.module.startswith("github.com/") and not call.path.rsplit(".", 1)[-1].startswith("New"):
        return None
    return Resource(
        kind, shown_name(name), properties_of(call), call.span, made.unit.file, many=made.binding.many, binding=made.bound, owner=made.binding.owner
    )


def _assets(made: Construction) -> Iterator[Asset | tuple[str, Span]]:
    call, file = made.call, made.unit.file
    name = fold(call.path.rsplit(".", 1)[-1])
    value: Value | None = None
    directory: bool | None = None
    if name in _ARCHIVES and call.args and call.module.startswith(_MODULES):
        value, directory = call.args[0], _ARCHIVES[name]
    elif fold(call.path) in _READERS and call.args:
        value, directory = call.args[0], False
    if value is None:
        return
    where = local_path(value, file)
    if where is None:
        yield f"the path given to `{call.path}` is not a constant", call.span
    elif where.path and not where.path.startswith(("/", "http://", "https://", "s3://")):
        yield Asset(where.path, call.path, value.span, file, where.base, directory, resource=made.bound)
