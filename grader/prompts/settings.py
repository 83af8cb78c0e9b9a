"""Values that the prompt asks settings to have: sizes, times, counts, versions and switches, each with its line."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from grader.model.spans import Span
from grader.prompts.sentences import demands, firm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model.solutions import Requirements
    from grader.prompts.sentences import Sentence

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_TIERS = re.compile(
    r"\b(?:dev(?:elopment)?|staging|prod(?:uction)?|test|environment-specific|per[- ]environment|small|basic|tier|depending|varies|default)\b",
    re.IGNORECASE,
)
"""Words beside which a value holds for one environment, or may be another."""

_AT_LEAST = re.compile(r"\b(?:at least|no less than|minimum of|or more|or higher|or longer|minimum)\b")
_AT_MOST = re.compile(r"\b(?:at most|no more than|up to|under|less than|or less|within|below)\b")


class Setting(NamedTuple):
    """One setting: words without which no prompt asks for it, how one does (both in lower case), and the types and folded properties that hold it.

    `context` must and `unless` must not stand in the sentence. `unit` is `s`, `days`, `MB`, `GB` or empty. `op` is what the value has to be: `=`, `is` (`=` whatever the words around), `>=`,
    `<=` for numbers, `true`, `false`, or `runtime`, `version`, `type`, `text`. `default` is what holds where nothing is set, by framework with `""` for the others, None for unknown.
    `where` is a word that the resource has to hold.
    """

    name: str
    hints: tuple[str, ...]
    asks: tuple[str, ...]
    context: str
    unless: str
    types: frozenset[str]
    keys: frozenset[str]
    unit: str
    op: str
    default: Mapping[str, float] | None
    where: str


class Value(NamedTuple):
    """A setting with the value asked for: as a number in the setting's unit or a text, what it has to be of it, as written, with the sentence and its place."""

    setting: Setting
    wanted: float | str
    op: str
    written: str
    asked: str
    at: Span


@cache
def _settings() -> tuple[Setting, ...]:
    data = json.loads(files("grader.prompts").joinpath("settings.json").read_text(encoding="utf-8"))
    return tuple(
        Setting(
            one["id"],
            tuple(one["hints"]),
            tuple(one["asks"]),
            one["context"],
            one["unless"],
            frozenset(one["types"]),
            frozenset(one["keys"]),
            one["unit"],
            one["op"],
            one["default"],
            one["where"],
        )
        for one in data
    )


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@lru_cache(maxsize=8)
def values(task: Requirements) -> tuple[Value, ...]:
    """The settings for which the prompt asks one value; a setting with several values is left out, since each holds somewhere."""
    found: dict[str, list[tuple[Value, bool]]] = {}
    text = task.text.lower()
    known = [one for one in _settings() if any(hint in text for hint in one.hints)]
    for one in demands(task):
        low = one.text.lower()
        for setting in known:
            if not any(hint in low for hint in setting.hints):
                continue
            for value, sure in _read(setting, one, low):
                found.setdefault(setting.name, []).append((value, sure))
    return tuple(
        next(value for value, sure in own if sure)
        for own in found.values()
        if len({value.wanted for value, _ in own}) == 1 and any(sure for _, sure in own)
    )


def _read(setting: Setting, one: Sentence, low: str) -> Iterator[tuple[Value, bool]]:
    """The values of a setting that a sentence names, each with whether it surely asks for it."""
    for asks in setting.asks:
        for hit in _pattern(asks).finditer(low):
            near = low[max(0, hit.start() - 60) : hit.end() + 40]
            around = f"{one.under.rsplit(' / ', 1)[-1].lower()} {low}" if setting.context else low
            if setting.context and not _pattern(setting.context).search(around):
                continue
            if setting.unless and _pattern(setting.unless).search(near):
                continue
            wanted, written = _wanted(hit, setting)
            sure = not _TIERS.search(near) and firm(one.text, *hit.span())
            op = ">=" if setting.op == "=" and _AT_LEAST.search(near) else "<=" if setting.op == "=" and _AT_MOST.search(near) else setting.op
            yield Value(setting, wanted, op, written, one.text, Span(one.line, one.line)), sure


def _wanted(hit: re.Match[str], setting: Setting) -> tuple[float | str, str]:
    groups = hit.groupdict()
    if "b" in groups:
        return setting.op, groups["b"]
    if "t" in groups:
        return groups["t"].strip(), groups["t"].strip()
    text, unit = groups["n"], groups.get("u") or ""
    number = float(_WORDS.get(text) or text.replace(",", ""))
    return number * _scale(unit, setting.unit), f"{text} {unit}".strip()


def _scale(unit: str, of: str) -> float:
    if of in {"s", "days"} and unit:
        return _SECONDS[unit[0]] / (1 if of == "s" else 86400)
    if of == "MB" and unit.startswith("g"):
        return 1024
    return 1
