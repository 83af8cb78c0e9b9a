"""Networks, distributions and firewalls that AWS refuses.

Sources: EC2 API (`CreateSubnet`), CloudFront API (`DefaultCacheBehavior`), WAF developer guide (rule groups and override actions).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from grader.facts.refusals.reading import Refusal, View, parts, told
from grader.knowledge.types import canonical
from grader.model.values import Value, fields_of, look_up

if TYPE_CHECKING:
    from grader.model.solutions import Resource

_GROUPS = ("managed_rule_group_statement", "rule_group_reference_statement")


def _subnet(view: View) -> Iterator[Refusal]:
    """Subnets outside their network, or over one another."""
    home = view.target(view.get("vpc_id"))
    own = _network(view.resource)
    if not view.raw or own is None or home is None or str(canonical(home.type)) != "ec2.vpc":
        return
    whole = _network(home)
    spread = any("cidrblockassociation" in canonical(one.type).noun for one in view.others.values())
    if whole is not None and not spread and not own.subnet_of(whole):
        yield _refused(view, f"`{view.label}` has `{own}`, which lies outside `{whole}` of `{home.name or home.binding}`", f"{own} in {whole}")
    for other in view.others.values():
        if (
            str(canonical(other.type)) == "ec2.subnet"
            and other.span < view.resource.span
            and view.target(look_up(other.properties, "vpc_id")) is home
            and (taken := _network(other)) is not None
            and taken.overlaps(own)
        ):
            yield _refused(view, f"`{view.label}` has `{own}`, which overlaps `{taken}` of `{other.name or other.binding}`", f"{own} over {taken}")


def _refused(view: View, said: str, entity: str) -> Refusal:
    value = view.get("cidr_block")
    return Refusal(said, value.span if value else view.resource.span, entity, (view.label, "CidrBlock", "cidr_block"), "subnet")


def _network(resource: Resource) -> ipaddress.IPv4Network | None:
    """A network that is written out, of a resource that stands for one and is always made."""
    if resource.many or look_up(resource.properties, "count", "for_each", "@Condition", "Condition") is not None:
        return None
    try:
        return ipaddress.IPv4Network(told(look_up(resource.properties, "cidr_block")))
    except ValueError:
        return None


def _origin(view: View) -> Iterator[Refusal]:
    """A cache behaviour that sends requests to an origin that is not there."""
    fields = fields_of(view.get("distribution_config")) or view.resource.properties
    origins, groups = parts(look_up(fields, "origins", "origin")), look_up(fields, "origin_groups", "origin_group", "dynamic")
    behaviour = look_up(fields_of(look_up(fields, "default_cache_behavior")), "target_origin_id")
    names = [told(look_up(one, "id", "origin_id")) for one in origins or ()]
    wanted = told(behaviour)
    if view.raw and groups is None and behaviour is not None and wanted and names and all(names) and wanted not in names:
        yield Refusal(
            f"the default behaviour of `{view.label}` sends requests to the origin `{wanted}`; the distribution has {', '.join(f'`{one}`' for one in names)}",
            behaviour.span,
            f"{view.label} {wanted}",
            (view.label, wanted, "TargetOriginId", "target_origin_id"),
            "origin",
            names[0],
        )


def _firewall(view: View) -> Iterator[Refusal]:
    """Rules of a web ACL: a group takes `OverrideAction`, a rule of one's own takes `Action`."""
    for rule in (parts(view.get("rules", "rule")) or ()) if view.raw else ():
        statement = look_up(rule, "statement")
        inner = fields_of(statement)
        group = look_up(inner, *_GROUPS) is not None
        action, override = look_up(rule, "action"), look_up(rule, "override_action")
        if not inner or statement is None or look_up(inner, "dynamic") is not None or look_up(rule, "dynamic") is not None:
            continue
        name = told(look_up(rule, "name")) or view.label
        wrong: Value | None = None
        if group and override is None:
            wrong = action if action is not None else statement
            said = f"the rule `{name}` of `{view.label}` stands for a rule group and has {'`Action` in place of' if action is not None else 'no'} `OverrideAction`"
        elif not group and action is None and (override is not None or len(inner) == 1):
            wrong = override if override is not None else statement
            said = f"the rule `{name}` of `{view.label}` is no rule group and has {'`OverrideAction` in place of' if override is not None else 'no'} `Action`"
        if wrong is not None:
            yield Refusal(said, wrong.span, f"{view.label} {name}", (name, view.label, "OverrideAction", "override_action", "Action"), "rule-action")


RULES: dict[str, tuple[Callable[[View], Iterator[Refusal]], ...]] = {
    "ec2.subnet": (_subnet,),
    "cloudfront.distribution": (_origin,),
    "wafv2.webacl": (_firewall,),
}
