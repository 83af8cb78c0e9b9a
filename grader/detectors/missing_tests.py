"""Tests that the prompt asks for and the answer does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.prompts.sentences import demands, firm

if TYPE_CHECKING:
    from grader.model.solutions import Pair

_ASKS = re.compile(r"\b(?:unit|integration|end-to-end) tests?\b|\btest (?:suite|coverage|files?)\b|\bcomprehensive tests\b", re.IGNORECASE)
_STEP = re.compile(r"\b(?:run|runs|running|execut\w+|stage|pipeline|codebuild|during)\b", re.IGNORECASE)
"""Words of a step that runs tests, which asks for none."""
_IN_CODE = re.compile(r"\b(?:describe|it|test)\(['\"]|\bdef test_\w+\(|\bfunc Test\w+\(|^\s*@Test\b|^run \"|Template\.from_?[sS]tack\(", re.MULTILINE)


@detector(Kind.MISSING_TESTS)
def missing_tests(pair: Pair) -> Iterator[Hit]:
    """Tests that the prompt asks for and the answer does not hold.

    Nothing shows that the solution does what was asked.

    Not flagged: a wish for code that can be tested; prompts that leave tests open; answers with a test in any file.

    Example: "write unit tests" in the prompt, and no file under `test/`.
    """
    asked = next((one for one in demands(pair.task) if not _STEP.search(one.text) and _asks(one.text)), None)
    if asked is None or not pair.answer.resources:
        return
    if any((file.name and is_test(file.name)) or _IN_CODE.search(file.text) for file in pair.answer.files):
        return
    yield Hit(
        f"the prompt asks for tests (line {asked.line}); no file of the answer holds one",
        at=None,
        entity="tests",
        entities=("test", "test/", "tests/"),
        variant="none",
        proof=Proof.PROMPT,
        prompt=(Span(asked.line, asked.line),),
        seek=("describe", "Template.fromStack"),
        facts={"asked": asked.text[:160].rstrip(" ."), "prompt_line": asked.line},
    )


def _asks(text: str) -> bool:
    found = _ASKS.search(text)
    return found is not None and firm(text, *found.span())
