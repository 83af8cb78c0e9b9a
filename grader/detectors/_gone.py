"""Arguments that the newest major version of the AWS provider no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.catalog import look_up, member, version_of
from grader.model.paths import is_test
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.model.solutions import Solution
    from grader.model.spans import Span

_FIRST = "1"
"""The set of held versions that is the oldest alone: what only it has is gone since the major version after it."""
_SINCE = {"tf:aws": 6, "pulumi": 7}
"""The major version after the oldest held, by space: AWS provider 6 (June 2025), pulumi-aws 7 (July 2025)."""
_PINS = {
    "tf": re.compile(r"hashicorp/aws\"[^}]{0,120}?version\s*=\s*\"([^\"]{1,60})\"|(?<!_)version\s*=\s*\"([^\"]{1,60})\"[^{}]{0,60}?hashicorp/aws\""),
    "cdktf": re.compile(r"cdktf[-/](?:cdktf-)?provider-aws(?:\"\s*:\s*\"|-go/aws/v|\s*(?=[=~<>]))([^\"\s]{1,40})"),
    "pulumi": re.compile(
        r"@pulumi/aws\"\s*:\s*\"([^\"]{1,40})\"|pulumi[-_]aws\s*([=~<>!][^\n\"]{1,40})|pulumi-aws/sdk/(v\d+)|<artifactId>aws</artifactId>\s*<version>([^<]{1,40})<"
    ),
}
_BELOW = {"tf": 6, "cdktf": 20, "pulumi": 7}
"""The version of the package with which the new major version came: `@cdktf/provider-aws` 20 and later have AWS provider 6."""


class Gone(NamedTuple):
    """An argument that is set: its name as written, the resource's type, its place; `since` which version it is gone, `pinned` whether an older one is asked for."""

    name: str
    owner: str
    at: Span
    since: int
    pinned: bool
    checked: str


def gone(answer: Solution) -> Iterator[Gone]:
    """Every argument of a resource that only the older of the held major versions has."""
    framework = answer.framework
    if framework not in _PINS:
        return
    space = "pulumi" if framework == "pulumi" else "tf:aws"
    pinned: bool | None = None
    for one in answer.resources:
        if one.data or is_test(one.file.name) or one.file.superseded:
            continue
        kind = one.type.removeprefix("aws.") if framework == "pulumi" else f"resource {one.type}"
        if framework == "pulumi" and not one.type.startswith("aws."):
            continue
        names = _names(space, kind)
        for name, value in one.properties.items() if names else ():
            if fold(name) in names:
                pinned = _pinned(answer) if pinned is None else pinned
                yield Gone(name, one.type, value.span, _SINCE[space], pinned, version_of(space))


@lru_cache(maxsize=4096)
def _names(space: str, kind: str) -> Mapping[str, str]:
    """The arguments of a type that only the oldest held version has, by their folded names."""
    held = look_up(space, kind)
    return {fold(name): name for name, said in held.members.items() if member(said).rest == _FIRST} if held else {}


def _pinned(answer: Solution) -> bool:
    """Whether the answer asks for a version that still has what is gone."""
    for found in _PINS[answer.framework].finditer(answer.document.text):
        said = next(one for one in found.groups() if one)
        major = re.search(r"(\d+)", said)
        if major and int(major[1]) < _BELOW[answer.framework] and not re.match(r"\s*>=?\s*[\d.]+\s*$", said):
            return True
    return False
