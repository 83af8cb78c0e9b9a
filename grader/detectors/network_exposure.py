"""Ports, databases and buckets that the whole internet can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.rules import wider_rules
from grader.detectors import detector
from grader.facts.ingress import ALL_PORTS, ANYWHERE, Ingress, ingress_rules
from grader.facts.policies import statements
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.values import Known, Name, fold, known, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Resource

ADMIN = {22: "SSH", 3389: "RDP"}
DATABASES = {
    3306: "MySQL",
    5432: "PostgreSQL",
    1433: "SQL Server",
    1521: "Oracle",
    27017: "MongoDB",
    6379: "Redis",
    5439: "Redshift",
    9200: "Elasticsearch",
    11211: "Memcached",
}
WIDE = 1000
"""A range of more ports than this is as good as all."""


@detector(Kind.NETWORK_EXPOSURE)
def network_exposure(pair: Pair) -> Iterator[Hit]:
    """Ingress from anywhere to administration or database ports or to all ports, public data; rules that admit more than those of the ideal.

    Anyone on the internet can try to get in.

    Not flagged: HTTP and HTTPS; sources that are not constants; egress; policies of endpoints; bucket policies that name a principal or have
    conditions; rules of another network of the same size.

    Example: port 22 open to `0.0.0.0/0`.
    """
    for rule in ingress_rules(pair.answer):
        found = _judged(rule) if rule.cidr in ANYWHERE else None
        if found is not None:
            variant, said, ports = found
            yield Hit(
                f"{said} open to `{rule.cidr}`",
                at=rule.span,
                entity=f"{ports} from {rule.cidr}",
                entities=tuple(one for one in (rule.group, rule.cidr, ports) if one),
                cause=variant,
                variant=variant,
                note=f"{said} open to {rule.cidr}",
                seek=("addIngressRule", "SecurityGroupIngress", "ingress", "aws_security_group_rule"),
                facts={"cidr": rule.cidr, "ports": ports, "port": rule.ports[0]},
            )
    yield from _wider(pair)
    for resource in pair.answer.resources:
        yield from _public(resource)
    policies = [resource.span for resource in pair.answer.resources if "bucketpolicy" in fold(resource.type)]
    for one in statements(pair.answer):
        if not any(span.covers(one.span) for span in policies):
            continue
        if (
            one.allow
            and one.principals is not None
            and "*" in one.principals
            and not one.conditioned
            and any(a in {"s3:GetObject", "s3:*", "s3:PutObject"} for a in one.actions)
        ):
            yield Hit(
                f"everyone may {', '.join(f'`{a}`' for a in one.actions[:3])}",
                at=one.span,
                entity=f"bucket policy {one.owner}",
                entities=one.actions[:3],
                cause="public-bucket",
                variant="public-bucket",
                note="principal `*` without a condition",
                seek=("BucketPolicy", "aws_s3_bucket_policy", "OriginAccessIdentity"),
            )


def _wider(pair: Pair) -> Iterator[Hit]:
    """Rules that admit more than those of the ideal's counterpart, unless they are told as open by themselves."""
    for one in wider_rules(pair):
        cidr, ports = one.rule.networks[0], one.rule.ports
        if not one.out and any(_judged(Ingress(network, ports, one.group, one.rule.span)) for network in one.rule.networks if network in ANYWHERE):
            continue
        said, theirs = _ports(ports), f"`{one.ideal.networks[0]}`" if one.ideal.networks else "a security group alone"
        if one.ideal.ports != ports:
            theirs += f" on {_ports(one.ideal.ports)}"
        yield Hit(
            f"`{one.group}` lets {'out' if one.out else 'in'} on {said} {'to' if one.out else 'from'} `{cidr}`, the ideal {theirs}",
            at=one.rule.span,
            entity=f"{ports[0]}-{ports[1]} {'to' if one.out else 'from'} {cidr} on {one.group}",
            entities=tuple(dict.fromkeys((one.group, cidr, str(ports[0]), *one.ideal.networks[:1]))),
            cause="wider rules",
            variant="wider",
            proof=Proof.DIFF,
            note=f"{cidr}; the ideal has {theirs}",
            ideal=(one.ideal.span,),
            facts={"cidr": cidr, "group": one.group},
        )


def _ports(ports: tuple[int, int]) -> str:
    return "every port" if ports == ALL_PORTS else f"port {ports[0]}" if ports[0] == ports[1] else f"ports {ports[0]}-{ports[1]}"


def _judged(rule: Ingress) -> tuple[str, str, str] | None:
    first, last = rule.ports
    ports = str(first) if first == last else f"{first}-{last}"
    if last - first > WIDE or first == -1:
        return "all-ports", "all ports are" if (first, last) == (0, 65535) or first == -1 else f"ports {ports} are", ports
    for table, variant in ((ADMIN, "admin-port"), (DATABASES, "database-port")):
        for port, name in table.items():
            if first <= port <= last:
                return variant, f"{name} (port {port}) is", str(port)
    return None


def _public(resource: Resource) -> Iterator[Hit]:
    kind = fold(resource.type)
    public = look_up(resource.properties, "publicly_accessible")
    if public is not None and known(public) is True and isinstance(public, Known) and not resource.data and "replication" not in kind:
        yield _exposed(resource, public, "public-database", f"`{resource.name}` is publicly accessible", "publicly_accessible")
    access = look_up(resource.properties, "public_read_access")
    if access is not None and known(access) is True:
        yield _exposed(resource, access, "public-bucket", f"`{resource.name}` lets everyone read", "public_read_access")
    acl = look_up(resource.properties, "access_control", "acl")
    written = known(acl) if not isinstance(acl, Name) else acl.path
    if acl is not None and fold(str(written)).removeprefix("bucketaccesscontrol") in {"publicread", "publicreadwrite"}:
        yield _exposed(resource, acl, "public-bucket", f"`{resource.name}` has the ACL {written}", "access_control")


def _exposed(resource: Resource, value: object, variant: str, said: str, prop: str) -> Hit:
    return Hit(
        said,
        at=getattr(value, "span", resource.span),
        entity=resource.name or resource.type,
        entities=(resource.type, prop),
        cause=variant,
        variant=variant,
        note=said,
        seek=(f"{resource.type}.{prop}", resource.type),
        facts={"resource": resource.name, "type": resource.type},
    )
