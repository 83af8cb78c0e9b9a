"""Orders of creation that a service needs and nothing states: a service before its listener, a mount before its target, a route before its gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from grader.knowledge.types import canonical
from grader.model.hits import Hit
from grader.model.kinds import Confidence, Stage
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Call, Known, Name, Unknown, Value, fold, look_up
from grader.model.values import flat as inside

if TYPE_CHECKING:
    from grader.model.solutions import Resource, Solution

_FRAMEWORKS = frozenset({"cfn", "tf", "pulumi", "cdktf"})
"""Where an order follows only from references and what is stated; the constructs of the CDK add their own."""
_LISTENERS = frozenset({"listener", "listenerrule"})


class _Graph:
    """Who waits for whom: resources by index, and those whose waits cannot be read."""

    def __init__(self, answer: Solution) -> None:
        self.resources = [one for one in answer.resources if not one.data and not one.file.superseded and not is_test(one.file.name)]
        self.kinds = [canonical(one.type) for one in self.resources]
        self._names: dict[str, int] = {}
        doubled: set[str] = set()
        for index, one in enumerate(self.resources):
            if one.binding in self._names:
                doubled.add(one.binding)
            self._names[one.binding] = index
        self.doubled = doubled
        self.unread: set[int] = set()
        calls = {id(one.binding.value): one.binding.value for one in answer.structs if isinstance(one.binding.value, Call)}
        self._statements: Mapping[Span, Value] = {value.span: value for value in calls.values()}
        self.waits = [self._of(index, one) for index, one in enumerate(self.resources)]

    def _of(self, index: int, resource: Resource) -> set[int]:
        found: set[int] = set()
        for key, value in resource.properties.items():
            self._add(found, key, value, index)
        statement = self._statements.get(resource.span)
        if statement is not None:
            self._add(found, "", statement, index)
        return found - {index}

    def _add(self, found: set[int], key: str, value: Value, index: int) -> None:
        for name, one in inside(value):
            waits = "dependson" in fold(name or key)
            text = one.path if isinstance(one, Name) else str(one.value) if waits and isinstance(one, Known) else ""
            target = self.find(text) if text else None
            if target is not None:
                found.add(target)
            elif waits and (isinstance(one, Unknown | Call) or text):
                self.unread.add(index)

    def find(self, path: str) -> int | None:
        """The resource that a path begins with."""
        path = path.removeprefix("self.").removeprefix("this.")
        while path:
            if path in self._names:
                return None if path in self.doubled else self._names[path]
            path = path.rpartition(".")[0]
        return None

    def reach(self, start: int) -> set[int]:
        """Everything that one resource waits for, itself among it."""
        seen, stack = {start}, [start]
        while stack:
            for one in self.waits[stack.pop()] - seen:
                seen.add(one)
                stack.append(one)
        return seen


def orders(answer: Solution) -> Iterator[Hit]:
    """Resources that may be created before what they need."""
    if answer.framework not in _FRAMEWORKS:
        return
    graph = _Graph(answer)
    for index, one in enumerate(graph.resources):
        kind = graph.kinds[index]
        if one.many or one.binding in graph.doubled:
            continue
        reach = graph.reach(index)
        if reach & graph.unread:
            continue
        if kind.service == "ecs" and kind.noun == "service" and look_up(one.properties, "load_balancers", "load_balancer") is not None:
            yield from _listener(graph, index, reach, answer.framework)
        if (kind.service, kind.noun) in {("ecs", "service"), ("lambda", "function")}:
            yield from _mount(graph, index, reach)
        if answer.framework == "cfn" and one.type in {"AWS::EC2::Route", "AWS::EC2::EIP"}:
            yield from _gateway(graph, index, reach)


def _listener(graph: _Graph, index: int, reach: set[int], framework: str) -> Iterator[Hit]:
    """ECS refuses a service whose target group no listener uses yet (`does not have an associated load balancer`; aws-cdk issue 1160)."""
    groups = {one for one in graph.waits[index] if graph.kinds[one].noun == "targetgroup"}
    listeners = [one for one, kind in enumerate(graph.kinds) if kind.noun in _LISTENERS]
    if not groups or any(graph.kinds[one].noun in _LISTENERS for one in reach):
        return
    users = [one for one in listeners if graph.waits[one] & groups]
    if users:
        yield _hit(
            graph.resources[index],
            graph.resources[users[0]],
            "its target group has no load balancer until then, and ECS refuses the service",
            "listener",
            Stage.DEPLOY if framework == "cfn" else Stage.NONE,
        )


def _mount(graph: _Graph, index: int, reach: set[int]) -> Iterator[Hit]:
    """What mounts a file system waits for its mount targets (AWS::Lambda::Function, FileSystemConfigs; AWS::EFS::MountTarget)."""
    systems = {one for one in reach if graph.kinds[one].noun == "filesystem" and graph.kinds[one].service in {"efs", "elasticfilesystem"}}
    targets = [one for one, kind in enumerate(graph.kinds) if kind.noun == "mounttarget" and graph.waits[one] & systems]
    if targets and not reach & set(targets):
        yield _hit(graph.resources[index], graph.resources[targets[0]], "until then the file system cannot be mounted", "mount")


def _gateway(graph: _Graph, index: int, reach: set[int]) -> Iterator[Hit]:
    """A route to an internet gateway and an address in a VPC wait for the attachment (CloudFormation user guide, DependsOn)."""
    attached = [one for one, found in enumerate(graph.resources) if found.type == "AWS::EC2::VPCGatewayAttachment"]
    route = graph.resources[index].type == "AWS::EC2::Route"
    gateways = {one for one in graph.waits[index] if graph.resources[one].type == "AWS::EC2::InternetGateway"}
    fitting = [one for one in attached if not route or graph.waits[one] & gateways]
    if fitting and (gateways or not route) and not reach & set(attached):
        yield _hit(
            graph.resources[index],
            graph.resources[fitting[0]],
            "the gateway is not attached to the VPC until then" if route else "an address in a VPC needs the gateway's attachment",
            "gateway",
        )


def _hit(resource: Resource, target: Resource, why: str, about: str, stops: Stage = Stage.NONE) -> Hit:
    return Hit(
        f"`{resource.name}` does not wait for `{target.name}`: {why}",
        at=Span(resource.span.line, min(resource.span.end_line, resource.span.line + 3)),
        entity=resource.name,
        entities=(target.name, resource.type, target.type, "DependsOn", "dependsOn"),
        cause=f"unordered {about}",
        variant="unordered-gateway" if about == "gateway" else "unordered",
        stops=stops,
        confidence=Confidence.MEDIUM,
        note=f"nothing here leads to `{target.name}` (line {target.span.line})",
        seek=("DependsOn", "depends_on", "dependsOn"),
        facts={"resource": resource.name, "target": target.name, "target_line": target.span.line, "why": why},
    )
