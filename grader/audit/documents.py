"""A failure document to its claims, whatever its layout: numbered headings, severity sections, bold lines, lists of items, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from grader.audit.claims import Claim, Lines, Part, Quoted
from grader.audit.pieces import Piece, pieces
from grader.audit.words import bare, cited_lines, code_spans, is_field, is_group, is_numbered, is_praise, is_stop, part_of, says_absent, severity_of

_LABEL = re.compile(r"^(?:\*\*|__)(?P<label>[^*\n]{2,60}?):?(?:\*\*|__)\s*:?\s*(?P<rest>.*)", re.DOTALL)
_PROBLEM = re.compile(r"\b(?:issue|fault|failure|problem|finding|error|gap|what is wrong|description|deviation)s?\b", re.IGNORECASE)
_CUES = re.compile(
    r"^\s*(?://|#|--|/\*)?\s*(?:\W{0,3})\s*(?P<word>before|incorrect|wrong|bad|problem|issue|original|model[_ ]response|model|after|correct(?:ed)?|right|good|fix(?:ed)?|ideal[_ ]response|ideal|solution|should be)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"after|^correct|right|good|fix|ideal|solution|should", re.IGNORECASE)
_LEAST = 40
"""Characters below which the text under an unnumbered heading claims nothing."""
MOST_CLAIMS = 200
_PLACEHOLDER = re.compile(r"^\W*(?:insert|todo|tbd|n/?a|none|add|write)\b.{0,80}$", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class _Section:
    title: str
    level: int
    line: int
    end_line: int
    body: list[Piece] = field(default_factory=list)
    inner: list[_Section] = field(default_factory=list)


def read_claims(text: str) -> tuple[Claim, ...]:
    """All claims of a failure document, in its order; empty where it holds none (a placeholder, praise)."""
    if _PLACEHOLDER.match(text.strip()):
        return ()
    found = pieces(text)
    root = _sections(found, text.count("\n") + 1)
    drafts = list(_claims(root, (), None)) or list(_rows(found)) or list(_items(root.body, "", None)) or list(_everything(root))
    return tuple(replace_number(one, number) for number, one in enumerate(drafts[:MOST_CLAIMS], 1))


def replace_number(claim: Claim, number: int) -> Claim:
    """The claim with its place in the document's order."""
    return claim.model_copy(update={"number": number})


def _sections(found: Sequence[Piece], last: int) -> _Section:
    root = _Section("", 0, 1, last)
    path = [root]
    for piece in found:
        if piece.kind != "heading":
            path[-1].body.append(piece)
            continue
        while path[-1].level >= piece.level:
            path.pop().end_line = piece.line - 1
        section = _Section(piece.text, piece.level, piece.line, last)
        path[-1].inner.append(section)
        path.append(section)
    for section in path:
        section.end_line = last
    return root


def _claims(section: _Section, groups: tuple[str, ...], severity: str | None) -> Iterator[Claim]:
    for one in section.inner:
        if one.level > 1 and is_stop(one.title):
            yield from _claims(replace_inner(one, _counted(one)), groups, severity)
            continue
        if is_praise(one.title) and not is_numbered(one.title):
            praised = [inner for inner in one.inner if is_numbered(inner.title)]
            if one.level > 1 and not praised and not _has_fields(one):
                continue
        own = severity_of(one.title, marked=True) or (severity_of(one.title) if is_group(one.title) else None) or severity
        below = [inner for inner in one.inner if not is_field(inner.title) and (not is_stop(inner.title) or _counted(inner))]
        listed = _leads(one.body)
        if below and not (is_numbered(one.title) and all(inner.level == 7 and not is_numbered(inner.title) for inner in below) and _has_fields(one)):
            yield from _claims(replace_inner(one, below), (*groups, bare(one.title)), own)
        elif len(listed) > 1 and not _has_fields(one) and not any(piece.kind == "code" for piece in one.body):
            yield from _items(one.body, bare(one.title), own)
        elif _is_claim(one):
            yield _claim(bare(one.title), (one.line, one.end_line), list(_flat(one)), groups[-1] if groups else "", own)


def _counted(section: _Section) -> list[_Section]:
    """The claims that stand below a heading of another kind because it is a level too high."""
    return [inner for inner in section.inner if is_numbered(inner.title) and _has_fields(inner)]


def replace_inner(section: _Section, inner: list[_Section]) -> _Section:
    """The section with only some of those inside."""
    return replace(section, inner=inner)


def _is_claim(section: _Section) -> bool:
    if is_field(section.title) or (section.level == 1 and not is_numbered(section.title)):
        return False
    if is_numbered(section.title) or _has_fields(section):
        return True
    return not is_group(section.title) and sum(len(piece.text) for piece in section.body) >= _LEAST


def _has_fields(section: _Section) -> bool:
    if any(is_field(one.title) for one in section.inner):
        return True
    return any(
        piece.kind in {"text", "item"} and (label := _LABEL.match(piece.text)) is not None and is_field(label["label"]) for piece in section.body
    )


def _flat(section: _Section) -> Iterator[Piece]:
    yield from section.body
    for one in section.inner:
        yield Piece("label", one.title, one.line, one.line)
        yield from _flat(one)


def _leads(body: Sequence[Piece]) -> list[Piece]:
    """Items that begin with a bold title of their own."""
    return [
        one
        for one in body
        if one.kind == "item" and one.level == 1 and (label := _LABEL.match(one.text)) is not None and not is_field(label["label"])
    ]


def _items(body: Sequence[Piece], category: str, severity: str | None) -> Iterator[Claim]:
    """Each item of the outer lists with what stands below it."""
    tops = [index for index, one in enumerate(body) if one.kind == "item" and one.level == 1]
    for index, after in zip(tops, [*tops[1:], len(body)][: len(tops)], strict=True):
        first, rest = body[index], list(body[index + 1 : after])
        label = _LABEL.match(first.text)
        if label and is_field(label["label"]):
            continue
        title = label["label"] if label else re.split(r"(?<=[.!?])\s", first.text, maxsplit=1)[0][:160]
        text = label["rest"] if label and label["rest"] else first.text
        yield _claim(
            bare(title),
            (first.line, max(one.end_line for one in [first, *rest])),
            [replace(first, kind="text", text=text), *rest],
            category,
            severity,
        )


def _rows(found: Sequence[Piece]) -> Iterator[Claim]:
    """Rows of tables whose head has a column for what is wrong."""
    head: Piece | None = None
    column = 0
    last = -9
    for one in found:
        if one.kind != "row":
            continue
        if one.line > last + 2:
            head, column = one, next((at for at, cell in enumerate(one.cells) if _PROBLEM.search(cell)), -1)
        elif head is not None and 0 <= column < len(one.cells) and one.cells[column].strip():
            yield _claim(bare(one.cells[column]), (one.line, one.line), [replace(one, kind="text")], "", severity_of(one.text))
        last = one.line


def _everything(root: _Section) -> Iterator[Claim]:
    """What is left of a document without a layout: its sections with text, else its paragraphs and items that name a problem."""
    stack = [root]
    while stack:
        section = stack.pop(0)
        if section.level > 1 and is_stop(section.title):
            continue
        for piece in section.body:
            if (
                piece.kind in {"text", "item"}
                and len(piece.text) >= _LEAST
                and (says_absent(piece.text) or _PROBLEM.search(piece.text) or cited_lines(piece.text))
            ):
                title = re.split(r"(?<=[.!?])\s", piece.text, maxsplit=1)[0][:160]
                yield _claim(bare(title), (piece.line, piece.end_line), [piece], bare(section.title), None)
        stack += section.inner


def _claim(title: str, place: tuple[int, int], body: Sequence[Piece], category: str, severity: str | None) -> Claim:
    quotes: list[Quoted] = []
    texts: list[str] = []
    problem: list[str] = [title]
    part: Part | None = None
    for piece in body:
        if piece.kind == "code":
            quotes += _quotes(piece, part)
            continue
        label = _LABEL.match(piece.text) if piece.kind != "label" else None
        name = piece.text if piece.kind == "label" else label["label"] if label else ""
        if name and is_field(name):
            part = part_of(name)
            if re.search(r"severity|impact level|priority|^impact$", name, re.IGNORECASE):
                severity = severity or severity_of((label["rest"] if label else "")[:60])
        if piece.kind == "label":
            continue
        texts.append(piece.text)
        if part is not Part.IDEAL:
            problem.append(piece.text)
        if piece.kind == "text" and piece.text.rstrip().endswith(":") and not name:
            part = part_of(piece.text[-80:]) or part
    said = "\n".join(texts)
    blamed = "\n".join(problem)
    return Claim(
        number=0,
        title=title,
        line=place[0],
        end_line=place[1],
        severity=severity,
        category=category,
        text=said,
        cited=tuple(Lines(line=first, end_line=last) for first, last in cited_lines(blamed)),
        quotes=tuple(_sided(quotes)),
        code=tuple(code_spans(blamed)),
        absent=says_absent(title) or (len(problem) > 1 and says_absent(re.split(r"(?<=[.!?])\s", problem[1], maxsplit=1)[0])),
    )


def _quotes(piece: Piece, part: Part | None) -> Iterator[Quoted]:
    """A code block, cut where comments say `Before` and `After` within it."""
    lines = piece.text.split("\n")
    cuts = [(at, found["word"]) for at, line in enumerate(lines) if len(line) < 120 and line.lstrip()[:1] in "/#-" and (found := _CUES.match(line))]
    if not cuts or not any(_AFTER.search(word) for _, word in cuts):
        yield Quoted(part=part or (Part.MODEL if cuts else Part.OTHER), line=piece.line, language=piece.info, text=piece.text)
        return
    for (at, word), (stop, _) in zip(cuts, [*cuts[1:], (len(lines), "")], strict=True):
        text = "\n".join(lines[at + 1 : stop])
        if text.strip():
            yield Quoted(part=Part.IDEAL if _AFTER.search(word) else Part.MODEL, line=piece.line + at + 1, language=piece.info, text=text)


def _sided(quotes: list[Quoted]) -> Iterator[Quoted]:
    """Of two blocks that nothing tells apart the first is the model's, the second the ideal's."""
    if len(quotes) == 2 and all(one.part is Part.OTHER for one in quotes):
        yield quotes[0].model_copy(update={"part": Part.MODEL})
        yield quotes[1].model_copy(update={"part": Part.IDEAL})
    else:
        yield from quotes
