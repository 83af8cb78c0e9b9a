"""Local files that Terraform reads: arguments that take a path, file functions, and the tools that make some of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from posixpath import basename, join, normpath
from typing import TYPE_CHECKING

from grader.languages.hcl.modules import folder_of
from grader.model.solutions import Asset
from grader.model.values import Call, Fields, Known, Name, Template, Unknown, Value, children, each, known, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.languages.hcl.constants import Constants
    from grader.languages.hcl.modules import Layout
    from grader.model.solutions import Unit
    from grader.model.spans import Span

_FUNCTIONS: Mapping[str, bool | None] = {
    "file": False,
    "filebase64": False,
    "filebase64sha256": False,
    "filebase64sha512": False,
    "filemd5": False,
    "filesha1": False,
    "filesha256": False,
    "filesha512": False,
    "templatefile": False,
    "fileset": True,
}
"""Functions whose first argument is a path, and whether that is a directory."""

_ARGUMENTS: Mapping[tuple[str, str], bool | None] = {
    ("aws_lambda_function", "filename"): False,
    ("aws_lambda_layer_version", "filename"): False,
    ("aws_synthetics_canary", "zip_file"): False,
    ("aws_s3_object", "source"): False,
    ("aws_s3_bucket_object", "source"): False,
    ("google_storage_bucket_object", "source"): False,
    ("azurerm_storage_blob", "source"): False,
    ("archive_file", "source_file"): False,
    ("archive_file", "source_dir"): True,
}
"""Arguments of resources and data sources that take a path, and whether that is a directory."""

_TAKING = frozenset(kind for kind, _ in _ARGUMENTS)
_FUNCTION = re.compile(r"\b(?:file|filebase64|filemd5|filesha|templatefile)\w*\s*\(|\bfileset\s*\(")

_OUTPUTS: Mapping[str, str] = {"archive_file": "output_path", "local_file": "filename", "local_sensitive_file": "filename"}
"""Resources and data sources that write a file, and the argument that names it."""

_FORGIVING = frozenset({"try", "can", "fileexists"})
"""Functions inside which a file may be absent."""

_BASES = ("path.module", "path.root", "path.cwd")


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a path is used: the address of the block, and its unit."""

    address: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class _Path:
    """A path: its text, the folder it is relative to, and whether `path.module` or its like says so."""

    text: str
    base: str
    anchored: bool

    @property
    def place(self) -> str:
        """The path from the project's folder."""
        return normpath(join(self.base, self.text))


@dataclass(slots=True)
class Assets:
    """The assets of an answer, gathered block by block."""

    modules: Layout
    found: list[Asset] = field(default_factory=list)
    unresolved: list[tuple[str, Span]] = field(default_factory=list)
    built: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    reading: dict[int, bool] = field(default_factory=dict)

    def block(self, kind: str, address: str, written: Fields, known_values: Constants, unit: Unit) -> Fields:
        """Gather from one top-level block as written; `kind` is a resource's or data source's type, empty for other blocks.

        Returns the block with its variables and locals resolved.
        """
        site = _Site(address, unit)
        scope = self.modules.scope(unit)
        block = known_values.resolve(written, scope)
        if not isinstance(block, Fields):
            return written
        fields = block.fields
        repeated = [fields[one] for one in ("count", "for_each") if one in fields]
        if any(_forgives(one) or known(one) == 0 for one in repeated):
            return block
        output = fields.get(_OUTPUTS.get(kind, ""))
        if output is not None:
            path = self._path(output, unit)
            if path is not None:
                self.built.setdefault(path.place, kind)
        if kind in _TAKING:
            for name, value in fields.items():
                if (kind, name) in _ARGUMENTS:
                    self._add(site, value, name, directory=_ARGUMENTS[kind, name])
        for provisioner in each(fields.get("provisioner")):
            if isinstance(provisioner, Fields):
                self._provisioner(site, provisioner)
        if kind == "external":
            self._program(site, fields.get("program"))
        if self._reads_files(unit):
            for call in _calls(written):
                if call.args:
                    self._add(site, known_values.resolve(call.args[0], scope), call.path, directory=_FUNCTIONS[call.path], span=call.span)
        return block

    def _reads_files(self, unit: Unit) -> bool:
        """Whether a file function stands anywhere in the text of a unit."""
        key = id(unit.file)
        if key not in self.reading:
            self.reading[key] = _FUNCTION.search(unit.file.text) is not None
        return self.reading[key]

    def result(self) -> tuple[list[Asset], list[tuple[str, Span]]]:
        """The assets, each with the tool that makes it, and the paths that are not known."""
        commands = "\n".join(self.commands)
        marked = []
        for asset in self.found:
            place = normpath(join(asset.base, asset.path))
            built = self.built.get(place, "")
            if not built and asset.directory is not False:
                built = next((tool for path, tool in self.built.items() if path.startswith(f"{place}/")), "")
            if not built and basename(place) in commands and not asset.directory:
                built = "local-exec"
            marked.append(replace(asset, built=built) if built else asset)
        return marked, self.unresolved

    def _add(self, site: _Site, value: Value, api: str, *, directory: bool | None, span: Span | None = None) -> None:
        path = self._path(value, site.unit)
        if path is None:
            if isinstance(value, Template):
                self.unresolved.append((f"the path of `{api}` is not known", value.span))
        elif path.text and not path.text.startswith(("/", "~")) and "://" not in path.text:
            self.found.append(Asset(path.text, api, span or value.span, site.unit.file, path.base, directory, resource=site.address))

    def _provisioner(self, site: _Site, block: Fields) -> None:
        match block.type:
            case "local-exec":
                command = block.fields.get("command")
                for one in walk(command) if command is not None else ():
                    if isinstance(one, Known) and isinstance(one.value, str):
                        self.commands.append(one.value)
            case "file":
                if "source" in block.fields:
                    self._add(site, block.fields["source"], "source", directory=None)
            case "remote-exec":
                for script in (*each(block.fields.get("script")), *each(block.fields.get("scripts"))):
                    self._add(site, script, "script", directory=False)

    def _program(self, site: _Site, program: Value | None) -> None:
        """The script of an `external` data source: the words that name a place."""
        for word in each(program):
            path = self._path(word, site.unit)
            if path is not None and path.anchored:
                self._add(site, word, "program", directory=False)

    def _path(self, value: Value, unit: Unit) -> _Path | None:
        """The path that a value gives, None where a part of it is not known."""
        folder = folder_of(unit.file)
        root = folder if self.modules.scope(unit) and not self._called(unit) else self.modules.root
        match value:
            case Known(value=str() as text) if "\n" not in text and text.strip():
                return _Path(text, root, anchored=False)
            case Template(parts=(Name(path=path), *rest)) if path in _BASES:
                texts = [one.value for one in rest if isinstance(one, Known) and isinstance(one.value, str)]
                if len(texts) == len(rest):
                    base = root if path != "path.module" else folder or self.modules.root
                    return _Path("".join(texts).lstrip("/"), base, anchored=True)
        return None

    def _called(self, unit: Unit) -> bool:
        scope = self.modules.scope(unit)
        return any(call.target == scope for call in self.modules.calls)


def _calls(block: Fields) -> Iterator[Call]:
    """The file functions of a block that need their file."""
    stack: list[Value] = [block]
    while stack:
        one = stack.pop()
        if isinstance(one, Call):
            if one.path in _FORGIVING:
                continue
            if one.path in _FUNCTIONS:
                yield one
        if isinstance(one, Unknown) and _forgives(one):
            continue
        stack += reversed([inner for _, inner in children(one)])


def _forgives(value: Value) -> bool:
    """Whether an expression asks first whether a file is there."""
    return any(isinstance(one, Call) and one.path == "fileexists" for one in walk(value))
