"""TypeScript and JavaScript: declarations, uses and values of one file; names across the modules of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.typescript.declarations import Declarations, module_path
from grader.languages.typescript.expressions import HANDLERS
from grader.languages.typescript.modules import link
from grader.languages.typescript.reader import Reader
from grader.languages.typescript.scopes import Scope, Uses
from grader.languages.typescript.sources import is_elided, read_source
from grader.languages.typescript.statements import Body
from grader.model.solutions import Unit

if TYPE_CHECKING:
    from grader.model.documents import File

__all__ = ["LANGUAGES", "link", "parse"]

LANGUAGES = ("typescript", "javascript")


def parse(file: File) -> Unit:
    """Read one file. Broken code gives what can be recovered; only a whole, sound file tells which names nothing binds."""
    source = read_source(file)
    module = module_path(file)
    scope = Scope()
    uses = Uses(file, typed=source.typed)
    declared = Declarations(file, scope, module)
    declared.read(source.root)
    body = Body(Reader(file, uses, scope, HANDLERS))
    body.read(source.root)
    imports = (*declared.imports, *uses.required)
    sound = (
        file.whole
        and not file.superseded
        and not source.rejected
        and not source.wrapped
        and (bool(imports) or (declared.exports and not source.typed and file.name is not None))
    )
    sound = sound and not is_elided(file.text)
    symbols = (*declared.symbols.values(), *declared.everywhere)
    return Unit(file, module, imports, symbols, uses.settled(sound=sound), tuple(body.bindings), source.rejected)
