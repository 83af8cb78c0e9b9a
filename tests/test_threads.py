"""What each thread has for itself: parsers keep a state while they parse."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from grader.languages.trees import parser
from grader.markdown.fences import _parser as markdown_parser
from grader.threads import per_thread

MAKERS: tuple[Callable[[], object], ...] = (lambda: parser("tree_sitter_go"), markdown_parser)


@pytest.mark.parametrize("make", MAKERS)
def test_a_parser_belongs_to_one_thread(make: Callable[[], object]) -> None:
    together = Barrier(4)

    def twice(_: int) -> tuple[object, object]:
        together.wait(10)
        return make(), make()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(twice, range(4)))
    assert all(first is second for first, second in found)
    assert len({id(first) for first, _ in found}) == 4


def test_other_arguments_make_another_value() -> None:
    made: list[tuple[int, int]] = []

    @per_thread
    def make(one: int, two: int = 0) -> object:
        made.append((one, two))
        return object()

    assert make(1) is make(1)
    assert make(1) is not make(2)
    assert make(1, two=3) is make(1, two=3)
    assert made == [(1, 0), (2, 0), (1, 3)]
