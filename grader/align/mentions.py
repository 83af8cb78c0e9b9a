"""What an answer's code names without declaring it in a way that could be read: types, classes, methods that make something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.knowledge.types import Type, canonical, services
from grader.model.paths import is_test
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.align.inventory import Thing
    from grader.model.solutions import Solution

_TYPE_NAME = re.compile(r"\baws_[a-z0-9_]+|\bAWS::\w+::\w+")
_MAKES = re.compile(r"\.(?:add|create|Add|Create|add_|create_)([A-Z_a-z]\w+)\(")
_CLASS_NAME = re.compile(r"(?<![:\w])(?:New)?(?:Cfn)?([A-Z][A-Za-z0-9]+)")
_PROGRAMS = frozenset({"cdk", "cdktf", "pulumi"})


@dataclass(frozen=True, slots=True)
class Mentions:
    """What stands in the code.

    `types` in any dialect's form, `classes` folded, `made` the folded nouns of methods that make something (`metric.createAlarm`), and `names`
    the letters and digits of everything in lower case.
    """

    types: frozenset[Type]
    classes: frozenset[str]
    made: frozenset[str]
    names: str

    def provides(self, thing: Thing) -> bool:
        """Whether something that the code names may be a thing of this type."""
        if thing.type in self.types:
            return True
        last = fold(re.sub(r"^Cfn(?=[A-Z])", "", re.split(r"::|\.", thing.resource.type)[-1]))
        return not self.classes.isdisjoint({last, f"{thing.type.service}{thing.type.noun}", *nouns(thing.type)})

    def makes(self, kind: Type) -> bool:
        """Whether a method is called that may make things of a type."""
        return not self.made.isdisjoint(nouns(kind))

    def holds(self, name: str) -> bool:
        """Whether the code holds a name, whatever its punctuation."""
        plain = fold(name)
        return len(plain) >= 8 and plain in self.names


def mentions_of(solution: Solution) -> Mentions:
    """What the code of a solution names, tests left out."""
    text = "\n".join(file.text for file in solution.files if not file.superseded and not is_test(file.name))
    program = solution.framework in _PROGRAMS
    return Mentions(
        frozenset(map(canonical, set(_TYPE_NAME.findall(text)))),
        frozenset(map(fold, set(_CLASS_NAME.findall(text)))) if program else frozenset(),
        frozenset(fold(name).removesuffix("s") for name in set(_MAKES.findall(text))) if solution.framework == "cdk" else frozenset(),
        plain(text),
    )


def plain(text: str) -> str:
    """The ASCII letters and digits of a text in lower case."""
    return text.lower().translate(_DROPPED)


def nouns(kind: Type) -> frozenset[str]:
    """Every noun of a type."""
    return services().aliases.get(kind, frozenset()) | {kind.noun}


_DROPPED = {code: None for code in range(128) if not chr(code).isalnum()}
