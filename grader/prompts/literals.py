"""What the prompt names word by word: files, names of resources and keys of tags, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.model.spans import Span
from grader.prompts.sentences import demands, firm

if TYPE_CHECKING:
    from grader.model.solutions import Requirements
    from grader.prompts.sentences import Sentence

_FILE = re.compile(
    r"(?<![\w./<{*$-])(?:[\w.-]+/){0,4}(?:Pulumi(?:\.\w+)?\.ya?ml|(?:__main__|main|app|tap|index|tap_stack|tap-stack|TapStack|Main|variables|outputs|modules|locals)"
    r"\.(?:py|ts|js|go|tf|ya?ml|json|java)|(?:package|cdk|tsconfig)\.json|requirements\.txt|go\.mod|"
    r"(?:lib|bin|src|modules)/[\w./-]+\.(?:ts|js|py|go|tf|java)|[\w-]+\.(?:tfvars|tf))(?![\w/*]|\.\w)"
)
_GIVES = re.compile(
    r"\b(?:provide|deliver\w*|generate|give|create|write|include|output|return|produce|implement\w*|put|place|save[ds]?|named|name[ds]? it|called?|file|files|code blocks?)\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"\b(?:existing|exists?|already|provided|given|current(?:ly)?|update|modify|import(?:s|ed)?|reference|read|reads|load|loads|run|test|tests|available in|"
    r"generated|output to|written to|uses|supplied|managed in|defined in|stays? in)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:named|called|name (?:it|the (?:[\w-]+ ){1,4}?)(?: ?as)?|names? (?:must be|should be|is|:)|with (?:the )?name)\s*:?\s*(?P<quote>\*\*`|[`'\"]|\*\*)(?P<name>[A-Za-z][\w./-]{2,60})(?=[`'\"*])",
    re.IGNORECASE,
)
_PATTERN = re.compile(
    r"\b(?:e\.g|for example|such as|like|pattern|format|convention|prefix\w*|suffix\w*|parameter|variable|column|attribute|key|field|file|class|output)\b",
    re.IGNORECASE,
)
_TAGS = re.compile(r"\btag(?:s|ged|ging)?\b", re.IGNORECASE)
_TAG = re.compile(
    r"(?<![\w:/-])[`'\"*]{0,3}(?P<key>Environment|Project|Owner|Cost-?_?Center|Team|ManagedBy|Application|Department|Compliance|DataClassification|BusinessUnit|CreatedBy)"
    r"(?![\w/-])(?! (?:environment|account|team|owner|name|id|variable|zone|layer|load|server))"
)
_LISTED = re.compile(
    r"^\s*(?:[-*+\u2022]|\d{1,2}[.)])\s+[`'\"]{0,2}\**`?(?P<key>[A-Z][A-Za-z]{2,24}|[a-z]+-[a-z-]+)[`'\"]?\**[`'\"]?\s*(?:[:=\u2013\u2014-]|$)"
)


_PORT = re.compile(
    r"\bports? (?P<one>\d{2,5})\b|\b(?:https?|ssh|mysql|postgres(?:ql)?|redis|aurora|mongodb|nfs|tcp) \((?:port )?(?P<two>\d{2,5})\)", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"`(?P<name>[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]+)+)`(?! (?:property|function|method|class|field|type|interface|option))")
_LISTS = re.compile(r"\b(?:outputs?|exports?|parameters?)\b", re.IGNORECASE)
_AFAR = re.compile(r"optional|test|example|expected|existing|api |function|store", re.IGNORECASE)
_EXAMPLE = re.compile(r"\b(?:e\.g|for example|such as|like|pattern|format|similar|instead|error|default|or|called|via|using|with)\b", re.IGNORECASE)


class Named(NamedTuple):
    """One literal that the prompt asks for, with the sentence and its place."""

    text: str
    asked: str
    at: Span


@lru_cache(maxsize=8)
def files(task: Requirements) -> tuple[Named, ...]:
    """Files that the answer is asked to give, each once; what exists already or comes about at run time is left out."""
    return _once(_files(task))


def _files(task: Requirements) -> Iterator[Named]:
    for one in demands(task):
        if _THERE.search(one.text) or not (_GIVES.search(one.text) or _GIVES.search(one.under)):
            continue
        for found in _FILE.finditer(one.text):
            if firm(one.text, *found.span()) and not found[0].endswith("provider.tf"):
                yield _named(found[0], one)


@lru_cache(maxsize=8)
def names(task: Requirements) -> tuple[Named, ...]:
    """Names that the prompt gives to resources; patterns, examples and names of files, parameters and attributes are left out."""
    return _once(
        _named(found["name"].rstrip("."), one)
        for one in demands(task)
        for found in _NAMED.finditer(one.text)
        if not _PATTERN.search(one.text, max(0, found.start() - 40), found.start("name"))
        and "." not in found["name"].rstrip(".")
        and firm(one.text, found.start(), found.end())
    )


@lru_cache(maxsize=8)
def tags(task: Requirements) -> tuple[Named, ...]:
    """Keys of tags that the prompt asks every resource to carry."""
    return _once(_tags(task))


def _tags(task: Requirements) -> Iterator[Named]:
    for one in demands(task):
        if _TAGS.search(one.text):
            for found in _TAG.finditer(one.text):
                label = not one.text[: found.start()].strip("-*+ 0123456789.)`\u2022") and one.text[found.end() :].lstrip("*`").startswith(":")
                if not label and firm(one.text, *found.span()):
                    yield _named(found["key"], one)
        elif re.search(r"\btag(?:s|ging)?\b", one.under.rsplit(" / ", 1)[-1], re.IGNORECASE):
            listed = _LISTED.match(one.text) or _LISTED.match(f"- {one.text}")
            if listed and _TAG.match(listed["key"]):
                yield _named(listed["key"], one)


@lru_cache(maxsize=8)
def ports(task: Requirements) -> tuple[Named, ...]:
    """Ports that the prompt wants to be open or served."""
    return _once(
        _named(found["one"] or found["two"], one) for one in demands(task) for found in _PORT.finditer(one.text) if firm(one.text, *found.span())
    )


@lru_cache(maxsize=8)
def identifiers(task: Requirements) -> tuple[Named, ...]:
    """Names that the prompt lists in code's own writing as outputs or parameters of the solution."""
    return _once(
        _named(found["name"], one)
        for one in demands(task)
        if _LISTS.search(one.under.rsplit(" / ", 1)[-1]) and not _AFAR.search(one.under)
        for found in [_IDENTIFIER.search(one.text[:60])]
        if found and not _EXAMPLE.search(one.text, 0, found.start()) and firm(one.text, *found.span())
    )


def _named(text: str, one: Sentence) -> Named:
    return Named(text, one.text, Span(one.line, one.line))


def _once(found: Iterator[Named]) -> tuple[Named, ...]:
    first: dict[str, Named] = {}
    for one in found:
        first.setdefault(one.text.lower(), one)
    return tuple(first.values())
