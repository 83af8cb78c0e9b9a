"""YAML and JSON: documents as values with their lines. Tags stay what they are; what they mean, a framework knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.languages import Links
from grader.languages.yaml.compose import compose
from grader.languages.yaml.jsonc import Read, read_json
from grader.languages.yaml.recovery import recover
from grader.model.solutions import Binding, SyntaxProblem, Unit
from grader.model.spans import Span
from grader.model.values import Fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.languages.yaml.compose import Complaint
    from grader.model.documents import Document, File

LANGUAGES = ("yaml", "json")

_TEXT_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|include|if|range|with|end|define|template|\$)|\{%")
"""Helm charts and Jinja: no YAML before they are rendered."""
_LENIENT = re.compile(
    r"(?:^|/)(?:[tj]sconfig[^/]*|cdk|devcontainer|settings|launch|tasks|extensions|\.\w+rc|turbo|deno)\.json$|\.jsonc$|\.json5$|rc$"
)
"""Files whose readers take comments and trailing commas."""
_STRICT = frozenset({"AWSTemplateFormatVersion", "dependencies", "devDependencies", "scripts"})
"""Names in a root whose readers (CloudFormation, npm) take plain JSON only."""


def parse(file: File) -> Unit:
    """Read one file: a binding a document, its name empty. Broken text gives what can be recovered, incomplete, and `problems`."""
    if file.language == "json":
        read = read_json(file.text, file.line)
        roots, complaints = read.roots, (*read.complaints, *(read.lenient if _is_strict(file, read) else ()))
    else:
        composed = compose(file.text, file.line)
        if composed.complaints and _TEXT_TEMPLATE.search(file.text):
            return Unit(file, bindings=tuple(Binding(root, root.span, file) for root in composed.roots))
        if composed.stopped:
            composed = recover(file.text, file.line, composed)
        roots, complaints = composed.roots, composed.complaints
    return Unit(file, bindings=tuple(Binding(root, root.span, file) for root in roots), problems=_problems(file, complaints))


def link(units: Sequence[Unit], document: Document) -> Links:
    """Nothing: what documents name in each other, only the framework that reads them knows."""
    del units, document
    return Links()


def _is_strict(file: File, read: Read) -> bool:
    if file.name and _LENIENT.search(file.name):
        return False
    return any(isinstance(root, Fields) and not _STRICT.isdisjoint(root.fields) for root in read.roots)


def _problems(file: File, complaints: Sequence[Complaint]) -> tuple[SyntaxProblem, ...]:
    return tuple(SyntaxProblem(one.message, Span(one.line, one.line), file) for one in sorted(complaints, key=lambda one: one.line))
