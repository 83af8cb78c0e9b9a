"""HCL: what the files of modules need from each other."""

from __future__ import annotations

from textwrap import dedent

import pytest

from grader.languages import Links, hcl
from grader.model.documents import Document, File
from grader.model.solutions import Category, Reference
from grader.model.spans import Span


def file(text: str, name: str | None = "main.tf", *, whole: bool = True) -> File:
    return File(dedent(text), 1, "hcl", name, whole)


def link(*files: File) -> Links:
    return hcl.link([hcl.parse(one) for one in files], Document("", (), (), files))


def missing(*files: File) -> set[tuple[str, str]]:
    """What is used and not declared."""
    links = link(*files)
    return {(one.scope, one.name) for one in links.references} - set(links.symbols)


VPC = 'variable "cidr" {}\nresource "aws_vpc" "main" {\n  cidr_block = var.cidr\n}\noutput "id" {\n  value = aws_vpc.main.id\n}\n'


def test_names_resolve_across_files_of_a_module_only() -> None:
    files = (
        file(VPC, "modules/vpc/main.tf"),
        file('module "vpc" {\n  source = "./modules/vpc"\n  cidr   = local.cidr\n}\nlocals {\n  cidr = "10.0.0.0/16"\n}\n'),
        file('output "vpc" {\n  value = module.vpc.id\n}\noutput "direct" {\n  value = aws_vpc.main.id\n}\n', "outputs.tf"),
    )
    assert missing(*files) == {("", "aws_vpc.main")}


def test_what_a_given_module_does_not_declare_is_missing() -> None:
    files = (
        file(VPC, "modules/vpc/main.tf"),
        file('module "vpc" {\n  source = "./modules/vpc"\n  cidr   = "10.0.0.0/16"\n  name   = "n"\n}\noutput "x" {\n  value = module.vpc.arn\n}\n'),
    )
    assert missing(*files) == {("modules/vpc", "var.name"), ("modules/vpc", "output.arn")}
    parameter = next(one for one in link(*files).references if one.name == "var.name")
    assert (parameter.category, parameter.span, parameter.file.name) == (Category.PARAMETER, Span(4, 4), "main.tf")


def test_a_local_module_must_be_given_and_a_registry_one_not() -> None:
    text = 'module "a" {\n  source = "./modules/a"\n}\nmodule "b" {\n  source = "terraform-aws-modules/vpc/aws"\n  x = module.a.y + module.b.z\n}\n'
    links = link(file(text))
    (absent,) = [one for one in links.references if (one.scope, one.name) not in links.symbols]
    assert absent == Reference("", "modules/a", Category.MODULE, Span(2, 2), absent.file, "./modules/a", "modules/a")


def test_the_only_folder_is_the_root() -> None:
    files = (
        file('provider "aws" {\n  region = var.region\n}\n', "lib/provider.tf"),
        file('variable "region" {}\n', "lib/variables.tf"),
        file('module "m" {\n  source = "./modules/m"\n}\n', "lib/main.tf"),
        file('variable "region" {}\n', "lib/modules/m/variables.tf"),
    )
    links = link(*files)
    assert missing(*files) == set()
    assert ("", "var.region") in links.symbols
    assert ("lib/modules/m", "var.region") in links.symbols
    assert ("", "lib/provider") in links.symbols


def test_sibling_environments_are_modules_of_their_own() -> None:
    files = (file('variable "x" {}\n', "envs/dev/v.tf"), file('output "o" {\n  value = var.x\n}\n', "envs/prod/o.tf"))
    assert missing(*files) == {("envs/prod", "var.x")}


def test_a_name_in_an_unnamed_file_is_looked_up_everywhere() -> None:
    files = (file('variable "x" {}\n', "modules/m/v.tf"), file('output "o" {\n  value = var.x\n}\n', None))
    assert missing(*files) == set()


@pytest.mark.parametrize(
    "other",
    [
        file("# ... other variables unchanged ...\n", "variables.tf"),
        file('variable "x" {\n  default = {{\n}\n', "variables.tf"),
        file('variable "x" { ... }\n', "variables.tf"),
    ],
    ids=["elided", "broken", "ellipsis"],
)
def test_code_that_is_not_shown_may_declare_a_name(other: File) -> None:
    assert missing(file('output "o" {\n  value = var.x\n}\n'), other) == set()


def test_a_comment_with_dots_is_no_elision() -> None:
    assert missing(file('# Waiting for the cluster...\noutput "o" {\n  value = var.x\n}\n')) == {("", "var.x")}


def test_a_fragment_demands_nothing_that_is_not_there() -> None:
    fragment = file('output "o" {\n  value = var.x\n}\n', None, whole=False)
    links = link(file('variable "y" {}\n'), fragment)
    assert links.references == ()
    assert [span for _, span in links.unresolved] == [Span(2, 2)]


def test_packer_and_nomad_need_nothing() -> None:
    assert missing(file('build {\n  sources = ["source.amazon-ebs.x"]\n  name = local.y\n}\n', "image.pkr.hcl")) == set()


def test_check_blocks_declare_their_data() -> None:
    text = 'check "up" {\n  data "http" "page" {\n    url = "https://example.com"\n  }\n  assert {\n    condition = data.http.page.status_code == 200\n  }\n}\n'
    assert missing(file(text)) == set()
