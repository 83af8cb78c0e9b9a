"""The Markdown report, parsed: the shape of a reviewer's report, whatever an answer holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.reporters import report
from tests.reporters.records import NO_GRADE, evidence, fault, quote, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from grader.results import Record

_HEADINGS = ("FAULT", "Summary Table", "Score by Category", "Faults the Ideal Shares", "Could Not Be Checked", "Notes", "Conclusion")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> &amp; &lt;",
    "``` \n# not a heading\n~~~",
    "a | b || c \\| d `x|y` ``",
    "x" * 2_000,
    "`" * 40,
    "\x1b[31mred\x00\x07\r\n\u202etext\u2028\ufeff",
    "",
    "   \n\t\n",
    "- [ ] # > 1. * _ ** __ ~~ [a](javascript:alert(1)) ![b](x) <http://x.example>",
    "\\",
    "---\n===",
    "{{ 7 * 7 }}{% raw %}",
    "|",
    "a **b `c** d` \\` e",
)


def parsed(text: str) -> list[Token]:
    """The tokens of a report as a reader's renderer sees them."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)


def headings(tokens: Sequence[Token]) -> list[str]:
    return [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]


def fences(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.type == "fence"]


def assert_whole(shown: Record) -> list[Token]:
    """Assert what holds of each report; its tokens."""
    text = report(shown, "md")
    tokens = parsed(text)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    assert not [token.content for token in every if token.type in {"html_block", "html_inline", "image", "link_open", "code_block"}]
    said = headings(tokens)
    assert said[0] == "Model Failures Analysis"
    assert said[1].startswith("Comparison:")
    assert said[-1] == "Conclusion"
    assert all(one.startswith(_HEADINGS) for one in said[2:])
    assert [one.split(":")[0] for one in said if one.startswith("FAULT")] == [f"FAULT {one.number}" for one in shown.faults]
    for token in fences(tokens):
        assert token.map is not None
        lines = text.split("\n")
        assert lines[token.map[1] - 1] == token.markup, "a fence is closed by its own mark"
    expected = {"Fault": 4, "Category": 4}
    columns = 0
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            row = tokens[at : next(i for i in range(at, len(tokens)) if tokens[i].type == "tr_close")]
            cells = sum(one.type in {"th_open", "td_open"} for one in row)
            columns = expected[row[2].content] if row[1].type == "th_open" else columns
            assert cells == columns
    assert sum(token.type == "tbody_open" for token in tokens) == bool(shown.faults) + bool(shown.categories and shown.score is not None)
    rows = [line for line in text.split("\n") if re.match(r"\| \d+\. ", line)]
    assert len([row for row in rows if len(re.findall(r"(?<!\\)\|", row)) == 5]) >= len(shown.faults), "no cell holds a bare pipe"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufeff]", text)
    assert text.endswith("\n")
    return tokens


def test_it_has_the_shape_of_a_reviewers_report() -> None:
    text = report(record(fault()), "md")
    order = [
        "# Model Failures Analysis",
        "## Comparison: MODEL_RESPONSE.md vs IDEAL_RESPONSE.md",
        "**1 critical fault** was found:",
        "## FAULT 1: The asset directory `functions/store` is not in the answer",
        "**Location:** MODEL_RESPONSE.md line 83 (critical, Implementation)",
        "**Problem:**\n`Code.fromAsset` reads",
        "**Evidence:**\n\n```typescript\n// Line 83\nCode.fromAsset('functions/store')\n```\n\n- Line 83: no file lies there",
        "**Impact:**\n\n- `cdk synth` fails (line 83).",
        "**Correct Implementation (from IDEAL_RESPONSE.md):**\nGive the code.\n\n```typescript\n// Line 5\nCode.fromInline('x')\n```",
        "## Summary Table\n\n| Fault | Category | Severity | Impact |",
        "| 1. The asset directory `functions/store` is not in the answer | Implementation | **CRITICAL** | `cdk synth` fails (line 83). |",
        "## Conclusion\n\nMODEL_RESPONSE.md **does not build**. It earns 88 of 100 points.",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        (["high"], "The following **1 high fault** was found:"),
        (["high", "high"], "The following **2 high faults** were found:"),
        (["critical", "low"], "The following **2 faults** were found (1 critical and 1 low):"),
        ([], "**No fault** was found."),
    ],
)
def test_the_count_of_faults_is_said_in_right_grammar(severities: list[str], said: str) -> None:
    assert said in report(record(*(fault(at, severity=one) for at, one in enumerate(severities, 1))), "md")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_any_content_stays_in_its_place(text: str) -> None:
    shown = fault(
        title=f"t {text}",
        problem=text,
        impact=[text, text],
        correction={"text": text, "snippets": [quote(1, text, text), quote(9, text, "json")]},
        evidence=[evidence(1, text, "go", text), evidence(40, text, "json", text), evidence(80, text, text, text)],
    )
    beside = {"shared": [shown], "unchecked": [{"detector": text, "reason": text, "line": 3}], "notes": [{"kind": "x", "line": 4, "text": text}]}
    tokens = assert_whole(record(shown, fault(2), **beside))
    assert [one.split(":")[0] for one in headings(tokens)[2:]] == ["FAULT 1", "FAULT 2", *_HEADINGS[1:]]


@pytest.mark.parametrize("text", ["<b>bold</b> `<i>` and ```", "a\n```\nb\n````\nc", "```go\nx := 1"])
def test_quoted_code_is_shown_as_it_is(text: str) -> None:
    tokens = assert_whole(record(fault(evidence=[evidence(7, text, "json")])))
    assert text in [token.content.rstrip("\n") for token in fences(tokens)]


def test_a_long_line_of_code_is_cut_with_a_mark() -> None:
    tokens = assert_whole(record(fault(evidence=[evidence(7, "a" * 2_000, "json")])))
    assert max(len(line) for line in fences(tokens)[0].content.split("\n")) < 200
    assert "\N{HORIZONTAL ELLIPSIS}" in fences(tokens)[0].content


def test_code_that_was_cut_keeps_no_indent() -> None:
    cut = "        - Effect: Allow\n          Action: x\n\N{HORIZONTAL ELLIPSIS}"
    tokens = assert_whole(record(fault(evidence=[evidence(7, cut, "yaml")])))
    assert fences(tokens)[0].content == "# Lines 7-9\n- Effect: Allow\n  Action: x\n\N{HORIZONTAL ELLIPSIS}\n"


def test_an_answer_without_an_ideal_names_none() -> None:
    shown = record(fault(correction={"text": "Give the code.", "snippets": []}), ideal=None)
    assert_whole(shown)
    text = report(shown, "md")
    assert "IDEAL" not in text
    assert "read alone, without an ideal answer" in text
    assert "**Correct Implementation:**\nGive the code." in text


def test_an_answer_without_a_fault() -> None:
    tokens = assert_whole(record(score=100.0))
    assert headings(tokens)[2:] == ["Score by Category", "Conclusion"]


@pytest.mark.parametrize(
    ("status", "words"),
    [("unreadable", "MODEL_RESPONSE.md **could not be read**"), ("failed", "MODEL_RESPONSE.md **could not be graded: the grader failed**")],
)
def test_a_record_without_a_grade_says_why(status: str, words: str) -> None:
    why = "MODEL_RESPONSE.md: byte 7 is no UTF-8 ``` <b>"
    tokens = assert_whole(record(**{**NO_GRADE, "status": status, "notes": [{"kind": status, "line": None, "text": why}]}))
    assert [token.content for token in fences(tokens)] == [f"{why}\n"]
    text = report(record(**{**NO_GRADE, "status": status}), "md")
    assert words in text
    assert "of 100" not in text
    assert "None" not in text


def test_an_answer_without_code_scores_nothing() -> None:
    shown = record(fault(kind="no-code", title="No code: the answer is empty", locations=[], evidence=[]), status="no-code", score=0.0)
    assert_whole(shown)
    assert "MODEL_RESPONSE.md **holds no code to grade**." in report(shown, "md")


_TEXT = st.text(max_size=120) | st.text(alphabet="`|*_<>&~\\#-+=.1)[]!\n\t ab/\"'", max_size=120) | st.sampled_from(HOSTILE)
_QUOTES = st.lists(st.builds(evidence, st.integers(1, 60), _TEXT, st.sampled_from(["go", "json", "yaml", "text"]) | _TEXT, _TEXT), max_size=4)


@settings(max_examples=60, deadline=None)
@given(title=_TEXT, problem=_TEXT, impact=st.lists(_TEXT, max_size=3), correction=_TEXT, quotes=_QUOTES, name=_TEXT, category=_TEXT)
def test_arbitrary_text_keeps_the_report_whole(
    *, title: str, problem: str, impact: list[str], correction: str, quotes: list[dict[str, Any]], name: str, category: str
) -> None:
    one = fault(title=title, problem=problem, impact=impact, evidence=quotes, correction={"text": correction, "snippets": []})
    shown = record(
        one,
        fault(2),
        sample=name,
        answer=name,
        ideal=name,
        categories=[{"id": "implementation", "title": category, "points": 1.0, "earned": 0.0, "faults": 2}],
    )
    assert_whole(shown)
