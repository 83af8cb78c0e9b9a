"""Account ids that belong to AWS or a vendor and may stand in code, and ids that documentation uses as placeholders."""

from __future__ import annotations

import re

VENDORS = frozenset(
    "127311923021 033677994240 027434742980 797873946194 985666609251 054676820928 897822967062 156460612806 652711504416 009996457667 "
    "635631232127 754344448648 582318560864 600734575887 383597477331 114774131450 783225319266 718504428378 076674570225 507241528517 "
    "098369216593 190560391635 048591011584 "
    "763104351884 602401143452 099720109477 137112412989 679593333241 801119661308 591542846629 013907871322 898082745236 464622532012".split()
)
"""Load balancer log delivery by region (ELB user guide, access logs), deep learning and EKS registries, and owners of public AMIs."""
PLACEHOLDERS = frozenset("123456789012 111122223333 444455556666 000000000000 111111111111 222222222222 333333333333 999999999999 987654321098 210987654321".split())
"""Ids that AWS documentation uses in examples, and repeated digits."""
ACCOUNT = re.compile(r"(?<![\w.-])(\d{12})(?![\w-])")


def foreign_accounts(text: str) -> tuple[str, ...]:
    """The 12-digit account ids in a text that belong to no vendor here, in order."""
    return tuple(one for one in ACCOUNT.findall(text) if one not in VENDORS)
