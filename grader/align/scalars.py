"""Whether a property of another value than in the ideal is worth a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.align.inventory import scalar
from grader.align.silences import newer
from grader.knowledge.properties import is_cosmetic
from grader.model.values import fold

if TYPE_CHECKING:
    from grader.knowledge.properties import Aspect
    from grader.model.values import Value

_DAYS = {
    "oneday": "1", "threedays": "3", "fivedays": "5", "oneweek": "7", "twoweeks": "14", "onemonth": "30", "twomonths": "60",
    "threemonths": "90", "fourmonths": "120", "fivemonths": "150", "sixmonths": "180", "oneyear": "365", "twoyears": "731", "fiveyears": "1827",
}  # fmt: skip
"""Retention periods that the CDK names in words, and their days."""
_OWN_KEYS = frozenset({"aes256", "s3managed", "sqsmanaged", "unencrypted", "default", "awsowned"})
"""Kinds of encryption without a key of KMS, folded."""

_LENGTH = re.compile(r"^[\d.]+ (?:milli)?(?:second|minute|day)s?$")
"""A length of time, which is not held against a bare number: its unit is not known."""


def worth_a_word(name: str, ours: Value, theirs: Value, aspect: Aspect) -> bool:
    """Whether another value of a property is worth a word."""
    mine, wanted = scalar(ours), scalar(theirs)
    if mine is None or wanted is None or _same(mine, wanted) or (is_cosmetic(name) and not aspect.values) or fold(name).endswith("window"):
        return False
    if (_LENGTH.search(str(mine)) is None) != (_LENGTH.search(str(wanted)) is None) and aspect.name != "backups":
        return False
    if isinstance(mine, bool) and isinstance(wanted, bool):
        if fold(name) == "publiclyaccessible":
            return False
        return bool(aspect.says) and (wanted or aspect.false or aspect.group in {"retention", "config"})
    days = [int(text) for one in (mine, wanted) if (text := str(one).partition(" day")[0]).isdecimal()]
    if aspect.name == "backups" and len(days) == 2:
        return days[1] > days[0]
    if aspect.group == "availability" and all(isinstance(one, int | float) for one in (mine, wanted)):
        return float(str(wanted)) > float(str(mine))
    if aspect.name == "version":
        return fold(name) != "runtime" or newer(str(wanted), str(mine))
    if aspect.name == "encryption":
        return "kms" in fold(str(wanted)) and fold(str(mine)) in _OWN_KEYS
    return aspect.values and isinstance(mine, bool) == isinstance(wanted, bool)


def _same(mine: object, wanted: object) -> bool:
    """Whether two scalars are one value: numbers whatever their form, names whatever their case."""
    left, right = (_DAYS.get(fold(str(one)), str(one)) for one in (mine, wanted))
    try:
        return float(left) == float(right)
    except ValueError:
        return fold(left) == fold(right)
