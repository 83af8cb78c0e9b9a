"""What a person sees while a run is at work: a bar on a terminal, a line every few seconds elsewhere, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from grader.batch.tally import Tally
from grader.model.kinds import Status, Verdict

LINE_SECONDS = 5.0
_STYLES = {Verdict.DOES_NOT_BUILD: "red", Verdict.DOES_NOT_DEPLOY: "magenta", Verdict.DEVIATES: "yellow", Verdict.ACCEPTABLE: "green"}
_ATTENTION = {Status.NO_CODE: "of them no-code", Status.UNREADABLE: "unreadable", Status.FAILED: "failed"}
"""Answers without code have a verdict and are counted with it; the others have none."""


Progress = Callable[[Tally, int | None], None]
"""Told how far a run is, and how many answers there are where that is known; called often."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """The progress that fits standard error."""
    if quiet:
        yield lambda _tally, _total: None
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield _Lines()


class _Lines:
    def __init__(self) -> None:
        self.start = self.last = monotonic()
        self.first: int | None = None

    def __call__(self, tally: Tally, total: int | None) -> None:
        if self.first is None:
            self.first = tally.records
        now = monotonic()
        if now - self.last < LINE_SECONDS:
            return
        self.last = now
        rate = (tally.records - self.first) / (now - self.start)
        of = f"/{total:,}" if total is not None else ""
        left = f", {timedelta(seconds=round((total - tally.records) / rate))} left" if total is not None and rate > 0 else ""
        sys.stderr.write(f"{tally.records:,}{of} answers, {rate:.1f} a second{left}; {in_words(tally)}\n")
        sys.stderr.flush()


def _bar() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        MofNCompleteColumn(),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("<"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[found]}"),
    )
    start = monotonic()
    first: list[int] = []
    with Bar(*columns, console=Console(stderr=True), expand=True, refresh_per_second=5) as bar:
        task = bar.add_task("", total=None, rate="", found="")

        def show(tally: Tally, total: int | None) -> None:
            if not first:
                first.append(tally.records)
            rate = f"{(tally.records - first[0]) / max(monotonic() - start, 0.1):.0f}/s"
            bar.update(task, completed=tally.records, total=total, rate=rate, found=in_words(tally, styled=True))

        yield show


def in_words(tally: Tally, *, styled: bool = False) -> str:
    """The counts by verdict, and by status where a status asks for attention."""
    pieces = [(f"{tally.verdicts[verdict]:,} {verdict}", _STYLES[verdict]) for verdict in Verdict if tally.verdicts[verdict]]
    pieces += [(f"{tally.statuses[status]:,} {said}", "bold red") for status, said in _ATTENTION.items() if tally.statuses[status]]
    return " · ".join(f"[{style}]{text}[/]" if styled else text for text, style in pieces) or "none graded yet"
