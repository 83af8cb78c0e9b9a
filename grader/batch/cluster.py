"""Grading on a Ray cluster: samples go out as Parquet shards, Ray Data grades them, and the records come back in the order of the samples.

The folder of the run must lie where every node sees it, and every node must have this version of grader: a node with another is refused.
What an attempt that was killed had graded is kept.
"""

from __future__ import annotations

import heapq
import logging
import os
import pickle
import shutil
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from grader.batch.local import Limits, Work, Workers, grade_with
from grader.batch.tasks import Task, code_digest
from grader.loader import Sample
from grader.model.kinds import Status
from grader.store import RunError

if TYPE_CHECKING:
    from grader.rubric import Rubric

PLACE = ".cluster"
SHARD_ROWS = 32
SHARD_BYTES = 32 * 1024 * 1024
_ASKED = pa.schema([("index", pa.int64()), ("content", pa.binary()), ("name", pa.string()), ("sample", pa.binary())])
_GRADED = pa.schema(
    [("index", pa.int64()), ("content", pa.binary()), ("name", pa.string()), ("line", pa.binary()), ("cached", pa.bool_()), ("kept", pa.bool_())]
)
_POLL = 0.5
_NEAR = 4096
"""Rows beyond the next one that are read already."""


class GradeShard:
    """Grades a batch of rows on a node; each actor of Ray makes one, with a worker process of its own under the limits."""

    def __init__(self, rubric: Rubric, limits: Limits, work: Work, code: str) -> None:
        if code_digest() != code:
            message = "this node has another version of grader than the run; install the same one on every node"
            raise RuntimeError(message)
        self._workers = Workers(rubric, Limits(1, limits.seconds, limits.megabytes), work)

    def __call__(self, rows: pa.Table) -> pa.Table:
        """The graded rows of a batch."""
        tasks = [Task(pickle.loads(row["sample"]), row["content"]) for row in rows.to_pylist()]  # noqa: S301 - this run wrote it
        done = grade_with(self._workers, iter(tasks), stopping=lambda: False, finished=lambda _task: None)
        graded = [_row(index, task) for index, task in zip(rows["index"].to_pylist(), (one for one in done if one is not None), strict=True)]
        return pa.Table.from_pylist(graded, schema=_GRADED)


def grade_on_cluster(
    tasks: Iterator[Task],
    rubric: Rubric,
    limits: Limits,
    *,
    folder: Path,
    stopping: Callable[[], bool],
    finished: Callable[[Task], None],
    work: Work,
) -> Generator[Task | None, None, None]:
    """The tasks in their order, each with its line; None while the cluster is at work. See `local.grade_all`.

    Raises:
        RunError: Ray cannot be reached, or it ended without all records; the run can be resumed.
    """
    place = folder.absolute() / PLACE
    shutil.rmtree(place, ignore_errors=True)
    for name in ("asked", "graded"):
        (place / name).mkdir(parents=True)
    asked, count = _write_shards(tasks, place)
    merge = _Merge(place / "graded")
    failure: list[Exception] = []
    thread = threading.Thread(target=_drive, args=(place, asked, (rubric, limits, work), failure), daemon=True)
    if asked:
        thread.start()
    while not stopping():
        working = thread.is_alive()
        for task in merge.ready():
            finished(task)
            yield task
        if not working:
            break
        thread.join(_POLL)
        yield None
    if failure:
        message = f"--engine ray: {_one_line(failure[0])}; what was graded is kept: run the same command with --resume"
        raise RunError(message) from failure[0]
    if stopping():
        return
    if merge.given != count:
        message = f"--engine ray: {count - merge.given} of {count} records did not come back; run the same command with --resume"
        raise RunError(message)
    shutil.rmtree(place, ignore_errors=True)


def rescued(folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """(digest, line) of each record that an attempt on a cluster had graded and not yet written down."""
    for path in sorted((folder / PLACE / "graded").glob("*.parquet")):
        with suppress(OSError, pa.ArrowInvalid):  # a shard that was being written
            for row in _rows(path):
                task = _task(row)
                if task.line is not None and f'"status":"{Status.FAILED}"'.encode() not in task.line:
                    yield task.key, task.line


def _write_shards(tasks: Iterator[Task], place: Path) -> tuple[int, int]:
    """Write the tasks to shards, those with a line straight to the graded ones; (shards to grade, tasks in all)."""
    shards = count = 0
    rows: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    size = 0
    for count, task in enumerate(tasks, 1):
        if task.line is not None:
            known.append(_row(count - 1, task))
        else:
            data = pickle.dumps(task.sample)
            rows.append({"index": count - 1, "content": task.content, "name": task.sample.name, "sample": data})
            size += len(data)
        if len(rows) >= SHARD_ROWS or size >= SHARD_BYTES:
            shards = _shard(place / "asked", shards, rows, _ASKED)
            rows, size = [], 0
        if len(known) >= SHARD_ROWS:
            _shard(place / "graded", count, known, _GRADED)
            known = []
    _shard(place / "graded", count, known, _GRADED)
    return _shard(place / "asked", shards, rows, _ASKED), count


def _shard(folder: Path, number: int, rows: list[dict[str, Any]], schema: pa.Schema) -> int:
    if not rows:
        return number
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"shard-{number:09}.parquet", compression="zstd")
    return number + 1


def _drive(place: Path, shards: int, asked: tuple[Rubric, Limits, Work], failure: list[Exception]) -> None:
    """Have Ray grade the shards; an error is left in `failure`."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
    import ray  # noqa: PLC0415 - an extra that takes seconds to load
    import ray.data  # noqa: PLC0415 - likewise

    try:
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # its news are not for standard error; it keeps its own log
        own = not ray.is_initialized()
        if own:
            ray.init(log_to_driver=False, logging_level="CRITICAL")
        try:
            ray.data.DataContext.get_current().enable_progress_bars = False
            cores = int(ray.cluster_resources().get("CPU", 1))
            rows = ray.data.read_parquet(str(place / "asked"), override_num_blocks=shards, num_cpus=0.25)
            graded = rows.map_batches(
                GradeShard,
                fn_constructor_args=(*asked, code_digest()),
                batch_size=None,
                batch_format="pyarrow",
                num_cpus=1,
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, min(cores - 1, shards))),
            )
            graded.write_parquet(str(place / "graded"), ray_remote_args={"num_cpus": 0.25})
        finally:
            if own:
                ray.shutdown()
    except Exception as error:  # noqa: BLE001 - whatever Ray raises ends the attempt with one line
        failure.append(error)


class _Merge:
    """The graded rows in the order of their index, each once, as their shards come; `given` counts them.

    In memory are only the shards that are near to the next row.
    """

    def __init__(self, folder: Path) -> None:
        self.given = 0
        self._folder = folder
        self._known: set[Path] = set()
        self._shards: list[tuple[int, str]] = []
        self._rows: dict[int, dict[str, Any]] = {}

    def ready(self) -> Iterator[Task]:
        """The rows that follow the last one given, as far as they are there."""
        for path in set(self._folder.glob("*.parquet")) - self._known:
            with suppress(OSError, pa.ArrowInvalid):  # it is being written: the next look finds it whole
                heapq.heappush(self._shards, (min(pq.read_table(path, columns=["index"])["index"].to_pylist()), str(path)))
                self._known.add(path)
        while self._shards and self._shards[0][0] <= self.given + _NEAR:
            _, name = heapq.heappop(self._shards)
            self._rows |= {row["index"]: row for row in _rows(Path(name)) if row["index"] >= self.given}
            while self.given in self._rows:
                self.given += 1
                yield _task(self._rows.pop(self.given - 1))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path, schema=_GRADED).to_pylist()
    return iter(rows)


def _row(index: int, task: Task) -> dict[str, Any]:
    return {"index": index, "content": task.content, "name": task.sample.name, "line": task.line, "cached": task.cached, "kept": task.kept}


def _task(row: dict[str, Any]) -> Task:
    return Task(Sample(row["name"], None), row["content"], row["line"], cached=row["cached"], kept=row["kept"])


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1] if lines else ''}"[:400]
