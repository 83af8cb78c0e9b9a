"""Account ids that belong to AWS or a vendor and may stand in code, and ids that documentation uses as placeholders."""

from __future__ import annotations

import re

VENDORS = frozenset(
    "127311923021 033677994240 027434742980 797873946194 985666609251 054676820928 897822967062 156460612806 652711504416 009996457667 "
    "635631232127 754344448648 582318560864 600734575887 383597477331 114774131450 783225319266 718504428378 076674570225 507241528517 "
    "098369216593 190560391635 048591011584 "
    "763104351884 602401143452 099720109477 137112412989 679593333241 801119661308 591542846629 013907871322 898082745236 464622532012 "
    "580247275435 017000801446 901920570463 177933569100 027255383542".split()
)
"""Load balancer log delivery by region (ELB user guide, access logs), deep learning and EKS registries, owners of public AMIs,
and owners of public layers (Lambda Insights, Powertools, OpenTelemetry, parameters and secrets, AppConfig)."""
PLACEHOLDERS = frozenset(
    "123456789012 111122223333 444455556666 000000000000 111111111111 222222222222 333333333333 999999999999 987654321098 210987654321".split()
)
"""Ids that AWS documentation uses in examples, and repeated digits."""
SERVICE_ZONES = frozenset(
    "Z2FDTNDATAQYW2 Z2BJ6XQ5FK7U4H Z35SXDOTRQ7X7K Z3AADJGX6KTTL2 Z368ELLRRE2KJ0 Z1H1FL5HABSF5 Z32O12XQLNTSW2 ZHURV8PSTC4K8 Z3Q77PNBQS71R4 Z215JYRZR1TBD5 Z23TAZ6LKFMNIO "
    "Z14GRHDCWA56QT Z1LMS91P8CMLE5 Z1GM3OXH4ZPM65 ZWKZPGTI48KDX ZP97RAFLXTNZK Z5LXEXXYW11ES ZQSVJUPU6J1EY Z2P70J7HTTTPLU Z26RNL4JYFTOTI ZLMOA37VPKANP Z24FKFUX50B4VW Z18D5FSROUN65G "
    "Z2IFOLAFXWLO4F ZD4D7Y8KGAS4G Z3AQBSTGFYJSTF Z2O1EMRO9K5GLX Z2F56UZL2M1ACD Z3BJ6K6RIION7M Z1BKCTXD74EZPE Z3GKZC51ZF0DB4 Z21DNDUVLTQW6Q Z1WCIGYICN2BYD Z11RGJOFQNVJUP".split()
)
"""Zones of CloudFront, Global Accelerator, load balancers and S3 websites that alias records name (Elastic Load Balancing and S3 endpoints,
AWS General Reference)."""
_LAYER = re.compile(r":(\d{12}):layer:")
ACCOUNT = re.compile(r"(?<![\w.-])(\d{12})(?![\w-])")


def published_layer(text: str) -> bool:
    """Whether a text is the ARN of a Lambda layer, or the end of one: whoever publishes one shares it by naming the account, so it is a public fact."""
    found = _LAYER.search(text)
    return found is not None and found.group(1) not in PLACEHOLDERS


def foreign_accounts(text: str) -> tuple[str, ...]:
    """The 12-digit account ids in a text that belong to no vendor here, in order."""
    return tuple(one for one in ACCOUNT.findall(text) if one not in VENDORS)
