"""Verdicts of `grader audit` against labels that people gave the same claims: false ones contradicted, true ones wrongly so.

Run as `python -m scripts.audit_check --corpus CORPUS --labels LABELS`. A label is held against the claim whose title shares most words with it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from grader.audit import Checked, Finding, audit
from grader.loader import Sample, Source
from grader.rubric import load_rubric

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST = 0.2
"""Share of a label's words that its claim must have."""


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z0-9]{3,}", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())}


def claim_of(label: dict[str, object], claims: Sequence[Checked]) -> Checked | None:
    """The claim that a label speaks of: most of its words in the title, then in the text; None where none is near."""
    wanted = _words(f"{label['title']} {label.get('entities') or ''}") or {""}
    scored = [
        (2 * len(wanted & _words(one.claim.title)) + len(wanted & _words(one.claim.text)), -len(one.claim.text), one.claim.number, one)
        for one in claims
    ]
    best = max(scored, key=lambda one: one[:3], default=None)
    return best[3] if best is not None and best[0] >= 3 * _LEAST * len(wanted) else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder of samples, DIALECT/ID/ each")
    parser.add_argument("--labels", type=Path, required=True, help="folder of labels, DIALECT__ID.json each")
    options = parser.parse_args()
    rubric, table = load_rubric(), Counter[tuple[str, str]]()
    for path in sorted(options.labels.glob("*.json")):
        described = json.loads(path.read_text(encoding="utf-8"))
        folder = options.corpus / described["sample"]
        answer, ideal, document = (
            Source(name, (folder / name).read_text(encoding="utf-8", errors="replace"))
            for name in ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", "MODEL_FAILURES.md")
        )
        checked = audit(Sample(described["sample"], answer, ideal), document, rubric).claims
        for label in described["faults"]:
            if label["source"] != "doc":
                continue
            one = claim_of(label, checked)
            finding = one.finding.value if one is not None else "no claim"
            truth = str(label["true_in_model"]).lower()
            table[truth, finding] += 1
            if truth == "false" or (truth == "true" and finding == Finding.CONTRADICTED):
                print(f"{described['sample']}: {truth} and {finding}: {label['title'][:70]} -> {one.claim.title[:60] if one else '-'}")
    for truth in ("true", "false", "unverifiable"):
        row = {finding: count for (said, finding), count in sorted(table.items()) if said == truth}
        total = sum(row.values())
        print(f"{truth:13} {total:4}  " + "  ".join(f"{finding} {count} ({count / total:.0%})" for finding, count in row.items()))


if __name__ == "__main__":
    main()
