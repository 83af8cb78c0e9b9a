"""Settings to which an answer gives another value than the prompt asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from grader.align.comparison import compare
from grader.align.differences import differences
from grader.align.kept import kept_inventory
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.spans import Span
from grader.model.values import Call, Known, Name, Value, flat, fold
from grader.prompts.services import whole
from grader.prompts.settings import values

if TYPE_CHECKING:
    from grader.align.inventory import Thing
    from grader.model.solutions import Pair
    from grader.prompts.settings import Setting
    from grader.prompts.settings import Value as Asked

_DAYS = {
    "day": 1,
    "days": 1,
    "week": 7,
    "weeks": 7,
    "month": 30,
    "months": 30,
    "year": 365,
    "years": 365,
}
_NUMBERS = {name: place for place, name in enumerate("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split())}
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "millis": 0.001, "mebibytes": 1, "gibibytes": 1024}
_SIZE = re.compile(r"(nano|micro|small|medium|(?:\d*x)?large)$")


class Read(NamedTuple):
    """What one resource sets: the value (None where it cannot be told), its place, and whether it is set at all."""

    value: float | str | bool | None
    span: Span
    set: bool
    thing: Thing


def asked_settings(pair: Pair) -> Iterator[Hit]:
    """One hit for each setting that every resource of its types has otherwise than the prompt asks; what cannot be told of one of them is silent."""
    wanted = values(pair.task)
    if not wanted or not whole(pair.answer):
        return
    things = kept_inventory(pair.answer).things
    told = {fold(one.path.rsplit(".", 1)[-1]) for one in differences(pair)} if not compare(pair).off else set()
    for one in wanted:
        reads = [read for thing in things if str(thing.type) in one.setting.types for read in _read(thing, one.setting, pair)]
        if not reads or any(_fulfils(read, one) is not False for read in reads) or one.setting.keys & told:
            continue
        first = min(reads, key=lambda read: (not read.set, read.span))
        yield _hit(one, first, len(reads))


def _hit(one: Asked, first: Read, count: int) -> Hit:
    label = first.thing.label
    others = f" and {count - 1} more" if count > 1 else ""
    got = _shown(first, one.setting)
    if one.op in {"true", "false"}:
        wanted = one.setting.name
        said = (
            f"`{label}`{others} {'set' if others else 'sets'} it to `{got}`"
            if first.set
            else f"`{label}`{others} {'do' if others else 'does'} not set it"
        )
    else:
        wanted = f"{'at least ' if one.op.endswith('>=') else 'at most ' if one.op == '<=' else ''}{one.written} as {one.setting.name}"
        said = (
            f"`{label}`{others} {'have' if others else 'has'} {got}"
            if first.set
            else f"`{label}`{others} {'set' if others else 'sets'} none, which means {got}"
        )
    return Hit(
        f"the prompt asks for {wanted} (line {one.at.line}); {said}",
        at=first.span,
        entity=one.setting.name,
        entities=tuple(sorted({label, *_keys(first, one.setting)})),
        variant="asked-value",
        proof=Proof.PROMPT,
        note="not what the prompt asks for" if first.set else "not set",
        prompt=(one.at,),
        seek=tuple(sorted(one.setting.keys)),
        facts={"asked": one.asked[:160].rstrip(" ."), "prompt_line": one.at.line, "wanted": wanted, "said": said, "setting": one.setting.name},
    )


def _keys(read: Read, setting: Setting) -> Iterator[str]:
    """The setting's property as the dialect writes it, where it is set; else its folded names."""
    found = [key for key, _ in _flat(read.thing) if fold(key) in setting.keys]
    yield from found[:1] or sorted(setting.keys)[:2]


def _flat(thing: Thing) -> Iterator[tuple[str, Value]]:
    for resource in (thing.resource, *thing.parts):
        for key, value in resource.properties.items():
            yield key, value
            yield from ((inner or key, one) for inner, one in flat(value) if one is not value)


def _read(thing: Thing, setting: Setting, pair: Pair) -> Iterator[Read]:
    """What a resource sets, as far as the setting is about it."""
    if setting.where and setting.where not in pair.answer.document.quote(thing.resource.span).lower():
        return
    found = [(key, value) for key, value in _flat(thing) if fold(key) in setting.keys]
    if found:
        seen: set[str] = set()
        for key, value in found:
            if key not in seen:
                seen.add(key)
                yield Read(_value(value, setting), value.span, set=True, thing=thing)
        return
    span = thing.resource.span
    head = Span(span.line, min(span.end_line, span.line + 2))
    if setting.default is not None:
        yield Read(setting.default.get(pair.answer.framework, setting.default[""]), head, set=False, thing=thing)
    elif setting.op == "true" and not _may_be_elsewhere(thing, setting, pair):
        yield Read(value=False, span=head, set=False, thing=thing)


def _may_be_elsewhere(thing: Thing, setting: Setting, pair: Pair) -> bool:
    """Whether a switch that a resource does not set may be set by other means: the code names it elsewhere, or the resource takes properties from elsewhere."""
    code = fold("\n".join(file.text for file in pair.answer.files if not file.superseded))
    return (
        thing.many
        or any(key in code for key in setting.keys)
        or any(
            fold(key)
            in {
                "kmskeyid",
                "storageencryptionkey",
                "clusteridentifier",
                "dbclusteridentifier",
                "snapshotidentifier",
                "replicatesourcedb",
                "sourcedbinstanceidentifier",
            }
            for key, _ in _flat(thing)
        )
    )


def _value(value: Value, setting: Setting) -> float | str | bool | None:
    """A property's value in the setting's unit, None where it cannot be told."""
    if isinstance(value, Known):
        return _scalar(value.value, setting)
    if isinstance(value, Name):
        return _enumerated(value.path.rsplit(".", 1)[-1], setting)
    if isinstance(value, Call):
        return _called(value, setting)
    return None


def _scalar(value: object, setting: Setting) -> float | str | bool | None:
    if isinstance(value, bool):
        return value
    if setting.op in {"true", "false"}:
        return {"true": True, "false": False}.get(str(value).lower())
    if setting.op in {"runtime", "runtime>=", "version", "type", "text"}:
        return str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and re.fullmatch(r"\d+(?:\.\d+)?", value) else None


def _called(value: Call, setting: Setting) -> float | str | None:
    """`Duration.minutes(5)`, `Size.gibibytes(1)`, `InstanceType.of(T3, MICRO)`, `PostgresEngineVersion` and the like."""
    last = fold(value.path.rsplit(".", 1)[-1].rsplit("_", 1)[-1])
    only = value.args[0] if len(value.args) == 1 else None
    if isinstance(only, Call) and only.path.rsplit(".", 1)[-1] in {"Number", "String"} and only.args:
        only = only.args[0]
    if setting.op == "type" and last == "of" and len(value.args) == 2:
        parts = [fold(arg.path.rsplit(".", 1)[-1].split("_", 1)[-1]) for arg in value.args if isinstance(arg, Name)]
        return ".".join(_CLASSES.get(part, part) for part in parts) if len(parts) == 2 else None
    if setting.op in {"type", "text"} and isinstance(only, Known) and isinstance(only.value, str):
        return only.value.lower()
    if setting.op in {"version", "runtime", "runtime>="}:
        names = [one.path for one in (inner for _, inner in flat(value)) if isinstance(one, Name)]
        versions = [found for name in names if (found := re.search(r"(?:VER|V)_?(\d+(?:_\d+)*)$", name))]
        return versions[0][1].replace("_", ".") if len(versions) == 1 else None
    if last in _UNITS and isinstance(only, Known) and isinstance(only.value, int | float):
        base = only.value * _UNITS[last]
        return base / 86400 if setting.unit == "days" else base / 1024 if setting.unit == "GB" else base
    return _scalar(only.value, setting) if last == "number" and isinstance(only, Known) else None


_CLASSES = {
    "burstable2": "t2",
    "burstable3": "t3",
    "burstable4graviton": "t4g",
    "standard5": "m5",
    "standard6graviton": "m6g",
    "memory5": "r5",
    "memory6graviton": "r6g",
    "compute5": "c5",
}


def _enumerated(name: str, setting: Setting) -> float | str | None:
    """Members of enumerations: `ONE_WEEK`, `PYTHON_3_11`, `NODEJS_20_X`, `V1_29`."""
    words = name.lower().replace("retentiondays_", "").replace("runtime_", "").split("_")
    if setting.unit == "days" and len(words) == 2 and words[1] in _DAYS:
        return float(_NUMBERS[words[0]] * _DAYS[words[1]]) if words[0] in _NUMBERS else None
    if setting.op.startswith("runtime") and re.match(r"(?:python|node|java|dotnet|ruby)", words[0]):
        return "".join(words)
    found = re.search(r"V(?:ER)?_?(\d+(?:_\d+)*)$", name)
    return found[1].replace("_", ".") if setting.op == "version" and found else None


def _fulfils(read: Read, one: Asked) -> bool | None:
    """Whether a value is what the prompt asks for, None where that cannot be told."""
    got, wanted = read.value, one.wanted
    if got is None:
        return None
    if one.op in {"true", "false"}:
        return got == (one.op == "true") if isinstance(got, bool) else None
    if isinstance(wanted, str):
        return _same(str(got), wanted, one.op)
    if isinstance(got, bool | str):
        return None
    return got >= wanted if one.op == ">=" else got <= wanted if one.op == "<=" else got == wanted


def _same(got: str, wanted: str, op: str) -> bool | None:
    if op.startswith("runtime"):
        mine, theirs = re.search(r"(python|node)\D*(\d[\d.]*)", got), re.search(r"(python|node)\D*(\d[\d.]*)", wanted)
        if mine is None or theirs is None or mine[1] != theirs[1]:
            return None
        if op == "runtime>=":
            return _number(mine[2]) >= _number(theirs[2])
        return re.sub(r"\D", "", mine[2]) == re.sub(r"\D", "", theirs[2])
    if op == "version":
        mine, theirs = re.search(r"\d+(?:\.\d+)*", got), re.search(r"\d+(?:\.\d+)*$", wanted)
        if mine is None or theirs is None:
            return None
        return mine[0].split(".")[: len(theirs[0].split("."))] == theirs[0].split(".") or theirs[0].startswith(f"{mine[0]}.")
    if op == "type":
        return got.removeprefix("db.") == wanted.removeprefix("db.") if "." in got and _SIZE.search(got) else None
    return got == wanted if re.fullmatch(r"[\d./]+", got) else None


def _number(version: str) -> int:
    """`3.11`, `311` and `3_11` as 311, `3.9` as 309; a major version as it is."""
    digits = re.findall(r"\d+", version)
    if len(digits) > 1:
        return int(digits[0]) * 100 + int(digits[1]) if digits[0] == "3" else int(digits[0])
    text = digits[0]
    return 300 + int(text[1:]) if text.startswith("3") and len(text) > 1 and int(text) > 30 else int(text)


def _shown(read: Read, setting: Setting) -> str:
    value = read.value
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, str):
        return f"`{value}`"
    unit = {"s": " seconds", "days": " days", "MB": " MB", "GB": " GB"}.get(setting.unit, "")
    return f"{value:g}{unit}"
