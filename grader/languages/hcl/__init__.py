"""HCL: the blocks of a file as bindings, what they declare, and what they use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.hcl.blocks import read_block, tops
from grader.languages.hcl.expressions import expression_in
from grader.languages.hcl.modules import folder_of, link
from grader.languages.hcl.reader import Mode, Reader
from grader.model.solutions import Binding, Unit

if TYPE_CHECKING:
    from grader.model.documents import File
    from grader.model.solutions import Reference, Symbol

LANGUAGES = ("hcl",)

__all__ = ["LANGUAGES", "link", "parse"]


def parse(file: File) -> Unit:
    """Read one file of HCL: a `Binding` a top-level block or attribute, named by its address (`resource.aws_s3_bucket.main`, `locals`).

    The value of a block is `Fields` with the block's type; nested blocks are fields. Never raises. In a file that the grammar rejects,
    each top-level block is read on its own, so that one broken block does not hide the others.
    """
    found, problems = tops(file)
    symbols: list[Symbol] = []
    bindings: list[Binding] = []
    uses: list[Reference] = []
    folder = folder_of(file)
    last = file.end_line
    for top in found:
        reader = Reader(file, top.source, folder, top.line, last)
        if top.node.type == "block":
            block = read_block(reader, top.node, whole=top.whole)
            symbols += block.symbols
            bindings.append(block.binding)
        else:
            parts = [one for one in top.node.children if one.type in {"identifier", "expression"}]
            if len(parts) == 2:
                value = expression_in(reader, parts[1], Mode.SILENT)
                bindings.append(Binding(value, reader.span(top.node), file, reader.text(parts[0])))
        uses += reader.uses
    return Unit(file, folder, (), tuple(symbols), tuple(uses), tuple(bindings), problems)
