"""Markdown to files: the blocks of an answer, what each is for, the files they give, and the files its project tree claims."""

from __future__ import annotations

from collections.abc import Sequence

from grader.markdown.blocks import blocks_of
from grader.markdown.fences import Fence, fences
from grader.markdown.files import files_of
from grader.markdown.headings import outline
from grader.markdown.languages import language_of, tag_of
from grader.markdown.raw import raw_code
from grader.markdown.trees import is_tree, listed
from grader.model.documents import LANGUAGES, Document, Listed

__all__ = ["read_document"]
_BRANCH = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
_TREES = frozenset({"", "bash", "yaml", "makefile"})
"""Languages of blocks that may be trees: what people tag them as."""
_QUOTING = frozenset({"markdown", "md"})


def read_document(text: str) -> Document:
    """Read a Markdown text, in time linear in its length; never raises on any text.

    Line n of the document is line n of `text` with CR and CRLF read as newlines and a byte order mark left out.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    lines = tuple(text.split("\n"))
    found = _unwrapped(fences(lines))
    if not any(not one.nested and language_of(tag_of(one.info), one.text) in LANGUAGES for one in found):
        found = _with_raw(found, lines)
    shape = outline(lines, [(one.opening, one.stop + 1) for one in found if not one.nested])
    trees = {one.start for one in found if "." in one.text and language_of(tag_of(one.info), one.text) in _TREES and is_tree(one.text)}
    listing = _listing(found, trees, lines if _BRANCH in text else ())
    blocks, files = files_of(blocks_of(found, lines, shape, trees, listing))
    return Document(text, lines, tuple(blocks), tuple(files), listing)


def _unwrapped(found: list[Fence]) -> list[Fence]:
    """The blocks of an answer that stands as a whole in a quoted document: its inner blocks are the answer's own."""
    if not any(one.nested for one in found):
        return found
    outer = [one for one in found if not one.nested]
    frames = [one for one in outer if tag_of(one.info) in _QUOTING]
    if len(frames) != 1 or any(language_of(tag_of(one.info), one.text) in LANGUAGES for one in outer if one is not frames[0]):
        return found
    inner = [one for one in found if one.nested and frames[0].start <= one.opening < frames[0].stop]
    if not any(language_of(tag_of(one.info), one.text) in LANGUAGES for one in inner):
        return found
    return [_outermost(one) for one in found if one is not frames[0]]


def _outermost(one: Fence) -> Fence:
    return Fence(one.info, one.opening, one.start, one.stop, one.text, one.closed)


def _with_raw(found: list[Fence], lines: Sequence[str]) -> list[Fence]:
    """The blocks of a document without fenced code, with the code that stands in it as it is."""
    raw = raw_code(lines)
    if raw is None or any(one.opening < raw.start < one.stop and language_of(tag_of(one.info), one.text) == "bash" for one in found):
        return found
    outside = [one for one in found if one.stop < raw.start or one.opening >= raw.stop]
    return sorted(
        [*outside, Fence(raw.language, raw.start, raw.start, raw.stop, "\n".join(lines[raw.start : raw.stop]), closed=True)],
        key=lambda one: one.start,
    )


def _listing(found: Sequence[Fence], trees: set[int], lines: Sequence[str]) -> tuple[Listed, ...]:
    """What the document's trees list; those of a quoted README count where there is no other, and so do trees outside of blocks."""
    for nested in (False, True):
        entries = [entry for one in found if one.nested is nested and one.start in trees for entry in listed(one.text, one.start + 1)]
        if entries:
            return tuple(entries)
    start = next((place for place, line in enumerate(lines) if line.lstrip().startswith(("├──", "└──"))), None)
    if start is None:
        return ()
    first = max(0, start - 1)
    stop = next((place for place in range(start, len(lines)) if not lines[place].strip()), len(lines))
    return tuple(listed("\n".join(lines[first:stop]), first + 1))
