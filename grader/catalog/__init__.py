"""What libraries, providers and CloudFormation have: types and their members, from one read-only file inside the package.

A type is found by its space and name. Spaces: `cdk` (`aws-cdk-lib.aws_s3.Bucket`), `constructs`, `cdktf`, `cfn` (`AWS::S3::Bucket`), `pulumi`
(`s3.Bucket`) and one a Terraform provider, `tf:aws` (`resource aws_s3_bucket`). Opening takes a millisecond, a look-up microseconds.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

FILE = Path(__file__).with_name("catalogue.sqlite")
SCHEMA = 1


class CatalogueError(Exception):
    """The catalogue's file is missing or of another schema; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Source:
    """A package the catalogue was built from. `released` is its date on the registry, ISO 8601."""

    space: str
    package: str
    version: str
    registry: str
    licence: str
    released: str
    digest: str


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a type: what it takes or returns.

    `flags`, one letter each: r required, c computed only, b a block, x a block in some versions and an argument in others, l many, a an array in
    CDKTF (a block that is `l` alone is one object there), m a method (or, for Terraform, a map), s static, d deprecated, p protected, i an input,
    o an output. `type` is a type's name in the short form of its space, `rest` further facts (parameters of a method, versions that have the member).
    """

    flags: str = ""
    type: str = ""
    rest: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """A type with all its members by name; `structs` are the nested ones that only it uses, `facts` what its space says beside (bases, construct, attributes)."""

    space: str
    name: str
    kind: str
    facts: tuple[str, ...]
    members: Mapping[str, str]
    structs: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=65536)
def member(said: str) -> Member:
    """A member's facts, read from its stored form."""
    return Member(*said.split("|"))


@cache
def _connection() -> sqlite3.Connection:
    if not FILE.is_file():
        message = f"{FILE}: the API catalogue is missing; run `grader catalog build` or install the package again"
        raise CatalogueError(message)
    found = sqlite3.connect(f"file:{quote(str(FILE))}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    if found.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        message = f"{FILE}: made for another version of grader; run `grader catalog build` or install the package again"
        raise CatalogueError(message)
    return found


@cache
def _dictionary(space: str) -> bytes:
    row = _connection().execute("SELECT body FROM dictionary WHERE space = ?", (space,)).fetchone()
    return row[0] if row else b""


def _decoded(space: str, body: bytes) -> list[object]:
    reader = zlib.decompressobj(-15, zdict=_dictionary(space))
    found: list[object] = json.loads(reader.decompress(body))
    return found


@lru_cache(maxsize=4096)
def row(space: str, name: str) -> tuple[object, ...] | None:
    """The stored body of one name, None where the space has none."""
    found = _connection().execute("SELECT body FROM type WHERE space = ? AND name = ?", (space, name)).fetchone()
    return tuple(_decoded(space, found[0])) if found else None


@lru_cache(maxsize=4096)
def look_up(space: str, name: str) -> Type | None:
    """A type, None where the space has none of this name."""
    found = row(space, name)
    if found is None or len(found) != 4:
        return None
    kind, facts, members, structs = found
    return Type(space, name, str(kind), tuple(facts), members, structs)  # type: ignore[arg-type] # the stored form, checked by the tests


@cache
def names(space: str) -> tuple[str, ...]:
    """All names of a space, sorted. Some ten milliseconds for the largest: for suggestions, not for checks."""
    return tuple(name for (name,) in _connection().execute("SELECT name FROM type WHERE space = ? ORDER BY name", (space,)))


@cache
def sources() -> tuple[Source, ...]:
    """Every package the catalogue was built from, in the order of the spaces."""
    query = "SELECT space, package, version, registry, licence, released, digest FROM source ORDER BY space, package, version"
    return tuple(Source(*one) for one in _connection().execute(query))


@cache
def version_of(space: str) -> str:
    """The packages of a space with their versions, as a reader would write them."""
    return " and ".join(f"{one.package} {one.version}" for one in sources() if one.space == space)


_ALIKE, _WITHIN, _MOST_APART, _SHORT = 0.68, 0.2, 12, 3
"""How like two names are that may be meant for each other, what it counts that one holds the other, and letters of difference and of short names."""


def nearest(name: str, candidates: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names most like `name`, best first, whatever their case; empty where none is like it."""
    folded = name.replace("_", "").lower()
    matcher = SequenceMatcher(None, "", folded)  # what it learns of its second text serves every candidate
    scored = []
    for one in candidates:
        plain = one.replace("_", "").lower()
        if abs(len(plain) - len(folded)) > _MOST_APART:
            continue
        within = len(plain) > _SHORT and len(folded) > _SHORT and (folded in plain or plain in folded)
        least = _ALIKE - (_WITHIN if within else 0)
        matcher.set_seq1(plain)
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least or (score := matcher.ratio()) < least:
            continue
        scored.append((-score - (_WITHIN if within else 0), one))
    return tuple(one for _, one in sorted(scored)[:most])
