"""The words by which failure documents are laid out: which headings hold a claim, which are its fields, which are neither."""

from __future__ import annotations

import re

from grader.audit.claims import Part

_MARKUP = re.compile(r"[*_`#]|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
_NUMBER = re.compile(
    r"^\s*(?:(?:fault|failure|issue|problem|bug|error|fix|finding|mistake|deviation|gap|defect|category|item)\s*(?:no\.?\s*)?#?\s*(?:\d+(?:\.\d+)*|[A-Z](?=\s*[:.)\u2013\u2014-]))|"
    r"#?\d+(?:\.\d+)*|[A-Z](?=[.)]\s))\s*(?:[:.)\u2013\u2014-]+\s*)*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(?:fault|failure|issue|problem|finding|defect)\s*[:\u2013\u2014-]\s*", re.IGNORECASE)
_SEVERITY = re.compile(
    r"\b(?P<critical>critical|blocker|blocking|severe)\b|\b(?P<high>high|major|significant)\b|\b(?P<medium>medium|moderate)\b|\b(?P<low>low|minor|trivial|cosmetic)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"[(\[]\s*(?:severity:?\s*)?(critical|blocker|high|major|medium|moderate|low|minor)(?:\s+(?:severity|priority|impact))?\s*[)\]]", re.IGNORECASE
)
_STOP = re.compile(
    r"\b(?:summary|overview|conclusions?|introduction|lessons?|training|recommendations?|best practices|statistics|strengths?|prevention|prevent|learnings?|takeaways?|"
    r"severity levels?|references?|what (?:the model did|went) (?:well|right)|positive|validation results?|test(?:ing)? (?:results?|coverage|strategy)|deployment (?:results?|validation|success|history)|"
    r"next steps|action items|checklist|background|context|methodology|metrics|score|assessment|comparison table|verification|positives|correct(?:ly)? (?:implemented|aspects)|"
    r"knowledge gaps?|appendix|notes?|impact (?:analysis|assessment|summary)|key (?:differences|improvements)|final (?:status|result|verdict)|overall|root cause analysis|files? (?:created|modified|changed)|"
    r"services verified|detection pattern|success criteria|compliance status|total)\b",
    re.IGNORECASE,
)
_BLAMES = re.compile(r"\b(?:issues?|failures?|faults?|problems?|errors?|gaps?|deficienc(?:y|ies)|bugs?)\b", re.IGNORECASE)
_SUMS = re.compile(
    r"\b(?:summary|overview|conclusions?|lessons?|total|statistics|root cause|avoided|prevent\w*|recommendations?|knowledge gaps?)\b", re.IGNORECASE
)
_PRAISE = re.compile(
    r"\b(?:improvements?|enhancements?|enhanced|optimi[sz]ations?|readiness|excellence|excellent|exemplary|compatibility|troubleshooting|features|strengths|benefits|analysis|changes|remediation)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"^(?:category [a-z]\b.*|(?:most |other |additional |remaining |notable |all |key |main |major |minor |critical |high|medium|moderate|low|top \d+|blocker|significant|severity|impact|priority|[-/ &()]|model|response|infrastructure|deployment|"
    r"code|security|configuration|implementation|detailed|identified|specific|common|terraform|cloudformation|cdk|pulumi|syntax|technical|in|the|and|of|level)+\s*"
    r"(?:faults?|failures?|issues?|problems?|errors?|bugs?|gaps?|deficienc(?:y|ies)|deviations?|violations?|mistakes?|findings?|fixes|improvements?|changes|differences|found|fixed|identified|applied|analysis|resolved)"
    r"(?:\s+(?:found|fixed|identified|analysis|by component|in (?:the )?model(?:[_ ]response)?(?:\.md)?|and fixes(?: applied)?|resolved|with fixes))*)\s*(?:\(.*\))?:?$",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"model|original|initial|before|incorrect|wrong|broken|problem|issue|current|generated|actual(?!.*ideal)|evidence|bad|failing|fault|failure|violation|what was (?:generated|provided|implemented)|code snippet|offending",
    re.IGNORECASE,
)
_IDEAL = re.compile(
    r"ideal|fix|correct(?!ness)|solution|after|required|requirement|expected|should|resolution|recommend|improved|proper|working|remediation|mitigation|updated|change[sd]?\b|needed|resolved|new code|implementation applied",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"error message|error output|symptom|log output|stack trace|deployment error|build error|lint|terminal|command|verification|test result",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^(?:the )?(?:(?:ai |llm )?model(?:'s)?(?:[_ ](?:response|output|code|failure|implementation|mistake|error))?|ideal(?:[_ ]response)?|original|initial|issue|problem|impact|root cause|cause|fix|severity|location|evidence|category|"
    r"solution|error|symptoms?|requirement|description|reason|resolution|recommendation|status|expected|actual|what|why|how|correct|corrected|incorrect|wrong|before|after|required|mitigation|benefits?|"
    r"lesson|training|cost|security|performance|deployment|risk|type|file|files|lines?|details?|result|example|change|code|affected|consequence|aws documentation|documentation|reference|prevention|"
    r"verification|implementation|prompt|explanation|analysis|failure|observation|learning|key|compliance|priority|remediation|note|effect|rationale|justification|missing|violation|outcome|proof)"
    r"(?:[-_/ ](?:model|ideal|response|issue|level|in|the|fix|fixes|applied|code|implementation|impact|description|cause|needed|required|message|analysis|of|is|this|matters?|fails?|a|an|critical|wrong|"
    r"went|was|generated|should|be|happened|reference|solution|failed|snippet|problem|snippets|approach|performance|security|cost|cloudformation|correct|incorrect|original|response\.md|"
    r"model_response\.md|ideal_response\.md|model_response|ideal_response|value|gap|gaps|knowledge|rating|error|learned|strategy|its|it's|it|problematic|failure|configuration|details|file|files|line|lines|"
    r"number|numbers|assessment|requirement|from|documentation|prompt|prompt\.md|output|has|provided|taken|changes|made|tap_stack|tapstack\.yml|and|or|to))*\s*(?:\(.{0,60}\))?\s*:?$",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:missing|lacks?|lacking|lacked|absent|absence|omit(?:s|ted)?|without|not (?:\w+ )?(?:implement|includ|provid|creat|defin|configur|export|enabl|present|declar|import|set\b)\w*|"
    r"(?:does|do|did)(?: not|n't) (?:\w+ )?(?:implement|includ|provid|creat|defin|configur|export|enabl|exist|declar|have|set\b)\w*|fail(?:s|ed)? to (?:\w+ )?(?:includ|provid|creat|implement|defin|configur|export)\w*|"
    r"never (?:defined|created|implemented|declared|provided)|undefined|no (?:[A-Za-z`]))",
    re.IGNORECASE,
)
_CITED = re.compile(r"\b(?:lines?|L)\s*(?:numbers?\s*)?[:#~]?\s*(\d{1,5}(?:\s*(?:-|\u2013|\u2014|to|,|and|&)\s*\d{1,5})*)", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,5})\s*(?:-|\u2013|\u2014|to)\s*(\d{1,5})|(\d{1,5})", re.IGNORECASE)
_SPAN = re.compile(r"(?<!`)`([^`\n]{2,200})`(?!`)")


def bare(title: str) -> str:
    """A heading without markup, number and severity in brackets."""
    plain = (
        " ".join(_MARKUP.sub("", title).split())
        if "`" not in title and "_" not in title
        else " ".join(re.sub(r"[*#]|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]", "", title).split())
    )
    plain = _NUMBER.sub("", plain, count=1)
    return _MARKED.sub("", _PREFIX.sub("", plain)).strip(" :-\u2013\u2014")


def is_numbered(title: str) -> bool:
    """Whether a heading counts claims: `3. …`, `FAULT 2: …`, `Issue #4 …`."""
    return _NUMBER.match(_MARKUP.sub("", title).strip()) is not None


def is_stop(title: str) -> bool:
    """Whether a heading begins what is no claim: a summary, lessons, results of tests."""
    plain = bare(title)
    return not is_numbered(title) and _STOP.search(plain) is not None and (_BLAMES.search(plain) is None or _SUMS.search(plain) is not None)


def is_praise(title: str) -> bool:
    """Whether a heading tells of improvements: what stands below it without a number blames nothing."""
    return _PRAISE.search(bare(title)) is not None and _BLAMES.search(bare(title)) is None


def is_group(title: str) -> bool:
    """Whether a heading only groups claims: `Critical Failures`, `Issues Found`."""
    return _GROUP.match(bare(title)) is not None


def is_field(title: str) -> bool:
    """Whether a heading or a bold label names a field of a claim: `Impact`, `Root Cause`, `MODEL_RESPONSE Issue`."""
    plain = " ".join(_MARKUP.sub(lambda found: "_" if found[0] == "_" else "", title).split()).strip(" :")
    return _FIELD.match(plain) is not None


def part_of(label: str) -> Part | None:
    """Whose code follows a label; None where it does not say."""
    if _ERROR.search(label):
        return Part.OTHER
    ideal, model = _IDEAL.search(label), _MODEL.search(label)
    if ideal and model:
        return (
            Part.IDEAL
            if re.search(r"\b(?:in|from|of)\s+(?:the\s+)?ideal|\bfix|ideal|\bcorrect(?:ed|ion)?\b", label, re.IGNORECASE)
            and not re.search("incorrect", label, re.IGNORECASE)
            else Part.MODEL
        )
    return Part.IDEAL if ideal and not re.search("incorrect", label, re.IGNORECASE) else Part.MODEL if model else None


def severity_of(text: str, *, marked: bool = False) -> str | None:
    """critical, high, medium or low; with `marked` only where it stands in brackets, as titles have it."""
    found = _MARKED.search(text) if marked else None
    if marked and not found:
        return None
    seen = _SEVERITY.search(found[1] if found else text)
    return seen.lastgroup if seen else None


def says_absent(text: str) -> bool:
    """Whether a sentence says that something is missing."""
    return _ABSENT.search(text) is not None


def cited_lines(text: str) -> list[tuple[int, int]]:
    """The line ranges that a text cites, in order, each once."""
    found: dict[tuple[int, int], None] = {}
    for one in _CITED.finditer(text):
        for first, last, alone in _RANGE.findall(one[1]):
            pair = (int(alone), int(alone)) if alone else (int(first), int(last))
            if 0 < pair[0] <= pair[1]:
                found[pair] = None
    return list(found)


def code_spans(text: str) -> list[str]:
    """The code spans of a text, in order, each once."""
    return list(dict.fromkeys(one.strip() for one in _SPAN.findall(text) if one.strip()))
