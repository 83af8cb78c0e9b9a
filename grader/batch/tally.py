"""What a run has come to so far, counted record by record."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from grader.model.kinds import Severity, Status, Verdict
from grader.store import Counts


@dataclass(slots=True)
class Tally:
    """Counts over the records written. `examples` holds the first record of each status that asks for attention: (place, reason)."""

    statuses: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    worst: Severity | None = None
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)
    from_cache: int = 0
    kept: int = 0
    _score: float = 0.0
    _scored: int = 0

    def add(self, line: bytes, *, cached: bool = False, kept: bool = False) -> str:
        """Count a record; its status."""
        record = json.loads(line)
        status: str = record["status"]
        self.statuses[status] += 1
        self.from_cache += cached
        self.kept += kept
        if record["verdict"] is not None:
            self.verdicts[record["verdict"]] += 1
        if record["score"] is not None:
            self._score += record["score"]
            self._scored += 1
        for fault in record["faults"]:
            severity = Severity(fault["severity"])
            if self.worst is None or severity.rank < self.worst.rank:
                self.worst = severity
        if status in {Status.UNREADABLE, Status.FAILED} and status not in self.examples:
            reason = record["notes"][0]["text"].strip().splitlines()[-1] if record["notes"] else ""
            self.examples[status] = (record["sample"], reason)
        return status

    @property
    def records(self) -> int:
        """Records in all."""
        return self.statuses.total()

    @property
    def mean(self) -> float | None:
        """The mean score of the answers that have one."""
        return self._score / self._scored if self._scored else None

    def counts(self) -> Counts:
        """The counts as `run.json` holds them."""
        return Counts(
            records=self.records,
            statuses={status: self.statuses[status] for status in Status},
            verdicts={verdict: self.verdicts[verdict] for verdict in Verdict},
            from_cache=self.from_cache,
            kept=self.kept,
        )
