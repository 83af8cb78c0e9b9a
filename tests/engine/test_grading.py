"""What holds for every grade: an ideal is spotless against itself, evidence is quoted from where it says, order and line ends do not matter."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.detectors.no_code import has_code
from grader.engine import grade, solution_of
from grader.loader import Sample, Source, load_sample
from grader.model.kinds import Side, Status
from grader.results import Record
from grader.results.records import Location, Quote
from grader.rubric import load_rubric

SAMPLES = sorted(path.parent for path in (Path(__file__).parents[2] / "samples").glob("*/MODEL_RESPONSE.md"))
CUT = re.compile("\N{HORIZONTAL ELLIPSIS}|\\[")


def graded(answer: str, ideal: str | None = None, *, name: str = "sample") -> Record:
    return grade(Sample(name, Source("MODEL_RESPONSE.md", answer), None if ideal is None else Source("IDEAL_RESPONSE.md", ideal)), load_rubric())


def assert_sound(record: Record, sample: Sample) -> None:
    """Numbers in order, costs within the points, and every place and quote within its document."""
    texts = {
        Side.ANSWER: sample.answer.text if sample.answer else "",
        Side.IDEAL: sample.ideal.text if sample.ideal else "",
        Side.PROMPT: sample.prompt.text if sample.prompt else "",
    }
    rows = {side: text.split("\n") for side, text in texts.items()}
    assert [one.number for one in record.faults] == list(range(1, len(record.faults) + 1))
    for fault in (*record.faults, *record.shared):
        places: list[Location | Quote] = [*fault.locations, *fault.evidence]
        for place in places:
            assert 1 <= place.line <= place.end_line <= len(rows[place.side]), f"{fault.title}: {place}"
        for quote in fault.evidence:
            if not quote.text.strip():
                continue
            first = quote.text.split("\n")[0].rstrip()
            assert CUT.search(first) or first == rows[quote.side][quote.line - 1].rstrip(), f"{fault.title}: line {quote.line} is not what is quoted"
    if record.score is not None:
        assert 0 <= record.score <= 100
        assert record.score == pytest.approx(sum(one.earned for one in record.categories), abs=0.11)


@pytest.mark.corpus
def test_every_sample_of_the_corpus_gets_a_status_and_sound_faults(corpus: Path) -> None:
    rubric = load_rubric()
    folders = sorted(path.parent for path in corpus.glob("*/*/MODEL_RESPONSE.md"))
    assert len(folders) > 400
    for folder in folders:
        sample = load_sample(folder)
        record = grade(sample, rubric)
        assert record.status in {Status.GRADED, Status.NO_CODE}, f"{folder}: {record.notes}"
        assert [note.text for note in record.notes if note.kind == "detector-failed"] == [], folder
        assert_sound(record, sample)


@pytest.mark.corpus
def test_ideals_of_the_corpus_are_spotless_against_themselves(corpus: Path) -> None:
    rubric = load_rubric()
    seen = 0
    for folder in sorted(path.parent for path in corpus.glob("*/*/IDEAL_RESPONSE.md")):
        sample = load_sample(folder)
        ideal = sample.ideal
        if ideal is None or ideal.error or not has_code(solution_of(ideal.text)):
            continue
        seen += 1
        record = grade(Sample(sample.name, Source("MODEL_RESPONSE.md", ideal.text), ideal, sample.prompt, sample.metadata), rubric)
        assert ([fault.title for fault in record.faults], record.score) == ([], 100), folder
    assert seen > 380


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_a_shipped_sample_has_sound_faults(folder: Path) -> None:
    sample = load_sample(folder)
    assert_sound(grade(sample, load_rubric()), sample)


def faults_of(record: Record) -> list[tuple[str, list[str]]]:
    """The faults without their lines and order: what each is about."""
    return sorted((fault.criterion, sorted({re.sub(r"\d+", "", one) for one in fault.entities})) for fault in record.faults)


def sections(text: str) -> list[str]:
    """The document cut before each of its headings that stands outside a fence."""
    parts: list[list[str]] = [[]]
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part).rstrip("\n") for part in parts if any(line.strip() for line in part)]


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_line_ends_and_prose_around_the_code_change_no_fault(folder: Path) -> None:
    sample = load_sample(folder)
    assert sample.answer is not None
    assert sample.ideal is not None
    before = graded(sample.answer.text, sample.ideal.text)
    after = "\n\nTell me when a part of it is unclear.\n" if sample.answer.text.count("```") % 2 == 0 else ""
    wordy = f"Here is what was asked for, in full.\n\n{sample.answer.text}{after}"
    assert faults_of(graded(wordy, sample.ideal.text)) == faults_of(before)
    moved = graded(f"\n\n\n{sample.answer.text}", sample.ideal.text)
    assert [[place.line - 3 for place in fault.locations if place.side is Side.ANSWER] for fault in moved.faults] == [
        [place.line for place in fault.locations if place.side is Side.ANSWER] for fault in before.faults
    ]


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_the_order_of_files_changes_no_fault(folder: Path) -> None:
    sample = load_sample(folder)
    assert sample.answer is not None
    assert sample.ideal is not None
    first, *rest = sections(sample.answer.text)
    before = faults_of(graded("\n\n".join([first, *rest]), sample.ideal.text))
    for seed in range(3):
        shuffled = Random(seed).sample(rest, len(rest))
        assert faults_of(graded("\n\n".join([first, *shuffled]), sample.ideal.text)) == before


def test_a_grade_is_the_same_each_time() -> None:
    for folder in SAMPLES:
        sample = load_sample(folder)
        assert grade(sample, load_rubric()).to_json() == grade(sample, load_rubric()).to_json()


PIECES = [piece for folder in SAMPLES for piece in sections((folder / "MODEL_RESPONSE.md").read_text(encoding="utf-8"))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5), st.integers(0, 400), st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=4))
def test_any_mixture_of_files_cut_anywhere_is_graded(pieces: list[str], cut: int, noise: str, ideal: list[str]) -> None:
    """Pieces of several dialects, one of them cut and followed by noise: the worst a model writes. It is graded, and what is said is sound."""
    text = "\n\n".join(pieces)
    sample = Sample(
        "mixture",
        Source("MODEL_RESPONSE.md", f"{text[: max(0, len(text) - cut)]}{noise}".replace("\r", "\n")),
        Source("IDEAL_RESPONSE.md", "\n\n".join(ideal)),
    )
    record = grade(sample, load_rubric())
    assert record.status in {Status.GRADED, Status.NO_CODE}, record.notes
    assert not any(note.kind == "detector-failed" for note in record.notes), record.notes
    assert_sound(record, sample)
