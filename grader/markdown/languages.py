"""The language of a block: from its tag, and from its content where the tag is missing or clearly wrong."""

from __future__ import annotations

import re

_WORDS = {
    "typescript": "ts tsx mts cts typescript",
    "javascript": "js jsx mjs cjs javascript node nodejs",
    "python": "py python python3 python2 py3",
    "java": "java",
    "go": "go golang",
    "hcl": "hcl terraform tf tfvars opentofu",
    "yaml": "yaml yml cloudformation cfn sam",
    "json": "json jsonc json5",
    "bash": "bash sh shell zsh console shellscript shell-session terminal cmd batch",
    "powershell": "powershell ps1 pwsh",
    "dockerfile": "dockerfile docker",
    "makefile": "makefile make",
    "ini": "ini cfg conf editorconfig",
    "csharp": "csharp cs",
    "markdown": "markdown md",
    "ruby": "ruby rb",
    "kotlin": "kotlin kt",
    "toml": "toml",
    "xml": "xml",
    "html": "html",
    "css": "css",
    "sql": "sql",
    "properties": "properties",
    "gradle": "gradle",
    "groovy": "groovy",
    "graphql": "graphql",
    "rust": "rust",
    "rego": "rego",
    "jinja": "jinja jinja2 j2",
    "mermaid": "mermaid",
    "diff": "diff patch",
    "": "text txt plaintext plain tree output log none csv ascii",
}
TAGS = {tag: language for language, tags in _WORDS.items() for tag in tags.split()}
"""Language by tag; the empty language is text that nothing reads as code."""
_SIGNS = {
    "hcl": re.compile(
        r"^(?:resource|data)\s+\"?[\w-]+\"?\s+\"?[\w-]+\"?\s*\{|^(?:variable|output|module|provider|check)\s+\"[\w-]+\"\s*\{|^(?:terraform|locals|moved)\s*\{",
        re.MULTILINE,
    ),
    "go": re.compile(r"^package\s+\w+\s*$", re.MULTILINE),
    "java": re.compile(
        r"^package\s+[\w.]+;|^import\s+(?:static\s+)?[\w.]+(?:\.\*)?;|^(?:public\s+)(?:final\s+|abstract\s+|sealed\s+)*(?:class|record|interface|enum)\s+\w+[^:\n]*\{",
        re.MULTILINE,
    ),
    "typescript": re.compile(
        r"^import\s+(?:type\s+)?(?:[\w*{][^'\"\n]*\sfrom\s+)?['\"][^'\"\n]+['\"];?\s*$|^\}\s+from\s+['\"]"
        r"|^export\s+(?:default\s+|abstract\s+|async\s+)?(?:class|interface|const|function|type|enum)\b|^import\s+\w+\s*=\s*require\(",
        re.MULTILINE,
    ),
    "javascript": re.compile(r"^(?:const|let|var)\s+[\w{}\s,:]{1,400}=\s*require\(|^module\.exports\b|^exports\.\w+\s*=", re.MULTILINE),
    "python": re.compile(
        r"^(?:from\s+[\w.]+\s+import\s+[\w(*]|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*\s*$|(?:async\s+)?def\s+\w+\s*\(|class\s+\w+\s*(?:\([^)\n]*\))?\s*:)",
        re.MULTILINE,
    ),
    "yaml": re.compile(
        r"^['\"]?(?:AWSTemplateFormatVersion|Resources|Transform|Parameters|Outputs|Mappings|Conditions|apiVersion|jobs|stages|phases|services|runtime|config)['\"]?\s*:",
        re.MULTILINE,
    ),
    "json": re.compile(r"\A\s*(?://[^\n]*\n\s*|#[^\n]*\n\s*)?(?:\{\s*(?:\"[^\"\n]*\"\s*:|\}|//|/\*)|\[\s*(?:\"|\{|\[|\]))"),
    "dockerfile": re.compile(r"^FROM\s+[\w./:${}-]+(?:\s+AS\s+\S+)?\s*$", re.MULTILINE),
    "bash": re.compile(r"\A\s*(?:#[^!\n][^\n]*\n)?#!\s*/\S*\b(?:env\s+)?(?:ba|z|da)?sh\b"),
}
_ORDER = ("json", "bash", "hcl", "go", "java", "typescript", "javascript", "python", "yaml", "dockerfile")
_GLUED = re.compile(r"^(typescript|javascript|python|terraform|yaml|json|hcl|java|go|bash)(?=[^a-z])", re.IGNORECASE)
_CUT = {"typescrip": "typescript", "pytho": "python", "javascrip": "javascript", "terrafor": "terraform"}
_TYPES = re.compile(
    r"^\s*(?:export\s+)?(?:interface\s+\w+[^{\n]*\{|type\s+\w+\s*=|enum\s+\w+\s*\{)|[\w)]\??:\s*(?:string|number|boolean|void|any|cdk\.\w+|pulumi\.\w+|Construct)\b\s*[,;)=|{\[<]"
    r"|^import\s+type\b|\bas\s+const\b|^\s*(?:private|public|protected|readonly)\s+\w",
    re.MULTILINE,
)
_JAVASCRIPT = re.compile(r"\brequire\(['\"]|^module\.exports\b|^exports\.\w+\s*=", re.MULTILINE)
_MAPPING = re.compile(r"^\s*(?:-\s+)?['\"]?[\w.:/-]+['\"]?\s*:(?:\s+\S.*)?$|^\s*-\s+\S|^\s*#|^---\s*$")
_KEY = re.compile(r"^\s*(?:-\s+)?['\"]?[\w.:/-]+['\"]?\s*:(?:\s|$)")
_COMMENT = ("#", "//", "/*", "*", '"""', "'''")
WINDOW = 20_000
"""A language shows itself in its first characters; nothing past so many is searched."""


def tag_of(info: str) -> str:
    """The language tag of an info string, in lower case: `typescript title="x"`, `{.python}`, ` python`, `typescrip// --- a.ts`."""
    word = re.split(r"[\s:{,(=]", info[:200].strip().strip("{}.").strip(), maxsplit=1)[0].lower()
    if word in TAGS or not word:
        return word
    stem = re.split(r"[^a-z]", word, maxsplit=1)[0]
    if stem in _CUT:
        return _CUT[stem]
    glued = _GLUED.match(word)
    return glued.group(1).lower() if glued else word


_WRITES = re.compile(r"^[ \t]*(?:sudo[ \t]+)?(?:cat|tee)\b[^\n]*<<-?[ \t]*['\"]?\w+", re.MULTILINE)
"""A here-document: what follows is a file in another language, the block is still a script."""


def language_of(tag: str, text: str) -> str:
    """The language a block is written in, empty for text. The tag decides unless the content clearly is another language."""
    tagged = TAGS.get(tag, "")
    if tagged in {"diff", "mermaid", "markdown"}:
        return tagged
    window = text[:WINDOW]
    if tagged == "bash" and _WRITES.search(window):
        return tagged
    own = _SIGNS.get(tagged)
    if own is not None and own.search(window):
        return _typed(tagged, window) if tagged == "javascript" else tagged
    found = from_content(window)
    if not tagged:
        return found or ("yaml" if TAGS.get(tag) is None and _is_mapping(window) else "")
    if own is not None and found and found != tagged and {found, tagged} != {"typescript", "javascript"} and _opens(found, window):
        return found
    return tagged


def from_content(text: str) -> str:
    """The language a text shows by its own forms, empty where it shows none."""
    for language in _ORDER:
        if _SIGNS[language].search(text):
            return _typed(language, text) if language in {"typescript", "javascript"} else language
    return ""


def shows(language: str, text: str) -> bool:
    """Whether a text has a form that only a file of this language has: an import, a package, a resource, a top-level section."""
    sign = _SIGNS.get(language)
    window = text[:WINDOW]
    if language in {"typescript", "javascript"}:
        return any(_SIGNS[one].search(window) is not None for one in ("typescript", "javascript"))
    return sign is not None and sign.search(window) is not None


def _typed(language: str, text: str) -> str:
    """TypeScript and JavaScript share their forms: types tell, else `require` does, else the tag."""
    if _TYPES.search(text):
        return "typescript"
    return "javascript" if language == "javascript" or _JAVASCRIPT.search(text) else language


def _opens(language: str, text: str) -> bool:
    """Whether a text begins in a language, rather than holding a line of it somewhere."""
    first = next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith(_COMMENT)), "")
    sign = _SIGNS[language]
    if language == "json":
        return sign.search(text) is not None
    if first[:1] in ('"', "{", "["):
        return False
    return sign.search(first + "\n") is not None or (language == "typescript" and first.startswith("import {"))


def _is_mapping(text: str) -> bool:
    """Whether a text is nothing but YAML keys, items and comments, most of them keys, nested at least once."""
    lines = [line[:400] for line in text.split("\n")[:60] if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) < 3 or not any(line.startswith((" ", "-")) for line in lines) or "`" in text or "**" in text:
        return False
    return all(_MAPPING.match(line) for line in lines) and sum(1 for line in lines if _KEY.match(line)) * 2 > len(lines)
