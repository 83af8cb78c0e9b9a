"""Reading runs: the summary of one, and the comparison of two."""

from __future__ import annotations

from grader.summary.answers import Answer, answer_of, read_answers
from grader.summary.comparing import Comparison, compare
from grader.summary.summarising import THRESHOLD, Summary, summarise

__all__ = ["THRESHOLD", "Answer", "Comparison", "Summary", "answer_of", "compare", "read_answers", "summarise"]
