"""The Python API: what `from grader import ...` gives, in threads, in worker processes, and as TRL's trainers call it."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import grader
from grader import Record, RubricError, Sample, grade, grade_batch, load_rubric, reward
from grader.loader import load_files, load_sample
from grader.model.kinds import Status

CLEAN = '```hcl\n# main.tf\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n```\n'
BROKEN = '```hcl\n# main.tf\noutput "url" {\n  value = aws_sqs_queue.jobs.url\n}\n```\n'
SAMPLES = Path(__file__).parent.parent / "samples"


def shipped() -> list[Sample]:
    return [load_sample(path) for path in sorted(SAMPLES.iterdir()) if path.is_dir()]


def test_every_name_is_there_and_no_other() -> None:
    assert set(grader.__all__) <= set(dir(grader))
    for name in grader.__all__:
        assert getattr(grader, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        getattr(grader, "grades")  # noqa: B009 - a type checker refuses the plain form, as it should


def test_import_loads_nothing_of_the_grader() -> None:
    code = "import sys, grader; print(sorted(name for name in sys.modules if name.startswith(('grader.', 'pydantic', 'tree_sitter'))))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SAMPLES.parent)  # noqa: S603 - our own line
    assert ran.stdout.strip() == "[]"


def test_an_answer_as_text() -> None:
    good, bad = grade(CLEAN, CLEAN, prompt="A queue."), grade(BROKEN, CLEAN, name="task/7")
    assert (good.score, good.faults, good.sample) == (100.0, (), "answer")
    assert bad.score is not None
    assert bad.score < 100
    assert bad.sample == "task/7"
    assert (bad.answer, bad.ideal, bad.prompt) == ("task/7.md", "IDEAL_RESPONSE.md", None)


def test_text_is_read_as_a_file_would_be(tmp_path: Path) -> None:
    for text in (BROKEN.replace("\n", "\r\n"), "\ufeff" + BROKEN, BROKEN + "\x00" * 40, ""):
        path = tmp_path / "answer.md"
        path.write_bytes(text.encode())
        assert grade(text).model_dump(exclude={"notes"}) == grade(load_files(path)).model_dump(exclude={"notes"})
    assert grade("\ud800" + BROKEN).faults == grade("?" + BROKEN).faults


def test_a_rubric_by_name_by_file_or_as_it_is() -> None:
    rubric = load_rubric()
    assert grade(BROKEN, rubric=rubric) == grade(BROKEN, rubric=rubric.name) == grade(BROKEN)
    with pytest.raises(RubricError):
        grade(BROKEN, rubric="no-such-rubric")


def test_threads_find_what_one_thread_finds() -> None:
    samples = shipped()
    alone = [grade(one).to_json() for one in samples]
    with ThreadPoolExecutor(8) as pool:
        together = [record.to_json() for record in pool.map(grade, samples * 3)]
    assert together == alone * 3


def test_threads_that_start_cold_find_the_same() -> None:
    code = (
        "import sys\nsys.setswitchinterval(1e-5)\n"
        "from concurrent.futures import ThreadPoolExecutor\nfrom pathlib import Path\nfrom grader import grade\nfrom grader.loader import load_files, load_sample\n"
        "samples = [load_sample(path) for path in sorted(Path('samples').iterdir()) if path.is_dir()]\n"
        "with ThreadPoolExecutor(8) as pool:\n    for record in pool.map(grade, samples):\n        print(record.to_json())\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=SAMPLES.parent)  # noqa: S603 - our own lines
    assert ran.stdout.decode().splitlines() == [grade(one).to_json() for one in shipped()]


def test_a_batch_gives_the_records_in_order() -> None:
    samples = shipped()[:4]
    rows: list[dict[str, object]] = [
        {"id": "r1", "completion": CLEAN, "reference": CLEAN},
        {"completion": None},
        {"id": "r3", "model": "m", "response": BROKEN},
    ]
    found = list(grade_batch([*samples, *rows], workers=2))
    assert found[:4] == [grade(one) for one in samples]
    assert [(one.sample, one.answer, one.status) for one in found[4:]] == [
        ("r1", "row:5", Status.GRADED),
        ("row:6", "row:6", Status.UNREADABLE),
        ("r3", "m", Status.GRADED),
    ]
    assert all(isinstance(one, Record) for one in found)


def test_a_batch_is_taken_as_it_is_graded_and_can_be_left() -> None:
    taken = 0

    def endless() -> Iterator[Sample]:
        nonlocal taken
        while True:
            taken += 1
            yield shipped()[0]

    records = grade_batch(endless(), workers=1)
    assert next(records).status is Status.GRADED
    records.close()
    assert taken < 1000


def test_a_batch_refuses_at_once_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="workers=0: give at least 1"):
        grade_batch([], workers=0)
    with pytest.raises(RubricError):
        grade_batch([], rubric="no-such-rubric")
    assert list(grade_batch([], workers=1)) == []


def messages(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": "A queue."}, {"role": "assistant", "content": text}]


def test_rewards_are_scores_divided_by_100() -> None:
    found = reward(["A queue."] * 3, [CLEAN, BROKEN, "I cannot."], [CLEAN] * 3)
    scores = [grade(text, CLEAN, prompt="A queue.").score for text in (CLEAN, BROKEN, "I cannot.")]
    assert found == [(score or 0.0) / 100 for score in scores]
    assert found[0] == 1.0 > found[1] > found[2] == 0.0


@pytest.mark.parametrize("column", ["reference", "references", "ideal", "ground_truth"])
def test_rewards_as_trl_calls_them(column: str) -> None:
    prompts = [[{"role": "user", "content": "A queue."}]] * 2
    extra = {column: [CLEAN, None], "completion_ids": [[1, 2], [3]], "trainer_state": object(), "platform": ["tf", None], "task": ["x", "y"]}
    found = reward(prompts=prompts, completions=[messages(CLEAN), messages(BROKEN)[1:]], **extra)  # type: ignore[arg-type] # columns as a trainer passes them
    assert found == reward(None, [CLEAN, BROKEN], [CLEAN, None])
    assert all(type(one) is float and not math.isnan(one) for one in found)


def test_what_is_no_text_earns_nothing() -> None:
    assert reward(None, [None, [], [{"role": "assistant"}], 7, ""]) == [0.0] * 5
    assert reward([], []) == []


class Unsayable:
    """A value of a data set that cannot even be printed."""

    def __str__(self) -> str:
        """Fail."""
        raise OSError


def test_where_the_grader_fails_there_is_no_reward() -> None:
    failed, fine = reward(None, [CLEAN, CLEAN], [CLEAN, CLEAN], platform=[Unsayable(), "tf"])
    assert math.isnan(failed)
    assert fine == 1.0


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="references: 1 entries for 2 completions"):
        reward(None, [CLEAN, CLEAN], [CLEAN])
    with pytest.raises(ValueError, match="prompts: 3 entries for 2 completions"):
        reward(["", "", ""], [CLEAN, CLEAN])


def test_rewards_in_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: reward(None, [CLEAN, BROKEN], [CLEAN, CLEAN]), range(16)))
    assert found == [reward(None, [CLEAN, BROKEN], [CLEAN, CLEAN])] * 16
