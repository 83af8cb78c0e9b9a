"""Writes docs/detectors.md from the detectors' docstrings, their cases and the default rubric; `--check` only compares."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from grader.detectors import detectors
from grader.rubric import load_rubric
from tests.case_runs import SHARED
from tests.markdown_cases import read_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.detectors import Detector
    from grader.rubric import Criterion
    from tests.markdown_cases import Case

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "detectors.md"
HEAD = """\
# Detectors

<!-- Written by `just docs` from the docstrings, the cases in tests/detectors/ and rubrics/default.yaml. Change those. -->

One heading a kind of fault: what it is, what is not flagged, an example, and what the default rubric makes of it. The id is the same in the file
`grader/detectors/`, in a rubric's `detector`, in the record's `kind` and here. A kind that is marked *compares* is silent where there is no ideal.
"""


def page() -> str:
    """The whole page."""
    priced: dict[str, list[Criterion]] = defaultdict(list)
    for criterion in load_rubric().criteria:
        priced[criterion.detector].append(criterion)
    index = "\n".join(f"- [`{one.name}`](#{one.name}): {_first(one)}" for one in detectors())
    return "\n".join([HEAD, index, "", *(_section(one, priced[one.name]) for one in detectors())])


def _first(one: Detector) -> str:
    return one.doc.splitlines()[0]


def _section(one: Detector, criteria: Sequence[Criterion]) -> str:
    mark = ["*compares*\n"] if one.compares else []
    return "\n".join([f"## {one.name}\n", *mark, f"{one.doc}\n", *_example(one), *_prices(criteria)])


def _example(one: Detector) -> Iterator[str]:
    path = ROOT / "tests" / "detectors" / f"{one.name.replace('-', '_')}.md"
    cases = read_cases(path.read_text(encoding="utf-8")) if path.is_file() else []
    case = next((case for case in cases if case.expected), None)
    if case is None:
        return
    yield f"**A case: {case.name[:1].lower()}{case.name[1:]}.**\n"
    if case.prose:
        yield f"{case.prose}\n"
    for role in ("prompt", "ideal", "answer"):
        text = case.text(role)
        if text is not None:
            yield f"The {role}:\n"
            yield _fenced(text, "markdown")
    yield "What is said:\n"
    yield from _said(case)


def _said(case: Case) -> Iterator[str]:
    for line in case.expected:
        variant, lines, message = (part.strip() for part in line.removeprefix(SHARED).split("|", 2))
        place = f"line{'s' if re.search('[-,]', lines) else ''} {lines}: " if lines != "-" else ""
        yield f"- {place}{message}{'' if variant == '-' else f' (`{variant}`)'}{'; the ideal has it too' if line.startswith(SHARED) else ''}"
    yield ""


def _prices(criteria: Sequence[Criterion]) -> Iterator[str]:
    if not criteria:
        yield "The default rubric does not price it.\n"
        return
    yield "In the default rubric:\n"
    yield "| criterion | category | severity | points each | at most |"
    yield "|---|---|---|---|---|"
    for one in criteria:
        yield f"| `{one.criterion}` | {one.category} | {one.severity} | {one.points.each:g} | {one.points.at_most:g} |"
    yield ""


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def main() -> int:
    """Write the page, or tell with `--check` whether it is that of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 where the page is not that of the code")
    wanted = page()
    if not parser.parse_args().check:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    there = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    difference = list(difflib.unified_diff(there.splitlines(), wanted.splitlines(), "docs/detectors.md", "the code", lineterm=""))
    if difference:
        print("\n".join(difference[:60]), "\ndocs/detectors.md is not that of the code: run `just docs`", sep="\n")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
