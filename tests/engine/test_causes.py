"""From hits to causes: grouping, quoting, what the ideal shares, and a detector that fails."""

from __future__ import annotations

from collections.abc import Iterator

from grader.detectors import Detector
from grader.engine.causes import find, split_shared
from grader.model.documents import Block, Document, File, Role
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Kind, Side, Stage
from grader.model.solutions import Pair, Requirements, Solution
from grader.model.spans import Span

LINES = ("# Title", "```python", "one", "two", "three", "```")


def solution() -> Solution:
    text = "\n".join(LINES)
    block = Block("one\ntwo\nthree", 3, 5, "python", "python", Role.FILE)
    return Solution(Document(text, LINES, (block,), (File(block.text, 3, "python"),)))


def detector_of(*hits: Hit | Unchecked) -> Detector:
    return Detector("syntax-error", Kind.SYNTAX_ERROR, lambda _: iter(hits), "", compares=False)


def hit(line: int, entity: str, cause: str = "", **more: object) -> Hit:
    return Hit(f"about {entity}", Span(line, line), entity, cause=cause, **more)  # type: ignore[arg-type]  # facts of a test


def test_hits_of_one_cause_are_one_fault_in_the_order_of_the_document() -> None:
    findings = find(Pair(solution()), [detector_of(hit(5, "a", "x"), hit(3, "b", "x"), hit(4, "c"))])
    assert [(cause.entity, [one.entity for one in cause.hits]) for cause in findings.causes] == [("x", ["b", "a"]), ("c", ["c"])]


def test_evidence_quotes_the_lines_once_with_the_language_of_their_block() -> None:
    (cause,) = find(Pair(solution()), [detector_of(hit(4, "a", "x", note="seen"), hit(4, "b", "x"))]).causes
    (evidence,) = cause.evidence
    assert (evidence.side, evidence.span, evidence.text, evidence.language, evidence.note) == (Side.ANSWER, Span(4, 4), "two", "python", "seen")


def test_the_lines_of_the_prompt_are_evidence_too() -> None:
    pair = Pair(solution(), task=Requirements("one\nmust", ("one", "must")))
    (cause,) = find(pair, [detector_of(hit(4, "a", prompt=(Span(2, 2),)))]).causes
    assert [(one.side, one.text) for one in cause.evidence] == [(Side.ANSWER, "two"), (Side.PROMPT, "must")]


def test_a_cause_stops_the_earliest_stage_of_its_hits() -> None:
    (cause,) = find(
        Pair(solution()), [detector_of(hit(3, "a", "x"), hit(4, "b", "x", stops=Stage.DEPLOY), hit(5, "c", "x", stops=Stage.BUILD))]
    ).causes
    assert cause.stops is Stage.BUILD


def test_what_the_ideal_has_too_is_shared_hit_by_hit() -> None:
    pair = Pair(solution(), solution())
    mine = find(pair, [detector_of(hit(3, "a", "x"), hit(4, "b", "x"), hit(5, "c"))]).causes
    theirs = find(Pair(solution()), [detector_of(hit(5, "b", "x"), hit(3, "c"))]).causes
    own, shared = split_shared(mine, theirs, pair)
    assert [[one.entity for one in cause.hits] for cause in own] == [["a"]]
    assert [[one.entity for one in cause.hits] for cause in shared] == [["b"], ["c"]]
    assert own[0].evidence[0].text == "one"


def test_a_detector_that_raises_is_on_record_and_the_others_go_on() -> None:
    def broken(_: Pair) -> Iterator[Hit]:
        yield hit(3, "lost")
        message = "a defect"
        raise RuntimeError(message)

    findings = find(Pair(solution()), [Detector("cost", Kind.COST, broken, "", compares=False), detector_of(hit(4, "kept"), Unchecked("unclear", 5))])
    assert [cause.entity for cause in findings.causes] == ["kept"]
    ((name, trace),) = findings.defects
    assert name == "cost"
    assert "a defect" in trace
    assert [(name, one.reason) for name, one in findings.unchecked] == [("cost", "the detector failed"), ("syntax-error", "unclear")]
