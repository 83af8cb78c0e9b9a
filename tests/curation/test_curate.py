"""`grader curate` end to end, on runs that `grader batch` wrote."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.commands import run

WORDS = "ledger parcel harbour lantern meadow copper thistle gravel willow saddle ember quarry".split()


def prompt(seed: int) -> str:
    """A task of its own: no run of five words is shared with that of another seed."""
    return " ".join(f"{WORDS[(seed + place) % len(WORDS)]}{seed}x{place}" for place in range(40))


def queue(name: str, *, encrypted: bool = True) -> str:
    """A template with a queue, and as many outputs as make it a text of its own."""
    secret = '  kms_master_key_id = "alias/aws/sqs"\n' if encrypted else ""
    outputs = "".join(f'output "{name}_{word}" {{\n  value = aws_sqs_queue.{name}.{word}\n}}\n' for word in ("url", "arn", "id"))
    return f'# The queue for {name}\n\n```hcl\n# main.tf\nresource "aws_sqs_queue" "{name}" {{\n  name = "{name}"\n{secret}}}\n{outputs}```\n'


def rows(count: int = 10) -> list[dict[str, Any]]:
    return [
        {
            "id": f"task-{number}",
            "prompt": prompt(number),
            "completion": queue(f"jobs{number}", encrypted=False),
            "reference": queue(f"jobs{number}"),
            "metadata": {"platform": "tf", "language": "hcl", "level": number},
        }
        for number in range(count)
    ]


def graded(folder: Path, given: list[dict[str, Any]]) -> Path:
    """The folder of a run over rows."""
    source = folder.with_suffix(".jsonl")
    source.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    ran = run("batch", source, "-o", folder, "-q", "--no-cache", "-j", "1")
    assert (folder / "grades.jsonl").exists(), ran.err
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over ten pairs, none like another."""
    return graded(tmp_path_factory.mktemp("runs") / "plain", rows())


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one pair for each check."""
    given = rows(12)
    given[1]["completion"] = "I would use a queue, with a key of its own, and be done."
    given[2]["reference"] = "The ideal is to be written."
    given[3]["completion"] = given[3]["reference"]
    given[4]["completion"] = given[4]["completion"].replace("The queue", "The\x07 queue")
    given[5]["metadata"] = {"platform": "cdk", "language": "ts"}
    given[6]["prompt"] = ""
    given[7]["prompt"] = given[0]["prompt"].upper()
    given[8]["completion"] = given[0]["completion"].replace("# The queue", "# A queue")
    given[9]["completion"] = '```hcl\n# main.tf\nresource "aws_sqs_queue" "jobs9" {\n  name = "jo'
    given[11]["completion"] = None
    return graded(tmp_path_factory.mktemp("runs") / "odd", given)


def funnel(folder: Path) -> dict[str, Mapping[str, Any]]:
    return {stage["step"]: stage for stage in json.loads((folder / "funnel.json").read_text("utf-8"))["stages"]}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def every_row(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("t*.jsonl")) + sorted(folder.glob("validation.jsonl")) for row in lines(path)]


def test_each_check_drops_the_pair_made_for_it(odd: Path, tmp_path: Path) -> None:
    ran = run("curate", odd, "-o", tmp_path / "set")
    assert ran.code == 0, ran.err
    why = {one["id"].split(":")[0]: one["step"] for one in lines(tmp_path / "set" / "dropped.jsonl")}
    assert why == {
        "task-1": "placeholder",
        "task-2": "ideal-without-code",
        "task-3": "equal-to-ideal",
        "task-4": "non-text",
        "task-5": "dialect",
        "task-6": "no-prompt",
        "task-7": "prompt-duplicates",
        "task-8": "near-duplicate-answers",
        "task-9": "truncated",
        "task-11": "unusable",
    }
    assert {row["id"].split(":")[0] for row in every_row(tmp_path / "set")} == {"task-0", "task-10"}


def test_the_funnel_adds_up_and_is_told_three_times(odd: Path, tmp_path: Path) -> None:
    ran = run("curate", odd, "-o", tmp_path / "set", "--rule", "metadata.level != 10")
    found = json.loads((tmp_path / "set" / "funnel.json").read_text("utf-8"))
    left = found["entered"]
    page = (tmp_path / "set" / "funnel.md").read_text("utf-8")
    for stage in found["stages"]:
        assert stage["entered"] == left
        assert stage["dropped"] == sum(stage["reasons"].values())
        left -= stage["dropped"]
        assert stage["step"] in page
        assert stage["step"] in ran.out
    assert left == found["left"] == sum(found["splits"].values()) == 1
    assert len(lines(tmp_path / "set" / "dropped.jsonl")) == found["entered"] - left


def test_clusters_name_what_stays_and_what_goes(odd: Path, tmp_path: Path) -> None:
    run("curate", odd, "-o", tmp_path / "set", "--step", "near-duplicate-answers", "--step", "prompt-duplicates")
    found = {one["part"]: one for one in lines(tmp_path / "set" / "clusters.jsonl")}
    assert found["prompt"]["kept"].startswith("task-0:")
    assert [other["id"].split(":")[0] for other in found["prompt"]["others"]] == ["task-7"]
    assert found["answer"]["kept"].startswith("task-0:")
    assert found["answer"]["others"][0]["likeness"] > 0.8


@pytest.mark.parametrize("form", ["sft", "preference", "reward", "labels"])
def test_datasets_loads_what_was_written(plain: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    folder = tmp_path / "set"
    assert run("curate", plain, "-o", folder, "--format", form, "--split", "60:20:20").code == 0
    columns = {
        "sft": ["id", "prompt", "completion"],
        "preference": ["id", "prompt", "chosen", "rejected", "chosen_score", "rejected_score", "margin"],
        "reward": ["id", "prompt", "response", "score"],
        "labels": ["id", "prompt", "text", "score", "labels"],
    }[form]
    rows_as_json = {name: str(folder / f"{name}.jsonl") for name in ("train", "validation", "test")}
    for found in (
        datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache")),
        datasets.load_dataset("json", data_files=rows_as_json, cache_dir=str(tmp_path / "cache")),
    ):
        assert sum(split.num_rows for split in found.values()) == 10
        assert set(found) == {"train", "validation", "test"}
        assert set(columns) <= set(found["train"].column_names)
        assert found["train"].to_list() == lines(folder / "train.jsonl")


def test_a_preference_prefers_the_ideal(plain: Path, tmp_path: Path) -> None:
    run("curate", plain, "-o", tmp_path / "set")
    for row in every_row(tmp_path / "set"):
        assert "kms_master_key_id" in row["chosen"]
        assert "kms_master_key_id" not in row["rejected"]
        assert row["margin"] == row["chosen_score"] - row["rejected_score"] > 0


def test_labels_span_the_lines_of_their_faults(tmp_path: Path) -> None:
    given = rows(1)
    given[0]["completion"] = "Grüße \N{PARTY POPPER}\n\n" + given[0]["completion"].replace(".arn", ".arm")
    given[0]["completion"] = given[0]["completion"].replace("aws_sqs_queue.jobs0.id", "aws_sqs_queue.other.id")
    run("curate", graded(tmp_path / "run", given), "-o", tmp_path / "set", "--format", "labels", "--step", "unusable")
    (row,) = every_row(tmp_path / "set")
    spans = [span for label in row["labels"] for span in label["spans"]]
    assert spans
    for span in spans:
        whole = "\n".join(row["text"].split("\n")[span["line"] - 1 : span["end_line"]])
        assert row["text"][span["start"] : span["end"]] == whole
    broken = [label for label in row["labels"] if "aws_sqs_queue.other" in label["title"]]
    assert any("aws_sqs_queue.other.id" in row["text"][span["start"] : span["end"]] for label in broken for span in label["spans"])


def test_the_same_run_gives_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    def digests(folder: Path) -> dict[str, str]:
        assert run("curate", plain, "-o", folder, "--format", "labels").code == 0
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    first = digests(tmp_path / "one")
    assert first == digests(tmp_path / "two")
    assert first == digests(tmp_path / "one"), "a second time into its own folder"


def test_the_card_says_where_it_comes_from(plain: Path, tmp_path: Path) -> None:
    run("curate", plain, "-o", tmp_path / "set", "--rule", "score < 100")
    text = (tmp_path / "set" / "README.md").read_text("utf-8")
    _, header, page = text.split("---\n", 2)
    assert [one["config_name"] for one in yaml.safe_load(header)["configs"]] == ["default"]
    rubric = json.loads((plain / "run.json").read_text("utf-8"))["rubric"]["digest"]
    assert rubric in page
    assert "rule 1: `score &lt; 100`" in page
    assert str(tmp_path) not in page
    assert "plain.jsonl" in page


def test_families_stay_on_one_side_and_a_leak_is_dropped(tmp_path: Path) -> None:
    given = rows(9)
    for number, row in enumerate(given):
        row["prompt"] = prompt(number // 3 * 100) + f" variant {number}"
    source = graded(tmp_path / "run", given)
    run("curate", source, "-o", tmp_path / "set", "--split", "1:1:1", "--step", "unusable")
    for path in (tmp_path / "set").glob("*.jsonl"):
        if path.stem in {"train", "validation", "test"}:
            assert len({row["prompt"].split()[0] for row in lines(path)}) == len(lines(path)) / 3
    assert json.loads((tmp_path / "set" / "funnel.json").read_text("utf-8"))["families"] == 3

    for number, row in enumerate(given):
        row["metadata"]["split"] = "test" if number == 2 else "train"
    run("curate", graded(tmp_path / "leaky", given), "-o", tmp_path / "set", "--step", "leakage")
    assert funnel(tmp_path / "set")["leakage"]["reasons"] == {"its family is in test, and it is in train": 2}
    assert [row["id"].split(":")[0] for row in lines(tmp_path / "set" / "test.jsonl")] == ["task-2"]


def test_failure_documents_of_another_sample(tmp_path: Path) -> None:
    for number in range(3):
        folder = tmp_path / "samples" / f"one-{number}"
        folder.mkdir(parents=True)
        row = rows(3)[number]
        (folder / "MODEL_RESPONSE.md").write_text(row["completion"], "utf-8")
        (folder / "IDEAL_RESPONSE.md").write_text(row["reference"], "utf-8")
        (folder / "PROMPT.md").write_text(row["prompt"], "utf-8")
        (folder / "MODEL_FAILURES.md").write_text("# Failures\n\n" + prompt(0 if number < 2 else 2), "utf-8")
    run("batch", tmp_path / "samples", "-o", tmp_path / "run", "-q", "--no-cache", "-j", "1")
    run("curate", tmp_path / "run", "-o", tmp_path / "set", "--step", "copied-failures", "--step", "audit=0.2")
    (dropped,) = lines(tmp_path / "set" / "dropped.jsonl")
    assert dropped["step"] == "copied-failures"
    assert "one-1" in dropped["id"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("score >", "column 8: mismatched input 'the end of the rule'"),
        ("scroe > 5", "column 1: there is no `scroe`; did you mean `score`?"),
        ("true && record.scor > 5", "column 16: `record` has no `scor`; did you mean `score`?"),
        ("score > 1 && pair.valu > 2", "column 19: `pair` has no `valu`; did you mean `value`?"),
        ("score > 1 || dialect.startWith('tf')", "column 22: there is no function `startWith`; did you mean `startsWith`?"),
        ("size(faults)", "a rule is true or false, and this one gives int"),
        ("metadata.nothing == 3", "can be evaluated for none of 10 pairs: nothing to compare: no `nothing` there"),
    ],
)
def test_a_wrong_rule_is_one_line_with_its_place(plain: Path, tmp_path: Path, rule: str, said: str) -> None:
    ran = run("curate", plain, "-o", tmp_path / "set", "--rule", rule)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("metadata.level >= 4", 6),
        ("faults.exists(fault, fault.kind == 'missing-encryption')", 10),
        ("'sqs' in pair.services && pair.value > 5", 10),
        ("dialect.startsWith('cfn')", 0),
        ("!has(metadata.unheard)", 10),
        ("verdict in ['acceptable', 'deviates'] && record.score <= 100", 10),
        ("metadata.level > 100 ? false : metadata['level'] == 3", 1),
    ],
)
def test_rules_choose(plain: Path, tmp_path: Path, rule: str, left: int) -> None:
    ran = run("curate", plain, "-o", tmp_path / "set", "--rule", rule)
    assert ran.code == 0, ran.err
    assert json.loads((tmp_path / "set" / "funnel.json").read_text("utf-8"))["left"] == left


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--step", "placeholders"), "no such step; did you mean `placeholder`?"),
        (("--skip", "truncate"), "no such step; did you mean `truncated`?"),
        (("--step", "score"), "give `score=LOW:HIGH`"),
        (("--step", "score=9:2"), "the range is empty"),
        (("--step", "near-duplicate-answers=2"), "not between 0 and 1"),
        (("--step", "verdict=deviate"), "did you mean `deviates`?"),
        (("--step", "truncated=3"), "takes no value"),
        (("--split", "80:20"), "three numbers"),
        (("--format", "parquet"), "choose one of sft"),
        (("--quality", "none.yaml"), "none.yaml:1: no such file"),
    ],
)
def test_a_wrong_option_is_one_line(plain: Path, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    ran = run("curate", plain, "-o", tmp_path / "set", *options)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert said in ran.err


def test_nothing_is_written_over_or_outside(plain: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "README.md").write_text("mine", "utf-8")
    ran = run("curate", plain, "-o", tmp_path / "mine")
    assert ran.code == 2
    assert "did not write" in ran.err
    assert (tmp_path / "mine" / "README.md").read_text("utf-8") == "mine"
    run("curate", plain, "-o", tmp_path / "set")
    (tmp_path / "set" / "train.jsonl").unlink()
    (tmp_path / "set" / "train.jsonl").symlink_to(tmp_path / "mine" / "README.md")
    assert run("curate", plain, "-o", tmp_path / "set").code == 0
    assert (tmp_path / "mine" / "README.md").read_text("utf-8") == "mine"
    assert not (tmp_path / "set" / "train.jsonl").is_symlink()


def test_texts_that_are_gone_are_said(tmp_path: Path) -> None:
    source = graded(tmp_path / "run", rows(1))
    shutil.move(tmp_path / "run.jsonl", tmp_path / "elsewhere.jsonl")
    ran = run("curate", source, "-o", tmp_path / "set")
    assert ran.code == 2
    assert "keep them in place" in ran.err


def test_the_steps_are_listed() -> None:
    ran = run("curate", "--steps")
    assert ran.code == 0
    assert "* near-duplicate-answers=SHARE (usual: 0.8)" in ran.out
