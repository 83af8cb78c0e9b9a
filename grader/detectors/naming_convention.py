"""Names that do not follow the convention of the prompt or of the ideal: the environment suffix, parameters, exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.naming import SUFFIX, exports_of, fixed_names, plainly_named, renamed_parameters, same_lead, suffix_of_ideal, unsuffixed
from grader.detectors import detector
from grader.detectors._literals import asked_identifiers, asked_names
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Known, fold
from grader.prompts.sentences import demands

if TYPE_CHECKING:
    from grader.model.hits import Fact
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
FEW = 2
"""Renamed parameters up to which their names alone are not worth a word."""
MOST_NAMES = 8
"""Names that are quoted where none of them has the ideal's suffix."""
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
    """Names without the environment suffix that the prompt asks for or the ideal carries; parameters and exports of another name than the ideal's.

    A second environment in the same account collides with the first, and what deploys or reads the stack by name does not find it.

    Not flagged: names that a variable or function has a part in; resources without a physical name; prompts that ask for no suffix; names
    that AWS prescribes; a lone parameter whose other name says the same.

    Example: `BucketName: order-uploads` where the prompt says that names must include `environmentSuffix`.
    """
    yield from _beside(pair)
    yield from asked_names(pair)
    yield from asked_identifiers(pair)
    asked = next((one for one in demands(pair.task) if _SUFFIX.search(one.text) and _NAMES.search(one.text)), None)
    if asked is None:
        yield from _unlike(pair)
        return
    code = "\n".join(file.text for file in pair.answer.files if not file.superseded and not is_test(file.name))
    if "suffix" not in code.lower():
        yield from _absent(pair.answer, asked)
        return
    told: set[Span] = set()
    for resource in pair.answer.resources:
        for key, value in _fixed(resource):
            told.add(value.span)
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
    yield from (hit for hit in _some(pair) if hit.at not in told)


def _beside(pair: Pair) -> Iterator[Hit]:
    """Parameters and exports that bear other names than the ideal's."""
    if pair.ideal is None:
        return
    yield from _exports(pair.answer, pair.ideal)
    pairs = renamed_parameters(pair)
    if len(pairs) > FEW or any(SUFFIX.search(theirs.name) for _, theirs in pairs):
        for mine, theirs in pairs:
            yield Hit(
                f"the parameter `{mine.name}` is `{theirs.name}` in the ideal",
                at=mine.span,
                entity=mine.name,
                entities=(theirs.name,),
                cause="names of parameters",
                variant="parameters",
                proof=Proof.DIFF,
                note=f"`{theirs.name}` in the ideal",
                ideal=(theirs.span,),
                facts={"wanted": theirs.name},
            )


def _exports(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    """Exports whose names begin otherwise than the ideal's."""
    mine, theirs = exports_of(answer), exports_of(ideal)
    if not mine.leads or not theirs.leads or same_lead(mine.leads, theirs.leads):
        return
    for text, span in mine.names:
        yield Hit(
            f"the export `{text}` begins with `{mine.leads}`, the ideal's with `{theirs.leads}`",
            at=span,
            entity=text,
            entities=("Export", mine.leads, theirs.leads),
            cause="names of exports",
            variant="exports",
            proof=Proof.DIFF,
            note=f"begins with `{mine.leads}`",
            ideal=(theirs.names[0][1],),
            facts={"got": mine.leads, "wanted": theirs.leads},
        )


def _unlike(pair: Pair) -> Iterator[Hit]:
    """Names that know no environment suffix where those of the ideal do."""
    suffix = suffix_of_ideal(pair)
    if suffix is None:
        yield from _some(pair)
        return
    plain = plainly_named(pair)
    spans = (
        [(resource, value.span) for resource in pair.answer.resources if id(resource) not in plain for _, value in _fixed(resource)]
        if not suffix.other
        else []
    )
    found = (spans or [*unsuffixed(pair)])[:MOST_NAMES]
    facts: dict[str, Fact] = {
        "suffix": suffix.name,
        "other": suffix.other,
        "ideal_line": suffix.ideal[0].line,
        "named": bool(found),
        "fixed": bool(spans),
    }
    for resource, span in found:
        yield Hit(
            f"the name of `{resource.name or resource.type}` has no environment suffix",
            at=span,
            entity=resource.name or resource.type,
            entities=(suffix.name, "environmentSuffix", "environment_suffix"),
            cause="names without the ideal's suffix",
            variant="unlike",
            proof=Proof.DIFF,
            note=f"no `{suffix.name}`",
            ideal=suffix.ideal,
            facts=facts,
        )
    if not found and not suffix.other:
        yield Hit(
            "no name knows an environment suffix",
            at=None,
            entity=suffix.name,
            entities=("environmentSuffix", "environment_suffix"),
            cause="names without the ideal's suffix",
            variant="unlike",
            proof=Proof.DIFF,
            ideal=suffix.ideal,
            facts=facts,
        )


def _some(pair: Pair) -> Iterator[Hit]:
    """Names that are fixed in an answer that knows a suffix, where the ideal's carry it."""
    for resource, span, name in fixed_names(pair):
        yield Hit(
            f"`{name}` is the whole name of `{resource.name}`; the ideal's carries the environment suffix",
            at=span,
            entity=name,
            entities=(resource.name, "environmentSuffix", "environment_suffix"),
            cause="fixed names",
            variant="fixed",
            proof=Proof.DIFF,
            note="no suffix",
            seek=("environmentSuffix", "EnvironmentSuffix", "environment_suffix"),
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
