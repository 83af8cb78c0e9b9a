"""What threads must not share: a value that each thread makes for itself, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


def per_thread(make: Callable[Arguments, Made]) -> Callable[Arguments, Made]:
    """As `functools.cache`, for each thread apart: parsers and connections keep a state while they work."""
    own = threading.local()

    @wraps(make)
    def made(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Made:
        known: dict[object, Made] = own.__dict__.setdefault("known", {})
        key = (args, tuple(kwargs.items()))
        if key not in known:
            known[key] = make(*args, **kwargs)
        return known[key]

    return made
