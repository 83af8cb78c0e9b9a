"""The folder of a run: `run.json` says what was asked and what came of it, `grades.jsonl` holds the records.

Records stand one a line in the order of the samples, without a clock, so that two runs of one version can be compared with `diff`.
A run that was stopped or killed holds the first records of the whole; reading it is no different.
"""

from __future__ import annotations

from grader.store.grades import GRADES, read_grades
from grader.store.runs import RUN, Asked, Counts, Run, RunError, State, read_run

__all__ = ["GRADES", "RUN", "Asked", "Counts", "Run", "RunError", "State", "read_grades", "read_run"]
