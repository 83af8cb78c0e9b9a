"""Ingress rules of security groups, wherever a dialect writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model.values import Call, Fields, Known, Value, each, fields_of, fold, known, look_up, text_of

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution
    from grader.model.spans import Span

ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})
ALL_PORTS = (0, 65535)
_RULE_CALLS = frozenset({"addingressrule", "allowfromanyipv4", "allowfrom", "allowdefaultportfromanyipv4"})


@dataclass(frozen=True, slots=True)
class Ingress:
    """One rule: who may come in (`cidr`), to which ports (inclusive, (0, 65535) for all), of which security group."""

    cidr: str
    ports: tuple[int, int]
    group: str
    span: Span


def ingress_rules(solution: Solution) -> Iterator[Ingress]:
    """Every rule whose source and ports can be read, in source order."""
    for resource in solution.resources:
        if "securitygroup" in fold(resource.type) and not resource.data:
            yield from _declared(resource)
    for call in solution.calls():
        name = fold(call.path.rsplit(".", 1)[-1])
        if name in _RULE_CALLS:
            yield from _called(call, name)


def _declared(resource: Resource) -> Iterator[Ingress]:
    kind = fold(resource.type)
    for key, value in resource.properties.items():
        if fold(key) in {"ingress", "securitygroupingress"}:
            for one in each(value):
                yield from _rule(fields_of(one), one, resource.name)
    direction = text_of(look_up(resource.properties, "type"))
    if kind.endswith(("securitygroupingress", "securitygroupingressrule")) or direction == "ingress":
        whole = Fields(resource.properties, resource.span)
        yield from _rule(resource.properties, whole, resource.name)


def _rule(fields: Mapping[str, Value], value: Value, group: str) -> Iterator[Ingress]:
    ports = ports_of(fields)
    if ports is None:
        return
    for key in ("cidr_ip", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4"):
        for one in each(look_up(fields, key)):
            cidr = known(one)
            if isinstance(cidr, str) and not (isinstance(one, Known) and one.via):
                yield Ingress(cidr, ports, group, value.span)


def ports_of(fields: Mapping[str, Value]) -> tuple[int, int] | None:
    """The ports of a rule, inclusive; None where they cannot be read or the protocol has none."""
    protocol = known(look_up(fields, "ip_protocol", "protocol"))
    if str(protocol).lower() in {"-1", "all"}:
        return ALL_PORTS
    if str(protocol).lower() in {"icmp", "icmpv6", "1", "58"}:
        return None
    first, last = _number(look_up(fields, "from_port")), _number(look_up(fields, "to_port"))
    return (first, last) if first is not None and last is not None else None


def _number(value: Value | None) -> int | None:
    scalar = known(value)
    if isinstance(scalar, bool):
        return None
    if isinstance(scalar, int | float):
        return int(scalar)
    return int(scalar) if isinstance(scalar, str) and scalar.lstrip("-").isdigit() else None


def _called(call: Call, name: str) -> Iterator[Ingress]:
    args = [one for one in call.args if not (isinstance(one, Known) and isinstance(one.value, str))]
    peer = look_up(call.keywords, "peer", "other") or (args[0] if args else None)
    port = look_up(call.keywords, "connection", "port_range") or (args[1] if len(args) > 1 else None)
    if "anyipv4" in name:
        cidr, port = "0.0.0.0/0", look_up(call.keywords, "port_range") or (args[0] if args else None)
    else:
        cidr = _peer(peer)
    ports = _port(port)
    if cidr and ports is not None:
        yield Ingress(cidr, ports, text_of(call.receiver) or getattr(call.receiver, "path", "") or "", call.span)


def _peer(value: Value | None) -> str:
    if not isinstance(value, Call):
        return ""
    name = fold(value.path)
    if name.endswith("peeranyipv4"):
        return "0.0.0.0/0"
    if name.endswith("peeranyipv6"):
        return "::/0"
    given = known(value.args[0]) if value.args and name.endswith(("peeripv4", "peeripv6")) else None
    return given if isinstance(given, str) else ""


def _port(value: Value | None) -> tuple[int, int] | None:
    if not isinstance(value, Call):
        return None
    name = fold(value.path)
    numbers = [number for one in value.args if (number := _number(one)) is not None]
    if name.endswith(("porttcp", "portudp")) and numbers:
        return numbers[0], numbers[0]
    if name.endswith(("porttcprange", "portudprange")) and len(numbers) == 2:
        return numbers[0], numbers[1]
    return ALL_PORTS if name.endswith(("portalltraffic", "portalltcp")) else None
