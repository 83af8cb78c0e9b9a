"""The dialect-blind model of one answer or ideal: resources, symbols, references, assets and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from grader.model.documents import Block, Document, File
from grader.model.paths import is_test
from grader.model.spans import Span
from grader.model.values import Call, Fields, Known, Template, Value, flat


class Category(StrEnum):
    """What a symbol is."""

    FILE = "file"
    MODULE = "module"
    TYPE = "type"
    FUNCTION = "function"
    FIELD = "field"
    VARIABLE = "variable"
    LOCAL = "local"
    OUTPUT = "output"
    PARAMETER = "parameter"
    RESOURCE = "resource"
    DATA = "data source"
    PROVIDER = "provider"
    MAPPING = "mapping"
    CONDITION = "condition"
    NAME = "name"
    """A plain identifier of a programming language whose category the use does not tell."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something the answer declares.

    `scope` is where the name can be looked up (a Go package folder, a TypeScript or Python module's path without suffix, a Java
    package, a Terraform module folder, empty for a template); `name` is qualified for members (`DataStack.Stream`).
    """

    scope: str
    name: str
    category: Category
    span: Span
    file: File
    type: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of something that only the answer itself can give: `symbols` must hold `(scope, name)`.

    Front ends yield no reference to what an import from outside, the language, or the provider gives, nor to anything they
    cannot resolve. `text` is the use as written; `path` is the file that would give it where the use tells (an import).
    `bases` are types of libraries, (module, path) each, that may give a member as well: only where none of them has it is it missing.
    """

    scope: str
    name: str
    category: Category
    span: Span
    file: File
    text: str = ""
    path: str = ""
    bases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A cloud resource the code declares.

    `type` is the dialect's own name (`AWS::S3::Bucket`, `aws_s3_bucket`, `aws-cdk-lib.aws_s3.Bucket`, `aws.s3.Bucket`); `name` the
    logical id or the variable; `properties` as written. `data` marks look-ups of what exists. `many` marks loops and counts.
    """

    type: str
    name: str
    properties: Mapping[str, Value]
    span: Span
    file: File
    data: bool = False
    many: bool = False
    binding: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """A local path handed to an API that reads it when the project is built or deployed.

    `path` is as written; `base` is the folder it is relative to where the code tells (`__dirname`, `path.module`), else empty for
    the project's root. `api` is the call or property (`Code.fromAsset`, `filename`). `directory` tells a folder from a file, None if unknown.
    `built` names the tool that makes it (a compiled `dist`, a zip written by `archive_file`) where the answer shows that.
    """

    path: str
    api: str
    span: Span
    file: File
    base: str = ""
    directory: bool | None = None
    built: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A place that the language's parser rejects."""

    message: str
    span: Span
    file: File


@dataclass(frozen=True, slots=True)
class Binding:
    """An outermost expression of a statement: the value, the name it is bound to, and the declaration it stands in.

    `name` is empty for an expression statement, `self.x`/`this.x` are bound as written; `owner` is the qualified function or type
    (`TapStack.__init__`), `many` is true inside a loop or a comprehension.
    """

    value: Value
    span: Span
    file: File
    name: str = ""
    owner: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Unused:
    """An import or local variable that is declared and never used, in a language whose compiler rejects that."""

    name: str
    category: Category
    span: Span
    file: File


class Occurrence(NamedTuple):
    """A value where it stands: the name of the nearest field around it (empty for none) and its statement."""

    key: str
    value: Value
    binding: Binding


class Said(NamedTuple):
    """A text where it stands, as in `Occurrence`; `text` is that of `text_of`, with holes for the parts of a template that are not known."""

    key: str
    text: str
    value: Known | Template
    binding: Binding


@dataclass(frozen=True)
class Solution:
    """One answer, or one ideal, in the form that detectors read."""

    document: Document
    dialect: str = ""
    framework: str = ""
    language: str = ""
    files: tuple[File, ...] = ()
    resources: tuple[Resource, ...] = ()
    symbols: Mapping[tuple[str, str], Symbol] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    assets: tuple[Asset, ...] = ()
    bindings: tuple[Binding, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    unused: tuple[Unused, ...] = ()
    unclaimed: tuple[Block, ...] = ()
    claimed: tuple[File, ...] = ()
    """The files that a front end reads as infrastructure; the others are functions, tests, configuration."""
    unresolved: tuple[tuple[str, Span], ...] = ()
    """What a front end could not resolve and therefore did not check: reason and place."""

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Every value of every file, outermost first, in source order; read once for all detectors."""
        new = tuple.__new__  # half the time of the named tuple's own constructor, and there are thousands of them
        return tuple([new(Occurrence, (key, value, binding)) for binding in self.bindings for key, value in flat(binding.value)])

    @cached_property
    def kept(self) -> dict[object, object]:
        """What `once` has worked out."""
        return {}

    @cached_property
    def claims(self) -> frozenset[int]:
        """The identities (`id`) of the bindings of the files that a front end claims, tests left out."""
        files = {id(file) for file in self.claimed if not is_test(file.name)}
        return frozenset([id(binding) for binding in self.bindings if id(binding.file) in files])

    @cached_property
    def infrastructure(self) -> tuple[Occurrence, ...]:
        """The values of the files that a front end claims, tests left out."""
        claimed = self.claims
        return tuple([one for one in self.occurrences if id(one[2]) in claimed])

    @cached_property
    def texts(self) -> tuple[Said, ...]:
        """The texts among `infrastructure`, the parts of a template after it."""
        found = []
        for key, value, binding in self.infrastructure:
            if isinstance(value, Known):
                if isinstance(value.value, str):
                    found.append(Said(key, value.value, value, binding))
            elif isinstance(value, Template):
                found.append(Said(key, value.text(), value, binding))
        return tuple(found)

    @cached_property
    def structs(self) -> tuple[Occurrence, ...]:
        """The calls and the maps among `infrastructure`."""
        return tuple([one for one in self.infrastructure if isinstance(one[1], Call | Fields)])

    def values(self) -> Iterator[Value]:
        """Every value of the solution, outermost first."""
        return (one.value for one in self.occurrences)

    def calls(self) -> Iterator[Call]:
        """Every call of the solution."""
        for value in self.values():
            if isinstance(value, Call):
                yield value

    def strings(self) -> Iterator[Known | Template]:
        """Every known string and template of the solution."""
        for one in self.occurrences:
            if isinstance(one.value, Template) or (isinstance(one.value, Known) and isinstance(one.value.value, str)):
                yield one.value

    def file_at(self, line: int) -> File | None:
        """The file that holds a line of the document."""
        for file in self.files:
            if file.line <= line <= file.end_line:
                return file
        return None


@dataclass(frozen=True, slots=True)
class Unit:
    """What a language's parser says of one file, before files are linked and a framework reads it."""

    file: File
    package: str = ""
    imports: tuple[Import, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    uses: tuple[Reference, ...] = ()
    bindings: tuple[Binding, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    unused: tuple[Unused, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `local` in this file stands for `name` of `module` (empty `name`: the module itself; `*`: all of it)."""

    module: str
    name: str
    local: str
    span: Span


@dataclass(frozen=True, slots=True)
class Requirements:
    """The task: the prompt's text and lines, and what the sample's metadata say of platform and language."""

    text: str = ""
    lines: tuple[str, ...] = ()
    platform: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a detector reads: the answer, the ideal (None where there is none), and the task."""

    answer: Solution
    ideal: Solution | None = None
    task: Requirements = field(default_factory=Requirements)
