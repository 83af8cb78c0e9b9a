"""Claims that blame a name which the answer does not hold at all, while the ideal does: they describe another text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.audit.claims import Claim, Proof
from grader.audit.words import says_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.audit.sources import Text

_NAME = re.compile(
    r"(?<![\w./@-])(?:var\.|local\.|self\.|this\.)?(?P<name>[a-z]+(?:_[a-z0-9]+){2,}|[A-Za-z][a-z0-9]+(?:[A-Z][a-z0-9]+){2,})(?![\w/@-]|\.\w)"
)
_BLAMES = re.compile(
    r"\b(?:uses?|used|using|wrapped|based on|calls|references?|relies on|depends on|sets?|declares?|declared|defines?|defined|passes|passed|hard-?coded|controlled by|conditional on)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"\b(?:should|must|instead|rather|required?s?|requirement|expected|ideal|correct\w*|fix\w*|need\w*|add(?:ed|s|ing)?|not|no|never|without|lack\w*|miss\w*|error|fail\w*|now|"
    r"solution|test\w*|prompt|would|could|like|e\.g|such as|version|deprecated|invalid|unknown|undefined|replac\w*|chang\w*|to use|use of|better|only|integration|ci)\b|n't|\?",
    re.IGNORECASE,
)
_FIXES = re.compile(
    r"\b(?:ideal|fix|fixed|solution|correct\w*|resolution|recommend\w*|expected|requirement|should|after|impact|why|evidence|improve\w*|actual|error)\b",
    re.IGNORECASE,
)
_PRAISES = re.compile(
    r"\b(?:implement\w*|add(?:ed|s)?|enhanc\w*|improv\w*|test\w*|coverage|ideal|fixed|resolved|solution|completed|document\w*|generic)\b",
    re.IGNORECASE,
)
_FOLD = re.compile(r"[^a-z0-9]")
_LABEL = re.compile(r"^(?:\*\*|__)?(?P<label>[A-Z][\w /()-]{2,50}?)(?:\*\*|__)?:")


def strangers(claim: Claim, answer: Text, ideal: Text | None) -> Iterator[Proof]:
    """Proof that every name a claim blames stands nowhere in the answer, not in its prose either, and all of them in the ideal.

    Silent where the claim says that something is absent, where it speaks of tests or praises, and where one name is unsure.
    """
    if ideal is None or not ideal.has_code or claim.absent or says_absent(claim.title) or _PRAISES.search(claim.title):
        return
    names = list(dict.fromkeys(_blamed(claim)))
    if not names:
        return
    whole, wanted = _FOLD.sub("", answer.document.text.lower()), _FOLD.sub("", ideal.document.text.lower())
    folded = [_FOLD.sub("", name.lower()) for name in names]
    if any(name in whole for name in folded) or not all(name in wanted for name in folded):
        return
    place = ideal.find_word(names[0])
    yield Proof(
        text=f"`{names[0]}`, which it blames, stands nowhere in the answer; the ideal has it",
        side="ideal" if place else "answer",
        line=place[0] if place else None,
        end_line=place[0] if place else None,
    )


def _blamed(claim: Claim) -> Iterator[str]:
    """Names in sentences that say what the answer has; none from a sentence with a doubt, and nothing below a label of a fix."""
    skipped = False
    for line in claim.text.split("\n"):
        label = _LABEL.match(line)
        if label:
            skipped = _FIXES.search(label["label"]) is not None
        if skipped:
            continue
        for sentence in re.split(r"(?<=[.!?])\s", line):
            if _BLAMES.search(sentence) and not _DOUBTS.search(sentence):
                for found in _NAME.finditer(sentence):
                    yield found["name"]
