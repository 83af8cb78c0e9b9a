"""Steps that look at one pair alone: each gives the reason to drop it, or nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from grader.curation.pairs import code_digest, same_text
from grader.model.kinds import Kind, Severity, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.curation.pairs import Pair
    from grader.rubric import Rubric

_SAME = {
    "typescript": "ts", "javascript": "js", "python": "py", "yml": "yaml", "golang": "go", "terraform": "tf", "cloudformation": "cfn", "sam": "cfn", "cicd": "cicd",
}  # fmt: skip
_PLAIN = "\t\n\f\x0b"
_LEAST = 80
_WORDS = re.compile(r"\w+")


def unusable(pair: Pair) -> str:
    """An answer that is unreadable, or at which the grader failed."""
    record = pair.record
    if record.status in {Status.UNREADABLE, Status.FAILED}:
        return f"{record.status.value}: {record.notes[-1].text.strip().splitlines()[-1][:120] if record.notes else 'no reason given'}"
    return "" if pair.sample.answer is not None else "the answer is no longer where the run found it"


def no_prompt(pair: Pair) -> str:
    """A pair without a task that can be read."""
    return "" if pair.prompt.strip() else "no prompt"


def non_text(pair: Pair) -> str:
    """A text with replacement or control characters: pasted bytes of another encoding."""
    for name, text in (("prompt", pair.prompt), ("answer", pair.answer), ("ideal", pair.ideal)):
        for number, line in enumerate(text.split("\n"), 1):
            if line.isascii() and line.isprintable():
                continue
            for letter in line:
                if letter == "\N{REPLACEMENT CHARACTER}" or (letter not in _PLAIN and unicodedata.category(letter) in {"Cc", "Cs"}):
                    return f"{name}, line {number}: U+{ord(letter):04X}"
    return ""


def placeholder(pair: Pair) -> str:
    """An answer without code: prose, a placeholder, nothing."""
    if pair.record.status is Status.NO_CODE:
        return "placeholder answer" if len(_WORDS.findall(pair.answer)) < _LEAST else "answer in prose, without code"
    return ""


def ideal_without_code(pair: Pair) -> str:
    """A pair without an ideal, or with one that holds no code."""
    if not pair.ideal.strip():
        return "no ideal"
    told = any(note.kind == "ideal-without-code" for note in pair.record.notes)
    return "ideal without code" if told or not any(file.text.strip() for file in pair.wanted.files) else ""


def equal_to_ideal(pair: Pair) -> str:
    """An answer that is the ideal: the same text or the same code, white space aside."""
    if not pair.answer.strip() or not pair.ideal.strip():
        return ""
    if same_text(pair.answer) == same_text(pair.ideal):
        return "answer and ideal are one text"
    code = code_digest(pair.answered)
    return "answer and ideal hold the same code" if code and code == code_digest(pair.wanted) else ""


def truncated(pair: Pair) -> str:
    """An answer or an ideal that breaks off, or has comments in place of code."""
    for faults, side in ((pair.record.faults, "answer"), (pair.record.shared, "answer and ideal")):
        for fault in faults:
            if fault.kind is Kind.TRUNCATED_RESPONSE:
                return f"{side}: {fault.criterion}"
    only = any(note.kind == "ideal-fault" and "truncated-response" in note.text.split(":", 1)[0] for note in pair.record.notes)
    return "ideal: truncated-response" if only else ""


def dialect(pair: Pair) -> str:
    """Metadata that name another platform or language than the ideal (without one, the answer) is written in."""
    found = (pair.wanted.dialect if pair.ideal else "") or ("" if pair.ideal else pair.record.dialect)
    if "-" not in found:
        return ""
    said = [_plain(pair.metadata.get(key)) for key in ("platform", "language")]
    if not all(said):
        return ""
    shown = [_plain(word) for word in found.rsplit("-", 1)]
    return "" if said == shown else f"metadata say {'-'.join(said)}, the code is {'-'.join(shown)}"


def suspect_ideal(pair: Pair) -> str:
    """An ideal with grave faults of its own: critical or high ones that the answer shares, or that only the ideal has and that stop it."""
    shared = [fault for fault in pair.record.shared if fault.severity in {Severity.CRITICAL, Severity.HIGH}]
    if shared:
        return f"ideal shares {shared[0].kind.value}"
    for note in pair.record.notes:
        found = re.match(r"only the ideal has this ([a-z-]+)", note.text) if note.kind == "ideal-fault" else None
        if found and found[1] in _GRAVE:
            return f"only the ideal has {found[1]}"
    return ""


_GRAVE = {
    str(one)
    for one in (
        Kind.SYNTAX_ERROR, Kind.MISSING_IMPLEMENTATION, Kind.MISSING_ASSET, Kind.INVALID_API, Kind.INVALID_VALUE, Kind.BROKEN_REFERENCE,
        Kind.SECRETS_EXPOSURE, Kind.WRONG_PLATFORM, Kind.WRONG_REGION, Kind.LOGIC_ERROR,
    )
}  # fmt: skip


def within(name: str, low: float, high: float) -> Callable[[Pair, float | None], str]:
    """A number that must lie in a range, both ends included."""

    def check(_pair: Pair, number: float | None) -> str:
        if number is None:
            return f"no {name}"
        return "" if low <= number <= high else f"{name} below {low:g}" if number < low else f"{name} above {high:g}"

    return check


def verdicts(wanted: frozenset[str]) -> Callable[[Pair], str]:
    """Verdicts that are kept."""

    def check(pair: Pair) -> str:
        said = pair.record.verdict.value if pair.record.verdict else "no verdict"
        return "" if said in wanted else f"verdict {said}"

    return check


def audited(rubric: Rubric, most: float) -> Callable[[Pair], str]:
    """A failure document of which more than a share of the claims that can be checked is contradicted."""
    from grader.audit import Finding, audit  # noqa: PLC0415 - only this step needs it
    from grader.loader import Source  # noqa: PLC0415 - likewise

    def check(pair: Pair) -> str:
        if not pair.failures or not pair.answer:
            return ""
        found = audit(pair.sample, Source("MODEL_FAILURES.md", pair.failures), rubric)
        wrong, right = found.count(Finding.CONTRADICTED), found.count(Finding.CONFIRMED)
        return f"contradicts more than {most:.0%} of its failure document's claims" if wrong and wrong / (wrong + right) > most else ""

    return check


def _plain(word: object) -> str:
    said = str(word or "").strip().lower()
    return _SAME.get(said, said)
