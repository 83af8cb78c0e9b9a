"""One answer on its way through a run, and the digests that say whether it was graded before."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grader
from grader.loader import Sample, Source

_PARSERS = (
    "markdown-it-py",
    "pyyaml",
    "tree-sitter",
    *(f"tree-sitter-{name}" for name in ("go", "hcl", "java", "javascript", "json", "python", "typescript", "yaml")),
)
_OWN = ("batch", "cli", "reporters", "store")
"""Packages that have no part in a grade."""


@dataclass(slots=True)
class Task:
    """One answer. `content` is the digest of all a grade depends on but the sample's name; `line` is the record, once there is one."""

    sample: Sample
    content: bytes
    line: bytes | None = None
    cached: bool = False
    kept: bool = False
    attempts: int = field(default=0)

    @property
    def key(self) -> bytes:
        """The digest of the content and the sample's name, 64 hexadecimal digits."""
        return hashlib.sha256(self.content + self.sample.name.encode("utf-8", "replace")).hexdigest().encode()


def code_digest() -> str:
    """`sha256:` of the code and data that grade, and of the versions of the parsers: equal digests grade alike."""
    found = hashlib.sha256(f"python {sys.version_info.major}.{sys.version_info.minor}\n".encode())
    for name in _PARSERS:
        try:
            found.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            found.update(f"{name}\n".encode())
    root = Path(grader.__file__).parent
    for path in _files(root):
        data = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode())
        found.update(data)
    return f"sha256:{found.hexdigest()}"


def content_digest(sample: Sample, code: str, rubric: str) -> bytes:
    """The digest of what a grade of the sample depends on, without the sample's name."""
    found = hashlib.sha256(f"{code}\n{rubric}\n".encode())
    for source in (sample.answer, sample.ideal, sample.prompt):
        found.update(_parts(source))
    details = json.dumps([dict(sample.metadata), sample.notes], sort_keys=True, default=str)
    found.update(details.encode("utf-8", "surrogatepass"))
    return found.digest()


def _parts(source: Source | None) -> bytes:
    if source is None:
        return b"\0"
    pieces = [piece.encode("utf-8", "surrogatepass") for piece in (source.name, source.text, source.error)]
    return b"".join(b"%d:" % len(piece) + piece for piece in pieces)


def _files(root: Path) -> Iterator[Path]:
    """Files of the package that a grade depends on, sorted."""
    for path in sorted(root.rglob("*")):
        first, *rest = path.relative_to(root).parts
        if first not in _OWN and "__pycache__" not in rest and path.is_file():
            yield path
