"""Versions of database engines as the CDK spells them."""

from __future__ import annotations

import re

from grader.model.values import Call, Name, Value, known

_MEMBER = re.compile(r"EngineVersion[._]VER_(\d+(?:_\d+){0,3})(?:\(\))?$")
"""A version that the library lists: `PostgresEngineVersion.VER_15_4`, in Go `PostgresEngineVersion_VER_15_4()`."""
_OF = re.compile(r"EngineVersion[._]of$", re.IGNORECASE)
"""A version that it does not list: `PostgresEngineVersion.of("15.8", "15")`."""


def engine_version(value: Value | None) -> str | None:
    """The version that a member or a call of a class of engine versions stands for, None where the value is none."""
    if not isinstance(value, Name | Call):
        return None
    found = _MEMBER.search(value.path)
    if found:
        return found.group(1).replace("_", ".")
    receiver = value.receiver if isinstance(value, Call) else None
    path = f"{receiver.path}.{value.path}" if isinstance(receiver, Name) else value.path
    if isinstance(value, Call) and value.args and _OF.search(path):
        text = known(value.args[0])
        return None if text is None else str(text)
    return None
