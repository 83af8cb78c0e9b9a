"""Chains of members and calls (`Bucket.Builder.create(this, "b").versioned(true).build()`): taken apart, and their origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.languages.java.facts import NO_TYPE, Origin, Start, Step
from grader.languages.java.libraries import outside
from grader.languages.java.reader import Head

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.java.reader import Reader

_STARTS = frozenset({"java", "javax", "software", "com", "org", "io", "net", "imports"})


class Link(NamedTuple):
    """One step of a chain: the member's name and node, its arguments (None for a field), and the node of the chain up to here."""

    name: str
    at: Node
    arguments: Node | None
    node: Node


class Chain(NamedTuple):
    """A chain of members. `root` is what it starts from, None for an unqualified call; `links` are in source order."""

    root: Node | None
    links: list[Link]


def unlink(reader: Reader, node: Node) -> Chain:
    """Take a chain apart without recursion."""
    links: list[Link] = []
    one: Node | None = node
    while one is not None:
        if one.type == "method_invocation":
            name = one.child_by_field_name("name")
            if name is None:
                break
            links.append(Link(reader.text(name), name, one.child_by_field_name("arguments"), one))
            within = one.child_by_field_name("object")
            if within is not None and one.named_child_count > 3:  # `Type.super.method()`
                within = next((child for child in one.named_children if child.type == "super"), within)
            one = within
        elif one.type == "field_access":
            name = one.child_by_field_name("field")
            if name is None or name.type != "identifier":
                break
            links.append(Link(reader.text(name), name, None, one))
            one = one.child_by_field_name("object")
        else:
            break
    links.reverse()
    return Chain(one, links)


def head(reader: Reader, chain: Chain) -> Head | None:
    """What the first names stand for; None where the chain starts from another expression."""
    root = chain.root
    if root is None:
        found = reader.names.get(chain.links[0].name)
        if found is not None and _static(found.module):
            return Head(NO_TYPE, static=True, module=_package(found.module), path=_type(found.module), taken=0)
        return Head(Origin(Start.IMPLICIT, "", reader.owner), static=False, module="", path="", taken=0)
    if root.type == "this":
        return Head(Origin(Start.SELF, "", reader.owner), static=False, module="", path="this", taken=0)
    if root.type == "super":
        return Head(Origin(Start.PARENT, "", reader.owner), static=False, module="", path="super", taken=0)
    if root.type != "identifier":
        return None
    return _named(reader, reader.text(root), chain.links)


def _named(reader: Reader, name: str, links: list[Link]) -> Head:
    if name in reader.foreign and name[:1].isupper():
        return _foreign(reader, name)
    local = reader.local(name)
    if local is not None:
        return Head(local.origin, static=False, module="", path=name, taken=0)
    declared = reader.field(name)
    if declared is not None:
        origin = Origin(Start.IMPLICIT, "", reader.owner, (Step(name, call=False),)) if declared else NO_TYPE
        return Head(origin, static=False, module="", path=name, taken=0)
    found = reader.names.get(name)
    if found is not None and _static(found.module):
        return Head(NO_TYPE, static=False, module=_package(found.module), path=f"{_type(found.module)}.{found.name}", taken=0)
    if name[:1].isupper():
        origin = Origin(Start.EITHER, name, reader.owner) if reader.own(name) else NO_TYPE
        return Head(origin, static=True, module=found.module if found else "", path=found.name if found else name, taken=0)
    count = _qualified(reader, name, links)
    if count:
        package = ".".join([name, *(link.name for link in links[: count - 1])])
        whole = f"{package}.{links[count - 1].name}"
        origin = NO_TYPE if outside(package) else Origin(Start.TYPE, whole, reader.owner)
        return Head(origin, static=True, module=package, path=links[count - 1].name, taken=count)
    return Head(Origin(Start.IMPLICIT, "", reader.owner, (Step(name, call=False),)), static=False, module="", path=name, taken=0)


def _foreign(reader: Reader, name: str) -> Head:
    """A type, or a constant of one, that is imported from outside the answer."""
    found = reader.heads.get(name)
    if found is None:
        one = reader.names[name]
        static = _static(one.module)
        path = f"{_type(one.module)}.{one.name}" if static else one.name
        found = reader.heads[name] = Head(NO_TYPE, static=not static, module=_package(one.module), path=path, taken=0)
    return found


def _qualified(reader: Reader, name: str, links: list[Link]) -> int:
    """How many links complete a type's qualified name that starts with a package; 0 where it is none."""
    for place, link in enumerate(links):
        if link.arguments is not None:
            return 0
        if link.name[:1].isupper():
            certain = place > 0 or name in _STARTS or name == reader.package.partition(".")[0] or not link.name.isupper()
            return place + 1 if certain else 0
    return 0


def _static(module: str) -> bool:
    """Whether the module of an import is a type: a static import."""
    return module.rpartition(".")[2][:1].isupper()


def _package(module: str) -> str:
    parts = module.split(".")
    cut = next((place for place, part in enumerate(parts) if part[:1].isupper()), len(parts))
    return ".".join(parts[:cut])


def _type(module: str) -> str:
    package = _package(module)
    return module[len(package) + 1 :] if package else module


def origin_of(reader: Reader, node: Node | None) -> Origin:
    """Where the value of an expression comes from, as far as its type can be followed."""
    while node is not None and node.type == "parenthesized_expression" and node.named_child_count:
        node = node.named_children[0]
    if node is None:
        return NO_TYPE
    if node.type in {"object_creation_expression", "cast_expression"}:
        return reader.origin(node.child_by_field_name("type"))
    if node.type == "this":
        return Origin(Start.SELF, "", reader.owner)
    if node.type == "identifier":
        found = _named(reader, reader.text(node), [])
        return found.origin if not found.static else NO_TYPE
    if node.type not in {"method_invocation", "field_access"}:
        return NO_TYPE
    chain = unlink(reader, node)
    if len(chain.links) > 50:
        return NO_TYPE
    start = head(reader, chain)
    base = start.origin if start is not None else origin_of(reader, chain.root) if chain.root is not node else NO_TYPE
    if base == NO_TYPE:
        return NO_TYPE
    taken = start.taken if start is not None else 0
    steps = tuple(Step(link.name, link.arguments is not None) for link in chain.links[taken:])
    return base._replace(steps=base.steps + steps)


def imported(reader: Reader, path: str) -> tuple[str, str]:
    """Module and path of a type as written."""
    first, _, rest = path.partition(".")
    found = reader.names.get(first)
    if found is not None:
        return found.module, f"{found.name}.{rest}" if rest else found.name
    if first[:1].islower() and rest:
        parts = path.split(".")
        cut = next((place for place, part in enumerate(parts) if part[:1].isupper()), 0)
        return ".".join(parts[:cut]), ".".join(parts[cut:])
    return "", path
