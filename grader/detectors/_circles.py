"""Resources that need each other in a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from grader.model.documents import File
from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.paths import is_test
from grader.model.solutions import Category, Reference, Resource, Solution
from grader.model.spans import Span

Node = tuple[str, str]


def circles(answer: Solution) -> Iterator[Hit]:
    """Resources of a template or a Terraform module that need each other; programs are left out, whose order the framework finds."""
    nodes: dict[Node, Resource] = {}
    by_file: dict[int, list[tuple[Span, Node]]] = defaultdict(list)
    for resource in answer.resources:
        if (
            resource.binding
            and resource.file.language in {"yaml", "json", "hcl"}
            and not resource.file.superseded
            and not is_test(resource.file.name)
        ):
            node = (resource.owner, resource.binding)
            nodes[node] = resource
            by_file[id(resource.file)].append((resource.span, node))
    edges: dict[Node, dict[Node, Reference]] = defaultdict(dict)
    for reference in answer.references:
        target = (reference.scope, reference.name)
        if target not in nodes or reference.category not in {Category.RESOURCE, Category.NAME, Category.DATA}:
            continue
        origin = _origin(reference, by_file)
        if origin is not None:
            edges[origin].setdefault(target, reference)
    for circle in _circles(edges):
        yield from _hits(circle, edges, nodes)


def _origin(reference: Reference, by_file: Mapping[int, Sequence[tuple[Span, Node]]]) -> Node | None:
    file: File = reference.file
    return next((node for span, node in by_file.get(id(file), ()) if span.covers(reference.span)), None)


def _circles(edges: Mapping[Node, Mapping[Node, Reference]]) -> Iterator[list[Node]]:
    """One shortest circle of each set of resources that reach each other, in the order of the first."""
    done: set[Node] = set()
    for start in list(edges):
        if start in done:
            continue
        before: dict[Node, Node] = {}
        waiting = [start]
        closed = None
        for one in waiting:
            for target in edges.get(one, ()):
                if target == start:
                    closed = one
                    break
                if target not in before:
                    before[target] = one
                    waiting.append(target)
            if closed is not None:
                break
        if closed is None:
            continue
        circle = [closed]
        while circle[-1] != start:
            circle.append(before[circle[-1]])
        circle.reverse()
        if done.isdisjoint(circle):
            yield circle
        done.update(circle)


def _hits(circle: Sequence[Node], edges: Mapping[Node, Mapping[Node, Reference]], nodes: Mapping[Node, Resource]) -> Iterator[Hit]:
    names = [node[1] for node in circle]
    said = " → ".join(f"`{name}`" for name in (*names, names[0]))
    entity = " → ".join(sorted(names))
    for place, node in enumerate(circle):
        following = circle[(place + 1) % len(circle)]
        reference = edges[node][following]
        yield Hit(
            f"circle of references: {said}" if len(circle) > 1 else f"`{names[0]}` refers to itself",
            at=reference.span,
            entity=entity,
            entities=tuple(names),
            variant="circle",
            stops=Stage.BUILD,
            note=f"`{node[1]}` needs `{following[1]}`",
            seek=(nodes[node].name,),
            facts={"circle": tuple(names), "what": "hcl" if nodes[node].file.language == "hcl" else "template"},
        )
