"""Runs over thousands of answers: inputs of several forms, worker processes or a cluster, and a folder that survives being killed."""

from __future__ import annotations

from grader.batch.folders import Names
from grader.batch.inputs import InputError, Inputs
from grader.batch.local import Limits
from grader.batch.rows import MapError, read_map
from grader.batch.runs import Batch, Outcome, run_batch

__all__ = ["Batch", "InputError", "Inputs", "Limits", "MapError", "Names", "Outcome", "read_map", "run_batch"]
