"""Compares what `invalid-api` says of Python answers with what ty says with the real packages, by line. Development only.

python tests/oracles/typed_python.py <corpus> <environment with ty and the packages> cdk-py cdk-python pulumi-py cdktf-py
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader.detectors.invalid_api import invalid_api
from grader.engine import solution_of
from grader.model.hits import Hit
from grader.model.paths import is_test
from grader.model.solutions import Pair, Solution

NAMES = {"missing-attribute", "unresolved-attribute", "unknown-argument", "unresolved-import", "missing-module-member"}
"""ty's rules for a name that does not exist."""
CALLS = {"no-matching-overload"}
"""What ty says of a whole call whose arguments fit no overload, at its first line: Pulumi's constructors have two."""
LONGEST = 60
"""Lines of such a call."""
OWN = re.compile(
    r"type `(?:None|str|int|dict|list|object|Unknown|float|bool|tuple|Self@|Traversable|FunctionType|ModuleType)\b|Module `(?:lib|stacks?|tests?)\b|boto|pytest|moto|requests"
)
"""Types of the language and modules that the library has no say in."""
LINE = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+):\d+: (?:error|warning)\[(?P<rule>[\w-]+)\] (?P<text>.*)$")


class Said(NamedTuple):
    """One diagnostic: the line in the answer, the rule and the sentence."""

    line: int
    rule: str
    text: str


def asked(solution: Solution, environment: Path) -> tuple[list[Said], float]:
    """What ty says of the Python files of one answer, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        places: dict[str, int] = {}
        for number, file in enumerate(solution.files):
            if file.language != "python" or file.superseded or is_test(file.name):
                continue
            name = str(PurePosixPath(file.name)) if file.name and ".." not in file.name and not file.name.startswith("/") else f"unnamed{number}.py"
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
            places[name] = file.line
        if not places:
            return [], 0.0
        begun = time.perf_counter()
        done = subprocess.run(
            [str(environment / "bin" / "ty"), "check", "--output-format", "concise", "--python", str(environment), "."],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        spent = time.perf_counter() - begun
        found = [LINE.match(line) for line in done.stdout.splitlines()]
        return [
            Said(int(one["line"]) + places[one["path"]] - 1, one["rule"], one["text"]) for one in found if one is not None and one["path"] in places
        ], spent


def main() -> None:
    """Print one table a dialect and side."""
    corpus, environment, *dialects = sys.argv[1:]
    for dialect in dialects:
        for side in ("IDEAL", "MODEL"):
            table(Path(corpus), Path(environment), dialect, side)


def table(corpus: Path, environment: Path, dialect: str, side: str) -> None:
    """Found and refuted shares of one dialect and side."""
    wanted = found = confirmed = total = count = 0
    spent = asked_for = 0.0
    refuted, missed = [], []
    for path in sorted((corpus / dialect).glob(f"*/{side}_RESPONSE.md")):
        solution = solution_of(path.read_text(encoding="utf-8", errors="replace"))
        if solution.language != "python" or not solution.framework:
            continue
        count += 1
        begun = time.perf_counter()
        hits = [one for one in invalid_api.detect(Pair(solution)) if isinstance(one, Hit) and one.at is not None]
        spent += time.perf_counter() - begun
        oracle, seconds = asked(solution, environment)
        asked_for += seconds
        lines = {one.line for one in oracle}
        ours = {one.at.line for one in hits if one.at}
        calls = {one.line for one in oracle if one.rule in CALLS}
        for one in {(one.line, one.rule): one for one in oracle if one.rule in NAMES | CALLS and not OWN.search(one.text)}.values():
            wanted += 1
            reach = LONGEST if one.rule in CALLS else 1
            if any(one.line - 1 <= line <= one.line + reach for line in ours):
                found += 1
            else:
                missed.append(f"{path.parent.name}:{one.line}: {one.rule} {one.text[:160]}")
        total += len(hits)
        for hit in hits:
            line = hit.at.line if hit.at else 0
            if any(abs(line - other) <= 1 for other in lines) or any(other <= line <= other + LONGEST for other in calls):
                confirmed += 1
            else:
                refuted.append(f"{path.parent.name}:{line}: {hit.message}")
    print(
        f"{dialect} {side}: {count} samples; ty names {wanted}, found {found} ({found / max(wanted, 1):.1%}); ours {total}: {confirmed} at the line, "
        f"{len(refuted)} not told by ty; {spent / max(count, 1) * 1000:.1f} ms a sample, ty {asked_for / max(count, 1) * 1000:.0f} ms"
    )
    for row in refuted:
        print("  refuted", row)
    for row in missed:
        print("  missed", row)


if __name__ == "__main__":
    main()
