"""Members that a class or an interface has from the library's own one it extends: stacks, constructs and their properties."""

from __future__ import annotations

from functools import cache

from grader.catalog import look_up

_ROOTS = {"aws-cdk-lib": "cdk", "constructs": "constructs", "cdktf": "cdktf"}
_MOST = 50
"""Parents followed."""


def held(module: str, path: str) -> frozenset[str] | None:
    """The members of a type that an import gives (`aws-cdk-lib`, `Stack`); None where the catalogue does not hold all of them."""
    if module not in _ROOTS or not path or "." in path:
        return None
    return _members(_ROOTS[module], f"{module}.{path}")


@cache
def _members(space: str, name: str) -> frozenset[str] | None:
    found: set[str] = set()
    waiting, seen = [(space, name)], set[tuple[str, str]]()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        kind = look_up(*one)
        if kind is None or len(seen) > _MOST:
            return None
        found.update(kind.members)
        for base in kind.facts:
            root = base.partition(".")[0] or next(root for root, of in _ROOTS.items() if of == kind.space)
            if root not in _ROOTS:
                return None
            waiting.append((_ROOTS[root], f"{root}.{base.partition('.')[2]}"))
    return frozenset(found)
