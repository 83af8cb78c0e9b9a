"""Readers of folders, JSON Lines and Parquet: every row is a sample or says why not, in one order."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.batch import InputError, Inputs, MapError, Names, jsonl, read_map
from grader.batch.rows import sample_of
from grader.batch.tasks import content_digest
from grader.loader import Sample
from grader.source import MOST_BYTES

CODE = "```hcl\nterraform {}\n```\n"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
COLUMN = st.sampled_from(["answer", "completion", "response", "chosen", "rejected", "reference", "prompt", "id", "task_id", "model", "metadata", "x"])


def well_formed(sample: Sample) -> bool:
    """A sample that the rest of a run can take: a source for the answer, one line for each error, text that can be written."""
    assert sample.answer is not None
    for source in (sample.answer, sample.ideal, sample.prompt):
        if source is not None:
            assert not (source.error and source.text)
            assert "\n" not in source.error
            assert "\n" not in source.name
            source.text.encode()
            source.name.encode()
    assert sample.name
    sample.name.encode()
    content_digest(sample, "", "")
    return True


def lines_of(data: bytes, **columns: str) -> list[Sample]:
    return list(jsonl.samples(lambda: io.BytesIO(data), "rows.jsonl", columns))


def tree(root: Path, *files: str) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(CODE)
    return root


def found(root: Path, names: Names | None = None) -> list[tuple[str, str, bool]]:
    """(sample, answer, whether it has an ideal) of each answer."""
    inputs = Inputs([str(root)], names or Names())
    samples = list(inputs.samples())
    assert inputs.count() == len(samples)
    assert all(map(well_formed, samples))
    return [(one.name, one.answer.name, one.ideal is not None) for one in samples if one.answer is not None and not one.answer.error]


def errors(samples: list[Sample]) -> list[str]:
    return [one.answer.error for one in samples if one.answer is not None and one.answer.error]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(COLUMN, JSON, max_size=4), max_size=3))
def test_any_rows_become_as_many_samples(rows: list[dict[str, Any]]) -> None:
    data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    samples = lines_of(data)
    assert len(samples) == len(rows)
    for row, sample in zip(rows, samples, strict=True):
        assert well_formed(sample)
        assert sample == sample_of(json.loads(json.dumps(row)), f"rows.jsonl:{rows.index(row) + 1}", {}) or rows.count(row) > 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_become_a_sample_a_line(pieces: list[bytes]) -> None:
    data = b"\n".join(pieces)
    samples = lines_of(data)
    assert all(map(well_formed, samples))
    assert len(samples) == sum(1 for line in data.split(b"\n") if line.strip())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(COLUMN, st.none() | st.text(), max_size=6), st.dictionaries(st.sampled_from(["answer", "ideal", "id"]), COLUMN, max_size=3))
def test_a_mapped_column_is_the_one_that_is_read(row: dict[str, str | None], columns: dict[str, str]) -> None:
    sample = sample_of(row, "rows:1", columns)
    assert well_formed(sample)
    column = columns.get("answer")
    assert sample.answer is not None
    if column is not None and not isinstance(row.get(column), str):
        assert f"`{column}`" in sample.answer.error


@pytest.mark.parametrize(
    ("row", "answer", "ideal"),
    [
        ({"prompt": "p", "completion": "c", "reference": "r"}, "c", "r"),
        ({"prompt": "p", "response": "c"}, "c", None),
        ({"prompt": "p", "chosen": "good", "rejected": "bad"}, "bad", "good"),
        ({"prompt": "p", "chosen": "good"}, "good", None),
        ({"completion": "c", "chosen": "good", "rejected": "bad"}, "c", "good"),
        ({"completion": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "c"}], "reference": None}, "c", None),
        ({"completion": ""}, "", None),
    ],
)
def test_the_names_of_the_field_are_understood(row: dict[str, Any], answer: str, ideal: str | None) -> None:
    sample = sample_of(row, "rows:1", {})
    assert sample.answer is not None
    assert (sample.answer.text, sample.answer.error) == (answer, "")
    assert (sample.ideal.text if sample.ideal else None) == ideal


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"completion": null}', "rows.jsonl:1: `completion` is null; give the Markdown of the document"),
        (b'{"completion": 7}', "rows.jsonl:1: `completion` is a number, not text; give the Markdown of the document"),
        (b'{"text": "x"}', "rows.jsonl:1: no column that is an answer (columns: `text`); name it with --map answer=COLUMN"),
        (b"[1]", "rows.jsonl:1: a list, not an object; write one JSON object a line"),
        (b'{"completion": "x"', "rows.jsonl:1: column 19: Expecting ',' delimiter; write one JSON object a line"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b'{"completion": "\\u0000"}', "NUL"),
        (b'\xff\xfe{"completion"', "rows.jsonl:1"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(line: bytes, said: str) -> None:
    [sample] = lines_of(line)
    [error] = errors([sample])
    assert said in error


def test_a_row_of_100_mb_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "huge", "completion": "')
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n{"id": "next", "completion": "c"}\n')
    samples = list(Inputs([str(path)]).samples())
    [error] = errors(samples)
    assert "rows.jsonl:1: a line of 104,857," in error
    assert samples[1].name == "next"


def test_duplicate_ids_are_all_graded() -> None:
    rows = b'{"id": 1, "completion": "a", "model": "m"}\n{"id": 1, "completion": "b"}\n'
    samples = lines_of(rows)
    assert [(one.name, one.answer.name, one.answer.text) for one in samples if one.answer] == [("1", "m", "a"), ("1", "rows.jsonl:2", "b")]


def test_compressed_lines_are_read_and_a_damaged_archive_ends_with_an_error(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(json.dumps({"id": n, "completion": os.urandom(64).hex()}).encode() + b"\n" for n in range(500)))
    (tmp_path / "whole.jsonl.gz").write_bytes(data)
    inputs = Inputs([str(tmp_path / "whole.jsonl.gz")])
    assert len(list(inputs.samples())) == inputs.count() == 500
    (tmp_path / "half.jsonl.gz").write_bytes(data[: len(data) // 2])
    samples = list(Inputs([str(tmp_path / "half.jsonl.gz")]).samples())
    assert len(errors(samples)) == 1
    assert "cannot be read from here on" in errors(samples)[0]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.none() | st.text(max_size=30), st.none() | st.text(max_size=30)), max_size=80))
def test_parquet_gives_what_json_lines_give(rows: list[tuple[str | None, str | None]]) -> None:
    table = pa.table(
        {
            "completion": pa.array([one[0] for one in rows], pa.string()),
            "reference": pa.array([one[1] for one in rows], pa.string()),
            "other": pa.array(range(len(rows)), pa.int64()),
        }
    )
    with parquet_file(table) as path:
        inputs = Inputs([str(path)])
        samples = list(inputs.samples())
        assert inputs.count() == len(rows)
    as_lines = lines_of(b"".join(json.dumps({"completion": one[0], "reference": one[1]}).encode() + b"\n" for one in rows))
    assert [texts(one) for one in samples] == [texts(one) for one in as_lines]
    assert len(errors(samples)) == len(errors(as_lines))


def texts(sample: Sample) -> tuple[str | None, str | None]:
    return (sample.answer.text if sample.answer else None, sample.ideal.text if sample.ideal else None)


@contextmanager
def parquet_file(table: pa.Table) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        pq.write_table(table, Path(folder) / "rows.parquet")
        yield Path(folder) / "rows.parquet"


def test_parquet_with_wrong_types_nulls_and_huge_rows(tmp_path: Path) -> None:
    table = pa.table({"completion": ["a", "", None, "x" * (MOST_BYTES + 1), "z" * 100_000_000], "reference": [1, 2, 3, None, 5], "id": ["i"] * 5})
    pq.write_table(table, tmp_path / "rows.parquet")
    samples = list(Inputs([str(tmp_path / "rows.parquet")]).samples())
    assert [bool(one.answer and one.answer.error) for one in samples] == [False, False, True, True, True]
    assert "10,485,76" in errors(samples)[1]
    assert samples[0].ideal is not None
    assert samples[0].ideal.error == "rows.parquet:1: `reference` is a number, not text; give the Markdown of the document"
    assert samples[3].ideal is None


def test_parquet_without_a_known_column_says_which_there_are(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a"], "n": [1]}), tmp_path / "rows.parquet")
    [sample] = Inputs([str(tmp_path / "rows.parquet")]).samples()
    assert "columns: `text`, `n`" in errors([sample])[0]
    [sample] = Inputs([str(tmp_path / "rows.parquet")], columns={"answer": "text"}).samples()
    assert sample.answer is not None
    assert sample.answer.text == "a"


def test_samples_are_found_at_any_depth_with_and_without_lib(tmp_path: Path) -> None:
    tree(tmp_path, "s/a/MODEL_RESPONSE.md", "s/a/IDEAL_RESPONSE.md", "s/b/c/d/e/lib/MODEL_RESPONSE.md", "s/b/c/d/e/lib/IDEAL_RESPONSE.md")
    tree(tmp_path, "s/.git/x/MODEL_RESPONSE.md", "s/node_modules/x/MODEL_RESPONSE.md", "s/b/README.md")
    assert found(tmp_path / "s") == [("s/a", "MODEL_RESPONSE.md", True), ("b/c/d/e", "MODEL_RESPONSE.md", True)]
    assert found(tmp_path / "s" / "a") == [("s/a", "MODEL_RESPONSE.md", True)]


def test_several_answers_to_one_prompt(tmp_path: Path) -> None:
    tree(tmp_path, *(f"s/p/{name}" for name in ("MODEL_RESPONSE10.md", "MODEL_RESPONSE.md", "MODEL_RESPONSE2.md", "answers/b.md", "answers/a.md")))
    tree(tmp_path, "s/p/IDEAL_RESPONSE.md", "s/p/answers/notes.txt", "s/q/lib/answers/a.md", "s/q/PROMPT.md")
    assert found(tmp_path / "s") == [
        *(("s/p", name, True) for name in ("MODEL_RESPONSE.md", "MODEL_RESPONSE2.md", "MODEL_RESPONSE10.md", "answers/a.md", "answers/b.md")),
        ("s/q", "answers/a.md", False),
    ]
    assert found(tmp_path / "s", Names(answer="answers/a*.md")) == [("s/p", "answers/a.md", True), ("s/q", "answers/a.md", False)]
    assert found(tmp_path / "s", Names(answer="*2.md", no_ideal=True)) == [("s/p", "MODEL_RESPONSE2.md", False)]


def test_the_ideals_themselves_are_graded_where_they_are_named(tmp_path: Path) -> None:
    tree(tmp_path, "s/p/IDEAL_RESPONSE.md", "s/p/MODEL_RESPONSE.md", "s/q/lib/IDEAL_RESPONSE.md")
    assert found(tmp_path / "s", Names(answer="IDEAL_RESPONSE.md", no_ideal=True)) == [
        ("s/p", "IDEAL_RESPONSE.md", False),
        ("s/q", "IDEAL_RESPONSE.md", False),
    ]
    assert found(tmp_path / "s", Names(answer="*.md", no_ideal=True))[0] == ("s/p", "MODEL_RESPONSE.md", False)


def test_a_sample_without_an_answer_is_a_record(tmp_path: Path) -> None:
    tree(tmp_path, "s/a/IDEAL_RESPONSE.md", "s/b/MODEL_RESPONSE.md")
    samples = list(Inputs([str(tmp_path / "s")]).samples())
    assert [one.name for one in samples] == ["s/a", "s/b"]
    assert errors(samples) == ["s/a: no MODEL_RESPONSE.md in this folder or in its lib/; add the answer, or name it with --answer"]


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    tree(tmp_path, "s/a/MODEL_RESPONSE.md", "s/b/c/MODEL_RESPONSE.md")
    (tmp_path / "s" / "a" / "up").symlink_to(tmp_path / "s")
    (tmp_path / "s" / "b" / "self").symlink_to(tmp_path / "s" / "b")
    (tmp_path / "s" / "b" / "again").symlink_to(tmp_path / "s" / "b" / "c")
    (tmp_path / "s" / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "s" / "x").symlink_to("x")
    (tmp_path / "s" / "a" / "elsewhere").symlink_to(tree(tmp_path / "other", "z/MODEL_RESPONSE.md"))
    assert [name for name, _, _ in found(tmp_path / "s")] == ["s/a", "b/c", "a/elsewhere/z"]


def test_files_that_are_no_text_cost_their_own_record(tmp_path: Path) -> None:
    root = tree(tmp_path / "s", *(f"{name}/MODEL_RESPONSE.md" for name in "abcdef"))
    (root / "a" / "MODEL_RESPONSE.md").write_bytes(b"\0\1\2")
    (root / "b" / "MODEL_RESPONSE.md").write_bytes("ä".encode("latin-1") * 50)
    with (root / "c" / "MODEL_RESPONSE.md").open("wb") as file:
        file.truncate(100 << 20)
    (root / "d" / "IDEAL_RESPONSE.md").mkdir()
    (root / "e" / "metadata.json").write_text("[")
    (root / "g").mkdir()
    os.mkfifo(root / "g" / "MODEL_RESPONSE.md")
    (root / "g" / "PROMPT.md").write_text("p")
    samples = list(Inputs([str(root)]).samples())
    assert all(map(well_formed, samples))
    assert [one.name for one in samples if one.answer and one.answer.error] == ["s/a", "s/b", "s/c", "s/g"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_a_folder_without_permission_is_a_record(tmp_path: Path) -> None:
    root = tree(tmp_path / "s", "a/MODEL_RESPONSE.md", "b/MODEL_RESPONSE.md")
    (root / "a").chmod(0)
    try:
        assert [bool(one.answer and one.answer.error) for one in Inputs([str(root)]).samples()] == [True, False]
    finally:
        (root / "a").chmod(0o700)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("absent", None, "No such file"),
        ("answer.md", b"x", "`grader grade` takes one answer"),
        ("rows.csv", b"x", "not a folder nor a file of rows"),
        ("rows.parquet", b"x", "no Parquet file that can be read"),
    ],
)
def test_a_path_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=said) as error:
        Inputs([str(tmp_path / name)])
    assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mapping_is_read_or_refused() -> None:
    assert read_map(["answer=completion,ideal=reference", "id=task_id"]) == {"answer": "completion", "ideal": "reference", "id": "task_id"}
    for text in ("answer", "answer=", "reply=completion"):
        with pytest.raises(MapError, match="PART=COLUMN"):
            read_map([text])
