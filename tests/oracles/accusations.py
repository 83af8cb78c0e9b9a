"""Every name, value and requirement that we dispute in the ideals of a dialect, with its line, to be read by hand. Development only.

python tests/oracles/accusations.py <corpus> [IDEAL|MODEL] tf-hcl...
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader.detectors.deprecated_version import deprecated_version
from grader.detectors.invalid_api import invalid_api
from grader.detectors.invalid_value import invalid_value
from grader.engine import solution_of
from grader.model.hits import Hit
from grader.model.solutions import Pair


def main() -> None:
    """Print each accusation and the written line below it."""
    corpus, side, *dialects = sys.argv[1:]
    for dialect in dialects:
        samples = sorted(Path(corpus).glob(f"{dialect}/*/{side}_RESPONSE.md"))
        many, flagged = 0, 0
        for path in samples:
            solution = solution_of(path.read_text(encoding="utf-8", errors="replace"))
            hits = [hit for one in (invalid_api, invalid_value, deprecated_version) for hit in one.detect(Pair(solution)) if isinstance(hit, Hit)]
            many, flagged = many + len(hits), flagged + bool(hits)
            for hit in hits:
                line = hit.at.line if hit.at else 0
                print(f"{path.parent.name}:{line}: {hit.variant}: {hit.message}")
                print(f"    {solution.document.lines[line - 1].strip()[:160]}" if line else "")
        print(f"{dialect} {side}: {len(samples)} samples, {flagged} of them with {many} accusations")


if __name__ == "__main__":
    main()
