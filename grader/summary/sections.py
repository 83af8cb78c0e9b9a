"""Summaries and comparisons as sections: a title, columns and rows of text, for a terminal or Markdown alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.model.kinds import Status, Verdict
from grader.summary.answers import Answer, BriefFault
from grader.summary.calibrating import Calibration, Lift
from grader.summary.comparing import Change, Comparison
from grader.summary.intervals import Mean
from grader.summary.passing import PassAt
from grader.summary.summarising import FaultRow, Group, Summary

MOST_CHANGES, MOST_NAMED = 20, 10
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what is said after it. Columns whose name begins with `>` hold numbers. No rows: only the lines."""

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()


def summary_sections(summary: Summary) -> list[Section]:
    """The sections of a summary; those that would be empty or repeat another are left out."""
    passing = f">pass {summary.threshold:g}+"
    groups = (">answers", ">mean score", ">95% interval", passing, *(f">{verdict.replace('-', ' ')}" for verdict in Verdict))
    found = [Section("Run", ("", *groups), (_group_row(summary.total, "all"),), _without_score(summary.total))]
    if [group.name for group in summary.models] not in ([""], []):
        found.append(Section("By model", ("model", *groups), tuple(_group_row(one, "(not named)") for one in summary.models)))
    found.append(Section("By dialect", ("dialect", *groups), tuple(_group_row(one, "(none)") for one in summary.dialects)))
    found += _pass_sections(summary)
    categories = tuple(
        (one.title, _share(one.earned), _interval(one.earned, 100), f"{one.faults:,}", f"{one.answers:,}") for one in summary.categories
    )
    found.append(Section("By category", ("category", ">points earned", ">95% interval", ">faults", ">answers"), categories))
    faults = (">faults", ">answers with any", ">points each")
    found.append(Section("By severity", ("severity", *faults), tuple(map(_fault_row, summary.severities))))
    found.append(Section("By kind", ("kind", *faults), tuple(map(_fault_row, summary.kinds))))
    frequent = tuple(
        (f"{one.faults:,}", f"{one.answers:,}", one.criterion, one.title, _place(one.sample, one.answer, one.line)) for one in summary.frequent
    )
    found.append(Section("Most frequent faults", (">faults", ">answers", "criterion", "example", "where"), frequent))
    return [one for one in found if one.rows]


def _without_score(group: Group) -> tuple[str, ...]:
    without = [f"{group.statuses[status]:,} {status}" for status in (Status.UNREADABLE, Status.FAILED) if group.statuses[status]]
    return (f"Without a score, and in no mean: {', '.join(without)}",) if without else ()


def _pass_sections(summary: Summary) -> list[Section]:
    """pass@k of each model that answered a prompt several times; where none did, over all answers to a prompt, whoever wrote them."""
    groups: list[tuple[str, tuple[PassAt, ...]]] = [(one.name or "(not named)", one.pass_at) for one in summary.models if one.pass_at]
    groups = groups or ([("all", summary.total.pass_at)] if summary.total.pass_at else [])
    if not groups:
        return []
    steps = sorted({one.k for _, found in groups for one in found})
    rows = tuple((name, *(_pass_cell(found, k) for k in steps)) for name, found in groups)
    return [Section("Chance that one of k answers passes", ("model", *(f">pass@{k}" for k in steps)), rows)]


def _pass_cell(found: Sequence[PassAt], k: int) -> str:
    return next((f"{one.share * 100:.1f}% ({one.prompts:,})" for one in found if one.k == k), _NONE)


def _group_row(group: Group, unnamed: str) -> tuple[str, ...]:
    shares = [group.share(verdict) for verdict in Verdict]
    return (
        group.name or unnamed,
        f"{group.answers:,}",
        _number(group.score.value if group.score is not None else None),
        _interval(group.score),
        _percent(group.pass_rate),
        *map(_percent, shares),
    )


def _fault_row(row: FaultRow) -> tuple[str, ...]:
    return row.name, f"{row.faults:,}", f"{row.answers:,}", f"{row.cost / row.faults:.1f}"


def comparison_sections(comparison: Comparison) -> list[Section]:
    """The sections of a comparison; those that would be empty are left out."""
    changes = comparison.changes
    shown = _extremes(changes)
    found = [
        _outcome(comparison),
        Section("Faults by kind", ("kind", ">gained", ">lost"), tuple((one.kind, f"{one.gained:,}", f"{one.lost:,}") for one in comparison.kinds)),
        Section(
            "Grades that moved",
            ("prompt", ">A", ">B", ">B - A", "why"),
            tuple(map(_change_row, shown)),
            (f"{len(changes) - len(shown):,} more; `--format json` lists all",) if len(changes) > len(shown) else (),
        ),
    ]
    found += [_only(name, answers) for name, answers in (("A", comparison.only_a), ("B", comparison.only_b)) if answers]
    return [one for one in found if one.rows or one.lines]


def calibration_sections(found: Calibration) -> list[Section]:
    """The lift of detectors and criteria; what never fired is told in one line."""
    columns = (">in the run", f">of {found.answers:,} answers alone", f">of {found.ideals:,} ideals alone", ">lift", ">95% interval", "verdict")
    parts = (
        ("Detectors", "detector", found.detectors),
        ("Criteria of the rubric", "criterion", found.criteria),
    )
    return [
        Section(
            title,
            (name, *columns),
            tuple(_lift_row(one) for one in rows if one.verdict != "silent"),
            _silent(rows),
        )
        for title, name, rows in parts
    ]


def _silent(rows: Sequence[Lift]) -> tuple[str, ...]:
    silent = [one.name for one in rows if one.verdict == "silent"]
    return (f"Never fired: {', '.join(silent)}",) if silent else ()


def _lift_row(one: Lift) -> tuple[str, ...]:
    def share(count: int, of: int) -> str:
        return f"{count:,} ({count / of:.1%})" if of else _NONE

    if one.ratio is None or one.low is None or one.high is None:
        return one.name, f"{one.compared:,}", _NONE, _NONE, _NONE, _NONE, one.verdict
    alone = share(one.answers, one.answers_of), share(one.ideals, one.ideals_of)
    return one.name, f"{one.compared:,}", *alone, f"{one.ratio:.2f}", f"{one.low:.2f} to {one.high:.2f}", one.verdict


def _outcome(comparison: Comparison) -> Section:
    lines = [f"{comparison.pairs:,} pairs: B wins {comparison.wins:,}, ties {comparison.ties:,}, loses {comparison.losses:,}"]
    if comparison.difference is not None:
        mean = comparison.difference
        span = f", 95% interval {mean.low:+.2f} to {mean.high:+.2f}" if mean.prompts > 1 else ""
        sure = (
            "B is better"
            if mean.low > 0
            else "B is worse"
            if mean.high < 0
            else "no difference that is more than chance"
            if mean.value
            else "no difference"
        )
        lines += [
            f"Mean score: A {_number(comparison.mean_a)}, B {_number(comparison.mean_b)}",
            f"Difference: {mean.value:+.2f}{span}: {sure}",
        ]
    lines += [
        f"Without a score: {count:,} in {name}, and their pairs are in no mean"
        for name, count in (("A", comparison.unscored_a), ("B", comparison.unscored_b))
        if count
    ]
    return Section("A and B", lines=tuple(lines))


def _extremes(changes: Sequence[Change]) -> list[Change]:
    """The first and the last of a long list: the greatest losses and the greatest wins."""
    half = MOST_CHANGES // 2
    return list(changes) if len(changes) <= MOST_CHANGES else [*changes[:half], *changes[-half:]]


def _change_row(change: Change) -> tuple[str, ...]:
    before, after = change.before, change.after
    moved = change.moved
    why = [f"+ {_fault(fault)}" for fault in moved.gained] + [f"- {_fault(fault)}" for fault in moved.lost]
    why += [f"~ {_fault(old)}: {old.severity} {old.cost:g} to {new.severity} {new.cost:g}" for old, new in moved.repriced]
    if before.status != after.status:
        why.insert(0, f"{before.status} to {after.status}")
    said = [*why[:MOST_NAMED], f"{len(why) - MOST_NAMED} more"] if len(why) > MOST_NAMED else why
    names = before.sample if before.answer == after.answer else f"{before.sample} ({before.answer}, {after.answer})"
    difference = f"{change.difference:+.1f}" if change.difference is not None else _NONE
    return names, _number(before.score), _number(after.score), difference, "\n".join(said)


def _fault(fault: BriefFault) -> str:
    return f"{fault.kind}: {fault.title}"


def _only(name: str, answers: Sequence[Answer]) -> Section:
    named = [f"{one.sample} ({one.answer})" for one in answers[:MOST_NAMED]]
    more = [f"{len(answers) - MOST_NAMED:,} more; `--format json` lists all"] if len(answers) > MOST_NAMED else []
    return Section(f"Only in {name}: {len(answers):,}", lines=tuple(named + more))


def _place(sample: str, answer: str, line: int) -> str:
    return f"{sample}, {answer}{f':{line}' if line else ''}"


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return _NONE if share is None else f"{share * 100:.1f}%"


def _share(mean: Mean | None) -> str:
    return _percent(mean.value if mean is not None else None)


def _interval(mean: Mean | None, scale: int = 1) -> str:
    return _NONE if mean is None or mean.prompts < 2 else f"{mean.low * scale:.1f}-{mean.high * scale:.1f}"
