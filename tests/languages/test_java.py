"""Java: what a file declares, the values of its expressions, and the names an answer uses and never gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.languages.java import link, parse
from grader.model.documents import Document, File, Listed
from grader.model.solutions import Category
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, walk

if TYPE_CHECKING:
    from pathlib import Path

    from grader.languages import Links

CDK = "import software.amazon.awscdk.Stack;\nimport software.amazon.awscdk.StackProps;\nimport software.constructs.Construct;\n"


def java(text: str, name: str | None = None, *, whole: bool = True, line: int = 1, superseded: bool = False) -> File:
    return File(text, line, "java", name, whole=whole, superseded=superseded)


def linked(*sources: str | File, listing: tuple[str, ...] = ()) -> Links:
    files = tuple(one if isinstance(one, File) else java(one) for one in sources)
    document = Document("", (), (), files, tuple(Listed(path, 1) for path in listing))
    return link([parse(file) for file in files], document)


def missing(*sources: str | File, listing: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Line and name of every reference that nothing declares."""
    links = linked(*sources, listing=listing)
    return [(one.span.line, one.name) for one in links.references if (one.scope, one.name) not in links.symbols]


def value(expression: str, imports: str = "", before: str = "") -> Value:
    """The value of an expression in a method, three lines below the imports."""
    unit = parse(java(f"{imports}class T {{\n void f(Object in) {{\n{before}Object probe =\n{expression};\n }} }}"))
    assert not unit.problems
    return next(one.value for one in unit.bindings if one.name == "probe")


class TestDeclarations:
    """What a file declares."""

    def test_package_and_imports(self) -> None:
        unit = parse(
            java(
                "package com.acme.shop;\nimport software.amazon.awscdk.services.s3.*;\nimport static com.acme.shop.Names.PREFIX;\n"
                "import software.amazon.awscdk.services.ec2.CfnInstance.EbsProperty;\nimport java.util.List;\nclass A { }"
            )
        )
        assert unit.package == "com.acme.shop"
        assert [(one.module, one.name, one.local) for one in unit.imports] == [
            ("software.amazon.awscdk.services.s3", "*", "*"),
            ("com.acme.shop.Names", "PREFIX", "PREFIX"),
            ("software.amazon.awscdk.services.ec2", "CfnInstance.EbsProperty", "EbsProperty"),
            ("java.util", "List", "List"),
        ]

    def test_types_and_members(self) -> None:
        unit = parse(
            java(
                "package p;\nclass A {\n  private final Vpc vpc, other[];\n  Vpc getVpc() { return vpc; }\n"
                "  record Size(int width, Unit unit) { }\n  enum Unit { CM, INCH; String word; }\n  interface Shape { int SIDES = 3; int area(); }\n}"
            )
        )
        found = {(one.name, one.category, one.type, one.span.line) for one in unit.symbols}
        assert {
            ("A", Category.TYPE, "", 2),
            ("A.vpc", Category.FIELD, "Vpc", 3),
            ("A.other", Category.FIELD, "", 3),
            ("A.getVpc", Category.FUNCTION, "Vpc", 4),
            ("A.Size", Category.TYPE, "", 5),
            ("A.Size.unit", Category.FIELD, "Unit", 5),
            ("A.Size.unit", Category.FUNCTION, "Unit", 5),
            ("A.Unit.CM", Category.FIELD, "Unit", 6),
            ("A.Unit.word", Category.FIELD, "String", 6),
            ("A.Shape.SIDES", Category.FIELD, "", 7),
            ("A.Shape.area", Category.FUNCTION, "", 7),
        } <= found
        assert {one.scope for one in unit.symbols} == {"p"}

    def test_a_named_file_is_a_symbol(self) -> None:
        assert linked(java("class A { }", "src/main/java/A.java")).symbols["", "src/main/java/A"].category is Category.FILE

    def test_lines_count_from_the_document(self) -> None:
        unit = parse(java("class A {\n  int size = 3;\n}", line=40))
        assert [one.span.line for one in unit.symbols] == [40, 41]
        assert unit.bindings[0].span == (41, 41)


class TestValues:
    """Expressions as values."""

    def test_builder_of_a_construct(self) -> None:
        found = value(
            'Bucket.Builder.create(this, "logs")\n  .versioned(true)\n  .lifecycleRules(List.of(\n    rule))\n  .tags("a", "b")\n  .build()',
            "import software.amazon.awscdk.services.s3.Bucket;\n",
        )
        assert isinstance(found, Call)
        assert (found.module, found.path, found.new) == ("software.amazon.awscdk.services.s3", "Bucket", True)
        assert found.span == (5, 10)
        assert [type(one) for one in found.args] == [Name, Known]
        assert [(key, one.span.line) for key, one in found.keywords.items()] == [("versioned", 6), ("lifecycleRules", 7), ("tags", 9)]
        assert isinstance(found.keywords["tags"], Items)

    def test_builder_of_properties(self) -> None:
        found = value(
            'BucketProps.builder().bucketName("b").encryption(BucketEncryption.KMS).build()',
            "import software.amazon.awscdk.services.s3.BucketProps;\nimport software.amazon.awscdk.services.s3.BucketEncryption;\n",
        )
        assert isinstance(found, Fields)
        assert (found.type, found.module) == ("BucketProps", "software.amazon.awscdk.services.s3")
        assert found.fields["encryption"] == Name("BucketEncryption.KMS", Span(6, 6), "software.amazon.awscdk.services.s3")

    def test_value_of_a_keyword_begins_at_its_name(self) -> None:
        found = value('X.builder().a(\n  "text"\n).build()')
        assert isinstance(found, Fields)
        assert found.fields["a"].span == (4, 5)

    def test_nested_builder_of_a_class(self) -> None:
        found = value("CfnWebACL.RuleProperty.builder().priority(1).build()", "import software.amazon.awscdk.services.wafv2.CfnWebACL;\n")
        assert isinstance(found, Fields)
        assert (found.type, found.module) == ("CfnWebACL.RuleProperty", "software.amazon.awscdk.services.wafv2")

    def test_wildcard_import_gives_no_module(self) -> None:
        found = value('Bucket.Builder.create(this, "b").build()', "import software.amazon.awscdk.services.s3.*;\n")
        assert isinstance(found, Call)
        assert (found.module, found.path) == ("", "Bucket")

    def test_pulumi_resource(self) -> None:
        found = value(
            'new Bucket("b", BucketArgs.builder().acl("private").build(), opts)',
            "import com.pulumi.aws.s3.Bucket;\nimport com.pulumi.aws.s3.BucketArgs;\n",
        )
        assert isinstance(found, Call)
        assert (found.module, found.path, found.new) == ("com.pulumi.aws.s3", "Bucket", True)
        assert isinstance(found.args[1], Fields)
        assert found.args[1].fields["acl"] == Known("private", Span(6, 6))

    def test_qualified_names_fold_the_package(self) -> None:
        found = value("software.amazon.awscdk.Duration.days(3)")
        assert found == Call("Duration.days", Span(4, 4), "software.amazon.awscdk", (Known(3, Span(4, 4)),))
        assert value("new com.pulumi.aws.rds.Cluster()") == Call("Cluster", Span(4, 4), "com.pulumi.aws.rds", new=True)
        assert value("software.amazon.awscdk.RemovalPolicy.DESTROY") == Name("RemovalPolicy.DESTROY", Span(4, 4), "software.amazon.awscdk")

    def test_method_of_a_value(self) -> None:
        found = value("sg.addIngressRule(Peer.anyIpv4(), Port.tcp(22))", "import software.amazon.awscdk.services.ec2.Peer;\n")
        assert isinstance(found, Call)
        assert (found.path, found.receiver) == ("addIngressRule", Name("sg", Span(5, 5)))
        assert found.args[0] == Call("Peer.anyIpv4", Span(5, 5), "software.amazon.awscdk.services.ec2")

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ('"a\\tb\\u0041\\101"', "a\tbAA"),
            ('"""\n    one\n      two \\\n    three\n    """', "one\n  two three\n"),
            ("'\\n'", "\n"),
            ("1_000L", 1000),
            ("0x1F", 31),
            ("017", 15),
            ("-1", -1),
            ("2.5f", 2.5),
            ("60 * 60", 3600),
            ("true", True),
            ("null", None),
            ('"a" + 1 + "-" + true', "a1-true"),
            ('String.format("%s/%d%%", "x", 5)', "x/5%"),
            ('String.format("%2$s-%1$s", "x", "y")', "y-x"),
            ('"%s!".formatted("hi")', "hi!"),
            ('String.join("\\n", "a", "b")', "a\nb"),
            ("String.valueOf(7)", "7"),
            ('(String) ("x")', "x"),
            ('Output.of("x")', "x"),
        ],
    )
    def test_known(self, expression: str, expected: object) -> None:
        found = value(expression)
        assert isinstance(found, Known)
        assert found.value == expected
        assert type(found.value) is type(expected)

    def test_templates(self) -> None:
        found = value('"logs-" + in + "-" + "eu"')
        assert isinstance(found, Template)
        assert found.text("*") == "logs-*-eu"
        formatted = value('String.format("arn:%s:x-%03d", in, in)')
        assert isinstance(formatted, Template)
        assert formatted.text("*") == "arn:*:x-*"

    @pytest.mark.parametrize(
        "expression",
        ['List.of("a", "b")', 'Arrays.asList("a", "b")', 'Set.of("a", "b")', 'new String[] {"a", "b"}', 'java.util.List.of("a", "b")'],
    )
    def test_lists(self, expression: str) -> None:
        found = value(expression)
        assert isinstance(found, Items)
        assert [one.value for one in found.items if isinstance(one, Known)] == ["a", "b"]

    @pytest.mark.parametrize(
        "expression",
        [
            'Map.of("k", "v")',
            'Map.ofEntries(Map.entry("k", "v"))',
            'Collections.singletonMap("k", "v")',
            'new HashMap<>(Map.of("k", "v"))',
            'new HashMap<String, String>() {{ put("k", "v"); }}',
            'ImmutableMap.builder().put("k", "v").build()',
        ],
    )
    def test_maps(self, expression: str) -> None:
        found = value(expression)
        assert isinstance(found, Fields)
        assert [(key, one.value) for key, one in found.fields.items() if isinstance(one, Known)] == [("k", "v")]

    @pytest.mark.parametrize(
        "imports",
        ["import static com.pulumi.codegen.internal.Serialization.*;\n", "import static com.pulumi.codegen.internal.Serialization.jsonObject;\n"],
    )
    def test_json_of_pulumi(self, imports: str) -> None:
        found = value('serializeJson(jsonObject(\n jsonProperty("Action", jsonArray("s3:GetObject")),\n jsonProperty("Resource", "*")))', imports)
        policy = next(one for one in walk(found) if isinstance(one, Fields))
        assert list(policy.fields) == ["Action", "Resource"]
        assert isinstance(policy.fields["Action"], Items)
        assert policy.fields["Resource"] == Known("*", Span(7, 7))

    def test_what_cannot_be_told_keeps_its_parts(self) -> None:
        for expression in ('in != null ? in : "dev"', 'System.getenv().getOrDefault("A", "dev")', 'Optional.ofNullable(in).orElse("dev")'):
            found = value(expression)
            assert isinstance(found, Unknown)
            assert "dev" in [one.value for one in walk(found) if isinstance(one, Known)]

    def test_constants(self) -> None:
        unit = parse(
            java(
                'class A {\n static final String REGION = "eu-" + Names.ZONE;\n void f(String given) {\n  int size = 2;\n  int grown = 1;\n  grown += 1;\n'
                '  use(REGION, size, grown, given, Names.ZONE);\n }\n static class Names { static final String ZONE = "west"; }\n}'
            )
        )
        call = next(one.value for one in unit.bindings if isinstance(one.value, Call))
        assert call.args == (
            Known("eu-west", Span(7, 7), "REGION"),
            Known(2, Span(7, 7), "size"),
            Name("grown", Span(7, 7)),
            Name("given", Span(7, 7)),
            Known("west", Span(7, 7), "Names.ZONE"),
        )

    def test_bindings(self) -> None:
        unit = parse(
            java(
                "class S {\n int size = 1;\n S(Scope scope) {\n  super(scope, 1);\n  this.vpc = make();\n  for (int i : sizes()) {\n   add(i);\n  }\n"
                "  names.forEach(name -> new Topic(this, name));\n  later(() -> {\n   run();\n  });\n }\n Vpc make() { return new Vpc(); }\n}"
            )
        )
        shown = [(one.span.line, one.owner, one.name, one.many, one.value.path) for one in unit.bindings if isinstance(one.value, Call)]
        assert shown == [
            (4, "S.S", "", False, "super"),
            (5, "S.S", "this.vpc", False, "make"),
            (6, "S.S", "", False, "sizes"),
            (7, "S.S", "", True, "add"),
            (9, "S.S", "", False, "forEach"),
            (9, "S.S", "", True, "Topic"),
            (10, "S.S", "", False, "later"),
            (11, "S.S", "", False, "run"),
            (14, "S.make", "", False, "Vpc"),
        ]

    def test_switch_and_anonymous_bodies_are_read(self) -> None:
        unit = parse(
            java(
                "class A { Object f(int x) {\n  return switch (x) {\n    case 1 -> one();\n    default -> { yield two(); }\n  };\n }\n"
                " Runnable g = new Runnable() {\n  public void run() { three(); }\n };\n}"
            )
        )
        assert {one.path for binding in unit.bindings for one in walk(binding.value) if isinstance(one, Call)} >= {"one", "two", "three"}


class TestFragments:
    """Files that are not whole."""

    @pytest.mark.parametrize(
        "text",
        [
            "private final Vpc vpc;\npublic Vpc getVpc() { return vpc; }",
            "A(Scope scope) { super(scope); }",
            'Bucket b = Bucket.Builder.create(this, "b").build();\nb.grantRead(role);',
            ".versioned(true)\n.removalPolicy(RemovalPolicy.RETAIN)",
            "@Override\npublic void run() { }",
        ],
    )
    def test_wrapped(self, text: str) -> None:
        unit = parse(java(text, whole=False, line=9))
        assert not unit.problems
        assert not unit.uses
        assert all(9 <= at.line <= 10 for at in ([one.span for one in unit.symbols] + [one.span for one in unit.bindings]))

    def test_problems_of_broken_code(self) -> None:
        assert parse(java("class A { void f( { }", whole=False)).problems
        broken = parse(java("class A {\n Gone gone;\n void f() { x(1; }\n}"))
        assert broken.problems
        assert not broken.uses
        assert any(one.name == "A.gone" for one in broken.symbols)


class TestTypes:
    """Types that are used."""

    def test_type_of_the_package_that_is_never_given(self) -> None:
        main = f"package com.acme.app;\n{CDK}public class Main extends Stack {{\n Main() {{ new Network(this); }}\n}}"
        links = linked(main)
        gone = next(one for one in links.references if one.name == "Network")
        assert (gone.scope, gone.category, gone.span.line, gone.path) == ("com.acme.app", Category.TYPE, 6, "com/acme/app/Network.java")
        assert missing(main) == [(6, "Network")]
        assert missing(main, "package com.acme.app;\nclass Network { }") == []

    @pytest.mark.parametrize(
        "use",
        [
            "Gone f;",
            "java.util.List<Gone> f;",
            "void f(Gone[] gone) { }",
            "Object f = (Gone) g();\n Object g() { return null; }",
            "void f() throws Gone { }",
            "Object f = Gone.create();",
            "java.util.function.Supplier<Object> f = Gone::new;",
            "java.util.function.Supplier<Object> f = Gone::make;",
            "@Gone void f() { }",
            "Object f = Gone.class;",
            "boolean f(Object o) { return o instanceof Gone g; }",
            "void f() { try { } catch (Gone gone) { } }",
            "class B extends Gone { }",
            "<T extends Gone> void f() { }",
            "Object f = new Gone.Inner();",
        ],
    )
    def test_every_place_of_a_type(self, use: str) -> None:
        assert [name for _, name in missing(f"package com.acme;\nclass A {{\n {use}\n}}")] == ["Gone"]

    @pytest.mark.parametrize(
        "code",
        [
            "import java.util.*; class A { List<String> a; Map.Entry<String, Integer> b; Override c; }",
            "class A<T> { T a; <E extends Comparable<E>> E b(E e) { return e; } }",
            "class A { Inner a; Outer.Deep b; class Inner { Inner c; } static class Outer { static class Deep { } } }",
            "class A extends Base { Nested a; } class Base { static class Nested { } }",
            "import software.amazon.awscdk.services.ec2.*; class A { Vpc a = Vpc.Builder.create(null, null).build(); }",
            "class A extends software.amazon.awscdk.Stack { Builder a; }",
            "import lombok.Data; @Data class A { int size; void f(A other) { other.getSize(); } }",
            "class A { void f() { class Local { } new Local(); record Pair(int a) { } new Pair(1).a(); } }",
            "class A { void f() { var x = 1; final var y = 2; for (var z : new int[] {x, y}) { System.out.println(z); } } }",
            "class A { com.other.Thing a; Object b = com.other.Thing.make(); }",
        ],
    )
    def test_given_types(self, code: str) -> None:
        assert missing(f"package com.acme;\n{code}") == []

    def test_own_imports(self) -> None:
        main = (
            "package com.acme.app;\nimport com.acme.stacks.Network;\nimport com.acme.stacks.Data;\nimport com.other.Thing;\nimport org.slf4j.Logger;\n"
            "class Main { Network a; Data b; Thing c; Logger d; }"
        )
        network = "package com.acme.stacks;\npublic class Network { }"
        links = linked(main, network)
        lost = [one for one in links.references if (one.scope, one.name) not in links.symbols]
        assert [(one.span.line, one.scope, one.name, one.path) for one in lost] == [
            (3, "com.acme.stacks", "Data", "com/acme/stacks/Data.java"),
            (6, "com.acme.stacks", "Data", "com/acme/stacks/Data.java"),
        ]

    def test_import_below_a_package_of_one_part(self) -> None:
        assert missing("package app;\nimport app.stacks.Network;\nimport config.Settings;\nclass Main { Network a; Settings b; }") == [
            (2, "Network"),
            (4, "Network"),
        ]

    def test_generated_code_is_not_the_answers_to_give(self) -> None:
        assert missing("package com.acme.app;\nimport com.acme.grpc.Shop;\nimport imports.aws.S3Bucket;\nclass A { Shop a; S3Bucket b; }") == []

    def test_wildcard_imports_leave_types_undecided(self) -> None:
        text = f"package com.acme;\n{CDK}import software.amazon.awscdk.services.ec2.*;\nclass A {{ Vpc a; Subnet b; }}"
        links = linked(text)
        assert not [one for one in links.references if one.name in {"Vpc", "Subnet"}]
        assert links.unresolved == (("2 types may come from a wildcard import: Vpc, Subnet", (6, 6)),)

    def test_wildcard_imports_that_cannot_give_a_stack(self) -> None:
        text = f"package com.acme;\n{CDK}import software.amazon.awscdk.services.ec2.*;\nclass A {{ NetworkStack a; NestedStack b; Sizes c; }}"
        assert missing(text) == [(6, "NetworkStack")]
        assert missing(text, listing=("src/main/java/com/acme/Sizes.java",)) == [(6, "NetworkStack"), (6, "Sizes")]

    def test_wildcards_of_the_jdk_and_of_the_answer_are_decided(self) -> None:
        text = "package com.acme;\nimport java.util.*;\nimport com.acme.stacks.*;\nclass A { List<Network> a; Gone b; }"
        assert missing(text, "package com.acme.stacks;\npublic class Network { }") == [(4, "Gone")]

    def test_a_forgotten_import_of_a_library_has_no_path(self) -> None:
        links = linked(
            "package com.acme;\nimport java.util.List;\nclass A { List<Map> a; Tags b; }",
            "package com.acme;\nimport software.amazon.awscdk.Tags;\nclass B { Tags c; }",
        )
        assert {(one.name, one.path) for one in links.references if one.name in {"Map", "Tags"}} == {("Map", ""), ("Tags", "")}

    def test_another_package_without_an_import(self) -> None:
        links = linked("package com.acme.a;\nclass A { B b; }", "package com.acme.b;\npublic class B { }")
        assert not [one for one in links.references if one.name == "B"]
        assert links.unresolved == (("`B` is declared in another package and not imported", (2, 2)),)

    def test_files_without_a_package_are_looked_up_anywhere(self) -> None:
        assert missing("package com.acme.a;\nclass A { B b; }", "class B { }") == []
        assert missing("class A { B b; }", "package com.acme;\nclass B { }") == []


class TestMembers:
    """Members of the answer's own types."""

    STACK = f"package p;\n{CDK}class Net extends Stack {{\n private final String vpc = null;\n Net(Construct s) {{ super(s); }}\n String getVpc() {{ return vpc; }}\n}}"

    def test_getter_that_is_not_there(self) -> None:
        main = "package p;\nclass Main { void f(Net net) {\n net.getVpc();\n net.getStackName();\n net.getSubnets().size();\n } }"
        assert missing(main, self.STACK) == [(5, "Net.getSubnets")]

    def test_parents_from_outside_may_have_any_member(self) -> None:
        assert (
            missing("package p;\nimport com.other.Base;\nclass Main extends Base { void f(Main m) { m.any(); any(); this.any(); any.x(); } }") == []
        )

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("void f() { create(); }", "A.create"),
            ("void f() { this.create(); }", "A.create"),
            ("void f() { this.vpc = null; }", "A.vpc"),
            ("void f(A a) { a.vpc.size(); }", "A.vpc"),
            ("void f(A a) { a.toString(); a.self().self().gone(); }\n A self() { return this; }", "A.gone"),
            ("void f() { var a = self(); a.gone(); }\n A self() { return this; }", "A.gone"),
            ("void f() { A.make(); }", "A.make"),
            ("void f() { new A().gone(); }", "A.gone"),
            ("void f(Object o) { ((A) o).gone(); }", "A.gone"),
            ("Runnable f = this::gone;", "A.gone"),
            ("Object f(Size s) { return s.height(); }\n record Size(int width) { }", "A.Size.height"),
            ("Object f() { return Unit.MILE; }\n enum Unit { CM }", "A.Unit.MILE"),
            (
                "Object f() { return P.builder().a(1).c(2).build(); }\n static class P { static B builder() { return null; }\n static class B { B a(int a) { return this; } } }",
                "A.P.B.c",
            ),
            ("class C extends D { void f() { super.gone(); } }\n class D { }", "A.C.gone"),
            ("class C extends D { void f() { up(); gone(); } }\n class D { void up() { } }", "A.C.gone"),
        ],
    )
    def test_members_of_own_types(self, code: str, expected: str) -> None:
        assert [name for _, name in missing(f"package p;\nclass A {{\n {code}\n}}")] == [expected]

    @pytest.mark.parametrize(
        "code",
        [
            "record S(int w) { int twice() { return w() * 2 + w + hashCode(); } }",
            "enum U { CM; void f() { values(); valueOf(name()); ordinal(); U.CM.compareTo(CM); } }",
            "class A<T extends A<T>> { T self() { return null; } void f(A<T> a) { a.self().anything(); } }",
            "class A { Object f = new Object() { int size; void g() { size = 1; h(); } void h() { } }; }",
            "class A { class B { void f() { up(); } } void up() { } }",
            "interface I { default void f() { g(); } void g(); } class A implements I { public void g() { f(); I.super.f(); } }",
            "class A { int length(String[] a) { return a.length; } }",
            "import static com.other.Tools.*; class A { void f() { tool(); } }",
            "import static com.other.Tools.tool; class A { void f() { tool(); } }",
            "class A extends RuntimeException { A() { super(); } String f() { return getMessage(); } }",
            "class A { java.util.List<A> all; void f() { all.get(0).anything(); all.forEach(one -> one.anything()); } }",
            "class A { A[] all; void f() { all[0].anything(); } }",
            "class A { void f() { var b = com.other.Thing.make(); b.anything(); } }",
            "class A { A over(int a) { return this; } String over(String a) { return a; } void f() { over(1).anything(); } }",
        ],
    )
    def test_given_members(self, code: str) -> None:
        assert missing(f"package p;\n{code}") == []

    def test_a_type_that_is_not_fully_known_has_any_member(self) -> None:
        main = "package p;\nclass Main { void f(B b) { b.gone(); } }"
        assert missing(main, "package p;\nclass B { }") == [(2, "B.gone")]
        for rest in (
            "package p;\nclass B {\n // ... other methods\n}",
            "package p;\nimport lombok.Getter;\n@Getter class B { }",
            "package p;\nimport lombok.*;\nclass B { @Getter private int gone; }",
            java("package p;\nclass B { }", whole=False),
            "package p;\nclass B { void f( { }",
        ):
            assert missing(main, rest) == []

    def test_static_imports_of_own_types(self) -> None:
        names = 'package p.config;\npublic class Names { public static final String PREFIX = "a"; }'
        assert missing("package p;\nimport static p.config.Names.PREFIX;\nclass A { String a = PREFIX; }", names) == []
        assert missing("package p;\nimport static p.config.Names.SUFFIX;\nclass A { String a = SUFFIX; }", names) == [(2, "Names.SUFFIX")]

    def test_use_of_a_declared_member_is_a_reference_too(self) -> None:
        links = linked("package p;\nclass Main { String f(Net net) { return net.getVpc(); } }", self.STACK)
        assert [(one.scope, one.name, one.category) for one in links.references if one.name == "Net.getVpc"] == [
            ("p", "Net.getVpc", Category.FUNCTION)
        ]


class TestNames:
    """Variables."""

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("void f() { use(gone); }\n void use(Object a) { }", [(3, "gone")]),
            ("void f() { gone.run(); }", [(3, "gone")]),
            ("void f() { if (true) { int a = 1; }\n a++; }", [(4, "a")]),
            ("void f() { for (int i = 0; i < 2; i++) { }\n int b = i; }", [(4, "i")]),
            ("void f() { Runnable r = () -> { int a = 1; };\n int b = a; }", [(4, "a")]),
            ("void f() { String s = REGION; }", [(3, "REGION")]),
            ("void f() { REGION.trim(); }", [(3, "REGION")]),
        ],
    )
    def test_unbound(self, code: str, expected: list[tuple[int, str]]) -> None:
        assert missing(f"package p;\nclass A {{\n {code}\n}}") == expected

    @pytest.mark.parametrize(
        "code",
        [
            "void f(int a, String... b) { int c = a + b.length; }",
            "int x; void f() { x = 1; this.x++; class L { int y = x; } }",
            "void f() { try (var in = open()) { in.read(); } catch (Exception e) { e.toString(); } }\n java.io.Reader open() { return null; }",
            "void f(Object o) { if (o instanceof String s && s.isEmpty()) { s.trim(); } if (!(o instanceof Integer i)) { return; } i.intValue(); }",
            "int f(Object o) { return switch (o) { case String s when s.isEmpty() -> s.length(); case P(int a, var b) -> a + b; default -> 0; }; }\n record P(int a, int b) { }",
            "int f(U u) { switch (u) { case CM: return 1; default: return 2; } }\n enum U { CM, M }",
            "void f() { java.util.function.BiFunction<Integer, Integer, Integer> g = (a, b) -> a + b; }",
            "void f() { outer: while (true) { break outer; } }",
            "void f() { int a[] = {1}, b = a[0]; for (int i = 0, j = b; i < j; i++, j--) { continue; } }",
            "static int total; static { total = 1; } { total++; }",
            "class C extends B { int f() { return size; } }\n class B { protected int size; }",
            "interface K { int MAX = 3; }\n class C implements K { int f() { return MAX; } }",
        ],
    )
    def test_bound(self, code: str) -> None:
        assert missing(f"package p;\nclass A {{\n {code}\n}}") == []

    def test_fields_of_parents_in_other_files(self) -> None:
        base = "package p;\nabstract class Base { protected Config config; }"
        child = "package p;\nclass Child extends Base { void f() {\n config.region();\n config.zone();\n conf.zone();\n } }"
        assert missing(base, child, "package p;\nrecord Config(String region) { }") == [(4, "Config.zone"), (5, "conf")]


class TestSoundness:
    """When to be silent, and any input."""

    def test_files_that_yield_no_uses(self) -> None:
        text = "package p;\nclass A { Gone a; }"
        assert missing(text) == [(2, "Gone")]
        assert missing(java(text, whole=False)) == []
        assert missing(java(text, superseded=True)) == []
        assert missing("package p;\nclass A { Gone a; void f() { // ... rest of the code\n } }") == []
        assert missing("package p;\nclass A { Gone a; }\npackage q;\nclass B { }") == []

    def test_order_of_files_changes_nothing(self) -> None:
        files = (
            "package p;\nclass A extends B { void f() { up(); gone(); } }",
            "package p;\nclass B extends C { }",
            "package p;\nclass C { void up() { } }",
        )
        assert missing(*files) == missing(*reversed(files)) == [(2, "A.gone")]

    def test_a_circle_of_parents_ends(self) -> None:
        assert missing("package p;\nclass A extends B { void f() { gone(); } }\nclass B extends A { }") == [(2, "A.gone")]

    @pytest.mark.parametrize(
        "text",
        [
            "class A { int x = " + "(" * 50_000 + "1" + ")" * 50_000 + "; }",
            "class A { int x = " + "(" * 50_000,
            "class A { void f() " + "{" * 50_000 + "}" * 50_000 + " }",
            "class A { F f = " + "g(x -> " * 3_000 + "1" + ")" * 3_000 + "; }",
            "class A {" * 3_000 + "}" * 3_000,
            "class A { Object x = a" + ".b(1)" * 20_000 + "; }",
            "class A { String x = " + '"a" + ' * 20_000 + '"b"; }',
            "class A { Object x = " + "new B() { Object y = " * 500 + "1" + "; }" * 500 + "; }",
        ],
        ids=["closed", "open", "blocks", "lambdas", "classes", "chain", "sum", "anonymous"],
    )
    def test_deep_nesting(self, text: str) -> None:
        linked(java(text))
        linked(java(text, whole=False))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.sampled_from([*re.findall(r"\w+|\S", TestMembers.STACK), '"', '"""', "->", "::", "/*", "switch", "record", "case", "=", "\n"]),
            max_size=60,
        )
    )
    def test_any_text_is_read(self, words: list[str]) -> None:
        file = java(" ".join(words), "A.java", line=5)
        unit = parse(file)
        link([unit], Document("", (), (), (file,)))
        assert all(file.line <= one.span.line <= one.span.end_line <= file.line + file.text.count("\n") for one in unit.bindings)


@pytest.mark.corpus
def test_ideals_of_the_corpus_give_what_they_use(corpus: Path) -> None:
    seen = 0
    for path in sorted(corpus.glob("*-java/*/IDEAL_RESPONSE.md")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        files = [
            java(found[1], line=text[: found.start(1)].count("\n") + 1)
            for found in re.finditer(r"^```java\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        ]
        seen += len(files)
        assert missing(*files) == [], path
    assert seen > 5
