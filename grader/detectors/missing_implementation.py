"""Something the answer uses and never gives: a file, a type, a function, a variable, a resource."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.detectors._bases import inherits
from grader.detectors._literals import asked_files
from grader.model.hits import Hit, Unchecked
from grader.model.kinds import Kind, Stage
from grader.model.paths import is_test
from grader.model.solutions import Category, Pair, Reference, Solution
from grader.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.documents import Listed

MOST_CAUSES = 4
"""More causes of one form in one file are one cause: the whole declaration block is missing."""
_FEW = 8
"""Unnamed code of no more lines shows how something is used, where the answer has other files."""
_PLACES = {
    "typescript": "TypeScript",
    "javascript": "JavaScript",
    "python": "Python",
    "java": "Java",
    "go": "Go",
    "hcl": "Terraform",
    "yaml": "template",
    "json": "template",
}


@dataclass(frozen=True, slots=True)
class Root:
    """The cause a missing name belongs to: the thing to search for, its form, and the tree's line that lists it."""

    entity: str
    variant: str
    listed: int = 0


_MODULES = "the modules"
"""Where names are counted together that several modules of Terraform lack: their files of variables or of outputs were not written."""


@detector(Kind.MISSING_IMPLEMENTATION)
def missing_implementation(pair: Pair) -> Iterator[Hit | Unchecked]:
    """A name that is used and never given.

    The first such name stops the build, so nothing of the answer is created. A file that the project tree lists and the answer never
    gives is the cause of every name that it would hold.

    Not flagged: names the language, an import from outside or the provider gives; names in tests; names that cannot be resolved;
    providers and variables of files that the prompt says exist already; a few unnamed lines beside whole files.

    Example: `stacks.NewNetworkStack(app, ...)` where no file of package `stacks` declares `NewNetworkStack`.
    """
    yield from asked_files(pair)
    answer = pair.answer
    for reason, span in answer.unresolved:
        yield Unchecked(reason, span.line)
    absent = [one for one in answer.references if (one.scope, one.name) not in answer.symbols and not is_test(one.file.name) and not inherits(one)]
    absent = [one for one in absent if not _given_elsewhere(one, pair) and not _shown(one, answer)]
    roots = {id(one): _root(one, answer) for one in absent}
    crowded = _crowded(absent, roots)
    claimed = {id(file) for file in answer.claimed}
    uses = Counter(roots[id(one)] for one in absent)
    ideal = _ideal_facts(pair.ideal)
    for one in absent:
        root = roots[id(one)]
        place = _place(one)
        cause = f"{root.variant}s of {place}" if (root.variant, place) in crowded else root.entity
        if (root.variant, _MODULES) in crowded and one.file.language == "hcl" and one.scope:
            cause = f"{root.variant}s of {_MODULES}"
        builds = id(one.file) in claimed
        yield Hit(
            _message(one, root, answer),
            at=one.span,
            entity=root.entity,
            entities=_entities(one, root),
            cause=cause,
            variant=root.variant,
            stops=Stage.BUILD if builds else Stage.NONE,
            note=_note(one, answer),
            seek=_seek(one, root, pair.ideal),
            facts={
                "what": f"{_PLACES.get(one.file.language, one.file.language)} {_word(one, root)}",
                "uses": uses[root],
                "file": root.entity if root.variant == "file" else "",
                "listed_line": root.listed,
                "declared_in": ", ".join(_elsewhere(one, answer)),
                **ideal,
            },
        )


def _given_elsewhere(one: Reference, pair: Pair) -> bool:
    """Whether the task says that a file which may declare the name exists already, or the answer has no place for it."""
    prompt = pair.task.text.lower()
    if one.category is Category.PROVIDER:
        return "provider.tf" in prompt or not any(category_is_provider(name) for _, name in pair.answer.symbols)
    if one.category is Category.VARIABLE and one.file.language == "hcl":
        said = one.name.removeprefix("var.").lower()
        if any("provider.tf" in line.lower() and said in line.lower() for line in pair.task.lines):
            return True
        return "variables.tf" in prompt and not any(file.name and file.name.endswith("variables.tf") for file in pair.answer.files)
    return False


def _shown(one: Reference, answer: Solution) -> bool:
    """Whether a name stands in a few unnamed lines beside the solution's files, which show how something is used."""
    if one.file.name is not None or all(file is one.file for file in answer.claimed):
        return False
    return len([line for line in one.file.text.split("\n") if line.strip()]) <= _FEW


def category_is_provider(name: str) -> bool:
    """Whether a symbol's name is that of a Terraform provider."""
    return name.startswith("provider.")


def _root(one: Reference, answer: Solution) -> Root:
    """The cause of a missing name: the module it would come from, the type it would be a member of, a listed file of its name, itself."""
    if one.category in {Category.FILE, Category.MODULE}:
        return Root(one.path or one.name, "file" if one.category is Category.FILE else "module")
    if ("", one.scope) not in answer.symbols and any(other.name == one.scope and other.category is Category.FILE for other in answer.references):
        return Root(next(other.path or other.name for other in answer.references if other.name == one.scope), "file")
    name = one.name
    if one.category is Category.FIELD and "." in name:
        owner = name.split(".", 1)[0]
        if (one.scope, owner) in answer.symbols:
            return Root(name, "field")
        name = owner
    listed = _listed_for(name, one, answer)
    if listed is not None:
        return Root(listed.path, "file", listed.line)
    if one.category is Category.OUTPUT and one.text.startswith("module."):
        return Root(one.text, "output", 0)
    if one.file.language in {"go", "java"}:
        stem = name.removeprefix("New").removesuffix("Props").removesuffix("Args")
        if stem != name and any(other.scope == one.scope and other.name == stem for other in answer.references):
            return Root(stem, "type")
        return Root(
            name,
            "type"
            if one.category is Category.FIELD or any(o.name == name and o.category is Category.TYPE for o in answer.references)
            else _variant(one),
        )
    return Root(name, _variant(one))


def _variant(one: Reference) -> str:
    if one.name.startswith("var.") and one.file.language == "hcl":
        return "variable"
    return {Category.DATA: "resource", Category.MAPPING: "parameter", Category.CONDITION: "parameter", Category.FIELD: "type"}.get(
        one.category, str(one.category.value)
    )


def _listed_for(name: str, one: Reference, answer: Solution) -> Listed | None:
    """The file of the project tree that is never given and is called like the missing name."""
    wanted = fold(name.removeprefix("New"))
    given = {posixpath.basename(file.name) for file in answer.files if file.name}
    best: Listed | None = None
    for entry in answer.document.listing:
        base = posixpath.basename(entry.path.rstrip("/"))
        stem, _, suffix = base.partition(".")
        if entry.directory or base in given or len(fold(stem)) < 5 or not _same_language(suffix, one.file.language):
            continue
        if wanted.startswith(fold(stem)) and (best is None or len(stem) > len(posixpath.basename(best.path))):
            best = entry
    return best


def _same_language(suffix: str, language: str) -> bool:
    return {"ts": "typescript", "tsx": "typescript", "js": "javascript", "py": "python", "go": "go", "java": "java"}.get(
        suffix.rsplit(".", 1)[-1]
    ) == language


def _place(one: Reference) -> str:
    """Where causes of one form are counted together: the module of a Terraform name, the file of any other."""
    return (one.scope or "the root module") if one.file.language == "hcl" else one.file.label


def _crowded(absent: Sequence[Reference], roots: dict[int, Root]) -> set[tuple[str, str]]:
    """Forms and places with so many causes that the cause is the missing declarations themselves."""
    entities: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in absent:
        root = roots[id(one)]
        entities[root.variant, _place(one)].add(root.entity)
    crowded = {key for key, found in entities.items() if len(found) > (1 if key[0] in {"variable", "local", "output"} else MOST_CAUSES)}
    for variant in ("variable", "output"):
        if len({one.scope for one in absent if one.scope and one.file.language == "hcl" and roots[id(one)].variant == variant}) > 1:
            crowded.add((variant, _MODULES))
    return crowded


def _entities(one: Reference, root: Root) -> tuple[str, ...]:
    names = [one.name, one.name.rsplit(".", 1)[-1], one.text]
    if root.variant == "file":
        names += [posixpath.basename(root.entity), posixpath.splitext(posixpath.basename(root.entity))[0]]
    return tuple(name for name in dict.fromkeys(names) if name and name != root.entity and len(name) < 80)


def _word(one: Reference, root: Root) -> str:
    return {"name": "name", "field": "member", "file": "file", "module": "module"}.get(
        root.variant, root.variant if root.variant != "type" else str(one.category.value)
    )


def _elsewhere(one: Reference, answer: Solution) -> tuple[str, ...]:
    """Where something of the same last name is declared: another type, another package."""
    last = one.name.rsplit(".", 1)[-1]
    found = []
    for (scope, name), symbol in answer.symbols.items():
        if name.rsplit(".", 1)[-1] == last and (scope, name) != (one.scope, one.name) and symbol.category is not Category.FILE and len(last) > 2:
            found.append(f"`{name}`" + (f" in {symbol.file.label}" if scope != one.scope else ""))
    return tuple(dict.fromkeys(found))[:3]


def _message(one: Reference, root: Root, answer: Solution) -> str:
    elsewhere = _elsewhere(one, answer)
    hint = f"; {elsewhere[0]} is declared" if elsewhere and one.category is not Category.FIELD and one.file.language != "hcl" else ""
    if one.category is Category.FILE:
        return f"`{one.text or one.path}` needs `{one.path or one.name}`, which the answer never gives"
    if one.category is Category.FIELD and root.variant == "field":
        owner, _, member = one.name.rpartition(".")
        return f"`{owner}` has no member `{member}`" + (f"; {elsewhere[0]} has it" if elsewhere else "")
    said = one.text if one.text and (":" in one.name or one.category is Category.OUTPUT) else one.name
    return f"`{said}` is used and never declared{hint}"


def _note(one: Reference, answer: Solution) -> str:
    if one.category is Category.FIELD:
        elsewhere = _elsewhere(one, answer)
        return f"`{one.text or one.name}`: no such member" + (f"; declared as {elsewhere[0]}" if elsewhere else "")
    return f"uses `{one.text.rstrip('(') or one.name}`"


def _seek(one: Reference, root: Root, ideal: Solution | None) -> tuple[str, ...]:
    """What to show of the ideal: the same thing, else (for a missing file) the first type it declares."""
    last = one.name.rsplit(".", 1)[-1]
    names = [root.entity, one.name, last, last.removeprefix("New"), posixpath.splitext(root.entity)[0]]
    if ideal is not None and root.variant == "file":
        names += [symbol.name for symbol in ideal.symbols.values() if symbol.category is Category.TYPE and not is_test(symbol.file.name)][:1]
    return tuple(dict.fromkeys(names))


def _ideal_facts(ideal: Solution | None) -> dict[str, tuple[str, ...]]:
    """The ideal's files, and the functions and methods that its code consists of."""
    if ideal is None:
        return {"ideal_files": (), "ideal_parts": ()}
    files = tuple(file.name for file in ideal.claimed if file.name and not is_test(file.name))
    parts = [
        symbol.name
        for symbol in ideal.symbols.values()
        if symbol.category is Category.FUNCTION and symbol.file in ideal.claimed and symbol.name not in {"main", "init"}
    ]
    return {"ideal_files": tuple(dict.fromkeys(files)), "ideal_parts": tuple(dict.fromkeys(parts))[:8]}
