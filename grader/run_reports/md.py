"""One Markdown table over the run: a line a fault, worst first within each sample, after a line a sample."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from grader.reporters._markdown import cell
from grader.reporters._words import STATUSES, VERDICTS, category_title, counted, lines_of, merged, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.results.records import Record
    from grader.store import Run

FORMAT = "md"
BINARY = False


def write(run: Run, records: Iterable[Record], out: BinaryIO) -> None:
    """Write the table; records are passed over once, and the samples' own lines stand with their faults."""
    del run
    out.writelines(f"{line}\n".encode("utf-8", "replace") for line in _lines(records))


def _lines(records: Iterable[Record]) -> Iterator[str]:
    yield "# Failures of the run"
    yield ""
    yield "| Sample | Fault | Category | Severity | Lines | Impact |"
    yield "| ------ | ----- | -------- | -------- | ----- | ------ |"
    total = faults = 0
    for record in records:
        total += 1
        faults += len(record.faults)
        if record.verdict is not None and record.status == "graded":
            said = f"{number(record.score)} of 100, {VERDICTS[record.verdict]}, {counted(len(record.faults), 'fault')}"
        else:
            said = STATUSES[record.status]
        yield f"| **{cell(record.sample)}** ({cell(record.answer)}) | {said} | | | | |"
        for fault in record.faults:
            where = lines_of(merged(one for one in fault.locations if one.side == "answer"), 4).partition(" ")[2] if fault.locations else ""
            first = fault.impact[0] if fault.impact else ""
            yield (
                f"| {cell(record.sample)} | {fault.number}. {cell(fault.title)} | {cell(category_title(record, fault.category))} "
                f"| **{fault.severity.upper()}** | {where} | {cell(first)} |"
            )
    yield ""
    yield f"{counted(total, 'answer')}, {counted(faults, 'fault')}."
