"""From causes to a grade: each is priced and worded by the first line of the rubric that applies to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.hits import Cause
from grader.model.kinds import Confidence, Kind, Proof, Severity, Stage, Verdict
from grader.rubric.rubrics import Criterion, Rubric

_STAGES = {stage: rank for rank, stage in enumerate(Stage)}
_NOWHERE = 1 << 30


@dataclass(frozen=True, slots=True)
class Fault:
    """One cause, priced and worded. `number` counts from 1 in the order of the report; `cost` is what it took from the score."""

    number: int
    criterion: str
    kind: Kind
    category: str
    severity: Severity
    confidence: Confidence
    proof: Proof
    title: str
    problem: str
    impact: tuple[str, ...]
    correction: str
    cause: Cause
    cost: float


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """What is left of the points of one category, and the number of faults that were priced in it."""

    id: str
    title: str
    points: float
    earned: float
    faults: int


@dataclass(frozen=True, slots=True)
class Grade:
    """The score (0 to 100), the verdict, and the faults that are listed; `unlisted` more are priced all the same.

    `shared` are faults that the ideal has too: they cost nothing.
    """

    score: float
    verdict: Verdict
    categories: tuple[CategoryScore, ...]
    faults: tuple[Fault, ...]
    shared: tuple[Fault, ...]
    unlisted: int


_Matched = tuple[Criterion, Cause]


def price(rubric: Rubric, causes: Sequence[Cause], shared: Sequence[Cause] = (), *, alone: bool = False) -> Grade:
    """Price causes by a rubric. Causes that no criterion matches cost nothing and are not reported.

    `alone` says that there is no ideal. A fault costs `each`; all faults of one criterion cost at most its `at_most`, and a category never loses more than its points.
    """
    matched = [pair for pair in _matched(rubric, causes) if not (alone and pair[0].needs_ideal)]
    costs, lost = _costs(rubric, matched)
    counts = Counter(criterion.category for criterion, _ in matched)
    categories = tuple(CategoryScore(one.id, one.title, one.points, round(one.points - lost[one.id], 4), counts[one.id]) for one in rubric.categories)
    score = round(sum(one.earned for one in categories), 1)
    listed = tuple(_fault(number, *pair, cost) for number, (pair, cost) in enumerate(zip(matched[: rubric.most], costs, strict=False), 1))
    alike = tuple(_fault(number, *pair, 0.0) for number, pair in enumerate(_matched(rubric, shared)[: rubric.most], 1))
    return Grade(score, _verdict(rubric, matched, score), categories, listed, alike, len(matched) - len(listed))


def _matched(rubric: Rubric, causes: Sequence[Cause]) -> list[_Matched]:
    """Causes with their criterion, in the order a reviewer should read them."""
    return sorted(((criterion, cause) for cause in causes if (criterion := rubric.criterion_for(cause)) is not None), key=_place)


def _place(pair: _Matched) -> tuple[int, float, int, int, str, str]:
    criterion, cause = pair
    line = min((hit.at.line for hit in cause.hits if hit.at is not None), default=_NOWHERE)
    return criterion.severity.rank, -criterion.points.each, _STAGES[cause.stops], line, criterion.criterion, cause.entity


def _costs(rubric: Rubric, matched: Sequence[_Matched]) -> tuple[list[float], dict[str, float]]:
    """What each fault takes, in order, and what each category loses: the costs add up to the points that are missing from the score."""
    points = rubric.points
    spent: dict[str, float] = defaultdict(float)
    lost: dict[str, float] = defaultdict(float)
    costs = []
    for criterion, _ in matched:
        cap = min(criterion.points.at_most - spent[criterion.criterion], points[criterion.category] - lost[criterion.category])
        cost = round(max(0.0, min(criterion.points.each, cap)), 4)
        spent[criterion.criterion] += cost
        lost[criterion.category] += cost
        costs.append(float(cost))
    return costs, lost


def _verdict(rubric: Rubric, matched: Sequence[_Matched], score: float) -> Verdict:
    stopped = {hit.stops for _, cause in matched for hit in cause.hits if hit.confidence is Confidence.HIGH}
    if Stage.BUILD in stopped:
        return Verdict.DOES_NOT_BUILD
    if Stage.DEPLOY in stopped:
        return Verdict.DOES_NOT_DEPLOY
    return Verdict.ACCEPTABLE if score >= rubric.acceptable else Verdict.DEVIATES


def _fault(number: int, criterion: Criterion, cause: Cause, cost: float) -> Fault:
    words = criterion.wording.render(cause)
    return Fault(
        number=number,
        criterion=criterion.criterion,
        kind=cause.kind,
        category=criterion.category,
        severity=criterion.severity,
        confidence=cause.confidence,
        proof=cause.hits[0].proof,
        title=words.title,
        problem=words.problem,
        impact=words.impact,
        correction=words.correction,
        cause=cause,
        cost=cost,
    )
