"""How a solution names things beside its ideal: the environment suffix of this trade, its parameters, the exports of its outputs."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.align.parameters import parameters_of, renamed
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Call, Fields, Known, fields_of, fold, look_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.align.parameters import Parameter
    from grader.model.solutions import Pair, Resource, Solution
    from grader.model.values import Value

SUFFIX = re.compile(r"env(?:ironment)?_?suffix", re.IGNORECASE)
_STATE = re.compile(r"\bkey\s*[:=]|backend|state(?:_?bucket|\b)", re.IGNORECASE)
"""Where the state of a deployment is kept, which names no resource."""
_NAMING = re.compile(r"(?:name|identifier|bucket|alias)\w*[\"']?\s*[:=].*(?:\$\{|\{|\+)", re.IGNORECASE)
_PUT_IN = re.compile(r"[\w-]\$?\{[^{}]*suffix[^{}]*\}|suffix[^{}]*\}[-_]|[-_][\"'`]\s*\+\s*\w*suffix|join\(.*suffix", re.IGNORECASE)
"""A text that is made with the suffix."""
_SCOPED = frozenset(
    "containername policyname servicename dbname databasename attributename indexname metricname listenername versionname domainname username masterusername".split()
)
"""Names that need be unique within their owner alone."""
_STACK = re.compile(r"\bget_?stack\(\)", re.IGNORECASE)
_STACKED = re.compile(r"[-_]?\$?\{(?:\w+\.)*stack(?:_?name)?\}", re.IGNORECASE)
"""A name that carries the stack, of which Pulumi has one for each environment."""
_VARIABLE = re.compile(r"\$\{([^}!][^}]*)\}")

FEW = 2
"""Names that carry the stack up to which it is no habit."""


class Suffix(NamedTuple):
    """What the ideal calls the suffix, the first lines where it does, and whether the answer has a variable for the environment under another name."""

    name: str
    ideal: tuple[Span, ...]
    other: str


def suffix_of_ideal(pair: Pair) -> Suffix | None:
    """The environment suffix that the ideal's code knows and nothing in the answer does; None where both or neither have one."""
    if pair.ideal is None or not pair.answer.resources or compare(pair).off or compare(pair).partial:
        return None
    if any(re.search("suffix", file.text, re.IGNORECASE) for file in pair.answer.files if not file.superseded and not is_test(file.name)):
        return None
    if any(_STACK.search(file.text) and len(_STACKED.findall(file.text)) > FEW for file in pair.answer.claimed):
        return None
    uses = [
        (found.group(), line)
        for file in pair.ideal.claimed
        if not is_test(file.name)
        for line, text in enumerate(file.text.split("\n"), file.line)
        if (found := SUFFIX.search(text)) and not text.lstrip().startswith(("#", "//", "*", "/*")) and not _STATE.search(text)
    ]
    if len(uses) <= 2:
        return None
    name = Counter(one for one, _ in uses).most_common(1)[0][0]
    lines = pair.ideal.document.lines
    names = [line for _, line in uses if _NAMING.search(lines[line - 1])]
    if not names and not any(_PUT_IN.search(lines[line - 1]) for _, line in uses):
        return None
    place = names[0] if names else uses[0][1]
    return Suffix(name, (Span(place, place),), _other(pair.answer))


def _other(answer: Solution) -> str:
    """The parameter by which the answer tells environments apart, empty for none."""
    return next((one.name for one in parameters_of(answer) if "environment" in one.words), "")


def renamed_parameters(pair: Pair) -> tuple[tuple[Parameter, Parameter], ...]:
    """Parameters of the answer and of the ideal that stand for one thing under other names."""
    if pair.ideal is None or not compare(pair).alike or compare(pair).off:
        return ()
    return renamed(parameters_of(pair.answer), parameters_of(pair.ideal))


def unsuffixed(pair: Pair) -> Iterator[tuple[Resource, Span]]:
    """Resources of the answer whose name lacks the suffix that the name of the ideal's counterpart carries, with the place of the name."""
    if pair.ideal is None:
        return
    comparison = compare(pair)
    for one in comparison.matches:
        mine, theirs = comparison.answer.things[one.answer].resource, comparison.ideal.things[one.ideal].resource
        for key, value in theirs.properties.items():
            held = look_up(mine.properties, key) if fold(key).endswith(("name", "identifier", "bucket")) and fold(key) not in _SCOPED else None
            if held is not None and SUFFIX.search(pair.ideal.document.quote(value.span)) and value.span.end_line - value.span.line <= 2:
                yield mine, held.span
                break


def plainly_named(pair: Pair) -> frozenset[int]:
    """The identities (`id`) of the answer's resources whose counterparts have names without a suffix as well."""
    if pair.ideal is None:
        return frozenset()
    comparison = compare(pair)
    found = set()
    for one in comparison.matches:
        mine, theirs = comparison.answer.things[one.answer].resource, comparison.ideal.things[one.ideal].resource
        names = [value for key, value in theirs.properties.items() if fold(key).endswith(("name", "identifier", "bucket"))]
        if names and not any(SUFFIX.search(pair.ideal.document.quote(value.span)) for value in names):
            found.add(id(mine))
    return frozenset(found)


def fixed_names(pair: Pair) -> Iterator[tuple[Resource, Span, str]]:
    """Resources whose name is fixed where that of the ideal's counterpart carries the suffix, with the place of the name and the ideal's."""
    for resource, span in unsuffixed(pair):
        held = next((value for value in resource.properties.values() if value.span == span), None)
        if isinstance(held, Known) and not held.via and isinstance(held.value, str) and "suffix" not in held.value.lower():
            yield resource, span, held.value


class Exports(NamedTuple):
    """Exports of a template: the variable that leads most names (`AWS::StackName`), and name and place of each with it."""

    leads: str
    names: tuple[tuple[str, Span], ...]


def exports_of(solution: Solution) -> Exports:
    """The names under which a template exports its outputs, as far as one variable leads most of them."""
    found = [(lead, text, span) for text, span in _exports(solution) if (lead := _lead(text))]
    if not found:
        return Exports("", ())
    leads, count = Counter(lead for lead, _, _ in found).most_common(1)[0]
    if count * 3 < len(found) * 2:
        return Exports("", ())
    return Exports(leads, tuple((text, span) for lead, text, span in found if lead == leads))


def _exports(solution: Solution) -> Iterator[tuple[str, Span]]:
    claimed = {id(file) for file in solution.claimed if not is_test(file.name)}
    for binding in solution.bindings:
        if id(binding.file) not in claimed or solution.framework != "cfn" or not isinstance(binding.value, Fields):
            continue
        for entry in fields_of(look_up(binding.value.fields, "Outputs")).values():
            name = look_up(fields_of(look_up(fields_of(entry), "Export")), "Name")
            if name is not None:
                yield _written(name, solution), name.span


def _written(value: Value, solution: Solution) -> str:
    """The text of a name with `${...}` for what is filled in."""
    if isinstance(value, Fields | Call):
        found = _VARIABLE.search(quoted := solution.document.quote(value.span))
        return quoted[found.start() :].strip(" '\"\n}") if found else ""
    return solution.document.quote(value.span).partition(":")[2].strip(" '\"")


def _lead(text: str) -> str:
    found = _VARIABLE.match(text)
    return found.group(1) if found else ""


def same_lead(one: str, other: str) -> bool:
    """Whether two variables that lead names are one, whatever their case."""
    return fold(one) == fold(other)
