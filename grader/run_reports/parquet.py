"""A Parquet file: one row a fault, and one for an answer without faults. Needs the extra `[parquet]`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from grader.run_reports import RunReportError
from grader.run_reports._rows import COLUMNS, Cell, rows

if TYPE_CHECKING:
    from grader.results.records import Record
    from grader.store import Run

FORMAT = "parquet"
BINARY = True
_ROWS = 10_000


def write(run: Run, records: Iterable[Record], out: BinaryIO) -> None:
    """Write the rows in groups of some thousands; the version, the rubric and the state of the run stand in the file's metadata.

    Raises:
        RunReportError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - likewise
    except ImportError as error:
        message = "--format parquet needs pyarrow; install it with `pip install 'iac-grader[parquet]'`, or take --format csv"
        raise RunReportError(message) from error
    types = {str: pa.string(), int: pa.int32(), float: pa.float64()}
    about = {"grader": run.version, "rubric": f"{run.rubric.name} {run.rubric.version} {run.rubric.digest}", "state": run.state.value}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()], metadata=about)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        held: list[dict[str, Cell]] = []
        for record in records:
            held += rows(record)
            if len(held) >= _ROWS:
                writer.write_table(pa.Table.from_pylist(held, schema=schema))
                held = []
        if held:
            writer.write_table(pa.Table.from_pylist(held, schema=schema))
