"""Claims against the answer: what is quoted, what is said to be missing, which lines are cited, and which faults the grader found itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.audit.claims import Checked, Claim, Finding, Part, Proof
from grader.audit.denials import denials
from grader.audit.sources import Text, significant, squeezed
from grader.audit.strangers import strangers

if TYPE_CHECKING:
    from grader.results.records import Fault

_FULL, _HALF = 0.8, 0.5
_NAME = re.compile(r"^(?:[A-Za-z_][\w-]*(?:(?:\.|::)[A-Za-z_]\w*)*)(?:\(\))?$")
_SETTING = re.compile(r"^[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']?\s*(?:=|:)\s*(?P<value>[\"'\w$\[{(].*)$")
_GIVEN = re.compile(
    r"\b(?:us(?:ed|es|ing)|specif(?:ied|ies|ying)|set(?:s|ting)?|ha[ds]|created?|defin(?:ed|es|ing)|hard-?coded|generated|configured|declared|includes?d?)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:should|must|instead of|rather than|required?s?|expected|ideal|correct(?:ly)? (?:is|uses?)|changed? to|replaced? (?:with|by)|need(?:s|ed)?|add(?:ed)?|error|not)\b",
    re.IGNORECASE,
)
_SCOPED = re.compile(r"\b(?:for|in|on|from|of|to|with|between|at|per|across)\b", re.IGNORECASE)
_MISSING_NAME = re.compile(
    r"(?:missing|lack(?:s|ed|ing)?|omit(?:s|ted)?|without|no|never (?:defines|creates|declares)|does not (?:include|define|create|declare|have|import)|did not (?:include|define|create|declare|import)|"
    r"fail(?:s|ed) to (?:include|define|create|declare|import))\s+(?:the |a |an |any |required |necessary )*`(?P<name>[^`]{3,80})`",
    re.IGNORECASE,
)
_ABSENT_NAME = re.compile(
    r"`(?P<name>[^`]{3,80})`\s+(?:\w+ ){0,2}(?:(?:is|was|are|were|resource is|import is)\s+)?(?:missing|absent|not (?:defined|created|declared|included|imported|implemented|present|provided)|never (?:defined|created|declared|imported))",
    re.IGNORECASE,
)
_SPECIFIC = re.compile(r"::|_\w+_|^aws_\w+|[a-z][A-Z]|^[A-Z][a-z]+[A-Z]|\.\w{1,5}$")
_MISSING_NOUN = re.compile(
    r"^(?:missing|no|lack of|absent|absence of|lacks)\s+(?:(?:cloudwatch|aws|amazon|an?|any|s3|iam|ec2|rds|lambda|vpc|sns|sqs|ecs|kms|dynamodb|the|required|dedicated|proper|explicit|stack|api gateway)\s+)*"
    r"(?P<noun>[a-z][a-z ]{4,40}?)(?:\s+(?:resources?|configuration|pre-creation|creation|setup|definition|implementation|component))?(?P<scope>\s+(?:for|in|on|from|of|to|with|between|at|per|across|and)\b.*)?$",
    re.IGNORECASE,
)
_NOT_MADE = re.compile(
    r"^(?P<thing>[A-Za-z][A-Za-z0-9 ]{4,50}?)\s+(?:(?:is|are|was|were)\s+)?(?:not|never)\s+(?:explicitly\s+)?(?:created|defined|deployed|provisioned|declared|included)$",
    re.IGNORECASE,
)
_OWNERS = re.compile(r"\b(?:s3|iam|ec2|rds|lambda|sns|sqs|ecs|kms|dynamodb|api gateway)\b", re.IGNORECASE)
"""Services that narrow a noun: a log group of API Gateway is not any log group."""
_ACTION = re.compile(r"^(?:arn:|[a-z0-9-]+:[A-Z*]\w*\*?$)")
"""An action or a resource name of AWS, which only looks like a setting."""
_VALUED = re.compile(r"^['\"]?(?P<key>[A-Za-z_]\w{3,})['\"]?[=:]'(?P<value>[\w.:/-]{3,})'$")
_TESTS = re.compile(r"\b(?:tests?|testing|coverage|ci/cd|github actions|pipeline file|metadata)\b", re.IGNORECASE)
"""What a document says of files beside the answer, which the answer cannot refute."""
_MOST_BLAMED, _TELLING, _FIRST, _NAME_LEAST = 6, 10, 200, 6
NEAR = 3
"""Lines by which a citation may miss and still mean the place."""


def check(claim: Claim, answer: Text, ideal: Text | None, faults: Sequence[Fault]) -> Checked:
    """The verdict on one claim.

    Confirmed: a fault of the grader says the same, or the code that it quotes as the answer's stands there.
    Contradicted: none of that code stands in the answer, or the very thing that is said to be missing is there.
    Unsupported: nothing of the two; of an answer without code only a name that it does not hold can be refuted.
    """
    if not answer.has_code:
        other = tuple(strangers(claim, answer, ideal)) if answer.document.text.strip() else ()
        if other:
            return Checked(claim=claim, finding=Finding.CONTRADICTED, proofs=other)
        return Checked(claim=claim, finding=Finding.UNSUPPORTED, proofs=(Proof(text="the answer holds no code to check it against"),))
    agreeing = tuple(fault.number for fault in faults if _agree(claim, fault))
    quoted = [*_quoted(claim, answer), *_settings(claim, answer)]
    present = [*_present(claim, answer), *_made(claim, answer), *_otherwise(claim, answer), *_another(claim, answer, ideal)]
    against = [proof for proof, holds in [*quoted, *present] if not holds]
    support = [proof for proof, holds in quoted if holds]
    cited = list(_cited(claim, answer))
    if (agreeing or support) and not present:
        finding = Finding.CONFIRMED
    elif present or (against and not support):
        finding = Finding.CONTRADICTED
    else:
        finding = Finding.UNSUPPORTED
    proofs = (*against, *support) if finding is Finding.CONTRADICTED else (*support, *against)
    return Checked(claim=claim, finding=finding, proofs=(*proofs, *cited, *_mended(claim, ideal)), faults=agreeing)


def _quoted(claim: Claim, answer: Text) -> Iterator[tuple[Proof, bool]]:
    """Blocks that the document gives as the answer's code."""
    outside = _TESTS.search(claim.title) is not None
    for quote in claim.quotes:
        rows = significant(quote.text)
        if (
            quote.part is not Part.MODEL
            or len(rows) < 2
            or quote.language.lower() in {"bash", "sh", "shell", "text", "console", "log", "diff", "plaintext", "markdown"}
        ):
            continue
        places = [answer.find_row(row) for row in rows]
        share = sum(bool(one) for one in places) / len(rows)
        if share >= _HALF:
            line, end = _span([one for one in places if one])
            yield Proof(text=f"{sum(bool(one) for one in places)} of {len(rows)} quoted lines stand in the answer", line=line, end_line=end), True
        elif share == 0 and len(rows) > 2 and not outside and not any(answer.find_word(word) for word in _names(quote.text)):
            yield Proof(text=f"none of the {len(rows)} lines quoted at line {quote.line} of the document stands in the answer"), False


def _names(text: str) -> set[str]:
    """The telling names of a quote: those that occur in few programs."""
    return {word for word in re.findall(r"[A-Za-z_]\w{7,}", text) if _SPECIFIC.search(word)}


def _span(places: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The tightest lines that hold one place of each row, as far as a pass from the rarest finds them."""
    first = min(places, key=len)[0]
    near = [min(one, key=lambda line: abs(line - first)) for one in places]
    near = [line for line in near if abs(line - first) <= 2 * len(places) + 10]
    return min(near), max(near)


def _settings(claim: Claim, answer: Text) -> Iterator[tuple[Proof, bool]]:
    """Settings in code spans that a sentence says the answer has: `engine_version = "15.4"`."""
    for sentence in re.split(r"(?<=[.!?:])\s|\n", f"{claim.title}\n{claim.text}"):
        spans = re.findall(r"`([^`\n]{6,160})`", sentence)
        if not spans:
            continue
        before = sentence.split(f"`{spans[0]}`", 1)[0]
        found = _SETTING.match(spans[0].strip())
        if not found or _WANTED.search(before) or not (_GIVEN.search(before) or not before.strip(" *:-")):
            continue
        lines = answer.find_row(squeezed(spans[0]))
        if lines:
            yield Proof(text=f"`{spans[0]}` stands in the answer", line=lines[0], end_line=lines[0]), True
        elif "..." not in spans[0] and not _ACTION.match(spans[0].strip()) and (own := answer.find_word(found["key"].rsplit(".", 1)[-1])):
            value = re.sub(r"[\"']", "", found["value"]).strip(" ,;")
            if value and squeezed(value) not in answer.whole and _GIVEN.search(before):
                yield (
                    Proof(text=f"`{spans[0]}` stands nowhere in the answer: `{found['key']}` has another value", line=own[0], end_line=own[0]),
                    False,
                )


def _present(claim: Claim, answer: Text) -> Iterator[tuple[Proof, bool]]:
    """Things said to be missing as a whole that are there."""
    for text in (claim.title, claim.text.split("\n", 1)[0]):
        for pattern in (_MISSING_NAME, _ABSENT_NAME):
            for found in pattern.finditer(text):
                name, rest = found["name"].strip(), text[found.end() :].split(".", 1)[0]
                if (
                    not _NAME.match(name)
                    or not _SPECIFIC.search(name)
                    or _SCOPED.match(rest.strip()[:12])
                    or re.match(
                        r"\s*(?:attribute|property|argument|parameter|setting|field|option|block|permission|action|import|declaration|definition|variable|provider|reference|validation|check|handling|test|prefix|suffix|tag)",
                        rest,
                        re.IGNORECASE,
                    )
                ):
                    continue
                lines = answer.find_word(name.removesuffix("()"))
                if lines:
                    yield Proof(text=f"`{name}` is there", line=lines[0], end_line=lines[0]), False


def _made(claim: Claim, answer: Text) -> Iterator[tuple[Proof, bool]]:
    """Resources said to be missing altogether, in words (`Missing log group`), where the answer has one of the type."""
    turned = _NOT_MADE.match(claim.title)
    found = _MISSING_NOUN.match(f"Missing {turned['thing']}" if turned else claim.title)
    if not found or found["scope"] or not (claim.absent or turned):
        return
    owners = [one.lower().replace(" ", "") for one in _OWNERS.findall(found[0])]
    noun = re.sub(r"[^a-z0-9]", "", found["noun"].lower())
    for ending in ("", "es", "s"):
        place = answer.resources.get(noun.removesuffix(ending)) if noun.endswith(ending) else None
        if place is not None and all(one in place[0].lower() for one in owners):
            yield Proof(text=f"`{place[0]}` is there", line=place[1], end_line=place[1]), False
            return


def _otherwise(claim: Claim, answer: Text) -> Iterator[tuple[Proof, bool]]:
    """Blamed lines that the answer does not have, where it has the very lines that the document puts in their place."""
    model = [row for quote in claim.quotes if quote.part is Part.MODEL for row in significant(quote.text)]
    rights = [significant(quote.text) for quote in claim.quotes if quote.part is Part.IDEAL]
    blamed = [row for row in model if not any(row in right for right in rights)]
    if not blamed or len(blamed) > _MOST_BLAMED or any(answer.find_row(row) for row in blamed):
        return
    for right in rights:
        wanted = [row for row in right if row not in model and len(row) >= _TELLING]
        if wanted and all(answer.find_row(row) for row in wanted):
            line = answer.find_row(wanted[0])[0]
            yield Proof(text="the lines it blames stand nowhere in the answer; those that it wants do", line=line, end_line=line), False
            return


def _another(claim: Claim, answer: Text, ideal: Text | None) -> Iterator[tuple[Proof, bool]]:
    """Blamed names or values that only another text has: names of the ideal alone, and settings whose key has other values here."""
    for proof in (*strangers(claim, answer, ideal), *denials(claim, answer)):
        yield proof, False
    model = [row for quote in claim.quotes if quote.part is Part.MODEL for row in significant(quote.text)]
    rights = [row for quote in claim.quotes if quote.part is Part.IDEAL for row in significant(quote.text)]
    blamed = [row for row in model if row not in rights]
    if not rights or len(blamed) != 1 or claim.absent or _TESTS.search(claim.title):
        return
    found = _VALUED.match(blamed[0])
    own = answer.find_word(found["key"]) if found else []
    if found and own and found["value"].lower() not in "".join(answer.document.text.lower().split()):
        yield Proof(text=f"`{found['value']}` stands nowhere in the answer: `{found['key']}` has another value", line=own[0], end_line=own[0]), False


def _cited(claim: Claim, answer: Text) -> Iterator[Proof]:
    """What the cited lines hold, where the document has them at all."""
    for one in claim.cited:
        if one.line > len(answer.lines):
            yield Proof(text=f"line {one.line} is cited, and the answer ends at line {len(answer.lines)}")


def _mended(claim: Claim, ideal: Text | None) -> Iterator[Proof]:
    """Whether the code that the document gives as the ideal's stands in the ideal."""
    for quote in claim.quotes:
        rows = significant(quote.text) if quote.part is Part.IDEAL and ideal is not None and ideal.has_code else []
        if len(rows) < 2 or ideal is None:
            continue
        places = [ideal.find_row(row) for row in rows]
        found = [one for one in places if one]
        if len(found) >= _FULL * len(rows):
            line, end = _span(found)
            yield Proof(text=f"{len(found)} of {len(rows)} lines of the correction stand in the ideal", side="ideal", line=line, end_line=end)
        elif not found:
            yield Proof(text=f"the correction at line {quote.line} of the document stands nowhere in the ideal", side="ideal")


def _agree(claim: Claim, fault: Fault) -> bool:
    """Whether a fault of the grader says what the claim says: a name of the fault in the claim, and a word of its kind or a place near its lines."""
    said = f"{claim.title}\n{claim.text}\n" + "\n".join(claim.code)
    folded = re.sub(r"[^a-z0-9]", "", said.lower())
    telling = [entity for entity in fault.entities if _SPECIFIC.search(entity) or ("/" in entity and " " not in entity.strip())]
    named = any(len(want := re.sub(r"[^a-z0-9]", "", entity.lower())) >= _NAME_LEAST and want in folded for entity in telling)
    if not named:
        return False
    words = set(re.split(r"[^a-z]+", f"{fault.title} {fault.kind}".lower())) & _TOPICS.keys()
    topics = {_TOPICS[word] for word in words}
    claimed = {_TOPICS[word] for word in set(re.split(r"[^a-z]+", f"{claim.title} {claim.text[:_FIRST]}".lower())) & _TOPICS.keys()}
    near = any(place.line - NEAR <= one.line <= place.end_line + NEAR for place in fault.locations for one in claim.cited)
    return near or bool(topics & claimed)


_TOPICS = {
    word: topic
    for topic, words in {
        "absent": "missing lacks lack absent omitted omits never undefined undeclared",
        "fixed": "hardcoded hard coded fixed literal",
        "secret": "secret secrets password credential credentials plaintext",
        "access": "iam permissive permissions wildcard privilege privileged policy policies",
        "exposure": "exposed open public ingress internet cidr",
        "encryption": "encryption encrypted kms unencrypted",
        "cost": "cost costs expensive instance price",
        "region": "region regions",
        "asset": "asset directory zip archive file",
        "syntax": "syntax parse invalid truncated incomplete cut",
        "unused": "unused import imports",
        "tags": "tags tag tagging",
        "output": "output outputs export exports",
        "names": "naming suffix name",
        "retention": "retention deletion removal protection destroy retain",
        "monitoring": "alarm alarms monitoring dashboard logging logs",
    }.items()
    for word in words.split()
}
"""Words that tell what a fault is about."""
