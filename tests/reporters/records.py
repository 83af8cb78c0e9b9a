"""Records for tests of the reporters: the smallest one of each status, and faults of any text."""

from __future__ import annotations

from typing import Any

from grader.results import Record

ANSWER, IDEAL = "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md"


def fault(number: int = 1, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of any type, checked by pydantic
    """A fault as plain data; what is given stands in place of the usual."""
    return {
        "number": number,
        "criterion": "missing-asset",
        "kind": "missing-asset",
        "category": "implementation",
        "severity": "critical",
        "confidence": "high",
        "proof": "self",
        "title": "The asset directory `functions/store` is not in the answer",
        "problem": "`Code.fromAsset` reads `functions/store` (line 83).",
        "impact": ["`cdk synth` fails (line 83)."],
        "correction": {"text": "Give the code.", "snippets": [quote(5, "Code.fromInline('x')", "typescript")]},
        "locations": [{"side": "answer", "line": 83, "end_line": 83}],
        "evidence": [evidence(83, "Code.fromAsset('functions/store')", "typescript", "no file lies there")],
        "entities": ["functions/store"],
        "cost": 12.0,
        **given,
    }


def quote(line: int, text: str, language: str) -> dict[str, Any]:
    """Lines of a document as plain data."""
    return {"line": line, "end_line": line + text.count("\n"), "language": language, "text": text}


def evidence(line: int, text: str, language: str = "text", note: str = "") -> dict[str, Any]:
    """Quoted lines of the answer as plain data."""
    return {"side": "answer", "note": note, **quote(line, text, language)}


def record(*faults: dict[str, Any], **given: Any) -> Record:  # noqa: ANN401 - fields of any type, checked by pydantic
    """A graded record with these faults."""
    return Record.model_validate(
        {
            "sample": "cdk-ts/one",
            "dialect": "cdk-ts",
            "answer": ANSWER,
            "ideal": IDEAL,
            "prompt": None,
            "status": "graded",
            "rubric": {"name": "default", "version": 1, "digest": "sha256:0"},
            "score": 88.0,
            "verdict": "does-not-build" if faults else "acceptable",
            "categories": [{"id": "implementation", "title": "Implementation", "points": 25.0, "earned": 13.0, "faults": len(faults)}],
            "faults": faults,
            **given,
        }
    )


NO_GRADE: dict[str, Any] = {"score": None, "verdict": None, "categories": [], "dialect": ""}
"""What an unreadable or failed record has in place of a grade."""
