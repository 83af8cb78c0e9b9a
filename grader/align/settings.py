"""What a project sets beside its resources and the answer does not: Terraform's own block and providers, the files that a tool reads, the entry point."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Call, Fields, fields_of

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

_ELSEWHERE = re.compile(r"\b(?:providers?|backend|versions|main)\.tf\b", re.IGNORECASE)
"""Files that a prompt names because they exist already."""
_FILES = re.compile(
    r"^(?:cdk\.json|cdktf\.json|package\.json|requirements\.txt|Pulumi(?:\.[\w-]+)?\.ya?ml|pom\.xml|build\.gradle|go\.mod|samconfig\.toml|"
    r"tsconfig\.json|Dockerfile|buildspec\.ya?ml|appspec\.ya?ml|[\w-]+\.tfvars(?:\.example)?)$"
)
"""Files that a tool looks for by their name."""


class Setting(NamedTuple):
    """One setting of the ideal that the answer lacks, with its place in the ideal; `at` is where the answer would have it, None for nowhere."""

    name: str
    ideal: Span
    at: Span | None = None


def missing_settings(pair: Pair) -> tuple[Setting, ...]:
    """Terraform's backend, versions and providers that only the ideal sets; nothing where the prompt names the file that holds them."""
    if pair.ideal is None or compare(pair).off or compare(pair).partial or pair.answer.framework != "tf" or pair.ideal.framework != "tf":
        return ()
    if _ELSEWHERE.search(pair.task.text):
        return ()
    mine, theirs = _settings(pair.answer), _settings(pair.ideal)
    at = next(iter(mine.values()), None)
    lacking = [Setting(name, span, at) for name, span in theirs.items() if name not in mine]
    providers = any(name.startswith("required_providers.") for name in mine)
    return tuple(one for one in lacking if providers or not one.name.startswith("required_providers."))


def _settings(solution: Solution) -> dict[str, Span]:
    """Names of the settings of Terraform itself and of the root's providers, with their places."""
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    found: dict[str, Span] = {}
    for binding in solution.bindings:
        if id(binding.file) not in claimed or not isinstance(binding.value, Fields):
            continue
        if binding.name.partition(".")[0] == "terraform":
            for key, value in binding.value.fields.items():
                found.setdefault(key, value.span)
                for name, inner in fields_of(value).items() if key == "required_providers" else ():
                    found.setdefault(f"{key}.{name}", inner.span)
        elif binding.name == "provider.aws":
            found.setdefault("provider", binding.span)
    return found


class Section(NamedTuple):
    """A section of a template that the answer lacks: its name, the names in it, and its place in the ideal."""

    name: str
    entries: tuple[str, ...]
    ideal: Span


def missing_sections(pair: Pair) -> tuple[Section, ...]:
    """Conditions and mappings of the ideal's template where the answer's has none at all."""
    if pair.ideal is None or compare(pair).off or compare(pair).partial or not pair.answer.framework == "cfn" == pair.ideal.framework:
        return ()
    mine, theirs = _sections(pair.answer), _sections(pair.ideal)
    return tuple(one for name, one in theirs.items() if name not in mine)


def _sections(solution: Solution) -> dict[str, Section]:
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    found: dict[str, Section] = {}
    for binding in solution.bindings:
        if id(binding.file) in claimed and isinstance(binding.value, Fields):
            for name in ("Conditions", "Mappings"):
                section = binding.value.fields.get(name)
                if isinstance(section, Fields) and section.fields:
                    found.setdefault(name, Section(name, tuple(section.fields), section.span))
    return found


def missing_files(pair: Pair) -> tuple[Setting, ...]:
    """Files of the project that a tool reads, and the file that makes the app, where the answer names its files and has neither them nor a word of them."""
    if pair.ideal is None or compare(pair).off or compare(pair).partial or not compare(pair).alike:
        return ()
    if not any(file.name for file in pair.answer.files):
        return ()
    found = [
        Setting(file.name, Span(file.line, min(file.end_line, file.line + 14)))
        for file in pair.ideal.files
        if file.name and not file.superseded and _FILES.match(posixpath.basename(file.name))
    ]
    made = _app(pair.ideal)
    if not found and made is None:
        return ()
    text = "\n".join(pair.answer.document.lines).lower()
    found = [one for one in found if posixpath.basename(one.name).lower() not in text]
    if made is not None and _app(pair.answer) is None and "synth()" not in text and not re.search(r"\bapp\(\)", text):
        found.append(made)
    return tuple({one.name: one for one in found}.values())


def _app(solution: Solution) -> Setting | None:
    """The file that makes the app of a CDK or CDKTF program."""
    for _, value, binding in solution.infrastructure if solution.framework in {"cdk", "cdktf"} else ():
        if isinstance(value, Call) and value.path.rsplit(".", 1)[-1] in {"App", "NewApp"} and binding.file.name:
            return Setting(binding.file.name, value.span)
    return None
