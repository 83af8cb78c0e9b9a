"""Import statements of Python: what each binds, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.languages.python.scopes import Bound, Imported, Names, Scope
from grader.languages.trees import text
from grader.model.solutions import Import

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node


def import_statement(names: Names, node: Node, scope: Scope) -> None:
    """`import a.b`, `import a.b as c`."""
    for one in node.named_children:
        path, alias = (one.child_by_field_name("name"), one.child_by_field_name("alias")) if one.type == "aliased_import" else (one, None)
        if path is None or path.type != "dotted_name":
            continue
        module = text(path)
        local = text(alias) if alias is not None else module.split(".", 1)[0]
        _imported(names, node, scope, Import(module, "", local, names.span(node)))


def import_from_statement(names: Names, node: Node, scope: Scope) -> None:
    """`from a.b import c as d`, `from . import e`, `from f import *`."""
    origin = node.child_by_field_name("module_name")
    module = text(origin).replace(" ", "") if origin is not None else "__future__"
    for one in node.named_children:
        if one == origin or one.type not in {"dotted_name", "aliased_import", "wildcard_import"}:
            continue
        path, alias = (one.child_by_field_name("name"), one.child_by_field_name("alias")) if one.type == "aliased_import" else (one, None)
        name = text(path) if path is not None else ""
        names.deferred = names.deferred or (module == "__future__" and name == "annotations")
        _imported(names, node, scope, Import(module, name, text(alias) if alias is not None else name, names.span(one)))


def assume(names: Names, root: Node, modules: Mapping[str, str]) -> None:
    """Bind local names to modules that an excerpt uses and imports above what is shown."""
    for local, module in modules.items():
        one = Import(module, "", local, names.span(root))
        names.imports.append(one)
        names.bind(names.top, local, Bound("import", root, origin=one))


def _imported(names: Names, node: Node, scope: Scope, one: Import) -> None:
    names.imports.append(one)
    if not node.has_error:
        names.imported.append(Imported(one.module, node, scope.tolerant))
    if one.name != "*":
        names.bind(scope, one.local, Bound("optional import" if scope.tolerant else "import", node, origin=one))
