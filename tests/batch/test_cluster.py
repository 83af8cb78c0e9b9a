"""The engine for clusters, on a real one of several Ray nodes on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.batch import Batch, run_batch
from grader.model.kinds import Status
from grader.store import State, read_grades, read_run
from tests.batch.answers import batch, write_samples

pytestmark = [pytest.mark.ray, pytest.mark.filterwarnings("ignore")]  # Ray warns of its own parts
ray = pytest.importorskip("ray")


@pytest.fixture
def cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Three nodes; the driver is connected to them."""
    if request.config.option.markexpr != "ray":
        pytest.skip("takes a minute: `just test-ray` runs it")
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "object_store_memory": 100 << 20})
    for _ in range(2):
        nodes.add_node(num_cpus=2, object_store_memory=100 << 20)
    ray.init(address=nodes.address, log_to_driver=False)
    nodes.wait_for_nodes()
    try:
        yield nodes
    finally:
        ray.shutdown()
        nodes.shutdown()


def on_ray(one: Batch) -> Batch:
    asked = one.asked.model_copy(update={"engine": "ray"})
    return Batch(one.inputs, one.folder, one.rubric, one.limits, asked, resume=one.resume, cache=one.cache, work=one.work)


def test_a_node_that_dies_loses_and_doubles_nothing(tmp_path: Path, cluster: Any) -> None:  # noqa: ANN401 - Ray has no types here
    source = write_samples(tmp_path / "in", 600, dict.fromkeys(range(600), "SLOW") | {77: "HANG"})
    graded = tmp_path / "run" / ".cluster" / "graded"
    killed: list[int] = []

    def kill(*_: object) -> None:
        if not killed and graded.exists() and (done := len(list(graded.glob("*.parquet")))) >= 1:
            busy = {one["NodeID"] for one in ray.nodes() if one["Alive"]}
            cluster.remove_node(cluster.worker_nodes.copy().pop(), allow_graceful=False)
            killed.append(done)
            assert len(busy) == 3

    outcome = run_batch(on_ray(batch(source, tmp_path / "run", seconds=5)), kill)
    assert killed, "the run ended before a node could be killed"
    assert outcome.run.state is State.DONE
    records = list(read_grades(tmp_path / "run"))
    assert [record.sample for record in records] == [f"in/sample-{number:04}" for number in range(600)]
    assert [number for number, record in enumerate(records) if record.status is Status.FAILED] == [77]
    run_batch(batch(source, tmp_path / "local", seconds=5))
    assert (tmp_path / "run" / "grades.jsonl").read_bytes() == (tmp_path / "local" / "grades.jsonl").read_bytes()
    assert not (tmp_path / "run" / ".cluster").exists()
    assert json.loads((tmp_path / "run" / "run.json").read_text())["asked"]["engine"] == "ray"


@pytest.mark.usefixtures("cluster")
def test_what_a_stopped_attempt_had_graded_is_kept_by_any_engine(tmp_path: Path) -> None:
    source = write_samples(tmp_path / "in", 300, dict.fromkeys(range(300), "SLOW"))
    graded = tmp_path / "run" / ".cluster" / "graded"

    def stop(*_: object) -> None:
        if graded.exists() and list(graded.glob("*.parquet")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(on_ray(batch(source, tmp_path / "run")), stop)
    ray.shutdown()
    assert read_run(tmp_path / "run").state is State.STOPPED
    outcome = run_batch(batch(source, tmp_path / "run", resume=True))
    assert outcome.run.counts.kept >= 32
    run_batch(batch(source, tmp_path / "local"))
    assert (tmp_path / "run" / "grades.jsonl").read_bytes() == (tmp_path / "local" / "grades.jsonl").read_bytes()
    assert sorted(one.name for one in (tmp_path / "run").iterdir()) == [".lock", "digests.txt", "grades.jsonl", "run.json"]
