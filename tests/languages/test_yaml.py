"""YAML and JSON: values, their lines, what broken text still gives, and what must not take long."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.languages import languages, yaml
from grader.model.documents import File
from grader.model.solutions import Unit
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Unknown, Value, walk

if TYPE_CHECKING:
    from pathlib import Path


def parse(text: str, language: str = "yaml", *, line: int = 1, name: str | None = None) -> Unit:
    return yaml.parse(File(text, line, language, name))


def root(text: str, language: str = "yaml", *, line: int = 1) -> Value:
    """The only document of a text that has nothing wrong."""
    unit = parse(text, language, line=line)
    assert unit.problems == ()
    (binding,) = unit.bindings
    assert binding.name == ""
    return binding.value


def entry(text: str, *path: str, language: str = "yaml", line: int = 1) -> Value:
    value = root(text, language, line=line)
    for key in path:
        assert isinstance(value, Fields)
        value = value.fields[key]
    return value


def plain(value: Value) -> object:
    """A value as Python's own, to compare it with what another reader says."""
    match value:
        case Known():
            return value.value
        case Fields():
            return {key: plain(one) for key, one in value.fields.items()}
        case Items():
            return [plain(one) for one in value.items]
    return value


def said(unit: Unit) -> list[tuple[int, str]]:
    return [(one.span.line, one.message) for one in unit.problems]


def test_reads_both_languages() -> None:
    assert languages()["yaml"] == languages()["json"] == "yaml"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3", 3),
        ("-1_000", -1000),
        ("0x1F", 31),
        ("2.50", 2.5),
        ("true", True),
        ("Yes", True),
        ("off", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("2010-09-09", "2010-09-09"),
        ("012345678901", "012345678901"),
        ("22:22", "22:22"),
        ("1.2.3", "1.2.3"),
        ("9" * 5000, "9" * 5000),
        ("'3'", "3"),
        ('"yes"', "yes"),
        ("!!str 7", "7"),
        ("!!int '7'", 7),
        ("t3.micro", "t3.micro"),
    ],
)
def test_scalars_are_what_a_loader_makes_of_them(written: str, meant: object) -> None:
    value = entry(f"a: {written}\n", "a")
    assert isinstance(value, Known)
    assert (value.value, type(value.value)) == (meant, type(meant))


def test_keys_are_text_as_written() -> None:
    value = root("on: push\n1: one\nyes: no\n")
    assert plain(value) == {"on": "push", "1": "one", "yes": False}


def test_tags_are_calls_whose_arguments_are_the_items() -> None:
    text = "a: !Ref Bucket\nb: !Join ['-', [x, !Ref y]]\nc: !GetAtt q.Arn\nd: !Transform {Name: n}\ne: !Sub |\n  ${x}\n"
    ref = entry(text, "a")
    assert ref == Call("!Ref", Span(1, 1), args=(Known("Bucket", Span(1, 1)),))
    join = entry(text, "b")
    assert isinstance(join, Call)
    assert [type(one) for one in join.args] == [Known, Items]
    made = entry(text, "d")
    assert isinstance(made, Call)
    assert plain(made.args[0]) == {"Name": "n"}
    sub = entry(text, "e")
    assert isinstance(sub, Call)
    assert plain(sub.args[0]) == "${x}\n"


def test_the_span_of_a_value_begins_at_its_key() -> None:
    text = "top:\n  list:\n    - one\n    - two\n\n  # nothing\n  text: |\n    first\n\n    last\n  folded: >\n    one\n    two\n  flow: [\n    1,\n  ]\nend: 1\n"
    assert entry(text, "top", line=11).span == Span(11, 26)
    assert entry(text, "top", "list", line=11).span == Span(12, 14)
    assert entry(text, "top", "text", line=11).span == Span(17, 20)
    assert entry(text, "top", "folded", line=11).span == Span(21, 23)
    assert entry(text, "top", "flow", line=11).span == Span(24, 26)
    assert entry(text, "end", line=11).span == Span(27, 27)
    listed = entry(text, "top", "list", line=11)
    assert isinstance(listed, Items)
    assert [one.span.line for one in listed.items] == [13, 14]


def test_lines_are_those_of_an_editor() -> None:
    assert entry("a: 'x\u2028y'\r\nb: 2\n", "b").span == Span(2, 2)


def test_of_a_key_given_twice_the_later_stays() -> None:
    assert plain(root("a: 1\nb: 2\na: 3\n")) == {"a": 3, "b": 2}


def test_every_document_is_a_binding() -> None:
    unit = parse("a: 1\n---\nb: 2\n---\n- c\n", line=5)
    assert [plain(one.value) for one in unit.bindings] == [{"a": 1}, {"b": 2}, ["c"]]
    assert [one.span.line for one in unit.bindings] == [5, 7, 9]


def test_aliases_share_and_merge() -> None:
    assert plain(root("base: &b {x: 1, y: 2}\none: *b\ntwo:\n  <<: *b\n  y: 3\n")) == {
        "base": {"x": 1, "y": 2},
        "one": {"x": 1, "y": 2},
        "two": {"x": 1, "y": 3},
    }


def test_an_alias_without_anchor_is_a_problem_and_unknown() -> None:
    unit = parse("a: 1\nb: *nowhere\n")
    assert said(unit) == [(2, "found undefined alias 'nowhere'")]
    value = unit.bindings[0].value
    assert isinstance(value, Fields)
    assert isinstance(value.fields["b"], Unknown)


def test_an_alias_inside_its_own_anchor_is_unknown() -> None:
    value = entry("a: &a\n  b: *a\n", "a", "b")
    assert isinstance(value, Unknown)


def test_a_bomb_of_aliases_stays_small() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
    assert sum(1 for _ in walk(root("\n".join(levels)))) < 200_000


BROKEN = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  First:
    Type: AWS::S3::Bucket
  Second:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders: new
      DelaySeconds: 5
  Third:
    Type: AWS::SNS::Topic
Outputs:
  Name:
    Value: !Ref First
"""


def test_a_broken_entry_costs_no_other() -> None:
    unit = parse(BROKEN, line=101)
    assert said(unit) == [(108, "mapping values are not allowed in this context")]
    value = unit.bindings[0].value
    assert isinstance(value, Fields)
    assert not value.complete
    resources = value.fields["Resources"]
    assert isinstance(resources, Fields)
    assert list(resources.fields) == ["First", "Second", "Third"]
    assert plain(resources.fields["Third"]) == {"Type": "AWS::SNS::Topic"}
    second = resources.fields["Second"]
    assert isinstance(second, Fields)
    assert plain(second.fields["Type"]) == "AWS::SQS::Queue"
    assert second.span.line == 105
    properties = second.fields["Properties"]
    assert isinstance(properties, Fields)
    assert isinstance(properties.fields["QueueName"], Unknown)
    assert plain(properties.fields["DelaySeconds"]) == 5
    assert plain(value.fields["Outputs"]) != {}


def test_code_at_the_margin_of_a_block_text_costs_one_entry() -> None:
    text = "Resources:\n  Fn:\n    Type: A::B::C\n    Code: |\nimport os\ndef go():\n  return os\n  Next:\n    Type: D::E::F\n"
    unit = parse(text)
    assert unit.problems
    value = unit.bindings[0].value
    assert isinstance(value, Fields)
    resources = value.fields["Resources"]
    assert isinstance(resources, Fields)
    assert plain(resources.fields["Next"]) == {"Type": "D::E::F"}


def test_a_chart_is_no_broken_yaml() -> None:
    assert parse("{{- if .Values.on }}\nkind: Pod\n{{- end }}\n").problems == ()


def test_prose_is_one_text() -> None:
    assert isinstance(parse("Just words and more words\n").bindings[0].value, Known)


JSON = """\
{
  "Resources": {
    "Bucket": {
      "Type": "AWS::S3::Bucket",
      "Properties": {"Tags": [{"Key": "a", "Value": 1}], "On": true, "Off": null, "Text": "x\\ny \\u00e9"}
    }
  }
}
"""


def test_json_is_what_it_is_for_the_standard_library() -> None:
    assert plain(root(JSON, "json")) == json.loads(JSON)


def test_json_has_lines() -> None:
    assert entry(JSON, "Resources", language="json", line=40).span == Span(41, 46)
    assert entry(JSON, "Resources", "Bucket", "Type", language="json", line=40).span == Span(43, 43)


def test_a_first_comment_names_the_file() -> None:
    assert plain(root('// package.json\n{"name": "a", "dependencies": {}}', "json")) == {"name": "a", "dependencies": {}}
    assert plain(root('package.json\n{"name": "a"}', "json")) == {"name": "a"}


@pytest.mark.parametrize(
    "text", ['{"dependencies": {\n// more\n"a": "1"}}', '{"dependencies": {\n"a": "1",\n}}', '{"dependencies": {\n/* more */"a": "1"}}']
)
def test_comments_and_trailing_commas_are_problems_only_where_the_reader_takes_none(text: str) -> None:
    assert [line for line, _ in said(parse(text, "json"))] == [2]
    assert said(parse(text, "json", name="tsconfig.json")) == []
    assert said(parse(text.replace("dependencies", "example"), "json")) == []
    value = parse(text, "json").bindings[0].value
    assert plain(value) == {"dependencies": {"a": "1"}}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"a": 1\n "b": 2}', 2, 'expected `,` before `"b"`'),
        ('{"a" 1}', 1, "expected `:` after `a`"),
        ('{"a": }', 1, "`a` has no value"),
        ('{"a": 1,\n b: 2}', 2, "a text needs double quotes: `b`"),
        ("{\"a\": 'x'}", 1, "a text needs double quotes: `'x'`"),
        ('{\n"a": [1, 2\n', 2, "`[` of line 2 is never closed"),
        ('{"a": [1}', 1, "unexpected `}`: `[` of line 1 is not closed"),
        ('{"a": "x\n"}', 1, "a text is not closed"),
        ('{"a": yes}', 1, "unexpected `yes`"),
    ],
)
def test_broken_json_says_what_and_where(text: str, line: int, words: str) -> None:
    unit = parse(text, "json")
    assert said(unit)
    at, message = said(unit)[0]
    assert at == line
    assert words in message
    value = unit.bindings[0].value
    assert isinstance(value, Fields)
    assert "a" in value.fields


def test_members_without_braces_are_a_piece() -> None:
    value = root('"Role": {"Type": "AWS::IAM::Role"},\n"Queue": {"Type": "AWS::SQS::Queue"}', "json")
    assert isinstance(value, Fields)
    assert list(value.fields) == ["Role", "Queue"]


def test_elision_is_no_syntax_error() -> None:
    value = root('{"a": 1, ...}', "json")
    assert isinstance(value, Fields)
    assert not value.complete


DEEP = [
    "[" * 100_000,
    "[" * 50_000 + "]" * 50_000,
    '{"a":' * 100_000,
    "- " * 100_000,
    "{a: " * 100_000,
    "&a " * 50_000,
    "? " * 50_000,
    "/*" * 100_000,
    '"\\' * 100_000,
    "'" * 100_000,
    "a: b: c\n" * 20_000,
    "\n".join("  " * (at % 40) + "k: " for at in range(20_000)) + "\n]",
]


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:6])
@pytest.mark.parametrize("language", ["yaml", "json"])
def test_no_nesting_and_no_length_breaks_the_reader(text: str, language: str) -> None:
    start = time.perf_counter()
    unit = parse(text, language)
    for binding in unit.bindings:
        for _ in walk(binding.value):
            pass
    assert time.perf_counter() - start < 20


@given(st.text() | st.text(alphabet="[]{}:,-#&*!|>?'\"\\\n a1<%@`\t"), st.sampled_from(["yaml", "json"]), st.integers(1, 50))
@settings(max_examples=300, deadline=None)
@example("\ud800", "yaml", 1)
@example("a: \x00", "yaml", 1)
@example("---", "yaml", 1)
@example('"\\', "json", 1)
def test_any_text_is_read_and_spans_lie_inside(text: str, language: str, line: int) -> None:
    unit = parse(text, language, line=line)
    last = line + text.count("\n")
    for binding in unit.bindings:
        for value in walk(binding.value):
            assert line <= value.span.line <= value.span.end_line <= last
    for problem in unit.problems:
        assert line <= problem.span.line <= last


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
@settings(max_examples=200, deadline=None)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert plain(root(json.dumps([value], indent=1), "json")) == [value]


@pytest.mark.corpus
def test_json_of_the_corpus_agrees_with_the_standard_library(corpus: Path) -> None:
    fence = re.compile(r"^```json[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
    seen = 0
    for path in sorted(corpus.glob("*/*/*_RESPONSE.md")):
        for block in fence.findall(path.read_text(encoding="utf-8", errors="replace")):
            try:
                expected = json.loads(block)
            except ValueError:
                continue
            seen += 1
            assert plain(root(block, "json")) == expected, path
    assert seen > 100
