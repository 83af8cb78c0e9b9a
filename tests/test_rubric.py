"""Rubric files: their mistakes, how they extend each other, what they cost, and wording that cannot run away."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from grader.model.hits import Cause, Fact, Hit
from grader.model.kinds import Confidence, Kind, Severity, Stage, Verdict
from grader.model.spans import Span
from grader.rubric import RubricError, load_rubric, price, schema, shipped_rubrics
from grader.rubric.phrases import as_code, line_list, listed, plural
from grader.rubric.wording import MOST_TEXT, Wording, problems_of
from grader.rubric.yaml_marks import read_marked

SMALL = """\
name: small
version: 3
title: A small rubric
categories:
  - {id: build, title: Build, points: 60}
  - {id: safety, title: Safety, points: 40}
report: {most: 4}
acceptable: 80
criteria:
  - criterion: lost-file
    detector: missing-implementation
    variants: [file]
    category: build
    severity: critical
    points: {each: 20, at_most: 30}
    title: "{{ entities|listed(code=true) }} missing"
    problem: "{{ count }} {{ count|plural('use') }} at {{ lines }}"
  - criterion: lost-name
    detector: missing-implementation
    category: build
    severity: high
    points: {each: 25, at_most: 50}
    title: "{{ entity|code }}"
    problem: "{{ first.message }}"
    impact: ["{% if ideal %}x{% endif %}", "stops"]
  - criterion: open
    detector: network-exposure
    category: safety
    severity: medium
    points: {each: 5, at_most: 40}
    title: "{{ first.message }}"
    problem: "{{ facts.port }}"
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    """The problems of a rubric text, without the folder."""
    with pytest.raises(RubricError) as caught:
        load_rubric(written(folder, text))
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [one.replace(f"{folder}/", "") for one in caught.value.problems]


def cause(kind: Kind, variant: str = "", *, line: int = 1, stops: Stage = Stage.NONE, count: int = 1, facts: dict[str, Fact] | None = None) -> Cause:
    hits = tuple(
        Hit(f"said {n}", Span(line + 10 * n, line + 10 * n), f"name{line + n}", ("owner",), stops=stops, facts=facts or {}) for n in range(count)
    )
    return Cause(kind.value, kind, variant, hits[0].entity, hits)


LOST_FILE = (Kind.MISSING_IMPLEMENTATION, "file")
LOST_NAME = (Kind.MISSING_IMPLEMENTATION, "name")


# ---- mistakes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("severity: critical", "severty: critical", ["mine.yaml:14: unknown key `severty`; did you mean `severity`?"]),
        (
            "detector: network-exposure",
            "detector: network-exposed",
            ["mine.yaml:27: unknown detector `network-exposed`; did you mean `network-exposure`?"],
        ),
        ("severity: high", "severity: hihg", ["mine.yaml:21: unknown severity `hihg`; did you mean `high`?"]),
        ("category: safety", "category: safty", ["mine.yaml:28: criterion `open`: unknown category `safty`; did you mean `safety`?"]),
        ("points: 60", "points: 50", ["mine.yaml:4: the points of all categories add up to 90, not 100"]),
        ("criterion: lost-name", "criterion: lost-file", ["mine.yaml:18: criterion `lost-file` is given twice, first in line 10"]),
        ("id: safety", "id: build", ["mine.yaml:6: category `build` is given twice, first in line 5"]),
        ("{each: 20, at_most: 30}", "{each: 20, at_most: 3}", ["mine.yaml:15: criterion `lost-file`: `at_most` 3 is less than `each` 20"]),
        ("{{ facts.port }}", "{{ facts.port", ["mine.yaml:32: criterion `open`, `problem`: bad template: unexpected end of template"]),
        (
            "{{ facts.port }}",
            "{{ fact.port }}",
            ["mine.yaml:32: criterion `open`, `problem`: bad template: no variable `fact`; did you mean `facts`?"],
        ),
        (
            "{{ entity|code }}",
            "{{ entity|cod }}",
            ["mine.yaml:23: criterion `lost-name`, `title`: bad template: no filter `cod`; did you mean `code`?"],
        ),
        ("version: 3", "version: three", ["mine.yaml:2: `version`: input should be a valid integer"]),
        ("name: small", "name: 12", ["mine.yaml:1: `name`: input should be a valid string (quote it to make it text)"]),
        ("acceptable: 80", "acceptable: 80\nacceptable: 90", ["mine.yaml:9: `acceptable` is given twice"]),
        ('    problem: "{{ facts.port }}"\n', "", ["mine.yaml:26: criterion `open`: `problem` is missing"]),
    ],
)
def test_a_mistake_is_one_line_with_its_place_and_the_right_word(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert old in SMALL
    found = problems(tmp_path, SMALL.replace(old, new, 1))
    assert [one[: len(want)] for one, want in zip(found, expected, strict=True)] == expected


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = SMALL.replace("severity: critical", "severity: worst", 1).replace("{{ facts.port }}", "{{ now }}").replace("report:", "reprot:")
    assert [one.split(": ")[0] for one in problems(tmp_path, text)] == ["mine.yaml:7", "mine.yaml:14", "mine.yaml:32"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("a: [", 1), ("- 1", 1), ("name: a\n\tb: c", 2), ("&a [*a]", 1), ("a: &a\n  b: *a", 1), ("key: \x00", 1), ("3: {}", 1)],
)
def test_what_is_no_rubric_is_a_problem_and_nothing_worse(tmp_path: Path, text: str, line: int) -> None:
    found = problems(tmp_path, text)
    assert found
    assert found[0].startswith(f"mine.yaml:{line}: ")


def test_aliases_cannot_grow_without_bound() -> None:
    bomb = "a: &a0 [x, x]\n" + "".join(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(RubricError, match="too many values"):
        read_marked(bomb, "bomb.yaml")


def test_a_name_that_is_not_shipped_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="did you mean `default`"):
        load_rubric("defualt")
    with pytest.raises(RubricError, match=r"none\.yaml:1: no such file"):
        load_rubric(tmp_path / "none.yaml")


# ---- extending


def test_an_extension_changes_adds_and_switches_off(tmp_path: Path) -> None:
    written(tmp_path, SMALL, "small.yaml")
    mine = written(
        tmp_path,
        """\
name: mine
version: 1
extends: small.yaml
acceptable: 95
criteria:
  - criterion: lost-name
    severity: low
    points: {each: 1, at_most: 2}
  - criterion: open
    off: true
  - criterion: clutter
    detector: code-quality
    category: safety
    severity: low
    points: {each: 1, at_most: 1}
    title: "{{ count }}"
    problem: "{{ count }}"
""",
    )
    rubric = load_rubric(mine)
    assert [(one.criterion, one.severity, one.points.each) for one in rubric.criteria] == [
        ("lost-file", Severity.CRITICAL, 20),
        ("lost-name", Severity.LOW, 1),
        ("clutter", Severity.LOW, 1),
    ]
    assert (rubric.name, rubric.version, rubric.title, rubric.acceptable, rubric.most) == ("mine", 1, "A small rubric", 95, 4)
    assert [one.id for one in rubric.categories] == ["build", "safety"]


def test_an_extension_of_the_shipped_rubric_prices_like_it(tmp_path: Path) -> None:
    mine = load_rubric(written(tmp_path, "name: mine\nversion: 1\nextends: default\n"))
    causes = [cause(*LOST_FILE, stops=Stage.BUILD)]
    assert price(mine, causes) == price(load_rubric(), causes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: m\nversion: 1\nextends: defualt\n", "mine.yaml:3: no rubric `defualt`; did you mean `default`?"),
        ("name: m\nversion: 1\nextends: mine.yaml\n", "mine.yaml:3: `mine.yaml` extends this file in turn"),
        (
            "name: m\nversion: 1\nextends: default\ncriteria:\n  - {criterion: missing-fil, off: true}\n",
            "mine.yaml:5: no criterion `missing-fil` to switch off; did you mean `missing-file`?",
        ),
        (
            "name: m\nversion: 1\nextends: default\ncategories: [{id: requirements, title: R, points: 100}]\n",
            "mine.yaml:4: criterion `truncated-response`: unknown category `implementation`; one of `requirements`",
        ),
    ],
)
def test_a_wrong_extension_is_told_at_its_line(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text)[0] == expected


# ---- prices


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path, SMALL)


def test_nothing_wrong_is_exactly_100(small: Path) -> None:
    for rubric in (load_rubric(small), load_rubric()):
        grade = price(rubric, [])
        assert (grade.score, grade.verdict, grade.faults, grade.unlisted) == (100.0, Verdict.ACCEPTABLE, (), 0)


def test_a_fault_costs_each_whatever_its_number_of_hits(small: Path) -> None:
    grade = price(load_rubric(small), [cause(*LOST_FILE, count=9)])
    assert (grade.score, grade.faults[0].cost, grade.verdict) == (80.0, 20.0, Verdict.ACCEPTABLE)


def test_a_criterion_costs_at_most_its_cap_and_a_category_its_points(small: Path) -> None:
    rubric = load_rubric(small)
    files = [cause(*LOST_FILE, line=n) for n in (1, 40)]
    assert [one.cost for one in price(rubric, files).faults] == [20.0, 10.0]
    names = [cause(*LOST_NAME, line=n) for n in (5, 60)]
    grade = price(rubric, [*names, *files])
    assert [one.cost for one in grade.faults] == [20.0, 10.0, 25.0, 5.0]
    assert [(one.id, one.earned, one.faults) for one in grade.categories] == [("build", 0, 4), ("safety", 40, 0)]
    assert grade.score == 40.0


def test_a_line_that_needs_an_ideal_is_silent_without_one(tmp_path: Path) -> None:
    rubric = load_rubric(written(tmp_path, SMALL.replace("    severity: high", "    severity: high\n    needs_ideal: true", 1)))
    causes = [cause(*LOST_FILE), cause(*LOST_NAME)]
    assert [one.criterion for one in price(rubric, causes).faults] == ["lost-file", "lost-name"]
    assert [one.criterion for one in price(rubric, causes, alone=True).faults] == ["lost-file"]


def test_what_no_criterion_names_costs_nothing_and_is_not_told(small: Path) -> None:
    grade = price(load_rubric(small), [cause(Kind.COST, stops=Stage.BUILD)])
    assert (grade.score, grade.faults, grade.verdict) == (100.0, (), Verdict.ACCEPTABLE)


def test_the_first_line_that_applies_prices(small: Path) -> None:
    grade = price(load_rubric(small), [cause(*LOST_NAME), cause(*LOST_FILE)])
    assert [one.criterion for one in grade.faults] == ["lost-file", "lost-name"]


def test_faults_stand_worst_first_then_by_stage_then_by_line(small: Path) -> None:
    causes = [
        cause(Kind.NETWORK_EXPOSURE, line=2),
        cause(*LOST_NAME, line=90),
        cause(*LOST_NAME, line=70),
        cause(*LOST_NAME, line=80, stops=Stage.DEPLOY),
        cause(*LOST_NAME, line=95, stops=Stage.BUILD),
        cause(*LOST_FILE, line=99),
    ]
    rubric = dataclasses.replace(load_rubric(small), most=25)
    grade = price(rubric, causes)
    assert [one.cause.hits[0].at for one in grade.faults] == [Span(n, n) for n in (99, 95, 80, 70, 90, 2)]
    assert [one.number for one in grade.faults] == [1, 2, 3, 4, 5, 6]
    assert price(rubric, causes[::-1]) == grade


def test_what_is_not_listed_is_priced_and_counted(small: Path) -> None:
    grade = price(load_rubric(small), [cause(Kind.NETWORK_EXPOSURE, line=n) for n in range(1, 8)])
    assert (len(grade.faults), grade.unlisted, grade.score, grade.categories[1].faults) == (4, 3, 65.0, 7)


def test_costs_of_all_faults_are_what_the_score_lacks(small: Path) -> None:
    rubric = dataclasses.replace(load_rubric(small), most=100)
    grade = price(
        rubric, [cause(kind, variant, line=n) for n in range(1, 9) for kind, variant in (LOST_FILE, LOST_NAME, (Kind.NETWORK_EXPOSURE, ""))]
    )
    assert 100 - sum(one.cost for one in grade.faults) == pytest.approx(grade.score)


def test_what_the_ideal_has_too_is_worded_and_free(small: Path) -> None:
    grade = price(load_rubric(small), [], [cause(*LOST_FILE, stops=Stage.BUILD)])
    assert (grade.score, grade.verdict, grade.shared[0].cost, grade.shared[0].title) == (100.0, Verdict.ACCEPTABLE, 0.0, "`name1` missing")


@pytest.mark.parametrize(
    ("stops", "confidence", "verdict"),
    [
        (Stage.BUILD, Confidence.HIGH, Verdict.DOES_NOT_BUILD),
        (Stage.DEPLOY, Confidence.HIGH, Verdict.DOES_NOT_DEPLOY),
        (Stage.BUILD, Confidence.MEDIUM, Verdict.DEVIATES),
        (Stage.NONE, Confidence.HIGH, Verdict.DEVIATES),
    ],
)
def test_the_verdict_needs_proof(small: Path, stops: Stage, confidence: Confidence, verdict: Verdict) -> None:
    one = cause(*LOST_NAME, stops=stops)
    hits = tuple(dataclasses.replace(hit, confidence=confidence) for hit in one.hits)
    assert price(load_rubric(small), [dataclasses.replace(one, hits=hits)]).verdict is verdict


# ---- wording


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in 'aaaa' %}x{% endfor %}",
        "{% for i in [1, 2] %}x{% endfor %}",
        "{% for a in hits %}{% for b in hits %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 10**9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ 'x'|center(999999999) }}",
        "{{ 'aaa'|replace('a', 'aaaaaaaaa')|replace('a', 'aaaaaaaa') }}",
        "{{ 'aaa'|join('bbbbbbb')|join('ccccccc') }}",
        "{{ hits|map('upper') }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{{ entity.upper() }}",
        "{{ first.__class__ }}",
        "{{ first.mesage }}",
        "{{ 2 ** 9999999 }}",
        "{{ entity - 1 }}",
    ],
)
def test_a_template_that_could_run_away_or_fail_is_refused(source: str) -> None:
    found = list(problems_of(source))
    assert found
    assert all(one.startswith("bad template: ") and "\n" not in one for one in found)


@pytest.mark.parametrize(
    "source", ["{{ " + "(" * 1900 + "1" + ")" * 1900 + " }}", "{{ 'a'" + "|code" * 700 + " }}", "{{ 1" + " + 1" * 990 + " }}", "{% if a %}" * 390]
)
def test_a_deeply_nested_template_is_refused_and_nothing_worse(source: str) -> None:
    assert list(problems_of(source)) == ["bad template: nested too deeply"]


def test_rendered_text_is_capped() -> None:
    long = Wording("{% for hit in hits %}{{ hit.message }}{% endfor %}", "p", (), "")
    hits = tuple(Hit("m" * 1000, Span(1, 1), "e") for _ in range(300))
    assert len(long.render(Cause("cost", Kind.COST, "", "e", hits)).title) == MOST_TEXT


def test_a_template_that_fails_on_facts_gives_the_detectors_sentence() -> None:
    words = Wording("{{ facts.port + 1 }}", "{{ facts.port + 1 }}", ("{{ facts.port + 1 }}",), "").render(cause(Kind.COST, facts={"port": "x"}))
    assert (words.title, words.problem, words.impact) == ("said 0", "said 0", ())


def test_missing_facts_are_empty_and_the_first_hit_that_has_one_wins() -> None:
    hits = (Hit("a", Span(3, 4), "x"), Hit("b", Span(9, 9), "y", facts={"port": 1}), Hit("c", None, "z", facts={"port": 2}))
    words = Wording("{{ facts.port }}{{ facts.none.such }}", "{{ lines }}; {{ first.facts.port }}", (), "").render(
        Cause("cost", Kind.COST, "", "x", hits)
    )
    assert (words.title, words.problem) == ("1", "3-4 and 9;")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("", ""), ("a\n  b", "`a b`"), ("x" * 500, f"`{'x' * 119}…`")],
)
def test_code_survives_what_it_holds(text: str, expected: str) -> None:
    assert as_code(text) == expected


def test_phrases() -> None:
    assert [listed("abcdefg"[:n].split(",")) for n in (0, 1)] == ["", "a"]
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c", "c"], code=True) == "`a`, `b` and `c`"
    assert listed(list("abcdefg"), 3) == "a, b, c and 4 more"
    assert listed(list("abcd"), 3) == "a, b, c and d"
    assert line_list([(127, 141), (797, 797), (755, 755), (818, 818), (756, 756)]) == "127-141, 755-756, 797 and 818"
    assert [plural(n, "entry", "entries") for n in (0, 1, 2)] == ["entries", "entry", "entries"]
    assert plural(2, "line") == "lines"


# ---- what is shipped

FACTS: dict[str, dict[str, Fact]] = {
    "missing-implementation": {"what": "Go type", "uses": 5, "file": "a.go", "listed_line": 7, "declared_in": "`b`", "ideal_files": ("x.go", "y.go")},
    "missing-asset": {"path": "code/a", "api": "Code.fromAsset", "listed_line": 4},
    "missing-external": {"value": "v", "what": "VPC", "runs": "ml.p3.2xlarge (3.8 USD an hour)", "account": "1" * 12, "region": "eu-west-1"},
    "hardcoded-value": {"value": "eu-west-1"},
    "secrets-exposure": {"what": "password"},
    "iam-overpermissive": {"actions": ("s3:*",), "resources": ("*",), "principal": ""},
    "network-exposure": {"cidr": "0.0.0.0/0", "ports": "22", "port": 22},
    "cost": {"instance": "m5.24xlarge", "hourly": 4.6, "monthly": 3364, "price_source": "list", "price_date": "2025", "ideal_instance": "t3.micro"},
    "over-engineering": {"stacks": 7, "ideal_stacks": 1, "ideal_names": ("MainStack",), "resources": 90, "ideal_resources": 12},
    "wrong-platform": {"got": "Pulumi in Go", "want": "Terraform", "source": "ideal"},
}
ABSENT: dict[str, Fact] = {"lack": "nothing filters", "title": "WAF", "type": "t", "have": 1, "want": 3, "types": ("t", "u"), "users": ("api",)}
UNSET: dict[str, Fact] = {"says": "a key", "type": "t", "owner": "files", "path": "Key", "wanted": "x", "got": ""}
FACTS.update(
    {"missing-resource": ABSENT, "missing-config": UNSET, "retention-policy": {**UNSET, "got": "y"}, "missing-output": {"have": 2, "want": 3}}
)
FACTS.update({name: {**ABSENT, **UNSET} for name in ("missing-encryption", "missing-security-control", "missing-monitoring", "availability")})
DEFAULT = shipped_rubrics()["default"]


def test_the_shipped_rubrics_have_no_mistakes() -> None:
    for path in shipped_rubrics().values():
        assert load_rubric(path).digest == load_rubric(path.stem).digest
    assert load_rubric().name == "default"


def test_the_schema_accepts_what_is_shipped_and_refuses_what_is_not() -> None:
    marked = read_marked(DEFAULT.read_text(encoding="utf-8"), "default.yaml")
    jsonschema.validate(marked.data, schema())
    assert isinstance(marked.data, dict)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**marked.data, "criterias": []}, schema())


@pytest.mark.parametrize("criterion", load_rubric().criteria, ids=lambda one: one.criterion)
@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("stops", [Stage.BUILD, Stage.NONE])
@pytest.mark.parametrize("known", [True, False], ids=["facts", "no facts"])
def test_every_line_of_the_default_rubric_words_its_faults(criterion: object, count: int, stops: Stage, known: bool) -> None:  # noqa: FBT001 - a parameter of the table
    from grader.rubric import Criterion  # noqa: PLC0415 - the type of a parameter that pytest passes

    assert isinstance(criterion, Criterion)
    facts = FACTS.get(criterion.detector, {}) if known else {}
    one = cause(criterion.detector, (criterion.variants or ("other",))[0], line=11, stops=stops, count=count, facts=facts)
    words = criterion.wording.render(one)
    assert words.title
    assert words.title != "said 0", "the template failed"
    assert len(words.title) < 200
    assert words.problem
    assert words.correction
    if known:
        assert words.impact
    for text in (words.title, words.problem, *words.impact, words.correction):
        assert not any(bad in text for bad in ("  ", " .", " ,", "()", "``", ": .", "Undefined", "..")), text
        assert Counter(text)["`"] % 2 == 0, text
        assert Counter(text)["("] == Counter(text)[")"], text


def test_the_digest_is_of_the_content_and_not_of_its_form(tmp_path: Path) -> None:
    one = load_rubric(written(tmp_path, SMALL))
    two = load_rubric(written(tmp_path, "# a comment\n" + SMALL.replace("report: {most: 4}", "report:\n  most: 4"), "two.yaml"))
    other = load_rubric(written(tmp_path, SMALL.replace("each: 5,", "each: 6,"), "other.yaml"))
    assert one.digest == two.digest != other.digest
    assert one.digest.startswith("sha256:")
    assert len(one.digest) == len("sha256:") + 64
