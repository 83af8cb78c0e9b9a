"""Pipelines: which system a file is for, its jobs, the jobs they need, and the scripts a project tree lists."""

from __future__ import annotations

from textwrap import dedent

import pytest

from grader.frontends import Reading, configuration, frontends, pipelines
from grader.languages import yaml
from grader.model.documents import Document, File, Listed


def file(text: str, name: str | None = "ci.yml", *, whole: bool = True) -> File:
    return File(dedent(text), 1, "yaml", name, whole)


def read(given: File, listing: tuple[Listed, ...] = ()) -> Reading:
    unit = yaml.parse(given)
    return pipelines.read([unit] if pipelines.claims(unit) else [], Document("", (), (), (given,), listing))


def missing(text: str) -> list[tuple[int, str]]:
    reading = read(file(text))
    assert reading.resources
    return [(one.span.line, one.name) for one in reading.references if (one.scope, one.name) not in reading.symbols]


GITHUB = """\
name: Deploy
on: {push: {branches: [main]}}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/setup
      - run: |
          chmod +x x && ./scripts/build.sh --all
          bash ./scripts/test.sh
  deploy:
    needs: [build, verify]
    runs-on: ubuntu-latest
    steps: [{run: echo}]
"""
GITLAB = """\
stages: [build, ship]
.base: {script: [make]}
compile: {stage: build, extends: .base, script: [make]}
release: {stage: publish, needs: [compile, {job: lint}, {job: late, optional: true}], script: [make ship]}
"""
AZURE = """\
trigger: [main]
stages:
  - stage: Build
    jobs:
      - job: Compile
        steps: [{script: make}]
      - job: Test
        dependsOn: [Compile, Lint]
  - stage: Deploy
    dependsOn: Verify
    jobs: [{deployment: Web}]
"""
CIRCLE = """\
version: 2.1
jobs:
  build: {docker: [{image: a}], steps: [checkout]}
workflows:
  main:
    jobs:
      - build
      - hold: {type: approval, requires: [build]}
      - deploy: {requires: [hold, test]}
"""
CODEBUILD = "version: 0.2\nphases:\n  install: {commands: [npm ci]}\n  build: {commands: [npm test]}\n"
BITBUCKET = "pipelines:\n  default:\n    - step: {script: [make]}\n"


def test_is_registered() -> None:
    assert pipelines in frontends()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (GITHUB, ["github-actions.job build", "github-actions.job deploy"]),
        (GITLAB, ["gitlab-ci.job .base", "gitlab-ci.job compile", "gitlab-ci.job release"]),
        (
            AZURE,
            [
                "azure-pipelines.stage Build",
                "azure-pipelines.job Build.Compile",
                "azure-pipelines.job Build.Test",
                "azure-pipelines.stage Deploy",
                "azure-pipelines.job Deploy.Web",
            ],
        ),
        (CIRCLE, ["circleci.job build"]),
        (CODEBUILD, ["codebuild.phase install", "codebuild.phase build"]),
        (BITBUCKET, ["bitbucket-pipelines.pipeline default"]),
    ],
)
def test_jobs_by_system(text: str, kinds: list[str]) -> None:
    assert [f"{one.type} {one.name}" for one in read(file(text)).resources] == kinds
    assert not configuration.claims(yaml.parse(file(text)))


@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {image: a}}\n",
        "apiVersion: batch/v1\nkind: Job\nspec: {}\n",
        "name: app\nruntime: nodejs\n",
        "openapi: 3.0.0\npaths: {}\n",
        "jobs: [a, b]\n",
        "- a\n",
    ],
)
def test_other_documents_are_configuration(text: str) -> None:
    unit = yaml.parse(file(text))
    assert not pipelines.claims(unit)
    assert configuration.claims(unit)
    assert configuration.read([unit], Document("", (), (), ())) == Reading()


@pytest.mark.parametrize("text", ["only words\n", ""])
def test_words_are_no_document_of_data(text: str) -> None:
    assert not configuration.claims(yaml.parse(file(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GITHUB, [(13, "verify")]),
        (GITLAB, [(4, "stage:publish"), (4, "lint")]),
        (AZURE, [(8, "Build.Lint"), (10, "Verify")]),
        (CIRCLE, [(9, "main.test"), (9, "deploy")]),
    ],
)
def test_a_needed_job_must_stand_in_the_file(text: str, found: list[tuple[int, str]]) -> None:
    assert missing(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "include: [other.yml]\n" + GITLAB,
        AZURE.replace("  - stage: Deploy", "  - template: more.yml\n  - stage: Deploy"),
        "orbs: {aws: a/b@1}\n" + CIRCLE,
        GITHUB.replace("[build, verify]", "${{ fromJson(inputs.needs) }}"),
    ],
)
def test_names_of_included_files_are_not_the_files_own(text: str) -> None:
    assert missing(text) == []


def test_a_piece_accuses_nothing() -> None:
    assert read(file(GITHUB, whole=False)).references == ()


def test_a_script_counts_where_the_project_tree_lists_it() -> None:
    assert read(file(GITHUB)).assets == ()
    listing = (Listed("app/scripts/build.sh", 3), Listed(".github/actions/setup", 4, directory=True))
    assert [(one.path, one.api, one.span.line, one.directory) for one in read(file(GITHUB), listing).assets] == [
        ("./.github/actions/setup", "uses", 8, True),
        ("./scripts/build.sh", "run", 9, False),
    ]
