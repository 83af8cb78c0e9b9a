"""A Markdown document as the loader reads it: blocks, files, and the files its project tree claims."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.model.spans import Span


class Role(StrEnum):
    """What a block of a document is for."""

    FILE = "file"
    """A file of the solution, or a part of one."""
    COMMAND = "command"
    """Something to type into a shell."""
    SNIPPET = "snippet"
    """An example of use, or a few lines beside the real files."""
    QUOTE = "quote"
    """Code that is quoted, not given: a block of a quoted README, a before/after pair, an error message."""
    LISTING = "listing"
    """A tree of files, a diagram, the output of a command."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block (or a document that is nothing but code), as written.

    `line` and `end_line` are the first and last line of its text, not of its fences. `tag` is the language tag as written,
    `language` the decided one (a name of `LANGUAGES`, empty for none). `closed` is false where the fence never ends.
    """

    text: str
    line: int
    end_line: int
    tag: str
    language: str
    role: Role
    name: str | None = None
    heading: str = ""
    closed: bool = True
    nested: bool = False

    @property
    def span(self) -> Span:
        """The lines of the text."""
        return Span(self.line, self.end_line)


@dataclass(frozen=True, slots=True)
class File:
    """One file of the solution.

    `name` is its path relative to the project's root with forward slashes, None where the answer does not say.
    `whole` is false for a fragment (a few lines of a file that is not given as a whole).
    `superseded` is true where the same file is given again later.
    Lines of `text` map one to one to the document: line n of the text is line `line + n - 1`.
    """

    text: str
    line: int
    language: str
    name: str | None = None
    whole: bool = True
    closed: bool = True
    superseded: bool = False
    block: int = 0

    @property
    def end_line(self) -> int:
        """The last line of the text in the document."""
        return self.line + self.text.rstrip("\n").count("\n")

    @property
    def span(self) -> Span:
        """The lines of the text in the document."""
        return Span(self.line, self.end_line)

    @property
    def label(self) -> str:
        """The name to show: the path, or the place of an unnamed block."""
        return self.name or f"block at line {self.line}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A path that a project tree of the document lists, with its line."""

    path: str
    line: int
    directory: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown document: its lines, its blocks in order, the solution's files, and the paths its trees list."""

    text: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    files: tuple[File, ...]
    listing: tuple[Listed, ...] = ()

    def quote(self, span: Span) -> str:
        """The lines of `span` as written."""
        return "\n".join(self.lines[max(span.line, 1) - 1 : span.end_line])


LANGUAGES = (
    "typescript",
    "javascript",
    "python",
    "java",
    "go",
    "hcl",
    "yaml",
    "json",
)
"""The languages that a front end parses; other decided languages (`bash`, `dockerfile`, `toml`, `xml` …) are only named."""
