"""The files inside one block: split at comments that are nothing but a path, or written by a shell's here-documents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from grader.markdown.languages import language_of, shows
from grader.markdown.names import clean, fits, is_path, language_of_name, name_in_comment
from grader.model.documents import LANGUAGES

_CANDIDATE = re.compile(
    r"^(?:(?://|#|/\*|<!--)[^\n]{0,160}|(?:\d{1,2}[.)][ \t]+)?[\w@./-]{1,120}\.(?:java|tsx?|jsx?|py|go|tf|json|ya?ml)[ \t]*)$", re.MULTILINE
)
_FIRST = re.compile(
    r"\s*(?:package |import |from |export |const |func |public |@|//|#|/\*|[\"'{]|terraform \{|(?:resource|variable|provider|output|module|data|locals) ?[\"{]|---|AWSTemplate|Resources:|name:)"
)
"""How a file begins; a line that is nothing but a path begins one only before such a text."""
_DEPLOYED = re.compile(r"[\s`'\"(]/(?:opt|var|etc|usr|bin|proc|srv)/")
"""A path on the machine where code runs: a note in a script, no file of the project."""
_QUOTES = {"typescript": "`", "javascript": "`", "go": "`", "python": '"""', "java": '"""'}
_OPENS = re.compile(r"<<[-~]?['\"]?(\w+)['\"]?[ \t]*$")
_RULER = re.compile(r"^\s*(?://|#|/\*|\*|<!--)?\s*[-=*#~/]{3,}\s*(?:\*/|-->)?\s*$")
_COMMENT = re.compile(r"^\s*(?:#|//|/\*|\*|<!--|$)")
_HEREDOC = re.compile(
    r"^[ \t]*(?:sudo\s+)?(?:cat|tee)\b(?P<args>[^\n<|]{0,200})<<-?\s*\\?(?P<quote>['\"]?)(?P<word>\w+)(?P=quote)(?P<rest>[^\n]{0,200})$", re.MULTILINE
)
_MANY = 10
_SPLIT = frozenset({*LANGUAGES, "", "bash", "dockerfile"})
"""In other languages (Markdown above all) a line with a mark and a path is a heading, not a comment."""


class Part(NamedTuple):
    """A part of a block's text: it begins `offset` lines below the block's first line."""

    text: str
    offset: int
    name: str | None
    language: str


def parts(text: str, language: str, name: str | None) -> list[Part]:
    """The files that a block holds, in order; the block itself where it holds one."""
    whole = [Part(text, 0, name, language)]
    marks = _marks(text, language) if language in _SPLIT else []
    if not marks or (len(marks) == 1 and marks[0][2] and not marks[0][0]):
        return whole
    lines = text.split("\n")
    cuts: list[tuple[int, str | None]] = [(offset, found) for offset, found, _ in marks]
    if not marks[0][2]:
        cuts.insert(0, (0, name))
    found: list[Part] = []
    for (offset, given), (end, _) in zip(cuts, [*cuts[1:], (len(lines), None)], strict=True):
        body = lines[offset : end - 1 if end < len(lines) and _alone(lines[end - 1]) else end]
        while len(body) > 1 and not body[-1].strip():
            body.pop()
        piece = "\n".join(body)
        found.append(Part(piece, offset, given, _language(given, language, piece)))
    return found


def _language(name: str | None, language: str, text: str) -> str:
    of = language_of_name(name) if name else None
    if of is None or of == language or {of, language} == {"yaml", "json"}:
        return language
    return of or language_of("", text)


def _marks(text: str, language: str) -> list[tuple[int, str, bool]]:
    """(line, path, whether only comments stand above it) of each comment that begins a file."""
    seen: list[tuple[int, str]] = []
    for match in _CANDIDATE.finditer(text):
        name = name_in_comment(match[0]) or _alone(match[0])
        if name is not None and not _DEPLOYED.search(match[0]):
            seen.append((match.start(), name))
    quoted = _quoted(text, language) if seen else []
    seen = [(at, name) for at, name in seen if not _within(quoted, at)]
    if not seen:
        return []
    lines = text.split("\n")
    found: list[tuple[int, str, bool]] = []
    places = list(zip(_line_numbers(text, [at for at, _ in seen]), (name for _, name in seen), strict=True))
    code = next((place for place, line in enumerate(lines) if not _COMMENT.match(line)), len(lines))
    for (place, name), (end, _) in zip(places, [*places[1:], (len(lines), "")], strict=True):
        body = lines[place + 1 : end]
        if all(_COMMENT.match(line) for line in body):
            continue
        if _alone(lines[place]) is not None:
            if (not found or found[-1][1] != name) and _FIRST.match("\n".join(body[:3])):
                found.append((place + 1, name, not any(line.strip() for line in lines[:place])))
            continue
        start = _from_ruler(lines, place)
        if place < code:
            if not fits(name, language):
                return []
            found = [(0, name, True)]
        elif (not found or found[-1][1] != name) and _begins_file(lines, start, "\n".join(body), name, language):
            found.append((start, name, False))
    return found


def _alone(line: str) -> str | None:
    """The path that a line consists of, without a comment mark: no statement of any language, so it can only name what follows."""
    bare = re.sub(r"^\d{1,2}[.)][ \t]+", "", line.strip())
    return clean(bare) if bare[:1] not in {"#", "/", "<"} and is_path(bare) else None


def _quoted(text: str, language: str) -> list[tuple[int, int]]:
    """Where texts of several lines stand: template literals, docstrings, here-documents, as ascending (first, last) offsets."""
    if language in {"hcl", "bash"}:
        return list(_heredocs(text))
    mark = _QUOTES.get(language)
    places = [one.start() for one in re.finditer(mark, text)] if mark else []
    return list(zip(places[::2], places[1::2], strict=False))


def _heredocs(text: str) -> Iterator[tuple[int, int]]:
    """Each here-document from its mark to the line of its word, or to the end of the text where that line is not there."""
    word, begun, at = "", 0, 0
    for line in text.split("\n"):
        if word:
            if line.strip() == word:
                yield begun, at
                word = ""
        elif "<<" in line and (opened := _OPENS.search(line[-200:])):
            word, begun = opened[1], at
        at += len(line) + 1
    if word:
        yield begun, len(text)


def _within(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    place = bisect_right(spans, (offset, offset)) - 1
    return place >= 0 and offset < spans[place][1]


def _line_numbers(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """The line, from 0, of each offset; offsets ascend."""
    line = last = 0
    for offset in offsets:
        line += text.count("\n", last, offset)
        last = offset
        yield line


def _from_ruler(lines: list[str], place: int) -> int:
    return place - 1 if place and _RULER.match(lines[place - 1]) and lines[place - 1].strip() else place


def _begins_file(lines: list[str], start: int, body: str, name: str, language: str) -> bool:
    """Whether the text below a path is a file of its own: after a blank line, and with the forms or the size of one."""
    if start and lines[start - 1].strip() and not _RULER.match(lines[start - 1]):
        return False
    of = language_of_name(name)
    if of is None or of == "":
        return False
    if of in {language, "typescript", "javascript"} and {of, language} <= {"typescript", "javascript", language}:
        return shows(language, body) or body.count("\n") >= _MANY
    return of in {"json", "yaml", "hcl", "bash", "python"} and (body.lstrip()[:1] in "{[" or shows(of, body))


def written(text: str) -> Iterator[Part]:
    """The files that the commands of a shell write with here-documents: `cat > lib/a.ts <<'EOF'`."""
    if "<<" not in text:
        return
    lines = text.split("\n")
    after = 0
    matches = list(_HEREDOC.finditer(text))
    for match, line in zip(matches, _line_numbers(text, [one.start() for one in matches]), strict=True):
        if line < after:
            continue
        name = next((word for word in re.split(r"[\s>]+", f"{match['args']} {match['rest']}") if is_path(word.strip("'\""))), None)
        end = next((place for place in range(line + 1, len(lines)) if lines[place].strip() == match["word"]), None)
        if end is None:
            return
        after = end
        body = "\n".join(lines[line + 1 : end])
        if (name and ">" in match["args"] + match["rest"]) or (name and match[0].lstrip().startswith(("tee", "sudo"))):
            path = clean(name)
            yield Part(body, line + 1, path, _language(path, "", body))
