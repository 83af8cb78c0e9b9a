"""Security group rules that are wider than those of the ideal's counterpart: who may come in, and what may go out."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.facts.ingress import ALL_PORTS, ANYWHERE, ports_of
from grader.knowledge.types import Type
from grader.model.spans import Span
from grader.model.values import Items, each, fields_of, fold, known, look_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.align.inventory import Thing
    from grader.model.solutions import Pair
    from grader.model.values import Value

_GROUP = Type("ec2", "securitygroup")
_IN = frozenset({"ingress", "securitygroupingress"})
_OUT = frozenset({"egress", "securitygroupegress"})
_CIDRS = ("cidr_ip", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4")
_GROUPS = (
    "source_security_group_id",
    "security_groups",
    "referenced_security_group_id",
    "source_security_group_ids",
    "source_security_group_name",
    "self",
)


class Rule(NamedTuple):
    """One rule: its ports, its sources (networks that are known; `closed` where each of its sources is known or a group), and its place."""

    ports: tuple[int, int]
    networks: tuple[str, ...]
    closed: bool
    span: Span


class WiderRule(NamedTuple):
    """A rule of the answer, the narrower one of the ideal (None where it has nothing for these ports), and the group's label."""

    rule: Rule
    ideal: Rule
    group: str
    out: bool = False


def wider_rules(pair: Pair) -> Iterator[WiderRule]:
    """Rules for ports to which the ideal's counterpart admits fewer, all of whose sources are known or groups."""
    comparison = compare(pair)
    if comparison.off or not comparison.alike:
        return
    for one in comparison.matches:
        mine, theirs = comparison.answer.things[one.answer], comparison.ideal.things[one.ideal]
        if mine.type != _GROUP:
            continue
        for sides, out in ((_IN, False), (_OUT, True)):
            wanted = _rules(theirs, sides)
            if not wanted or not all(rule.closed for rule in wanted):
                continue
            if out and comparison.answer.framework == "cfn" and not _says_out(mine) and not _open(wanted):
                span = mine.resource.span
                default = Rule(ALL_PORTS, ("0.0.0.0/0",), closed=True, span=Span(span.line, min(span.end_line, span.line + 2)))
                yield WiderRule(default, wanted[0], mine.label, out)
            for rule in _rules(mine, sides):
                near = [other for other in wanted if other.ports[0] <= rule.ports[1] and rule.ports[0] <= other.ports[1]]
                if near and rule.networks and not _admitted(rule, near) and not (out and _open(wanted)):
                    yield WiderRule(rule, near[0], mine.label, out)


def _says_out(thing: Thing) -> bool:
    """Whether a group, or a resource beside it, says what may go out; where nothing does, everything may."""
    return any("egress" in fold(prop.name) for props in thing.props.values() for prop in props)


def _open(rules: tuple[Rule, ...]) -> bool:
    return any(rule.ports == ALL_PORTS and set(rule.networks) & ANYWHERE for rule in rules)


def _admitted(rule: Rule, wanted: list[Rule]) -> bool:
    """Whether the ideal's rules for these ports admit as much."""
    return all(any(_within(network, other) for one in wanted for other in one.networks) for network in rule.networks)


def _within(inner: str, outer: str) -> bool:
    """Whether a network is no larger than another; which of two equal networks is meant is not asked."""
    try:
        one, other = ipaddress.ip_network(inner, strict=False), ipaddress.ip_network(outer, strict=False)
    except ValueError:
        return True
    return one.version == other.version and other.prefixlen <= one.prefixlen


def _rules(thing: Thing, sides: frozenset[str]) -> tuple[Rule, ...]:
    found = []
    for props in thing.props.values():
        for prop in props:
            if fold(prop.name) in sides:
                found += [rule for value in each(prop.value) if (rule := _rule(value)) is not None]
    return tuple(found)


def _rule(value: Value) -> Rule | None:
    fields = fields_of(value)
    ports = ports_of(fields)
    if ports is None:
        return None
    networks: list[str] = []
    closed = True
    sources = 0
    for key in _CIDRS:
        given = look_up(fields, key)
        for one in each(given):
            sources += 1
            cidr = known(one)
            if isinstance(cidr, str):
                networks.append(cidr)
            else:
                closed = False
        if isinstance(given, Items) and not given.complete:
            closed = False
    sources += sum(1 for key in _GROUPS if look_up(fields, key) is not None)
    return Rule(ports, tuple(networks), closed and sources > 0, value.span)
