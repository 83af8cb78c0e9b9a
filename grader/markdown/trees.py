"""Project trees: the files and folders that a document says its solution has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.model.documents import Listed

if TYPE_CHECKING:
    from collections.abc import Sequence

_BRANCH = re.compile(r"^(?P<lead>[\s│┃|]*)(?:├|└|┣|┗|\+|`|\|)(?:──|━━|--|─|-)+\s*(?P<name>.+)$")
_PLAIN = re.compile(r"^(?P<lead>\s*)(?P<name>[\w@.\-\[\]{}$/]+/?)\s*(?:(?:#|//|<-|←|--|-|\().*)?$")
_NOTE = re.compile(r"\s+(?:#|//|<-|←|-{1,2}\s|–|—|\(|\*).*$|\s{2,}.*$")
_NAME = re.compile(r"^[\w@.\-\[\]{}$/*]+$")


_PARTS = frozenset("lib src bin app modules stacks test tests lambda lambdas infrastructure infra terraform constructs scripts .".split())


def is_tree(text: str) -> bool:
    """Whether a block is a tree of files: lines with branches, or nothing but paths with a folder among them."""
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    if sum(1 for line in lines if _BRANCH.match(line)) >= 2:
        return True
    plain = [found["name"] for line in lines if (found := _PLAIN.match(line))]
    return len(lines) >= 3 and len(plain) == len(lines) and any(name.endswith("/") for name in plain) and any("." in name for name in plain)


def listed(text: str, line: int) -> list[Listed]:
    """The entries of a tree whose first line is `line`, relative to the project's root folder."""
    return _below_root(entries_of(text, line))


def entries_of(text: str, line: int) -> list[Listed]:
    """The entries of a tree with their paths as drawn."""
    entries: list[tuple[int, str, int]] = []
    for offset, raw in enumerate(text.split("\n")):
        branch = _BRANCH.match(raw)
        if branch is None and not entries and raw.strip():
            plain = _PLAIN.match(raw)
            if plain and not branch:
                entries.append((-1, plain["name"], line + offset))
            continue
        found = branch or _PLAIN.match(raw)
        if found is None:
            continue
        name = _NOTE.sub("", found["name"]).strip().strip("*`")
        depth = len(found["lead"].expandtabs(4)) + (1 if branch else 0)
        if name and _NAME.match(name):
            entries.append((depth, name, line + offset))
    return _paths(entries)  # depth by column, so that any drawing of branches works


def _paths(entries: Sequence[tuple[int, str, int]]) -> list[Listed]:
    found: list[Listed] = []
    above: list[tuple[int, str]] = []
    for place, (depth, name, line) in enumerate(entries):
        while above and above[-1][0] >= depth:
            above.pop()
        parent = "/".join(part for _, part in above)
        below = entries[place + 1][0] if place + 1 < len(entries) else depth
        directory = name.endswith("/") or below > depth
        plain = name.strip("/")
        path = f"{parent}/{plain}".strip("/")
        if directory:
            above.append((depth, plain))
        found.append(Listed(path, line, directory))
    return found


def _below_root(entries: Sequence[Listed]) -> list[Listed]:
    """Paths without the project's own folder."""
    root = project_root(entries)
    if not root:
        return [entry for entry in entries if entry.path not in {".", ""}]
    return [Listed(entry.path.removeprefix(f"{root}/"), entry.line, entry.directory) for entry in entries[1:]]


def project_root(entries: Sequence[Listed]) -> str:
    """The project's own folder: the first entry, where that is a folder that holds all others and no part of every project."""
    if len(entries) < 2 or not entries[0].directory or entries[0].path in _PARTS:
        return ""
    root = entries[0].path
    return root if all(entry.path.startswith(f"{root}/") for entry in entries[1:]) else ""
