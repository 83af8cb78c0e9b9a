"""The wording of a criterion: small Jinja templates in a sandbox that can neither loop for long nor grow without bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import ChainableUndefined, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from grader.model.hits import Fact
from grader.rubric.phrases import as_code, compiler, line_count, line_list, listed, plural
from grader.rubric.yaml_marks import nearest

if TYPE_CHECKING:
    from jinja2 import Template

    from grader.model.hits import Cause, Hit

MOST_TEXT = 4000
"""Characters of one rendered text; what is longer is cut."""
MOST_HITS = 200
"""Hits that a template sees; `count` counts all."""
DEEPEST = 60
"""Levels of a template's syntax tree."""
VARIABLES = ("hits", "first", "count", "entity", "entities", "lines", "places", "facts", "ideal", "stops")
_FILTERS: dict[str, Callable[..., object]] = {"code": as_code, "listed": listed, "plural": plural, "compiler": compiler}
_BUILT_IN = ("length", "count", "first", "last", "lower", "upper", "capitalize", "trim", "unique", "sort", "default", "map", "round", "int")
_ATTRIBUTES = ("message", "line", "end_line", "entity", "entities", "note", "facts")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter,
    nodes.Test, nodes.If, nodes.For, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Add,
    nodes.Sub, nodes.Neg, nodes.Tuple, nodes.List, nodes.Keyword,
)  # fmt: skip


class _Facts(dict[str, Fact]):
    """Facts of a cause; a missing one is empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as templates see it; `line` and `end_line` are 0 where it has no place."""

    message: str
    line: int
    end_line: int
    entity: str
    entities: tuple[str, ...]
    note: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Words:
    """The rendered wording of one fault."""

    title: str
    problem: str
    impact: tuple[str, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one criterion as written."""

    title: str
    problem: str
    impact: tuple[str, ...]
    correction: str
    _compiled: dict[str, Template] = field(default_factory=dict, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Wording], tuple[object, ...]]:
        """Another process compiles for itself: compiled templates cannot travel."""
        return Wording, (self.title, self.problem, self.impact, self.correction)

    def render(self, cause: Cause) -> Words:
        """Word a cause. A template that fails on its facts gives the detector's own sentence, or nothing."""
        context = context_of(cause)
        said = cause.hits[0].message
        impact = tuple(text for source in self.impact if (text := self._text(source, context, "")))
        return Words(
            self._text(self.title, context, said).replace("\n", " ") or said,
            self._text(self.problem, context, said) or said,
            impact,
            self._text(self.correction, context, ""),
        )

    def _text(self, source: str, context: Mapping[str, object], otherwise: str) -> str:
        template = self._compiled.get(source)
        if template is None:
            template = self._compiled[source] = _environment(strict=False).from_string(source)
        try:
            return tidy(template.render(context))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError):
            return otherwise


def context_of(cause: Cause) -> dict[str, object]:
    """What the templates of a cause may name."""
    facts = _Facts()
    for hit in cause.hits:
        for key, value in hit.facts.items():
            facts.setdefault(key, value)
    hits = tuple(_shown(hit) for hit in cause.hits[:MOST_HITS])
    spans = [(hit.at.line, hit.at.end_line) for hit in cause.hits if hit.at is not None]
    return {
        "hits": hits,
        "first": hits[0],
        "count": len(cause.hits),
        "entity": cause.entity,
        "entities": tuple(dict.fromkeys(hit.entity for hit in cause.hits[:MOST_HITS] if hit.entity)),
        "lines": line_list(spans),
        "places": line_count(spans),
        "facts": facts,
        "ideal": bool(cause.correction.snippets),
        "stops": str(cause.stops),
    }


def _shown(hit: Hit) -> ShownHit:
    line, end_line = hit.at or (0, 0)
    return ShownHit(hit.message, line, end_line, hit.entity, hit.entities, hit.note, _Facts(hit.facts))


def tidy(text: str) -> str:
    """Text without doubled spaces and blank lines, cut at `MOST_TEXT`."""
    found: list[str] = []
    for line in text[: 4 * MOST_TEXT].split("\n"):
        words = " ".join(line.split())
        if words or (found and found[-1]):
            found.append(words)
    whole = "\n".join(found).strip()
    return whole if len(whole) <= MOST_TEXT else whole[: MOST_TEXT - 1] + "…"


def problems_of(source: str) -> Iterator[str]:
    """What is wrong with a template: syntax, what the sandbox forbids, names it does not have, and failures on sample hits."""
    environment = _environment(strict=True)
    try:
        tree = environment.parse(source)
    except (TemplateError, RecursionError) as error:
        yield f"bad template: {getattr(error, 'message', None) or 'nested too deeply'}"
        return
    forbidden = list(dict.fromkeys(_forbidden(tree, 0, 0)))
    yield from forbidden
    if forbidden:
        return
    unknown = sorted(meta.find_undeclared_variables(tree) - set(VARIABLES))
    yield from (f"bad template: no variable `{name}`{nearest(name, VARIABLES)}" for name in unknown)
    if unknown:
        return
    try:
        template = environment.from_string(source)
        for context in _samples():
            template.render(context)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        yield f"bad template: {getattr(error, 'message', None) or error}"


def _forbidden(node: nodes.Node, loops: int, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield "bad template: nested too deeply"
        return
    if not isinstance(node, _ALLOWED):
        yield f"bad template: `{type(node).__name__.lower()}` is not allowed here"
        return
    if isinstance(node, nodes.For):
        loops += 1
        if loops > 1 or node.recursive:
            yield "bad template: a loop inside a loop is not allowed"
        if not _given(node.iter):
            yield "bad template: a loop goes over `hits`, `entities`, or a list in `facts` only"
    if isinstance(node, nodes.Filter):
        valid = (*_FILTERS, *_BUILT_IN)
        if node.name not in valid:
            yield f"bad template: no filter `{node.name}`{nearest(node.name, valid)}"
        if node.name == "map" and (node.args or {one.key for one in node.kwargs} - {"default"} != {"attribute"}):
            yield "bad template: `map` takes `attribute=...` and `default=...` only"
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        yield f"bad template: `{node.attr}` is not to be read"
    for child in node.iter_child_nodes():
        yield from _forbidden(child, loops, depth + 1)


def _given(node: nodes.Node) -> bool:
    """Whether an expression is one of the given lists, or a part or selection of one."""
    while isinstance(node, nodes.Filter | nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Filter) and node.name not in {"unique", "sort", "map"}:
            return False
        if node.node is None:
            return False
        node = node.node
    return isinstance(node, nodes.Name) and node.name in {"hits", "entities", "facts", "first"}


@cache
def _environment(*, strict: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(  # what comes out is Markdown, which each reporter escapes for its own format
        autoescape=False,
        undefined=StrictUndefined if strict else ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    made.globals.clear()
    made.filters.update(_FILTERS)
    return made


@cache
def _samples() -> tuple[dict[str, object], ...]:
    """Contexts of one hit without facts or place, and of five hits in several places."""
    bare = ShownHit("said", 0, 0, "thing", (), "", _Facts())
    many = tuple(ShownHit(f"said {n}", n, n + 1, f"thing{n}", (f"part{n}",), "note", _Facts()) for n in range(1, 6))
    return tuple(
        {
            "hits": hits,
            "first": hits[0],
            "count": len(hits),
            "entity": "thing",
            "entities": tuple(hit.entity for hit in hits),
            "lines": line_list((hit.line, hit.end_line) for hit in hits if hit.line),
            "places": line_count((hit.line, hit.end_line) for hit in hits if hit.line),
            "facts": _Facts(),
            "ideal": ideal,
            "stops": "build" if ideal else "none",
        }
        for hits in ((bare,), many)
        for ideal in (False, True)
    )
