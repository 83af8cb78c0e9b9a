"""Project trees: the files and folders that a document says its solution has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.model.documents import Listed

_BRANCH = re.compile(
    r"^(?P<lead>[\s\N{BOX DRAWINGS LIGHT VERTICAL}\N{BOX DRAWINGS HEAVY VERTICAL}|]*)(?:[├└┣┗+`|\\])(?:──|━━|--|─|━|-)+\s*(?P<name>\S.*)$"
)
_PLAIN = re.compile(r"^(?P<lead>[ \t]*)(?P<name>[\w@.\-\[\]{}$/*]+/?)\s*(?:(?:#|//|<-|\N{LEFTWARDS ARROW}|--|-|\N{EN DASH}|\N{EM DASH}|\().*)?$")
_NOTE = re.compile(r"\s+(?:#|//|<-|\N{LEFTWARDS ARROW}|-{1,2}\s|\N{EN DASH}|\N{EM DASH}|\(|\*).*$|\s{2,}.*$")
_NAME = re.compile(r"^[\w@.\-\[\]{}$/*]+$")
_FILE = re.compile(r"\.\w{1,12}$|^(?:Dockerfile|Makefile|Pipfile|LICENSE|README)$")
_OWN = frozenset(
    {
        "lib",
        "src",
        "bin",
        "modules",
        "stacks",
        "test",
        "tests",
        "lambda",
        "lambdas",
        "infrastructure",
        "infra",
        "terraform",
        "constructs",
        "templates",
        "app",
        "cmd",
        "functions",
        "environments",
    }
)
"""Folders that lie inside projects: one that stands alone at the top of a tree is not the project's own."""
MOST_LINES = 400


def is_tree(text: str) -> bool:
    """Whether a block is a tree of files: lines with branches, or nothing but paths with a folder among them."""
    lines = [line[:200] for line in text.split("\n")[:MOST_LINES] if line.strip()]
    branches = [found for line in lines if (found := _BRANCH.match(line))]
    if branches:
        names = [_NOTE.sub("", one["name"]).strip() for one in branches]
        return len(branches) >= 2 and any(_FILE.search(name) or name.endswith("/") for name in names)
    plain = [found["name"] for line in lines if (found := _PLAIN.match(line))]
    return len(lines) >= 3 and len(plain) == len(lines) and any(name.endswith("/") for name in plain) and any(_FILE.search(name) for name in plain)


def listed(text: str, line: int) -> list[Listed]:
    """The entries of a tree whose first line is `line`, with paths relative to the project's root folder."""
    entries: list[tuple[int, str, int]] = []
    rows = [(line + offset, raw[:300].replace("\N{NO-BREAK SPACE}", " ")) for offset, raw in enumerate(text.split("\n")[:MOST_LINES]) if raw.strip()]
    branches = [_BRANCH.match(row) for _, row in rows]
    drawn = any(branches)
    for place, ((at, row), branch) in enumerate(zip(rows, branches, strict=True)):
        root = not drawn or (place + 1 < len(rows) and branches[place + 1] is not None)
        found = branch or (_PLAIN.match(row) if root else None)
        if found is None:
            continue
        name = _NOTE.sub("", found["name"]).strip().strip("*`")
        if name in {"...", "\N{HORIZONTAL ELLIPSIS}"} or not _NAME.match(name):
            continue
        entries.append((len(found["lead"].expandtabs(4)) + (1 if branch else 0), name, at))
    return _below_root(_paths(entries))


def _paths(entries: Sequence[tuple[int, str, int]]) -> list[Listed]:
    found: list[Listed] = []
    above: list[tuple[int, str]] = []
    for place, (depth, name, line) in enumerate(entries):
        while above and above[-1][0] >= depth:
            above.pop()
        below = entries[place + 1][0] if place + 1 < len(entries) else depth
        directory = name.endswith("/") or below > depth
        plain = name.removeprefix("./").strip("/")
        parts = [part for _, part in above if part not in {"", "."}] + [plain]
        if directory:
            above.append((depth, plain))
        found.append(Listed("/".join(parts), line, directory))
    return [entry for entry in found if entry.path not in {"", "."}]


def _below_root(entries: list[Listed]) -> list[Listed]:
    """Paths without the project's own folder, where the first entry is a folder that holds all others."""
    if len(entries) < 2 or not entries[0].directory or entries[0].path.lower() in _OWN or "/" in entries[0].path:
        return entries
    root = f"{entries[0].path}/"
    if not all(entry.path.startswith(root) for entry in entries[1:]):
        return entries
    return [Listed(entry.path.removeprefix(root), entry.line, entry.directory) for entry in entries[1:]]
