"""What a Java file declares: package, imports, types with their parents, and members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.languages.java.facts import Declared, Origin, Start, Step, Use
from grader.languages.java.libraries import outside
from grader.model.solutions import Category, Import, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from grader.languages.java.reader import Reader

KINDS = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
    "annotation_type_declaration": "annotation",
}
_HARMLESS = frozenset(
    (
        "Override Deprecated SuppressWarnings FunctionalInterface SafeVarargs Nullable NonNull NotNull Nonnull Generated Test Nested DisplayName "
        "ExtendWith TestInstance TestMethodOrder Tag Disabled Documented Retention Target Inherited Order Timeout ParallelizableTest"
    ).split()
)
"""Annotations of a type that surely generate no member."""

_GENERATING = frozenset("Getter Setter Builder Data Value With Wither Accessors Singular Delegate SuperBuilder FieldDefaults".split())
"""Annotations of a field or method that generate members."""

_ELIDED = re.compile(
    r"^[\s/*]*\[?(?:\.\.\.|\u2026)|\b(?:rest of (?:the|your) (?:code|class|methods?|implementation|file|stack|constructor|imports)|for brevity"
    r"|other (?:methods|imports|fields|code)|remaining (?:methods|code|imports|fields|implementation)|omitted|existing (?:code|imports|methods)"
    r"|previous code|(?:same|unchanged) (?:as|from) (?:above|before|previous)|remains? (?:the same|unchanged)"
    r"|(?:code|implementation|imports|methods|getters|setters) (?:here|as before|as above|would go))\b",
    re.IGNORECASE,
)


def elided(text: str) -> bool:
    """Whether a comment stands for code which is not written."""
    for line in text.split("\n"):
        place = line.find("//")
        if place < 0:
            place = line.find("/*")
        if place < 0 and line.lstrip()[:1] == "*":
            place = 0
        if place >= 0 and _ELIDED.search(line[place:]) is not None:
            return True
    return False


def read_head(reader: Reader, root: Node) -> int:
    """Read package and imports into the reader; the number of package clauses."""
    clauses = 0
    for node in root.named_children:
        if node.type == "package_declaration":
            name = next((one for one in node.named_children if one.type in {"scoped_identifier", "identifier"}), None)
            if name is not None:
                clauses += 1
                reader.package = reader.package or "".join(reader.text(name).split())
        elif node.type == "import_declaration":
            found = _import(reader, node)
            if found is not None:
                reader.imports.append(found)
    for one in reader.imports:
        static = one.module.rpartition(".")[2][:1].isupper()
        if one.name != "*":
            reader.names[one.local] = one
        if outside(one.module or one.name):
            reader.foreign.add(one.local)
        elif static or one.name != "*":
            _note(reader, one, static=static)
    return clauses


def _note(reader: Reader, one: Import, *, static: bool) -> None:
    """Note an import that the answer itself may have to give."""
    whole = one.module if static else f"{one.module}.{one.name}".lstrip(".")
    steps = ((Step(one.name, call=False), one.span.line),) if static and one.name != "*" else ()
    origin = Origin(Start.TYPE, whole, "")
    reader.uses.append(Use(reader.package, one.name, Category.MODULE, one.span, reader.file, f"{one.module}.{one.name}", origin=origin, steps=steps))


def _import(reader: Reader, node: Node) -> Import | None:
    name = next((one for one in node.named_children if one.type in {"scoped_identifier", "identifier"}), None)
    if name is None:
        return None
    parts = "".join(reader.text(name).split()).split(".")
    static = any(one.type == "static" for one in node.children)
    if any(one.type == "asterisk" for one in node.named_children):
        return Import(".".join(parts), "*", "*", reader.span(node))
    if static:
        return Import(".".join(parts[:-1]), parts[-1], parts[-1], reader.span(node))
    cut = next((place for place, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return Import(".".join(parts[:cut]), ".".join(parts[cut:]), parts[-1], reader.span(node))


def declare(reader: Reader, node: Node, outer: str = "") -> str:
    """Note the type a node declares, its members and nested types; its qualified name."""
    stack = [(node, outer)]
    top = ""
    while stack:
        one, above = stack.pop()
        name = one.child_by_field_name("name")
        if name is None:
            continue
        qualified = f"{above}.{reader.text(name)}" if above else reader.text(name)
        top = top or qualified
        place = len(reader.symbols)
        fields = reader.fields.setdefault(qualified, {})
        generated = _generates(reader, one, _HARMLESS, invert=True)
        body = one.child_by_field_name("body")
        if one.type == "record_declaration":
            _components(reader, one, qualified, fields)
        for member in _members(body):
            if member.type in KINDS:
                stack.append((member, qualified))
            else:
                generated |= _generates(reader, member, _GENERATING, invert=False)
                _member(reader, member, qualified, fields)
        reader.symbols.insert(
            place,
            Declared(
                reader.package,
                qualified,
                Category.TYPE,
                reader.span(one),
                reader.file,
                "",
                KINDS[one.type],
                tuple(_parents(reader, one)),
                type_parameters(reader, one),
                generated,
            ),
        )
    return top


def _members(body: Node | None) -> Iterator[Node]:
    for member in body.named_children if body is not None else ():
        if member.type == "enum_body_declarations":
            yield from member.named_children
        else:
            yield member


def _member(reader: Reader, node: Node, owner: str, fields: dict[str, str]) -> None:
    kind = node.type
    if kind in {"field_declaration", "constant_declaration"}:
        modifiers = node.child_by_field_name("modifiers") or (node.named_children[0] if node.named_children else None)
        words = reader.text(modifiers) if modifiers is not None and modifiers.type == "modifiers" else ""
        final = kind == "constant_declaration" or "final" in words.split()
        declared = reader.erased(node.child_by_field_name("type"))
        for declarator in node.children_by_field_name("declarator"):
            name = declarator.child_by_field_name("name")
            if name is None:
                continue
            word = reader.text(name)
            shown = "" if declarator.child_by_field_name("dimensions") is not None else declared
            fields[word] = shown if reader.own(shown) else ""
            reader.symbols.append(Symbol(reader.package, f"{owner}.{word}", Category.FIELD, reader.span(declarator), reader.file, shown))
            value = declarator.child_by_field_name("value")
            if value is not None:
                reader.constants[f"{owner}.{word}"] = (value, final)
    elif kind in {"method_declaration", "annotation_type_element_declaration"}:
        name = node.child_by_field_name("name")
        if name is not None:
            shown = "" if node.child_by_field_name("dimensions") is not None else reader.erased(node.child_by_field_name("type"))
            shown = "" if shown in type_parameters(reader, node) else shown
            reader.symbols.append(Symbol(reader.package, f"{owner}.{reader.text(name)}", Category.FUNCTION, reader.span(node), reader.file, shown))
    elif kind == "enum_constant":
        name = node.child_by_field_name("name")
        if name is not None:
            fields[reader.text(name)] = owner.rpartition(".")[2]
            reader.symbols.append(
                Symbol(reader.package, f"{owner}.{reader.text(name)}", Category.FIELD, reader.span(node), reader.file, owner.rpartition(".")[2])
            )


def _components(reader: Reader, node: Node, owner: str, fields: dict[str, str]) -> None:
    for name, kind, place in parameters(node.child_by_field_name("parameters")):
        shown = reader.erased(kind) if place.type != "spread_parameter" else ""
        word = reader.text(name)
        fields[word] = shown if reader.own(shown) else ""
        for category in (Category.FIELD, Category.FUNCTION):
            reader.symbols.append(Symbol(reader.package, f"{owner}.{word}", category, reader.span(place), reader.file, shown))


def parameters(node: Node | None) -> Iterator[tuple[Node, Node | None, Node]]:
    """The parameters of a list: name, type, and the node of the whole."""
    for one in node.named_children if node is not None else ():
        if one.type == "formal_parameter":
            name = one.child_by_field_name("name")
            if name is not None:
                yield name, None if one.child_by_field_name("dimensions") is not None else one.child_by_field_name("type"), one
        elif one.type == "spread_parameter":
            kind = next((child for child in one.named_children if child.type not in {"modifiers", "variable_declarator"}), None)
            declarator = next((child for child in one.named_children if child.type == "variable_declarator"), None)
            name = declarator.child_by_field_name("name") if declarator is not None else None
            if name is not None:
                yield name, kind, one


def type_parameters(reader: Reader, node: Node) -> frozenset[str]:
    """The names of the type parameters of a type or method."""
    given = node.child_by_field_name("type_parameters") or next((one for one in node.named_children if one.type == "type_parameters"), None)
    if given is None:
        return frozenset()
    names = (next((child for child in one.named_children if child.type == "type_identifier"), None) for one in given.named_children)
    return frozenset(reader.text(name) for name in names if name is not None)


def parent_nodes(node: Node) -> Iterator[Node]:
    """The types a declaration extends or implements."""
    for part in node.named_children:
        if part.type == "superclass":
            yield from part.named_children
        elif part.type in {"super_interfaces", "extends_interfaces"}:
            for listed in part.named_children:
                yield from listed.named_children if listed.type == "type_list" else (listed,)


def _parents(reader: Reader, node: Node) -> Iterator[str]:
    for one in parent_nodes(node):
        if one.type not in {"line_comment", "block_comment"}:
            yield reader.erased(one) or "?"


def annotations_of(node: Node) -> Iterator[Node]:
    """The annotations among the modifiers of a declaration."""
    for part in node.named_children[:1]:
        if part.type == "modifiers":
            yield from (one for one in part.named_children if one.type in {"marker_annotation", "annotation"})


def _generates(reader: Reader, node: Node, names: frozenset[str], *, invert: bool) -> bool:
    for one in annotations_of(node):
        name = one.child_by_field_name("name")
        word = reader.text(name).rpartition(".")[2] if name is not None else ""
        if (word in names) is not invert:
            return True
    return False
