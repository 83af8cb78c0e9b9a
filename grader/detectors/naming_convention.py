"""Physical names without the environment suffix that the prompt asks every name to carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.detectors._literals import asked_names
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Known, fold
from grader.prompts.sentences import demands

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Resource, Solution
    from grader.prompts.sentences import Sentence

_SUFFIX = re.compile(r"environment[ _-]?suffix|env[_-]?suffix", re.IGNORECASE)
_NAMES = re.compile(r"\bnam(?:es?|ed|ing)\b|\bresources?\b|\bunique", re.IGNORECASE)
_PHYSICAL = frozenset(
    "bucketname bucket tablename functionname rolename queuename topicname loggroupname dbinstanceidentifier dbclusteridentifier clustername alarmname "
    "dashboardname servicename statemachinename pipelinename projectname repositoryname restapiname userpoolname instanceprofilename groupname "
    "loadbalancername targetgroupname clusteridentifier streamname trailname identifier dbsubnetgroupname policyname aliasname".split()
)
"""Properties that hold the physical name of a resource, folded."""
_PLAIN = re.compile(r"[A-Za-z0-9][\w./-]{2,}")
_OWN = re.compile(r"^(?:alias/)?aws/|^/aws/|^com\.amazonaws|^default$|^(?:Lambda|Inline|Allow)\w*$", re.IGNORECASE)
_OTHER = (
    "attachment",
    "policydocument",
    "permission",
    "notification",
    "versioning",
    "encryption",
    "publicaccess",
    "lifecycle",
    "configuration",
    "bucketpolicy",
    "object",
)


@detector(Kind.NAMING_CONVENTION)
def naming_convention(pair: Pair) -> Iterator[Hit]:
    """Physical names without the environment suffix that the prompt asks every name to carry.

    A second environment in the same account collides with the first.

    Not flagged: names that a variable or function has a part in; resources without a physical name; prompts that ask for no suffix; names
    that AWS prescribes.

    Example: `BucketName: order-uploads` where the prompt says that names must include `environmentSuffix`.
    """
    yield from asked_names(pair)
    asked = next((one for one in demands(pair.task) if _SUFFIX.search(one.text) and _NAMES.search(one.text)), None)
    if asked is None:
        return
    code = "\n".join(file.text for file in pair.answer.files if not file.superseded and not is_test(file.name))
    if "suffix" not in code.lower():
        yield from _absent(pair.answer, asked)
        return
    for resource in pair.answer.resources:
        for key, value in _fixed(resource):
            yield Hit(
                f"`{value.value}` is the whole name of `{resource.name}`; the prompt asks for the environment suffix in it (line {asked.line})",
                at=value.span,
                entity=str(value.value),
                entities=(resource.name, key, "environmentSuffix", "environment_suffix"),
                cause="names without suffix",
                variant="fixed-name",
                proof=Proof.PROMPT,
                note="no suffix",
                prompt=(Span(asked.line, asked.line),),
                seek=(f"{resource.type}.{key}", resource.type, key),
                facts={"prompt_line": asked.line},
            )


def _absent(answer: Solution, asked: Sentence) -> Iterator[Hit]:
    if not answer.resources or any(not file.closed and not file.superseded for file in answer.files):
        return
    named = [(resource, value) for resource in answer.resources for _, value in _fixed(resource)]
    first = named[0][1].span if named else None
    yield Hit(
        f"nothing in the answer knows an environment suffix, which the prompt asks names to carry (line {asked.line})",
        at=first,
        entity="environmentSuffix",
        entities=("environment_suffix", "EnvironmentSuffix", "ENVIRONMENT_SUFFIX", *(str(value.value) for _, value in named[:6])),
        variant="no-suffix",
        proof=Proof.PROMPT,
        note="the first fixed name" if first else "",
        prompt=(Span(asked.line, asked.line),),
        seek=("environmentSuffix", "EnvironmentSuffix", "environment_suffix"),
        facts={"prompt_line": asked.line, "names": tuple(str(value.value) for _, value in named[:6])},
    )


def _fixed(resource: Resource) -> Iterator[tuple[str, Known]]:
    """(property, value) of a resource's physical names that are constants."""
    if resource.data or is_test(resource.file.name) or any(word in fold(resource.type) for word in _OTHER):
        return
    for key, value in resource.properties.items():
        if fold(key) not in _PHYSICAL or not isinstance(value, Known) or value.via or not isinstance(value.value, str):
            continue
        if _PLAIN.fullmatch(value.value) and not _OWN.match(value.value):
            yield key, value
