"""Imports and variables that are never used, where the compiler rejects that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.model.hits import Hit
from grader.model.kinds import Kind, Stage
from grader.model.solutions import Category

if TYPE_CHECKING:
    from grader.model.solutions import Pair


@detector(Kind.CODE_QUALITY)
def code_quality(pair: Pair) -> Iterator[Hit]:
    """An unused import or local variable of a Go file.

    Go refuses to compile a package with either.

    Not flagged: blank imports, package-level variables, and anything unused in languages whose compilers accept it.

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
