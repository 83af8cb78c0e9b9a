"""Compares what `invalid-api` says of TypeScript answers with what tsc says, by line. Development only.

python tests/oracles/compare.py <corpus> <folder with node_modules> cdk-ts pulumi-ts cdktf-ts
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from grader.detectors.invalid_api import invalid_api
from grader.engine import solution_of
from grader.model.hits import Hit
from grader.model.solutions import Pair

NAMES = {2339, 2551, 2353, 2561, 2305, 2694, 2724, 2614}
"""The codes of tsc for a name that does not exist."""
OTHERS = NAMES | {2769, 2345, 2322, 2554, 2559, 2739, 2740, 2741, 2307, 2613, 2702, 2709, 2749, 18048, 2349, 2351}
"""Codes that may stand on the line for the same reason."""


def main() -> None:
    """Print one table a dialect."""
    corpus, modules, *dialects = sys.argv[1:]
    for dialect in dialects:
        for side in ("IDEAL", "MODEL"):
            table(Path(corpus), modules, dialect, side)


def table(corpus: Path, modules: str, dialect: str, side: str) -> None:
    """Found and refuted shares of one dialect and side."""
    samples, hits, sent, spent = {}, {}, [], 0.0
    for path in sorted((corpus / dialect).glob(f"*/{side}_RESPONSE.md")):
        solution = solution_of(path.read_text(encoding="utf-8", errors="replace"))
        begun = time.perf_counter()
        hits[path.parent.name] = [one for one in invalid_api.detect(Pair(solution)) if isinstance(one, Hit)]
        spent += time.perf_counter() - begun
        samples[path.parent.name] = solution
        files = [
            {"name": file.name or f"unnamed{n}.ts", "text": file.text, "line": file.line}
            for n, file in enumerate(solution.files)
            if file.language == "typescript" and not file.superseded
        ]
        if files:
            sent.append(json.dumps({"id": path.parent.name, "files": files}))
    script = Path(__file__).with_name("tsc.mjs")
    done = subprocess.run(
        ["node", "--max-old-space-size=3000", str(script), modules], input="\n".join(sent), capture_output=True, text=True, check=False
    )
    errors = {one["id"]: one for one in map(json.loads, done.stdout.splitlines())}
    wanted = found = confirmed = literal = broken = 0
    refuted, missed, codes = [], [], Counter[int]()
    for name, said in hits.items():
        oracle = errors.get(name, {"errors": []})["errors"]
        lines = {one["line"] for one in oracle if one["code"] in OTHERS}
        named: dict[tuple[int, int], str] = {}
        for one in oracle:
            if one["code"] in NAMES and one["text"] != "any":
                named.setdefault((one["line"], one["code"]), one["text"])
        syntax = any(one["code"] < 2000 for one in oracle)
        ours = {hit.at.line for hit in said if hit.at}
        for (line, code), text in named.items():
            wanted += 1
            if any(abs(line - other) <= 1 for other in ours):
                found += 1
            else:
                codes[code] += 1
                missed.append(f"{name}:{line}: TS{code} {text[:150]}")
        for hit in said:
            line = hit.at.line if hit.at else 0
            if any(abs(line - other) <= 1 for other in lines):
                confirmed += 1
            elif any(abs(line - other) <= 40 for other in lines) and hit.variant == "property":
                literal += 1
            elif syntax:
                broken += 1
            else:
                refuted.append(f"{name}:{line}: {hit.message}")
    oracle_ms = sum(one["ms"] for one in errors.values()) / max(len(errors), 1)
    total = sum(map(len, hits.values()))
    print(
        f"{dialect} {side}: {len(hits)} samples; tsc names {wanted}, found {found} ({found / max(wanted, 1):.1%}); ours {total}: {confirmed} at the line, {literal} in a literal of which tsc says the first only, {broken} in files with a syntax error, {len(refuted)} refuted; {spent / max(len(hits), 1) * 1000:.1f} ms a sample, tsc {oracle_ms:.0f} ms"
    )
    for one in refuted:
        print("  refuted", one)
    for one in missed:
        print("  missed", one)


if __name__ == "__main__":
    main()
