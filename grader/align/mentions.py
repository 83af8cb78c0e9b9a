"""What an answer's code makes without the model showing it: constructions that no front end read, and methods that make something."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.knowledge.types import Type, services
from grader.model.paths import is_test
from grader.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.align.inventory import Thing
    from grader.model.documents import File
    from grader.model.solutions import Solution

_MAKES = re.compile(r"\.(?:add|create|Add|Create|add_|create_)([A-Z_a-z]\w+)\(")
_FORMS = {
    "tf": re.compile(r"""^[ \t]*resource[ \t]+"?(\w+)"?[ \t]+"?\w""", re.MULTILINE),
    "cfn": re.compile(r"""["']?Type["']?[ \t]*:[ \t]*["']?((?:AWS|Custom)::[\w:]+)"""),
}
_CLASS = re.compile(r"(?<!class )(?<![\w])(?:New)?(?:Cfn(?=[A-Z]))?([A-Z]\w*)(?:<[^<>()\n]{0,60}>)?(?:\.Builder\.create)?\(")
_CLIENTS = re.compile(r"\bboto3\b")
_DROPPED = {code: None for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Mentions:
    """What stands in the code beyond the model.

    `unread` are folded forms of types (`aws_s3_bucket`, `AWS::S3::Bucket`, the class `Bucket`) that the code constructs more often than the model has
    them; `made` the folded nouns of methods that make something (`metric.createAlarm`).
    """

    unread: frozenset[str]
    made: frozenset[str]

    def provides(self, thing: Thing) -> bool:
        """Whether a construction that was not read, or a method, may give a thing of this type."""
        names = nouns(thing.type)
        forms = {fold(thing.resource.type), fold(re.sub(r"^Cfn(?=[A-Z])", "", thing.resource.type.rsplit(".", 1)[-1])), *names}
        return not self.unread.isdisjoint(forms) or not self.made.isdisjoint(names)


def mentions_of(solution: Solution) -> Mentions:
    """What the code of a solution makes beyond its model, tests left out."""
    form = _FORMS.get(solution.framework)
    text = "\n".join(file.text for file in solution.files if not file.superseded and not is_test(file.name) and not _calls_services(file, solution))
    if form is not None:
        written = Counter(fold(name) for name in form.findall(text))
        return Mentions(_more(written, Counter(fold(one.type) for one in solution.resources)), frozenset())
    written = Counter(fold(name) for name in _CLASS.findall(text))
    read = Counter(fold(re.sub(r"^Cfn(?=[A-Z])", "", _last(one.type))) for one in solution.resources)
    made = frozenset(fold(name).removesuffix("s") for name in set(_MAKES.findall(text))) if solution.framework == "cdk" else frozenset()
    return Mentions(_more(written, read), made)


def _calls_services(file: File, solution: Solution) -> bool:
    """Whether a file that no front end claims is a function's code: what it constructs (`dynamodb.Table(...)`) are clients, not resources."""
    return _CLIENTS.search(file.text) is not None and not any(file is one for one in solution.claimed)


def _more(written: Mapping[str, int], read: Mapping[str, int]) -> frozenset[str]:
    return frozenset(name for name, count in written.items() if count > read.get(name, 0))


def _last(kind: str) -> str:
    """The class of a resource's type; that of a Terraform type is its words, as bindings spell it."""
    return kind.removeprefix("aws_") if "." not in kind else kind.rsplit(".", 1)[-1]


def plain(text: str) -> str:
    """The ASCII letters and digits of a text in lower case."""
    return text.lower().translate(_DROPPED)


def nouns(kind: Type) -> frozenset[str]:
    """Every noun of a type."""
    return services().aliases.get(kind, frozenset()) | {kind.noun}
