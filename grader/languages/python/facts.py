"""What a Python file declares and what it uses of what its text does not bind: symbols and references, from its scopes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from grader.languages.python.libraries import BUILTINS, is_outside
from grader.languages.trees import text
from grader.model.solutions import Category, Reference, Symbol

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.python.scopes import Assigned, Bound, Names, Scope
    from grader.model.documents import File

FEWEST_STATEMENTS = 3
"""A file that defines nothing has at least as many statements beside its imports."""
MOST_UNDEFINED = 2
"""A file without any import that leaves more names open than these is an extract."""
ANY = "*"
"""The name, or the member, of something that declares more than its text shows. Never part of what is linked."""
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_WRAPPED = re.compile(r"(?:typing\.)?(?:Optional|Final|ClassVar|Annotated|Required|NotRequired)\[(.*)\]", re.DOTALL)
_PLAIN_DECORATORS = frozenset({"dataclass", "implements", "final", "unique", "total_ordering", "runtime_checkable", "interface"})
_PROPERTIES = frozenset({"property", "cached_property"})
_OPEN_METHODS = frozenset({"__getattr__", "__getattribute__", "__new__", "__init_subclass__"})


def declared(file: File, package: str, names: Names) -> Iterator[Symbol]:
    """Top-level names and the members of top-level classes, in source order, each once.

    The `type` of a class is its parents as written, separated by blanks; of anything else the class it holds, as written.
    """
    found: dict[str, Symbol] = {}

    def add(name: str, category: Category, node: Node, type_: str = "") -> None:
        earlier = found.get(name)
        if earlier is None or (earlier.category is Category.VARIABLE and category is not Category.VARIABLE):
            found[name] = Symbol(package, name, category, names.span(node), file, type_)

    for scope in names.all_scopes():
        if scope.kind != "module" and (scope.kind != "class" or not _reachable(scope)):
            continue
        prefix = f"{scope.owner}." if scope.kind == "class" else ""
        for name, bindings in scope.bound.items():
            for bound in bindings[:1] if len({one.kind for one in bindings}) == 1 else bindings:
                if bound.kind == "class":
                    add(prefix + name, Category.TYPE, bound.node, _parents(bound.node))
                elif bound.kind == "function":
                    add(prefix + name, *_method(names, bound, member=bool(prefix)))
                elif bound.kind in {"variable", "type"}:
                    add(prefix + name, Category.FIELD if prefix else Category.VARIABLE, bound.node, _type_of(bindings, scope))
        if prefix and (scope in names.open_classes or _is_open(names, scope)):
            add(prefix + ANY, Category.FIELD, scope.node)
    for (owner, member), assignments in _members(names).items():
        add(
            f"{owner}.{member}",
            Category.FIELD,
            assignments[0].node,
            _agreed(_written(one.annotation) or _value_type(one.value, one.scope) for one in assignments),
        )
    for member in sorted(names.loose):
        add(f"{ANY}.{member}", Category.FIELD, names.top.node)
    if names.dynamic:
        add(ANY, Category.NAME, names.top.node)
    yield from sorted(found.values(), key=lambda one: one.span)


def _method(names: Names, bound: Bound, *, member: bool) -> tuple[Category, Node, str]:
    is_property = member and any(one.rsplit(".", 1)[-1] in _PROPERTIES for one in names.decorated.get(bound.node.id, ()))
    returns = _written(bound.node.child_by_field_name("return_type")) if is_property else ""
    return (Category.FIELD if is_property else Category.FUNCTION), bound.node, returns


def _reachable(scope: Scope) -> bool:
    """Whether a class stands at the top level, or in a class that does."""
    one: Scope | None = scope
    while one is not None and one.parent is not None:
        if one.kind != "class" and one.node.type != "class_definition":  # a scope of type parameters belongs to its class
            return False
        one = one.parent
    return True


def _parents(node: Node) -> str:
    listed = node.child_by_field_name("superclasses")
    parents = []
    for one in listed.named_children if listed is not None else ():
        if one.type == "comment":
            continue
        if one.type == "keyword_argument":
            parents.append(ANY if text(one).startswith("metaclass") and "ABCMeta" not in text(one) else "object")
            continue
        written = text(one.child_by_field_name("value") or one) if one.type == "subscript" else text(one)
        parents.append(written if _DOTTED.fullmatch(written) else ANY)
    return " ".join(parents)


def _is_open(names: Names, scope: Scope) -> bool:
    given = {one.rsplit(".", 1)[-1] for one in names.decorated.get(scope.node.id, ())}
    return bool(given - _PLAIN_DECORATORS) or bool(_OPEN_METHODS & scope.bound.keys())


def _members(names: Names) -> Mapping[tuple[str, str], list[Assigned]]:
    """What methods assign to their own object, by class and member; what is assigned to other objects becomes loose."""
    found: dict[tuple[str, str], list[Assigned]] = defaultdict(list)
    for one in names.assigned:
        owner = _self_class(one.scope, one.root)
        if owner is None:
            names.loose.add(one.member)
        elif _reachable(owner):
            found[owner.owner, one.member].append(one)
    return found


def _self_class(scope: Scope, name: str) -> Scope | None:
    """The class whose object `name` is here: the first parameter of a method that nothing rebinds."""
    holder = scope.find(name)
    if holder is None or holder.self_name != name or len(holder.bound[name]) != 1:
        return None
    around = holder.parent
    while around is not None and around.kind != "class":
        around = around.parent
    return around


def _written(annotation: Node | None) -> str:
    """The one class that an annotation names, as written; empty for anything else."""
    if annotation is None:
        return ""
    written = text(annotation).strip().strip("'\"").strip()
    if len(written) > 200:
        return ""
    wrapped = _WRAPPED.fullmatch(written)
    written = wrapped.group(1).split(",", 1)[0].strip().strip("'\"") if wrapped else written
    if "|" in written:
        parts = [one.strip().strip("'\"") for one in written.split("|")]
        named = [one for one in parts if one != "None"]
        written = named[0] if len(named) == 1 else ""
    return written if _DOTTED.fullmatch(written) else ""


def _agreed(types: Iterable[str]) -> str:
    """The type that all agree on, those that hold nothing aside."""
    distinct = {one for one in types if one != "None"}
    return distinct.pop() if len(distinct) == 1 else ""


def _type_of(bindings: list[Bound], scope: Scope, depth: int = 0) -> str:
    """The class that a name holds in all its bindings, as written; empty where they differ or do not tell."""
    annotated = {_written(one.annotation) for one in bindings if one.annotation is not None}
    if annotated:
        return _agreed([*annotated, *(_value_type(one.value, scope, depth) for one in bindings if one.annotation is None)])
    if any(one.kind != "variable" for one in bindings):
        return ""
    return _agreed(_value_type(one.value, scope, depth) for one in bindings)


def _value_type(value: Node | None, scope: Scope, depth: int = 0) -> str:
    if value is None or depth > 5:
        return ""
    if value.type == "none":
        return "None"
    if value.type == "identifier":
        holder = scope.find(text(value))
        return _type_of(holder.bound[text(value)], holder, depth + 1) if holder is not None else ""
    if value.type != "call":
        return ""
    function = value.child_by_field_name("function")
    called = text(function) if function is not None and function.type in {"identifier", "attribute"} else ""
    return called if _DOTTED.fullmatch(called) and called.rsplit(".", 1)[-1].lstrip("_")[:1].isupper() else ""


def used(file: File, package: str, names: Names, *, undefined: bool) -> Iterator[Reference]:
    """Uses that linking must settle, in source order.

    - MODULE: an import (`name` the module as written) that the code cannot go on without;
    - NAME, TYPE, FUNCTION: a name that an import of the answer's own binds, with its members (`stacks.VpcStack`), or that nothing
      binds (only where `undefined`);
    - FIELD: members read from an object or class of a class named in this file; `scope` is that class as written, `name` the members.
    """
    found: list[tuple[int, Reference]] = []
    undefined = undefined and not _is_extract(file, names)

    def add(scope: str, name: str, category: Category, node: Node, written: str) -> None:
        found.append((node.start_byte, Reference(scope, name, category, names.span(node), file, written)))

    for one in names.imported:
        if not one.tolerated and _may_be_own(one.module):
            add(package, one.module, Category.MODULE, one.node, " ".join(text(one.node).split())[:200])
    for scope in names.all_scopes():
        seen: dict[str, str] = {}
        for name, node in scope.uses:
            kind = seen.get(name)
            if kind is None:
                kind = seen[name] = _kind(scope, name)
            if kind == "own" or (kind == "undefined" and undefined):
                add(package, name, _category(names, node, name), node, name)
        for chain in scope.chains:
            kind = seen.get(chain.root)
            if kind is None:
                kind = seen[chain.root] = _kind(scope, chain.root)
            written = ".".join((chain.root, *chain.members))
            if kind == "own":
                add(package, written, _category(names, chain.node, chain.members[-1]), chain.node, written)
            elif kind == "undefined" and undefined:
                add(package, chain.root, Category.NAME, chain.node, written)
            if kind not in {"undefined", "outside"} and (owner := _owner(scope, chain.root)):
                add(owner, ".".join(chain.members), Category.FIELD, chain.node, written)
    yield from (one for _, one in sorted(found, key=lambda pair: pair[0]))


def _is_extract(file: File, names: Names) -> bool:
    """Whether a text is a part of a file after all: a few lines, without its imports, or `self` outside a class."""
    open_names = {
        name
        for scope in names.all_scopes()
        for name in (*(one for one, _ in scope.uses), *(one.root for one in scope.chains))
        if _kind(scope, name) == "undefined"
    }
    if open_names & {"self", "cls"}:
        return True
    statements = [
        one.type
        for one in names.top.node.named_children
        if one.type != "comment" and not one.type.endswith(("import_statement", "import_from_statement"))
    ]
    if len(statements) < FEWEST_STATEMENTS and not any("definition" in one for one in statements):
        return True
    imports = any(one.origin is not None for bound in names.top.bound.values() for one in bound)
    return not imports and (file.name is None or len(open_names) > MOST_UNDEFINED)


def _may_be_own(module: str) -> bool:
    return module.startswith(".") or not is_outside(module)


def _kind(scope: Scope, name: str) -> str:
    """How a name is bound here: `undefined`, `outside` (builtin or imported from elsewhere), `own` (imported) or `bound`."""
    holder = scope.find(name)
    if holder is None:
        dunder = name.startswith("__") and name.endswith("__")
        return "outside" if dunder or name in BUILTINS else "undefined"
    bindings = holder.bound[name]
    origins = [one.origin for one in bindings if one.origin is not None]
    if not origins:
        return "bound"
    return "own" if len(bindings) == 1 and bindings[0].kind == "import" and _may_be_own(origins[0].module) else "outside"


def _owner(scope: Scope, root: str) -> str:
    """The class, as written in this file, whose members a path from `root` reads: its object's, its variable's, or its own."""
    within = _self_class(scope, root)
    if within is not None:
        return within.owner if _reachable(within) else ""
    holder = scope.find(root)
    if holder is None:
        return ""
    bindings = holder.bound[root]
    if holder.kind == "module" and all(one.kind == "class" for one in bindings):
        return root
    return _type_of(bindings, holder) if holder.kind != "class" else ""


def _category(names: Names, node: Node, name: str) -> Category:
    camel = name[:1].isupper() and not name.isupper()
    if camel:
        return Category.TYPE
    return Category.FUNCTION if node.id in names.callees else Category.NAME
