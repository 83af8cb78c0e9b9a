"""Local files and folders that packaging a CloudFormation template reads."""

from __future__ import annotations

from posixpath import dirname, splitext
from typing import TYPE_CHECKING

from grader.model.solutions import Asset
from grader.model.values import Fields, Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model.documents import File
    from grader.model.values import Value

_FILE, _EITHER = False, None
_PROPERTIES: Mapping[str, tuple[tuple[str, bool | None], ...]] = {
    "AWS::Serverless::Function": (("CodeUri", _EITHER),),
    "AWS::Serverless::LayerVersion": (("ContentUri", _EITHER),),
    "AWS::Serverless::Api": (("DefinitionUri", _FILE),),
    "AWS::Serverless::HttpApi": (("DefinitionUri", _FILE),),
    "AWS::Serverless::StateMachine": (("DefinitionUri", _FILE),),
    "AWS::Serverless::Application": (("Location", _FILE),),
    "AWS::Serverless::GraphQLApi": (("SchemaUri", _FILE),),
    "AWS::Lambda::Function": (("Code", _EITHER),),
    "AWS::Lambda::LayerVersion": (("Content", _EITHER),),
    "AWS::ApiGateway::RestApi": (("BodyS3Location", _FILE),),
    "AWS::ApiGatewayV2::Api": (("BodyS3Location", _FILE),),
    "AWS::AppSync::GraphQLSchema": (("DefinitionS3Location", _FILE),),
    "AWS::AppSync::Resolver": (("RequestMappingTemplateS3Location", _FILE), ("ResponseMappingTemplateS3Location", _FILE), ("CodeS3Location", _FILE)),
    "AWS::AppSync::FunctionConfiguration": (
        ("RequestMappingTemplateS3Location", _FILE),
        ("ResponseMappingTemplateS3Location", _FILE),
        ("CodeS3Location", _FILE),
    ),
    "AWS::StepFunctions::StateMachine": (("DefinitionS3Location", _FILE),),
    "AWS::ElasticBeanstalk::ApplicationVersion": (("SourceBundle", _EITHER),),
    "AWS::CloudFormation::Stack": (("TemplateURL", _FILE),),
}
"""Properties that `aws cloudformation package` and SAM read from disk, and whether they are a folder."""
_REMOTE = ("s3:", "http:", "https:", "arn:", "/", "~", "$")


def assets(kind: str, name: str, properties: Mapping[str, Value], file: File) -> Iterator[Asset]:
    """The local paths among the properties of one resource."""
    for key, directory in _PROPERTIES.get(kind, ()):
        yield from local(properties.get(key), key, file, directory=directory, resource=name)
    if kind == "AWS::Glue::Job":
        command = properties.get("Command")
        if isinstance(command, Fields):
            yield from local(command.fields.get("ScriptLocation"), "ScriptLocation", file, directory=False, resource=name)


def image_assets(name: str, metadata: Value | None, file: File) -> Iterator[Asset]:
    """The folder that SAM builds a function's image from."""
    if isinstance(metadata, Fields) and "Dockerfile" in metadata.fields:
        yield from local(metadata.fields.get("DockerContext"), "DockerContext", file, directory=True, resource=name)


def local(value: Value | None, api: str, file: File, *, directory: bool | None, resource: str = "") -> Iterator[Asset]:
    """An asset where `value` is a path on disk; nothing for addresses, parameters, and what is not known."""
    if not isinstance(value, Known) or not isinstance(value.value, str) or value.via:
        return
    path = value.value.strip()
    if not path or path.startswith(_REMOTE) or "://" in path or "\n" in path or "{{" in path or "<" in path:
        return
    if directory is None and splitext(path)[1] in {".zip", ".jar", ".war"}:
        directory = False
    base = dirname(file.name) if file.name else ""
    yield Asset(path, api, value.span, file, base, directory, resource=resource)
