"""Parameters of a template and variables of Terraform that are declared and never used, and values that stand where they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from grader.align.parameters import parameters_of
from grader.model.once import once
from grader.model.paths import is_test
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from grader.model.solutions import Said, Solution
    from grader.model.spans import Span

_PLAIN = re.compile(r"^(?:\d[\d.]*|true|false|prod|production|dev|development|staging|test|default|aws|)$|^.{0,4}$", re.IGNORECASE)
"""Values that stand in a hundred places for other reasons."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CHOICES = frozenset({"default", "allowedvalues", "description", "allowedpattern"})
_LONG = 7
"""Characters of a default that is found inside a longer text."""


class UnusedInput(NamedTuple):
    """One input that nothing uses: its name and place, and where its default stands as a literal, if anywhere."""

    name: str
    span: Span
    default: str
    literal: Said | None


@once
def unused_inputs(answer: Solution) -> tuple[UnusedInput, ...]:
    """The inputs that no file of the solution names again; nothing where files break off or do not parse."""
    if answer.framework not in {"cfn", "tf"} or any(not file.closed and not file.superseded for file in answer.files) or answer.problems:
        return ()
    files = [file for file in answer.claimed if not is_test(file.name)]
    texts = [file.text for file in answer.files if not file.superseded]
    if answer.framework == "cfn" and (len(files) != 1 or any(word in files[0].text for word in ("Fn::Transform", "AWS::Include", "Fn::ForEach"))):
        return ()
    found = []
    for one in parameters_of(answer):
        used = _used_in_template(one.name, files[0].text) if answer.framework == "cfn" else any(f"var.{one.name}" in text for text in texts)
        if not used:
            found.append(UnusedInput(one.name, one.span, one.default or "", _literal(answer, one.name, one.default or "", one.span)))
    return tuple(found)


def _used_in_template(name: str, text: str) -> bool:
    """Whether a template names a parameter anywhere but at its declaration, in a label and in a group of the console."""
    word = re.escape(name)
    for line in re.findall(rf"^.*\b{word}\b.*$", text, re.MULTILINE):
        plain = line.strip().rstrip(",")
        if not re.fullmatch(rf"[\"']?{word}[\"']?\s*:\s*[{{]?|-\s*[\"']?{word}[\"']?|[\"']{word}[\"']", plain) and not re.match(
            rf"[\"']?{word}[\"']?\s*:\s*\{{\s*[\"']?default", plain
        ):
            return True
    return False


def _literal(answer: Solution, name: str, default: str, at: Span) -> Said | None:
    """Where the default of an input stands as a literal, in a field that its name speaks of or inside a longer text."""
    if _PLAIN.match(default):
        return None
    words = [word.lower() for word in _WORD.findall(name) if len(word) > 2]
    for said in answer.texts:
        if default not in said.text or (isinstance(said.value, Known) and said.value.via) or at.covers(said.value.span) or fold(said.key) in _CHOICES:
            continue
        about = any(word in fold(said.key) for word in words) if said.text == default else len(default) > _LONG and "\n" not in said.text
        if (
            about
            and "[" not in answer.document.quote(said.value.span)
            and any(resource.span.covers(said.value.span) for resource in answer.resources)
        ):
            return said
    return None
