"""A region in the answer other than the one that the prompt names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Fields, Known, fold, known, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution

_REGION = re.compile(r"\b(?:us|eu|ap|sa|ca|af|me|il|mx)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d(?=[a-f]?\b)")
_PLACE = frozenset({"region", "awsregion", "availabilityzone", "availabilityzones", "azs", "primaryregion", "defaultregion", "deployregion"})
_DENIES = re.compile(r"\b(?:not|never|avoid|except|other than)\b", re.IGNORECASE)


@detector(Kind.WRONG_REGION)
def wrong_region(pair: Pair) -> Iterator[Hit]:
    """A region in the answer other than the one that the prompt names.

    The resources are made where nobody looks for them, and data may leave the place it has to stay in.

    Not flagged: prompts that name several regions or none; answers that name the prompt's region anywhere; regions in texts and policies.

    Example: `region = "us-east-1"` where the prompt says "deploy to eu-west-1".
    """
    asked = {found: number for number, line in reversed(list(enumerate(pair.task.lines, 1))) for found in _REGION.findall(line)}
    if len(asked) != 1:
        return
    wanted, line = next(iter(asked.items()))
    if _DENIES.search(pair.task.lines[line - 1]):
        return
    if any(wanted in file.text for file in pair.answer.files if not file.superseded and not is_test(file.name)):
        return
    for region, span in _placed(pair.answer):
        yield Hit(
            f"the region is `{region}`, the prompt asks for `{wanted}` (line {line})",
            at=span,
            entity=region,
            entities=(wanted, "region"),
            cause="region",
            variant="other",
            proof=Proof.PROMPT,
            note=f"the prompt says {wanted}",
            prompt=(Span(line, line),),
            seek=("region", "Region", "env"),
            facts={"got": region, "wanted": wanted, "prompt_line": line},
        )


def _placed(answer: Solution) -> Iterator[tuple[str, Span]]:
    """Regions that the answer fixes for a provider, a stack, a zone, or as the default of a parameter for the region."""
    seen: set[Span] = set()
    for key, value, binding in answer.infrastructure:
        found = None
        if isinstance(value, Known) and isinstance(value.value, str) and (fold(key) in _PLACE or fold(binding.name.rsplit(".", 1)[-1]) in _PLACE):
            found = _REGION.match(value.value.strip())
        elif (
            isinstance(value, Fields)
            and fold(binding.name.rsplit(".", 1)[-1]) in _PLACE
            and isinstance(default := known(look_up(value.fields, "default")), str)
        ):
            found = _REGION.match(default)
        if found and value.span not in seen:
            seen.add(value.span)
            yield found.group(0), value.span
