"""Declarations in `Pulumi.yaml` that Pulumi refuses before it runs anything.

Facts: the schema of project files and `ValidateConfig` of Pulumi's command line (pulumi/pulumi, `sdk/go/common/workspace`, Apache-2.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.values import Fields, Items, Known, Value, known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.solutions import Solution

_FILE = re.compile(r"(?:^|/)Pulumi\.ya?ml$")
_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
_INSTEAD = {"number": "integer", "int": "integer", "float": "string", "bool": "boolean", "list": "array", "map": "object", "str": "string"}
_DECLARED = frozenset({"type", "default", "description", "secret", "items", "value"})


def refused_configuration(answer: Solution) -> Iterator[Hit]:
    """Types that do not exist, arrays without items, defaults of another type, and defaults or types of keys that belong to a provider."""
    if answer.framework != "pulumi":
        return
    for binding in answer.bindings:
        if not binding.file.superseded and _FILE.search(binding.file.name or "") and isinstance(binding.value, Fields):
            project = known(binding.value.fields.get("name"))
            config = binding.value.fields.get("config")
            if isinstance(config, Fields) and isinstance(project, str):
                for key, entry in config.fields.items():
                    if isinstance(entry, Fields) and set(entry.fields) <= _DECLARED:
                        yield from _entry(key, entry, project)


def _entry(key: str, entry: Fields, project: str) -> Iterator[Hit]:
    namespace, colon, _ = key.rpartition(":")
    fields = entry.fields
    if colon and namespace != project:
        own = next((name for name in ("type", "default") if name in fields), "")
        if own:
            yield _hit(f"`{key}` belongs to the provider `{namespace}`, and may have a `value` and no `{own}`", key, fields[own], instead="value")
        elif "value" not in fields:
            yield _hit(f"`{key}` belongs to the provider `{namespace}`, and has no `value`", key, entry, instead="value")
        return
    kind, default = known(fields.get("type")), fields.get("default")
    if "default" in fields and "value" in fields:
        yield _hit(f"`{key}` has both a `default` and a `value`", key, fields["value"])
    elif isinstance(kind, str) and kind not in _TYPES:
        yield _hit(f"`{key}` is of type `{kind}`, and Pulumi knows {_listed()}", key, fields["type"], instead=_INSTEAD.get(kind, ""))
    elif kind == "array" and "items" not in fields:
        yield _hit(f"`{key}` is an array, and has no `items`", key, fields["type"], instead="items")
    elif isinstance(kind, str) and default is not None and not _is_a(default, kind):
        yield _hit(f"`{key}` is of type `{kind}`, and its default is not", key, default)


def _is_a(value: Value, kind: str) -> bool:
    """Whether a default may be of a type; what cannot be read may."""
    if isinstance(value, Known):
        wanted = _TYPES[kind]
        return value.value is None or (type(value.value) is wanted)
    return not (isinstance(value, Items) and kind != "array") and not (isinstance(value, Fields) and kind != "object")


def _listed() -> str:
    *first, last = (f"`{one}`" for one in _TYPES)
    return f"{', '.join(first)} and {last}"


def _hit(message: str, key: str, at: Value, *, instead: str = "") -> Hit:
    facts: Mapping[str, str] = {"right": instead} if instead else {}
    return Hit(
        message,
        at=at.span,
        entity=key,
        entities=("Pulumi.yaml", "config"),
        cause="configuration of the project",
        variant="pulumi-project",
        stops=Stage.BUILD,
        note="refused by Pulumi",
        facts=facts,
    )
