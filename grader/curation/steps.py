"""The named steps: what each drops, the value it takes, and the list that is used unless others are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.curation import checks, sets
from grader.model.kinds import Verdict
from grader.rubric.yaml_marks import nearest

if TYPE_CHECKING:
    from grader.curation.candidates import Candidate
    from grader.curation.pairs import Pair
    from grader.curation.sets import Sifted
    from grader.rubric import Rubric

DEFAULT = "default"
ALIKE = 0.8


class StepError(Exception):
    """A step cannot be used; the message is one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `alone` looks at a pair (and its value for training), `together` at all that are left; one of the two is given."""

    name: str
    title: str
    alone: Callable[[Pair, float | None], str] | None = None
    together: Callable[[Sequence[Candidate]], Sifted] | None = None
    valued: bool = False
    """Whether it needs the value, which costs as much as reading answer and ideal."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a step is made of the text after `=`, which is `usual` where it is left out."""

    about: str
    make: Callable[[str, Rubric], Step]
    usual: str = ""
    in_default: bool = True
    takes: str = ""


def step_names() -> tuple[str, ...]:
    """Every step, in the order of the funnel."""
    return tuple(_KINDS)


def describe_steps() -> list[tuple[str, str, str, bool]]:
    """(name, what its value means, what it drops, whether it is in the default list) of every step."""
    return [(name, f"{kind.takes} (usual: {kind.usual})" if kind.usual else kind.takes, kind.about, kind.in_default) for name, kind in _KINDS.items()]


def make_steps(named: Sequence[str], skipped: Sequence[str], rubric: Rubric) -> list[Step]:
    """The steps of a command in the order of the funnel: those named (`default` stands for the usual ones), without those skipped.

    Raises:
        StepError: a step that does not exist, or a value that it cannot take.
    """
    wanted: dict[str, str] = {}
    for text in named or (DEFAULT,):
        name, sign, value = text.partition("=")
        if name == DEFAULT and not sign:
            for usual, kind in _KINDS.items():
                if kind.in_default:
                    wanted.setdefault(usual, kind.usual)
            continue
        kind = _KINDS.get(name) or _unknown("--step", name)
        if sign and not kind.takes:
            message = f"--step {text}: `{name}` takes no value"
            raise StepError(message)
        if kind.takes and not (value or kind.usual):
            message = f"--step {text}: give `{name}={kind.takes}`"
            raise StepError(message)
        wanted[name] = value or kind.usual
    for name in skipped:
        if name not in _KINDS:
            _unknown("--skip", name)
        wanted.pop(name, None)
    return [_made(name, kind, wanted[name], rubric) for name, kind in _KINDS.items() if name in wanted]


def _made(name: str, kind: _Kind, value: str, rubric: Rubric) -> Step:
    try:
        return kind.make(value, rubric)
    except ValueError as error:
        message = f"--step {name}={value}: {error}; give {kind.takes}"
        raise StepError(message) from error


def _unknown(option: str, name: str) -> _Kind:
    message = f"{option} {name}: no such step{nearest(name, tuple(_KINDS))}"
    raise StepError(message)


def _range(value: str) -> tuple[float, float]:
    low, sign, high = value.partition(":")
    try:
        found = float(low or "-inf"), float(high or "inf")
    except ValueError as error:
        message = f"`{value}` is no range of numbers"
        raise ValueError(message) from error
    if not sign:
        found = (found[0], float("inf"))
    if not found[0] <= found[1]:
        message = "the range is empty"
        raise ValueError(message)
    return found


def _share(value: str) -> float:
    try:
        found = float(value)
    except ValueError as error:
        message = f"`{value}` is no number"
        raise ValueError(message) from error
    if not 0 <= found <= 1:
        message = "not between 0 and 1"
        raise ValueError(message)
    return found


def _alone(name: str, check: Callable[[Pair], str]) -> _Kind:
    about = (check.__doc__ or "").split("\n", 1)[0]
    return _Kind(about, lambda _value, _rubric: Step(name, about, alone=lambda pair, _worth: check(pair)))


def _equal(name: str, part: str, *, in_default: bool) -> _Kind:
    about = f"Pairs whose {'failure document' if part == 'failures' else part} another sample has word for word; the first stays."
    return _Kind(about, lambda _value, _rubric: Step(name, about, together=lambda left: sets.equal(left, part)), in_default=in_default)


def _alike(name: str, part: str) -> _Kind:
    about = f"Pairs whose {part} resembles that of an earlier pair (share of runs of five words, by MinHash); the first stays."

    def make(value: str, _rubric: Rubric) -> Step:
        least = _share(value)
        return Step(name, f"{about} From {least:g}.", together=lambda left: sets.alike(left, part, least))

    return _Kind(about, make, usual=f"{ALIKE:g}", takes="SHARE")


def _score(value: str, _rubric: Rubric) -> Step:
    low, high = _range(value)
    check = checks.within("score", low, high)
    return Step("score", f"Scores outside {low:g} to {high:g}.", alone=lambda pair, _worth: check(pair, pair.record.score))


def _value(value: str, _rubric: Rubric) -> Step:
    low, high = _range(value)
    return Step("value", f"Values for training outside {low:g} to {high:g}.", alone=checks.within("value", low, high), valued=True)


def _verdict(value: str, _rubric: Rubric) -> Step:
    wanted = frozenset(word.strip() for word in value.split(","))
    for word in sorted(wanted):
        if word not in [one.value for one in Verdict]:
            message = f"no verdict `{word}`{nearest(word, [one.value for one in Verdict])}"
            raise ValueError(message)
    check = checks.verdicts(wanted)
    return Step("verdict", f"Verdicts other than {', '.join(sorted(wanted))}.", alone=lambda pair, _worth: check(pair))


def _audit(value: str, rubric: Rubric) -> Step:
    most = _share(value)
    check = checks.audited(rubric, most)
    return Step("audit", f"Failure documents of which more than {most:.0%} is contradicted.", alone=lambda pair, _worth: check(pair))


def _leakage(_value: str, _rubric: Rubric) -> Step:
    return Step("leakage", "Pairs whose family stands in a held-out split too.", together=sets.leaks)


_KINDS: dict[str, _Kind] = {
    "unusable": _alone("unusable", checks.unusable),
    "non-text": _alone("non-text", checks.non_text),
    "no-prompt": _alone("no-prompt", checks.no_prompt),
    "placeholder": _alone("placeholder", checks.placeholder),
    "ideal-without-code": _alone("ideal-without-code", checks.ideal_without_code),
    "equal-to-ideal": _alone("equal-to-ideal", checks.equal_to_ideal),
    "truncated": _alone("truncated", checks.truncated),
    "dialect": _alone("dialect", checks.dialect),
    "suspect-ideal": _alone("suspect-ideal", checks.suspect_ideal),
    "verdict": _Kind("Verdicts other than those named.", _verdict, in_default=False, takes="VERDICT,..."),
    "score": _Kind("Scores outside a range.", _score, in_default=False, takes="LOW:HIGH"),
    "value": _Kind("Values for training outside a range.", _value, in_default=False, takes="LOW:HIGH"),
    "audit": _Kind(
        "Failure documents of which more than a share of the checkable claims is contradicted.", _audit, "0.5", in_default=False, takes="SHARE"
    ),
    "copied-failures": _equal("copied-failures", "failures", in_default=False),
    "prompt-duplicates": _equal("prompt-duplicates", "prompt", in_default=True),
    "near-duplicate-answers": _alike("near-duplicate-answers", "answer"),
    "near-duplicate-ideals": _alike("near-duplicate-ideals", "ideal"),
    "leakage": _Kind("Pairs whose family (alike in prompt, answer or ideal) stands in a held-out split too (`split` in the metadata).", _leakage),
}
