"""Python: declarations, uses and values of one file; names across the files of an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.languages.python.expressions import Reader
from grader.languages.python.facts import declared, used
from grader.languages.python.imports import assume
from grader.languages.python.linking import link
from grader.languages.python.modules import stem_of
from grader.languages.python.names import read_names
from grader.languages.python.repairs import FORMS, is_damaged, repaired
from grader.languages.python.statements import bindings
from grader.languages.trees import parse_tree, problems
from grader.model.solutions import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File
    from grader.model.solutions import Reference, SyntaxProblem

__all__ = ["LANGUAGES", "link", "parse"]

LANGUAGES = ("python",)
_COMMENT = re.compile(r"#[ \t]*([^\n]{1,160})")
_ELIDED = re.compile(
    r"^[(\[]?(?:\.\.\.|\u2026)|\b(?:(?:rest|remainder) of the|remaining \w+ (?:here|code)|(?:code|details?) omitted|truncated|unchanged|same as (?:above|before)|for brevity)\b|"
    r"\b(?:existing|previous|other|more)[ \t](?:\w+[ \t])?(?:code|imports?|methods?|functions?|implementation)\b|"
    r"\b(?:add|more|other|additional|similar|etc|continue[sd]?)\b.*(?:\.\.\.|\u2026)[ \t]*$",
    re.IGNORECASE,
)
"""Comments that stand for code which is not shown."""
_CUT = "unexpected `...`"
_RESOURCE = re.compile(r"\baws\.\w+\.[A-Z]\w+\(")
_PULUMI = re.compile(r"\bpulumi\.|ResourceOptions\(")
_METHOD = re.compile(r"^(?:async )?def \w+\(\s*self\b", re.MULTILINE)


def parse(file: File) -> Unit:
    """Read one Python file; a fragment is tried in the wrappings that would make it whole."""
    package = _package(file)
    mended, indented = repaired(file.text)
    shown, root, rejected = _tree(replace(file, text=mended), whole=file.whole)
    names = read_names(root, shown.line)
    cut = rejected if is_damaged(file.text) else tuple(one for one in rejected if one.message == _CUT)
    elided = bool(cut) or any(_ELIDED.search(comment) for comment in _COMMENT.findall(mended))
    if elided:
        names.dynamic = True
        names.open_classes += [scope for scope in names.all_scopes() if scope.kind == "class"]
    certain = file.whole and not (rejected or names.dynamic or indented or _METHOD.search(mended))
    uses = tuple(used(file, package, names, undefined=certain)) if file.whole and not file.superseded else ()
    if not names.imports:
        plain = tuple(used(file, package, names, undefined=False)) if uses and certain else uses
        kept = _of_an_excerpt(uses, plain)
        if (kept is plain or len(kept) == len(plain)) and _RESOURCE.search(file.text) and _PULUMI.search(file.text):
            assume(names, root, {"aws": "pulumi_aws", "pulumi": "pulumi"})
        uses = kept
    return Unit(
        file,
        package,
        tuple(names.imports),
        tuple(declared(file, package, names)),
        uses,
        tuple(bindings(file, root, Reader(shown.line, names.top, names.scopes))),
        tuple(replace(one, file=file) for one in rejected if one not in cut),
    )


def _of_an_excerpt(uses: tuple[Reference, ...], certain: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """The uses of a text without one import: where several names are bound nowhere, it is an excerpt and they stand above it."""
    return certain if len({one.name for one in uses} - {one.name for one in certain}) > 1 else uses


def _package(file: File) -> str:
    """The dotted path of the module; a block without a name is a module of its own."""
    if not file.name:
        return f"block:{file.line}"
    stem = stem_of(file.name)
    return stem.removesuffix("/__init__").replace("/", ".")


def _tree(file: File, *, whole: bool) -> tuple[File, Node, tuple[SyntaxProblem, ...]]:
    """The text that parses best with its tree, and what is wrong with it."""
    root = parse_tree(file, "tree_sitter_python").root_node
    rejected = problems(file, root)
    if whole or not rejected:
        return file, root, rejected
    for before, after in FORMS:
        wrapped = replace(file, text=f"{before}{file.text}{after}", line=file.line - before.count("\n"))
        tree = parse_tree(wrapped, "tree_sitter_python").root_node
        if not tree.has_error:
            return wrapped, tree, ()
    return file, root, rejected
