"""From hits to causes: detectors are run, their hits grouped by root cause, quoted, and put in a reader's order."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.detectors import Detector, detectors
from grader.engine.corrections import correction_of
from grader.model.hits import Cause, Evidence, Hit, Unchecked
from grader.model.kinds import Kind, Side, Stage
from grader.model.solutions import Pair, Solution

if TYPE_CHECKING:
    from grader.model.spans import Span


_JOINTS = re.compile(r"[-_\s]")


@dataclass(frozen=True, slots=True)
class Findings:
    """What the detectors say of one answer: causes, what could not be decided (detector, reason, line), and defects of detectors."""

    causes: tuple[Cause, ...]
    unchecked: tuple[tuple[str, Unchecked], ...] = ()
    defects: tuple[tuple[str, str], ...] = ()


def find(pair: Pair, chosen: Iterable[Detector] | None = None) -> Findings:
    """Run detectors over a pair. One that raises is a defect on record; the others go on."""
    causes: list[Cause] = []
    unchecked: list[tuple[str, Unchecked]] = []
    defects: list[tuple[str, str]] = []
    for detector in detectors() if chosen is None else chosen:
        hits: list[Hit] = []
        try:
            for one in detector.detect(pair):
                if isinstance(one, Hit):
                    hits.append(one)
                else:
                    unchecked.append((detector.name, one))
        except Exception:  # noqa: BLE001 - a defect of one detector must not lose the others' findings
            defects.append((detector.name, traceback.format_exc(limit=-4)))
            unchecked.append((detector.name, Unchecked("the detector failed")))
            continue
        causes += _grouped(detector, hits, pair)
    return Findings(tuple(causes), tuple(unchecked), tuple(defects))


def _grouped(detector: Detector, hits: Sequence[Hit], pair: Pair) -> list[Cause]:
    groups: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.cause or hit.entity, hit.variant), []).append(hit)
    return [cause_of(detector.name, detector.kind, group, pair) for group in groups.values()]


def cause_of(detector: str, kind: Kind, hits: Sequence[Hit], pair: Pair) -> Cause:
    """One cause of hits that belong together, quoted and with the ideal's counterpart."""
    ordered = tuple(sorted(hits, key=lambda hit: (hit.at.line, -hit.at.end_line) if hit.at else (0, 0)))
    entity = ordered[0].cause or ordered[0].entity
    return Cause(detector, kind, ordered[0].variant, entity, ordered, _evidence(ordered, pair), correction_of(ordered, pair))


def _evidence(hits: Sequence[Hit], pair: Pair) -> tuple[Evidence, ...]:
    found: dict[tuple[Side, Span], Evidence] = {}
    for hit in hits:
        if hit.at is not None and (Side.ANSWER, hit.at) not in found:
            found[Side.ANSWER, hit.at] = Evidence(Side.ANSWER, hit.at, pair.answer.document.quote(hit.at), _language(pair.answer, hit.at), hit.note)
        for span in hit.prompt:
            found.setdefault((Side.PROMPT, span), Evidence(Side.PROMPT, span, "\n".join(pair.task.lines[span.line - 1 : span.end_line])))
    return tuple(found.values())


def _language(solution: Solution, span: Span) -> str:
    """The language of the block that holds a place, empty for prose."""
    return next((block.language or block.tag for block in solution.document.blocks if block.line <= span.line <= block.end_line), "")


def split_shared(causes: Sequence[Cause], ideal: Sequence[Cause], pair: Pair) -> tuple[tuple[Cause, ...], tuple[Cause, ...]]:
    """(what the ideal mends or does not show, what the ideal has too): hits of the same detector, form and entity."""
    held = {_key(cause, hit) for cause in ideal for hit in cause.hits}
    own: list[Cause] = []
    shared: list[Cause] = []
    for cause in causes:
        both = [hit for hit in cause.hits if _key(cause, hit) in held]
        alone = [hit for hit in cause.hits if _key(cause, hit) not in held]
        if not both or not alone:
            (shared if both else own).append(cause)
            continue
        own.append(cause_of(cause.detector, cause.kind, alone, pair))
        shared.append(cause_of(cause.detector, cause.kind, both, pair))
    return tuple(own), tuple(shared)


def _key(cause: Cause, hit: Hit) -> tuple[str, str, str]:
    """What one hit is told from others by, whatever the case and the hyphens of names."""
    return cause.detector, cause.variant, _JOINTS.sub("", hit.entity.lower())


def only_in(ideal: Sequence[Cause], causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Causes of the ideal of which the answer has nothing, the surest first: what stops a build or a deployment, then the others."""
    held = {_key(cause, hit) for cause in causes for hit in cause.hits}
    alone = [one for one in ideal if not any(_key(one, hit) in held for hit in one.hits)]
    order = {stage: place for place, stage in enumerate(Stage)}
    return tuple(sorted(alone, key=lambda one: order[one.stops]))
