"""Calls of the Java library whose value can be told: collections, formatted text, wrappers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model.spans import Span

_LISTS = frozenset(
    (
        "List.of Set.of Arrays.asList Collections.singletonList Collections.singleton ImmutableList.of ImmutableSet.of List.copyOf Set.copyOf "
        "Collections.emptyList Collections.emptySet Lists.newArrayList Sets.newHashSet"
    ).split()
)
_MAPS = frozenset("Map.of Collections.singletonMap ImmutableMap.of Collections.emptyMap".split())
_SAME = frozenset(
    (
        "Output.of Output.ofSecret Output.ofNullable Optional.of Objects.requireNonNull Collections.unmodifiableList Collections.unmodifiableMap "
        "Collections.unmodifiableSet Map.copyOf Integer.valueOf Boolean.valueOf Double.valueOf Long.valueOf Either.ofLeft Either.ofRight "
        "Either.leftOf Either.rightOf"
    ).split()
)
_MODULES = ("", "java.util", "java.util.stream", "java.lang", "com.google.common.collect", "com.pulumi.core")
_DEFAULTS = frozenset("getOrDefault orElse orElseGet requireNonNullElse".split())
_HOLDERS = frozenset("ArrayList LinkedList HashSet LinkedHashSet HashMap LinkedHashMap TreeMap TreeSet".split())
_FORMAT = re.compile(r"%(?:(\d+)\$)?[-#+ 0,(]*\d*(?:\.\d+)?([a-zA-Z%])")


def static_call(module: str, path: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """The value of a static call, None for a call like any other."""
    if module not in _MODULES:
        return None
    if path in _LISTS:
        if path.endswith("copyOf"):
            return args[0] if len(args) == 1 else None
        if len(args) == 1 and path == "Arrays.asList" and isinstance(args[0], (Items, Name)):
            return args[0]  # an array
        return Items(args, span)
    if path in _MAPS:
        return pairs(args, span)
    if path == "Map.ofEntries":
        return entries(args, span)
    if path in _SAME and len(args) == 1:
        return args[0]
    if path == "Objects.requireNonNullElse":
        return Unknown(span, args)
    if path == "String.valueOf" and len(args) == 1:
        return Known(_shown(args[0]), span) if isinstance(args[0], Known) and args[0].value is not None else Template(args, span)
    if path in {"String.format", "MessageFormat.format"} and args:
        return formatted(args[0], args[1:], span) if path == "String.format" else None
    if path == "String.join" and args and isinstance(args[0], Known):
        return _joined(args[0], args[1:], span)
    return None


def json_call(name: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """What Pulumi's `jsonObject(jsonProperty(...))` and `jsonArray(...)` put together, None for any other call."""
    if name == "jsonArray":
        return Items(args, span)
    if name != "jsonObject":
        return None
    found = [
        (one.args[0], one.args[1]) for one in args if isinstance(one, Call) and one.path.rpartition(".")[2] == "jsonProperty" and len(one.args) == 2
    ]
    return _mapping(found, span) if len(found) == len(args) else None


def method_call(receiver: Value, name: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """The value of a method of a value, None for a call like any other."""
    if name in _DEFAULTS:
        return Unknown(span, (receiver, *args))
    if name == "formatted":
        return formatted(receiver, args, span)
    if name == "concat" and len(args) == 1 and isinstance(receiver, (Known, Template)):
        return concatenation((receiver, args[0]), span)
    return None


def created(path: str, args: tuple[Value, ...], span: Span) -> Value | None:
    """The value of a new collection: what it copies, or one that may still grow."""
    if path.rpartition(".")[2] not in _HOLDERS:
        return None
    if len(args) == 1 and isinstance(args[0], Items):
        return Items(args[0].items, span, complete=False)
    if len(args) == 1 and isinstance(args[0], Fields):
        return Fields(args[0].fields, span, complete=False)
    if args:
        return None
    return Fields({}, span, complete=False) if path.endswith("Map") else Items((), span, complete=False)


def pairs(args: Sequence[Value], span: Span) -> Value:
    """A map of keys and values in turn."""
    if len(args) % 2:
        return Unknown(span, tuple(args))
    return _mapping(list(zip(args[::2], args[1::2], strict=True)), span)


def entries(args: Sequence[Value], span: Span) -> Value:
    """A map of `Map.entry` calls."""
    found: list[tuple[Value, Value]] = []
    for one in args:
        if isinstance(one, Call) and one.path.rpartition(".")[2] in {"entry", "SimpleEntry", "SimpleImmutableEntry"} and len(one.args) == 2:
            found.append((one.args[0], one.args[1]))
        else:
            return Unknown(span, tuple(args))
    return _mapping(found, span)


def _mapping(found: list[tuple[Value, Value]], span: Span) -> Fields:
    fields: dict[str, Value] = {}
    complete = True
    for key, value in found:
        word = key_text(key)
        if word is None:
            complete = False
            word = f"?{len(fields)}"
        fields[word] = starting(value, key.span.line)
    return Fields(fields, span, complete=complete)


def key_text(key: Value) -> str | None:
    """The text of a map's key, None where it is not known."""
    match key:
        case Known(value=value) if value is not None:
            return _shown(key)
        case Template():
            return key.text()
        case Name(path=path):
            return path
    return None


def starting(value: Value, line: int) -> Value:
    """A value whose span begins at the line of its key."""
    if value.span.line <= line:
        return value
    span = value.span._replace(line=line)
    match value:
        case Known():
            return Known(value.value, span, value.via)
        case Template():
            return Template(value.parts, span)
        case Items():
            return Items(value.items, span, value.complete)
        case Fields():
            return Fields(value.fields, span, value.type, value.module, value.complete)
        case Call():
            return Call(value.path, span, value.module, value.args, value.keywords, value.receiver, value.new)
        case Name():
            return Name(value.path, span, value.module)
    return Unknown(span, value.parts)


def _shown(value: Known) -> str:
    return str(value.value).lower() if isinstance(value.value, bool) else str(value.value)


def concatenation(terms: Sequence[Value], span: Span) -> Value:
    """Text put together from terms: known if all are."""
    parts: list[Value] = []
    run: list[Known] = []
    for term in (part for one in terms for part in (one.parts if isinstance(one, Template) else (one,))):
        if isinstance(term, Known):
            run.append(term)
        else:
            parts += [*_merged(run), term]
            run = []
    if not parts:
        return Known("".join(map(_shown, run)), span)
    return Template((*parts, *_merged(run)), span)


def _merged(run: list[Known]) -> list[Known]:
    if len(run) < 2:
        return run
    return [Known("".join(map(_shown, run)), run[0].span._replace(end_line=max(one.span.end_line for one in run)))]


def formatted(pattern: Value, args: Sequence[Value], span: Span) -> Value:
    """`String.format`: the text around the arguments; unknown where the pattern is, or the arguments do not fit it."""
    if not (isinstance(pattern, Known) and isinstance(pattern.value, str)):
        return Unknown(span, (pattern, *args))
    terms: list[Value] = []
    end = following = 0
    for match in _FORMAT.finditer(pattern.value):
        terms.append(Known(pattern.value[end : match.start()], pattern.span))
        end = match.end()
        if match[2] in "%n":
            terms.append(Known("%" if match[2] == "%" else "\n", pattern.span))
            continue
        place = int(match[1][:6]) - 1 if match[1] else following
        following += not match[1]
        if not 0 <= place < len(args):
            return Unknown(span, (pattern, *args))
        plain = match[0] in {"%s", "%d"} or (match[1] and match[0].endswith(("$s", "$d")))
        terms.append(args[place] if plain else Unknown(args[place].span, (args[place],)))
    terms.append(Known(pattern.value[end:], pattern.span))
    return concatenation([one for one in terms if not (isinstance(one, Known) and one.value == "")] or [Known("", span)], span)


def _joined(separator: Known, args: Sequence[Value], span: Span) -> Value:
    items = args[0].items if len(args) == 1 and isinstance(args[0], Items) and args[0].complete else args
    if len(args) == 1 and not isinstance(args[0], (Items, Known, Template)):
        return Unknown(span, (separator, *args))
    terms: list[Value] = []
    for place, one in enumerate(items):
        terms += [separator, one] if place and separator.value else [one]
    return concatenation(terms, span) if terms else Known("", span)


def arithmetic(sign: str, terms: tuple[Value, ...], span: Span) -> Value:
    """A sum, difference or product of known whole numbers; unknown for anything else."""
    numbers = [term.value for term in terms if isinstance(term, Known) and isinstance(term.value, int) and not isinstance(term.value, bool)]
    if len(numbers) == len(terms) and len(terms) > 1 and all(abs(number) < 1 << 40 for number in numbers):
        if sign == "+":
            return Known(sum(numbers), span)
        if sign == "-":
            return Known(numbers[0] - numbers[1], span)
        if sign == "*":
            return Known(numbers[0] * numbers[1], span)
    return Unknown(span, terms)
