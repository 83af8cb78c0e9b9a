"""The shipped samples against their golden records."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.engine import grade
from grader.loader import load_sample
from grader.rubric import load_rubric

SAMPLES = Path(__file__).parent.parent / "samples"
FOLDERS = sorted(path.parent for path in SAMPLES.glob("*/MODEL_RESPONSE.md"))


def record_of(folder: Path) -> str:
    """The record of a sample as the file `expected.json` holds it."""
    return grade(load_sample(folder), load_rubric()).to_json(indent=2) + "\n"


def test_there_are_samples_for_each_group_of_dialects() -> None:
    assert len(FOLDERS) >= 10


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_sample_gives_its_record(folder: Path, request: pytest.FixtureRequest) -> None:
    found = record_of(folder)
    path = folder / "expected.json"
    if request.config.getoption("--update-samples"):
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"just test --update-samples rewrites {path}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_ideal_is_perfect_against_itself(folder: Path, tmp_path: Path) -> None:
    for name in ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md"):
        (tmp_path / name).write_bytes((folder / "IDEAL_RESPONSE.md").read_bytes())
    for name in ("PROMPT.md", "metadata.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    record = grade(load_sample(tmp_path), load_rubric())
    assert record.status == "graded"
    assert [fault.title for fault in record.faults] == []
    assert record.score == 100


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_ideal_alone_has_no_critical_fault(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "MODEL_RESPONSE.md").write_bytes((folder / "IDEAL_RESPONSE.md").read_bytes())
    record = grade(load_sample(tmp_path), load_rubric())
    assert [fault.title for fault in record.faults if fault.severity in ("critical", "high")] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_list_of_samples_names_it(folder: Path) -> None:
    assert f"({folder.name}/MODEL_RESPONSE.md)" in (SAMPLES / "README.md").read_text(encoding="utf-8")
