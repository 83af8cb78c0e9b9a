"""Grades what a language model wrote as Infrastructure as Code against what it should have written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.api import Record, RubricError, Sample, grade, grade_batch, load_rubric, reward

__version__ = "0.1.0"
__all__ = ["Record", "RubricError", "Sample", "__version__", "grade", "grade_batch", "load_rubric", "reward"]

if not TYPE_CHECKING:  # a type checker sees the names above, and complains about any other

    def __getattr__(name: str) -> object:
        """The names of the Python API, loaded at first use: `import grader` stays quick."""
        if name in __all__:
            from importlib import import_module  # noqa: PLC0415 - only the first use of a name needs it

            value = getattr(import_module("grader.api"), name)
            globals()[name] = value
            return value
        message = f"module 'grader' has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
