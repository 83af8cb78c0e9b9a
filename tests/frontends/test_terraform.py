"""Terraform: resources with resolved properties, and the files that a plan reads."""

from __future__ import annotations

from textwrap import dedent

import pytest

from grader.frontends import Reading, frontends, terraform
from grader.languages import hcl
from grader.model.documents import Document, File
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, walk


def file(text: str, name: str | None = "main.tf") -> File:
    return File(dedent(text), 1, "hcl", name)


def read(*files: File | str) -> Reading:
    given = tuple(one if isinstance(one, File) else file(one) for one in files)
    units = [hcl.parse(one) for one in given]
    return terraform.read([one for one in units if terraform.claims(one)], Document("", (), (), given))


def resolved(*files: File | str) -> Value:
    """The property `x` of the only resource."""
    (resource,) = read(*files).resources
    return resource.properties["x"]


USE = 'resource "a_b" "c" {\n  x = var.v\n}\n'
LOCAL = 'resource "a_b" "c" {\n  x = local.l\n}\n'


def test_is_registered() -> None:
    assert terraform in frontends()


@pytest.mark.parametrize(
    ("name", "text", "claimed"),
    [
        ("main.tf", 'resource "a_b" "c" {}', True),
        (None, "locals {\n  a = 1\n}", True),
        (None, 'instance_type = "t3.micro"', True),
        ("prod.tfvars", 'region = "eu-west-1"', True),
        ("backend-prod.hcl", 'bucket = "state"', True),
        ("web.nomad.hcl", 'job "web" {}', False),
        ("terragrunt.hcl", 'include "root" {\n  path = find_in_parent_folders()\n}\ninputs = {}', False),
        (None, "just prose, nothing else", False),
    ],
)
def test_claims_terraform_only(name: str | None, text: str, *, claimed: bool) -> None:
    assert terraform.claims(hcl.parse(file(text, name))) is claimed


def test_resources_and_data_sources() -> None:
    reading = read('resource "aws_eip" "nat" {\n  count = 2\n}\n\ndata "aws_ami" "base" {\n  owners = ["self"]\n}\n')
    eip, ami = reading.resources
    assert (eip.type, eip.name, eip.binding, eip.data, eip.many, eip.span) == ("aws_eip", "nat", "aws_eip.nat", False, True, Span(1, 3))
    assert (ami.type, ami.name, ami.binding, ami.data, ami.many) == ("aws_ami", "base", "data.aws_ami.base", True, False)
    assert isinstance(ami.properties["owners"], Items)


def test_a_default_resolves_at_the_place_of_its_use() -> None:
    assert resolved(USE, file('variable "v" {\n  default = "t3.micro"\n}\n', "v.tf")) == Known("t3.micro", Span(2, 2), "var.v")


def test_a_local_resolves_through_its_own_definition() -> None:
    text = 'variable "env" {\n  default = "dev"\n}\nlocals {\n  l = "app-${var.env}"\n}\n'
    assert resolved(LOCAL, file(text, "l.tf")) == Known("app-dev", Span(2, 2), "local.l")


def test_members_of_maps_and_lists_resolve() -> None:
    text = 'resource "a_b" "c" {\n  x = "${local.l.sizes["dev"]}/${local.l.zones[1]}"\n}\nlocals {\n  l = { sizes = { dev = 1 }, zones = ["a", "b"] }\n}\n'
    assert resolved(text) == Known("1/b", Span(2, 2), "local.l")


def test_a_map_keeps_what_is_unknown_inside() -> None:
    value = resolved(LOCAL + 'locals {\n  l = { Owner = var.owner, Team = "core" }\n}\n')
    assert isinstance(value, Fields)
    assert value.span == Span(2, 2)
    assert value.fields["Owner"] == Name("var.owner", Span(5, 5))
    assert value.fields["Team"] == Known("core", Span(5, 5), "local.l")


def test_a_local_that_is_a_call_is_the_call() -> None:
    value = resolved(LOCAL + "locals {\n  l = jsonencode({ a = 1 })\n}\n")
    assert isinstance(value, Call)
    assert value.path == "jsonencode"


@pytest.mark.parametrize(
    "definition",
    [
        'variable "v" {}',
        'variable "v" {\n  default = "a"\n}\nvariable "v" {\n  default = "b"\n}',
        'variable "v" {\n  default = true ? "a" : "b"\n}',
    ],
    ids=["no default", "two defaults", "an expression"],
)
def test_what_is_not_told_stays_a_name(definition: str) -> None:
    assert resolved(USE, file(definition, "v.tf")) == Name("var.v", Span(2, 2))


def test_values_files_make_a_variable_unknown_unless_they_agree() -> None:
    default = file('variable "v" {\n  default = "a"\n}\n', "v.tf")
    assert resolved(USE, default, file('v = "b"\n', "prod.tfvars")) == Name("var.v", Span(2, 2))
    assert resolved(USE, default, file('v = "a"\n', "dev.tfvars")) == Known("a", Span(2, 2), "var.v")


def test_the_callers_of_a_module_decide_its_variables() -> None:
    module = file('variable "v" {}\n' + USE, "modules/m/main.tf")
    once = 'module "a" {\n  source = "./modules/m"\n  v = "small"\n}\n'
    assert resolved(module, file(once)) == Known("small", Span(3, 3), "var.v")
    again = once + 'module "b" {\n  source = "./modules/m"\n  v = "large"\n}\n'
    assert resolved(module, file(again)) == Name("var.v", Span(3, 3))


def test_circles_and_explosions_stay_names() -> None:
    assert resolved(LOCAL + "locals {\n  l = local.m\n  m = local.l\n}\n") == Name("local.l", Span(2, 2))
    bomb = "\n".join(f"  m{at} = [local.m{at + 1}, local.m{at + 1}]" for at in range(60))
    value = resolved(f"{LOCAL}locals {{\n  l = local.m0\n{bomb}\n  m60 = 1\n}}\n")
    assert len(list(walk(value))) < 1000


def assets(*files: File | str) -> list[tuple[str, str, str]]:
    return [(one.path, one.base, one.api) for one in read(*files).assets]


def test_paths_have_their_base() -> None:
    text = """\
    resource "aws_lambda_function" "f" {
      filename = "${path.module}/build/f.zip"
    }
    resource "aws_instance" "i" {
      user_data = base64encode(templatefile("${path.root}/init.sh", { a = 1 }))
      key       = file("keys/id.pub")
    }
    """
    assert assets(file(text, "lib/main.tf")) == [
        ("build/f.zip", "lib", "filename"),
        ("init.sh", "lib", "templatefile"),
        ("keys/id.pub", "lib", "file"),
    ]


def test_paths_in_a_called_module_start_at_the_root() -> None:
    module = file('resource "a_b" "c" {\n  x = file("a.txt")\n  y = file("${path.module}/b.txt")\n}\n', "modules/m/main.tf")
    assert assets(module, 'module "m" {\n  source = "./modules/m"\n}\n') == [("a.txt", "", "file"), ("b.txt", "modules/m", "file")]


def test_a_path_through_a_local_is_known() -> None:
    text = 'locals {\n  zip = "${path.module}/f.zip"\n}\nresource "aws_lambda_function" "f" {\n  filename = local.zip\n}\n'
    (asset,) = read(text).assets
    assert (asset.path, asset.span, asset.resource, asset.directory) == ("f.zip", Span(5, 5), "aws_lambda_function.f", False)


def test_what_the_code_builds_is_marked() -> None:
    text = """\
    data "archive_file" "zip" {
      type        = "zip"
      source_dir  = "${path.module}/src"
      output_path = "${path.module}/out.zip"
    }
    resource "local_file" "page" {
      filename = "${path.module}/src/index.html"
      content  = "hello"
    }
    resource "aws_lambda_function" "f" {
      filename = "out.zip"
    }
    resource "null_resource" "build" {
      provisioner "local-exec" {
        command = "make -C layer && zip -r layer.zip layer"
      }
    }
    resource "aws_lambda_layer_version" "l" {
      filename = "layer.zip"
    }
    resource "aws_lambda_function" "g" {
      filename = "absent.zip"
    }
    """
    assert [(one.path, one.built) for one in read(text).assets] == [
        ("src", "local_file"),
        ("out.zip", "archive_file"),
        ("layer.zip", "local-exec"),
        ("absent.zip", ""),
    ]


def test_a_path_with_unknown_parts_is_unresolved() -> None:
    reading = read('resource "a_b" "c" {\n  x = file("scripts/${var.name}.sh")\n}\n')
    assert reading.assets == ()
    assert [span for _, span in reading.unresolved] == [Span(2, 2)]


@pytest.mark.parametrize(
    "expression",
    [
        'fileexists("a.zip") ? filebase64sha256("a.zip") : ""',
        'try(file("a.json"), "{}")',
        'file("~/.ssh/id.pub")',
        'file("/etc/hosts")',
        "data.archive_file.zip.output_path",
        'filename("a")',
    ],
)
def test_no_file_is_required(expression: str) -> None:
    reading = read(f'resource "a_b" "c" {{\n  x = {expression}\n}}\n')
    assert reading.assets == ()
    assert reading.unresolved == ()


def test_a_guarded_resource_requires_no_file() -> None:
    assert assets('resource "aws_lambda_function" "f" {\n  count = fileexists("f.zip") ? 1 : 0\n  filename = "f.zip"\n}\n') == []


def test_other_readers_of_files() -> None:
    text = """\
    resource "aws_instance" "i" {
      provisioner "file" {
        source = "conf/app.conf"
      }
      provisioner "remote-exec" {
        scripts = ["a.sh", "b.sh"]
      }
    }
    data "external" "e" {
      program = ["python3", "${path.module}/query.py"]
    }
    resource "aws_s3_object" "all" {
      for_each = fileset("${path.module}/site", "**")
      source   = "site/${each.value}"
    }
    """
    assert assets(text) == [
        ("conf/app.conf", "", "source"),
        ("a.sh", "", "script"),
        ("b.sh", "", "script"),
        ("query.py", "", "program"),
        ("site", "", "fileset"),
    ]


def test_superseded_files_are_not_read() -> None:
    old = File('resource "a_b" "old" {}\n', 1, "hcl", "main.tf", superseded=True)
    assert [one.name for one in read(old, 'resource "a_b" "new" {}\n').resources] == ["new"]


def test_dynamic_content_resolves() -> None:
    text = 'variable "v" {\n  default = 80\n}\nresource "a_b" "c" {\n  dynamic "x" {\n    for_each = [1]\n    content {\n      port = var.v\n    }\n  }\n}\n'
    value = resolved(text)
    assert isinstance(value, Items)
    content, over = value.items
    assert isinstance(content, Fields)
    assert content.fields["port"] == Known(80, Span(8, 8), "var.v")
    assert isinstance(over, Unknown)


def test_a_template_with_one_unknown_part_stays_a_template() -> None:
    value = resolved('variable "v" {\n  default = "a"\n}\nresource "a_b" "c" {\n  x = "${var.v}-${var.w}"\n}\n')
    assert isinstance(value, Template)
    assert value.text("_") == "a-_"
