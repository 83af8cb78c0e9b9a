"""Tags: the keys that a solution sets, resource by resource and for all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grader.model.paths import is_test
from grader.model.values import Call, Fields, Items, Known, Name, Value, fields_of, fold, look_up, text_of, walk

if TYPE_CHECKING:
    from grader.align.inventory import Inventory, Thing
    from grader.model.solutions import Solution
    from grader.model.spans import Span

_GLOBAL = re.compile(
    r"default_?[tT]ags|Tags\.of\(|Tags_Of\(|Tag\.add\(|registerStackTransformation|register_stack_transformation|commonTags|common_tags", re.ASCII
)
_KEY = re.compile(r"[A-Za-z][\w:/.+=@ -]{1,60}$")


class Tag(NamedTuple):
    """One key of a tag, and its place."""

    key: str
    span: Span


def tags_of(thing: Thing) -> tuple[Tag, ...]:
    """The keys that a resource itself sets, as far as they can be read."""
    return tuple(tag for prop in thing.props.get("tags", ()) for tag in _keys(prop.value))


def tells_all_tags(thing: Thing) -> bool:
    """Whether the keys that a resource itself sets can all be read: a map or a list that is written out."""
    props = thing.props.get("tags", ())
    return bool(props) and all(_is_written_out(prop.value) for prop in props)


def _is_written_out(value: Value) -> bool:
    if isinstance(value, Known):
        return value.value is None
    if isinstance(value, Items):
        return value.complete and all(isinstance(one, Fields) and text_of(look_up(one.fields, "Key", "key")) is not None for one in value.items)
    return isinstance(value, Fields) and value.complete and bool(value.fields)


def loose_tags(thing: Thing) -> tuple[str, ...]:
    """What the tags of a resource take from elsewhere: the paths of variables and functions, `?` for what has no name."""
    return tuple(sorted(name for prop in thing.props.get("tags", ()) for name in _loose(prop.value)))


def _loose(value: Value) -> Iterator[str]:
    if isinstance(value, Fields | Items) and not value.complete:
        yield "?"
    if isinstance(value, Items):
        for one in value.items:
            yield from () if text_of(look_up(fields_of(one), "Key", "key")) else _loose(one)
    elif isinstance(value, Call):
        yield value.path
        for one in (*value.args, *value.keywords.values()):
            yield from _loose(one)
    elif not isinstance(value, Fields) and value != Known(None, value.span):
        yield value.path if isinstance(value, Name) else "?"


def global_tags(solution: Solution) -> tuple[Tag, ...]:
    """The keys that are set for a whole stack or provider."""
    found: list[Tag] = []
    for key, value, binding in solution.infrastructure:
        if (
            isinstance(value, Call)
            and value.path in {"add", "Add"}
            and isinstance(value.receiver, Call)
            and fold(value.receiver.path) in {"tagsof", "of"}
        ):
            found += [Tag(text, value.span) for one in value.args[:1] if (text := text_of(one))]
        elif fold(key) == "defaulttags" and (fields_of(value) or isinstance(value, Call)):
            inner = look_up(fields_of(value), "tags")
            found += _keys(inner) if inner is not None else ()
        elif value is binding.value and re.search(r"(?:common|default|base|standard)_?tags$", binding.name, re.IGNORECASE):
            found += _keys(value)
    return tuple(found)


def tags_everything(solution: Solution) -> bool:
    """Whether some tags are set for all resources at once, whether or not they can be read."""
    return any(_GLOBAL.search(file.text) for file in solution.files if not file.superseded and not is_test(file.name))


def tagged(inventory: Inventory) -> tuple[Thing, ...]:
    """The things that set tags themselves."""
    return tuple(one for one in inventory.things if "tags" in one.props)


def _keys(value: Value | None) -> Iterator[Tag]:
    for inner in [] if value is None else walk(value):
        if isinstance(inner, Fields):
            named = look_up(inner.fields, "Key", "key")
            text = text_of(named)
            if text is not None and len(inner.fields) <= 4:
                yield Tag(text, inner.span)
            elif named is None:
                yield from (Tag(key, one.span) for key, one in inner.fields.items() if _KEY.match(key) and not fields_of(one))
        elif isinstance(inner, Call) and inner.path.endswith("Map.of"):
            yield from (Tag(text, one.span) for one in inner.args[::2] if (text := text_of(one)))


def first_place(things: tuple[Thing, ...]) -> Span | None:
    """Where the first tags of some things stand."""
    return min((prop.value.span for one in things for prop in one.props["tags"]), default=None)
