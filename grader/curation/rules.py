"""Rules in CEL over a record, its metadata and facts of the pair: compiled once, with one clear line for what is wrong in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from grader.results.records import Record
from grader.rubric.yaml_marks import nearest

if TYPE_CHECKING:
    from grader.curation.pairs import Pair

RECORD = ("sample", "dialect", "answer", "ideal", "prompt", "status", "score", "verdict", "faults", "shared", "unchecked", "notes", "categories")
"""Fields of the record that a rule can name without `record.`."""
VARIABLES = ("record", "metadata", "pair", *RECORD)
PAIR = ("value", "services", "answer_services", "answer_characters", "ideal_characters", "prompt_characters")
FUNCTIONS = tuple(
    "contains endsWith matches startsWith size int uint double string bytes type dyn duration timestamp "
    "getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds of none has all exists exists_one map filter".split()
)
"""Functions of CEL that the library has; macros among them."""
NOTHING = "nothing to compare"
_PLACE = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_FIELD = re.compile(r"\b(record|pair)\.([A-Za-z_]\w*)")


class RuleError(Exception):
    """A rule cannot be used; the message is one line with its place."""


class Rule:
    """A compiled rule. It is asked for each pair; one that fails on a pair drops it and says why."""

    def __init__(self, text: str) -> None:
        """Compile a rule.

        Raises:
            RuleError: it is no CEL, or it names what there is not.
        """
        try:
            import cel  # noqa: PLC0415 - an extra
        except ImportError as error:
            message = "--rule needs the extra [curate]: pip install 'iac-grader[curate]'"
            raise RuleError(message) from error
        self.text = text
        try:
            self._program = cel.compile(text)
        except ValueError as error:
            raise RuleError(_said(text, str(error))) from error
        plain = _STRING.sub(lambda found: " " * len(found[0]), text)
        own = set(re.findall(r"\.\s*(?:exists|exists_one|all|filter|map)\s*\(\s*(\w+)\s*,", plain))
        for name in self._program.variables():
            if name not in VARIABLES and name not in own:
                raise RuleError(_at(text, plain, name, f"there is no `{name}`{nearest(name, VARIABLES)}"))
        for found in _FIELD.finditer(plain):
            fields = tuple(Record.model_fields) if found[1] == "record" else PAIR
            if found[2] not in fields:
                message = f"`{found[1]}` has no `{found[2]}`{nearest(found[2], fields)}"
                raise RuleError(_placed(text, found.start(2) + 1, message))
        for name in self._program.functions():
            if name.isidentifier() and not name.startswith("_") and name not in FUNCTIONS:
                raise RuleError(_at(text, plain, name, f"there is no function `{name}`{nearest(name, FUNCTIONS)}"))

    def __call__(self, context: Mapping[str, Any]) -> str:
        """Why the pair is dropped; empty where the rule holds.

        Raises:
            RuleError: the rule gives something other than true or false.
        """
        try:
            said = self._program.execute(dict(context))
        except KeyError as error:
            return f"{NOTHING}: no `{error.args[0]}` there"
        except (TypeError, ValueError, IndexError, OverflowError, RuntimeError):
            return f"{NOTHING}: a value is absent or of another type"
        if not isinstance(said, bool):
            raise RuleError(_placed(self.text, 1, f"a rule is true or false, and this one gives {type(said).__name__} ({said!r:.60})"))
        return "" if said else "the rule does not hold"


def context_of(pair: Pair, value: float | None) -> dict[str, Any]:
    """What a rule sees of a pair."""
    record = pair.record.model_dump(mode="json")
    facts = {
        "value": value,
        "services": sorted(pair.services),
        "answer_services": sorted(pair.answered_services),
        "answer_characters": len(pair.answer),
        "ideal_characters": len(pair.ideal),
        "prompt_characters": len(pair.prompt),
    }
    return {"record": record, "metadata": dict(pair.metadata), "pair": facts, **{name: record[name] for name in RECORD}}


def _said(text: str, error: str) -> str:
    found = _PLACE.search(error)
    if not found:
        return _placed(text, 1, "no CEL expression: " + " ".join(error.split())[:160])
    words = found[3].split(" expecting ")[0].replace("<EOF>", "the end of the rule")
    line, column = int(found[1]), int(found[2])
    before = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
    return _placed(text, before + column, words)


def _at(text: str, plain: str, name: str, message: str) -> str:
    found = re.search(rf"(?<!\w){re.escape(name)}\b", plain) or re.search(re.escape(name), plain)
    return _placed(text, found.start() + 1 if found else 1, message)


def _placed(text: str, column: int, message: str) -> str:
    shown = text if len(text) <= 120 else text[:119] + "\N{HORIZONTAL ELLIPSIS}"
    return f"--rule {shown}: column {column}: {message}"
