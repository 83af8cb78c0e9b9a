"""A local path that the code reads and the answer never gives."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.align.settings import missing_files
from grader.detectors import detector
from grader.model.documents import Role
from grader.model.hits import Fact, Hit, Unchecked
from grader.model.kinds import Kind, Proof, Stage
from grader.model.paths import given, is_test, normal
from grader.model.values import fold, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Asset, Pair, Solution

_BUILT = frozenset({"dist", "build", "out", "target", "node_modules", "cdk.out", ".next", "bin", "zip", "artifacts", "layer", "package", "packages"})
"""Folders that a build makes; their content is never part of an answer."""
_FILES = (".zip", ".jar", ".py", ".js", ".ts", ".go")
_TEMPLATES = (".json", ".yaml", ".yml", ".graphql", ".tpl", ".tftpl", ".j2")


_TRANSPILES = re.compile(
    r"\btsc\b|esbuild|\bswc\b|webpack|rollup|\bbundling\b|ts-node|\b(?:npm|yarn|pnpm) (?:run )?build|\"build\"\s*:|outDir|transpile|compile",
    re.IGNORECASE,
)
"""What makes JavaScript of TypeScript, or says that it is made."""


@detector(Kind.MISSING_ASSET)
def missing_asset(pair: Pair) -> Iterator[Hit | Unchecked]:
    """A folder, archive or template that is packaged from disk and is not among the answer's files; project files that only the ideal gives.

    Synthesis or plan stops at the first path it cannot find.

    Not flagged: paths that are not constants; what a build step or an `archive_file` of the answer makes; folders that builds
    make by convention (`dist`, `target`); assets of tests.

    Example: `Code.fromAsset('lambda/orders')` where no file of the answer lies under `lambda/orders`.
    """
    answer = pair.answer
    names = [file.name for file in answer.files if file.name]
    hits: list[Hit] = []
    for asset in answer.assets:
        path = normal(asset.path, asset.base)
        if not path or asset.built or is_test(asset.file.name) or _made(path, answer):
            continue
        found = given(path, names) or given(normal(asset.path), names)
        if found is None and _unnamed(asset, answer):
            yield Unchecked(f"`{asset.path}` may be one of the answer's unnamed blocks", asset.span.line)
        elif found is None:
            hits.append(_missing(asset, path, pair))
        elif asset.directory and (language := _only_source(path, answer)):
            hits.append(_uncompiled(asset, path, found, language, pair))
    yield from _told_apart(hits)
    yield from _of_ideal(pair)


def _of_ideal(pair: Pair) -> Iterator[Hit]:
    """Files of the project that a tool reads, and the file that makes the app, which only the ideal gives."""
    for one in missing_files(pair):
        yield Hit(
            f"the ideal gives `{one.name}`, the answer neither gives nor names it",
            at=None,
            entity=one.name,
            entities=(posixpath.basename(one.name),),
            cause="files of the project",
            variant="project",
            proof=Proof.DIFF,
            ideal=(one.ideal,),
        )


def _told_apart(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits with what the wording needs of their whole group: the first path that is absent, and whether any is there but not compiled."""
    for hit in hits:
        group = [other for other in hits if other.variant == hit.variant]
        absent = next((other for other in group if other.stops is Stage.BUILD), None)
        facts: dict[str, Fact] = {**hit.facts, "uncompiled": any(other.stops is Stage.NONE for other in group)}
        if absent is not None:
            facts |= {"absent": absent.entity, "absent_line": absent.at.line if absent.at else 0}
        yield replace(hit, facts=facts)


def _made(path: str, answer: Solution) -> bool:
    """Whether a build makes the path: by convention of its name, or because a command or script of the answer names it."""
    parts = path.split("/")
    if any(part in _BUILT for part in parts[:-1]) or parts[-1] in _BUILT:
        return True
    base = parts[-1]
    archive = base.endswith((".zip", ".jar", ".tar.gz"))
    for block in answer.document.blocks:
        shell = block.role is Role.COMMAND or block.language in {"bash", "shell", "makefile", "dockerfile"}
        if shell and (path in block.text or (archive and base in block.text)):
            return True
    return archive and any(base in text and ("zip " in text or "jar " in text) for text in _texts(answer))


def _unnamed(asset: Asset, answer: Solution) -> bool:
    """Whether a whole unnamed block of the answer could be the file: of a language that the path may hold."""
    return any(file.name is None and not file.superseded and file not in answer.claimed and _fits(asset, file.language) for file in answer.files)


def _fits(asset: Asset, language: str) -> bool:
    suffix = posixpath.splitext(asset.path)[1]
    if suffix in {"", ".zip"}:
        return language in {"python", "javascript", "typescript", "go", "java"}
    return {".py": "python", ".js": "javascript", ".ts": "typescript", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}.get(suffix, "") == language


def _missing(asset: Asset, path: str, pair: Pair) -> Hit:
    listed = next((entry.line for entry in pair.answer.document.listing if given(path, [entry.path.rstrip("/")])), 0)
    suffix = posixpath.splitext(path)[1]
    variant = "template" if suffix in _TEMPLATES else "file" if suffix in _FILES or (suffix and not asset.directory) else "directory"
    claim = f"; the project tree lists it (line {listed}), no block gives it" if listed else ""
    return Hit(
        f"`{asset.api}` reads `{asset.path}`, and no file of the answer lies there",
        at=asset.span,
        entity=asset.path,
        entities=tuple(dict.fromkeys((path, asset.api, *([asset.resource] if asset.resource else ())))),
        cause=f"missing {variant}",
        variant=variant,
        stops=Stage.BUILD,
        note=f"no file at `{path}`{claim}",
        seek=_seek(asset),
        facts={"path": asset.path, "api": asset.api, "listed_line": listed},
    )


def _only_source(path: str, answer: Solution) -> str:
    """The language of which a folder of the answer holds nothing but source, where nothing compiles it and a function's package needs what is compiled; else empty."""
    inside = [file for file in answer.files if file.name and given(path, [file.name]) and file.language != "json" and not is_test(file.name)]
    languages = {file.language for file in inside}
    if languages == {"go"}:
        return "" if _compiles(answer) else "Go"
    if languages == {"typescript"} and not any((file.name or "").endswith(".d.ts") for file in inside):
        return "" if _TRANSPILES.search(answer.document.text) else "TypeScript"
    return ""


def _compiles(answer: Solution) -> bool:
    return any("go build" in block.text or "GOOS" in block.text for block in answer.document.blocks) or any(
        "go build" in text for text in _texts(answer)
    )


def _texts(answer: Solution) -> Iterator[str]:
    for value in answer.strings():
        text = text_of(value)
        if text is not None:
            yield text


def _uncompiled(asset: Asset, path: str, found: str, language: str, pair: Pair) -> Hit:
    line = next((file.line for file in pair.answer.files if file.name == found), 0)
    return Hit(
        f"`{asset.api}` packages `{asset.path}`, which holds only {language} source; nothing in the answer compiles it",
        at=asset.span,
        entity=asset.path,
        entities=(path, asset.api, found),
        cause="missing directory",
        variant="directory",
        stops=Stage.NONE,
        note=f"`{found}` (line {line}) is source; the function needs a compiled program in this folder, and no build step makes one",
        seek=_seek(asset),
        facts={"path": asset.path, "api": asset.api},
    )


def _seek(asset: Asset) -> tuple[str, ...]:
    api = fold(asset.api)
    if "code" in api or api in {"filename", "codeuri"}:
        return ("Code.fromInline", "Code_FromInline", "InlineCode", "Function.Code", "Function.code", asset.api, "StringAsset", "archive_file")
    return (asset.api,)
