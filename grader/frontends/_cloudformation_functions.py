"""CloudFormation's intrinsic functions, short and long: their values, and the names they use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.frontends._cloudformation_template import LOOP, Template, default_of
from grader.model.solutions import Category
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Unknown, Value
from grader.model.values import Template as Text

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{[ \t]*([A-Za-z0-9_.:]+)[ \t]*\}")


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a function uses: `X` of a resource or parameter, `condition:X`, `mapping:X.key`; `text` as written."""

    name: str
    category: Category
    span: Span
    text: str


@dataclass(slots=True)
class Functions:
    """Evaluates the functions of one template. `uses` are the names met so far, in order; `included` the local files of `AWS::Include`."""

    template: Template
    uses: list[Use] = field(default_factory=list)
    included: list[Known] = field(default_factory=list)
    conditional: bool = False
    """True inside `Conditions` and `Rules`, where `Condition` is a function."""
    hidden: frozenset[str] = frozenset()
    """Variables of the loops around."""

    def value(self, one: Value) -> Value:
        """`one` with every function replaced by what it gives: a known value, a name, a text with holes, a call, or unknown."""
        if isinstance(one, Known):
            return one
        if isinstance(one, Fields):
            return self._fields(one)
        if isinstance(one, Call):
            return self._call(one)
        if isinstance(one, Items):
            return Items(tuple([self.value(item) for item in one.items]), one.span, one.complete)
        return one

    def use(self, name: str, category: Category, span: Span, text: str) -> None:
        """Note that a name is used."""
        if name.partition(".")[0] not in self.hidden:
            self.uses.append(Use(name, category, span, text))

    def condition(self, value: Value | None) -> None:
        """Note the condition that an attribute `Condition` names."""
        if isinstance(value, Known) and isinstance(value.value, str):
            self.use(f"condition:{value.value}", Category.CONDITION, value.span, f"Condition: {value.value}")

    def _fields(self, one: Fields) -> Value:
        fields = one.fields
        if len(fields) == 1:
            ((key, inner),) = fields.items()
            if key == "Ref" or key.startswith("Fn::") or (self.conditional and key == "Condition"):
                if key.startswith(LOOP):
                    return self._loop(inner, one.span)
                return self._function(key, inner.items if isinstance(inner, Items) else (inner,), one.span)
        made: dict[str, Value] = {}
        complete = one.complete
        for key, inner in fields.items():
            if key.startswith(LOOP):
                self._loop(inner, inner.span)
                complete = False
            elif key == "Fn::Transform":
                self._transform((inner,), inner.span)
                complete = False
            else:
                made[key] = self.value(inner)
        return Fields(made, one.span, one.type, one.module, complete)

    def _call(self, one: Call) -> Value:
        if not one.path.startswith("!"):
            return one
        name = one.path[1:]
        return self._function(name if name in {"Ref", "Condition"} else f"Fn::{name}", one.args, one.span)

    def _function(self, name: str, args: tuple[Value, ...], span: Span) -> Value:
        match name:
            case "Ref":
                return self._ref(args, span)
            case "Fn::Sub":
                return self._sub(args, span)
            case "Fn::GetAtt":
                return self._get_att(args, span)
            case "Fn::Join":
                return self._join(args, span)
            case "Fn::If":
                return self._if(args, span)
            case "Fn::Select":
                return self._select(args, span)
            case "Fn::FindInMap":
                return self._find_in_map(args, span)
            case "Fn::Transform":
                return self._transform(args, span)
            case "Condition":
                return self._condition(args, span)
        return Call(name, span, args=tuple(self.value(one) for one in args))

    def _ref(self, args: tuple[Value, ...], span: Span) -> Value:
        name = _text(args)
        if not name:
            return self._parts(args, span)
        self.use(name, Category.NAME, span, f"!Ref {name}")
        return self._named(name, span)

    def _named(self, name: str, span: Span) -> Value:
        """What a name stands for: a parameter's default, or the name itself."""
        default = default_of(self.template.parameters.get(name))
        if isinstance(default, Known):
            return Known(default.value, span, name)
        if isinstance(default, Items):
            return Items(tuple(Known(one.value, span, name) for one in default.items if isinstance(one, Known)), span)
        return Name(name, span)

    def _get_att(self, args: tuple[Value, ...], span: Span) -> Value:
        target = _text(args)
        if target and len(args) == 1:
            owner, _, attribute = target.partition(".")
        elif len(args) >= 2 and isinstance(args[0], Known) and isinstance(args[0].value, str):
            owner = args[0].value
            rest = self.value(args[1])
            attribute = str(rest.value) if isinstance(rest, Known) else ""
            if not attribute:
                self.use(owner, Category.RESOURCE, span, f"!GetAtt {owner}")
                return Unknown(span, (Name(owner, span), rest))
        else:
            return self._parts(args, span)
        self.use(owner, Category.RESOURCE, span, f"!GetAtt {owner}.{attribute}")
        return Name(f"{owner}.{attribute}", span)

    def _sub(self, args: tuple[Value, ...], span: Span) -> Value:
        text = args[0] if args else None
        given = args[1] if len(args) > 1 else None
        own: Mapping[str, Value] = {}
        if isinstance(given, Fields):
            values = self.value(given)
            own = values.fields if isinstance(values, Fields) else {}
        if not isinstance(text, Known) or not isinstance(text.value, str):
            return self._parts(args, span)
        return self._substituted(text.value, own, text.span, span)

    def _substituted(self, written: str, own: Mapping[str, Value], lines: Span, span: Span) -> Value:
        if "${" not in written:
            return Known(written, span)
        first = lines.end_line - written.rstrip("\n").count("\n")
        parts: list[Value] = []
        position = line = 0
        for match in _VARIABLE.finditer(written):
            name = match.group(1)
            line += written.count("\n", position, match.start())
            if match.start() > position:
                parts.append(Known(_literal(written[position : match.start()]), span))
            position = match.end()
            if name in own:
                parts.append(own[name])
                continue
            at = min(max(first + line, lines.line), lines.end_line)
            owner, _, attribute = name.partition(".")
            self.use(owner, Category.RESOURCE if attribute else Category.NAME, Span(at, at), match.group(0))
            parts.append(Name(name, span) if attribute else self._named(name, span))
        if position < len(written):
            parts.append(Known(_literal(written[position:]), span))
        return _joined(parts, span)

    def _join(self, args: tuple[Value, ...], span: Span) -> Value:
        values = [self.value(one) for one in args]
        if len(values) != 2:
            return Unknown(span, tuple(values))
        delimiter, items = values
        if (
            not isinstance(delimiter, Known)
            or not isinstance(items, Items)
            or not items.complete
            or any(isinstance(one, Items | Unknown) for one in items.items)
        ):
            return Unknown(span, tuple(values))
        parts: list[Value] = []
        for one in items.items:
            if parts and delimiter.value:
                parts.append(Known(delimiter.value, span))
            parts.append(one)
        return _joined(parts, span)

    def _if(self, args: tuple[Value, ...], span: Span) -> Value:
        name = args[0] if args else None
        if isinstance(name, Known) and isinstance(name.value, str):
            self.use(f"condition:{name.value}", Category.CONDITION, name.span, f"!If [{name.value}, …]")
        return self._parts(args[1:], span)

    def _condition(self, args: tuple[Value, ...], span: Span) -> Value:
        name = _text(args)
        if name:
            self.use(f"condition:{name}", Category.CONDITION, span, f"!Condition {name}")
            return Name(f"condition:{name}", span)
        return self._parts(args, span)

    def _find_in_map(self, args: tuple[Value, ...], span: Span) -> Value:
        values = tuple(self.value(one) for one in args)
        keys = [one.value if isinstance(one, Known) and isinstance(one.value, str | int) and not one.via else None for one in values]
        name = keys[0] if keys else None
        # A default value (language extensions) means that map and keys may be absent.
        if isinstance(name, str) and len(args) == 3:
            self._map_use([None if key is None else str(key) for key in keys], span)
            if None not in keys:
                found = self._mapped(*[str(key) for key in keys])
                if isinstance(found, Known):
                    return Known(found.value, span, name)
        return Call("Fn::FindInMap", span, args=values)

    def _map_use(self, keys: list[str | None], span: Span) -> None:
        """Note a use of the map, or of a key of it where map and parent are there and the key is literal."""
        name, top, second = keys
        written = f"!FindInMap [{', '.join('…' if key is None else key for key in keys)}]"
        entry = self.template.mappings.get(str(name))
        used = f"mapping:{name}"
        if isinstance(entry, Fields) and entry.complete:
            tops = entry.fields
            if top is not None:
                used += f".{top}"
                inner = tops.get(top)
                if second is not None and isinstance(inner, Fields) and inner.complete:
                    used += f".{second}"
            elif second is not None and all(isinstance(one, Fields) and one.complete and second not in one.fields for one in tops.values()):
                used += f".*.{second}"
        self.use(used, Category.MAPPING, span, written)

    def _mapped(self, name: str, top: str, second: str) -> Value | None:
        found: Value | None = self.template.mappings.get(name)
        for key in (top, second):
            found = found.fields.get(key) if isinstance(found, Fields) else None
        return found

    def _select(self, args: tuple[Value, ...], span: Span) -> Value:
        values = tuple(self.value(one) for one in args)
        if len(values) == 2 and isinstance(values[0], Known) and isinstance(values[1], Items) and values[1].complete:
            index, items = str(values[0].value), values[1].items
            if index.isdigit() and len(index) < 6 and int(index) < len(items) and not any(isinstance(one, Unknown) for one in items):
                return items[int(index)]
        return Call("Fn::Select", span, args=values)

    def _transform(self, args: tuple[Value, ...], span: Span) -> Value:
        for one in args:
            if isinstance(one, Fields):
                parameters = one.fields.get("Parameters")
                location = parameters.fields.get("Location") if isinstance(parameters, Fields) else None
                name = one.fields.get("Name")
                if isinstance(name, Known) and name.value == "AWS::Include" and isinstance(location, Known):
                    self.included.append(location)
        return self._parts(args, span)

    def _loop(self, inner: Value, span: Span) -> Value:
        """A loop gives what it gives: only what its body uses beside its own variable is noted."""
        items = inner.items if isinstance(inner, Items) else ()
        before = self.hidden
        if items and isinstance(items[0], Known):
            self.hidden = before | {str(items[0].value)}
        made = self._parts(items[1:], span)
        self.hidden = before
        return made

    def _parts(self, args: tuple[Value, ...], span: Span) -> Value:
        return Unknown(span, tuple(self.value(one) for one in args))


def _text(args: tuple[Value, ...]) -> str:
    one = args[0] if len(args) == 1 else None
    return one.value.strip() if isinstance(one, Known) and isinstance(one.value, str) else ""


def _literal(text: str) -> str:
    """Text of a `Sub` with its escaped variables as they come out."""
    return text.replace("${!", "${")


def _joined(parts: list[Value], span: Span) -> Value:
    """One known text where all parts are known, else a text with holes. It came through the first name that a part came through."""
    if all(isinstance(one, Known) for one in parts):
        via = next((one.via for one in parts if isinstance(one, Known) and one.via), "")
        return Known("".join(_written(one.value) for one in parts if isinstance(one, Known)), span, via)
    return Text(tuple(parts), span)


def _written(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
