"""What the ideal sets and the answer does not: properties, permissions, orders of creation, and what parameters take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.comparison import compare
from grader.align.dependencies import missing_dependencies, stack_dependencies
from grader.align.findings import property_hits
from grader.align.matching import SURE
from grader.align.parameters import INTERFACE, Parameter, interface_of, parameters_of
from grader.align.settings import missing_sections, missing_settings
from grader.detectors import detector
from grader.detectors._asked import asked_hits
from grader.detectors._literals import asked_ports
from grader.detectors._settings import asked_settings
from grader.facts.permissions import missing_permissions, missing_policies
from grader.knowledge.types import Type
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.spans import Span
from grader.model.values import Call, fold

if TYPE_CHECKING:
    from grader.align.comparison import Comparison
    from grader.align.inventory import Thing
    from grader.model.solutions import Pair, Solution

ROLE = Type("iam", "role")
_SECRET = re.compile(r"password|secret|token|credential|key$", re.IGNORECASE)
FEW = 4
"""Parameters from which a console shows them in groups to be understood."""


@detector(Kind.MISSING_CONFIG)
def missing_config(pair: Pair) -> Iterator[Hit]:
    """A property or feature of a resource, a permission, an order of creation, or what bounds and groups parameters that only the ideal sets.

    The resource takes the default of the service instead.

    Not flagged: names and descriptions; what connects resources; values that are the default; values that cannot be known on either side;
    resources that take properties from elsewhere.

    Example: a build project without the time limit that the ideal sets.
    """
    yield from property_hits(pair, "config")
    yield from asked_hits(pair, Kind.MISSING_CONFIG)
    yield from asked_settings(pair)
    yield from asked_ports(pair)
    comparison = compare(pair)
    if pair.ideal is None or comparison.off or comparison.partial or not comparison.alike:
        return
    yield from _permissions(pair.answer, pair.ideal)
    yield from _policies(pair)
    yield from _constraints(pair.answer, pair.ideal)
    yield from _defaults(pair.answer, pair.ideal)
    yield from _interface(pair.answer, pair.ideal)
    yield from _dependencies(pair)
    yield from _settings(pair)


def _permissions(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    for one in missing_permissions(answer, ideal):
        near = one.near
        yield Hit(
            f"no statement allows `{one.action}`, the ideal's {f'`{one.owner}`' if one.owner else 'policy'} does",
            at=Span(near.line, min(near.end_line, near.line + 10)) if near else None,
            entity=one.action,
            entities=(one.owner,) if one.owner else (),
            cause="permissions",
            variant="permissions",
            proof=Proof.DIFF,
            note=f"a statement of the service, without `{one.action}`",
            ideal=(one.ideal,),
        )


def _policies(pair: Pair) -> Iterator[Hit]:
    """Policies of AWS that only the ideal attaches, with the role of the answer that goes without."""
    comparison = compare(pair)
    for one in missing_policies(pair.answer, pair.ideal) if pair.ideal is not None else ():
        role = _role(one.ideal, comparison)
        if role is None:
            continue
        span = role.resource.span
        yield Hit(
            f"`{one.name}` is attached to nothing, the ideal attaches it",
            at=Span(span.line, min(span.end_line, span.line + 10)),
            entity=one.name,
            entities=(role.label, "ManagedPolicyArns"),
            cause="attached policies",
            variant="policies",
            proof=Proof.DIFF,
            note=f"without `{one.name}`",
            ideal=(one.ideal,),
        )


def _role(place: Span, comparison: Comparison) -> Thing | None:
    """What stands in the answer for the role that holds a place of the ideal, or that the attachment at this place names."""
    partner = {one.ideal: one.answer for one in comparison.matches if one.score >= SURE}
    for number, thing in enumerate(comparison.ideal.things):
        if any(one.span.covers(place) for one in (thing.resource, *thing.parts)):
            for other in (number, *sorted(thing.links)):
                if other in partner and comparison.ideal.things[other].type == ROLE:
                    return comparison.answer.things[partner[other]]
    return None


def _constraints(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    ours: dict[str, Parameter] = {}
    for one in parameters_of(answer):
        if one.constraints or fold(one.name) not in ours:
            ours[fold(one.name)] = one
    for theirs in parameters_of(ideal):
        mine = ours.get(fold(theirs.name))
        if mine is None or not theirs.constraints or mine.constraints or mine.typed:
            continue
        yield Hit(
            f"`{mine.name}` accepts any value, the ideal sets {', '.join(f'`{name}`' for name in theirs.constraints)}",
            at=mine.span,
            entity=mine.name,
            entities=theirs.constraints,
            cause="constraints of parameters",
            variant="constraints",
            proof=Proof.DIFF,
            note="no constraint",
            ideal=(theirs.span,),
        )


def _defaults(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    """Parameters that have to be given, where the ideal's have a default."""
    wanted, given = parameters_of(ideal), parameters_of(answer)
    open_there = {fold(one.name) for one in wanted if one.default is None}
    set_here = {fold(one.name) for one in given if one.default is not None}
    theirs = {fold(one.name): one for one in wanted if fold(one.name) not in open_there}
    for mine in given:
        other = theirs.get(fold(mine.name))
        if other is not None and other.default is not None and fold(mine.name) not in set_here and not _SECRET.search(mine.name):
            yield Hit(
                f"`{mine.name}` has no default, the ideal's is {f'`{other.default}`' if other.default else 'set'}",
                at=mine.span,
                entity=mine.name,
                entities=("Default", other.default) if other.default else ("Default",),
                cause="defaults of parameters",
                variant="no-default",
                proof=Proof.DIFF,
                note="no default",
                ideal=(other.span,),
            )


def _interface(answer: Solution, ideal: Solution) -> Iterator[Hit]:
    """Parameters that the ideal groups for the console and the answer does not."""
    mine, theirs = parameters_of(answer), interface_of(ideal)
    if theirs is None or len(mine) < FEW or interface_of(answer) is not None:
        return
    yield Hit(
        f"nothing groups the {len(mine)} parameters, the ideal has `{INTERFACE}`",
        at=mine[0].span,
        entity=INTERFACE,
        entities=("Metadata", "ParameterGroups", "ParameterLabels"),
        variant="interface",
        proof=Proof.DIFF,
        note="the first parameter",
        ideal=(theirs,),
        facts={"parameters": len(mine)},
    )


def _dependencies(pair: Pair) -> Iterator[Hit]:
    """Orders of creation that only the ideal states."""
    for one in missing_dependencies(pair):
        span = one.thing.resource.span
        yield Hit(
            f"`{_called(one.thing)}` does not wait for `{_called(one.target)}`, in the ideal it does",
            at=Span(span.line, min(span.end_line, span.line + 2)),
            entity=_called(one.thing),
            entities=(_called(one.target), "DependsOn", "depends_on", "addDependency"),
            cause="order of creation",
            variant="dependency",
            proof=Proof.DIFF,
            note=f"does not depend on `{_called(one.target)}`",
            ideal=(one.ideal,),
            facts={"target": _called(one.target)},
        )
    theirs = stack_dependencies(pair.ideal) if pair.ideal is not None else ()
    made = [value for _, value, _ in pair.answer.infrastructure if isinstance(value, Call) and value.new and value.path.endswith("Stack")]
    if theirs and len(made) > 1 and not any("dependency" in file.text.lower() for file in pair.answer.claimed):
        yield Hit(
            f"no stack waits for another; the ideal orders them with `addDependency` ({len(theirs)} times)",
            at=made[0].span,
            entity="addDependency",
            entities=tuple(dict.fromkeys(one.path for one in made)),
            cause="order of stacks",
            variant="dependency",
            proof=Proof.DIFF,
            note="made without a dependency",
            ideal=theirs[:2],
            facts={"target": made[0].path},
        )


def _called(thing: Thing) -> str:
    """A thing by the name that its language refers to it: Terraform's names are no names without their types."""
    return thing.resource.binding if thing.resource.file.language == "hcl" else thing.label


def _settings(pair: Pair) -> Iterator[Hit]:
    """What a template or Terraform itself is told in the ideal alone: conditions and mappings, where the state is kept, which versions it takes."""
    for section in missing_sections(pair):
        names = ", ".join(f"`{name}`" for name in section.entries[:5])
        yield Hit(
            f"the template has no `{section.name}`, the ideal's has {names}",
            at=None,
            entity=section.name,
            entities=section.entries[:10],
            cause=f"section {section.name}",
            variant="section",
            proof=Proof.DIFF,
            ideal=(Span(section.ideal.line, min(section.ideal.end_line, section.ideal.line + 14)),),
            facts={"names": section.entries},
        )
    for one in missing_settings(pair):
        backend = one.name == "backend"
        yield Hit(
            "nothing says where the state is kept; the ideal has a `backend`" if backend else f"there is no `{one.name}`, the ideal sets it",
            at=Span(one.at.line, one.at.line) if one.at else None,
            entity=one.name,
            entities=("terraform", "backend") if backend else ("terraform", one.name.rpartition(".")[2]),
            cause="state" if backend else "settings of Terraform",
            variant="backend" if backend else "terraform",
            proof=Proof.DIFF,
            note="Terraform's own block, without it" if one.at else "",
            ideal=(one.ideal,),
        )
