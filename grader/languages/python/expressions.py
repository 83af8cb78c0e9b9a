"""Python expressions as values: literals, displays, calls, names and string building."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.languages.python.names import COMPREHENSIONS, dotted
from grader.languages.python.texts import is_text, join, parts_of, shown
from grader.languages.trees import text
from grader.model.spans import Span
from grader.model.values import NO_FIELDS, Call, Fields, Items, Known, Name, Unknown, Value, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from grader.languages.python.scopes import Scope

DEEPEST = 100
_LARGEST = 10**15
_LISTS = frozenset({"list", "tuple", "set", "frozenset"})


@dataclass(slots=True)
class Reader:
    """Turns nodes of one file into values; `scope` is the one that names are looked up in.

    `spilled` holds what a value of its own kind has no place for (constructions in comprehensions, with true; spreads in maps).
    """

    line: int
    scope: Scope
    scopes: dict[int, Scope]
    constants: dict[tuple[int, str], Known | None] = field(default_factory=dict)
    spilled: list[tuple[Value, bool]] = field(default_factory=list)
    depth: int = 0

    def value(self, node: Node | None, first: int | None = None) -> Value:
        """The value of an expression. `first` is the row a field's span begins at."""
        if node is None:
            return Unknown(Span(self.line, self.line))
        row = node.start_point[0] if first is None else first
        span = Span(self.line + row, self.line + node.end_point[0])
        handler = _HANDLERS.get(node.type, _other)
        if self.depth > DEEPEST:
            return Unknown(span)
        self.depth += 1
        value = handler(self, node, span)
        self.depth -= 1
        return value

    def constant(self, name: str, holder: Scope) -> Known | None:
        """The scalar that a name is bound to once, None for any other name."""
        key = (id(holder.bound), name)
        if key not in self.constants:
            self.constants[key] = None  # while it is read: a name that needs itself has no value
            bindings = holder.bound[name]
            one = bindings[0] if len(bindings) == 1 else None
            if one is not None and one.kind == "variable" and one.value is not None:
                reader = Reader(self.line, holder, self.scopes, self.constants, depth=self.depth)
                read = reader.value(one.value)
                self.constants[key] = read if isinstance(read, Known) and read.value is not None else None
        return self.constants[key]

    def within(self, node: Node) -> Reader:
        """A reader for what stands inside the scope that `node` opens."""
        return Reader(self.line, self.scopes.get(node.id, self.scope), self.scopes, self.constants, self.spilled, self.depth)


def _inner(node: Node) -> list[Node]:
    return [one for one in node.named_children if one.type != "comment"]


def _other(reader: Reader, node: Node, span: Span) -> Value:
    return Unknown(span, tuple(reader.value(one) for one in _inner(node)))


def _string(reader: Reader, node: Node, span: Span) -> Value:
    raw = text(node)
    quote = min((at for at in (raw.find("'"), raw.find('"')) if at >= 0), default=0)
    prefix = raw[:quote].lower() if quote else ""
    if "b" in prefix:
        return Unknown(span)
    if "f" not in prefix or "{" not in raw:
        width = 3 if raw[quote : quote + 3] in {'"""', "'''"} and len(raw) >= quote + 6 else 1
        return Known(shown(raw[quote + width : -width], prefix), span)
    parts: list[Value] = []
    for one in node.named_children:
        if one.type == "string_content":
            parts.append(Known(shown(text(one), prefix), Span(reader.line + one.start_point[0], reader.line + one.end_point[0])))
        elif one.type == "interpolation":
            parts.append(_interpolation(reader, one))
    return join(parts, span)


def _interpolation(reader: Reader, node: Node) -> Value:
    inner = node.child_by_field_name("expression")
    value = reader.value(inner)
    formatted = [one for one in node.named_children if one.type in {"format_specifier", "type_conversion"}]
    return Unknown(value.span, (value, *(reader.value(part) for one in formatted for part in one.named_children))) if formatted else value


def _concatenated(reader: Reader, node: Node, span: Span) -> Value:
    return join([part for one in _inner(node) for part in parts_of(reader.value(one))], span)


def _number(_: Reader, node: Node, span: Span) -> Value:
    raw = text(node)
    try:
        if node.type == "integer":
            return Known(int(raw, 0), span) if len(raw) < 40 else Unknown(span)
        return Known(float(raw), span)
    except ValueError:
        return Unknown(span)


def _identifier(reader: Reader, node: Node, span: Span) -> Value:
    name = text(node)
    holder = reader.scope.find(name)
    if holder is None:
        return Name(name, span)
    origin = holder.origins.get(name)
    if origin is not None:
        return Name(origin.name, span, origin.module) if origin.name else Name(name, span)
    constant = reader.constant(name, holder)
    return Known(constant.value, span, name) if constant is not None else Name(name, span)


def _attribute(reader: Reader, node: Node, span: Span) -> Value:
    path = dotted(node)
    if path is None:
        one: Node | None = node
        while one is not None and one.type == "attribute":
            one = one.child_by_field_name("object")
        return Unknown(span, (reader.value(one),))
    root, _, rest = path.partition(".")
    holder = reader.scope.find(root)
    origin = holder.origins.get(root) if holder is not None else None
    if origin is None:
        return Name(path, span)
    if origin.name:
        return Name(f"{origin.name}.{rest}", span, origin.module)
    return Name(rest, span, origin.module if origin.local != origin.module.split(".", 1)[0] else origin.local)


def _call(reader: Reader, node: Node, span: Span) -> Value:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return _other(reader, node, span)
    args, keywords = _arguments(reader, arguments)
    called = reader.value(function) if dotted(function) is not None else None  # a chain is read once, below: twice is exponential
    match called:
        case Name(module="", path=path) if function.type == "attribute":
            before, _, name = path.rpartition(".")
            owner = Name(before, Span(span.line, reader.line + function.end_point[0]))
            return Call(name, span, "", args, keywords, receiver=reader.value(function.child_by_field_name("object")) if before == "" else owner)
        case Name(module=module, path=path):
            plain = _unwrapped(path, args, keywords, span) if not module else None
            return plain or Call(path, span, module, args, keywords, new=path.rsplit(".", 1)[-1][:1].isupper())
    member = function.child_by_field_name("attribute") if function.type == "attribute" else None
    if member is None:
        return Unknown(span, (reader.value(function), *args, *keywords.values()))
    receiver = reader.value(function.child_by_field_name("object"))
    if is_text(receiver):
        return Unknown(span, (receiver, *args, *keywords.values()))
    return Call(text(member), span, "", args, keywords, receiver=receiver)


def _unwrapped(path: str, args: tuple[Value, ...], keywords: dict[str, Value], span: Span) -> Value | None:
    """The value inside a builtin that only changes its type."""
    if path == "dict" and not args:
        return Fields(keywords, span)
    if len(args) != 1 or keywords:
        return None
    if path in _LISTS and isinstance(args[0], Items):
        return Items(args[0].items, span, args[0].complete)
    if path == "dict" and isinstance(args[0], Fields):
        return args[0]
    if path == "str" and is_text(args[0]):
        return args[0]
    return None


def _arguments(reader: Reader, arguments: Node) -> tuple[tuple[Value, ...], dict[str, Value]]:
    if arguments.type != "argument_list":
        return (reader.value(arguments),), {}
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    spread: list[Value] = []
    for one in arguments.named_children:
        if one.type == "keyword_argument":
            name = one.child_by_field_name("name")
            keywords[text(name) if name is not None else ""] = reader.value(one.child_by_field_name("value"), one.start_point[0])
        elif one.type == "dictionary_splat":
            value = reader.value(next(iter(_inner(one)), None))
            if isinstance(value, Fields) and value.complete:
                keywords.update(value.fields)
            else:
                spread.append(Unknown(value.span, (value,)))
        elif one.type != "comment":
            args.append(reader.value(one))
    return (*args, *spread), keywords or dict(NO_FIELDS)


def _splat(reader: Reader, node: Node, span: Span) -> Value:
    return Unknown(span, tuple(reader.value(one) for one in _inner(node)))


def _binary(reader: Reader, node: Node, span: Span) -> Value:
    """An operator; a chain of one operator is read in a loop, since texts are put together from hundreds of parts."""
    operator = _operator(node)
    rights: list[Node | None] = []
    one: Node | None = node
    while one is not None and one.type == "binary_operator" and _operator(one) == operator:
        rights.append(one.child_by_field_name("right"))
        one = one.child_by_field_name("left")
    values = [reader.value(one), *(reader.value(right) for right in reversed(rights))]
    if operator == "+" and any(is_text(value) for value in values):
        return join([part for value in values for part in parts_of(value)], span)
    if operator == "+" and all(isinstance(value, Items) for value in values):
        lists = [value for value in values if isinstance(value, Items)]
        return Items(tuple(item for value in lists for item in value.items), span, all(value.complete for value in lists))
    if operator == "|" and all(isinstance(value, Fields) for value in values):
        maps = [value for value in values if isinstance(value, Fields)]
        return Fields({key: inner for value in maps for key, inner in value.fields.items()}, span, complete=all(value.complete for value in maps))
    return _computed(operator, values, span) or Unknown(span, tuple(values))


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _computed(operator: str, values: list[Value], span: Span) -> Known | None:
    """Sums and products of known numbers (`60 * 24`)."""
    if operator not in {"+", "-", "*"}:
        return None
    total: int | float | None = None
    via = ""
    for value in values:
        number = value.value if isinstance(value, Known) else None
        if not isinstance(value, Known) or isinstance(number, (str, bool)) or number is None:
            return None
        via = via or value.via
        total = number if total is None else total + number if operator == "+" else total - number if operator == "-" else total * number
        if abs(total) > _LARGEST:
            return None
    return Known(total, span, via) if total is not None else None


def _unary(reader: Reader, node: Node, span: Span) -> Value:
    inner = reader.value(node.child_by_field_name("argument"))
    if _operator(node) == "-" and isinstance(inner, Known) and isinstance(inner.value, (int, float)) and not isinstance(inner.value, bool):
        return Known(-inner.value, span, inner.via)
    return Unknown(span, (inner,))


def _items(reader: Reader, node: Node, span: Span) -> Value:
    items: list[Value] = []
    complete = True
    for one in _inner(node):
        value = reader.value(next(iter(_inner(one)), None) if one.type == "list_splat" else one)
        if one.type != "list_splat":
            items.append(value)
        elif isinstance(value, Items):
            items += value.items
            complete = complete and value.complete
        else:
            items.append(Unknown(value.span, (value,)))
            complete = False
    return Items(tuple(items), span, complete)


def _map(reader: Reader, node: Node, span: Span) -> Value:
    fields: dict[str, Value] = {}
    complete = True
    for one in _inner(node):
        if one.type == "pair":
            key = one.child_by_field_name("key")
            fields[_key(reader, key)] = reader.value(one.child_by_field_name("value"), one.start_point[0])
            continue
        value = reader.value(next(iter(_inner(one)), None))
        if isinstance(value, Fields):
            fields.update(value.fields)
            complete = complete and value.complete
        else:
            complete = False
            if not isinstance(value, (Name, Known)):
                reader.spilled.append((value, False))
    return Fields(fields, span, complete=complete)


def _key(reader: Reader, node: Node | None) -> str:
    if node is None:
        return ""
    if node.type == "string":
        read = reader.value(node)
        return str(read.value) if isinstance(read, Known) else text(node)
    if node.type in {"identifier", "integer", "float", "true", "false"}:
        read = reader.value(node)
        return str(read.value) if isinstance(read, Known) else text(node)
    return text(node)


def _parenthesised(reader: Reader, node: Node, span: Span) -> Value:
    inner = _inner(node)
    return reader.value(inner[0], span.line - reader.line) if len(inner) == 1 else _other(reader, node, span)


def _wrapped(reader: Reader, node: Node, span: Span) -> Value:
    return reader.value(next(iter(_inner(node)), None), span.line - reader.line)


def _walrus(reader: Reader, node: Node, span: Span) -> Value:
    return reader.value(node.child_by_field_name("value"), span.line - reader.line)


def _lambda(reader: Reader, node: Node, span: Span) -> Value:
    return Unknown(span, (reader.within(node).value(node.child_by_field_name("body")),))


def _comprehension(reader: Reader, node: Node, span: Span) -> Value:
    """Its parts; what is constructed once for each round is spilled, to be marked as many."""
    inside = reader.within(node)
    parts: list[Value] = []
    for one in _inner(node):
        if one.type in {"for_in_clause", "if_clause"}:
            parts += [inside.value(part) for part in _inner(one) if part != one.child_by_field_name("left") and part.type != "identifier"]
            continue
        body = inside.value(one)
        if any(isinstance(part, Call) and part.new and part.module for part in walk(body)):
            reader.spilled.append((body, True))
        else:
            parts.insert(0, body)
    return Unknown(span, tuple(parts))


def _keyword(reader: Reader, node: Node, span: Span) -> Value:
    return reader.value(node.child_by_field_name("value"), span.line - reader.line)


def _known(value: bool | None) -> Callable[[Reader, Node, Span], Value]:  # noqa: FBT001 - a literal of the language
    return lambda _reader, _node, span: Known(value, span)


def _compared(reader: Reader, node: Node, span: Span) -> Value:
    return Unknown(span, tuple(reader.value(one) for one in _inner(node)), compares=True)


def _nothing(_: Reader, __: Node, span: Span) -> Value:
    return Unknown(span)


_HANDLERS: dict[str, Callable[[Reader, Node, Span], Value]] = {
    "string": _string,
    "concatenated_string": _concatenated,
    "integer": _number,
    "float": _number,
    "true": _known(True),  # noqa: FBT003 - a literal of the language
    "false": _known(False),  # noqa: FBT003 - a literal of the language
    "none": _known(None),
    "ellipsis": _nothing,
    "comparison_operator": _compared,
    "identifier": _identifier,
    "attribute": _attribute,
    "call": _call,
    "keyword_argument": _keyword,
    "list_splat": _splat,
    "binary_operator": _binary,
    "unary_operator": _unary,
    "list": _items,
    "tuple": _items,
    "set": _items,
    "expression_list": _items,
    "dictionary": _map,
    "parenthesized_expression": _parenthesised,
    "await": _wrapped,
    "named_expression": _walrus,
    "lambda": _lambda,
} | dict.fromkeys(COMPREHENSIONS, _comprehension)
