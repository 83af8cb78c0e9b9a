"""The types that a Java package of a held library gives, for imports that name none of them."""

from __future__ import annotations

from functools import lru_cache

from grader.catalog import look_up, row

LIBRARIES = ("software.amazon.awscdk", "software.constructs", "com.hashicorp.cdktf", "com.pulumi.aws")
"""The packages (with all below them) of which the catalogue may have something."""
_JSII = ("cdk", "constructs", "cdktf")
_PULUMI = "com.pulumi.aws."


@lru_cache(maxsize=256)
def types_of_package(package: str) -> frozenset[str]:
    """The names of a package's types; empty where the catalogue does not hold it."""
    if package.startswith(_PULUMI):
        return _pulumi(package.removeprefix(_PULUMI))
    for space in _JSII if package.startswith(LIBRARIES) else ():
        stored = row(space, "modules")
        full = stored[0].get(package) if stored else None  # type: ignore[attr-defined] # the stored form, checked by the tests
        body = row(space, f"module {full}") if full else None
        if body is not None and isinstance(body[5], list):
            return frozenset(str(name) for name in body[5])
    return frozenset()


def _pulumi(package: str) -> frozenset[str]:
    """Resources with their arguments of a service, or the nested arguments of its `inputs`."""
    service, _, inside = package.partition(".")
    found = look_up("pulumi", f"module {'lambda_' if service == 'lambda' else service}")
    names = tuple(found.members) if found else ()
    if inside:
        return frozenset(name for name in names if name.endswith("Args")) if inside == "inputs" else frozenset()
    return frozenset(form for name in names if name[:1].isupper() and not name.endswith("Args") for form in (name, f"{name}Args"))
