"""HCL: the values, declarations and uses of one file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.languages import hcl, languages
from grader.model.documents import Document, File
from grader.model.solutions import Category, Unit
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Scalar, Template, Unknown, Value, walk

CORPUS = Path(os.environ.get("GRADER_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))


def file(text: str, name: str | None = "main.tf", *, line: int = 1) -> File:
    return File(dedent(text), line, "hcl", name)


def parse(text: str, name: str | None = "main.tf") -> Unit:
    return hcl.parse(file(text, name))


def fields(text: str) -> dict[str, Value]:
    """The fields of the only block of a text."""
    (binding,) = parse(text).bindings
    assert isinstance(binding.value, Fields)
    return dict(binding.value.fields)


def value(expression: str) -> Value:
    return fields(f"resource a_b c {{\n  x = {expression}\n}}\n")["x"]


def test_is_registered() -> None:
    assert languages()["hcl"] == "hcl"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"plain"', "plain"),
        ('""', ""),
        (r'"tab\tquote\" \u00e9"', 'tab\tquote" \N{LATIN SMALL LETTER E WITH ACUTE}'),
        ('"$${kept} %%{kept}"', "${kept} %{kept}"),
        ("12", 12),
        ("-2.5", -2.5),
        ("true", True),
        ("null", None),
        ('"${"a"}-${1}"', "a-1"),
    ],
)
def test_scalars_are_known(written: str, read: Scalar) -> None:
    assert value(written) == Known(read, Span(2, 2))


def test_white_space_of_templates_is_kept() -> None:
    template = value('" a ${var.x} b "')
    assert isinstance(template, Template)
    assert template.text("_") == " a _ b "


def test_an_interpolation_alone_is_its_value() -> None:
    assert value('"${var.x}"') == Name("var.x", Span(2, 2))


def test_heredocs_keep_lines_and_lose_their_margin() -> None:
    text = fields('resource a_b c {\n  x = <<-EOT\n    {\n      "k": 1\n    }\n    EOT\n  y = <<EOT\n  kept ${var.z}\nEOT\n}\n')
    assert text["x"] == Known('{\n  "k": 1\n}\n', Span(2, 6))
    kept = text["y"]
    assert isinstance(kept, Template)
    assert kept.text("_") == "  kept _\n"


def test_collections_and_calls() -> None:
    call = value('merge({ Name = "n", "a:b" = [1, 2] }, var.more...)')
    assert isinstance(call, Call)
    assert call.path == "merge"
    first, rest = call.args
    assert isinstance(first, Fields)
    assert list(first.fields) == ["Name", "a:b"]
    assert isinstance(first.fields["a:b"], Items)
    assert isinstance(rest, Unknown)


def test_a_computed_key_leaves_an_object_open() -> None:
    computed = value("{ (var.k) = 1, b = 2 }")
    assert isinstance(computed, Fields)
    assert not computed.complete
    assert computed.fields["b"] == Known(2, Span(2, 2))


def test_what_cannot_be_told_keeps_its_parts() -> None:
    conditional = value('var.big ? "m5.large" : "t3.micro"')
    assert isinstance(conditional, Unknown)
    assert {one.value for one in walk(conditional) if isinstance(one, Known)} == {"m5.large", "t3.micro"}


def test_names_are_as_written() -> None:
    assert value("aws_subnet.app[count.index].id") == Name("aws_subnet.app[count.index].id", Span(2, 2))


def test_a_block_is_a_binding_with_its_address() -> None:
    unit = parse(
        """\
        data "aws_ami" "base" {}
        variable "region" {}
        locals {
          a = 1
        }
        module "net" {
          for_each = var.zones
        }
        provider "aws" {
          alias = "west"
        }
        """
    )
    assert [(one.name, one.span.line, one.many) for one in unit.bindings] == [
        ("data.aws_ami.base", 1, False),
        ("variable.region", 2, False),
        ("locals", 3, False),
        ("module.net", 6, True),
        ("provider.aws", 9, False),
    ]
    assert [one.name for one in unit.symbols] == ["data.aws_ami.base", "var.region", "local.a", "module.net", "provider.aws.west"]


def test_nested_blocks_are_fields_and_repeated_ones_items() -> None:
    group = fields(
        """\
        resource "aws_security_group" "web" {
          ingress {
            from_port = 80
          }
          ingress {
            from_port = 443
          }
          timeouts {
            create = "5m"
          }
        }
        """
    )
    assert isinstance(group["timeouts"], Fields)
    ingress = group["ingress"]
    assert isinstance(ingress, Items)
    assert ingress.complete
    assert [one.span.line for one in ingress.items] == [2, 5]


def test_a_dynamic_block_is_its_content_and_open() -> None:
    unit = parse(
        """\
        resource "aws_security_group" "web" {
          dynamic "ingress" {
            for_each = var.rules
            iterator = rule
            content {
              from_port = rule.value.port
              to_port   = ingress.value
            }
          }
        }
        """
    )
    group = unit.bindings[0].value
    assert isinstance(group, Fields)
    ingress = group.fields["ingress"]
    assert isinstance(ingress, Items)
    assert not ingress.complete
    assert isinstance(ingress.items[0], Fields)
    assert set(ingress.items[0].fields) == {"from_port", "to_port"}
    assert [one.name for one in unit.uses] == ["var.rules", "ingress.value"]


def test_lines_are_those_of_the_document() -> None:
    unit = hcl.parse(file('\nvariable "x" {\n  default = "y"\n}\n', line=40))
    assert unit.bindings[0].span == Span(41, 43)
    assert unit.symbols[0].span == Span(41, 43)


def test_uses_leave_out_what_is_no_declaration() -> None:
    unit = parse(
        """\
        variable "v" {
          type = map(object({ a = string }))
        }
        resource "a_b" "c" {
          for_each = { for k, v in var.v : k => v.a if length(v.a) > 1 }
          name     = "${each.key}-${path.module}-${terraform.workspace}"
          lifecycle {
            ignore_changes       = [tags, launch_template[0].version]
            replace_triggered_by = [a_d.e.id]
          }
          provisioner "local-exec" {
            when    = destroy
            command = "echo ${self.id}"
          }
        }
        moved {
          from = a_b.old
          to   = a_b.c
        }
        terraform {
          required_providers {
            aws = {
              source                = "hashicorp/aws"
              configuration_aliases = [aws.west]
            }
          }
        }
        """
    )
    assert [one.name for one in unit.uses] == ["var.v", "a_d.e"]
    assert "provider.aws.west" in {one.name for one in unit.symbols}


def test_uses_have_their_categories() -> None:
    unit = parse(
        """\
        resource "aws_instance" "i" {
          provider = aws.west
          ami      = data.aws_ami.base.id
          subnet   = module.net["a"].subnet_ids[0]
          tags     = local.tags
          script   = "run ${STAGE}"
        }
        """
    )
    assert [(one.name, one.category) for one in unit.uses] == [
        ("provider.aws.west", Category.PROVIDER),
        ("data.aws_ami.base", Category.DATA),
        ("module.net", Category.MODULE),
        ("module.net.subnet_ids", Category.OUTPUT),
        ("local.tags", Category.LOCAL),
        ("STAGE", Category.NAME),
    ]


def test_a_broken_block_hides_no_other() -> None:
    unit = parse(
        """\
        variable "a" {}
        resource "x_y" "broken" {
          content = f({
            Bad:Key = 1
          })
        }
        output "after" {
          value = var.a
        }
        """
    )
    assert unit.problems
    assert all(Span(2, 6).covers(one.span) for one in unit.problems)
    assert [one.name for one in unit.symbols] == ["var.a", "x_y.broken", "output.after"]
    broken = unit.bindings[1].value
    assert isinstance(broken, Fields)
    assert not broken.complete


def test_a_cut_off_file_keeps_its_last_block() -> None:
    unit = parse('resource "aws_s3_bucket" "b" {\n  bucket = "logs"\n  lifecycle {\n    prevent_destroy = true\n')
    block = unit.bindings[0].value
    assert isinstance(block, Fields)
    assert block.fields["bucket"] == Known("logs", Span(2, 2))
    assert unit.problems


DEEP = 3000


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * DEEP + "]" * DEEP,
        "b {\n" * DEEP + "}\n" * DEEP,
        'resource "a" "b" {\n x = ' + "f(" * DEEP + "1" + ")" * DEEP + "\n}",
        'resource "a" "b" {\n x = a' + "[b" * DEEP + "]" * DEEP + "\n}",
        'resource "a" "b" {\n x = ' + '"${' * DEEP + "1" + '}"' * DEEP + "\n}",
        'resource "a" "b" {\n x = ' + " && ".join(["var.a"] * DEEP) + "\n}",
        'resource "a" "b" {\n' * DEEP,
        "variable x { default = 1e999999 }",
        "\x00",
        "\ud800",
        "a = <<EOT\n",
    ],
)
def test_nothing_raises(text: str) -> None:
    unit = parse(text)
    hcl.link([unit], Document(text, (), (), (unit.file,)))


PIECES = st.sampled_from(
    ['resource "a" "b" {', "}", "x = ", "[", "]", '"', "${", "var.x", "\n", "<<EOT\n", "EOT\n", "{", "(", ")", "# ...", "é", "?", ":", "for k in"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_spans_lie_in_the_file(pieces: list[str]) -> None:
    unit = parse("".join(pieces))
    for binding in unit.bindings:
        for one in walk(binding.value):
            assert 1 <= one.span.line <= one.span.end_line <= unit.file.end_line


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_blocks_of_the_corpus_that_parse_declare_every_head() -> None:
    """Every `variable "x"` at the start of a line of a clean block is a symbol."""
    seen = 0
    for path in sorted(CORPUS.glob("tf-hcl/*/IDEAL_RESPONSE.md"))[:20]:
        for text in re.findall(r"^```(?:hcl|terraform)\n(.*?)^```", path.read_text("utf-8", "replace"), re.MULTILINE | re.DOTALL):
            unit = hcl.parse(File(text, 1, "hcl"))
            if not unit.problems:
                heads = set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))
                assert heads <= {one.name.removeprefix("var.") for one in unit.symbols}
                seen += len(heads)
    assert seen > 100
