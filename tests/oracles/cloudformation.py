"""Compares what we say of templates with AWS's own `cloudformation-validate`, and with the rules of `cdk-preflight` on it. Development only.

python tests/oracles/cloudformation.py <corpus> [<package folder of cdk-preflight> [templates]]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cloudformation_validate as engines  # type: ignore[import-not-found,unused-ignore] # not a dependency: `pip install cloudformation-validate`

from grader.detectors import detectors
from grader.engine import solution_of
from grader.model.documents import File
from grader.model.hits import Hit
from grader.model.kinds import Stage
from grader.model.solutions import Pair

_FAILS = frozenset({"FATAL", "ERROR"})
_COUNTED, _DOUBTED = "W3030", "E9006"
"""A closed list is only a warning of the engine and is a refusal; versions of engines are judged over defaults and conditions, often wrongly."""


class Template(NamedTuple):
    """One template of the corpus, with the lines at which we say that it stops."""

    side: str
    sample: str
    file: File
    ours: frozenset[int]
    seconds: float


def main() -> None:
    """Print the comparison, then the measurement of the pack where its folder is given."""
    corpus = Path(sys.argv[1])
    held = list(templates(corpus))
    begun = time.perf_counter()
    engine = engines.CelEngine()
    print(f"cloudformation-validate {engines.version()}: made in {time.perf_counter() - begun:.2f} s, {memory()} MB in this process")
    compare(engine, held)
    if len(sys.argv) > 2:
        preflight(Path(sys.argv[2]), held[: int(sys.argv[3]) if len(sys.argv) > 3 else None])


def templates(corpus: Path) -> Iterator[Template]:
    """Every template of every CloudFormation answer and ideal."""
    for path in sorted(corpus.glob("cfn-*/*/*_RESPONSE.md")):
        begun = time.perf_counter()
        solution = solution_of(path.read_text(encoding="utf-8", errors="replace"))
        hits = [hit for one in detectors() if not one.compares for hit in one.detect(Pair(solution)) if isinstance(hit, Hit)]
        spent = time.perf_counter() - begun
        lines = [hit.at.line for hit in hits if hit.at and hit.stops is not Stage.NONE]
        files = [file for file in solution.claimed if not file.superseded and file.language in {"yaml", "json"}]
        for file in files:
            ours = frozenset(line for line in lines if file.line <= line <= file.end_line)
            yield Template(path.name.split("_")[0], path.parent.name, file, ours, spent / len(files))


def compare(engine: engines.CelEngine, held: list[Template]) -> None:
    """Verdicts side by side, every finding of the engine on a resource of which we say nothing, and the times."""
    config = engines.ValidateConfig(detail_level=engines.DetailLevel.STANDARD)
    verdicts, times = Counter[tuple[str, bool, bool]](), []
    for one in held:
        begun = time.perf_counter()
        said = engine.validate_template(engines.TemplateContent(one.file.text, one.file.name or "template"), config).diagnostics
        times.append((time.perf_counter() - begun) * 1000)
        theirs = [found for found in said if (found.severity.name in _FAILS or found.rule_id == _COUNTED) and found.rule_id != _DOUBTED]
        verdicts[one.side, bool(one.ours), bool(theirs)] += 1
        for found in theirs:
            line = one.file.line + (found.start_line or 1) - 1
            if not any(abs(line - own) <= 3 for own in one.ours):
                name = found.entity.logical_id if found.entity else ""
                print(f"  only theirs {one.side} {one.sample}:{line} {found.rule_id} {name} {found.property_path or ''} {found.message[:160]}")
    for side in ("IDEAL", "MODEL"):
        both, clean = verdicts[side, True, True], verdicts[side, False, False]
        ours, alone = verdicts[side, True, False], verdicts[side, False, True]
        total = both + clean + ours + alone
        print(
            f"{side}: {total} templates; same verdict {(both + clean) / max(total, 1):.1%} ({clean} clean, {both} stop), only ours {ours}, only theirs {alone}"
        )
    own = [one.seconds * 1000 for one in held]
    print(
        f"{sum(times) / len(times):.1f} ms a template (median {sorted(times)[len(times) // 2]:.1f}, most {max(times):.0f}), all of our own reading {sum(own) / len(own):.1f} ms; {memory()} MB"
    )


def preflight(folder: Path, held: list[Template]) -> None:
    """The rules of `cdk-preflight`, read out of its package by node, on the engine: cost, and every hit."""
    script = 'const r=require(process.argv[1]+"/lib/rules.generated.js");console.log(JSON.stringify([r.BUNDLED_LIBS,r.BUNDLED_RULES]))'
    out = subprocess.run(["node", "-e", script, str(folder)], capture_output=True, text=True, check=True).stdout
    libraries, rules = json.loads(out)
    sources = [engines.ExternalRuleSource(name=one["name"], content=one["rego"]) for one in libraries]
    sources += [engines.ExternalRuleSource(name=f"{one['id']}.rego", content=one["rego"]) for one in rules if one["severity"] == "ERROR"]
    begun = time.perf_counter()
    engine = engines.RegoEngine(engines.EngineConfig(custom_rules=sources))
    print(f"cdk-preflight: {len(rules)} rules, made in {time.perf_counter() - begun:.1f} s, {memory()} MB in this process")
    times, failed = [], Counter[str]()
    for one in held:
        begun = time.perf_counter()
        try:
            said = engine.validate_template(engines.TemplateContent(one.file.text, one.file.name or "template")).diagnostics
        except engines.ValidationError as error:  # one rule that fails ends the template
            failed[str(error)[:300]] += 1
            continue
        times.append((time.perf_counter() - begun) * 1000)
        for found in said:
            if found.rule_id.startswith("pf-") and found.severity.name in _FAILS:
                print(f"  preflight {one.side} {one.sample}:{one.file.line + (found.start_line or 1) - 1} {found.rule_id} {found.message[:200]}")
    print(
        f"cdk-preflight: {sum(times) / max(len(times), 1):.0f} ms a template over {len(times)}; {memory()} MB; {failed.total()} templates ended by a rule that fails: {dict(failed)}"
    )


def memory() -> int:
    """The most megabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
