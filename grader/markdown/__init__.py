"""A Markdown document as blocks and files: what an answer gives, under which names, and what it only shows or quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.markdown.fences import Fence, fences
from grader.markdown.files import files_of
from grader.markdown.languages import from_content, language_of, tag_of
from grader.markdown.names import heading_text, name_before, name_in_info, name_in_text
from grader.markdown.roles import SHORT, role_of
from grader.markdown.trees import entries_of, is_tree, listed, project_root
from grader.model.documents import LANGUAGES, Block, Document, Role

__all__ = ["read_document"]

ASIDE = 12
"""Up to so many lines an unnamed piece of a language that has named files is no file."""
_DRAFT = re.compile(r"\breasoning\b|\bthinking\b|\bthought process\b|\bscratch", re.IGNORECASE)
_FINAL = re.compile(r"^(?:final\s+)?(?:answer|response|solution)\b", re.IGNORECASE)
_RAW = re.compile(
    r"^(?:---|AWSTemplateFormatVersion|Resources|Parameters|Description|Transform|import |from \w[\w.]* import|package \w|terraform\s*\{|provider \"|resource \"|variable \"|locals\s*\{|data \"|module \"|output \"|#!/|\{\s*$|\{\s*\"|export |const \w|//|#)"
)


def read_document(text: str) -> Document:
    """Read a document; never raises. Every line of every block and file is the document's own line."""
    lines = text.split("\n")
    found = fences(lines)
    blocks = [*_blocks(found, lines)]
    raw = _raw(found, lines)
    if raw is not None:
        blocks = [raw, *blocks]
    blocks = _asides(_drafts(blocks, lines))
    listing = tuple(entry for block in blocks if block.role is Role.LISTING and is_tree(block.text) for entry in listed(block.text, block.line))
    return Document(text, tuple(lines), tuple(blocks), files_of(blocks, _root(blocks)), listing)


def _blocks(found: Sequence[Fence], lines: Sequence[str]) -> Iterator[Block]:
    since, heading, seen = 0, "", 0
    for fence in found:
        opening = max(fence.start - 1, 0)
        for line in lines[seen:opening]:
            heading = heading_text(line) or heading
        seen = max(seen, opening)
        tag = tag_of(fence.info)
        language = language_of(tag, fence.text)
        name = None if fence.nested else _name(fence, language, lines, since)
        lead = next((line for line in reversed(lines[since:opening]) if line.strip()), "")
        role = Role.QUOTE if fence.nested else role_of(fence.text, language, name, lead, heading)
        text_lines = fence.text.count("\n") + 1
        yield Block(fence.text, fence.start + 1, fence.start + text_lines, tag, language, role, name, heading, fence.closed, fence.nested)
        if not fence.nested:
            since = seen = max(seen, fence.stop + (1 if fence.closed else 0))


def _name(fence: Fence, language: str, lines: Sequence[str], since: int) -> str | None:
    """The name in the block, or in the words before it; the longer path where both name the same file."""
    inside = name_in_info(fence.info) or name_in_text(fence.text, language)
    if inside is not None and "/" in inside and language != "java":
        return inside
    before = name_before(lines, max(fence.start - 1, 0), since, language)
    if inside is None or (before is not None and before.endswith(f"/{inside.rsplit('/', 1)[-1]}")):
        return before
    return inside


def _raw(found: Sequence[Fence], lines: Sequence[str]) -> Block | None:
    """A document that is code without a fence, or opens with code before its first fence."""
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None or not _RAW.match(lines[first]) or lines[first].startswith(("# ", "## ", "### ")) and not from_content("\n".join(lines[first : first + 40])):
        return None
    stop = min((fence.start - 1 for fence in found), default=len(lines))
    if stop <= first:
        return None
    text = "\n".join(lines[first:stop]).rstrip()
    language = from_content(text[:20_000])
    count = text.count("\n") + 1
    if language not in LANGUAGES or (found and count < SHORT) or (not found and count < 3):
        return None
    if sum(1 for line in lines[first:stop] if heading_text(line) and language not in {"python", "hcl", "yaml", "bash"}) > 2:
        return None
    return Block(text, first + 1, first + count, "", language, Role.FILE, name_in_text(text, language), "", closed=True)


def _drafts(blocks: Sequence[Block], lines: Sequence[str]) -> list[Block]:
    """Blocks of a reasoning trace are drafts where an answer with code follows."""
    headings = [(place + 1, said) for place, line in enumerate(lines) if line[:1] in {"#", "*", "<"} and (said := heading_text(line) or line.strip("<>"))]
    draft = next((line for line, said in headings if _DRAFT.search(said) and len(said) < 60), None)
    final = next((line for line, said in headings if draft is not None and line > draft and (_FINAL.match(said.strip()) or said.startswith("/"))), None)
    if final is None or not any(block.line > final and block.role is Role.FILE for block in blocks):
        return list(blocks)
    return [_quoted(block) if draft is not None and draft < block.line < final and block.role is Role.FILE else block for block in blocks]


def _quoted(block: Block) -> Block:
    return replace(block, role=Role.QUOTE)


def _root(blocks: Sequence[Block]) -> str:
    """The project's own folder, as its tree draws it; empty where no tree does."""
    trees = (entries_of(block.text, block.line) for block in blocks if block.role is Role.LISTING and is_tree(block.text))
    return next((root for entries in trees if (root := project_root(entries))), "")


def _asides(blocks: Sequence[Block]) -> list[Block]:
    """Short unnamed pieces are examples where the same language has a named file: a reader is told about it, not given it."""
    named = {block.language for block in blocks if block.role is Role.FILE and block.name}
    return [replace(block, role=Role.SNIPPET) if block.role is Role.FILE and not block.name and block.language in named and block.text.count("\n") < ASIDE else block for block in blocks]

