"""Properties of the matching: total, one to one, the same from both sides, and blind to order and to new names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.align.inventory import Prop, Thing
from grader.align.matching import Match, match
from grader.knowledge.properties import aspect_of
from grader.knowledge.types import Type
from grader.model.documents import File
from grader.model.solutions import Resource
from grader.model.spans import Span
from grader.model.values import Known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

FILE = File("", 1, "hcl", "main.tf")
KINDS = (Type("s3", "bucket"), Type("sqs", "queue"), Type("cloudwatch", "alarm"))
PROPERTIES = ("versioned", "timeout", "metric_name", "size")
Row = tuple[int, str, tuple[tuple[str, int], ...]]


def thing(kind: Type, name: str, properties: Sequence[tuple[str, int]], place: int = 1, links: Sequence[int] = ()) -> Thing:
    """A thing without satellites; the value of a property is a number, or a text for the key of its type."""
    resource = Resource(f"aws_{kind.service}_{kind.noun}", name, {}, Span(place, place), FILE, binding=name)
    props = {}
    for key, value in properties:
        aspect = aspect_of(kind, key)
        known = Known(f"m{value}" if key == "metric_name" else value, Span(place, place))
        props[aspect.name] = (Prop(key, known, resource, aspect),)
    return Thing(kind, resource, frozenset(name.split("-")), props, frozenset(links), many=False)


def things(rows: Sequence[Row]) -> list[Thing]:
    return [thing(KINDS[kind], name, properties, place) for place, (kind, name, properties) in enumerate(rows, 1)]


names = st.lists(st.sampled_from("orders billing audit web data logs alpha beta".split()), min_size=1, max_size=3).map("-".join)
properties = st.dictionaries(st.sampled_from(PROPERTIES), st.integers(0, 3), max_size=4).map(lambda found: tuple(sorted(found.items())))
rows = st.lists(st.tuples(st.integers(0, 2), names, properties), max_size=12)


def named(found: Sequence[Match], left: Sequence[Thing], right: Sequence[Thing]) -> Counter[tuple[str, str]]:
    """Matches by what the two things are, wherever they stand."""
    return Counter((content(left[one.answer]), content(right[one.ideal])) for one in found)


def content(one: Thing) -> str:
    return f"{one.type} {one.resource.name} {sorted((key, str(props[0].value.value)) for key, props in one.props.items() if isinstance(props[0].value, Known))}"


def key(one: Thing) -> str:
    """The metric of an alarm, empty for none."""
    value = next((prop.value for props in one.props.values() for prop in props if prop.name == "metric_name"), None)
    return str(value.value) if isinstance(value, Known) and one.type.noun == "alarm" else ""


@given(rows, rows)
def test_each_thing_has_one_partner_of_its_type_at_most(left: list[Row], right: list[Row]) -> None:
    ours, theirs = things(left), things(right)
    found = match(ours, theirs)
    assert len({one.answer for one in found}) == len(found) == len({one.ideal for one in found})
    assert all(ours[one.answer].type == theirs[one.ideal].type for one in found)
    assert all(0 <= one.score <= 1 for one in found)


@given(rows, rows)
def test_nothing_is_left_alone_beside_something_that_it_could_be(left: list[Row], right: list[Row]) -> None:
    ours, theirs = things(left), things(right)
    found = match(ours, theirs)
    alone_here = [one for place, one in enumerate(ours) if place not in {pair.answer for pair in found}]
    alone_there = [one for place, one in enumerate(theirs) if place not in {pair.ideal for pair in found}]
    for one in alone_here:
        for other in alone_there:
            assert one.type != other.type or (key(one) and key(other) and key(one) != key(other))


@given(rows, rows)
def test_both_sides_see_the_same_pairs(left: list[Row], right: list[Row]) -> None:
    ours, theirs = things(left), things(right)
    back = Counter({(b, a): count for (a, b), count in named(match(theirs, ours), theirs, ours).items()})
    assert named(match(ours, theirs), ours, theirs) == back


@given(rows, rows, st.randoms(use_true_random=False))
def test_order_changes_nothing(left: list[Row], right: list[Row], random: Random) -> None:
    mixed_left, mixed_right = list(left), list(right)
    for one in (mixed_left, mixed_right):
        random.shuffle(one)
    ours, theirs, other, others = things(left), things(right), things(mixed_left), things(mixed_right)
    assert named(match(ours, theirs), ours, theirs) == named(match(other, others), other, others)


@given(rows)
def test_a_solution_matches_itself(left: list[Row]) -> None:
    ours = things(left)
    found = match(ours, ours)
    assert len(found) == len(ours)
    assert all(content(ours[one.answer]) == content(ours[one.ideal]) for one in found)


@given(st.lists(st.integers(0, 40), unique=True, max_size=10))
def test_new_names_change_nothing_where_the_content_tells(sizes: list[int]) -> None:
    before = [thing(KINDS[0], f"bucket-{size}", (("size", size), ("timeout", size)), size + 1) for size in sizes]
    after = [thing(KINDS[0], f"renamed-{100 - size}", (("size", size), ("timeout", size)), size + 1) for size in reversed(sizes)]
    for one in match(before, after):
        assert before[one.answer].props["size"][0].value == after[one.ideal].props["size"][0].value


@settings(max_examples=5)
@given(st.integers(70, 120))
def test_large_groups_are_matched_as_completely(count: int) -> None:
    ours = [thing(KINDS[1], f"left-{n}", (("size", n),), n + 1) for n in range(count)]
    theirs = [thing(KINDS[1], f"right-{n}", (("size", n),), n + 1) for n in range(count + 3)]
    found = match(ours, theirs)
    assert len(found) == count
    assert len({one.ideal for one in found}) == count


def test_the_nearest_neighbours_decide_where_names_and_properties_do_not() -> None:
    queue, bucket = KINDS[1], KINDS[0]
    ours = [thing(queue, "a", (), 1, (2,)), thing(queue, "b", (), 2), thing(bucket, "files", (), 3)]
    theirs = [thing(queue, "x", (), 1), thing(queue, "y", (), 2, (2,)), thing(bucket, "files", (), 3)]
    pairs = {(one.answer, one.ideal) for one in match(ours, theirs)}
    assert pairs == {(0, 1), (1, 0), (2, 2)}


def test_alarms_on_different_metrics_are_different_things() -> None:
    alarm = KINDS[2]
    found = match([thing(alarm, "load", (("metric_name", 1),))], [thing(alarm, "errors", (("metric_name", 2),))])
    assert found == ()


def test_an_alarm_of_the_same_name_is_the_same_alarm_on_another_metric() -> None:
    alarm = KINDS[2]
    found = match([thing(alarm, "load", (("metric_name", 1),))], [thing(alarm, "load", (("metric_name", 2),))])
    assert [(one.answer, one.ideal) for one in found] == [(0, 0)]
