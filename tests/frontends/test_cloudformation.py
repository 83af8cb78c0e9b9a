"""CloudFormation and SAM: resources with resolved functions, names declared and used, local files."""

from __future__ import annotations

import json
from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from grader.frontends import Reading, cloudformation, configuration, frontends
from grader.languages import yaml
from grader.markdown import read_document
from grader.model.documents import Document, File
from grader.model.solutions import Category
from grader.model.values import Call, Items, Known, Name, Template, Unknown, Value, look_up

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"


def file(text: str, name: str | None = None, *, whole: bool = True, closed: bool = True) -> File:
    body = dedent(text)
    return File(body, 1, "json" if body.lstrip().startswith("{") else "yaml", name, whole, closed)


def read(*files: File | str) -> Reading:
    given = tuple(one if isinstance(one, File) else file(one) for one in files)
    units = [yaml.parse(one) for one in given]
    return cloudformation.read([one for one in units if cloudformation.claims(one)], Document("", (), (), given))


def missing(*files: File | str) -> list[tuple[int, str, str]]:
    """Line, name and scope of every use of a name that is not declared."""
    reading = read(*files)
    return [(one.span.line, one.name, one.scope) for one in reading.references if (one.scope, one.name) not in reading.symbols]


def names(*files: File | str) -> list[str]:
    return [name for _, name, _ in missing(*files)]


SECTIONS = """\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {Type: String, Default: dev}
  Count: {Type: Number, Default: 2}
  Nets: {Type: CommaDelimitedList, Default: 'a, b'}
  Secret: {Type: String, Default: x, NoEcho: true}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ami/latest}
  Open: {Type: String}
Mappings:
  Sizes:
    dev: {Class: t3.micro}
    prod: {Class: m5.large}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Other:
    Type: AWS::SQS::Queue
  One:
    Type: AWS::S3::Bucket
    Properties:
      X: {}
"""


def resolved(written: str) -> Value:
    """What a property is read as, in a template with parameters, a mapping and another resource."""
    reading = read(SECTIONS.replace("X: {}", f"X: {written}"))
    (one,) = [one for one in reading.resources if one.name == "One"]
    assert not [ref for ref in reading.references if ("", ref.name) not in reading.symbols]
    return one.properties["X"]


def short(value: Value) -> object:
    """A value without its lines."""
    match value:
        case Known():
            return (value.value, value.via) if value.via else value.value
        case Name():
            return f"<{value.path}>"
        case Template():
            return ["text", *map(short, value.parts)]
        case Items():
            return list(map(short, value.items))
        case Call():
            return [value.path, *map(short, value.args)]
        case Unknown():
            return ["unknown", *map(short, value.parts)]
    return {key: short(one) for key, one in value.fields.items()}


FUNCTIONS = [
    ("!Ref Stage", ("dev", "Stage")),
    ("{Ref: Stage}", ("dev", "Stage")),
    ("!Ref Count", (2, "Count")),
    ("!Ref Nets", [("a", "Nets"), ("b", "Nets")]),
    ("!Ref Secret", "<Secret>"),
    ("!Ref Image", "<Image>"),
    ("!Ref Open", "<Open>"),
    ("!Ref Other", "<Other>"),
    ("!Ref AWS::Region", "<AWS::Region>"),
    ("!GetAtt Other.Arn", "<Other.Arn>"),
    ("!GetAtt [Other, Arn]", "<Other.Arn>"),
    ("{'Fn::GetAtt': [Other, Arn]}", "<Other.Arn>"),
    ("{'Fn::GetAtt': Other.Arn}", "<Other.Arn>"),
    ("!Sub plain", "plain"),
    ("!Sub 'a-${Stage}'", ("a-dev", "Stage")),
    ("!Sub 'a-${Open}-${AWS::Region}'", ["text", "a-", "<Open>", "-", "<AWS::Region>"]),
    ("!Sub '${Other.Arn}/*'", ["text", "<Other.Arn>", "/*"]),
    ("!Sub '${!Name}'", "${Name}"),
    ("!Sub ['${A}-${B}', {A: one, B: !Ref Open}]", ["text", "one", "-", "<Open>"]),
    ("{'Fn::Sub': ['${A}', {A: one}]}", "one"),
    ("!Join ['-', [a, b]]", "a-b"),
    ("!Join ['-', [a, !Ref Open]]", ["text", "a", "-", "<Open>"]),
    ("!Join [',', !Ref Nets]", ("a,b", "Nets")),
    ("{'Fn::Join': ['', ['x:', {Ref: Other}]]}", ["text", "x:", "<Other>"]),
    ("!Join [',', !Split ['-', !Ref Open]]", ["unknown", ",", ["Fn::Split", "-", "<Open>"]]),
    ("!If [IsProd, 2, 1]", ["unknown", 2, 1]),
    ("{'Fn::If': [IsProd, yes-it-is, {Ref: 'AWS::NoValue'}]}", ["unknown", "yes-it-is", "<AWS::NoValue>"]),
    ("!FindInMap [Sizes, prod, Class]", ("m5.large", "Sizes")),
    ("!FindInMap [Sizes, !Ref Open, Class]", ["Fn::FindInMap", "Sizes", "<Open>", "Class"]),
    ("!Select [1, [a, b]]", "b"),
    ("!Select [0, !GetAZs '']", ["Fn::Select", 0, ["Fn::GetAZs", ""]]),
    ("!Select [7, [a, b]]", ["Fn::Select", 7, ["a", "b"]]),
    ("{'Fn::Base64': !Sub '${Open}'}", ["Fn::Base64", ["text", "<Open>"]]),
    ("!ImportValue net-Vpc", ["Fn::ImportValue", "net-Vpc"]),
    ("!Cidr [!Ref Open, 4, 8]", ["Fn::Cidr", "<Open>", 4, 8]),
    ("{Condition: {StringEquals: {a: b}}}", {"Condition": {"StringEquals": {"a": "b"}}}),
    ("!Sub [x]", "x"),
    ("!Sub {a: b}", ["unknown", {"a": "b"}]),
    ("!Ref [a, b]", ["unknown", "a", "b"]),
]


@pytest.mark.parametrize(("written", "meant"), FUNCTIONS, ids=[one for one, _ in FUNCTIONS])
def test_a_function_is_what_it_gives(written: str, meant: object) -> None:
    assert short(resolved(written)) == meant


def test_is_registered() -> None:
    assert cloudformation in frontends()
    assert configuration in frontends()


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n", True),
        ("Resources:\n  A:\n    Type: Custom::Thing\n", True),
        (HEAD, True),
        ("Transform: AWS::Serverless-2016-10-31\n", True),
        ("A:\n  Type: AWS::S3::Bucket\n", True),
        ("Parameters:\n  A:\n    Type: String\n", True),
        ('{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}', True),
        ("Resources:\n  cpu: 2\n", False),
        ("kind: Pod\nmetadata: {name: a}\n", False),
        ("resources:\n  a:\n    type: aws:s3:Bucket\n", False),
        ('{"name": "a", "dependencies": {}}', False),
        ("just words\n", False),
        ("", False),
    ],
)
def test_claims_templates_and_their_pieces(text: str, *, claimed: bool) -> None:
    unit = yaml.parse(file(text))
    assert cloudformation.claims(unit) is claimed
    if claimed:
        assert not configuration.claims(unit)


def test_a_resource_has_properties_and_attributes() -> None:
    text = """\
        Resources:
          Store:
            Type: AWS::DynamoDB::Table
            DeletionPolicy: Retain
            Condition: IsProd
            DependsOn: [Key]
            Properties:
              TableName: orders
          Key:
            Type: AWS::KMS::Key
        Conditions:
          IsProd: !Equals [a, a]
        """
    reading = read(text)
    store, key = reading.resources
    assert (store.type, store.name, store.binding) == ("AWS::DynamoDB::Table", "Store", "Store")
    assert store.span == (2, 8)
    assert list(store.properties) == ["TableName", "@DeletionPolicy", "@Condition", "@DependsOn"]
    assert short(look_up(store.properties, "DeletionPolicy") or Unknown(store.span)) == "Retain"
    assert (key.name, dict(key.properties)) == ("Key", {})


def test_declares_every_kind_of_name() -> None:
    reading = read(SECTIONS + "Outputs:\n  Url:\n    Value: x\n")
    assert {name for _, name in reading.symbols} >= {
        "Stage",
        "One",
        "condition:IsProd",
        "output:Url",
        "mapping:Sizes",
        "mapping:Sizes.dev",
        "mapping:Sizes.dev.Class",
    }
    assert reading.symbols["", "Stage"].category is Category.PARAMETER
    assert reading.symbols["", "One"].type == "AWS::S3::Bucket"


USES = [
    ("!Ref Gone", "Gone"),
    ("{Ref: Gone}", "Gone"),
    ("!GetAtt Gone.Arn", "Gone"),
    ("{'Fn::GetAtt': [Gone, Arn]}", "Gone"),
    ("!Sub '${Gone}'", "Gone"),
    ("!Sub '${Gone.Arn}'", "Gone"),
    ("!Sub ['${A}', {A: !Ref Gone}]", "Gone"),
    ("!Sub 'arn:aws:iam::1:user/${aws:username}'", "aws:username"),
    ("!Join ['', [a, !Ref Gone]]", "Gone"),
    ("!If [Gone, a, b]", "condition:Gone"),
    ("!If [IsProd, !Ref Gone, b]", "Gone"),
    ("!FindInMap [Gone, a, b]", "mapping:Gone"),
    ("!FindInMap [Sizes, test, Class]", "mapping:Sizes.test"),
    ("!FindInMap [Sizes, dev, Price]", "mapping:Sizes.dev.Price"),
    ("!FindInMap [Sizes, !Ref Stage, Price]", "mapping:Sizes.*.Price"),
    ("!Ref AWS::Account", "AWS::Account"),
    ("!Ref IsProd", "IsProd"),
    ("[{a: [!Ref Gone]}]", "Gone"),
]


@pytest.mark.parametrize(("written", "name"), USES, ids=[one for one, _ in USES])
def test_a_name_that_nothing_declares(written: str, name: str) -> None:
    assert missing(SECTIONS.replace("X: {}", f"X: {written}")) == [(21, name, "")]


@pytest.mark.parametrize(
    "written",
    [
        "'${Gone}'",
        "!Sub '${!Gone}'",
        "!Sub ['${A}', {A: b}]",
        "!FindInMap [Sizes, !Ref 'AWS::Region', Class]",
        "!FindInMap [Gone, a, b, {DefaultValue: c}]",
        "!Ref AWS::StackName",
        "!ImportValue Gone",
        "{Condition: Gone}",
        "!Sub '${Gone:-x}'",
    ],
)
def test_what_is_no_use_of_an_own_name(written: str) -> None:
    assert missing(SECTIONS.replace("X: {}", f"X: {written}")) == []


def test_names_of_attributes_outputs_and_conditions() -> None:
    text = """\
        AWSTemplateFormatVersion: '2010-09-09'
        Conditions:
          Both: !And [!Condition One, {Condition: Two}, !Equals [!Ref Stage, a]]
        Resources:
          A:
            Type: AWS::S3::Bucket
            Condition: Three
            DependsOn: Four
            UpdatePolicy: {X: !Ref Five}
        Outputs:
          B:
            Condition: Six
            Value: !GetAtt Seven.Arn
            Export: {Name: !Sub '${Eight}'}
        """
    assert sorted((line, name) for line, name, _ in missing(text)) == [
        (3, "Stage"),
        (3, "condition:One"),
        (3, "condition:Two"),
        (7, "condition:Three"),
        (8, "Four"),
        (9, "Five"),
        (12, "condition:Six"),
        (13, "Seven"),
        (14, "Eight"),
    ]


def test_a_shell_variable_in_a_sub_is_a_use_at_its_own_line() -> None:
    script = """\
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          Host:
            Type: AWS::EC2::Instance
            Properties:
              UserData:
                Fn::Base64: !Sub |
                  #!/bin/bash
                  NAME=web
                  echo ${NAME} ${AWS::Region}
                  echo $NAME ${!NAME}
        """
    assert missing(script) == [(10, "NAME", "")]
    assert missing(script.replace("!Sub |", "|")) == []


def test_json_is_read_like_yaml() -> None:
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Resources": {
            "A": {
                "Type": "AWS::S3::Bucket",
                "DependsOn": "B",
                "Properties": {"BucketName": {"Fn::Sub": "x-${Stage}-${C}"}, "Tags": [{"Value": {"Fn::GetAtt": ["D", "Arn"]}}]},
            }
        },
    }
    text = json.dumps(template, indent=2)
    reading = read(text)
    assert short(reading.resources[0].properties["BucketName"]) == ["text", "x-", ("dev", "Stage"), "-", "<C>"]
    assert sorted(names(text)) == ["B", "C", "D"]


SERVERLESS = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    CodeUri: src/
    Environment: {Variables: {T: !Ref Table}}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/hello/
      Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: layers/tools.zip
Outputs:
  Url: {Value: !Sub 'https://${ServerlessRestApi}.x/${ServerlessRestApiProdStage}'}
  Role: {Value: !GetAtt HelloRole.Arn}
  Permission: {Value: !Ref HelloGetPermissionProd}
  Version: {Value: !Ref Hello.Version}
"""


def test_sam_makes_names_and_reads_folders() -> None:
    assert missing(SERVERLESS) == [(6, "Table", "")]
    assert names(SERVERLESS.replace("Transform: AWS::Serverless-2016-10-31\n", "")) != []
    assert [(one.path, one.api, one.directory, one.resource) for one in read(SERVERLESS).assets] == [
        ("functions/hello/", "CodeUri", None, "Hello"),
        ("layers/tools.zip", "ContentUri", False, "Layer"),
        ("src/", "CodeUri", None, ""),
    ]


@pytest.mark.parametrize(
    ("kind", "properties", "found"),
    [
        ("AWS::CloudFormation::Stack", "TemplateURL: ./network.yaml", [("./network.yaml", False)]),
        ("AWS::CloudFormation::Stack", "TemplateURL: https://s3.amazonaws.com/b/network.yaml", []),
        ("AWS::CloudFormation::Stack", "TemplateURL: !Sub 'https://${B}.s3.amazonaws.com/n.yaml'", []),
        ("AWS::Lambda::Function", "Code: ./src", [("./src", None)]),
        ("AWS::Lambda::Function", "Code: {S3Bucket: b, S3Key: k.zip}", []),
        ("AWS::Lambda::Function", "Code: {ZipFile: 'print(1)'}", []),
        ("AWS::Lambda::LayerVersion", "Content: s3://b/k.zip", []),
        ("AWS::Serverless::StateMachine", "DefinitionUri: flow.asl.json", [("flow.asl.json", False)]),
        ("AWS::ApiGateway::RestApi", "Body: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: ./api.yaml}}}", [("./api.yaml", False)]),
        ("AWS::Glue::Job", "Command: {ScriptLocation: jobs/etl.py}", [("jobs/etl.py", False)]),
        ("AWS::Glue::Job", "Command: {ScriptLocation: s3://b/etl.py}", []),
    ],
)
def test_local_files(kind: str, properties: str, found: list[tuple[str, bool | None]]) -> None:
    text = f"Resources:\n  A:\n    Type: {kind}\n    Properties:\n{indent(properties, ' ' * 6)}\n"
    reading = read(file(text, "deploy/main.yaml"))
    assert [(one.path, one.directory) for one in reading.assets] == found
    assert all((one.base, one.span.line) == ("deploy", 5) for one in reading.assets)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Transform: [OwnMacro]\nResources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Made\n", "macro"),
        (
            "Transform: AWS::LanguageExtensions\nResources:\n  'Fn::ForEach::Each':\n    - N\n    - [a, b]\n    - 'Q${N}': {Type: AWS::SQS::Queue}\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Qa\n",
            "loop",
        ),
        (
            "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./more.yaml}}\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Made\n",
            "include",
        ),
        ("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Made\n  # ... other resources\n", "elided"),
    ],
)
def test_where_names_may_come_from_elsewhere_nothing_is_said(text: str, reason: str) -> None:
    del reason
    reading = read(HEAD + text)
    assert reading.references == ()
    assert len(reading.unresolved) == 1
    assert any(one.name == "A" for one in reading.resources)


def test_a_loop_makes_many() -> None:
    text = (
        HEAD
        + "Transform: AWS::LanguageExtensions\nResources:\n  'Fn::ForEach::Each':\n    - N\n    - [a, b]\n    - 'Q${N}': {Type: AWS::SQS::Queue}\n"
    )
    assert [(one.name, one.type, one.many) for one in read(text).resources] == [("Q${N}", "AWS::SQS::Queue", True)]


@pytest.mark.parametrize(
    "given",
    [
        file("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Gone\n", whole=False),
        file("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Gone\n"),
        file("A:\n  Type: AWS::S3::Bucket\n  DependsOn: Gone\n"),
        file(HEAD + "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: Gone\n", closed=False),
    ],
    ids=["fragment", "excerpt", "entries", "cut off"],
)
def test_pieces_accuse_nothing(given: File) -> None:
    assert missing(given) == []
    assert [one.name for one in read(given).resources] == ["A"]


def test_a_name_given_in_an_unnamed_piece_is_given() -> None:
    whole = HEAD + "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: B\n"
    assert names(whole) == ["B"]
    assert names(whole, "B:\n  Type: AWS::SQS::Queue\n") == []


def test_each_of_several_templates_has_its_own_names() -> None:
    network = file(HEAD + "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n", "network.yaml")
    service = file(HEAD + "Resources:\n  A:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref Vpc}\n", "service.yaml")
    assert missing(network, service) == [(5, "Vpc", "service.yaml")]
    both = file(network.text + "---\n" + service.text, "all.yaml")
    assert missing(both) == [(10, "Vpc", "all.yaml:6")]


def test_a_broken_entry_still_declares_its_name() -> None:
    text = """\
        AWSTemplateFormatVersion: '2010-09-09'
        Resources:
          Good:
            Type: AWS::S3::Bucket
            DependsOn: [Bad, Gone]
          Bad:
            Type: AWS::SQS::Queue
            Properties: {a: b: c}
        Outputs:
          X: {Value: !Ref Bad}
        """
    assert yaml.parse(file(text)).problems
    assert names(text) == ["Gone"]


def test_any_shape_is_read() -> None:
    for text in (
        "Resources: []\nAWSTemplateFormatVersion: 1\n",
        "AWSTemplateFormatVersion: 1\nResources: {A: 1, B: [], C: {Type: [1]}, D: {Type: AWS::A::B, Properties: []}}\nOutputs: {A: 1}\nConditions: []\nMappings: {A: 1}\n",
        "AWSTemplateFormatVersion: 1\nResources: {A: {Type: AWS::A::B, Properties: {X: !Sub [], Y: !Ref [], Z: !GetAtt [], F: !FindInMap [], J: !Join [], S: !Select [], I: !If []}}}\n",
        "AWSTemplateFormatVersion: 1\nResources: {'Fn::ForEach::A': [], 'Fn::ForEach::B': [1, 2, 3], A: {Type: AWS::A::B, DependsOn: {a: b}, Condition: [a]}}\n",
    ):
        assert cloudformation.claims(yaml.parse(file(text)))
        read(text)


def test_many_variables_take_linear_time() -> None:
    text = HEAD + "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      X: !Sub '" + "${A}" * 100_000 + "'\n"
    assert len(read(text).references) == 100_000


@pytest.mark.corpus
def test_undeclared_names_in_ideals_stay_those_that_were_read(corpus: Path) -> None:
    """Nine uses in two ideals, each checked against its file: a rise means that something true is accused."""
    found = uses = 0
    for path in sorted(corpus.glob("cfn-*/*/IDEAL_RESPONSE.md")):
        document = read_document(path.read_text(encoding="utf-8", errors="replace"))
        units = [yaml.parse(one) for one in document.files if one.language in yaml.LANGUAGES]
        reading = cloudformation.read([one for one in units if cloudformation.claims(one)], document)
        uses += len(reading.references)
        found += sum((one.scope, one.name) not in reading.symbols for one in reading.references)
    assert uses > 10_000
    assert found <= 9
