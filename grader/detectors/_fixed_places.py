"""What fixes an answer to one place: availability zones as literals, values that ignore their parameter, placeholder addresses in code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors._unused_inputs import unused_inputs
from grader.model.hits import Hit
from grader.model.spans import Span
from grader.model.values import Known, fold

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

_ZONE = re.compile(r"^(?:us|eu|ap|sa|ca|af|me|il|mx)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d[a-f]$")
_CHOICES = frozenset({"default", "description", "allowedvalues", "allowedpattern", "constraintdescription"})
_ADDRESS = re.compile(r"https?://(?:[\w-]+\.)*example\.(?:com|org|net)\b[\w./-]*")


def zones(pair: Pair) -> Iterator[Hit]:
    """Availability zones that stand as literals in resources and their lists; not those that the task names."""
    for key, text, value, binding in pair.answer.texts:
        if not isinstance(value, Known) or value.via or not _ZONE.match(text) or text in pair.task.text:
            continue
        if (
            fold(key) in _CHOICES
            or fold(text[:-1]) in fold(key)
            or binding.name.startswith("variable.")
            or (binding.file.name or "").endswith(".tfvars")
        ):
            continue
        if pair.answer.framework == "cfn" and not any(one.span.covers(value.span) for one in pair.answer.resources):
            continue  # a mapping has a list for each region
        yield Hit(
            f"the availability zone `{text}` is fixed",
            at=value.span,
            entity=text,
            entities=tuple(name for name in (text[:-1], binding.name.rsplit(".", 1)[-1], key) if name),
            cause="fixed zones",
            variant="zone",
            note=f"works in {text[:-1]} only",
            seek=("availabilityZones", "availability_zone", "AvailabilityZone", "getAvailabilityZones", "aws_availability_zones"),
            facts={"value": text, "region": text[:-1]},
        )


def ignored_inputs(answer: Solution) -> Iterator[Hit]:
    """Inputs that nothing uses, while their default stands as a literal in a resource."""
    for one in unused_inputs(answer):
        if one.literal is not None:
            at = one.literal.value.span
            yield Hit(
                f"`{one.default}` stands where the parameter `{one.name}` (line {one.span.line}) belongs, which nothing uses",
                at=at,
                entity=one.name,
                entities=(one.default, one.literal.key),
                cause=f"ignored {one.name}",
                variant="ignored-input",
                note=f"`{one.name}` is ignored",
                facts={"name": one.name, "value": one.default, "declared": one.span.line},
            )


def placeholders_in_code(answer: Solution) -> Iterator[Hit]:
    """Addresses of a domain that is kept for examples (RFC 2606), in programs that stand as text in a resource."""
    for key, text, value, binding in answer.texts:
        if "\n" not in text or not isinstance(value, Known) or fold(key) in _CHOICES or "example." not in text:
            continue
        for found in _ADDRESS.finditer(text):
            start = text.rfind("\n", 0, found.start()) + 1
            if re.match(r"\s*(?:#|//|\*|<!--)", text[start : found.start()]) or "default" in text[start : found.start()].lower():
                continue
            lines = answer.document.quote(value.span).split("\n")
            offset = next((number for number, line in enumerate(lines) if found.group(0) in line), 0)
            yield Hit(
                f"`{found.group(0)[:80]}` is a placeholder that the code calls",
                at=Span(value.span.line + offset, value.span.line + offset),
                entity=found.group(0)[:80],
                entities=tuple(name for name in (binding.name, key) if name),
                cause="placeholder",
                variant="placeholder",
                note="a domain that is kept for examples",
                facts={"value": found.group(0)[:80]},
            )
