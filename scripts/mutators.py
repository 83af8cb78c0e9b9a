"""Mutators: each plants one fault in a Markdown document by changing a few of its lines, located by the grader's own model.

A mutant counts as planted when it parses no worse than before and the thing it took away, or changed, is no longer in the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from grader.align.differences import matters
from grader.align.inventory import Inventory, inventory_of
from grader.align.outputs import outputs_of
from grader.align.tags import global_tags, tags_of
from grader.engine.solving import solution_of
from grader.facts.ingress import ANYWHERE, ingress_rules
from grader.facts.policies import statements
from grader.knowledge.properties import is_cosmetic, is_wiring
from grader.knowledge.types import services
from grader.markdown import read_document
from grader.model.paths import is_test
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from random import Random

    from grader.knowledge.types import Type
    from grader.model.solutions import Solution
    from grader.model.spans import Span

ABSENT = frozenset(
    "missing-resource missing-output missing-config missing-tags missing-monitoring missing-security-control missing-encryption availability retention-policy "
    "iam-overpermissive architecture-divergence".split()
)
"""Kinds that say something is not there; which one is a matter of what it was for."""
BROKEN = frozenset("broken-reference missing-implementation invalid-api invalid-value".split())


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed document: `names` any of which a reader would look for, `line` of the change in it, `gone` the lines of the ideal that it touched."""

    text: str
    names: tuple[str, ...]
    line: int
    gone: tuple[int, int]
    lost: Callable[[Solution], bool] = bool
    """Whether a model no longer has what was dropped: a thing that is given twice, or for all at once, is still there."""


@dataclass(frozen=True, slots=True)
class Mutator:
    """What a mutator is called, the kinds of fault that are right for it, and how it makes its mutants, the most telling first."""

    name: str
    kinds: frozenset[str]
    make: Callable[[Solution, Random], Iterator[Mutant]]


def model_of(text: str) -> Solution:
    """The model of a document, from which all its mutants are made."""
    return solution_of(read_document(text))


def mutants(before: Solution, mutator: Mutator, random: Random) -> Iterator[Mutant]:
    """The mutants of a document that parse as well as it does, in random order."""
    for one in mutator.make(before, random):
        if one.text == before.document.text:
            continue
        after = solution_of(read_document(one.text))
        if mutator.name == "cut the file" or (
            len(after.problems) <= len(before.problems) and len(after.claimed) == len(before.claimed) and one.lost(after)
        ):
            yield one


# ---- lines


def without(lines: Sequence[str], first: int, last: int) -> list[str]:
    """Lines without those from `first` to `last`, counted from 1; in JSON the comma that would be left over goes with them."""
    before, after = list(lines[: first - 1]), list(lines[last:])
    following = next((line.strip() for line in after if line.strip()), "")
    if following[:1] in {"}", "]"} and not lines[last - 1].rstrip().endswith(","):
        for place in range(len(before) - 1, -1, -1):
            if before[place].strip():
                if before[place].rstrip().endswith(",") and re.match(r'\s*(?:"|\}|\])', before[place]):
                    before[place] = before[place].rstrip()[:-1]
                break
    return before + after


def dropped(solution: Solution, span: Span, count: Callable[[Solution], int], *names: str) -> Mutant:
    """The document without the lines of a span; `count` counts in a model what must become fewer."""
    kept = without(solution.document.lines, span.line, span.end_line)
    had = count(solution)
    named = tuple(name for name in names if name)
    return Mutant("\n".join(kept), named, min(span.line, len(kept)), (span.line, span.end_line), lambda after: count(after) < had)


def replaced(solution: Solution, span: Span, old: str, new: str, *names: str) -> Iterator[Mutant]:
    """The document with the first `old` of a span replaced."""
    lines = list(solution.document.lines)
    for at in range(span.line, span.end_line + 1):
        if old in lines[at - 1]:
            lines[at - 1] = lines[at - 1].replace(old, new, 1)
            yield Mutant("\n".join(lines), names, at, (at, at))
            return


def alone(solution: Solution, span: Span, key: str) -> bool:
    """Whether a property has its lines to itself: the first begins with its key, and the last closes what the first opened."""
    first = solution.document.lines[span.line - 1].strip().lstrip("\"'.{")
    text = "\n".join(solution.document.lines[span.line - 1 : span.end_line])
    even = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))
    return fold(first).startswith(fold(key)) and even and not text.rstrip().endswith(";")


# ---- mutators


def drop_resource(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Every resource that is told by itself, in random order."""
    inventory = inventory_of(solution)
    things = [one for one in inventory.things if not one.many and one.type not in services().ignored and one.type.service not in {"", "custom"}]
    random.shuffle(things)
    for one in things:
        yield dropped(solution, one.resource.span, partial(_things, kind=one.type), one.resource.name, one.resource.binding)


def _things(solution: Solution, *, kind: Type) -> int:
    return sum(one.type == kind for one in inventory_of(solution).things)


def drop_output(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Outputs, each alone."""
    found = [one for one in outputs_of(solution) if not one.inner]
    random.shuffle(found)
    for one in found:
        yield dropped(solution, one.span, partial(_outputs, name=fold(one.name)), one.name)


def _outputs(solution: Solution, *, name: str) -> int:
    return sum(fold(one.name) == name for one in outputs_of(solution))


def drop_tag(solution: Solution, random: Random) -> Iterator[Mutant]:
    """One tag of one resource; a `Name` is an author's own."""
    found = [(thing, tag) for thing in inventory_of(solution).things for tag in tags_of(thing)]
    random.shuffle(found)
    everywhere = {fold(tag.key) for tag in global_tags(solution)} | {"name"}
    for thing, tag in found:
        if fold(tag.key) not in everywhere:
            yield dropped(solution, tag.span, partial(_tags, key=tag.key), tag.key, thing.label)


def _tags(solution: Solution, *, key: str) -> int:
    return sum(tag.key == key for thing in inventory_of(solution).things for tag in tags_of(thing))


def _properties(inventory: Inventory, *, encryption: bool) -> list[tuple[Span, str, str]]:
    """Properties that the knowledge file says matter: place, name, owner."""
    found = []
    for thing in inventory.things:
        for prop in (one for props in thing.props.values() for one in props):
            aspect = prop.aspect
            if not aspect.says or (aspect.group == "encryption") is not encryption or aspect.group == "tags":
                continue
            if prop.holder is not thing.resource:
                found.append((prop.holder.span, prop.name, thing.label))
            elif not (is_cosmetic(prop.name) or is_wiring(prop.name)) and matters(prop.name, prop.value, aspect):
                found.append((prop.value.span, prop.name, thing.label))
    return found


def drop_property(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Properties that matter for other reasons than encryption."""
    yield from _without_property(solution, random, encryption=False)


def drop_encryption(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Encryption settings, and satellites that hold one."""
    yield from _without_property(solution, random, encryption=True)


def _without_property(solution: Solution, random: Random, *, encryption: bool) -> Iterator[Mutant]:
    found = _properties(inventory_of(solution), encryption=encryption)
    random.shuffle(found)
    for span, name, owner in found:
        if alone(solution, span, name.rsplit(".", 1)[-1]) or any(span == one.span for one in solution.resources):
            yield dropped(solution, span, partial(_set, name=name), name.rsplit(".", 1)[-1], owner)


def _set(solution: Solution, *, name: str) -> int:
    return sum(prop.name == name for thing in inventory_of(solution).things for props in thing.props.values() for prop in props)


def widen_policy(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Allow every action where the first of a statement is named."""
    found = [one for one in statements(solution) if one.allow and one.actions and one.resources and not any("*" in action for action in one.actions)]
    random.shuffle(found)
    for one in found:
        for new in ("*", "'*'"):
            literal = _quoted(solution, one.span, one.actions[0])
            if literal:
                yield from replaced(solution, one.span, literal, f"{literal[0]}*{literal[-1]}" if literal[0] in "\"'`" else new, one.actions[0], "*")


def _quoted(solution: Solution, span: Span, text: str) -> str:
    """A text as it is written in a span, with its quotes where it has any."""
    code = solution.document.quote(span)
    for quote in "\"'`":
        if f"{quote}{text}{quote}" in code:
            return f"{quote}{text}{quote}"
    return text if text in code else ""


def open_port(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Let everyone in to a port that is not that of a web server."""
    found = [one for one in ingress_rules(solution) if one.cidr not in ANYWHERE and one.ports[0] not in {80, 443}]
    random.shuffle(found)
    for one in found:
        yield from replaced(solution, one.span, one.cidr, "0.0.0.0/0", one.group, "0.0.0.0/0")


def rename_reference(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Refer to a name that nothing has."""
    found = [one for one in solution.references if (one.scope, one.name) in solution.symbols and "/" not in one.name and not is_test(one.file.name)]
    random.shuffle(found)
    for one in found:
        last = one.name.rsplit(".", 1)[-1]
        line = solution.document.lines[one.span.line - 1]
        if len(last) >= 4 and len(re.findall(rf"\b{re.escape(last)}\b", line)) == 1:
            lines = list(solution.document.lines)
            lines[one.span.line - 1] = re.sub(rf"\b{re.escape(last)}\b", f"{last}Former", line)
            yield Mutant("\n".join(lines), (f"{last}Former",), one.span.line, (one.span.line, one.span.line))


_REGIONS = (
    (re.compile(r"\$\{AWS::Region\}"), "us-east-1"),
    (re.compile(r"\$\{(?:var\.(?:aws_)?region|data\.aws_region\.\w+\.(?:name|id|region))\}"), "us-east-1"),
    (
        re.compile(r"\$\{(?:this\.region|cdk\.Aws\.REGION|Aws\.REGION|cdk\.Stack\.of\(this\)\.region|Stack\.of\(this\)\.region|region|awsRegion)\}"),
        "us-east-1",
    ),
    (re.compile(r"\{(?:self\.region|Aws\.REGION|cdk\.Aws\.REGION|aws_region|self\.aws_region)\}"), "us-east-1"),
)


def hard_code_region(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Write a region into an ARN that took it from the environment."""
    claimed = list(solution.claimed)
    places = [
        (at, pattern, new)
        for file in claimed
        for at in range(file.line, file.end_line + 1)
        for pattern, new in _REGIONS
        if at <= len(solution.document.lines) and "arn:" in solution.document.lines[at - 1] and pattern.search(solution.document.lines[at - 1])
    ]
    random.shuffle(places)
    for at, pattern, new in places:
        lines = list(solution.document.lines)
        lines[at - 1] = pattern.sub(new, lines[at - 1], count=1)
        yield Mutant("\n".join(lines), ("us-east-1",), at, (at, at))


def cut_file(solution: Solution, random: Random) -> Iterator[Mutant]:
    """End the document in the middle of its longest file."""
    file = max(solution.claimed, key=lambda one: one.end_line - one.line, default=None)
    if file is not None and file.end_line - file.line > 10:
        at = file.line + int((file.end_line - file.line) * random.uniform(0.3, 0.9))
        yield Mutant("\n".join(solution.document.lines[:at]), (file.label,), at, (at, file.end_line))


def known_value(solution: Solution, random: Random) -> Iterator[Mutant]:
    """Halve a number that the knowledge file compares by value."""
    found = [
        (prop, thing)
        for thing in inventory_of(solution).things
        for props in thing.props.values()
        for prop in props
        if prop.aspect.values and isinstance(prop.value, Known) and isinstance(prop.value.value, int) and prop.value.value > 3 and not prop.value.via
    ]
    random.shuffle(found)
    for prop, thing in found:
        if isinstance(prop.value, Known) and isinstance(prop.value.value, int):
            yield from replaced(solution, prop.value.span, str(prop.value.value), str(prop.value.value // 2), prop.name, thing.label)


MUTATORS = (
    Mutator("drop a resource", ABSENT | BROKEN, drop_resource),
    Mutator("drop an output", frozenset({"missing-output"}) | BROKEN, drop_output),
    Mutator("drop a tag", frozenset({"missing-tags", "missing-config"}), drop_tag),
    Mutator("drop encryption", frozenset({"missing-encryption"}) | BROKEN, drop_encryption),
    Mutator("drop a property", ABSENT | BROKEN, drop_property),
    Mutator("change a value", ABSENT | {"cost", "deprecated-version"}, known_value),
    Mutator("widen a policy", frozenset({"iam-overpermissive", "invalid-value"}), widen_policy),
    Mutator("open a port", frozenset({"network-exposure"}), open_port),
    Mutator("rename a reference", BROKEN | {"missing-asset", "logic-error", "syntax-error"}, rename_reference),
    Mutator("hard-code a region", frozenset({"hardcoded-value", "wrong-region"}), hard_code_region),
    Mutator("cut the file", ABSENT | BROKEN | {"truncated-response", "syntax-error", "no-code"}, cut_file),
)
