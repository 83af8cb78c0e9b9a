"""SARIF 2.1.0 (OASIS): a rule a criterion, a result a fault, at its lines of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from grader.model.kinds import Severity, Side, Status
from grader.reporters._words import visible

if TYPE_CHECKING:
    from grader.results.records import Fault, Location, Record
    from grader.store import Run

FORMAT = "sarif"
BINARY = False
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_RANKS = {Severity.CRITICAL: 95.0, Severity.HIGH: 75.0, Severity.MEDIUM: 50.0, Severity.LOW: 25.0}
_CONTEXT = 9
"""Code scanning shows the first places of a result; more stay in the record."""


def write(run: Run, records: Iterable[Record], out: BinaryIO) -> None:
    """Write one log with one run. Paths are `<sample>/<answer>`, relative to where the samples lie."""
    rules: dict[str, dict[str, Any]] = {}
    results: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    for record in records:
        uri = quote(f"{record.sample}/{record.answer}".encode("utf-8", "replace"))
        if record.status in {Status.UNREADABLE, Status.FAILED}:
            text = record.notes[0].text.strip().splitlines()[-1] if record.notes else str(record.status)
            notices.append({"level": "error", "message": {"text": visible(text)}, "locations": [_at(uri, None)]})
        for fault in record.faults:
            rules.setdefault(fault.criterion, _rule(fault))
            results.append(_result(fault, uri, list(rules).index(fault.criterion)))
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "grader", "semanticVersion": run.version, "rules": list(rules.values())}},
                "invocations": [{"executionSuccessful": not notices, "toolExecutionNotifications": notices}],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    out.write(json.dumps(log, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")


def _rule(fault: Fault) -> dict[str, Any]:
    return {
        "id": fault.criterion,
        "name": "".join(word.capitalize() for word in fault.criterion.split("-")),
        "shortDescription": {"text": f"{fault.criterion.replace('-', ' ')} ({fault.category})"},
        "defaultConfiguration": {"level": _LEVELS[fault.severity]},
        "properties": {"tags": [fault.kind.value, fault.category], "precision": fault.confidence.value},
    }


def _result(fault: Fault, uri: str, index: int) -> dict[str, Any]:
    own = [one for one in fault.locations if one.side is Side.ANSWER]
    identity = "\0".join([uri, fault.criterion, *sorted(fault.entities)]).encode("utf-8", "replace")
    text = " ".join([fault.title, fault.problem, *fault.impact, fault.correction.text])
    return {
        "ruleId": fault.criterion,
        "ruleIndex": index,
        "level": _LEVELS[fault.severity],
        "rank": _RANKS[fault.severity],
        "message": {"text": visible(" ".join(text.split()))},
        "locations": [_at(uri, own[0] if own else None)],
        "relatedLocations": [{"id": number, **_at(uri, one)} for number, one in enumerate(own[1 : _CONTEXT + 1], 1)],
        "partialFingerprints": {"grader/v1": sha256(identity).hexdigest()},
    }


def _at(uri: str, place: Location | None) -> dict[str, Any]:
    region = {"startLine": place.line, "endLine": place.end_line} if place is not None else {"startLine": 1}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
