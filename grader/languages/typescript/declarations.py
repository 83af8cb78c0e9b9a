"""What a file declares at its top level: imports, exports, symbols and the members of its types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.languages.trees import span, text
from grader.languages.typescript.scopes import PLAIN, Declared, Scope, Type, is_own
from grader.model.paths import normal
from grader.model.solutions import Category, Import, Symbol

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.model.documents import File

SUFFIX = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
OPEN = "?"
"""The parent of a type whose members cannot all be read here; the name of a symbol that says so of a module's exports is `*`."""
ENUM = "enum"
"""The parent that marks an enum: its members belong to the name alone, not to its values."""
EVERYTHING = "*"
_KINDS = {
    "class_declaration": Category.TYPE,
    "abstract_class_declaration": Category.TYPE,
    "interface_declaration": Category.TYPE,
    "type_alias_declaration": Category.TYPE,
    "enum_declaration": Category.TYPE,
    "function_declaration": Category.FUNCTION,
    "generator_function_declaration": Category.FUNCTION,
    "function_signature": Category.FUNCTION,
}
_SAME_MEMBERS = frozenset({"Readonly", "Partial", "Required"})


def module_path(file: File) -> str:
    """Where a file's names are looked up: its path without suffix, the place of the block where it has no name."""
    return SUFFIX.sub("", normal(file.name)) if file.name else file.label


@dataclass(slots=True)
class Declarations:
    """The top level of one file. `scope` is filled with what its names stand for."""

    file: File
    scope: Scope
    module: str
    imports: list[Import] = field(default_factory=list)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    everywhere: list[Symbol] = field(default_factory=list)
    """What `declare global` gives to all files."""
    exports: bool = False
    """Whether the file exports anything: a file that neither imports nor exports is an excerpt, or a plain script."""

    def read(self, root: Node) -> None:
        """All top-level statements of a file."""
        for node in root.named_children:
            if node.type in {"import_statement", "import_alias"}:
                self._import(node)
        for node in root.named_children:
            if node.type == "expression_statement":
                self._expression(node)
            else:
                self._statement(node)

    def _statement(self, node: Node) -> None:
        kind = node.type
        if kind == "export_statement":
            self._export(node)
        elif kind == "ambient_declaration":
            self._ambient(node)
        elif kind in _KINDS:
            self._named(node, _KINDS[kind])
        elif kind in {"lexical_declaration", "variable_declaration"}:
            for child in node.named_children:
                if child.type == "variable_declarator":
                    self._variable(child)
        elif kind in {"internal_module", "module"}:
            name = node.child_by_field_name("name")
            if name is not None and name.type != "string":
                self._add(text(name).split(".")[0], Category.MODULE, node)

    def _add(self, name: str, category: Category, node: Node, kind: str = "") -> None:
        """A symbol; declared twice (an interface, an overload, a namespace beside a class), it has the parents of both."""
        place = span(self.file, node)
        before = self.symbols.get(name)
        if before is not None and before.category is Category.TYPE and category in {Category.TYPE, Category.MODULE}:
            parents = dict.fromkeys([*split(before.type), *(split(kind) if category is Category.TYPE else (OPEN,))])
            self.symbols[name] = replace(before, type=",".join(parents))
        elif before is not None and Category.TYPE in {before.category, category}:  # a value and a type of one name
            self.symbols[name] = replace(before, category=Category.TYPE, type=OPEN)
        elif before is None:
            self.symbols[name] = Symbol(self.module, name, category, place, self.file, kind)

    def _import(self, node: Node) -> None:
        source = node.child_by_field_name("source") or next(
            (one.child_by_field_name("source") for one in node.named_children if one.type == "import_require_clause"), None
        )
        if source is None:
            return
        module = text(source)[1:-1]
        clause = next((child for child in node.named_children if child.type in {"import_clause", "import_require_clause"}), None)
        if clause is None:
            self.imports.append(Import(module, "", "", span(self.file, node)))
            return
        if clause.type == "import_require_clause":
            self.bind_import(module, "", text(clause.named_children[0]), clause)
            return
        for child in clause.named_children:
            if child.type == "identifier":
                self.bind_import(module, "default", text(child), child)
            elif child.type == "namespace_import":
                self.bind_import(module, "", text(child.named_children[-1]), child)
            elif child.type == "named_imports":
                for one in child.named_children:
                    name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                    if name is not None:
                        plain = text(name).strip("'\"")
                        self.bind_import(module, plain, text(alias) if alias is not None else plain, one)

    def bind_import(self, module: str, name: str, local: str, node: Node) -> None:
        """An imported name; the default export of a foreign module is treated as the module."""
        self.imports.append(Import(module, name, local, span(self.file, node)))
        self.scope.names[local] = imported(module, name)

    def _ambient(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "statement_block":  # declare global { … }
                inner = Declarations(self.file, Scope(), "")
                for one in child.named_children:
                    inner._statement(one)
                self.everywhere += inner.symbols.values()
            else:
                self._statement(child)

    def _named(self, node: Node, category: Category) -> None:
        name = node.child_by_field_name("name")
        if name is None:
            return
        label = text(name)
        if category is Category.TYPE:
            self._add(label, category, node, ",".join(_parents(node)))
            self.scope.names[label] = Declared(itself=Type("", label), type=None)
            self._members(label, node)
        else:
            self._add(label, category, node)
            self.scope.names.setdefault(label, PLAIN)

    def _variable(self, node: Node) -> None:
        name, kind, value = (node.child_by_field_name(part) for part in ("name", "type", "value"))
        if name is None:
            return
        if name.type == "identifier":
            self._add(text(name), Category.VARIABLE, node, annotated(kind) or constructed(value))
            return
        stack = [name]
        while stack:
            one = stack.pop()
            if one.type in {"identifier", "shorthand_property_identifier_pattern"}:
                self._add(text(one), Category.VARIABLE, one)
            elif one.type in {"assignment_pattern", "object_assignment_pattern"}:
                stack.extend(one.named_children[:1])
            elif one.type == "pair_pattern":
                stack.extend(one.named_children[1:])
            else:
                stack.extend(one.named_children)

    def _export(self, node: Node) -> None:
        self.exports = True
        source, declaration, value = (node.child_by_field_name(part) for part in ("source", "declaration", "value"))
        default = any(child.type == "default" for child in node.children)
        if source is not None:
            self._export_from(node, text(source)[1:-1])
            return
        if declaration is not None:
            self._statement(declaration)
            name = declaration.child_by_field_name("name")
            if default:
                self._add("default", Category.NAME, node, text(name) if name is not None else "")
            return
        for child in node.named_children:
            if child.type == "export_clause":
                for one in child.named_children:
                    name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                    if name is not None:
                        self._add(text(alias or name), Category.NAME, one, text(name))
        if default:
            self._add("default", Category.NAME, node, text(value) if value is not None and value.type == "identifier" else "")
        elif any(child.type == "=" for child in node.children):
            self._add("default", Category.NAME, node)
            self._add(EVERYTHING, Category.MODULE, node)

    def _export_from(self, node: Node, module: str) -> None:
        clauses = [child for child in node.named_children if child.type in {"export_clause", "namespace_export"}]
        if not clauses:
            self.imports.append(Import(module, EVERYTHING, "", span(self.file, node)))
        for clause in clauses:
            if clause.type == "namespace_export":
                local = text(clause.named_children[0]) if clause.named_children else ""
                self._add(local, Category.MODULE, clause)
                self.imports.append(Import(module, "", local, span(self.file, clause)))
                continue
            for one in clause.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if name is not None:
                    local = text(alias or name)
                    self._add(local, Category.NAME, one)
                    self.imports.append(Import(module, text(name), local, span(self.file, one)))

    def _expression(self, node: Node) -> None:
        """A namespace, or what CommonJS exports: `exports.x = …`, `module.exports = …`."""
        for child in node.named_children:
            if child.type == "internal_module":
                self._statement(child)
            if child.type != "assignment_expression":
                continue
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            path = text(left) if left is not None and left.type == "member_expression" else ""
            self.exports = self.exports or path.startswith(("exports.", "module.exports"))
            if path == "module.exports":
                self._add("default", Category.NAME, child)
                if right is None or right.type != "object" or any(one.type == "spread_element" for one in right.named_children):
                    self._add(EVERYTHING, Category.MODULE, child)
                for one in right.named_children if right is not None and right.type == "object" else ():
                    key = one.child_by_field_name("key") or one.child_by_field_name("name") or one
                    self._add(text(key).strip("'\""), Category.NAME, one)
            elif path.startswith(("exports.", "module.exports.")):
                self._add(path.rsplit(".", 1)[-1], Category.NAME, child)

    def _members(self, owner: str, node: Node) -> None:
        body = node.child_by_field_name("body") or node.child_by_field_name("value")
        stack = list(reversed(_bodies(body)))
        while stack:
            for child in stack.pop().named_children:
                self._member(owner, child)

    def _member(self, owner: str, node: Node) -> None:
        kind = node.type
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        if kind == "enum_assignment" or (kind in {"property_identifier", "string"} and name is None):
            name = name or node
        if name is None or name.type == "computed_property_name" or kind in {"index_signature", "ERROR"}:
            if kind in {"index_signature", "ERROR", "construct_signature", "call_signature"} or name is not None:
                self._add(owner, Category.TYPE, node, OPEN)
            return
        label = text(name).strip("'\"")
        method = kind in {"method_definition", "method_signature", "abstract_method_signature"}
        accessor = method and any(child.type in {"get", "set"} for child in node.children)
        if method and not accessor:
            self._add(f"{owner}.{label}", Category.FUNCTION, node)
            if label == "constructor":
                self._parameter_properties(owner, node)
            return
        declared = annotated(node.child_by_field_name("return_type" if accessor else "type"))
        self._add(f"{owner}.{label}", Category.FIELD, node, declared or constructed(node.child_by_field_name("value")))

    def _parameter_properties(self, owner: str, node: Node) -> None:
        listed = node.child_by_field_name("parameters")
        for child in listed.named_children if listed is not None else ():
            if any(one.type in {"accessibility_modifier", "readonly", "override_modifier"} for one in child.children):
                pattern = child.child_by_field_name("pattern")
                if pattern is not None:
                    self._add(f"{owner}.{text(pattern)}", Category.FIELD, child, annotated(child.child_by_field_name("type")))


def imported(module: str, name: str) -> Declared:
    """What an imported name stands for."""
    own = is_own(module)
    return Declared(module=module, path="" if name == "default" and not own else name, own=own)


def split(parents: str) -> list[str]:
    """The parents that a type's symbol lists."""
    return [one for one in parents.split(",") if one]


def _bodies(body: Node | None) -> list[Node]:
    """The bodies that hold a type's members: of an alias those of its object types."""
    return [one for one in _joined(body) if one.type in {"class_body", "interface_body", "object_type", "enum_body"}]


def _joined(value: Node | None) -> list[Node]:
    """The types that an intersection joins, or the type itself."""
    found: list[Node] = []
    stack = [value] if value is not None else []
    while stack:
        one = stack.pop()
        if one.type in {"intersection_type", "parenthesized_type"}:
            stack.extend(reversed(one.named_children))
        else:
            found.append(one)
    return found


def _parents(node: Node) -> list[str]:
    """The parents of a class, an interface or an alias, as written and without type arguments; `OPEN` for what is no name."""
    if node.type == "enum_declaration":
        return [ENUM]
    if node.type == "type_alias_declaration":
        return _alias_parents(node.child_by_field_name("value"))
    found: list[str] = []
    for child in node.named_children:
        if child.type == "class_heritage":
            inner = [one for one in child.named_children if one.type != "implements_clause"]
            found += [_plain(one.child_by_field_name("value") if one.type == "extends_clause" else one) for one in inner]
        elif child.type == "extends_type_clause":
            found += [_plain(one) for one in child.named_children]
    return found


def _alias_parents(value: Node | None) -> list[str]:
    """The types an alias joins, those written out left out."""
    found = [OPEN] if value is None else []
    for one in _joined(value):
        if one.type != "object_type":
            found.append(_plain(one))
        elif any(grand.type == "mapped_type_clause" for child in one.named_children for grand in child.named_children):
            found.append(OPEN)
    return found


def _plain(node: Node | None) -> str:
    """The name of a type without arguments, `OPEN` where it is no name."""
    if node is None:
        return OPEN
    while node.type == "generic_type":
        name, inner = node.child_by_field_name("name"), node.named_children[-1]
        if name is None:
            return OPEN
        node = inner.named_children[0] if text(name) in _SAME_MEMBERS and len(inner.named_children) == 1 else name
    if node.type in {"type_identifier", "identifier", "nested_type_identifier", "member_expression", "nested_identifier"}:
        return re.sub(r"\s+", "", text(node))
    return OPEN


def annotated(node: Node | None) -> str:
    """The name of an annotated type, `undefined` and type arguments left out; empty where it is no name."""
    if node is None:
        return ""
    inner = node.named_children[0] if node.type == "type_annotation" and node.named_children else node
    if inner.type == "union_type":
        kinds = [child for child in inner.named_children if text(child) not in {"undefined", "null"}]
        if len(kinds) != 1:
            return ""
        inner = kinds[0]
    if inner.type == "predefined_type":
        return text(inner)
    plain = _plain(inner)
    return "" if plain == OPEN else plain


def constructed(node: Node | None) -> str:
    """The name of the class that an initialiser makes, empty for any other value."""
    if node is None or node.type != "new_expression":
        return ""
    plain = _plain(node.child_by_field_name("constructor"))
    return "" if plain == OPEN else plain
