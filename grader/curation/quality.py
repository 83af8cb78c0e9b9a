"""The value of a pair for training, 0 to 10, by a small rubric of its own: what the ideal mends, how much it teaches, and what caps it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError, model_validator

from grader.model.kinds import Kind, Severity, Status
from grader.rubric import RubricError, quality_rubrics
from grader.rubric.yaml_marks import Marked, nearest, read_marked

if TYPE_CHECKING:
    from grader.curation.pairs import Pair

NAME = "training-quality"
LOWEST, HIGHEST = 0.0, 10.0
Number = Annotated[float, Field(ge=-10, le=10, strict=True, allow_inf_nan=False)]
Identifier = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]


class Size(StrEnum):
    """How much a gap matters."""

    SIGNIFICANT = "significant"
    CONFIGURATION = "configuration"
    COSMETIC = "cosmetic"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gap(_Form):
    """Kinds of faults, of some severities, that are one gap together."""

    gap: Identifier
    size: Size
    kinds: tuple[Kind, ...]
    severities: tuple[Severity, ...] = tuple(Severity)


class Adds(_Form):
    """What one gap of a size adds, and several."""

    one: Number
    several: Number


class Sizes(_Form):
    """What the largest size of the gaps adds; `none` where there is no gap at all."""

    significant: Adds
    configuration: Adds
    cosmetic: Adds
    none: Number


class ServiceCount(_Form):
    """What so many services in the ideal add."""

    at_least: Annotated[int, Field(ge=1, strict=True)]
    adds: Number


class OneService(_Form):
    """What an ideal of one service adds."""

    adds: Number


class Practice(_Form):
    """A practice that an ideal shows by so many of these services."""

    practice: Identifier
    services: tuple[StrictStr, ...]
    at_least: Annotated[int, Field(ge=1, strict=True)] = 1
    adds: Number


class Complexity(_Form):
    """How much an ideal teaches by itself."""

    at_most: Number
    several_services: ServiceCount
    one_service: OneService
    practices: tuple[Practice, ...] = ()


class Blocker(_Form):
    """What caps the value: a fault of some kinds, or so large a share of the ideal's services that the answer lacks."""

    blocker: Identifier
    kinds: tuple[Kind, ...] = ()
    missing_share: Annotated[float, Field(gt=0, le=1, strict=True)] | None = None
    at_most: Number

    @model_validator(mode="after")
    def _blocks(self) -> Blocker:
        if bool(self.kinds) == (self.missing_share is not None):
            message = f"blocker `{self.blocker}` needs `kinds` or `missing_share`, one of the two"
            raise ValueError(message)
        return self


class Quality(_Form):
    """The whole file."""

    name: Identifier
    version: Annotated[int, Field(ge=1, strict=True)]
    title: StrictStr = ""
    base: Number
    accept: Number = 8
    gaps: tuple[Gap, ...]
    sizes: Sizes
    complexity: Complexity
    blockers: tuple[Blocker, ...] = ()

    @property
    def digest(self) -> str:
        """`sha256:` of the content: equal digests value alike."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Value:
    """What a pair is worth, and the parts it is made of, in words."""

    value: float
    parts: tuple[str, ...]


def load_quality(name_or_path: str | Path | None = None) -> Quality:
    """The rubric of a shipped name or of a file.

    Raises:
        RubricError: the file is missing or wrong; `problems` lists everything, each with file, line and the nearest right name.
    """
    path = quality_rubrics().get(str(name_or_path or NAME)) or Path(str(name_or_path or NAME))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RubricError([f"{path}:1: not UTF-8 text"]) from error
    except OSError as error:
        raise RubricError([f"{path}:1: {(error.strerror or str(error)).lower()}"]) from error
    marked = read_marked(text, str(path))
    try:
        made = Quality.model_validate(marked.data)
    except ValidationError as error:
        raise RubricError([*marked.problems, *_problems(marked, error)]) from error
    if marked.problems:
        raise RubricError(marked.problems)
    return made


def value_of(pair: Pair, quality: Quality) -> Value | None:
    """What a pair is worth; None without an answer or an ideal that could be read, and where the answer or the ideal holds no code."""
    record = pair.record
    if record.status is not Status.GRADED or not pair.ideal or any(note.kind == "ideal-without-code" for note in record.notes):
        return None
    found = {(fault.kind, fault.severity) for fault in record.faults}
    parts = [f"base {quality.base:g}"]
    value = quality.base
    for size in Size:
        gaps = [
            one.gap for one in quality.gaps if one.size is size and any(kind in one.kinds and severity in one.severities for kind, severity in found)
        ]
        if gaps:
            adds: Adds = getattr(quality.sizes, size.value)
            step = adds.several if len(gaps) > 1 else adds.one
            parts.append(f"{size.value} gaps ({', '.join(gaps)}) {step:+g}")
            break
    else:
        step = quality.sizes.none
        parts.append(f"no gap {step:+g}")
    value += step
    extra, said = _complexity(pair.services, quality.complexity)
    value += extra
    parts += said
    for blocker in quality.blockers:
        if _blocked(pair, blocker) and value > blocker.at_most:
            value = blocker.at_most
            parts.append(f"{blocker.blocker}: at most {blocker.at_most:g}")
    return Value(round(min(max(value, LOWEST), HIGHEST), 2), tuple(parts))


def _complexity(services: frozenset[str], rules: Complexity) -> tuple[float, list[str]]:
    if len(services) == 1:
        return rules.one_service.adds, [f"one service {rules.one_service.adds:+g}"]
    adds = [(f"{len(services)} services", rules.several_services.adds)] if len(services) >= rules.several_services.at_least else []
    adds += [(one.practice, one.adds) for one in rules.practices if len(services.intersection(one.services)) >= one.at_least]
    total = min(sum(number for _, number in adds), rules.at_most)
    return (total, [f"ideal ({', '.join(name for name, _ in adds)}) {total:+g}"]) if adds else (0.0, [])


def _blocked(pair: Pair, blocker: Blocker) -> bool:
    if blocker.missing_share is None:
        return any(fault.kind in blocker.kinds for fault in pair.record.faults)
    if not pair.services or not pair.answered_services:  # what cannot be read is unknown
        return False
    return len(pair.services - pair.answered_services) / len(pair.services) >= blocker.missing_share


def _problems(marked: Marked, error: ValidationError) -> list[str]:
    found = []
    for one in error.errors(include_url=False):
        place = one["loc"]
        key = str(place[-1]) if place else ""
        if one["type"] == "extra_forbidden":
            said = f"unknown key `{key}`{nearest(key, _fields(place[:-1]))}"
        elif one["type"] == "missing":
            said = f"`{key}` is missing"
        elif one["type"] == "enum":
            word = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
            valid = {"kinds": Kind, "severities": Severity, "size": Size}.get(word, Size)
            said = f"unknown {word} `{one['input']}`{nearest(str(one['input']), [str(item) for item in valid])}"
        else:
            name = next((str(part) for part in reversed(place) if isinstance(part, str)), "file")
            said = f"`{name}`: {one['msg'][:1].lower()}{one['msg'][1:]}"
        found.append(marked.at(place, said))
    return found


def _fields(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand at a place."""
    names = [str(part) for part in place if isinstance(part, str)]
    forms: dict[str, type[BaseModel]] = {
        "": Quality,
        "gaps": Gap,
        "sizes": Sizes,
        "complexity": Complexity,
        "practices": Practice,
        "blockers": Blocker,
        "several_services": ServiceCount,
        "one_service": OneService,
        **dict.fromkeys((str(size) for size in Size), Adds),
    }
    return tuple(forms.get(names[-1] if names else "", Quality).model_fields)
