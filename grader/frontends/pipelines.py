"""CI/CD pipelines: GitHub Actions, GitLab CI, Azure Pipelines, CircleCI, CodeBuild and Bitbucket; their jobs and what jobs need of each other.

A resource is a job, stage or phase, its type `<system>.job` and the like, its properties as written. A job that another job needs must stand in
the same file, so it is a reference; names of included files, templates and orbs are not. A repository that a pipeline checks out
holds files that no answer shows: a script or local action is an asset only where the answer's own project tree lists it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.model.paths import given, normal
from grader.model.solutions import Asset, Category, Reference, Resource, Symbol
from grader.model.values import Fields, Items, Known, Value, each, fields_of, known, strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.model.documents import Document
    from grader.model.solutions import Unit

FRAMEWORK = "cicd"

_GITLAB_STAGES = (".pre", "build", "test", "deploy", ".post")
_GITLAB_KEYWORDS = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script", "after_script", "spec"}
)
_PHASES = frozenset({"install", "pre_build", "build", "post_build"})
_BITBUCKET = frozenset({"default", "branches", "tags", "custom", "pull-requests"})
_SCRIPT = re.compile(r"(?:^|[\s;&|(])(\./[\w./-]{1,200}\.(?:sh|py|js|ts|rb|pl))\b")
_COMMANDS = frozenset({"run", "script", "bash", "command", "commands", "before_script", "after_script"})


@dataclass(slots=True)
class _Found:
    """What is gathered from one file."""

    unit: Unit
    resources: list[Resource] = field(default_factory=list)
    needs: list[tuple[str, str, Value]] = field(default_factory=list)
    """Names that are needed: the name, the key that needs it, and the place."""
    declared: dict[str, Value] = field(default_factory=dict)

    def job(self, kind: str, name: str, value: Value) -> None:
        """Note a job and its name."""
        self.resources.append(Resource(kind, name, fields_of(value), value.span, self.unit.file, binding=name, owner=self.unit.file.label))
        self.declared[name] = value

    def need(self, value: Value | None, key: str, prefix: str = "") -> None:
        """Note the names, or the one name, that `value` holds."""
        for one in each(value):
            name = known(one)
            if isinstance(name, str) and name and "$" not in name and "<<" not in name:
                self.needs.append((prefix + name, f"{key}: {name}", one))


def claims(unit: Unit) -> bool:
    """Whether a file is a pipeline of a system known here."""
    return unit.file.language == "yaml" and _system(unit) is not None


def read(units: Sequence[Unit], document: Document) -> Reading:
    """Jobs, the jobs they need, and the scripts and local actions that the project tree lists."""
    resources: list[Resource] = []
    assets: list[Asset] = []
    symbols: dict[tuple[str, str], Symbol] = {}
    references: list[Reference] = []
    listed = [entry.path.rstrip("/") for entry in document.listing]
    for unit in units:
        reader = _system(unit)
        if reader is None or unit.file.superseded:
            continue
        root = fields_of(unit.bindings[0].value)
        found = _Found(unit)
        closed = reader(root, found)
        scope = unit.file.label
        resources += found.resources
        for name, value in found.declared.items():
            symbols[scope, name] = Symbol(scope, name, Category.RESOURCE, value.span, unit.file)
        if closed and unit.file.whole and unit.file.closed and not unit.problems:
            references += [Reference(scope, name, Category.RESOURCE, at.span, unit.file, text) for name, text, at in found.needs]
        assets += [one for one in _assets(unit) if given(one.path, listed)]
    return Reading(tuple(resources), tuple(assets), symbols, tuple(references))


def _system(unit: Unit) -> Callable[[Mapping[str, Value], _Found], bool] | None:
    """The reader of the system that a file is written for. A reader returns whether all names of the file must be its own."""
    root = unit.bindings[0].value if unit.bindings else None
    if not isinstance(root, Fields):
        return None
    fields = root.fields
    jobs, phases, pipelines = fields.get("jobs"), fields.get("phases"), fields.get("pipelines")
    if isinstance(jobs, Fields):
        if "workflows" in fields or ("version" in fields and "on" not in fields):
            return _circle
        if "on" in fields or any(isinstance(job, Fields) and ("runs-on" in job.fields or "uses" in job.fields) for job in jobs.fields.values()):
            return _github
        return None
    if isinstance(phases, Fields) and not _PHASES.isdisjoint(phases.fields):
        return _codebuild
    if isinstance(pipelines, Fields) and not _BITBUCKET.isdisjoint(pipelines.fields):
        return _bitbucket
    if _is_azure(fields):
        return _azure
    scripted = any(isinstance(job, Fields) and "script" in job.fields for name, job in fields.items() if name not in _GITLAB_KEYWORDS)
    return _gitlab if scripted else None


def _is_azure(fields: Mapping[str, Value]) -> bool:
    heads = {"stages": ("stage", "template"), "jobs": ("job", "deployment", "template"), "steps": ("task", "script", "bash", "checkout")}
    for section, marks in heads.items():
        entries = fields.get(section)
        if isinstance(entries, Items) and any(isinstance(one, Fields) and any(mark in one.fields for mark in marks) for one in entries.items):
            return section != "steps" or "pool" in fields or "trigger" in fields
    return False


def _github(root: Mapping[str, Value], found: _Found) -> bool:
    for name, job in fields_of(root.get("jobs")).items():
        found.job("github-actions.job", name, job)
        found.need(fields_of(job).get("needs"), "needs")
    return True


def _gitlab(root: Mapping[str, Value], found: _Found) -> bool:
    stages = root.get("stages")
    for stage in each(stages):
        found.declared[f"stage:{known(stage)}"] = stage
    for name, job in root.items():
        if name in _GITLAB_KEYWORDS or not isinstance(job, Fields):
            continue
        found.job("gitlab-ci.job", name, job)
        found.need(job.fields.get("extends"), "extends")
        found.need(job.fields.get("dependencies"), "dependencies")
        placed = job.fields.get("stage")
        if known(placed) not in ({".pre", ".post"} if stages is not None else _GITLAB_STAGES):
            found.need(placed, "stage", "stage:")
        for need in each(job.fields.get("needs")):
            inner = fields_of(need)
            if not inner:
                found.need(need, "needs")
            elif not {"pipeline", "project", "optional"} & set(inner):
                found.need(inner.get("job"), "needs")
    return "include" not in root


def _azure(root: Mapping[str, Value], found: _Found) -> bool:
    closed = "extends" not in root
    stages = each(root.get("stages"))
    for stage in stages:
        fields = fields_of(stage)
        name = known(fields.get("stage"))
        if isinstance(name, str):
            found.job("azure-pipelines.stage", name, stage)
            found.need(fields.get("dependsOn"), "dependsOn")
            closed = _azure_jobs(fields.get("jobs"), f"{name}.", found) and closed
        else:
            closed = False
    return _azure_jobs(root.get("jobs"), "", found) and closed


def _azure_jobs(jobs: Value | None, prefix: str, found: _Found) -> bool:
    closed = True
    for job in each(jobs):
        fields = fields_of(job)
        name = known(fields.get("job") or fields.get("deployment"))
        if isinstance(name, str):
            found.job("azure-pipelines.job", prefix + name, job)
            found.need(fields.get("dependsOn"), "dependsOn", prefix)
        else:
            closed = False
    return closed


def _circle(root: Mapping[str, Value], found: _Found) -> bool:
    for name, job in fields_of(root.get("jobs")).items():
        found.job("circleci.job", name, job)
    for flow, workflow in fields_of(root.get("workflows")).items():
        for entry in each(fields_of(workflow).get("jobs")):
            options = fields_of(entry)
            name = str(next(iter(options), None) or known(entry) or "")
            settings = fields_of(options.get(name))
            if "matrix" in settings or not name:
                return False
            found.declared[f"{flow}.{known(settings.get('name')) or name}"] = entry
            found.need(settings.get("requires"), "requires", f"{flow}.")
            if "/" not in name and "type" not in settings:
                found.needs.append((name, f"jobs: {name}", entry))
    return "orbs" not in root and known(root.get("setup")) is not True


def _codebuild(root: Mapping[str, Value], found: _Found) -> bool:
    for name, phase in fields_of(root.get("phases")).items():
        found.job("codebuild.phase", name, phase)
    return True


def _bitbucket(root: Mapping[str, Value], found: _Found) -> bool:
    for name, pipeline in fields_of(root.get("pipelines")).items():
        found.job("bitbucket-pipelines.pipeline", name, pipeline)
    return True


def _assets(unit: Unit) -> Iterator[Asset]:
    """Local actions, local workflows, and scripts that are called by their path."""
    stack: list[tuple[str, Value]] = [("", unit.bindings[0].value)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, Fields):
            stack.extend(reversed(tuple(value.fields.items())))
        elif isinstance(value, Items):
            stack.extend((key, one) for one in reversed(value.items))
        elif key == "uses" and isinstance(value, Known) and str(value.value).startswith("./"):
            path = str(value.value)
            yield Asset(path, "uses", value.span, unit.file, directory=not path.endswith((".yml", ".yaml")))
        elif key in _COMMANDS:
            for text in strings(value):
                for match in _SCRIPT.finditer(str(text.value)) if isinstance(text, Known) else ():
                    if normal(match.group(1)):
                        yield Asset(match.group(1), "run", value.span, unit.file, directory=False)
