"""Imports and variables that are never used where the compiler rejects that; descriptions and types that the ideal gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.descriptions import undescribed, untyped
from grader.detectors import detector
from grader.detectors._unused_inputs import unused_inputs
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof, Stage
from grader.model.solutions import Category
from grader.model.spans import Span

if TYPE_CHECKING:
    from grader.model.solutions import Pair

LINES = 10
"""Lines that are quoted of what has no description."""


@detector(Kind.CODE_QUALITY)
def code_quality(pair: Pair) -> Iterator[Hit]:
    """An unused import or local variable of a Go file, an unused parameter or variable; descriptions, and types of arguments, that the ideal gives and the answer does not.

    Go refuses to compile a package with either; what is not described has to be guessed.

    Not flagged: blank imports, package-level variables, and anything unused in languages whose compilers accept it; other words of a description.

    Example: `import "fmt"` in a file that never says `fmt.`.
    """
    for one in pair.answer.unused:
        variant = "unused-import" if one.category is Category.MODULE else "unused-variable"
        said = f'"{one.name}" imported and not used' if variant == "unused-import" else f"declared and not used: {one.name}"
        yield Hit(
            f"{one.file.label}: {said}",
            at=one.span,
            entity=one.name,
            entities=(one.file.label,),
            cause=variant,
            variant=variant,
            stops=Stage.BUILD,
            note=said,
            facts={"file": one.file.label},
        )
    for unused in unused_inputs(pair.answer):
        if unused.literal is None:
            yield Hit(
                f"`{unused.name}` is declared and nothing uses it",
                at=Span(unused.span.line, unused.span.line),
                entity=unused.name,
                entities=("Parameters",),
                cause="unused inputs",
                variant="unused-input",
                note="used nowhere",
                facts={"name": unused.name},
            )
    yield from _undescribed(pair)


def _undescribed(pair: Pair) -> Iterator[Hit]:
    """What the ideal describes or types and the answer does not."""
    found = [*undescribed(pair)]
    for one in found if len(found) > 1 or any(one.kind == "alarm" for one in found) else ():
        yield Hit(
            f"the {one.kind} `{one.name}` has no description{f'; the ideal says `{one.text}`' if one.text else ''}",
            at=Span(one.at.line, min(one.at.end_line, one.at.line + LINES)),
            entity=one.name,
            entities=("AlarmDescription", "alarmDescription", "description") if one.kind == "alarm" else ("Description", "description"),
            cause=f"descriptions of {'alarms' if one.kind == 'alarm' else 'things'}",
            variant="undescribed",
            proof=Proof.DIFF,
            note="no description",
            ideal=(one.ideal,),
            facts={"kind": one.kind},
        )
    types = untyped(pair)
    if types is not None:
        at = min((resource.span for resource in pair.answer.resources), default=None)
        yield Hit(
            f"no type is declared; the ideal types its arguments and settings by {', '.join(f'`{name}`' for name in types.names[:5])}",
            at=Span(at.line, at.line) if at else None,
            entity=types.names[0],
            entities=("interface", *types.names),
            cause="types",
            variant="untyped",
            proof=Proof.DIFF,
            ideal=types.ideal[:2],
            facts={"names": types.names},
        )
