"""Python: what is read from a file, and which names only the answer itself can give."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.languages import Links
from grader.languages.python import link, parse
from grader.markdown import read_document
from grader.model.documents import Document, File, Listed
from grader.model.paths import is_test
from grader.model.solutions import Binding, Category, Unit
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, walk


def read(text: str, name: str | None = "app.py", *, line: int = 1, whole: bool = True, superseded: bool = False) -> Unit:
    return parse(File(dedent(text).lstrip("\n"), line, "python", name, whole, superseded=superseded))


def linked(*units: Unit, listing: tuple[str, ...] = ()) -> Links:
    document = Document("", (), (), tuple(unit.file for unit in units), tuple(Listed(path, 1, path.endswith("/")) for path in listing))
    return link(units, document)


def missing(*units: Unit, listing: tuple[str, ...] = ()) -> list[tuple[str, str, Category]]:
    links = linked(*units, listing=listing)
    return list(dict.fromkeys((one.scope, one.name, one.category) for one in links.references if (one.scope, one.name) not in links.symbols))


def names(*units: Unit, listing: tuple[str, ...] = ()) -> list[str]:
    return [name for _, name, _ in missing(*units, listing=listing)]


def bound(unit: Unit, name: str) -> Binding:
    return next(one for one in unit.bindings if one.name == name)


def value(expression: str, before: str = "") -> Value:
    return bound(read(f"{before}\nresult = {expression}\n"), "result").value


# Values


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a\\tb'", "a\tb"),
        ("r'a\\tb'", "a\\tb"),
        ("'one' 'two'", "onetwo"),
        ("'one' + 'two'", "onetwo"),
        ("'''x\"y'''", 'x"y'),
        ("f'{{x}}'", "{x}"),
        ("'{{x}}'", "{{x}}"),
        ("''", ""),
        ("0x10", 16),
        ("-3", -3),
        ("60 * 24 + 1", 1441),
        ("1.5", 1.5),
        ("True", True),
        ("(('x'))", "x"),
        ("str('x')", "x"),
    ],
)
def test_literals_are_known(expression: str, expected: object) -> None:
    found = value(expression)
    assert isinstance(found, Known)
    assert found.value == expected
    assert type(found.value) is type(expected)


def test_a_name_bound_once_is_its_value_at_the_place_of_its_use() -> None:
    found = value("f'{STAGE}-bucket'", "STAGE = 'dev'")
    assert found == Known("dev-bucket", Span(2, 2), "STAGE")


@pytest.mark.parametrize(
    "before",
    [
        "STAGE = 'a'\nSTAGE = 'b'",
        "for STAGE in x: pass",
        "STAGE = 'a'\nSTAGE += 'b'",
        "STAGE = STAGE",
        "def f():\n  global STAGE\n  STAGE = 'x'\nSTAGE = 'a'",
        "from x import STAGE",
    ],
)
def test_a_name_bound_otherwise_has_no_value(before: str) -> None:
    assert not isinstance(value("STAGE", before), Known)


def test_a_parameter_shadows_a_constant() -> None:
    unit = read("stage = 'dev'\ndef name(stage):\n    return stage\n")
    assert unit.bindings[-1].value == Name("stage", Span(3, 3))


def test_texts_with_open_parts_are_templates() -> None:
    found = value("f'{name}-{size:>3}' + suffix")
    assert isinstance(found, Template)
    assert found.text() == "…-……"
    assert [type(part) for part in found.parts] == [Name, Known, Unknown, Name]


@pytest.mark.parametrize(
    "expression",
    [
        "'%s-x' % name",
        "'{}-x'.format(name)",
        "'-'.join([name])",
        "name or 'dev'",
        "name if flag else 'dev'",
        "table['x']",
        "not name",
        "[n for n in names]",
    ],
)
def test_what_cannot_be_told_keeps_its_parts(expression: str) -> None:
    found = value(expression)
    assert isinstance(found, Unknown)
    assert any(isinstance(part, (Name, Known)) for part in walk(found) if part is not found)


def test_imported_names_carry_their_module() -> None:
    unit = read("""
        from aws_cdk import aws_s3 as s3, Stack
        import aws_cdk.aws_ec2 as ec2
        import aws_cdk as cdk
        import aws_cdk.aws_sqs
        a = s3.Bucket(self, "B", versioned=True)
        b = ec2.Vpc(self, "V")
        c = cdk.aws_sns.Topic(self, "T")
        d = aws_cdk.aws_sqs.Queue(self, "Q")
        e = s3.BucketEncryption.KMS
        f = _lambda.Code.from_asset("x")
    """)
    calls = [bound(unit, name).value for name in "abcd"]
    assert [(one.module, one.path, one.new) for one in calls if isinstance(one, Call)] == [
        ("aws_cdk", "aws_s3.Bucket", True),
        ("aws_cdk.aws_ec2", "Vpc", True),
        ("aws_cdk", "aws_sns.Topic", True),
        ("aws_cdk", "aws_sqs.Queue", True),
    ]
    assert bound(unit, "e").value == Name("aws_s3.BucketEncryption.KMS", Span(9, 9), "aws_cdk")
    last = bound(unit, "f").value
    assert isinstance(last, Call)
    assert (last.path, last.receiver) == ("from_asset", Name("_lambda.Code", Span(10, 10)))


def test_static_calls_of_an_imported_class_have_no_receiver() -> None:
    found = value("lambda_.Code.from_asset('src')", "from aws_cdk import aws_lambda as lambda_")
    assert isinstance(found, Call)
    assert (found.module, found.path, found.receiver, found.new) == ("aws_cdk", "aws_lambda.Code.from_asset", None, False)


def test_a_keyword_spans_from_its_name() -> None:
    unit = read("""
        import json
        role = Role(
            "r",
            policy=
                json.dumps({
                    "Version": "2012-10-17",
                }),
        )
    """)
    call = bound(unit, "role").value
    assert isinstance(call, Call)
    policy = call.keywords["policy"]
    assert isinstance(policy, Call)
    assert (policy.module, policy.path, policy.span) == ("json", "dumps", Span(4, 7))
    assert isinstance(policy.args[0], Fields)
    assert policy.args[0].fields["Version"] == Known("2012-10-17", Span(6, 6))


def test_maps_and_lists_are_put_together() -> None:
    found = value("{**BASE, 'b': [1, *MORE], **dict(c=3)}", "BASE = 1")
    assert isinstance(found, Fields)
    assert set(found.fields) == {"b", "c"}
    assert not found.complete
    inner = found.fields["b"]
    assert isinstance(inner, Items)
    assert not inner.complete
    assert value("list((1, 2))") == Items((Known(1, Span(1, 1)), Known(2, Span(1, 1))), Span(1, 1))
    assert value("[1] + [2]") == Items((Known(1, Span(1, 1)), Known(2, Span(1, 1))), Span(1, 1))


def test_a_spread_map_gives_keywords() -> None:
    found = value("f(**{'a': 1}, **rest)")
    assert isinstance(found, Call)
    assert set(found.keywords) == {"a"}
    assert found.args == (Unknown(Span(1, 1), (Name("rest", Span(1, 1)),)),)


def test_bindings_tell_owner_name_and_loop() -> None:
    unit = read("""
        import pulumi_aws as aws
        class Network:
            def __init__(self, size=3):
                self.vpc = aws.ec2.Vpc("v")
                for i in range(size):
                    subnet = aws.ec2.Subnet(f"s{i}")
                x, y = aws.ec2.Eip("a"), aws.ec2.Eip("b")
                others = [aws.ec2.Route(f"r{i}") for i in range(2)]
                with aws.open("z") as z:
                    return z
    """)
    told = [(one.name, one.owner, one.many) for one in unit.bindings]
    assert told == [
        ("size", "Network", False),
        ("self.vpc", "Network.__init__", False),
        ("", "Network.__init__", False),
        ("subnet", "Network.__init__", True),
        ("x", "Network.__init__", False),
        ("y", "Network.__init__", False),
        ("others", "Network.__init__", False),
        ("others", "Network.__init__", True),
        ("z", "Network.__init__", False),
        ("", "Network.__init__", False),
    ]


def test_each_call_is_bound_once() -> None:
    text = "a(b(1), *[c(2)])\nif d(3):\n    return lambda: e(4)\nassert f(5), g(6)\nx = {'k': h(7), **i(8)}\n@j(9)\ndef k(m=l(10)): ...\n"
    unit = read(text)
    called = sorted(one.path for binding in unit.bindings for one in walk(binding.value) if isinstance(one, Call))
    assert called == list("abcdefghijl")


# Imports and declarations


def test_imports_keep_module_name_and_local_name() -> None:
    unit = read("""
        import a.b as c, d
        from e.f import g as h, i
        from . import j
        from ..k import *
        def later():
            try:
                import l
            except ImportError:
                pass
    """)
    assert [(one.module, one.name, one.local) for one in unit.imports] == [
        ("a.b", "", "c"),
        ("d", "", "d"),
        ("e.f", "g", "h"),
        ("e.f", "i", "i"),
        (".", "j", "j"),
        ("..k", "*", "*"),
        ("l", "", "l"),
    ]


def test_declarations_are_top_level_names_and_members() -> None:
    unit = read(
        """
        from dataclasses import dataclass
        LIMIT = 3
        def build(): ...
        @dataclass
        class Props:
            size: int = 1
            owner: "Owner | None" = None
        class Stack(Props):
            def __init__(self, props: Props):
                self.props = props
                self.vpc = Vpc(self)
                local = 1
            @property
            def network(self) -> Network: ...
        """,
        "lib/stacks/tap.py",
    )
    assert {(one.name, one.category, one.type) for one in unit.symbols} == {
        ("LIMIT", Category.VARIABLE, ""),
        ("build", Category.FUNCTION, ""),
        ("Props", Category.TYPE, ""),
        ("Props.size", Category.FIELD, "int"),
        ("Props.owner", Category.FIELD, "Owner"),
        ("Stack", Category.TYPE, "Props"),
        ("Stack.__init__", Category.FUNCTION, ""),
        ("Stack.props", Category.FIELD, "Props"),
        ("Stack.vpc", Category.FIELD, "Vpc"),
        ("Stack.network", Category.FIELD, "Network"),
    }
    assert {one.scope for one in unit.symbols} == {"lib.stacks.tap"}


@pytest.mark.parametrize(
    ("name", "package"), [("lib/tap_stack.py", "lib.tap_stack"), ("lib/__init__.py", "lib"), ("./tap.py", "tap"), (None, "block:7")]
)
def test_the_package_is_the_module_s_dotted_path(name: str | None, package: str) -> None:
    assert read("x = 1", name, line=7).package == package


# Names that nothing binds


def test_an_unbound_name_is_missing_at_its_use() -> None:
    unit = read("import aws_cdk as cdk\n\ndef name():\n    return Tags.of(app), helper(1)\n", "lib/a.py", line=10)
    links = linked(unit)
    assert [(one.scope, one.name, one.category, one.span, one.text) for one in links.references] == [
        ("lib.a", "Tags", Category.NAME, Span(13, 13), "Tags.of"),
        ("lib.a", "app", Category.NAME, Span(13, 13), "app"),
        ("lib.a", "helper", Category.FUNCTION, Span(13, 13), "helper"),
    ]


def test_scopes_bind_as_the_language_says() -> None:
    unit = read("""
        from __future__ import annotations
        import os.path
        from typing import TypeVar
        def outer(a, b=1, *args, c, **kw):
            def inner():
                nonlocal total
                total = total + a + b + c + later
                return args, kw, __file__
            total = 0
            global SHARED
            SHARED = [x for x in range(3) if (last := x)]
            return inner, SHARED, last, lambda q, *r, s=1: (q, r, s)
        later = 1
        class Thing:
            size = 2
            sizes = [size for _ in range(size)]
            def method(self: Undefined) -> AlsoUndefined:
                return __class__, self.size
        def control(subject):
            with open("x") as handle, open("y") as (one, two):
                print(handle, one, two)
            for i, (j, *k) in subject:
                print(i, j, k)
            try:
                import json
            except (ValueError, KeyError) as error:
                print(error, json)
            match subject:
                case {"a": first, **rest} | [first, *rest]:
                    print(first, rest)
                case Thing(size=wide) as whole if wide:
                    print(whole)
                case os.path.sep:
                    pass
            del subject.x
            text: NeverEvaluated = f"{i!r:>{j}}"
            return text, os.sep, SHARED
        def generic[T: int](item: T) -> T:
            return item
        class Box[U](Thing):
            def take(self, item: U) -> U:
                held: U = item
                return held
        async def wait():
            async with control(1) as c:
                return [d async for d in c], {k: v for k, v in c}
        try:
            unicode
        except NameError:
            unicode = str
        type Alias = list[Thing]
        print(Alias, WindowsError)
    """)
    assert not unit.problems
    assert names(unit) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A:\n    size = 1\n    def f(self):\n        return size", "size"),
        ("def f():\n    inner = 1\nprint(inner)", "inner"),
        ("print([x for x in range(3)], x)", "x"),
        ("def f(a=hidden):\n    return a", "hidden"),
        ("@hidden\ndef f(): ...", "hidden"),
        ("def f(a: hidden): ...", "hidden"),
        ("def f():\n    print(f'{hidden}')", "hidden"),
        ("def f(**kwargs):\n    return props.size", "props"),
        ("class A(hidden.Base): ...", "hidden"),
        ("def f(x):\n    x[hidden] = 1", "hidden"),
        ("def f():\n    hidden += 1\n    del other", None),
    ],
)
def test_a_name_of_another_scope_is_not_bound(text: str, expected: str | None) -> None:
    unit = read(f"import os\n{text}\nprint(os)\nprint(1)\n")
    assert names(unit) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "text",
    [
        "from settings_of_somebody import *\nprint(hidden)\ndef f(): ...",
        "import os\nexec('hidden = 1')\nprint(hidden)\ndef f(): ...",
        "import os\nglobals()['hidden'] = 1\nprint(hidden)\ndef f(): ...",
        "import os\ndef f():\n    return hidden\n# ... rest of the code\n",
        "import os\ndef f(:\n    return hidden\n",
        "def f(self):\n    return self.x, hidden\n",
        "import os\nself.bucket = hidden.Bucket(self)\nself.queue = 1\nself.topic = 2",
        "bucket = s3.Bucket(stack, 'b')\nkey = kms.Key(stack, 'k')\nrole = iam.Role(stack, 'r')",
        "    import os\n    def f():\n        return hidden\n",
    ],
)
def test_names_of_a_text_that_shows_not_all_are_silent(text: str) -> None:
    assert names(parse(File(text, 1, "python", "a.py"))) == []


def test_fragments_and_replaced_files_are_silent() -> None:
    text = "import os\ndef f():\n    return hidden\n"
    assert names(read(text)) == ["hidden"]
    assert names(read(text, whole=False)) == []
    assert names(read(text, superseded=True)) == []


def test_unnamed_blocks_complete_each_other() -> None:
    first = read("import os\nclass Helper: ...\n", None, line=1)
    second = read("import json\ndef f():\n    return Helper(), os, json, hidden\n", None, line=20)
    assert names(first, second) == ["hidden"]


# Modules of the answer


def test_a_module_that_is_never_given_is_missing_with_what_it_would_hold() -> None:
    main = read(
        """
        from constructs import Construct
        from .network import NetworkStack
        from lib.data import DataStack as Data, Unused
        import requests
        class TapStack(Construct):
            def __init__(self):
                self.n = NetworkStack(self)
                self.d = Data(self)
        """,
        "lib/tap.py",
    )
    assert missing(main) == [
        ("", "lib/network", Category.FILE),
        ("", "lib/data", Category.FILE),
        ("lib/network", "NetworkStack", Category.TYPE),
        ("lib/data", "DataStack", Category.TYPE),
    ]
    file = next(one for one in linked(main).references if one.category is Category.FILE)
    assert (file.path, file.text, file.span) == ("lib/network.py", "from .network import NetworkStack", Span(2, 2))


def test_the_project_tree_tells_the_path_of_a_missing_module() -> None:
    main = read("import settings\nfrom stacks.vpc import Vpc\nprint(settings, Vpc)\n", "app.py")
    links = linked(main, listing=("project/settings.py", "project/stacks/vpc.py"))
    assert [(one.name, one.path) for one in links.references if one.category is Category.FILE] == [
        ("settings", "project/settings.py"),
        ("stacks/vpc", "project/stacks/vpc.py"),
    ]


@pytest.mark.parametrize(
    "given",
    ["lib/vpc.py", "vpc.py", "project/lib/vpc.py", "lib/vpc/__init__.py", "/lib/vpc.py"],
)
def test_a_given_module_satisfies_an_import_wherever_its_root_is(given: str) -> None:
    app = read("from lib.vpc import Vpc\nimport lib.vpc as v\nprint(Vpc, v.Vpc, v.make())\n", "app.py")
    module = read("class Vpc: ...\ndef make(): ...\n", given)
    assert missing(app, module) == []
    assert {one.name for one in linked(app, module).references} >= {"Vpc", "make"}


def test_a_name_that_a_given_module_lacks_is_missing_there() -> None:
    app = read("from lib.vpc import Vpc, Subnet\nfrom lib import vpc\nprint(Vpc, Subnet, vpc.Gateway)\n", "app.py")
    module = read("class Vpc: ...\n", "lib/vpc.py")
    assert missing(app, module) == [("lib.vpc", "Subnet", Category.TYPE), ("lib.vpc", "Gateway", Category.TYPE)]


def test_names_are_found_through_packages_that_pass_them_on() -> None:
    app = read("from lib import Vpc, Queue, tags, Gone, json\nprint(Vpc, Queue, tags, Gone)\n", "app.py")
    package = read("import json\nfrom .vpc import Vpc as Vpc\nfrom .queue import *\n", "lib/__init__.py")
    vpc = read("class Vpc: ...\n", "lib/vpc.py")
    queue = read("class Queue: ...\n", "lib/queue.py")
    tags = read("x = 1\n", "lib/tags.py")
    assert missing(app, package, vpc, queue, tags) == [("lib", "Gone", Category.TYPE)]


def test_a_package_without_its_file_gives_its_modules_only() -> None:
    app = read("from lib import vpc, subnet, TapStack\nprint(vpc)\n", "app.py")
    module = read("class Vpc: ...\n", "lib/vpc.py")
    assert missing(app, module) == [("", "lib/subnet", Category.FILE), ("", "lib/__init__", Category.FILE)]


@pytest.mark.parametrize(
    "text",
    [
        "import somebodys_package\nfrom other.deep import thing\nprint(thing)",
        "import boto3, pulumi_eks, aws_cdk.aws_s3, mypy_boto3_s3\nfrom cdktf_cdktf_provider_aws.vpc import Vpc\nprint(Vpc)",
        "try:\n    from lib.gone import x\nexcept ImportError:\n    x = None\nprint(x)",
        "from .gone import x\nprint(x)",
    ],
)
def test_imports_that_may_come_from_elsewhere_are_silent(text: str) -> None:
    name = None if text.startswith("from .gone") else "lib/app.py"
    assert missing(read(text, name)) == []


def test_what_cannot_be_followed_is_said_once() -> None:
    links = linked(read("import somebodys_package\nimport somebodys_package\nimport boto3\n"))
    assert links.unresolved == (("`somebodys_package` is neither among the files of the answer nor a known package", Span(1, 1)),)


def test_an_unnamed_block_may_be_the_module() -> None:
    app = read("from lib.vpc import Vpc\nfrom lib.dns import Dns\nprint(Vpc, Dns)\n", "lib/app.py")
    block = read("class Vpc: ...\n", None, line=30)
    assert names(app, block) == ["lib/dns", "Dns"]


def test_a_library_is_not_taken_for_the_answer_s_own_folder() -> None:
    app = read("from constructs import Construct\nimport config\nprint(Construct, config.size)\n", "app.py")
    own = read("class Vpc: ...\n", "lib/constructs/vpc.py")
    config = read("size = 1\n", "lib/config.py")
    assert missing(app, own, config) == []


def test_a_file_given_twice_counts_as_its_last_version() -> None:
    app = read("from lib.vpc import Vpc, Old\nprint(Vpc, Old)\n", "app.py")
    first = read("class Vpc: ...\nclass Old: ...\n", "lib/vpc.py", superseded=True)
    last = read("class Vpc: ...\n", "lib/vpc.py", line=50)
    assert names(app, first, last) == ["Old"]
    other = read("class Dns: ...\n", "lib/vpc.py", line=50)
    assert names(app, first, other) == []


# Members


CLASSES = """
from aws_cdk import Stack
from dataclasses import dataclass
@dataclass
class Props:
    size: int
class Base:
    def shared(self): ...
class Child(Base):
    def __init__(self, props: Props):
        self.own = props.size
"""


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("class A:\n    def f(self):\n        return self.gone", "A.gone"),
        ("class A:\n    def f(self):\n        return self.g(), self.__class__\n    def g(self): ...", None),
        ("class A(Base):\n    def f(self):\n        return self.shared(), self.gone", "A.gone"),
        ("class A(Stack):\n    def f(self):\n        return self.node, self.region, self._create_vpc()", "A._create_vpc"),
        ("class A(Outside):\n    def f(self):\n        return self.gone", "Outside"),
        ("class A:\n    def f(self):\n        setattr(self, key(), 1)\n        return self.gone\ndef key(): ...", None),
        ("class A:\n    def __getattr__(self, name): ...\n    def f(self):\n        return self.gone", None),
        ("class A:\n    def f(self):\n        return self.late if hasattr(self, 'late') else 1", None),
        ("class A:\n    def f(self):\n        return self.late\nA().late = 1", None),
        ("class A:\n    def f(self):\n        return self.late\nclass B(A):\n    late = 1", None),
        ("class A:\n    def f(self):\n        def g():\n            self.late = 1\n        return self.late, g", None),
        ("class A:\n    @staticmethod\n    def f(self):\n        return self.gone", None),
        ("class A:\n    @classmethod\n    def f(cls):\n        return cls.gone", "A.gone"),
        ("def f(props: Props):\n    return props.size, props.gone", "Props.gone"),
        ("from typing import Optional\ndef f(props: Optional[Props] = None):\n    return props.gone", "Props.gone"),
        ("def f(props: 'Props'):\n    props = other()\n    return props.gone\ndef other(): ...", None),
        ("child = Child(Props(1))\nprint(child.own, child.shared(), child.gone)", "Child.gone"),
        (
            "class A:\n    def __init__(self):\n        self.child = Child(1)\n    def f(self):\n        return self.child.own, self.child.gone",
            "Child.gone",
        ),
        ("print(Child.gone)", "Child.gone"),
        ("import enum\nclass Color(enum.Enum):\n    RED = 1\nprint(Color.RED.value, Color.BLUE)", "Color.BLUE"),
        ("class E(Exception):\n    def f(self):\n        return self.args, self.gone", "E.gone"),
        ("import abc\nclass A(abc.ABC):\n    def f(self):\n        return self.gone", "A.gone"),
        ("@decorated\nclass A:\n    def f(self):\n        return self.gone\nfrom x import decorated", None),
    ],
)
def test_members_of_the_answer_s_own_classes(use: str, expected: str | None) -> None:
    assert names(read(f"{CLASSES}\n{use}\n")) == ([expected] if expected else [])


def test_members_are_followed_across_files() -> None:
    app = read(
        """
        from lib.network import Network
        from lib import data
        network = Network()
        store = data.Store(network.vpc)
        print(network.vpc.cidr, network.gone, store.network.vpc, store.network.lost, network.vpc.anything)
        """,
        "app.py",
    )
    network = read(
        "from aws_cdk import aws_ec2 as ec2\nclass Network:\n    def __init__(self):\n        self.vpc = ec2.Vpc(self)\n", "lib/network.py"
    )
    data = read(
        "from .network import Network\nclass Store:\n    def __init__(self, network: Network):\n        self.network = network\n", "lib/data.py"
    )
    assert missing(app, network, data) == [("lib.network", "Network.gone", Category.FIELD), ("lib.network", "Network.lost", Category.FIELD)]


# Broken and partial text


def test_a_text_without_imports_that_lacks_several_names_is_an_excerpt() -> None:
    assert names(read("def handler(event, context):\n    return json.dumps(event)\n")) == ["json"]
    assert names(read("class Data(Construct):\n    def __init__(self):\n        RdsCluster(self, 'c', group=subnets.name)\n")) == []


def test_a_syntax_error_is_a_problem_with_its_line() -> None:
    unit = read("import os\ndef f(:\n    return os\nx = Bucket(1)\n", line=40)
    assert next(one.span.line for one in unit.problems) == 41
    assert any(isinstance(one.value, Call) for one in unit.bindings)


@pytest.mark.parametrize(
    "text",
    [
        "versioned=True,\nname='x'",
        "'a': 1,\n'b': [2]",
        "class A:",
        "    def f(self):\n        return 1",
        "@decorated",
        "else:\n    x = 1",
        "except ValueError:\n    x = 1",
        "'a',\n{'b': 1},",
    ],
)
def test_a_fragment_is_tried_in_what_it_may_be_a_part_of(text: str) -> None:
    assert parse(File(text, 5, "python", None, whole=False)).problems == ()


def test_a_fragment_that_fits_nowhere_has_problems() -> None:
    assert parse(File("def f(:\n  ]", 5, "python", None, whole=False)).problems


def test_values_of_a_wrapped_fragment_keep_their_lines() -> None:
    unit = parse(File("**options,\nname='x'", 5, "python", None, whole=False))
    call = unit.bindings[0].value
    assert isinstance(call, Call)
    assert call.keywords["name"] == Known("x", Span(6, 6))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffx = 1\n",
        "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> branch\n",
        "# app.py\n#!/usr/bin/env python3\nx = 1\n",
        "    x = 1\n    if x:\n        y = 2\n",
        "# comment\n    x = 1\n    y = 2\n",
        "if **name** == '**main**':\nrun()\n",
        "def create(...):\n    x = 1\n",
    ],
)
def test_what_markdown_did_to_a_text_is_no_problem(text: str) -> None:
    unit = parse(File(text, 3, "python", "a.py"))
    assert unit.problems == ()
    assert all(3 <= one.span.line <= unit.file.end_line for one in unit.bindings)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "[" * 3_000 + "]" * 3_000,
        "x = " + "a + " * 20_000 + "b",
        "x" + ".a()" * 3_000,
        "lambda: " * 3_000 + "1",
        "f(" * 3_000 + ")" * 3_000,
        "x = " + "-" * 3_000 + "1",
        "\x00",
        "",
        "\\",
        "'''",
    ],
)
def test_deep_and_odd_texts_are_read(text: str) -> None:
    unit = parse(File(text, 1, "python", "a.py"))
    linked(unit)


_PIECES = st.sampled_from(
    [
        "def f(",
        "class A:",
        "\n    ",
        "\n",
        "import os",
        "from . import x",
        "self.",
        "x",
        "=",
        "(",
        ")",
        "[",
        "f'{",
        "}'",
        "'",
        '"""',
        ":",
        "match x:",
        "case ",
        "*",
        "@",
        "#",
        "lambda",
        ",",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=30).map("".join)), st.booleans(), st.sampled_from(["lib/a.py", None]))
def test_any_text_is_read_and_spans_lie_inside(text: str, whole: bool, name: str | None) -> None:  # noqa: FBT001 - drawn
    file = File(text, 7, "python", name, whole)
    unit = parse(file)
    linked(unit)
    last = file.line + text.count("\n")
    spans = [value.span for binding in unit.bindings for value in walk(binding.value)]
    spans += [one.span for one in unit.symbols] + [one.span for one in unit.uses] + [one.span for one in unit.problems]
    assert all(file.line - 2 <= one.line <= one.end_line <= last + 2 for one in spans)


@pytest.mark.corpus
def test_ideals_use_few_names_that_they_do_not_give(corpus: Path) -> None:
    files = absent = 0
    for path in sorted(corpus.glob("*-py/*/IDEAL_RESPONSE.md")):
        document = read_document(path.read_text(encoding="utf-8", errors="replace"))
        units = [parse(file) for file in document.files if file.language == "python"]
        links = link(units, document)
        files += len(units)
        absent += len(
            {(one.scope, one.name) for one in links.references if (one.scope, one.name) not in links.symbols and not is_test(one.file.name)}
        )
    assert files > 100
    assert absent <= 45, "each is known to be true: a new one must be read"
