"""Go: packages, declarations, uses and values of one file; names across the packages of an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.languages.go.expressions import Reader
from grader.languages.go.packages import OUTSIDE, STANDARD, link
from grader.languages.go.scopes import declarations, read_scope, receiver, references, unused_variables
from grader.languages.trees import parse_tree, problems, span, text
from grader.model.solutions import Binding, Category, Import, Unit, Unused
from grader.model.values import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from grader.model.documents import File
    from grader.model.solutions import Reference

__all__ = ["LANGUAGES", "link", "parse"]

LANGUAGES = ("go",)
_EXPRESSIONS = frozenset(
    "call_expression composite_literal unary_expression binary_expression selector_expression interpreted_string_literal raw_string_literal "
    "int_literal float_literal identifier parenthesized_expression func_literal index_expression slice_expression type_assertion_expression "
    "true false nil".split()
)
_LOOPS = frozenset({"for_statement"})
_CERTAIN = (
    "github.com/aws/aws-cdk-go/",
    "github.com/aws/constructs-go/",
    "github.com/aws/jsii-runtime-go",
    "github.com/aws/aws-lambda-go/",
    "github.com/aws/aws-sdk-go",
)
"""Modules whose package name is known to follow from the path."""


def parse(file: File) -> Unit:
    """Read one Go file; a fragment without a package clause is read as it is."""
    root = parse_tree(file, "tree_sitter_go").root_node
    package = next((text(child.named_children[0]) for child in root.named_children if child.type == "package_clause" and child.named_children), "")
    imports = tuple(_imports(file, root))
    modules = {one.local: one.module for one in imports}
    own = {one.local for one in imports if not one.module.startswith(OUTSIDE) and one.module.split("/", 1)[0] not in STANDARD}
    rejected = problems(file, root)
    symbols = tuple(declarations(file, package, root))
    uses: list[Reference] = []
    unused: list[Unused] = []
    bindings: list[Binding] = []
    named: set[str] = set()
    top: dict[str, Known] = {}
    sound = not rejected and bool(package)
    for node in root.named_children:
        if node.type in {"package_clause", "import_declaration", "comment"}:
            continue
        scope = read_scope(node, set(modules))
        named |= {start for start, _, _ in scope.chains} | {name for name, _, _ in scope.uses} | set(_packages_named(node))
        if sound:
            uses += references(file, package, scope, set(modules), own)
            unused += unused_variables(file, scope) if node.type in {"function_declaration", "method_declaration"} else ()
        bindings += _bindings(file, node, modules, top)
    if sound:
        unused = [*_unused_imports(file, imports, named, {s.name for s in symbols}), *unused]
    return Unit(file, package, imports, symbols, tuple(uses), tuple(bindings), rejected, tuple(unused))


def _imports(file: File, root: Node) -> Iterator[Import]:
    for declaration in root.named_children:
        if declaration.type != "import_declaration":
            continue
        specs = [one for child in declaration.named_children for one in ([child] if child.type == "import_spec" else child.named_children)]
        for spec in specs:
            path = spec.child_by_field_name("path")
            if path is None:
                continue
            module = text(path).strip('"`')
            alias = spec.child_by_field_name("name")
            yield Import(module, "", text(alias) if alias is not None else default_name(module), span(file, spec))


def default_name(module: str) -> str:
    """The package name an import path stands for when no alias is given: its last part without version, `go-` and `-go`."""
    if module.endswith("jsii-runtime-go"):
        return "jsii"
    parts = [part for part in module.split("/") if part]
    while len(parts) > 1 and re.fullmatch(r"v\d+", parts[-1]):
        parts.pop()
    last = re.sub(r"\.v\d+$", "", parts[-1]) if parts else module
    return last.removeprefix("go-").removesuffix("-go").replace("-", "_")


def _packages_named(node: Node) -> Iterator[str]:
    stack = [node]
    while stack:
        one = stack.pop()
        if one.type == "package_identifier":
            yield text(one)
        stack.extend(one.named_children)


def _unused_imports(file: File, imports: tuple[Import, ...], named: set[str], declared: set[str]) -> Iterator[Unused]:
    locals_ = {one.local for one in imports}
    open_names = {name for name in named if name not in locals_ and name not in declared}
    for one in imports:
        plain = "." not in one.module.split("/", 1)[0] or one.module.startswith(_CERTAIN)
        certain = plain or one.local != default_name(one.module) or not open_names
        if one.local not in {"_", "."} and one.local not in named and certain:
            yield Unused(one.module, Category.MODULE, one.span, file)


def _bindings(file: File, node: Node, modules: Mapping[str, str], top: dict[str, Known]) -> Iterator[Binding]:
    """The outermost expressions of one top-level declaration, in source order, those of closures included."""
    name = node.child_by_field_name("name")
    owner = text(name) if name is not None else ""
    if node.type == "method_declaration":
        owner = f"{receiver(node)}.{owner}"
    constants = {**top, **_constants(file, node, modules)}
    if node.type in {"const_declaration", "var_declaration"}:
        top.update(constants)
    reader = Reader(file, modules, constants)
    queue: list[tuple[Node, bool]] = [(node, False)]
    while queue:
        one, many = queue.pop(0)
        for bound, value_node, looped in _expressions(one, many):
            yield Binding(reader.value(value_node), span(file, value_node), file, bound, owner, looped)
            queue += [(closure.child_by_field_name("body") or closure, looped) for closure in reader.closures]
            reader.closures.clear()


def _expressions(root: Node, many: bool) -> Iterator[tuple[str, Node, bool]]:  # noqa: FBT001 - a plain state of the walk
    stack = [(root, many)]
    while stack:
        node, looped = stack.pop()
        if node.type in _EXPRESSIONS:
            yield _bound_to(node), node, looped
            continue
        below = looped or node.type in _LOOPS
        stack.extend((child, below) for child in reversed(node.named_children) if not _left_side(node, child))


def _left_side(parent: Node, child: Node) -> bool:
    if parent.type in {"short_var_declaration", "assignment_statement", "range_clause"}:
        return parent.child_by_field_name("left") == child
    if parent.type in {"var_spec", "const_spec", "function_declaration", "method_declaration", "parameter_declaration", "type_spec"}:
        return child in parent.children_by_field_name("name") or child == parent.child_by_field_name("receiver")
    return False


def _bound_to(node: Node) -> str:
    parent = node.parent
    if parent is None or parent.type != "expression_list" or parent.parent is None:
        return ""
    statement = parent.parent
    if statement.type in {"short_var_declaration", "assignment_statement"} and statement.child_by_field_name("right") == parent:
        left = statement.child_by_field_name("left")
        targets, sources = (left.named_children if left is not None else []), parent.named_children
        place = sources.index(node) if node in sources else 0
        return text(targets[place]) if place < len(targets) else ""
    if statement.type in {"var_spec", "const_spec"}:
        names = statement.children_by_field_name("name")
        place = parent.named_children.index(node)
        return text(names[place]) if place < len(names) else ""
    return ""


def _constants(file: File, node: Node, modules: Mapping[str, str]) -> dict[str, Known]:
    """Names of the declaration that are bound exactly once, to something that can be read."""
    reader = Reader(file, modules, {})
    bound: dict[str, list[Node | None]] = {}
    stack = [node]
    while stack:
        one = stack.pop()
        if one.type in {"short_var_declaration", "assignment_statement", "range_clause", "var_spec", "const_spec"}:
            left = one.child_by_field_name("left")
            names = left.named_children if left is not None else one.children_by_field_name("name")
            right = one.child_by_field_name("right") or one.child_by_field_name("value")
            values = right.named_children if right is not None and right.type == "expression_list" else []
            for place, name in enumerate(names):
                value = values[place] if len(values) == len(names) and one.type != "range_clause" else None
                bound.setdefault(text(name), []).append(value)
        elif one.type in {"parameter_declaration", "inc_statement", "dec_statement"}:
            for name in one.children_by_field_name("name") or one.named_children:
                bound.setdefault(text(name), []).extend((None, None))
        stack.extend(one.named_children)
    found: dict[str, Known] = {}
    for bound_name, sources in bound.items():
        if len(sources) == 1 and sources[0] is not None:
            read = reader.value(sources[0])
            if isinstance(read, Known) and read.value is not None:
                found[bound_name] = read
    return found
