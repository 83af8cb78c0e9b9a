"""Samples from disk: every place a file may lie, and every way in which it may not be readable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.loader import SampleError, load_files, load_sample
from grader.source import MOST_BYTES, UnreadableError, decode, read_text

TEXT = "## main.tf\n\n```hcl\nlocals {\n  a = 1\n}\n```\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "tf-hcl" / "one"
    path.mkdir(parents=True)
    (path / "MODEL_RESPONSE.md").write_text(TEXT, encoding="utf-8")
    return path


def test_a_sample_has_its_last_two_folders_as_name_and_what_there_is(folder: Path) -> None:
    (folder / "IDEAL_RESPONSE.md").write_text(TEXT, encoding="utf-8")
    (folder / "metadata.json").write_text('{"platform": "tf"}', encoding="utf-8")
    sample = load_sample(folder)
    assert sample.name == "tf-hcl/one"
    assert sample.answer is not None
    assert (sample.answer.name, sample.answer.text) == ("MODEL_RESPONSE.md", TEXT)
    assert sample.ideal is not None
    assert sample.prompt is None
    assert sample.metadata == {"platform": "tf"}


def test_files_may_lie_in_lib(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "MODEL_RESPONSE.md").rename(folder / "lib" / "MODEL_RESPONSE.md")
    (folder / "lib" / "IDEAL_RESPONSE.md").write_text(TEXT, encoding="utf-8")
    (folder / "PROMPT.md").write_text("Make it.", encoding="utf-8")
    sample = load_sample(folder)
    assert sample.ideal is not None
    assert sample.prompt is not None


def test_other_names_can_be_given(folder: Path) -> None:
    (folder / "draft.md").write_text("draft", encoding="utf-8")
    sample = load_sample(folder, answer="draft.md", ideal="MODEL_RESPONSE.md")
    assert sample.answer is not None
    assert sample.answer.text == "draft"
    assert sample.ideal is not None
    assert load_sample(folder, answer="draft.md", no_ideal=True).ideal is None


def test_two_plain_files_are_a_sample(folder: Path) -> None:
    sample = load_files(folder / "MODEL_RESPONSE.md", folder / "MODEL_RESPONSE.md")
    assert sample.name == "MODEL_RESPONSE"
    assert sample.ideal is not None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path / "none", "no such folder"),
        (lambda path: path / "MODEL_RESPONSE.md", "a file, not the folder"),
        (lambda path: path.parent, "no MODEL_RESPONSE.md in this folder or in its lib/; name the file with --answer"),
    ],
    ids=["missing", "file", "no answer"],
)
def test_what_is_no_sample_is_one_line_with_the_remedy(folder: Path, make: object, words: str) -> None:
    path = make(folder)  # type: ignore[operator]
    with pytest.raises(SampleError) as raised:
        load_sample(path)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_named_file_that_is_missing_is_named_with_its_option(folder: Path) -> None:
    with pytest.raises(SampleError, match=r"no best\.md .* check --ideal"):
        load_sample(folder, ideal="best.md")
    with pytest.raises(SampleError, match="no such file"):
        load_files(folder / "none.md")


def test_a_loop_of_links_is_no_sample(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(SampleError):
        load_sample(loop)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "MODEL_RESPONSE.md").symlink_to(folder / "MODEL_RESPONSE.md")
    with pytest.raises(SampleError):
        load_sample(folder)


BAD = {
    "zero bytes inside": (b"# A\n\x00\x01\x02", "a NUL byte"),
    "another encoding": ("Größe und Maß für alle Übungen. ".encode("latin-1") * 20, "not UTF-8"),
    "broken UTF-16": (b"\xff\xfea\x00b", "broken UTF-16"),
    "too large": (b"a" * (MOST_BYTES + 1), "is the most that is read"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bytes_that_are_no_text_are_an_error_of_that_document_alone(folder: Path, kind: str) -> None:
    data, words = BAD[kind]
    (folder / "IDEAL_RESPONSE.md").write_bytes(data)
    sample = load_sample(folder)
    assert sample.answer is not None
    assert sample.answer.error == ""
    assert sample.ideal is not None
    assert words in sample.ideal.error
    assert sample.ideal.error.startswith("IDEAL_RESPONSE.md: ")
    assert "\n" not in sample.ideal.error


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_an_error_of_that_document(folder: Path) -> None:
    (folder / "MODEL_RESPONSE.md").chmod(0)
    sample = load_sample(folder)
    assert sample.answer is not None
    assert "cannot be read" in sample.answer.error


@pytest.mark.parametrize("data", [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16"), TEXT.replace("\n", "\r\n").encode()])
def test_text_is_the_same_whatever_its_form(data: bytes) -> None:
    assert decode(data, "a.md") == TEXT


def test_stray_bytes_cost_a_sign_and_not_the_text() -> None:
    assert decode(TEXT.encode() + b"it\x92s", "a.md") == f"{TEXT}it\N{REPLACEMENT CHARACTER}s"
    assert decode(TEXT.encode() + b"\n\x00\r\x00\n\x00", "a.md").rstrip() == TEXT.rstrip()


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "line 1: "), ("[1]", "not an object"), ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "metadata.json")],
    ids=["cut", "list", "deep"],
)
def test_metadata_that_cannot_be_read_is_left_out_with_a_note(folder: Path, text: str, words: str) -> None:
    (folder / "metadata.json").write_text(text, encoding="utf-8")
    sample = load_sample(folder)
    assert sample.metadata == {}
    assert [kind for kind, said in sample.notes if words in said] == ["unreadable-metadata"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_one_line(data: bytes) -> None:
    said = ""
    text = ""
    try:
        text = decode(data, "a.md")
    except UnreadableError as error:
        said = str(error)
    assert "\n" not in said
    assert not said or said.startswith("a.md: ")
    assert not {"\r", "\0"} & set(text)


def test_a_file_is_read_by_its_path(folder: Path) -> None:
    assert read_text(folder / "MODEL_RESPONSE.md", "m") == TEXT
    with pytest.raises(UnreadableError, match="no such file"):
        read_text(folder, "m")
