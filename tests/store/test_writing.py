"""Whatever a crash or a hand leaves in a run's folder, resuming gives the bytes of an undisturbed run."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.store.writing import DIGESTS, LEFT, RunFolder

RECORDS = [
    (hashlib.sha256(text.encode()).hexdigest().encode(), f'{{"sample":"{text}"}}\n'.encode()) for text in ("one", "two", "a longer third", "4", "5")
]
WHOLE = b"".join(line for _, line in RECORDS)
CUT = st.integers(0, 5 * 130)


def attempt(folder: Path, records: list[tuple[bytes, bytes]], most: int = 99) -> list[bytes]:
    """Go through the records as a run does, up to `most` new ones; the keys that had to be graded."""
    graded: list[bytes] = []
    with RunFolder(folder, resume=True) as run:
        kept = run.kept()
        waiting = list(records)
        while waiting:
            key, line = next(kept, (b"", b""))
            if key != waiting[0][0]:
                break
            run.accept(line)
            waiting.pop(0)
        run.settle()
        for key, line in waiting:
            known = run.left(key)
            if known is None:
                if len(graded) == most:
                    return graded
                graded.append(key)
            run.append(key, known or line)
        run.done()
    return graded


def shortened(folder: Path, name: str, at: int) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:at])


@settings(deadline=None, max_examples=50)
@given(CUT, CUT)
def test_files_cut_anywhere_are_completed(grades: int, digests: int) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "run"
        assert len(attempt(folder, RECORDS)) == 5
        shortened(folder, "grades.jsonl", grades)
        shortened(folder, DIGESTS, digests)
        whole_lines = min(WHOLE[:grades].count(b"\n"), digests // 130)
        assert len(attempt(folder, RECORDS)) == 5 - whole_lines
        assert (folder / "grades.jsonl").read_bytes() == WHOLE
        assert attempt(folder, RECORDS) == []


@settings(deadline=None, max_examples=50)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_changed_byte_costs_its_line(at: int, byte: int) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "run"
        attempt(folder, RECORDS)
        (folder / "grades.jsonl").write_bytes(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])
        assert len(attempt(folder, RECORDS)) <= 2  # two, where the byte was the end of a line
        assert (folder / "grades.jsonl").read_bytes() == WHOLE


@settings(deadline=None, max_examples=50)
@given(st.permutations(RECORDS), st.integers(0, 5), st.integers(0, 5), CUT)
def test_any_other_set_of_samples_keeps_what_it_shares_through_more_crashes(
    order: list[tuple[bytes, bytes]], taken: int, most: int, cut: int
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "run"
        attempt(folder, RECORDS[:taken])
        first = attempt(folder, order, most)
        second = attempt(folder, order)
        assert len(first) + len(second) == 5 - taken
        assert (folder / "grades.jsonl").read_bytes() == b"".join(line for _, line in order)
        shortened(folder, "grades.jsonl", cut)
        attempt(folder, order)
        assert (folder / "grades.jsonl").read_bytes() == b"".join(line for _, line in order)
        assert not (folder / LEFT).exists()
