"""Claims that deny what the answer shows: folders it gives, libraries it imports, names that carry the environment, files it never named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.audit.claims import Claim, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.audit.sources import Text

_GONE = re.compile(
    r"(?:may|might|does|do|did|will) not (?:exist|be there)|(?:does|do|did)n't exist|non-?existent|not (?:provided|found|included)|missing (?:asset|director)",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"(?:[fF]rom_?[aA]sset|FileArchive|AssetArchive|FileAsset)\(\s*['\"](?P<path>[\w./-]+)['\"]")
_UNUSED = re.compile(
    r"^(?P<thing>[\w ]+?)\s+(?:(?:is|are|was|were)\s+)?(?:not|never)\s+(?:actually |really |ever )?(?:used|imported|utili[sz]ed)\b", re.IGNORECASE
)
_IMPORT = re.compile(r"^\s*(?:import|from|use)\b|\brequire\(")
_AFFIX = re.compile(
    r"^(?:missing|no|lacks?|absent)\s+(?:the\s+|an\s+)?(?:environment|env)(?:[- ]name)?[- ](?P<what>prefix|suffix)\s+(?:on|in|for|from)\s+(?:the\s+|all\s+)?(?P<noun>[\w ]+)$",
    re.IGNORECASE,
)
_ENVIRONMENT = r"\$?\{[^{}]*env[^{}]*\}"
_NAMED = re.compile(r"\bnamed\s+`?(?P<name>[\w-]+\.(?:tf|py|ts|js|go|java|ya?ml|json))\b", re.IGNORECASE)
_SHOULD = re.compile(r"\b(?:should|must|be|not|instead|expected|required?)\s+(?:\w+\s+)?$", re.IGNORECASE)
_HEAD = 4
"""Lines of a resource in which its name stands."""


def denials(claim: Claim, answer: Text) -> Iterator[Proof]:
    """Proof that what a claim denies is there, or that the file it speaks of is not the answer's."""
    for found in (_folders(claim, answer), _imported(claim, answer), _affixed(claim, answer), _unnamed(claim, answer)):
        if found is not None:
            yield found


def _folders(claim: Claim, answer: Text) -> Proof | None:
    """A folder that is said not to exist, and of which the answer gives files."""
    said = "\n".join((claim.title, claim.text, *claim.code, *(quote.text for quote in claim.quotes)))
    paths = {found["path"].strip("./") for found in _FOLDER.finditer(said)}
    if not paths or not _GONE.search(f"{claim.title}\n{claim.text}"):
        return None
    for path in paths:
        inside = [file for file in answer.document.files if f"/{path}/" in f"/{file.name}"]
        if not inside:
            return None
    return Proof(text=f"the answer gives `{inside[0].name}`", line=inside[0].line, end_line=inside[0].line)


def _imported(claim: Claim, answer: Text) -> Proof | None:
    """A library that is said not to be used, and that code of the answer imports."""
    found = _UNUSED.match(claim.title)
    word = found["thing"].split()[-1].lower() if found else ""
    if len(word) < len("library"):
        return None
    lines = [line for line in answer.find_word(word) or _holding(word, answer) if _IMPORT.search(answer.lines[line - 1])]
    return Proof(text=f"`{word}` is imported", line=lines[0], end_line=lines[0]) if lines else None


def _holding(word: str, answer: Text) -> list[int]:
    return [line for file in answer.document.files for line, text in enumerate(file.text.split("\n"), file.line) if word in text.lower()]


def _affixed(claim: Claim, answer: Text) -> Proof | None:
    """A prefix or suffix that is said to lack, and that every resource of the type has in its name."""
    found = _AFFIX.match(claim.title)
    if not found:
        return None
    noun = re.sub(r"[^a-z]", "", found["noun"].lower()).removesuffix("s")
    own = [one for one in answer.made if not one.data and re.sub(r"[^a-z]", "", one.type.lower()).endswith(noun)]
    form = re.compile(rf"[`'\"]{_ENVIRONMENT}" if found["what"].lower() == "prefix" else rf"{_ENVIRONMENT}[`'\"]", re.IGNORECASE)
    heads = ["\n".join(answer.lines[one.span.line - 1 : min(one.span.end_line, one.span.line + _HEAD)]) for one in own]
    if not own or not all(form.search(head) for head in heads):
        return None
    return Proof(text=f"`{own[0].type}` has the environment in its name", line=own[0].span.line, end_line=own[0].span.line)


def _unnamed(claim: Claim, answer: Text) -> Proof | None:
    """A file name that the answer is said to have, and that stands nowhere in it."""
    if not re.search(r"\bfile\b|\bnam(?:e|ing)", claim.title, re.IGNORECASE):
        return None
    for found in _NAMED.finditer(claim.text):
        if not _SHOULD.search(claim.text[: found.start()]) and found["name"].lower() not in answer.document.text.lower():
            return Proof(text=f"`{found['name']}` stands nowhere in the answer")
    return None
