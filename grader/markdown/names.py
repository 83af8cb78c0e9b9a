"""The file a block gives, where the document says so: in its info string, its first comment, or the words before it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from grader.markdown.languages import TAGS, WINDOW

_SUFFIXES = {
    "typescript": "ts tsx mts cts",
    "javascript": "js jsx mjs cjs",
    "python": "py",
    "java": "java",
    "go": "go",
    "hcl": "tf tfvars hcl tofu tfbackend",
    "yaml": "yml yaml",
    "json": "json jsonc",
    "bash": "sh bash zsh",
    "powershell": "ps1",
    "toml": "toml",
    "xml": "xml",
    "markdown": "md",
    "ini": "cfg ini conf",
    "gradle": "gradle",
    "properties": "properties",
    "html": "html",
    "css": "css",
    "sql": "sql",
    "graphql": "graphql",
    "rego": "rego",
    "ruby": "rb",
    "kotlin": "kt kts",
    "csharp": "cs csproj",
    "groovy": "groovy",
    "": "txt mod sum tpl tftpl j2 env lock template csv log vtl svg pem service example",
}
_LANGUAGE = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_PLAIN = frozenset({"txt", "mod", "sum", "csv", "log"})
_PATH = r"(?:\.{0,2}/)?(?:[\w@.\-{}$\[\]]{1,80}/){0,12}[\w@.\-\[\]]{1,120}\.(?:" + "|".join(sorted(_LANGUAGE, key=len, reverse=True)) + r")"
_BARE = r"(?:[\w.\-]{1,80}/){0,12}(?:Dockerfile(?:\.\w+)?|Makefile|Jenkinsfile|Pipfile|\.gitignore|\.dockerignore|\.npmignore|\.eslintrc|\.prettierrc|\.env(?:\.\w+)?)"
_FULL = re.compile(rf"(?:{_PATH}|{_BARE})")
PATH = re.compile(rf"(?<![\w/.@-])({_PATH}|{_BARE})(?![\w/-]|\.\w)")
_ONLY = re.compile(
    r"^\s*(?://+|#+|/?\*+|<!--|--|;|\"\"\"|''')\s*(?:[-=*~#_]+\s*)?"
    r"(?:(?:\d+[.)]\s*)?(?:file(?:\s?name|\s?path)?|path|location|module|filename)\s*[:=-]\s*)?"
    rf"[`\"'(]?({_PATH}|{_BARE})[`\"')]?\s*(?:[-\N{{EN DASH}}\N{{EM DASH}}(:|][^\n]{{0,120}}|[=~*#_\s-]+)?\s*(?:\*/|-->|\"\"\"|''')?\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BOLD = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(\*\*|__)([^*]+?)\1\s*:?\s*(.*)$")
_LEADS = re.compile(r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:file(?:\s?name|\s?path)?|path|create|update|add|save|filename)\b[^.]{0,40}?[:\s]", re.IGNORECASE)
_MENTIONS = re.compile(
    r"\b(?:uses?|using|from|see|like|reads?|loads?|calls?|requires?|references?|run|after|before|with|instead|than|generated|produces?|imports?|into|against|via|compared?)\s+[`*\"']*$",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"^public\s+(?:static\s+)?(?:final\s+|abstract\s+|sealed\s+)*(?:class|record|interface|enum|@interface)\s+(\w+)", re.MULTILINE)
_CLASS = re.compile(r"^(?:final\s+|abstract\s+|sealed\s+)*(?:class|record|interface|enum)\s+(\w+)", re.MULTILINE)
_PACKAGE = re.compile(r"^package\s+([\w.]+)\s*;", re.MULTILINE)
_ROOTS = re.compile(r"^.*?/((?:lib|bin|src|modules|test|tests|infra|infrastructure|stacks|lambda|lambdas|app|cmd|iac|cdk|terraform)/.+)$")
_DUNDER = re.compile(r"(?P<joined>(?<=\w))?(?:(?:\\?\*){2}|\\?_\\?_)(?P<word>init|main|tests|mocks)(?:(?:\\?\*){2}|\\?_\\?_)")
_SEPARATOR = re.compile(r"\\(?=[\w.])")
_COMMENTS = ("//", "#", "/*", "*", '"""', "'''", "<!--", "--")
FIRST_LINES = 5
MOST_LINES_UP = 6
_FRAMES = {"---", "***", "___", "===", "<br>", "<details>", "</summary>"}


def language_of_name(name: str) -> str | None:
    """The language that a file's suffix stands for (empty for text), None where it stands for none."""
    return _LANGUAGE.get(posixpath.basename(name).rpartition(".")[2].lower())


def is_plain(name: str) -> bool:
    """Whether a file of this name is text in no language, whatever its block is tagged as: `requirements.txt`, `go.mod`."""
    return name.rpartition(".")[2].lower() in _PLAIN


def is_path(text: str) -> bool:
    """Whether a text is nothing but the path of a file."""
    return len(text) < 300 and _FULL.fullmatch(text) is not None


def clean(path: str) -> str:
    """A path relative to the project's root: without `./`, a leading slash, or the folders of someone's machine."""
    plain = path.strip().strip("`'\"").replace("\\", "/")
    absolute = plain.startswith("/") and plain.count("/") > 2
    while plain.startswith(("./", "../")):
        plain = plain.split("/", 1)[1]
    plain = plain.lstrip("/")
    if absolute and plain.split("/", 1)[0].lower() in {"home", "users", "workspace", "app", "root", "tmp", "mnt", "opt"}:
        cut = _ROOTS.match(plain)
        return cut[1] if cut else posixpath.basename(plain)
    return plain


def fits(name: str, language: str) -> bool:
    """Whether a block in this language can be the file of this name."""
    of = language_of_name(name)
    if of is None:
        return language in {"", "dockerfile", "makefile", "groovy", "bash", "ini", "json", "yaml"}
    if of in {"", language}:
        return True
    if not language:
        return True
    return {of, language} <= {"typescript", "javascript"} or {of, language} <= {"yaml", "json"} or {of, language} <= {"ini", "properties", "toml"}


def name_in_info(info: str) -> str | None:
    """`typescript lib/a.ts`, `ts title="lib/a.ts"`, `python:lib/a.py`, `{filename=a.py}`."""
    rest = info.strip()[:300]
    if "." not in rest:
        return None
    word = re.split(r"[:\s{]", rest, maxsplit=1)[0].lower()
    found = PATH.search(rest[len(word) :] if word in TAGS or word.isdigit() else rest)
    return clean(found.group(1)) if found else None


def name_in_comment(line: str) -> str | None:
    """The path that a comment line consists of: `// lib/a.ts`, `# File: b.py`, `# ==== main.tf ====`."""
    if ("." not in line and "file" not in line) or len(line) > 200:
        return None
    found = _ONLY.match(line)
    return clean(found.group(1)) if found else None


def name_in_text(text: str, language: str) -> str | None:
    """The path among the first lines of a block, or the public class of a Java file with its package."""
    for line in text.split("\n", FIRST_LINES)[:FIRST_LINES]:
        bare = line.strip()
        name = name_in_comment(line)
        if name is None and bare and language == "python" and is_path(bare):
            name = clean(bare)  # the first line of a module's docstring
        if name and fits(name, language):
            return name
        if bare and not bare.startswith(_COMMENTS):
            break
    return _java_path(text) if language == "java" else None


def _java_path(text: str) -> str | None:
    declared = _PUBLIC.search(text) or _CLASS.search(text[:WINDOW])
    package = _PACKAGE.search(text[:WINDOW])
    if declared is None:
        return None
    folder = package[1].replace(".", "/") + "/" if package else ""
    return f"{folder}{declared[1]}.java"


def name_before(lines: Sequence[str], fence: int, since: int, language: str) -> str | None:
    """The path in the words before a fence, at most a few lines up, never beyond `since` (the end of the block before)."""
    seen = 0
    for place in range(fence - 1, max(since - 1, fence - 40), -1):
        line = lines[place]
        if not line.strip() or line.strip() in _FRAMES:
            continue
        name = _named(line, language, nearest=seen == 0)
        if name is not None:
            return name
        seen += 1
        if _HEADING.match(line[:300]) or seen > MOST_LINES_UP:
            return None
    return None


def _unescaped(text: str) -> str:
    r"""A path as it was before a formatter took it for emphasis: `lib\*\*init\*\*.py`, `lib/**init**.py`, `tap\_stack.py`."""
    if "*" in text or "\\" in text:
        text = _DUNDER.sub(lambda found: f"{'/' if found['joined'] is not None else ''}__{found['word']}__", text)
    return _SEPARATOR.sub("/", text.replace("\\_", "_")) if "\\" in text else text


def _named(line: str, language: str, *, nearest: bool) -> str | None:
    if ("." not in line and "file" not in line.lower()) or len(line) > 240:
        return None
    heading, bold = _HEADING.match(line), _BOLD.match(line)
    said = _unescaped(heading[2] if heading else f"{bold[2]} {bold[3]}" if bold else line.strip())
    matches = list(PATH.finditer(said))
    paths = {clean(one[1]) for one in matches if fits(clean(one[1]), language)}
    if len(paths) != 1:
        return None
    path = paths.pop()
    if heading:
        return path
    before = said[: next(one.start() for one in matches if clean(one[1]) == path)]
    if bold and (path in _unescaped(bold[2]) or len(said.split()) <= 8):
        return path
    words = len(said.split())
    bare = said.strip("`*_:<>!-() \t").removesuffix("--").strip()
    if (bare.endswith(path) and words <= 4) or name_in_comment(line) == path:
        return path
    if not nearest or _MENTIONS.search(before):
        return None
    return path if _LEADS.match(line) or (said.rstrip().endswith(":") and words <= 14) else None
