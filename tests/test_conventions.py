"""Conventions as tests: what a file, a detector, a language and a front end must be like, asserted in a loop over all of them."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from grader.detectors import Detector, detectors
from grader.frontends import Frontend, frontends
from grader.languages import language_module, languages
from grader.model.documents import LANGUAGES
from grader.model.kinds import Kind
from grader.rubric import load_rubric
from tests.markdown_cases import detector_of, read_cases

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "grader"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
CASES = ROOT / "tests" / "detectors"
MOST_LINES = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "misc", "shared"}


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_file_says_first_why_it_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""'), "the first line is the module's docstring"
    first = (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]
    assert first.endswith((".", ":")), f"a sentence: {first!r}"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_file_has_one_reason_to_exist(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines"
    vague = VAGUE.intersection((path.stem, *path.relative_to(PACKAGE).parts[:-1]))
    assert not vague, f"{vague} names no reason"


def test_some_detector_is_found() -> None:
    assert detectors()


@pytest.mark.parametrize("one", detectors(), ids=lambda one: one.name)
def test_a_detector_is_one_word_everywhere(one: Detector) -> None:
    file = Path(inspect.getsourcefile(one.detect) or "")
    assert file.parent == PACKAGE / "detectors"
    assert one.name == file.stem.replace("_", "-") == one.detect.__name__.replace("_", "-")
    assert one.name in set(Kind), f"{one.name} is no kind of fault"
    assert one.kind == one.name, f"{one.name} states {one.kind}"


@pytest.mark.parametrize("one", detectors(), ids=lambda one: one.name)
def test_a_detector_documents_itself(one: Detector) -> None:
    paragraphs = one.doc.split("\n\n")
    first = paragraphs[0]
    assert "\n" not in first, "the first paragraph is one line"
    assert first.endswith("."), first
    assert any(paragraph.startswith("Not flagged:") for paragraph in paragraphs[1:]), "a paragraph `Not flagged:` is missing"


@pytest.mark.parametrize("one", detectors(), ids=lambda one: one.name)
def test_a_detector_has_a_case_that_fires_and_one_that_is_silent(one: Detector) -> None:
    path = CASES / f"{one.name.replace('-', '_')}.md"
    assert path.is_file(), f"{place(path)} is missing"
    cases = read_cases(path.read_text(encoding="utf-8"))
    assert any(case.expected for case in cases), "no case fires"
    assert any(not case.expected for case in cases), "no case is silent"
    unwritten = [case.name for case in cases if "expect" not in case.parts]
    assert not unwritten, "cases without `text expect`"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.md")), ids=place)
def test_cases_belong_to_a_detector(path: Path) -> None:
    assert detector_of(path) in {one.name for one in detectors()}


def test_the_default_rubric_prices_every_detector() -> None:
    priced = {criterion.detector for criterion in load_rubric().criteria}
    assert priced == {one.name for one in detectors()}


def test_every_language_has_its_module() -> None:
    assert set(languages()) == set(LANGUAGES)


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_has_the_shape_of_its_protocol(name: str) -> None:
    module = language_module(name)
    assert module is not None
    assert name in module.LANGUAGES
    assert list(inspect.signature(module.parse).parameters) == ["file"]
    assert list(inspect.signature(module.link).parameters) == ["units", "document"]


def test_some_front_end_is_found() -> None:
    assert {one.FRAMEWORK for one in frontends()} >= {"cdk", "cdktf", "cfn", "pulumi", "tf"}


@pytest.mark.parametrize("one", frontends(), ids=lambda one: one.FRAMEWORK)
def test_a_front_end_has_the_shape_of_its_protocol(one: Frontend) -> None:
    assert list(inspect.signature(one.claims).parameters) == ["unit"]
    assert list(inspect.signature(one.read).parameters) == ["units", "document"]
    assert inspect.signature(one.claims).return_annotation == "bool"
