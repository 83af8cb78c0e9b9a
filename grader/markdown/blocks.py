"""Fences to blocks: the language, the file name and the role of each, from its text and from what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from grader.markdown.endings import before_prose
from grader.markdown.fences import Fence
from grader.markdown.files import placed
from grader.markdown.headings import Outline
from grader.markdown.languages import TAGS, language_of, tag_of
from grader.markdown.names import fits, is_plain, language_of_name, name_before, name_in_info, name_in_text
from grader.markdown.roles import SHELLS, Facts, role_of
from grader.model.documents import LANGUAGES, Block, Listed, Role

LINES_UP = 12


def blocks_of(found: Sequence[Fence], lines: Sequence[str], shape: Outline, trees: set[int], listing: Sequence[Listed]) -> list[Block]:
    """The blocks of a document in order; `trees` are the first lines of those that are project trees."""
    drafts = _drafts(found, shape)
    blocks: list[Block] = []
    since = 0
    for fence in found:
        tag = tag_of(fence.info)
        language = language_of(tag, fence.text)
        if not fence.closed and not fence.nested:
            fence = before_prose(fence, language)  # noqa: PLW2901 - the same block, as far as it reaches
        tree = fence.start in trees and language not in LANGUAGES
        headings = [one.text for one in shape.above(fence.opening)] if not fence.nested else []
        name = None if tree or fence.nested else _name(fence, lines, since, language)
        language = _by_name(name, tag, language)
        facts = Facts(
            fence.text,
            tag,
            language,
            name,
            headings[0] if headings else "",
            _lead(lines, fence.opening, since),
            tree,
            fence.nested,
            fence.opening in drafts,
        )
        role = role_of(facts)
        name = placed(name, headings, listing) if name is not None and role is not Role.COMMAND else None
        end = fence.start + fence.text.count("\n") + 1 if fence.text else fence.start + 1
        blocks.append(
            Block(fence.text, fence.start + 1, max(end, fence.start + 1), tag, language, role, name, facts.heading, fence.closed, fence.nested),
        )
        if not fence.nested and role is not Role.COMMAND:
            since = fence.stop
    return blocks


def _drafts(found: Sequence[Fence], shape: Outline) -> set[int]:
    """The openings of the blocks in reasoning before the answer, where code follows it."""
    if not shape.drafts:
        return set()
    last = max((one.opening for one in found if not one.nested and language_of(tag_of(one.info), one.text) in LANGUAGES), default=-1)
    if last < shape.drafts[-1][1]:
        return set()
    return {one.opening for one in found if shape.is_draft(one.opening)}


def _name(fence: Fence, lines: Sequence[str], since: int, language: str) -> str | None:
    """The name that stands nearest to the code: in its info string, in its first comment, then in the words before it."""
    said = name_in_info(fence.info)
    if said is not None:
        return said
    inside = name_in_text(fence.text, language)
    before = name_before(lines, fence.opening, since, language)
    if inside is None or before is None:
        return inside or before
    if before.rpartition("/")[2] == inside.rpartition("/")[2]:
        return max(inside, before, key=len)
    return inside


def _by_name(name: str | None, tag: str, language: str) -> str:
    """The language of a block whose name tells more than its tag: a `.tfvars` without a tag, TypeScript tagged as JavaScript."""
    of = language_of_name(name) if name else None
    if name and is_plain(name) and language not in SHELLS:
        return ""
    if not of or of == language:
        return language
    if not language or (language in SHELLS and of not in SHELLS and TAGS.get(tag) is None):
        return of
    if {of, language} == {"typescript", "javascript"}:
        return of
    return language if not fits(name or "", language) or {of, language} == {"yaml", "json"} else of


def _lead(lines: Sequence[str], opening: int, since: int) -> str:
    """The nearest line of text above a block, empty where another block or nothing stands there."""
    for place in range(opening - 1, max(since - 1, opening - LINES_UP), -1):
        if place < len(lines) and lines[place].strip():
            return lines[place].strip()[:300]
    return ""
