"""Collects Markdown cases as tests, and gives tests the corpus of real samples where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.case_runs import run_case
from tests.markdown_cases import Case, CaseError, detector_of, read_cases, with_expectation

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent
CORPUS = Path(os.environ.get("GRADER_CORPUS") or ROOT.parent / "shared" / "corpus")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grader")
    group.addoption("--update-cases", action="store_true", help="write what detectors say into the Markdown cases")
    group.addoption("--update-samples", action="store_true", help="write the records of the shipped samples")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CORPUS.is_dir():
        return
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(pytest.mark.skip(reason=f"no corpus at {CORPUS}"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real samples, `<dialect>/<id>/` each."""
    return CORPUS


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".md" and file_path.parent == ROOT / "tests" / "detectors":
        return CaseFile.from_parent(parent, path=file_path)
    return None


class CaseFile(pytest.File):
    """A file of cases: one test a heading."""

    def collect(self) -> Iterable[pytest.Item]:
        try:
            cases = read_cases(self.path.read_text(encoding="utf-8"))
        except CaseError as error:
            message = f"{self.path}: {error}"
            raise self.CollectError(message) from error
        for case in cases:
            item: CaseItem = CaseItem.from_parent(self, name=case.name)
            item.case = case
            yield item


class CaseItem(pytest.Item):
    """One case: the real pipeline on its answer, and what the detector of the file says."""

    case: Case

    def runtest(self) -> None:
        found = run_case(self.case, detector_of(self.path))
        if found == self.case.expected and "expect" in self.case.parts:
            return
        if self.config.getoption("--update-cases"):
            text = self.path.read_text(encoding="utf-8")
            self.path.write_text(with_expectation(text, self.name, found), encoding="utf-8")
            return
        raise Unexpected(self.case.expected, found)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> str:  # noqa: ARG002 - the failure has one style
        if isinstance(excinfo.value, Unexpected):
            expected, found = excinfo.value.args
            missing = [f"- {line}" for line in expected if line not in found]
            extra = [f"+ {line}" for line in found if line not in expected]
            differing = [*missing, *extra] or ["the same faults in another order:", *(f"  {line}" for line in found)]
            return "\n".join([f"{self.path}:{self.case.line}: {self.name}", *differing])
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.line - 1, self.name


class Unexpected(Exception):  # noqa: N818 - it is shown as a difference, not as an error
    """What was expected and what was found differ."""
