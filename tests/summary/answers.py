"""Answers in brief for tests of summaries and comparisons, by hand and by hypothesis."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from grader.model.kinds import Severity, Status, Verdict
from grader.summary import Answer
from grader.summary.answers import BriefFault

KINDS = ("missing-asset", "cost", "missing-tags")


def fault(kind: str = "cost", *entities: str, severity: str = "low", cost: float = 2.0, title: str = "It costs much") -> BriefFault:
    """A fault in brief."""
    return BriefFault(kind, kind, "design", severity, title, entities, cost, 3)


def answer(
    sample: str, score: float | None, *faults: BriefFault, model: str = "", name: str = "MODEL_RESPONSE.md", dialect: str = "cdk-ts"
) -> Answer:
    """An answer in brief; without a score it has failed."""
    status = Status.FAILED if score is None else Status.GRADED
    verdict = None if score is None else Verdict.DEVIATES if faults else Verdict.ACCEPTABLE
    categories: Sequence[tuple[str, str, float, float]] = () if score is None else (("design", "Design", 10.0, score / 10),)
    return Answer(sample, name, model, dialect, status, score, verdict, tuple(categories), faults)


faults = st.builds(
    lambda kind, entities, severity, cost: fault(kind, *entities, severity=severity, cost=cost, title=f"{kind} of {entities}"),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from("abcde"), max_size=4, unique=True),
    st.sampled_from([one.value for one in Severity]),
    st.sampled_from([0.0, 1.0, 2.5, 12.0]),
)
answers = st.builds(
    lambda sample, score, found, model, number, dialect: answer(sample, score, *found, model=model, name=f"{model}{number}.md", dialect=dialect),
    st.sampled_from(["p1", "p2", "p3", "p4", "p5"]),
    st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10),
    st.lists(faults, max_size=5),
    st.sampled_from(["", "small", "large"]),
    st.integers(1, 3),
    st.sampled_from(["cdk-ts", "tf-hcl"]),
)
runs = st.lists(answers, max_size=15)
