"""From the events of libyaml to values with their lines: nothing is constructed, nothing recurses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from grader.languages.yaml.scalars import plain
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Unknown, Value, walk

try:
    from yaml._yaml import CParser as EventSource
except ImportError:  # a PyYAML built without libyaml: the same events, slower
    from yaml import SafeLoader as EventSource  # type: ignore[assignment]

_KINDS: Mapping[type, str] = {
    ScalarEvent: "scalar",
    MappingStartEvent: "map",
    SequenceStartEvent: "list",
    MappingEndEvent: "close",
    SequenceEndEvent: "close",
    AliasEvent: "alias",
    DocumentEndEvent: "document",
    StreamEndEvent: "stream",
}
DEEPEST = 128
"""Levels of nesting that are read; what lies deeper is left out, and its parents are not complete."""
_ALIASED = 50_000
"""Values that all aliases of a file together may stand for; further aliases are unknown."""
_STANDARD = "tag:yaml.org,2002:"
_BREAKS = str.maketrans({"\r": " ", "\x85": " ", "\u2028": " ", "\u2029": " "})
"""What libyaml takes for the end of a line and an editor does not."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The parser's own words, and the line of the document they are about."""

    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Composed:
    """The documents of a text in order, and why reading stopped early, if it did."""

    roots: tuple[Value, ...]
    complaints: tuple[Complaint, ...] = ()
    stopped: bool = False


class _Mark(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """What events have, each its part of it; those of libyaml always have their marks."""

    start_mark: _Mark
    end_mark: _Mark
    value: str
    style: str
    tag: str | None
    anchor: str | None
    implicit: tuple[bool, bool]
    flow_style: bool


class _Source(Protocol):
    def get_event(self) -> _Event | None:
        """The next event."""


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    line: int
    tag: str | None
    anchor: str | None
    mapping: bool
    flow: bool
    fields: dict[str, Value] = field(default_factory=dict)
    items: list[Value] = field(default_factory=list)
    merged: list[Value] = field(default_factory=list)
    key: str | None = None
    key_line: int = 0


def compose(text: str, line: int) -> Composed:
    """Read YAML text whose first line is line `line` of the document; never raises.

    Keys are text as written (`on` is `on`); of a key given twice the later value stays. A tag other than YAML's own makes a call:
    `!Ref a` is `Call("!Ref", args=(Known("a"),))`, the items of a tagged list are its arguments, a tagged map is its one argument.
    """
    reader = _Reader(line, line + text.count("\n"))
    if "\x85" in text or "\r" in text or "\u2028" in text or "\u2029" in text:
        text = text.replace("\r\n", "\n").translate(_BREAKS)
    try:
        reader.run(cast("_Source", EventSource(text)))
    except YAMLError as error:
        reader.complaints.append(_complaint(error, text, line))
        reader.stopped = True
    except UnicodeError:
        reader.stopped = True
    reader.finish()
    return Composed(tuple(reader.roots), tuple(reader.complaints), reader.stopped)


def _complaint(error: YAMLError, text: str, line: int) -> Complaint:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        words = getattr(error, "problem", None) or "not well formed"
        context = getattr(error, "context", None)
        last = text.rstrip().count("\n")
        return Complaint(f"{words} {context}" if context else words, line + min(mark.line, last))
    position = getattr(error, "position", None)
    reason = getattr(error, "reason", None) or "not well formed"
    return Complaint(str(reason), line + (text.count("\n", 0, position) if isinstance(position, int) else 0))


class _Reader:
    """Builds values from events. `last` is the last line of the document that holds content so far, `final` the last of the text."""

    __slots__ = ("aliased", "anchors", "complaints", "final", "last", "line", "roots", "stack", "stopped")

    def __init__(self, line: int, final: int) -> None:
        self.line = line
        self.last = line
        self.final = final
        self.roots: list[Value] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, Value] = {}
        self.complaints: list[Complaint] = []
        self.aliased = 0
        self.stopped = False

    def run(self, source: _Source) -> None:
        """Take the events of a stream, until its end or until it nests too deeply."""
        stack, base, following, kinds = self.stack, self.line, source.get_event, _KINDS
        while (event := following()) is not None:
            kind = kinds.get(type(event))
            top = stack[-1] if stack else None
            if kind == "scalar":
                if top is not None and top.mapping and top.key is None:
                    top.key = event.value
                    top.key_line = self.last = base + event.start_mark.line
                    if event.anchor:
                        self.anchors[event.anchor] = Known(event.value, Span(self.last, self.last))
                else:
                    self._put(self._scalar(event, top), top)
            elif kind in {"map", "list"}:
                if len(stack) >= DEEPEST:
                    self.stopped = True
                    return
                start = base + event.start_mark.line
                self.last = max(start, self.last)
                if top is not None and top.key is not None:
                    start = top.key_line
                stack.append(_Open(start, event.tag, event.anchor, kind == "map", event.flow_style))
            elif kind == "close":
                if top is not None and top.flow:
                    self.last = min(base + event.end_mark.line, self.final)
                self._close(complete=True)
            elif kind == "alias":
                self.last = base + event.start_mark.line
                self._put(self._alias(event.anchor or ""), top)
            elif kind == "document":
                self.anchors.clear()
            elif kind == "stream":
                return

    def finish(self) -> None:
        """Close what is still open where reading stopped early."""
        while self.stack:
            top = self.stack[-1]
            if top.key is not None:
                self._put(Unknown(Span(top.key_line, top.key_line)), top)
            self._close(complete=False)

    def _scalar(self, event: _Event, top: _Open | None) -> Value:
        mark, value, style = event.start_mark, event.value, event.style
        start = end = self.line + mark.line
        if style == "|":
            end += 1 + value.rstrip("\n").count("\n") if value else 0
        elif style:
            stop = event.end_mark
            end = self.line + stop.line - (1 if style == ">" and stop.column == 0 and stop.line > mark.line else 0)
        elif value:
            end = self.line + event.end_mark.line
        else:  # nothing at all has no place of its own
            start = end = self.last
        self.last = end
        span = Span(start if top is None or top.key is None else top.key_line, end)
        tag = event.tag
        made: Value
        if tag is None:
            made = Known(plain(value) if event.implicit[0] else value, span)
        elif tag.startswith(_STANDARD):
            made = Known(plain(value) if tag[len(_STANDARD) :] in {"int", "float", "bool", "null"} else value, span)
        else:
            made = Known(value, span)
            if len(tag) > 1:
                made = Call(tag, span, args=(made,))
        if event.anchor:
            self.anchors[event.anchor] = made
        return made

    def _alias(self, name: str) -> Value:
        found = self.anchors.get(name)
        here = Span(self.last, self.last)
        if found is None:
            if all(one.anchor != name for one in self.stack):
                self.complaints.append(Complaint(f"found undefined alias '{name}'", self.last))
            return Unknown(here)
        for _ in walk(found):
            self.aliased += 1
            if self.aliased > _ALIASED:
                return Unknown(here)
        return found

    def _put(self, value: Value, top: _Open | None) -> None:
        """Give a value to the collection it stands in, or to the stream."""
        if top is None:
            self.roots.append(value)
        elif not top.mapping:
            top.items.append(value)
        elif top.key is None:
            # A collection, or an alias, as a key.
            top.key, top.key_line = (str(value.value) if isinstance(value, Known) else ""), value.span.line
        else:
            if top.key == "<<":
                top.merged.append(value)
            else:
                top.fields[top.key] = value
            top.key = None

    def _close(self, *, complete: bool) -> None:
        top = self.stack.pop()
        span = Span(top.line, max(top.line, self.last))
        made: Value
        if top.mapping:
            fields = top.fields
            for one in top.merged:
                for source in one.items if isinstance(one, Items) else (one,):
                    if isinstance(source, Fields):
                        fields = {**source.fields, **fields}
                    else:
                        complete = False
            made = Fields(fields, span, complete=complete)
        else:
            made = Items(tuple(top.items), span, complete)
        if top.tag is not None and len(top.tag) > 1 and not top.tag.startswith(_STANDARD):
            made = Call(top.tag, span, args=made.items if isinstance(made, Items) else (made,))
        if top.anchor:
            self.anchors[top.anchor] = made
        self._put(made, self.stack[-1] if self.stack else None)
