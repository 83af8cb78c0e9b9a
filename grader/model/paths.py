"""Paths of an answer's files: normal form, tests, and whether a path is among the files given."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEST = re.compile(r"(^|/)(tests?|__tests__|spec|specs)/|(^|/)(test_[^/]*|conftest|[^/]*_test)\.(py|go)$|[._-](test|spec)\.[jt]sx?$|Tests?\.java$")


@lru_cache(maxsize=4096)
def is_test(name: str | None) -> bool:
    """Whether a file's path is that of a test, in the conventions of the languages here."""
    return bool(name) and _TEST.search(name or "") is not None


def normal(path: str, base: str = "") -> str:
    """A path relative to the project's root: joined with `base`, without `.`, and with leading `..` dropped."""
    joined = posixpath.normpath(posixpath.join(base, path.replace("\\", "/")))
    while joined.startswith("../"):
        joined = joined[3:]
    return "" if joined in {".", ".."} else joined.lstrip("/")


def given(path: str, names: Iterable[str]) -> str | None:
    """The first of `names` that is this file, or lies in this folder; a path counts under any leading folders.

    Generous on purpose: an answer seldom says from where a path is relative.
    """
    wanted = normal(path)
    if not wanted:
        return None
    for name in names:
        plain = normal(name)
        if plain == wanted or plain.endswith(f"/{wanted}") or f"/{wanted}/" in f"/{plain}":
            return name
    return None
