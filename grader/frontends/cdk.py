"""AWS CDK in TypeScript, JavaScript, Python, Java and Go: constructs and the local files they package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.frontends import Reading
from grader.frontends._programs import Construction, class_name, constructions, imports_any, is_text, local_path, properties_of, shown_name
from grader.model.solutions import Asset, Resource, Unit
from grader.model.values import Call, Known, fold, known, look_up

if TYPE_CHECKING:
    from grader.model.documents import Document
    from grader.model.spans import Span
    from grader.model.values import Value

FRAMEWORK = "cdk"
_MODULES = ("aws-cdk-lib", "@aws-cdk/", "aws_cdk", "github.com/aws/aws-cdk-go", "software.amazon.awscdk")
NO_RESOURCES = frozenset(
    "app stack nestedstack stage construct cfnoutput cfnparameter cfncondition cfnmapping cfnrule cfninclude stackprops environment customresourceprovider "
    "policystatement policydocument aspects annotations tags tag token duration size".split()
)
"""Classes that take a scope or look like it and create nothing in the cloud."""
_STEPS = frozenset({"awsstepfunctions", "awsstepfunctionstasks"})
"""Modules whose constructs are the states of a state machine, not resources of their own."""
_PATH_CALLS = {
    "codefromasset": True,
    "codeasset": True,
    "codefromdockerbuild": True,
    "sourceasset": None,
    "dockerimagecodefromimageasset": True,
    "codefromassetimage": True,
    "containerimagefromasset": True,
    "dockerimagefromasset": True,
    "dockerimagefrombuild": True,
    "ecrimagecodefromassetimage": True,
    "apidefinitionfromasset": False,
    "schemafilefromasset": False,
    "definitionfromfile": False,
    "definitionbodyfromfile": False,
    "schemafromasset": False,
    "documentfromasset": False,
    "functioncodefromfile": False,
    "cfnincludefromfile": False,
    "assetcode": True,
    "assetimage": True,
}
"""Calls whose first argument is a local path, by folded name; true for a folder, false for a file, None for either."""
_PATH_PROPERTIES = {
    "nodejsfunction": ("entry", False),
    "pythonfunction": ("entry", True),
    "pythonlayerversion": ("entry", True),
    "gofunction": ("entry", None),
    "asset": ("path", None),
    "dockerimageasset": ("directory", True),
    "cfninclude": ("templateFile", False),
}
"""Constructs with a property that is a local path, by folded class name: the property, and whether it is a folder."""
_READERS = frozenset({"fsreadfilesync", "readfilesync", "filesreadstring", "filesreadallbytes", "osreadfile", "ioutilreadfile"})


def claims(unit: Unit) -> bool:
    """A file that imports the CDK."""
    return imports_any(unit, _MODULES)


def read(units: Sequence[Unit], document: Document) -> Reading:  # noqa: ARG001 - the shape of a front end
    """Constructs with a scope and an id become resources; look-ups (`fromX`) are marked as data."""
    resources: list[Resource] = []
    assets: list[Asset] = []
    unresolved: list[tuple[str, Span]] = []
    own = {symbol.name.rsplit(".", 1)[-1] for unit in units for symbol in unit.symbols}
    for made in constructions(units):
        resource = _resource(made, own)
        if resource is not None:
            resources.append(resource)
        for asset in _assets(made):
            if isinstance(asset, Asset):
                assets.append(asset)
            else:
                unresolved.append(asset)
    return Reading(tuple(resources), tuple(assets), unresolved=tuple(unresolved))


def submodule(module: str, path: str) -> str:
    """`aws_s3` for a class of that module, in whichever language it is imported; empty for the root module."""
    if module.startswith("software.amazon.awscdk"):
        rest = module.removeprefix("software.amazon.awscdk").strip(".").removeprefix("services.")
        return f"aws_{rest.replace('.', '_')}" if rest else ""
    if module.startswith("github.com/aws/aws-cdk-go"):
        last = module.rsplit("/", 1)[-1]
        return f"aws_{last.removeprefix('aws')}" if last.startswith("aws") and last != "awscdk" else ""
    inside = module.removeprefix("aws-cdk-lib").removeprefix("@aws-cdk").removeprefix("aws_cdk").strip("/.")
    head = path.rsplit(".", 1)[0] if "." in path else ""
    return ".".join(part for part in (inside.replace("-", "_").replace("/", "."), head) if part)


def _imported_whole(made: Construction, own: set[str]) -> bool:
    """Whether a Java class without a known package comes from a wildcard import of the CDK, since nothing of the answer declares it."""
    call = made.call
    wild = any(one.name == "*" and one.module.startswith(_MODULES) for one in made.unit.imports)
    return wild and made.unit.file.language == "java" and call.new and not call.module and class_name(call.path) not in own


def _resource(made: Construction, own: set[str]) -> Resource | None:
    call = made.call
    if call.receiver is not None or not (call.module.startswith(_MODULES) or _imported_whole(made, own)):
        return None
    last = call.path.rsplit(".", 1)[-1].rsplit("_", 1)[-1]
    data = last[:4].lower() == "from" and (last[4:5].isupper() or last[4:5] == "_")
    scope, name = _scope_and_id(call)
    if scope is None or name is None or not is_text(name) or (data and len(call.args) + len(call.keywords) < 3):
        return None
    if not data and not call.new and made.unit.file.language != "python":
        return None
    kind = class_name(call.path)
    if data:
        kind = class_name(call.path.rsplit(".", 1)[0] if "." in call.path else call.path.split("_", 1)[0])
    elif not kind[:1].isupper():
        return None
    if fold(kind) in NO_RESOURCES:
        return None
    where = submodule(call.module, call.path.rsplit(".", 1)[0] if data and "." in call.path else call.path)
    if fold(where) in _STEPS and fold(kind) != "statemachine":
        return None
    kind = f"aws-cdk-lib.{where}.{kind}" if where else f"aws-cdk-lib.{kind}"
    return Resource(kind, shown_name(name), properties_of(call), call.span, made.unit.file, data, made.binding.many, made.bound, made.binding.owner)


def _scope_and_id(call: Call) -> tuple[Value | None, Value | None]:
    if len(call.args) >= 2:
        return call.args[0], call.args[1]
    scope, name = look_up(call.keywords, "scope"), look_up(call.keywords, "id")
    return (call.args[0] if call.args else scope), (name if name is not None else None)


def _assets(made: Construction) -> Iterator[Asset | tuple[str, Span]]:
    call, file = made.call, made.unit.file
    name = fold(call.path.split(".", 1)[1] if call.path.startswith("aws_") and "." in call.path else call.path)
    value: Value | None = None
    directory: bool | None = None
    if call.module.startswith(_MODULES) and name in _PATH_CALLS and call.args:
        value, directory = call.args[0], _PATH_CALLS[name]
    elif call.module.startswith(_MODULES) and fold(class_name(call.path)) in _PATH_PROPERTIES:
        key, directory = _PATH_PROPERTIES[fold(class_name(call.path))]
        value = look_up(properties_of(call), key)
    elif (name in _READERS and call.args) or (
        call.path == "open" and not call.module and call.receiver is None and _reads(call) and file.language == "python"
    ):
        value, directory = call.args[0], False
    if value is None:
        return
    where = local_path(value, file)
    api = call.path
    if where is None:
        yield f"the path given to `{api}` is not a constant", call.span
    elif where.path and not where.path.startswith(("/", "http://", "https://", "s3://")):
        yield Asset(where.path, api, value.span, file, where.base, directory, resource=made.bound)


def _reads(call: Call) -> bool:
    """Whether a Python `open` reads: no mode, or one without w, a or x."""
    mode = call.args[1] if len(call.args) > 1 else look_up(call.keywords, "mode")
    return bool(call.args) and (mode is None or (isinstance(mode, Known) and not set("wax+") & set(str(known(mode)))))
