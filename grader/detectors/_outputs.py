"""Outputs that the prompt asks for and none of the answer's gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.align.outputs import outputs_of
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.prompts.outputs import outputs
from grader.prompts.services import code_of, whole

if TYPE_CHECKING:
    from grader.model.solutions import Pair

_SAYS = re.compile(r"^.*(?:output|export)[^\n]*(?:\n[^\n]*){0,3}", re.MULTILINE)
"""A line that gives something out, with the lines after it."""


def asked_outputs(pair: Pair, told: Sequence[Hit]) -> Iterator[Hit]:
    """One hit for each resource of the answer of which the prompt wants an output and no output speaks; `told` are outputs that are reported already."""
    wanted = outputs(pair.task)
    if not wanted or not whole(pair.answer):
        return
    given = outputs_of(pair.answer)
    code = code_of(pair.answer)
    if not given and _SAYS.search(code):
        return
    text = "\n".join((*(f"{one.name}\n{pair.answer.document.quote(one.span)}" for one in given), *_SAYS.findall(code))).lower()
    said = "\n".join(hit.entity for hit in told).lower()
    at = min((one.span for one in given), default=None)
    for one in wanted:
        if re.search(one.shows, text) or re.search(one.shows, said) or not re.search(one.shows, code):
            continue
        yield Hit(
            f"the prompt asks for an output of the {one.noun} (line {one.at.line}); none of the answer's {len(given)} gives it",
            at=at,
            entity=one.noun,
            entities=(f"{one.noun} output",),
            cause="asked outputs",
            variant="asked",
            proof=Proof.PROMPT,
            note="the outputs of the answer" if at else "",
            prompt=(one.at,),
            facts={"asked": one.asked[:160].rstrip(" ."), "prompt_line": one.at.line, "have": len(given)},
        )
