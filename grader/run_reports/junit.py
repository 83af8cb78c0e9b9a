"""JUnit's XML: a suite a dialect, a case an answer; a case fails by its critical and high faults, and is an error where it was not graded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from grader.model.kinds import Severity, Status
from grader.reporters._words import STATUSES, VERDICTS, lines_of, merged, number, visible

if TYPE_CHECKING:
    from grader.results.records import Record
    from grader.store import Run

FORMAT = "junit"
BINARY = False
_FAILS = Severity.HIGH


def write(run: Run, records: Iterable[Record], out: BinaryIO) -> None:
    """Write the suites in the order of the dialects' names, cases in the order of the run."""
    del run
    suites: dict[str, list[str]] = {}
    counts: dict[str, list[int]] = {}
    for record in records:
        name = record.dialect or "none"
        case, failed, broken = _case(record)
        suites.setdefault(name, []).append(case)
        count = counts.setdefault(name, [0, 0, 0])
        count[0] += 1
        count[1] += failed
        count[2] += broken
    total = [sum(one[at] for one in counts.values()) for at in range(3)]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="grader" {_counted(total)}>']
    for name in sorted(suites):
        lines += [f"  <testsuite name={_attribute(name)} {_counted(counts[name])}>", *suites[name], "  </testsuite>"]
    out.write("\n".join([*lines, "</testsuites>", ""]).encode("utf-8", "xmlcharrefreplace"))


def _counted(count: list[int]) -> str:
    return f'tests="{count[0]}" failures="{count[1]}" errors="{count[2]}"'


def _case(record: Record) -> tuple[str, bool, bool]:
    head = f"    <testcase classname={_attribute(record.sample)} name={_attribute(record.answer or record.sample)}"
    if record.status in {Status.UNREADABLE, Status.FAILED}:
        why = record.notes[0].text.strip().splitlines()[-1:] if record.notes else []
        return f"{head}>\n      <error message={_attribute(' '.join([STATUSES[record.status], *why]))}/>\n    </testcase>", False, True
    worst = [fault for fault in record.faults if fault.severity.rank <= _FAILS.rank]
    if not worst:
        return f"{head}/>", False, False
    verdict = VERDICTS[record.verdict] if record.verdict is not None else STATUSES[record.status]
    text = "\n".join(
        f"{fault.number}. {fault.severity}: {fault.title} ({lines_of(merged(fault.locations), 8) if fault.locations else record.answer})\n   {fault.problem}"
        for fault in worst
    )
    message = f"{verdict}, {number(record.score)} of 100: {worst[0].title}"
    return (
        f"{head}>\n      <failure type={_attribute(worst[0].kind)} message={_attribute(message)}>{escape(visible(text))}</failure>\n    </testcase>",
        True,
        False,
    )


def _attribute(text: str) -> str:
    return quoteattr(" ".join(visible(text).split()))
