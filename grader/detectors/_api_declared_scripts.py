"""What TypeScript and Python answers declare: the library types of parameters, fields and the elements of lists, through the answer's own types."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from grader.detectors._api_closures import closure_parameters
from grader.detectors._api_declared import Declared, Seen
from grader.detectors._api_imports import imports

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping

    from grader.catalog import Type
    from grader.model.documents import File
    from grader.model.solutions import Binding

_CLASS = re.compile(r"^[ \t]*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w{1,100})", re.MULTILINE)
_METHOD = re.compile(r"^[ \t]*(?:[a-z]{1,12}\s+){0,4}(?P<name>\w{1,100})\((?P<takes>[^(){}]{3,2000})\)\s{0,40}(?::[^{;=()]{1,200})?\{", re.MULTILINE)
_DEF = re.compile(
    r"^(?P<indent>[ \t]*)(?:async )?def (?P<name>\w{1,100})\((?P<takes>(?:[^()]|\([^()]{0,400}\)){3,3000}?)\)[^\n:]{0,200}:", re.MULTILINE
)
_PARAMETER = re.compile(r"^(?:(?:public|private|protected|readonly)\s+){0,3}(\w{1,80})\??\s*:\s*([^=]{1,200}?)\s*(?:=.*)?$", re.DOTALL)
_WHOLE = re.compile(r"^import[ \t]+([\w.]{1,200})(?:[ \t]+as[ \t]+(\w{1,80}))?[ \t]*(?:#.*)?$", re.MULTILINE)
_LIST = re.compile(
    r"^[ \t]*(?:[a-z]{1,12}\s+){0,4}(\w{1,80})[?!]?\s*:\s*(?:readonly\s+)?(?:([\w.]{1,120})\[\]|(?:Readonly)?Array<([\w.]{1,120})>)", re.MULTILINE
)
_EACH = re.compile(r"\.(?:forEach|map|filter|some|every|flatMap)\(\s*(?:async\s*)?\(?\s*(\w{1,60})\s*(?:,\s*\w{1,60}\s*)?\)?\s*=>")
_LISTED = re.compile(r"[\w.]{1,120}$")
_OPTIONAL = re.compile(r"^(?:typing\.)?Optional\[(.*)\]$")
_LONGEST = 120
"""Characters of the path of a list."""
_STATEMENTS = frozenset("if for while switch catch with function".split())


class ScriptDeclared(Declared):
    """The declarations of one TypeScript or Python file, looked up by the path of a value."""

    @cached_property
    def typescript(self) -> bool:
        """Whether the file is TypeScript."""
        return self.file.language == "typescript"

    @cached_property
    def parameters(self) -> Mapping[tuple[str, str], str]:
        """The type of each parameter by function and name, empty where two functions of one name disagree or none is given."""
        text = self.file.text
        classes = [(found.start(), found[1]) for found in _CLASS.finditer(text)]
        found: dict[tuple[str, str], str] = {}
        for one in (_METHOD if self.typescript else _DEF).finditer(text):
            if one["name"] in _STATEMENTS:
                continue
            owner = next((name for start, name in reversed(classes) if start < one.start()), "")
            inside = f"{owner}.{one['name']}" if owner and (self.typescript or one["indent"]) else one["name"]
            for name, kind in _parameters(one["takes"]):
                plain = _plain(kind)
                for function in {inside, one["name"]} if self.typescript else {inside}:
                    found[function, name] = plain if found.get((function, name), plain) == plain else ""
        return found

    @cached_property
    def taken(self) -> Counter[str]:
        """How often each name is a parameter of an arrow function."""
        return closure_parameters(self.file.text)

    @cached_property
    def elements(self) -> Mapping[str, Seen]:
        """The types of the parameters of functions that are given to `forEach` and the like, where all of one name are of one type."""
        if not self.typescript:
            return {}
        lists: dict[str, dict[str, Seen]] = {}
        for file in {id(symbol.file): symbol.file for symbol in self.symbols.values() if symbol.file.language == "typescript"}.values():
            for name, kind in _lists(file):
                lists.setdefault(name, {}).setdefault(kind, Seen(kind, file))
        found: dict[str, list[Seen | None]] = {}
        for one in _EACH.finditer(self.file.text):
            path = _LISTED.search(self.file.text[max(0, one.start() - _LONGEST) : one.start()])
            kinds = lists.get(path[0].rpartition(".")[2], {}) if path and "." in path[0] else {}
            found.setdefault(one[1], []).append(next(iter(kinds.values())) if len(kinds) == 1 else None)
        return {name: kinds[0] for name, kinds in found.items() if kinds[0] is not None and len(set(kinds)) == 1 and self.taken[name] == len(kinds)}

    def _head(self, parts: list[str], binding: Binding, bound: Callable[[str], bool]) -> tuple[Seen | None, int]:
        inside = binding.owner.split(".", 1)[0]
        if parts[0] in {"this", "self"}:
            return (self._field(f"{inside}.{parts[1]}") if len(parts) > 1 else None), 2
        if bound(parts[0]):
            return None, 0
        if parts[0] in self.elements:
            return self.elements[parts[0]], 1
        if parts[0] in self.taken:
            return None, 0
        text = self.parameters.get((binding.owner, parts[0]), "")
        return (Seen(text, self.file) if text else None), 1

    def result(self, path: str, binding: Binding) -> Type | None:
        """None: what the answer's own functions return is not read."""
        del path, binding
        return None

    def library(self, seen: Seen) -> Type | None:
        """The library type that a declaration names, None for the answer's own, lists, maps, unions and generics."""
        if not seen.text.replace(".", "").isidentifier():
            return None
        head, _, rest = seen.text.partition(".")
        if head in self.types:
            return None
        source = _sources(seen.file).get(head)
        if source is None:
            return None
        module, name = source
        return self.named(module, ".".join(part for part in (name, rest) if part))


def _plain(kind: str) -> str:
    """A type without quotes and what says that it may be absent."""
    text = kind.strip().strip("\"'")
    optional = _OPTIONAL.match(text)
    text = optional[1] if optional else text
    options = [one for part in text.split("|") if (one := part.strip().strip("\"'")) not in {"None", "undefined", "null"}]
    return options[0] if len(options) == 1 else ""


def _parameters(takes: str) -> Iterator[tuple[str, str]]:
    """Names and types of the parameters that have one."""
    depth, start = 0, 0
    pieces = []
    for at, sign in enumerate(takes):
        depth += (sign in "([{<") - (sign in ")]}>")
        if sign == "," and depth == 0:
            pieces.append(takes[start:at])
            start = at + 1
    for piece in (*pieces, takes[start:]):
        found = _PARAMETER.match(re.sub(r"(?://|#)[^\n]*", "", piece).strip())
        if found:
            yield found[1], found[2]


@lru_cache(maxsize=64)
def _sources(file: File) -> Mapping[str, tuple[str, str]]:
    """What each imported name stands for: a module, and a name in it (empty for all of it)."""
    found = {one.local: (one.module, one.name) for one in imports(file)}
    if file.language == "python":
        for one in _WHOLE.finditer(file.text):
            found[one[2] or one[1].partition(".")[0]] = (one[1] if one[2] else one[1].partition(".")[0], "")
    return found


@lru_cache(maxsize=64)
def _lists(file: File) -> tuple[tuple[str, str], ...]:
    """Names that are declared as lists in a file, with the type of their elements."""
    text = file.text
    return tuple((one[1], one[2] or one[3]) for one in _LIST.finditer(text)) if "[]" in text or "Array<" in text else ()
