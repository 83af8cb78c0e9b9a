"""What a block is for: a file of the solution, a command, a snippet beside the files, a quote, or a listing."""

from __future__ import annotations

import re
from typing import NamedTuple

from grader.markdown.languages import WINDOW, shows
from grader.model.documents import LANGUAGES, Role

SHELLS = frozenset({"bash", "powershell"})
WHOLE_LINES = 40
"""From so many lines a block is taken for a whole file, whatever it begins with."""
_BEFORE = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:before\b|instead of\b|chang(?:ed|e|ing) from\W*$|(?:the )?(?:original|current|previous|existing|old|wrong|incorrect|bad|broken|faulty|vulnerable)(?: \w+){0,2}\s*[:(*]|(?:the )?(?:current|original|existing|wrong|incorrect|problematic|previous) (?:code|implementation|configuration|version|approach)\b"
    r"|(?:the )?problem(?:s|atic code)?\b(?: was| is)?\s*:|model[_ ]response(?:'s)? (?:issue|code|problem|had|used|excerpt)|what the model\b|error\b|don'?t\b|avoid\b)"
    r"|\N{CROSS MARK}|\(before\)|\(wrong\)|\(incorrect\)|\bwas:\s*\W*$|\bissue\W*:\W*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\W*(?:after\b|chang(?:ed|e|ing) to\b|fix(?:ed)?\b|correct(?:ed|ion)?\b|solution\s*:|ideal[_ ]response (?:fix|code|solution))|\N{WHITE HEAVY CHECK MARK}|\(after\)|\(fixed\)|\(correct(?:ed)?\)",
    re.IGNORECASE,
)
_USAGE = re.compile(
    r"\b(?:usage|how to use|quick ?start|deploy(?:ment|ing)?(?: (?:steps|instructions|commands|guide))?|testing|verif(?:y|ication)|validation|troubleshooting|expected (?:output|response|result)s?|sample (?:output|event|request|response|payload)"
    r"|example (?:output|event|request|response|payload|usage|query|queries)|test event|monitoring queries|clean ?up|outputs? example)\b",
    re.IGNORECASE,
)
_SAID_USAGE = re.compile(
    r"\b(?:for example|e\.g\.|example|usage|test (?:event|payload)|sample (?:event|payload|request|response|output)|expected (?:output|response)|returns?|will (?:output|print|return)|logs? (?:look|entry)|query|queries|payload|request body|response body)\b",
    re.IGNORECASE,
)
_PROMPT_SIGN = re.compile(
    r"^\s*(?:\$|>|#)?\s*(?:sudo\s+)?(?:npm|npx|yarn|pnpm|pip3?|pipenv|python3?|aws|cdk|cdktf|terraform|tofu|pulumi|git|cd|mkdir|curl|export|go|mvn|gradle|\./\w|docker|kubectl|sam|make|chmod|cat|echo|source|node|jq|zip)\s+\S",
)
_CONFIG = re.compile(r"\"(?:Resources|AWSTemplateFormatVersion|dependencies|devDependencies|compilerOptions|app|scripts)\"\s*:")
_PROJECT = re.compile(
    r"^(?:AWSTemplateFormatVersion|Resources|Transform|apiVersion|runtime|jobs|stages|phases|services|on)['\"]?\s*:|^(?:config)\s*:\s*$|^[\"'](?:AWSTemplateFormatVersion|Resources)",
    re.MULTILINE,
)
_ASSIGNMENT = re.compile(r"^[a-z_]\w*\s*=\s*\S", re.MULTILINE)
_SCRIPT = re.compile(r"^(?:abstract\s+)?class\s+\w|^(?:describe|it|test|jest\.\w+|mount)\s*\(", re.MULTILINE)
_MEMBER = re.compile(
    r"(?:self|this)\.|(?:async\s+)?def\s+\w+\s*\(\s*(?:self|cls|\.\.\.)|(?:private|protected|readonly)\s|public\s+(?!(?:static\s+|final\s+|abstract\s+|sealed\s+)*(?:class|interface|record|enum|@interface)\b)\S"
)
"""A line that stands inside a class or an object: a text that begins with one is a fragment of a file, however long."""
_VARIABLES = re.compile(r"tfvars|\.(?:hcl|tfbackend)$")
_SCRIPTING = re.compile(
    r"^\s*import\b|^(?:const|let|var)\s[^=\n]{1,400}=\s*(?:await\s+)?(?:require|import)\(|\brequire\(['\"]|^\}\s+from\s", re.MULTILINE
)
_IMPORTS = {
    "typescript": _SCRIPTING,
    "javascript": _SCRIPTING,
    "python": re.compile(r"^(?:from\s+[\w.]+\s+import\b|import\s+\w)", re.MULTILINE),
    "java": re.compile(r"^(?:package|import)\s+[\w.*\s]+;", re.MULTILINE),
    "go": re.compile(r"^package\s+\w+", re.MULTILINE),
}
_WRONG = re.compile(
    r"\s*(?:#|//|/\*|<!--)\W*(?:(?:invalid|wrong|incorrect|bad|broken|before|old|anti-?pattern)\s*(?:[:(\N{EN DASH}\N{EM DASH}-]|$)|this (?:would|will) (?:fail|break|not work)\b|do(?: not|n't) do this\b)"
    r"|\s*(?:#|//)\s*\N{CROSS MARK}",
    re.IGNORECASE | re.MULTILINE,
)
"""A first comment that says what follows is how not to do it."""
_MIDST = re.compile(r"\s*(?:elif|else|fi|then|done|esac|;;)\b")
"""How a piece from the midst of a script begins."""
_FREE_SELF = re.compile(r"\bself\b")
_METHOD = re.compile(r"\b(?:def|class|lambda)\b")
_PROPERTY = re.compile(r"^[\w$]+: [^\n]*,\s*$", re.MULTILINE)
FEWEST_LINES = 3
_SHEBANG = re.compile(r"\A(?:\s*#[^!\n][^\n]*\n)?#!")
_TOP_KEY = re.compile(r"^[\"']?[\w:.$/-]+[\"']?\s*:|^- |^---", re.MULTILINE)


class Facts(NamedTuple):
    """What is known of a block before its role is decided. `lead` is the nearest line of text above it, `heading` the nearest heading."""

    text: str
    tag: str
    language: str
    name: str | None
    heading: str
    lead: str
    tree: bool
    nested: bool
    draft: bool


def role_of(facts: Facts) -> Role:
    """The role of a block by itself; `File`s of the same name and other blocks are weighed afterwards."""
    language, name, text = facts.language, facts.name, facts.text
    if facts.nested or facts.draft or language == "diff":
        return Role.QUOTE
    if not text.strip() or facts.tree or language == "mermaid":
        return Role.LISTING
    if language in SHELLS:
        return Role.FILE if name and _is_script(name, text) else Role.COMMAND
    if language == "markdown":
        return Role.FILE if name else Role.QUOTE
    if not language:
        if name:
            return Role.FILE
        return Role.COMMAND if is_commands(text) else Role.LISTING
    whole = is_whole(text, language, name)
    if not name and _lines(text) < WHOLE_LINES and _WRONG.match(text):
        return Role.QUOTE
    if _BEFORE.search(facts.lead) or (not name and _BEFORE.search(facts.heading)):
        return Role.QUOTE if not whole or not name else Role.FILE
    if not whole and (_AFTER.search(facts.lead) or (not name and _AFTER.search(facts.heading))):
        return Role.SNIPPET
    if name:
        return Role.FILE
    if language not in LANGUAGES:
        return Role.FILE if language == "dockerfile" else Role.SNIPPET
    if not whole and (
        language in {"json", "yaml"}
        or (language in _IMPORTS and _lines(text) < FEWEST_LINES)
        or _USAGE.search(facts.heading)
        or _SAID_USAGE.search(facts.lead)
    ):
        return Role.SNIPPET
    if text.count("\n") < WHOLE_LINES and _USAGE.search(facts.heading) and not _is_template(text, language):
        return Role.SNIPPET
    return Role.FILE


def is_whole(text: str, language: str, name: str | None) -> bool:
    """Whether a text is a whole file rather than a few lines of one."""
    if language == "json":
        stripped = text.strip()
        return bool(name and stripped[:1] in "{[/#") or _CONFIG.search(text) is not None
    if language == "yaml":
        sign = _PROJECT.search(text) is not None
        return (
            sign
            or (bool(name) and _TOP_KEY.search(text) is not None and not text.lstrip("\n").startswith(" "))
            or (not name and _lines(text) >= WHOLE_LINES and not text.startswith(" "))
        )
    if language not in LANGUAGES:
        return True
    if language == "hcl":
        return shows(language, text) or _lines(text) >= WHOLE_LINES or bool(name and _VARIABLES.search(name) and _ASSIGNMENT.search(text))
    first = _first(text)
    imports = _imports(text, language)
    if not name and _lines(text) < WHOLE_LINES and _is_midst(text, language):
        return False
    if _MEMBER.match(first) or (first.startswith((" ", "\t")) and not imports):
        return False
    if imports:
        return True
    formed = not first or shows(language, text) or _SCRIPT.search(text) is not None
    return formed and (bool(name) or _lines(text) >= WHOLE_LINES)


def _is_midst(text: str, language: str) -> bool:
    """Whether a short text has, outside of any class, what stands in one only: `self` in Python, a property with a comma in TypeScript."""
    if language == "python":
        return _FREE_SELF.search(text) is not None and _METHOD.search(text) is None
    return language in {"typescript", "javascript"} and "`" not in text and _PROPERTY.search(text) is not None


def is_commands(text: str) -> bool:
    """Whether most lines of an untagged text are commands for a shell."""
    lines = [line for line in text.split("\n")[:60] if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and sum(1 for line in lines if _PROMPT_SIGN.match(line)) * 2 > len(lines)


def _is_script(name: str, text: str) -> bool:
    """Whether a shell block is the file that its heading names, rather than the commands to make or run it."""
    return _MIDST.match(text) is None and (
        name.endswith((".sh", ".bash", ".ps1", ".zsh", ".tpl", ".tftpl"))
        or _SHEBANG.match(text) is not None
        or name.rpartition("/")[2].startswith((".env", "Makefile", "."))
    )


def _is_template(text: str, language: str) -> bool:
    return language in {"yaml", "json", "hcl"} and (
        _PROJECT.search(text) is not None or _CONFIG.search(text) is not None or "\nresource " in f"\n{text}"
    )


def _lines(text: str) -> int:
    return sum(1 for line in text.split("\n") if line.strip())


def _first(text: str) -> str:
    """The first line that is no comment, with its indentation; empty where there is none."""
    return next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith(("#", "//", "/*", "*", '"""', "@"))), "")


def _imports(text: str, language: str) -> bool:
    return _IMPORTS[language].search(text[:WINDOW]) is not None
