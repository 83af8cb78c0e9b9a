"""The prompt as sentences that ask for something, with their lines: prose and list items, without code, options and what is already there."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from grader.model.solutions import Requirements

_HEADING = re.compile(r"^\s*(?:#+\s*(?P<hash>.+)|\*\*(?P<bold>[^*]{3,80})\*\*:?\s*$)")
_ASIDE = re.compile(
    r"optional|bonus|nice[- ]to[- ]have|enhancement|background|context|existing|out of scope|future|current|example|^\W*(?:\d+\W*)?(?:technical |expected |infrastructure )?environments?\b(?! *(?:variables|handling|&|and|-specific|naming))|not (?:required|needed)|reference",
    re.IGNORECASE,
)
"""Headings of parts that describe or wish, and ask for nothing."""
_HEDGE = re.compile(
    r"\b(?:do(?:es)? not|don'?t|doesn'?t|never|without|avoid|instead of|rather than|not (?:be )?(?:use|required|needed|create)|no need|cannot|"
    r"optional(?:ly)?|if (?:needed|possible|required|necessary|applicable|you|using|used|supported)|where (?:applicable|possible|appropriate|needed)|when(?:ever)? possible|"
    r"or|either|alternatively|such as|e\.g\.|for example|consider|may|might|could|existing|already|currently|assume[sd]?|imported?|previously|like|"
    r"skip|remove[ds]?|exclude[ds]?|mock|localstack|permissions?|access to|least[- ]privilege|principals?|managed policies|equivalent|similar|ready|"
    r"if|not|warning|(?:in)?correct|replace|etc|names|launched by|state|fetched|my-\w+|"
    r"requires? (?:aws|python|node|terraform|pulumi)|supports?|prefer(?:red|ably)?)\b|\bno |\be\.g|/",
    re.IGNORECASE,
)
"""Words that make a sentence less than a demand for what it names; a slash gives a choice."""
_DEMAND = re.compile(
    r"\b(?:must|shall|should|needs? to|have to|require[ds]?|create|configure|set up|setup|implement|deploy|use|enable|add|provision|include|integrate|build|establish|"
    r"define|attach|store[ds]?|send|publish|export|launch|write|provide|ensure|want|need|expected outputs?|deliverables?)\b",
    re.IGNORECASE,
)
_NEGATES = re.compile(
    r"\b(?:not|n'?t|never|without|avoid|instead of|rather than|cannot|no|skip|remove[ds]?|exclud\w+|except|if|unless|permissions?|access to|optional(?:ly)?|"
    r"consider\w*|may|might|could|assum\w+|verif(?:y|ies)|checks? (?:that|if|whether|for)|analy[sz]e|audits?|flags?|identify|scans?|for example|such as|e\.g|like|mock|localstack|prefer\w*|forbidden|prohibited|disallow\w*|replace[ds]?|already|endpoints? (?:for|to)|works? with|compatible with|integrat\w+ with existing)\b",
    re.IGNORECASE,
)
"""What turns all that follows in its sentence into less than a demand."""
_DENIES = re.compile(
    r"(?:\b(?:do|does|is|are|should|must|will)(?: not|n't)\b|\bnot (?:required|needed|included|necessary|part of)|\((?:optional|if |may |where |when |note\b|e\.g)|"
    r"\boptional\b|\bcaveat\b|\bwarning\b|\bconsiderations?\b|\bverif(?:y|ied)\b|\bif (?:needed|possible|required|necessary|applicable|available)\b|\bout of scope\b|\bif time\b)",
    re.IGNORECASE,
)
"""What takes back what was named before it."""
_REFUSES = re.compile(r"\b(?:do not|don'?t|must not|should not|never|avoid|without|instead of|rather than)\b[^.,;:]*$", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:()\u2014\u2013]|\s-\s")
_SLASHES = re.compile(
    r"\b(?:ssl/tls|tls/ssl|ci/cd|blue/green|read/write|http/https|24/7|i/o|alb/elb|brotli/gzip|gzip/brotli|ecs/fargate|or (?:later|higher|newer|above|more|longer|greater|less|lower|fewer|equal\w*))\b|`[^`]*`|(?<![\w`])/\S*",
    re.IGNORECASE,
)
"""Slashes and an `or` that give no choice."""
_OR = re.compile(r"\s*,?\s*(?:or|either|etc)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"\b(?:not|never|avoid|without|excluded?|forbidden|prohibited|one of|any of|optional(?:ly)?|either|choose|out of scope|may)\b[^:]*:\W*$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[a-z\d)\]*`\"])[.;!?](?:\s+(?=[A-Z*`\[(-])|\s*$)|\s(?=\d{1,2}[.)] [A-Z])")
_BRACKETS = re.compile(r"^\s*[-*+]?\s*\[.*\]\s*$")
_LISTED = re.compile(r", (?=[A-Z])")
_ITEM = re.compile(r"^\s*(?:[-*+\u2022]|\d{1,2}[.)])\s+")
_MOST = 600
"""A longer sentence is a whole task in one breath; what it negates cannot be told from what it asks."""


class Sentence(NamedTuple):
    """One sentence of the prompt that asks for something: its line, its words, whether it may be hedged, and the headings and items it stands under."""

    line: int
    text: str
    hedged: bool
    under: str = ""


def firm(text: str, start: int, end: int) -> bool:
    """Whether a sentence asks for what it names between two places: nothing before negates it, and its own clause leaves no choice."""
    if _NEGATES.search(text, 0, start) or _DENIES.search(text, end):
        return False
    left = max((found.end() for found in _CLAUSE.finditer(text, 0, start)), default=0)
    right = _CLAUSE.search(text, end)
    close = right.start() if right else len(text)
    if _HEDGE.search(_SLASHES.sub(" ", text[left:close])):
        return False
    return not _OR.match(text, close + 1 if right else close)


def refused(line: str, start: int) -> bool:
    """Whether a line forbids what it names at a place."""
    return _REFUSES.search(line, max(0, start - 60), start) is not None


@lru_cache(maxsize=8)
def demands(task: Requirements) -> tuple[Sentence, ...]:
    """The sentences that ask, in order; fenced code, tables and parts whose heading says that they are optional or describe are left out."""
    found: list[Sentence] = []
    fenced = aside = led = False
    title = ""
    above: list[tuple[int, str]] = []
    for number, line in enumerate(task.lines, 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        if fenced or not line.strip() or line.lstrip().startswith("|"):
            continue
        heading = _HEADING.match(line)
        if heading:
            title = heading["hash"] or heading["bold"]
            aside = bool(_ASIDE.search(title)) and not line.startswith("# ")
            above.clear()
            continue
        item = bool(_ITEM.match(line))
        led = bool(_LEAD.search(line)) or (led and item)
        if aside or led:
            continue
        indent = len(line) - len(line.lstrip())
        while above and (above[-1][0] >= indent or not (item or indent)):
            above.pop()
        under = " / ".join([title, *(text for _, text in above)])
        above.append((indent if item or indent else -1, line.strip()[:120]))
        ends = _LISTED if _BRACKETS.match(line) else _END
        texts = [text for text in ends.split(line[:20_000]) if text and len(text) <= _MOST and (item or _DEMAND.search(text))]
        found += [Sentence(number, text.strip(), bool(_HEDGE.search(text)), under) for text in texts]
    return tuple(found)
