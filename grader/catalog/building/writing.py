"""Writes the catalogue's file: the same rows give the same bytes."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from grader.catalog import SCHEMA, Source

_WINDOW = 32_000
_TABLES = """
CREATE TABLE source (space TEXT, package TEXT, version TEXT, registry TEXT, licence TEXT, released TEXT, digest TEXT);
CREATE TABLE dictionary (space TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID;
CREATE TABLE type (space TEXT, name TEXT, body BLOB, PRIMARY KEY (space, name)) WITHOUT ROWID;
"""


def write(path: Path, spaces: Mapping[str, Sequence[tuple[str, object]]], sources: Iterable[Source]) -> None:
    """Write the whole file anew, in the order of spaces and names."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size = 4096")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.executemany(
        "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?)",
        sorted((one.space, one.package, one.version, one.registry, one.licence, one.released, one.digest) for one in sources),
    )
    for space, rows in sorted(spaces.items()):
        bodies = sorted((name, json.dumps(body, separators=(",", ":"), sort_keys=True).encode()) for name, body in rows)
        window = dictionary([body for _, body in bodies])
        connection.execute("INSERT INTO dictionary VALUES (?, ?)", (space, window))
        connection.executemany("INSERT INTO type VALUES (?, ?, ?)", ((space, name, _packed(body, window)) for name, body in bodies))
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


def _packed(body: bytes, window: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=window)
    return packer.compress(body) + packer.flush()


def dictionary(bodies: Sequence[bytes]) -> bytes:
    """The members that save most when they need not be written again, the best last, where the window is nearest."""
    counts: Counter[bytes] = Counter()
    for body in bodies:
        counts.update(set(body.split(b",")))
    worth = sorted(((count * len(piece), piece) for piece, count in counts.items() if count > 2 and len(piece) > 4), reverse=True)
    chosen: list[bytes] = []
    size = 0
    for _, piece in worth:
        size += len(piece) + 1
        if size > _WINDOW:
            break
        chosen.append(piece)
    return b",".join(reversed(chosen))
