"""Phrases of the wording: a line and its word agree."""

from __future__ import annotations

import pytest

from grader.rubric.phrases import line_count, line_list, plural


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([(77, 77)], "line 77"),
        ([(77, 77)] * 3, "line 77"),
        ([(7, 9)], "lines 7-9"),
        ([(7, 7), (8, 8)], "lines 7-8"),
        ([(7, 7), (12, 12)], "lines 7 and 12"),
    ],
)
def test_the_word_agrees_with_the_lines(spans: list[tuple[int, int]], said: str) -> None:
    assert f"{plural(line_count(spans), 'line')} {line_list(spans)}" == said
