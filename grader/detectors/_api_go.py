"""Members of the CDK's Go packages."""

from __future__ import annotations

from collections.abc import Iterator

from grader.catalog import member
from grader.detectors._api_hits import absent
from grader.detectors._api_jsii import Place, find_member, members_of, module_named, type_named
from grader.model.hits import Hit
from grader.model.spans import Span


def go_name(place: Place, name: str, span: Span) -> Iterator[Hit]:
    """`NewBucket`, `BucketProps`, `BucketEncryption_KMS`, `Bucket_FromBucketName`: a member of a Go package."""
    plain = name.removeprefix("New") if name.startswith("New") and name[3:4].isupper() else name
    for candidate in (name, plain, plain.removesuffix("_Override")):
        if candidate in place.types:
            return
    owner, _, rest = plain.partition("_")
    if owner not in place.types:
        if owner and owner[0].isupper():
            yield absent(package(place), "name", owner, span, space=place.space, candidates=place.types, variant="type")
        return
    nested = module_named(place.space, f"{place.name}.{owner}")
    if nested is not None and rest in nested.types:
        return
    held = type_named(place.space, f"{place.name}.{owner}")
    if held is None or find_member(held.space, held.name, rest, "go") is not None:
        return
    members = members_of(held.space, held.name) or {}
    shown = [
        f"{owner}_{one[:1].upper()}{one[1:]}" for one, (said, _) in members.items() if one != "()" and ("s" in member(said).flags or held.kind == "e")
    ]
    yield absent(package(place), "name", plain, span, space=place.space, candidates=shown, variant="member")


def package(place: Place) -> str:
    """The Go package of a module: `awscdk`, `awss3`."""
    return {"aws-cdk-lib": "awscdk"}.get(place.name, place.name.rsplit(".", 1)[-1].replace("_", ""))
