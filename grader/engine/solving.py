"""From a document to the dialect-blind model: every file is parsed by its language, linked, and read by the framework that claims it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.frontends import Frontend, Reading, frontends, is_supporting, names_dialect
from grader.languages import Language, language_module
from grader.model.documents import Block, Document, Role
from grader.model.paths import is_test
from grader.model.solutions import Reference, Solution, Symbol, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model.solutions import Asset, Resource
    from grader.model.spans import Span

SUFFIXES: Mapping[str, str] = {
    "typescript": "ts",
    "javascript": "js",
    "python": "py",
    "java": "java",
    "go": "go",
    "hcl": "hcl",
    "yaml": "yaml",
    "json": "json",
}
"""The last word of a dialect, by language."""
MUCH_MORE = 3
_DIALECTS = {"cicd-yaml": "cicd-yml", "cicd-json": "cicd-yml"}


def solution_of(document: Document) -> Solution:
    """Read the files of one document; never raises on any text."""
    units: dict[str, list[Unit]] = defaultdict(list)
    for file in document.files:
        module = language_module(file.language)
        if module is not None:
            units[file.language].append(module.parse(file))
    symbols: dict[tuple[str, str], Symbol] = {}
    references: list[Reference] = []
    unresolved: list[tuple[str, Span]] = []
    for language_reader, own in _by_module(units):
        links = language_reader.link(own, document)
        symbols.update(links.symbols)
        references += links.references
        unresolved += links.unresolved
    if "java" in units:
        from grader.engine.wildcards import qualified  # noqa: PLC0415 - only Java needs the catalogue this early

        units["java"] = qualified(units["java"])
    everything = [unit for group in units.values() for unit in group]
    current = [unit for unit in everything if not unit.file.superseded]
    claims = _claims(current)
    framework, language = _dialect(claims, document)
    resources: list[Resource] = []
    assets: list[Asset] = []
    for frontend, claimed in claims:
        reading: Reading = frontend.read(claimed, document)
        resources += reading.resources
        assets += reading.assets
        symbols.update(reading.symbols)
        references += reading.references
        unresolved += reading.unresolved
    dialect = f"{framework}-{SUFFIXES.get(language, language)}" if framework else ""
    return Solution(
        document=document,
        dialect=_DIALECTS.get(dialect, dialect),
        framework=framework,
        language=language,
        files=document.files,
        resources=tuple(resources),
        symbols=symbols,
        references=tuple(references),
        assets=tuple(assets),
        bindings=tuple(binding for unit in current for binding in unit.bindings),
        problems=tuple(problem for unit in current for problem in unit.problems),
        unused=tuple(one for unit in current for one in unit.unused),
        unclaimed=_unclaimed(document),
        unresolved=tuple(unresolved),
        claimed=tuple(unit.file for frontend, claimed in claims for unit in claimed if not is_supporting(frontend)),
    )


def _by_module(units: Mapping[str, Sequence[Unit]]) -> list[tuple[Language, list[Unit]]]:
    """The units of each language module: TypeScript and JavaScript are linked together."""
    found: dict[int, tuple[Language, list[Unit]]] = {}
    for language, group in units.items():
        module = language_module(language)
        if module is not None:
            found.setdefault(id(module), (module, []))[1].extend(group)
    return list(found.values())


def _claims(units: Sequence[Unit]) -> list[tuple[Frontend, list[Unit]]]:
    """Each front end with the files it claims, in the order of the document."""
    found = []
    for frontend in frontends():
        claimed = [unit for unit in units if frontend.claims(unit)]
        if claimed:
            found.append((frontend, sorted(claimed, key=lambda unit: unit.file.line)))
    return found


def _dialect(claims: Sequence[tuple[Frontend, Sequence[Unit]]], document: Document) -> tuple[str, str]:
    """The framework and the language that most lines of the answer are written for; empty where none claims a file."""
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for frontend, units in claims:
        for unit in units:
            lines[frontend.FRAMEWORK, unit.file.language] += unit.file.end_line - unit.file.line + 1
    everything = sum(
        block.end_line - block.line + 1
        for block in document.blocks
        if block.language in SUFFIXES and block.role is not Role.QUOTE and not is_test(block.name)
    )
    for key in [key for key in lines if key[0] == "cicd" and lines[key] * 2 < everything]:
        del lines[key]  # a workflow beside the code it builds says nothing of that code's dialect
    supporting = {frontend.FRAMEWORK for frontend, _ in claims if is_supporting(frontend)}
    silent = {frontend.FRAMEWORK for frontend, _ in claims if not names_dialect(frontend)}
    for group in ({key for key in lines if key[0] not in supporting}, {key for key in lines if key[0] in supporting - silent}):
        if group:
            framework = max(sorted({key[0] for key in group}), key=lambda name: sum(n for key, n in lines.items() if key[0] == name))
            return framework, _language([(language, n) for (name, language), n in lines.items() if name == framework])
    return "", ""


def _language(lines: Sequence[tuple[str, int]]) -> str:
    """The language that comes first, unless another has far more lines: the same template is often given in two forms."""
    first, most = lines[0], max(lines, key=lambda pair: pair[1])
    return most[0] if most[1] > MUCH_MORE * first[1] else first[0]


def _unclaimed(document: Document) -> tuple[Block, ...]:
    """Blocks of code that give the solution something no parser here reads; a README is no code."""
    return tuple(
        block
        for block in document.blocks
        if block.role is Role.FILE and block.language not in {"", "markdown"} and language_module(block.language) is None
    )
