"""How matched things differ: properties that the ideal sets and the answer does not, and listed properties of another value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.align.comparison import Comparison, compare
from grader.align.inventory import Prop, Thing, scalar
from grader.align.later import hinted, is_open, may_be_set, set_later
from grader.align.lifecycles import CLASSES, readable, storage_classes
from grader.align.matching import SURE
from grader.align.scalars import worth_a_word
from grader.align.silences import launched, lost, renamed_variable, under_another_name, unread
from grader.knowledge.properties import Aspect, aspect_of, is_cosmetic, is_default, is_wiring
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Value, fields_of, flat, fold, look_up, text_of, written

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Resource, Solution

DEEPEST = 4
"""Levels below a property that are compared."""
MOST_ENTRIES = 400
"""Pairs of entries of a list that are compared one by one."""
SHORT = 14
"""Lines of a resource that are quoted as a whole."""
_IDENTITY = ("name", "key", "id", "attributename", "indexname", "sid", "parametername", "containerpath", "devicename", "variable")
_FREE = frozenset(
    "environment variables environmentvariables attribute attributes attributedefinitions globalsecondaryindexes globalsecondaryindex parameter parameters".split()
)
"""Maps and lists whose keys are names that other code reads."""
_TAGS = frozenset({"tags", "tagspecifications", "tagspecification"})
_SHORTEST = 5
"""Letters of a name that is looked for in other code."""
_IMPLIED = frozenset({"encryption"})  # a construct that is given a key encrypts with it
_KEYED = frozenset({"attribute", "attributes", "attributedefinitions"})
"""Definitions of a table's attributes follow from its keys and indexes, and are told with those."""
_KEEPS = frozenset({"retain", "retainonupdateordelete"})
_LAST: list[tuple[Comparison, tuple[Difference, ...]]] = []


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of a matched pair.

    `path` is the property as the ideal writes it (`VpcConfig`, `Environment.Variables.REGION`); `wanted` and `got` are its values as text, `got`
    empty where the answer does not set it; `at` is its place in the answer, or that of the thing, `ideal_at` the ideal's.
    """

    aspect: Aspect
    path: str
    answer: Thing
    ideal: Thing
    at: Span
    ideal_at: Span
    wanted: str
    got: str = ""
    inner: bool = False
    """Whether the answer sets the aspect, and only this part of it is missing."""
    named: bool = False
    """Whether it is a named entry of a list (a stage, a container, a rule)."""
    beside: bool = False
    """Whether the answer sets another property of the same aspect."""


def differences(pair: Pair) -> tuple[Difference, ...]:
    """All differences of a pair's matched things, in the order of the ideal; none between dialects of other frameworks."""
    comparison = compare(pair)
    if comparison.off or not comparison.alike:
        return ()
    for of, found in _LAST:
        if of is comparison:
            return found
    found = tuple(_differences(pair, comparison))
    _LAST[:] = [(comparison, found)]
    return found


def _differences(pair: Pair, comparison: Comparison) -> Iterator[Difference]:
    loose = set_later(pair.answer)
    logged = [pair.answer.document.quote(one.resource.span) for one in comparison.answer.things if one.type.noun == "loggroup"]
    from_template = launched(comparison.answer.things)
    alone_here, alone_there = _alone(comparison.answer.things), _alone(comparison.ideal.things)
    for one in comparison.matches:
        answer, ideal = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        sole = answer.type in alone_here and ideal.type in alone_there
        if (one.score < SURE and not sole) or lost(answer.resource, pair.answer):
            continue
        elsewhere = from_template if "launchtemplate" in _names(answer) else frozenset[str]()
        if any(name in text for name in _called(answer) for text in logged):
            elsewhere |= {"loggroup"}
        for found in _of_pair(answer, ideal, pair.answer, loose | elsewhere):
            if found.got or not unread(found.path, pair):
                yield found


def _alone(things: tuple[Thing, ...]) -> frozenset[object]:
    seen: set[object] = set()
    twice: set[object] = set()
    for one in things:
        (twice if one.type in seen else seen).add(one.type)
    return frozenset(seen - twice)


def _called(thing: Thing) -> frozenset[str]:
    """What other code calls a thing: its logical name, its variable, the name it is given."""
    given = (text for key, value in thing.resource.properties.items() if fold(key) == "functionname" and (text := written(value, "")))
    return frozenset(one for one in (thing.resource.name, thing.resource.binding.rpartition(".")[2], *given) if len(one) >= _SHORTEST)


def _names(thing: Thing) -> frozenset[str]:
    return frozenset(fold(prop.name) for props in thing.props.values() for prop in props)


def _of_pair(answer: Thing, ideal: Thing, solution: Solution, loose: frozenset[str]) -> Iterator[Difference]:
    level = _level(answer.resource) == _level(ideal.resource)
    if level:
        yield from _kept(answer, ideal)
    whole = not is_open(answer.resource, solution)
    construct = str(answer.type) if answer.resource.type.startswith("aws-cdk-lib.") and "Cfn" not in answer.resource.type else ""
    ours, theirs = _names(answer), _names(ideal)

    def lacks(prop: Prop) -> bool:
        worth = whole and (matters(prop.name, prop.value, prop.aspect, construct) or _snapshots(prop, ideal))
        return worth and not may_be_set(prop, loose) and not under_another_name(prop.name, ours, theirs)

    for name, props in ideal.props.items():
        if props[0].aspect.group == "tags":
            continue
        mine = answer.props.get(name)
        if mine is None:
            first = next((prop for prop in props if (level or prop.aspect.says) and lacks(prop)), None)
            if first is not None:
                yield Difference(first.aspect, _label(first), answer, ideal, _place(answer), first.value.span, _text(first.value))
            continue
        left = list(mine)
        beside = level and {fold(one.name) for one in mine} <= theirs  # nothing of the answer may be the property in another form
        for prop in props:
            if (is_wiring(prop.name) and not prop.aspect.says) or (str(ideal.type) == "dynamodb.table" and fold(prop.name) in _KEYED):
                continue
            if prop.aspect.name == "lifecycle":
                yield from _cooler(mine, prop, answer, ideal)
            same = next((place for place, one in enumerate(left) if fold(one.name) == fold(prop.name)), None)
            if same is not None:
                yield from _inside(left.pop(same), prop, answer, ideal, loose)
            elif beside and prop.holder is ideal.resource and fold(prop.name) not in ours | _IMPLIED and lacks(prop):
                yield Difference(
                    prop.aspect, _label(prop), answer, ideal, _short(mine[0].value.span), prop.value.span, _text(prop.value), beside=True
                )


def _cooler(mine: tuple[Prop, ...], prop: Prop, answer: Thing, ideal: Thing) -> Iterator[Difference]:
    """Storage classes to which only the ideal's lifecycle moves objects, whatever the form of the rules."""
    if not all(readable(one.value) for one in mine):
        return
    have = {name for one in mine for name, _ in storage_classes(one.value)}
    for name, span in storage_classes(prop.value):
        if name not in have:
            have.add(name)
            path = f"{_label(prop)}.{CLASSES[name]}"
            yield Difference(prop.aspect, path, answer, ideal, _short(mine[0].value.span), span, "", inner=True)


def _kept(answer: Thing, ideal: Thing) -> Iterator[Difference]:
    """What the answer keeps or protects on deletion where the ideal says nothing of it."""
    for name, props in answer.props.items():
        if name in ideal.props or name not in {"deletion protection", "removal"}:
            continue
        for prop in props:
            got = scalar(prop.value)
            if got is True or (isinstance(got, str) and fold(got) in _KEEPS):
                yield Difference(prop.aspect, _label(prop), answer, ideal, _short(prop.value.span), _place(ideal), "", _text(prop.value))
                break


def _inside(mine: Prop, prop: Prop, answer: Thing, ideal: Thing, loose: frozenset[str]) -> Iterator[Difference]:
    policy = prop.aspect.name.endswith(" policy")
    for path, ours, theirs in _nested(mine.value, prop.value, (_label(prop),)):
        if (policy and not _is_statement(theirs)) or any(fold(step) in _TAGS for step in path):
            continue
        aspect = _aspect(ideal, path, prop.aspect)
        if ours is None:
            free = len(path) > 1 and fold(path[-2]) in _FREE
            if not free and (not matters(path[-1], theirs, aspect) or hinted(path[-1], loose)):
                continue
        elif not worth_a_word(path[-1], ours, theirs, aspect):
            continue
        at = ours.span if ours is not None else mine.value.span
        named = ours is None and not aspect.says and bool(fields_of(theirs)) and path[-1] == _said(theirs)
        inner = ours is None and aspect is prop.aspect and len(path) > 1
        yield Difference(
            aspect, ".".join(path), answer, ideal, _short(at), theirs.span, _text(theirs), _text(ours) if ours is not None else "", inner, named
        )


def _is_statement(value: Value) -> bool:
    """Whether a value is a statement of a policy, or a rule of one."""
    names = {fold(key) for key in fields_of(value)}
    return bool(names & {"effect", "action", "actions", "rulepriority"})


def _aspect(thing: Thing, path: tuple[str, ...], outer: Aspect) -> Aspect:
    if len(path) == 1:
        return outer
    inner = aspect_of(thing.type, path[-1])
    if inner.group == "encryption" and outer.name == "replication":
        return outer
    return inner if inner.says and not is_wiring(path[-1]) else outer


def matters(name: str, value: Value, aspect: Aspect, construct: str = "") -> bool:
    """Whether leaving a property out is worth a word; `construct` names the type where a construct of the CDK has defaults of its own."""
    if aspect.quiet or ((is_cosmetic(name) or is_wiring(name)) and not aspect.says):
        return False
    got = scalar(value)
    if isinstance(got, bool) and not got and not aspect.false:
        return False
    if got is not None and (is_default(name, got, construct) or (got in ("", 0) and not isinstance(got, bool))):
        return False
    if isinstance(value, Items) and not value.items:
        return False
    if isinstance(value, Name) and value.path.endswith("NoValue"):
        return False
    return not (isinstance(value, Fields) and not value.fields and value.complete and not value.type)


def _snapshots(prop: Prop, ideal: Thing) -> bool:
    """Whether the ideal deletes a database of which CloudFormation keeps a snapshot by default."""
    clustered = any(fold(key) == "dbclusteridentifier" for key in ideal.resource.properties) and ideal.type.noun == "dbinstance"
    return fold(prop.name) == "deletionpolicy" and not clustered and ideal.type.service == "rds" and ideal.type.noun in {"dbinstance", "dbcluster"}


def _nested(ours: Value, theirs: Value, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value | None, Value]]:
    """Differing places below a property: path, the answer's value (None where it has none), the ideal's."""
    if len(path) > DEEPEST:
        return
    if isinstance(ours, Items) != isinstance(theirs, Items):
        ours, theirs = _single(ours), _single(theirs)
    if isinstance(ours, Items) and isinstance(theirs, Items):
        yield from _items(ours, theirs, path)
        return
    inner, wanted = fields_of(ours), fields_of(theirs)
    if inner and wanted:
        complete = ours.complete if isinstance(ours, Fields) else not (isinstance(ours, Call) and ours.receiver is not None)
        free = fold(path[-1]) in _FREE
        for key, value in wanted.items():
            mine = look_up(inner, key)
            if mine is not None:
                yield from _nested(mine, value, (*path, key))
            elif complete and (free or not (is_cosmetic(key) or is_wiring(key))):
                if renamed_variable(key, value, inner, wanted) if free else under_another_name(key, inner, wanted):
                    continue
                yield (*path, key), None, value
    elif all(isinstance(one, Known | Name) or scalar(one) is not None for one in (ours, theirs)):
        yield path, ours, theirs


def _single(value: Value) -> Value:
    """A block of Terraform that stands alone is a list of one."""
    return value.items[0] if isinstance(value, Items) and len(value.items) == 1 and isinstance(value.items[0], Fields) else value


def _items(ours: Items, theirs: Items, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value | None, Value]]:
    mine = {key: one for one in ours.items if (key := _identity(one))}
    named = {key: one for one in theirs.items if (key := _identity(one))}
    if len(mine) == len(ours.items) and len(named) == len(theirs.items) and ours.complete:
        script = any(" " in (text_of(one) or "").strip() for one in theirs.items)
        renamed = {} if fold(path[-1]) in _FREE else _renamed(mine, named)
        for key, one in named.items():
            other = mine.get(key) or renamed.get(key)
            if other is None:
                if fields_of(one) or not (script or isinstance(one, Name) or (isinstance(one, Known) and one.via)):
                    yield (*path, _said(one)), None, one
            elif fields_of(one):
                yield from _nested(other, one, (*path, _said(one)))
    elif len(ours.items) == len(theirs.items) and len(theirs.items) <= 3:
        for left, right in _likest(ours.items, theirs.items):
            yield from _nested(left, right, path)


def _likest(ours: tuple[Value, ...], theirs: tuple[Value, ...]) -> Iterator[tuple[Value, Value]]:
    """Each of the ideal's items that has fields, with the answer's item made most like it; the nearer in the list among equals."""
    left = dict(enumerate(ours))
    for place, wanted in enumerate(theirs):
        names = _shape(wanted)
        near = max(left, key=lambda at: (len(names & _shape(left[at])) / max(len(names | _shape(left[at])), 1), -abs(at - place)), default=None)
        if near is not None and fields_of(left[near]) and fields_of(wanted):
            yield left.pop(near), wanted


def _renamed(mine: Mapping[str, Value], named: Mapping[str, Value]) -> dict[str, Value]:
    """Entries that bear another name on the two sides and are made alike: names of rules and statements are the author's."""
    left = {key: _shape(one) for key, one in mine.items() if key not in named and fields_of(one)}
    right = {key: _shape(one) for key, one in named.items() if key not in mine and fields_of(one)}
    if len(left) * len(right) > MOST_ENTRIES:
        return {}
    pairs = sorted(((-len(a & b) / len(a | b), other, key) for other, b in right.items() for key, a in left.items()), key=lambda row: row)
    found: dict[str, Value] = {}
    for _, other, key in pairs:
        if other not in found and key in left:
            found[other] = mine[key]
            del left[key]
    return found


def _shape(value: Value) -> frozenset[str]:
    """The names of all fields in a value."""
    return frozenset(fold(key) for key, _ in flat(value))


def _identity(value: Value) -> str:
    """What tells an item of a list from the others: its name, or itself where it is a text."""
    text = text_of(value)
    if text is not None:
        return fold(text)
    if isinstance(value, Name):
        return fold(value.path)
    fields = fields_of(value)
    for key, inner in fields.items():
        if fold(key) in _IDENTITY:
            name = text_of(inner)
            return fold(name) if name else ""
    return ""


def _said(value: Value) -> str:
    text = text_of(value)
    if text is not None:
        return text
    if isinstance(value, Name):
        return value.path
    return next((name for key, inner in fields_of(value).items() if fold(key) in _IDENTITY and (name := text_of(inner))), "")


def _level(resource: Resource) -> bool:
    """Whether a construct is the CDK's raw form of a CloudFormation resource."""
    return resource.type.rsplit(".", 1)[-1].startswith("Cfn")


def _label(prop: Prop) -> str:
    return prop.name.rsplit(".", 1)[-1]


def _place(thing: Thing) -> Span:
    """The lines that stand for a thing: all of a short one, the first of a long one."""
    return _short(thing.resource.span)


def _short(span: Span) -> Span:
    return span if span.end_line - span.line < SHORT else Span(span.line, span.line + 3)


def _text(value: Value) -> str:
    """A value in a few words, empty where it is not a scalar."""
    got = scalar(value)
    if isinstance(got, bool):
        return str(got).lower()
    if got is not None:
        return str(got)
    return value.text() if isinstance(value, Template) else ""


def cause_of(one: Difference) -> str:
    """The root cause that a difference belongs to."""
    if one.aspect.group == "retention":
        return one.aspect.name
    if one.aspect.says and not one.aspect.minor:
        return f"{one.aspect.name} of {one.ideal.type}"
    return f"entries of {one.ideal.label}" if one.named else f"settings of {one.ideal.type}"
