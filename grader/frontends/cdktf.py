"""CDK for Terraform in TypeScript, Python, Java and Go: provider resources and the local files they package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.frontends._programs import Construction, class_name, constructions, is_text, local_path, properties_of, shown_name
from grader.model.solutions import Asset, Resource, Unit
from grader.model.values import fold, look_up

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.spans import Span
    from grader.model.values import Value

FRAMEWORK = "cdktf"
_MODULE = re.compile(
    r"^(cdktf($|[./_])|@cdktf/|cdktf_cdktf_provider_|github\.com/hashicorp/terraform-cdk-go|github\.com/cdktf/|cdk\.tf/|"
    r"com\.hashicorp\.cdktf|imports\.(aws|random|tls|archive)|(\.{1,2}/)+\.gen/|.*/\.gen/|.*generated/hashicorp/)"
)
_PROVIDER = re.compile(r"(?:provider[-_]|providers[/.]|\.gen/providers/|generated/hashicorp/|imports[./])([a-z0-9]+)")
NO_RESOURCES = frozenset("terraformoutput terraformvariable terraformstack terraformlocal terraformasset app testing".split())
_BACKENDS = re.compile(r"(Backend|Provider)$")
_READERS = frozenset(
    {"fsreadfilesync", "readfilesync", "fnfile", "fnfilebase64", "fnfilebase64sha256", "fntemplatefile", "osreadfile", "filesreadstring"}
)


def claims(unit: Unit) -> bool:
    """A file that imports CDKTF, a prebuilt provider, or bindings that `cdktf get` generates."""
    return any(_MODULE.match(one.module) for one in unit.imports)


def read(units: Sequence[Unit], document: Document) -> Reading:  # noqa: ARG001 - the shape of a front end
    """Constructions of provider classes with a scope and an id become resources; `DataX` classes are marked as data."""
    resources: list[Resource] = []
    assets: list[Asset] = []
    unresolved: list[tuple[str, Span]] = []
    built = {where.path for made in constructions(units) for where in _outputs(made)}
    for made in constructions(units):
        resource = _resource(made)
        if resource is not None:
            resources.append(resource)
        for asset in _assets(made, built):
            if isinstance(asset, Asset):
                assets.append(asset)
            else:
                unresolved.append(asset)
    return Reading(tuple(resources), tuple(assets), unresolved=tuple(unresolved))


def snake(name: str) -> str:
    """`S3BucketVersioningA` -> `s3_bucket_versioning`: the Terraform name of a generated class."""
    flat = re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z][a-z])", lambda found: f"_{found.group(0)}", name).lower()
    return flat.removesuffix("_a")


def _resource(made: Construction) -> Resource | None:
    call = made.call
    if (
        not _MODULE.match(call.module)
        or call.receiver is not None
        or (len(call.args) < 2 and not call.keywords.get("id_") and "id" not in call.keywords)
    ):
        return None
    kind = class_name(call.path)
    if not kind[:1].isupper() or fold(kind) in NO_RESOURCES or _BACKENDS.search(kind):
        return None
    provider = _PROVIDER.search(call.module)
    if provider is None:
        return None
    name = call.args[1] if len(call.args) > 1 else look_up(call.keywords, "id_", "id")
    if not is_text(name):
        return None
    flat = snake(kind)
    data = flat.startswith("data_")
    flat = re.sub(rf"^data_({provider.group(1)}_)?", "", flat) if data else flat
    return Resource(
        f"{provider.group(1)}_{flat}",
        shown_name(name),
        properties_of(call),
        call.span,
        made.unit.file,
        data,
        made.binding.many,
        made.bound,
        made.binding.owner,
    )


def _outputs(made: Construction) -> Iterator[Asset]:
    """Paths that an `archive_file` writes: built, not given."""
    if fold(class_name(made.call.path)) in {"dataarchivefile", "archivefile"} and _MODULE.match(made.call.module):
        where = local_path(look_up(properties_of(made.call), "output_path"), made.unit.file)
        if where is not None:
            yield Asset(where.path, "archive_file", made.call.span, made.unit.file, where.base)


def _assets(made: Construction, built: set[str]) -> Iterator[Asset | tuple[str, Span]]:
    call, file = made.call, made.unit.file
    kind, own = fold(class_name(call.path)), bool(_MODULE.match(call.module))
    wanted: list[tuple[str, Value | None, bool | None]] = []
    if own and kind == "terraformasset":
        wanted.append(("TerraformAsset", look_up(properties_of(call), "path"), None))
    elif own and kind == "lambdafunction":
        wanted.append(("filename", look_up(properties_of(call), "filename"), False))
    elif own and kind in {"dataarchivefile", "archivefile"}:
        wanted.append(("source_dir", look_up(properties_of(call), "source_dir"), True))
        wanted.append(("source_file", look_up(properties_of(call), "source_file"), False))
    elif fold(call.path) in _READERS and call.args:
        wanted.append((call.path, call.args[0], False))
    for api, value, directory in wanted:
        if value is None:
            continue
        where = local_path(value, file)
        if where is None:
            yield f"the path given to `{api}` is not a constant", call.span
        elif where.path and not where.path.startswith(("/", "http://", "https://", "s3://", "${")):
            yield Asset(where.path, api, value.span, file, where.base, directory, "archive_file" if where.path in built else "", made.bound)
