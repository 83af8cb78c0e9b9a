"""The result record, format 1: the published form of a grade.

A field is only ever added. There is no clock time and no path of a machine in a record: two runs of one version on the same input
are byte for byte the same.
"""

from __future__ import annotations

from grader.results.building import failed_record, record_of, unreadable_record
from grader.results.records import Record, record_schema

__all__ = ["Record", "failed_record", "record_of", "record_schema", "unreadable_record"]
