"""A YAML file as plain data with the line of each value, and the problems that are found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml

Path_ = tuple[str | int, ...]
"""Keys and indices from the root of a file to a value."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_CHARACTERS = 500_000
MOST_VALUES = 50_000
DEEPEST = 20


class RubricError(Exception):
    """A rubric cannot be used; `problems` holds one line each, `file:line: what is wrong`, and the message is these lines."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Marked:
    """The data of a file (mappings with text keys, lists, scalars) and the line, from 1, of each value by its path."""

    label: str
    data: object
    lines: Mapping[Path_, int]
    problems: tuple[str, ...] = ()

    def at(self, path: Path_, message: str) -> str:
        """A problem at a path: the line of the value, else of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.label}:{self.lines.get(path, 1)}: {message}"


@dataclass(slots=True)
class _Reading:
    label: str
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_marked(text: str, label: str) -> Marked:
    """Read one YAML document.

    Raises:
        RubricError: the text is no YAML, is empty, or is too large or too deeply nested to be a rubric.
    """
    if len(text) > MOST_CHARACTERS:
        raise RubricError([f"{label}:1: the file has more than {MOST_CHARACTERS:,} characters"])
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise RubricError([f"{label}:1: the file is empty"])
        reading = _Reading(label)
        data = _data(node, (), reading, loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.count("\n", 0, len(text.rstrip())) + 1
        raise RubricError([f"{label}:{min(mark.line + 1, last) if mark else 1}: not YAML: {error.problem or error.context}"]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise RubricError([f"{label}:1: not YAML: {' '.join(str(error).split())}"]) from error
    finally:
        loader.dispose()
    return Marked(label, data, reading.lines, tuple(reading.problems))


def _data(node: yaml.Node, path: Path_, reading: _Reading, loader: yaml.SafeLoader) -> object:
    line = node.start_mark.line + 1
    reading.lines.setdefault(path, line)
    if len(path) > DEEPEST or len(reading.lines) > MOST_VALUES:
        raise RubricError([f"{reading.label}:{line}: nested too deeply, or too many values, for a rubric"])
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"  # the text as written: YAML would read `off` as a truth value
            if key in found:
                reading.problems.append(f"{reading.label}:{key_node.start_mark.line + 1}: `{key}` is given twice")
                continue
            reading.lines[*path, key] = key_node.start_mark.line + 1
            found[key] = _data(value_node, (*path, key), reading, loader)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_data(one, (*path, index), reading, loader) for index, one in enumerate(node.value)]
    return loader.construct_object(node)


def nearest(word: str, valid: Sequence[str]) -> str:
    """The end of a sentence about an unknown word: the nearest right one, else all of a short list."""
    close = get_close_matches(word, valid, n=1, cutoff=0.5)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; one of {', '.join(f'`{one}`' for one in valid)}" if valid and len(valid) <= 12 else ""
