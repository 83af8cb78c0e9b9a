"""Compares what `invalid-api` says of Go and Java answers with what their type checkers say, by line. Development only.

python tests/oracles/compiled.py <corpus> go  <gotypes> prefix=folder... -- cdk-go cdktf-go
python tests/oracles/compiled.py <corpus> java <folder with jars> -- cdk-java pulumi-java
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from grader.detectors.invalid_api import invalid_api
from grader.engine import solution_of
from grader.model.hits import Hit
from grader.model.paths import is_test
from grader.model.solutions import Pair, Solution

_GO_NAMES = re.compile(r"^undefined: \w+\.|has no field or method|unknown field|could not import github\.com/(?:aws/aws-cdk-go|cdktf/)")
_JAVA_NAMES = re.compile(r"cannot find symbol|package [\w.]+ does not exist|has private access|no suitable (?:method|constructor)")
_OURS = re.compile(r"\b(?:software\.amazon\.awscdk|software\.constructs|com\.pulumi)\b")
_ERROR = re.compile(r"^(.+\.java):(\d+): error: (.*)$")


class Said(NamedTuple):
    """One error of the type checker at a line of the document; `names` tells that a name does not exist in a library."""

    line: int
    text: str
    names: bool


def main() -> None:
    """Print one table a dialect and side."""
    corpus, language, *rest = sys.argv[1:]
    given, dialects = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    for dialect in dialects:
        for side in ("IDEAL", "MODEL"):
            paths = sorted(Path(corpus).glob(f"{dialect}/*/{side}_RESPONSE.md"))
            solutions = {path.parent.name: solution_of(path.read_text(encoding="utf-8", errors="replace")) for path in paths}
            begun = time.perf_counter()
            theirs = go(solutions, given) if language == "go" else java(solutions, given[0])
            table(dialect, side, solutions, theirs, time.perf_counter() - begun)


def go(solutions: dict[str, Solution], given: list[str]) -> dict[str, list[Said]]:
    """Errors of go/types for every sample."""
    sent = [
        json.dumps(
            {
                "id": name,
                "files": [
                    {"name": file.name or f"unnamed{place}.go", "text": file.text, "line": file.line}
                    for place, file in enumerate(solution.files)
                    if file.language == "go" and not file.superseded
                ],
            }
        )
        for name, solution in solutions.items()
    ]
    done = subprocess.run(given, input="\n".join(sent), capture_output=True, text=True, check=True)
    return {
        one["id"]: [Said(found["line"], found["text"], bool(_GO_NAMES.search(found["text"]))) for found in one["errors"]]
        for one in map(json.loads, done.stdout.splitlines())
    }


def java(solutions: dict[str, Solution], jars: str) -> dict[str, list[Said]]:
    """Errors of javac for every sample, each compiled on its own in a folder that is thrown away."""
    held = ":".join(map(str, sorted(Path(jars).glob("*.jar"))))
    found: dict[str, list[Said]] = {}
    for name, solution in solutions.items():
        with tempfile.TemporaryDirectory() as folder:
            lines: dict[str, int] = {}
            for place, file in enumerate(solution.files):
                if file.language == "java" and not file.superseded and not is_test(file.name):
                    public = re.search(r"^public\s+(?:(?:final|abstract|sealed)\s+)*(?:class|interface|enum|record)\s+(\w+)", file.text, re.MULTILINE)
                    path = Path(folder, str(place), f"{public[1] if public else 'Unnamed'}.java")
                    path.parent.mkdir()
                    path.write_text(file.text, encoding="utf-8")
                    lines[str(path)] = file.line
            command = [
                "javac",
                "-proc:none",
                "-XDshould-stop.ifError=FLOW",
                "-Xmaxerrs",
                "2000",
                "-implicit:none",
                "-cp",
                held,
                "-d",
                f"{folder}/out",
                *lines,
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False) if lines else None
            found[name] = list(_java_errors(done.stderr, lines)) if done else []
    return found


def _java_errors(text: str, lines: dict[str, int]) -> list[Said]:
    """Javac's errors; a symbol belongs to a library where its own lines below the error say so."""
    out: list[Said] = []
    rows = text.split("\n")
    for place, row in enumerate(rows):
        head = _ERROR.match(row)
        if head is None:
            continue
        below: list[str] = []
        for other in rows[place + 1 : place + 8]:
            if _ERROR.match(other):
                break
            below.append(other.strip())
        said = f"{head[3]} {' '.join(below)}"
        library = bool(_OURS.search(said)) or any(one.startswith("location: ") and "package" in one for one in below)
        simple = [one for one in below if one.startswith("location: ")]
        library = library or any(re.search(r"(?:class|interface) (?:\w+\.)*(?:Builder|\w+Args|\w+Props)\b", one) for one in simple)
        out.append(Said(lines[head[1]] + int(head[2]) - 1, said[:220], bool(_JAVA_NAMES.search(head[3])) and library))
    return out


def table(dialect: str, side: str, solutions: dict[str, Solution], theirs: dict[str, list[Said]], seconds: float) -> None:
    """Found and refuted shares of one dialect and side."""
    wanted = found = confirmed = 0
    missed, refuted, spent, after = [], [], 0.0, 0
    by_sample: dict[str, list[Hit]] = defaultdict(list)
    for name, solution in solutions.items():
        begun = time.perf_counter()
        by_sample[name] = [one for one in invalid_api.detect(Pair(solution)) if isinstance(one, Hit)]
        spent += time.perf_counter() - begun
        errors = theirs.get(name, [])
        ours = {hit.at.line for hit in by_sample[name] if hit.at}
        for line in sorted({one.line for one in errors if one.names}):
            wanted += 1
            if any(abs(line - other) <= 1 for other in ours):
                found += 1
            else:
                missed.append(f"{name}:{line}: {next(one.text for one in errors if one.line == line and one.names)}")
        at = {one.line for one in errors}
        for hit in by_sample[name]:
            line = hit.at.line if hit.at else 0
            if any(abs(line - other) <= 1 for other in at):
                confirmed += 1
            elif hit.variant == "property" and any(line - 40 < other < line for other in at):
                after += 1
            else:
                refuted.append(f"{name}:{line}: {hit.message}")
    total, many = sum(map(len, by_sample.values())), max(len(solutions), 1)
    print(
        f"{dialect} {side}: {len(solutions)} samples; the compiler's lines {wanted}, found {found} ({found / max(wanted, 1):.1%}); ours {total}: {confirmed} at the line, {after} later in a chain or literal of which the compiler says the first only, {len(refuted)} refuted; {spent / many * 1000:.1f} ms a sample, the compiler {seconds / many * 1000:.0f} ms"
    )
    for one in refuted:
        print("  refuted", one)
    for one in missed:
        print("  missed", one)


if __name__ == "__main__":
    main()
