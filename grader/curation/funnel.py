"""The funnel: pairs go in, each step and rule drops some and says why, and what is left comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.curation.candidates import Candidate
from grader.curation.pairs import same_text
from grader.curation.quality import value_of
from grader.curation.resemblance import sketch
from grader.curation.rules import NOTHING, RuleError, context_of

if TYPE_CHECKING:
    from grader.curation.pairs import Pair
    from grader.curation.quality import Quality
    from grader.curation.rules import Rule
    from grader.curation.sets import Cluster
    from grader.curation.steps import Step

FORMS = ("sft", "preference", "reward", "labels")
NEEDS = {"sft": ("prompt", "ideal"), "preference": ("prompt", "answer", "ideal"), "reward": ("prompt", "answer"), "labels": ("answer",)}
"""The texts that a row of each format is made of."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step as it went: how many came in, how many it dropped, and how many for each reason."""

    name: str
    title: str
    entered: int
    dropped: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sieved:
    """What came of a run: the stages, who was dropped where and why (by place), what is left, and the clusters."""

    stages: tuple[Stage, ...]
    dropped: Mapping[int, tuple[str, str]]
    left: tuple[Candidate, ...]
    everyone: tuple[Candidate, ...]
    clusters: tuple[Cluster, ...]


def sieve(pairs: Iterable[Pair], steps: Sequence[Step], rules: Sequence[Rule], quality: Quality, form: str) -> Sieved:
    """Read the pairs once, holding no text, and take them through the steps: those on a pair alone, the rules, those on all that are left.

    Raises:
        RuleError: a rule gives no truth value, or can be evaluated for no pair.
    """
    everyone = [_candidate(place, pair, steps, rules, quality) for place, pair in enumerate(pairs)]
    stages: list[Stage] = []
    dropped: dict[int, tuple[str, str]] = {}
    clusters: list[Cluster] = []
    left = everyone
    for name, title, step in _order(steps, rules):
        if step is not None and step.together is not None:
            sifted = step.together(left)
            gone = dict(sifted.dropped)
            clusters += sifted.clusters
        else:
            gone = {one.place: one.dropped[name] for one in left if name in one.dropped}
        stages.append(Stage(name, title, len(left), len(gone), dict(sorted(Counter(gone.values()).items(), key=lambda item: (-item[1], item[0])))))
        dropped |= {place: (name, why) for place, why in gone.items()}
        if step is None and gone and len(gone) == len(left) and all(why.startswith(NOTHING) for why in gone.values()):
            raise RuleError(f"--rule {title}: column 1: it can be evaluated for none of {len(left)} pairs: {next(iter(gone.values()))}")  # noqa: EM102, TRY003 - one use
        left = [one for one in left if one.place not in gone]
    gone = _unfit(left, form)
    stages.append(Stage("export", f"Pairs that make no row of their own in the format {form}.", len(left), len(gone), dict(Counter(gone.values()))))
    dropped |= {place: ("export", why) for place, why in gone.items()}
    left = [one for one in left if one.place not in gone]
    return Sieved(tuple(stages), dropped, tuple(left), tuple(everyone), tuple(clusters))


def _value(one: Candidate, pair: Pair, quality: Quality) -> None:
    worth = None if one.parts else value_of(pair, quality)
    if worth is not None:
        one.value, one.parts = worth.value, worth.parts


def _unfit(left: Sequence[Candidate], form: str) -> dict[int, str]:
    """Pairs without a part that the format needs, and (for sft) those whose prompt and ideal stand in a row already."""
    gone: dict[int, str] = {}
    rows: set[tuple[str, str]] = set()
    for one in left:
        lacking = next((part for part in NEEDS[form] if part not in one.digests), "")
        if lacking:
            gone[one.place] = f"no {lacking}"
        elif form == "sft" and (row := (one.digests["prompt"], one.digests["ideal"])) in rows:
            gone[one.place] = "its prompt and ideal are a row already"
        elif form == "sft":
            rows.add(row)
        elif one.score is None:
            gone[one.place] = "no score"
    return gone


def _order(steps: Sequence[Step], rules: Sequence[Rule]) -> list[tuple[str, str, Step | None]]:
    alone = [(one.name, one.title, one) for one in steps if one.alone is not None]
    chosen: list[tuple[str, str, Step | None]] = [(f"rule {number}", rule.text, None) for number, rule in enumerate(rules, 1)]
    return [*alone, *chosen, *((one.name, one.title, one) for one in steps if one.together is not None)]


def _candidate(place: int, pair: Pair, steps: Sequence[Step], rules: Sequence[Rule], quality: Quality) -> Candidate:
    """The candidate of a pair. The first check that drops it ends its way: no later one is asked."""
    record = pair.record
    one = Candidate(
        place=place,
        sample=record.sample,
        answer=record.answer,
        dialect=record.dialect,
        verdict=record.verdict.value if record.verdict else "",
        score=record.score,
        value=None,
        split=str(pair.metadata.get("split") or "").strip().lower(),
    )
    for step in steps:
        if step.valued:
            _value(one, pair, quality)
        if step.alone is not None and (why := step.alone(pair, one.value)):
            one.dropped[step.name] = why
            return one
    _value(one, pair, quality)
    context = context_of(pair, one.value) if rules else {}
    for number, rule in enumerate(rules, 1):
        if why := rule(context):
            one.dropped[f"rule {number}"] = why
            return one
    texts = {"prompt": pair.prompt, "answer": pair.answer, "ideal": pair.ideal}
    one.digests = {part: same_text(text) for part, text in texts.items() if text.strip()}
    if len(pair.failures.split()) >= 30:
        one.digests["failures"] = same_text(pair.failures)
    one.sketches = {part: sketch(text) for part, text in texts.items()}
    return one
