"""Patterns of `instanceof` and `switch`: the variables they bind and the types they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.java.reader import Reader


def bind_pattern(reader: Reader, node: Node) -> None:
    """Declare the variables of a type or record pattern."""
    stack = [node]
    while stack:
        one = stack.pop()
        if one.type in {"type_pattern", "record_pattern_component"} and one.named_child_count >= 2:
            kind, name = one.named_children[-2], one.named_children[-1]
            reader.use_type(kind)
            if name.type == "identifier":
                reader.declare(reader.text(name), reader.origin(kind))
            else:
                stack.append(name)
        elif one.type == "record_pattern":
            reader.use_name(reader.text(one.named_children[0]), one) if one.named_children else None
            stack.extend(one.named_children[1:])
        else:
            stack.extend(one.named_children)
