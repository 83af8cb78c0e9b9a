"""An answer written for another tool or in another language than asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof, Stage
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

NAMES = {
    "cfn": "CloudFormation",
    "tf": "Terraform",
    "cdk": "AWS CDK",
    "cdktf": "CDK for Terraform",
    "pulumi": "Pulumi",
    "cicd": "a CI/CD pipeline",
    "analysis": "an analysis script",
}
LANGUAGE_NAMES = {
    "typescript": "TypeScript",
    "javascript": "JavaScript",
    "python": "Python",
    "java": "Java",
    "go": "Go",
    "hcl": "HCL",
    "yaml": "YAML",
    "json": "JSON",
}
_PLATFORMS = {"cloudformation": "cfn", "terraform": "tf", "hcl": "tf", "sam": "cfn"}
_LANGUAGES = {"ts": "typescript", "js": "javascript", "py": "python", "yml": "yaml", "golang": "go"}
_SAID = {
    "cfn": re.compile(r"\bcloud\s?formation\b", re.IGNORECASE),
    "tf": re.compile(r"\bterraform\b(?!\s*cdk)", re.IGNORECASE),
    "cdktf": re.compile(r"\bcdktf\b|\bcdk for terraform\b|\bterraform cdk\b", re.IGNORECASE),
    "cdk": re.compile(r"\baws[- ]cdk\b|\bcdk\b(?!tf)|\bcloud development kit\b", re.IGNORECASE),
    "pulumi": re.compile(r"\bpulumi\b", re.IGNORECASE),
}


@detector(Kind.WRONG_PLATFORM)
def wrong_platform(pair: Pair) -> Iterator[Hit]:
    """The answer's tool or language is not the one that the task's metadata, its ideal or its prompt ask for.

    However good it is, it answers another question.

    Not flagged: an answer whose dialect is the ideal's; a prompt that names several tools; a dialect that cannot be told.

    Example: CloudFormation YAML where the prompt asks for Terraform.
    """
    answer, ideal = pair.answer, pair.ideal
    if not answer.framework or answer.framework == "config":
        return
    if ideal is not None and ideal.framework and ideal.framework != "config":
        if (ideal.framework, ideal.language) != (answer.framework, answer.language):
            yield from _against(ideal.framework, ideal.language, pair, "ideal")
        return
    platform = _PLATFORMS.get(pair.task.platform.lower(), pair.task.platform.lower())
    language = _LANGUAGES.get(pair.task.language.lower(), pair.task.language.lower())
    if platform in NAMES:
        if platform != answer.framework or (language in LANGUAGE_NAMES and language != answer.language):
            yield from _against(platform, language, pair, "metadata")
        return
    asked = [name for name, pattern in _SAID.items() if pattern.search(pair.task.text)]
    if len(asked) == 1 and asked[0] != answer.framework:
        yield from _against(asked[0], "", pair, "prompt")


def _against(framework: str, language: str, pair: Pair, source: str) -> Iterator[Hit]:
    """The fault, where the prompt does not itself name the answer's tool and not the wanted one."""
    answer = pair.answer
    same_tool = framework == answer.framework
    if source != "prompt" and not same_tool and answer.framework in _SAID and framework in _SAID:
        text = pair.task.text
        if _SAID[answer.framework].search(text) and not _SAID[framework].search(text):
            return
    if (
        same_tool
        and source == "ideal"
        and pair.task.language
        and _LANGUAGES.get(pair.task.language.lower(), pair.task.language.lower()) == answer.language
    ):
        return
    got, want = _name(answer.framework, answer.language), _name(framework, language)
    file = next(iter(answer.claimed), None)
    first = Span(file.line, min(file.end_line, file.line + 5)) if file else None
    yield Hit(
        f"the answer is {got}; asked for is {want}",
        at=first,
        entity=answer.dialect,
        entities=(want, got),
        variant=source,
        stops=Stage.BUILD if not same_tool else Stage.NONE,
        proof=Proof.DIFF if source == "ideal" else Proof.PROMPT,
        note=f"{got}, not {want}",
        ideal=_opening(pair.ideal) if source == "ideal" else (),
        facts={"got": got, "want": want, "source": source},
    )


def _name(framework: str, language: str) -> str:
    tool = NAMES.get(framework, framework)
    return f"{tool} in {LANGUAGE_NAMES[language]}" if language in LANGUAGE_NAMES and framework not in {"tf", "cicd"} else tool


def _opening(ideal: Solution | None) -> tuple[Span, ...]:
    file = next(iter(ideal.claimed), None) if ideal is not None else None
    return (Span(file.line, min(file.end_line, file.line + 9)),) if file else ()
