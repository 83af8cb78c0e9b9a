"""The summary of a run: means, verdicts and passes by model and dialect; faults by category, severity and kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from grader.model.kinds import Kind, Severity, Status, Verdict
from grader.summary.answers import Answer, BriefFault
from grader.summary.intervals import Mean, mean_of
from grader.summary.passing import PassAt, pass_at

THRESHOLD = 70.0
MOST_FREQUENT = 10


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one model or dialect. Shares are of the answers with a score, from 0 to 1; `passed` counts scores at the threshold or above."""

    name: str
    answers: int
    prompts: int
    score: Mean | None
    statuses: Mapping[Status, int]
    verdicts: Mapping[Verdict, int]
    passed: int
    pass_at: tuple[PassAt, ...]

    @property
    def scored(self) -> int:
        """Answers that have a score."""
        return self.score.count if self.score is not None else 0

    @property
    def pass_rate(self) -> float | None:
        """The share of the answers with a score that passed; None without any."""
        return self.passed / self.scored if self.scored else None

    def share(self, verdict: Verdict) -> float | None:
        """The share of a verdict among the answers with a score; None without any."""
        return self.verdicts[verdict] / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category of the rubric: the mean share of its points that was earned (0 to 1), and its faults."""

    id: str
    title: str
    earned: Mean | None
    faults: int
    answers: int


@dataclass(frozen=True, slots=True)
class FaultRow:
    """Faults of one severity or kind, the answers that have any, and the points they took together."""

    name: str
    faults: int
    answers: int
    cost: float


@dataclass(frozen=True, slots=True)
class Frequent:
    """One of the most frequent faults (a criterion of the rubric) with the example that cost most. `line` is 0 where it has none."""

    criterion: str
    kind: str
    faults: int
    answers: int
    title: str
    sample: str
    answer: str
    line: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. Answers without a score (unreadable, failed) are counted and have no part in a mean."""

    threshold: float
    total: Group
    models: tuple[Group, ...]
    dialects: tuple[Group, ...]
    categories: tuple[CategoryRow, ...]
    severities: tuple[FaultRow, ...]
    kinds: tuple[FaultRow, ...]
    frequent: tuple[Frequent, ...]


def summarise(answers: Iterable[Answer], threshold: float = THRESHOLD) -> Summary:
    """The summary of answers, the same in whatever order they come."""
    every = sorted(answers, key=lambda one: (one.sample, one.answer, one.score or 0.0))
    scored = [one for one in every if one.score is not None]
    return Summary(
        threshold,
        _group("all", every, threshold),
        _groups(every, lambda one: one.model, threshold),
        _groups(every, lambda one: one.dialect, threshold),
        _categories(scored),
        _fault_rows(every, lambda fault: fault.severity, [one.value for one in Severity]),
        _by_count(_fault_rows(every, lambda fault: fault.kind, [one.value for one in Kind])),
        _frequent(every),
    )


def _groups(answers: Sequence[Answer], name_of: Callable[[Answer], str], threshold: float) -> tuple[Group, ...]:
    grouped: defaultdict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        grouped[name_of(one)].append(one)
    return tuple(_group(name, grouped[name], threshold) for name in sorted(grouped))


def _group(name: str, answers: Sequence[Answer], threshold: float) -> Group:
    prompts: defaultdict[str, list[float]] = defaultdict(list)
    for one in answers:
        if one.score is not None:
            prompts[one.sample].append(one.score)
    passes = [(len(scores), sum(score >= threshold for score in scores)) for scores in prompts.values()]
    statuses = Counter(one.status for one in answers)
    verdicts = Counter(one.verdict for one in answers if one.score is not None)
    return Group(
        name,
        len(answers),
        len({one.sample for one in answers}),
        mean_of(prompts.values()),
        {status: statuses[status] for status in Status},
        {verdict: verdicts[verdict] for verdict in Verdict},
        sum(passed for _, passed in passes),
        pass_at(passes),
    )


def _categories(answers: Sequence[Answer]) -> tuple[CategoryRow, ...]:
    """Categories in the order of the rubric; those of several rubrics by where they stand first."""
    places: dict[str, tuple[int, str]] = {}
    earned: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    faults: Counter[str] = Counter()
    having: Counter[str] = Counter()
    for one in answers:
        for place, (name, title, points, got) in enumerate(one.categories):
            places[name] = min(places.get(name, (place, title)), (place, title))
            if points > 0:
                earned[name][one.sample].append(got / points)
        faults.update(fault.category for fault in one.faults)
        having.update({fault.category for fault in one.faults})
    return tuple(
        CategoryRow(name, places[name][1], mean_of(earned[name].values()), faults[name], having[name])
        for name in sorted(places, key=lambda name: (places[name], name))
    )


def _fault_rows(answers: Sequence[Answer], name_of: Callable[[BriefFault], str], order: Sequence[str]) -> tuple[FaultRow, ...]:
    costs: defaultdict[str, list[float]] = defaultdict(list)
    having: Counter[str] = Counter()
    for one in answers:
        for fault in one.faults:
            costs[name_of(fault)].append(fault.cost)
        having.update({name_of(fault) for fault in one.faults})
    return tuple(FaultRow(name, len(costs[name]), having[name], fsum(costs[name])) for name in order if name in costs)


def _by_count(rows: tuple[FaultRow, ...]) -> tuple[FaultRow, ...]:
    return tuple(sorted(rows, key=lambda row: -row.faults))


def _frequent(answers: Sequence[Answer]) -> tuple[Frequent, ...]:
    found: defaultdict[str, list[tuple[float, str, str, int, str, str]]] = defaultdict(list)
    for one in answers:
        for fault in one.faults:
            found[fault.criterion].append((-fault.cost, one.sample, one.answer, fault.line, fault.title, fault.kind))
    rows = []
    for criterion, faults in found.items():
        _, sample, answer, line, title, kind = min(faults)
        rows.append(Frequent(criterion, kind, len(faults), len({one[1:3] for one in faults}), title, sample, answer, line))
    return tuple(sorted(rows, key=lambda row: (-row.answers, -row.faults, row.criterion))[:MOST_FREQUENT])
