"""Finds a rubric, resolves what it extends, and says everything that is wrong with it, one line a problem."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from grader.model.kinds import Kind, Severity
from grader.rubric.forms import FIELDS, RubricForm
from grader.rubric.rubrics import Category, Criterion, Points, Rubric
from grader.rubric.wording import Wording, problems_of
from grader.rubric.yaml_marks import Marked, Path_, RubricError, nearest, read_marked

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DEFAULT = "default"
MOST_LISTED = 25
ACCEPTABLE = 90.0
DEEPEST_EXTENSION = 8
_QUALITY = "-quality"
_NEEDED = ("detector", "category", "severity", "points", "title", "problem")


def load_rubric(name_or_path: str | Path | None = None) -> Rubric:
    """The rubric of a shipped name or of a file; the default one without an argument.

    Raises:
        RubricError: the file is missing or wrong; `problems` lists everything that is, each with file and line.
    """
    if name_or_path is None or (isinstance(name_or_path, str) and name_or_path in shipped_rubrics()):
        return _shipped(name_or_path or DEFAULT)
    path = Path(name_or_path)
    if not path.is_file() and path.parent == Path() and not path.suffix:
        raise RubricError([f"{path}:1: no such file, and no shipped rubric of that name{nearest(str(path), tuple(shipped_rubrics()))}"])
    return _built(_resolved(path, check=True, chain=()))


def shipped_rubrics() -> Mapping[str, Path]:
    """The rubrics of grades that come with the grader: name and file."""
    return {path.stem: path for path in sorted(_folder().glob("*.yaml")) if not path.stem.endswith(_QUALITY)}


def quality_rubrics() -> Mapping[str, Path]:
    """The rubrics that value pairs for training (`*-quality.yaml`, another form, read by `grader.curation`): name and file."""
    return {path.stem: path for path in sorted(_folder().glob(f"*{_QUALITY}.yaml"))}


@cache
def _folder() -> Path:
    packaged = Path(str(resources.files("grader"))) / "_rubrics"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent.parent / "rubrics"


@cache
def _shipped(name: str) -> Rubric:
    """A shipped rubric. Its templates are checked by the tests, not at each start: compiling them all takes longer than a grade."""
    found = shipped_rubrics().get(name)
    if found is None:
        raise RubricError([f"{_folder()}:1: no rubric `{name}` is installed"])
    return _built(_resolved(found, check=False, chain=()))


def _resolved(path: Path, *, check: bool, chain: tuple[Path, ...]) -> dict[str, Any]:
    """The content of a file with what it extends folded in."""
    marked = _read(path)
    problems = [*marked.problems, *_shape_problems(marked)]
    if not isinstance(marked.data, dict):
        raise RubricError(problems)
    data: dict[str, Any] = marked.data
    parent: dict[str, Any] = {}
    extends = data.get("extends")
    if isinstance(extends, str):
        try:
            parent = _parent(extends, path, marked, (*chain, path.resolve()))
        except RubricError as error:
            raise RubricError(_in_order([*problems, *error.problems])) from error
    if problems:
        raise RubricError(_in_order([*problems, *(_template_problems(marked) if check else ())]))
    merged = _merged(parent, data)
    problems = [*_merge_problems(marked, parent, merged), *(_template_problems(marked) if check else ())]
    if problems:
        raise RubricError(_in_order(problems))
    return merged


def _in_order(problems: list[str]) -> list[str]:
    """Problems once each, by line within their file."""

    def place(problem: str) -> int:
        number = problem.split(": ", 1)[0].rpartition(":")[2]
        return int(number) if number.isdigit() else 0

    return sorted(dict.fromkeys(problems), key=place)


def _read(path: Path) -> Marked:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RubricError([f"{path}:1: not UTF-8 text"]) from error
    except OSError as error:
        raise RubricError([f"{path}:1: {(error.strerror or str(error)).lower()}"]) from error
    return read_marked(text, str(path))


def _parent(extends: str, path: Path, marked: Marked, chain: tuple[Path, ...]) -> dict[str, Any]:
    shipped = shipped_rubrics()
    found = shipped.get(extends) or path.parent / extends
    if not found.is_file():
        raise RubricError([marked.at(("extends",), f"no rubric `{extends}`{nearest(extends, tuple(shipped))}")])
    if found.resolve() in chain or len(chain) > DEEPEST_EXTENSION:
        raise RubricError([marked.at(("extends",), f"`{extends}` extends this file in turn")])
    return _resolved(found, check=extends not in shipped, chain=chain)


def _merged(parent: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A file over what it extends: criteria are changed by their name, all else is replaced where it is given."""
    criteria: dict[str, dict[str, Any]] = {one["criterion"]: one for one in parent.get("criteria", ())}
    for one in data.get("criteria", ()):
        name = one["criterion"]
        if one.get("off"):
            criteria.pop(name, None)
        else:
            criteria[name] = {**criteria.get(name, {}), **{key: value for key, value in one.items() if key != "off"}}
    rest = {key: value for key, value in data.items() if key not in {"criteria", "extends"}}
    return {**parent, **rest, "criteria": list(criteria.values())}


def _shape_problems(marked: Marked) -> Iterator[str]:
    if not isinstance(marked.data, dict):
        yield marked.at((), "a rubric is a mapping with `name`, `version`, `categories` and `criteria`")
        return
    try:
        RubricForm.model_validate(marked.data)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            yield marked.at(one["loc"], _said(one, marked.data))
    for key, label in (("criteria", "criterion"), ("categories", "id")):
        seen: dict[str, int] = {}
        for index, item in enumerate(_list(marked.data.get(key))):
            name = item.get(label) if isinstance(item, dict) else None
            if isinstance(name, str) and name in seen:
                line = marked.lines.get((key, seen[name], label), 0)
                yield marked.at((key, index, label), f"{label if key == 'criteria' else 'category'} `{name}` is given twice, first in line {line}")
            elif isinstance(name, str):
                seen[name] = index


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(error: ErrorDetails, data: object) -> str:
    """One clear line for what pydantic states."""
    place: Path_ = error["loc"]
    key = str(place[-1]) if place else ""
    kind, given = error["type"], error["input"]
    if kind == "extra_forbidden":
        around = next((str(part) for part in reversed(place[:-1]) if isinstance(part, str)), "")
        return f"unknown key `{key}`{nearest(key, FIELDS.get(around, FIELDS['']))}"
    if kind == "missing":
        return f"`{key}` is missing"
    if kind == "enum" and isinstance(given, str):
        return f"unknown {key} `{given}`{nearest(given, [str(one) for one in (Kind if key == 'detector' else Severity)])}"
    name = next((str(part) for part in reversed(place) if isinstance(part, str)), "rubric")
    if kind == "string_pattern_mismatch":
        return f"`{name}`: {given!r} must be lower-case words joined by `-`"
    hint = " (quote it to make it text)" if kind == "string_type" and not isinstance(given, list | dict) and isinstance(data, dict) else ""
    message = error["msg"]
    return f"`{name}`: {message[:1].lower()}{message[1:]}{hint}"


def _merge_problems(marked: Marked, parent: Mapping[str, Any], merged: Mapping[str, Any]) -> Iterator[str]:
    """What only the whole tells: lines without a price, categories that do not exist, points that do not add up."""
    data: Any = marked.data
    categories = merged.get("categories")
    if not categories:
        yield marked.at((), "`categories` is missing")
        categories = []
    total = sum(one["points"] for one in categories)
    if categories and abs(total - 100) > 1e-6:
        yield marked.at(("categories",), f"the points of all categories add up to {total:g}, not 100")
    ids = [one["id"] for one in categories]
    known = {one["criterion"] for one in parent.get("criteria", ())}
    places = {one["criterion"]: index for index, one in enumerate(data.get("criteria", ()))}
    for name, index in places.items():
        if data["criteria"][index].get("off") and name not in known:
            yield marked.at(("criteria", index, "criterion"), f"no criterion `{name}` to switch off{nearest(name, sorted(known))}")
    for one in merged["criteria"]:
        name = one["criterion"]
        index = places.get(name, -1)
        for key in _NEEDED:
            if key not in one:
                # In a file that extends another, a line that lacks things is most often a change of a misspelt one.
                meant = nearest(name, sorted(known)) if known else ""
                yield marked.at(("criteria", index, "criterion"), f"criterion `{name}`: `{key}` is missing{meant}")
        if "category" in one and one["category"] not in ids:
            place: Path_ = ("criteria", index, "category") if index >= 0 else ("categories",)
            yield marked.at(place, f"criterion `{name}`: unknown category `{one['category']}`{nearest(one['category'], ids)}")
        points = one.get("points")
        if points and points["at_most"] < points["each"]:
            yield marked.at(
                ("criteria", index, "points"), f"criterion `{name}`: `at_most` {points['at_most']:g} is less than `each` {points['each']:g}"
            )


def _template_problems(marked: Marked) -> Iterator[str]:
    data: Any = marked.data
    for index, one in enumerate(_list(data.get("criteria"))):
        if not isinstance(one, dict):
            continue
        texts = [((key,), one.get(key)) for key in ("title", "problem", "correction")]
        texts += [(("impact", number), text) for number, text in enumerate(_list(one.get("impact")))]  # type: ignore[misc]
        for place, text in texts:
            if isinstance(text, str):
                for problem in problems_of(text):
                    yield marked.at(("criteria", index, *place), f"criterion `{one.get('criterion', '?')}`, `{place[0]}`: {problem}")


def _built(data: Mapping[str, Any]) -> Rubric:
    """A rubric of resolved and checked content."""
    content = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Rubric(
        name=data["name"],
        version=data["version"],
        title=data.get("title") or data["name"],
        digest=f"sha256:{hashlib.sha256(content.encode()).hexdigest()}",
        categories=tuple(Category(one["id"], one["title"], one["points"]) for one in data["categories"]),
        criteria=tuple(_criterion(one) for one in data["criteria"]),
        most=data.get("report", {}).get("most", MOST_LISTED),
        acceptable=data.get("acceptable", ACCEPTABLE),
    )


def _criterion(one: Mapping[str, Any]) -> Criterion:
    return Criterion(
        criterion=one["criterion"],
        detector=Kind(one["detector"]),
        variants=tuple(one.get("variants") or ()),
        category=one["category"],
        severity=Severity(one["severity"]),
        needs_ideal=bool(one.get("needs_ideal")),
        points=Points(one["points"]["each"], one["points"]["at_most"]),
        wording=Wording(one["title"], one["problem"], tuple(one.get("impact") or ()), one.get("correction") or ""),
    )
