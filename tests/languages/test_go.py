"""Go: values, names across packages, and what the compiler calls unused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.languages.go import link, parse
from grader.model.documents import Document, File, Listed
from grader.model.solutions import Unit
from grader.model.values import Call, Fields, Items, Known, Name, Template, look_up, walk


def file_of(text: str, name: str | None = None, line: int = 1) -> File:
    return File(text, line, "go", name)


def missing(*files: File, listing: tuple[Listed, ...] = ()) -> list[tuple[str, str]]:
    units = [parse(file) for file in files]
    links = link(units, Document("", (), (), files, listing))
    return [(one.scope, one.name) for one in links.references if (one.scope, one.name) not in links.symbols]


def only_value(expression: str, imports: str = 'import "github.com/aws/jsii-runtime-go"\n') -> object:
    unit = parse(file_of(f"package main\n\n{imports}\nfunc run() {{\n\tuse({expression})\n}}\n"))
    call = unit.bindings[0].value
    assert isinstance(call, Call)
    return call.args[0]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"plain"', "plain"),
        ('"a\\n\\"b\\""', 'a\n"b"'),
        ("`raw \\n text`", "raw \\n text"),
        ('jsii.String("wrapped")', "wrapped"),
        ("jsii.Number(4)", 4),
        ("-3", -3),
        ("jsii.Bool(true)", True),
        ('"a" + "b" + "c"', "abc"),
    ],
)
def test_scalars_are_known(expression: str, value: object) -> None:
    read = only_value(expression)
    assert isinstance(read, Known)
    assert read.value == value


def test_a_struct_keeps_its_type_and_the_line_of_each_key() -> None:
    text = 'package main\n\nimport q "github.com/aws/aws-cdk-go/awscdk/v2/awssqs"\n\nfunc run() {\n\tq.NewQueue(s, id, &q.QueueProps{\n\t\tQueueName:\n\t\t\tname,\n\t})\n}\n'
    call = parse(file_of(text, line=11)).bindings[0].value
    assert isinstance(call, Call)
    assert (call.module.rsplit("/", 1)[-1], call.path, call.new) == ("awssqs", "NewQueue", True)
    struct = call.args[2]
    assert isinstance(struct, Fields)
    assert (struct.type, struct.module) == ("QueueProps", call.module)
    assert struct.fields["QueueName"].span == (17, 18)


def test_an_elided_element_takes_the_type_of_its_slice() -> None:
    read = only_value('&[]*s3.LifecycleRule{{Id: jsii.String("old")}}', 'import (\n\t"github.com/aws/jsii-runtime-go"\n\ts3 "example.org/awss3"\n)\n')
    assert isinstance(read, Items)
    (rule,) = read.items
    assert isinstance(rule, Fields)
    assert rule.type == "LifecycleRule"
    id_ = look_up(rule.fields, "id")
    assert isinstance(id_, Known)
    assert id_.value == "old"


def test_a_name_bound_once_to_a_text_resolves_and_a_reassigned_one_does_not() -> None:
    unit = parse(file_of('package main\n\nfunc run() {\n\tstage := "blue"\n\tcolour := "red"\n\tcolour = pick()\n\tuse(stage, colour)\n}\n'))
    call = next(b.value for b in unit.bindings if isinstance(b.value, Call) and b.value.path == "use")
    stage, colour = call.args
    assert isinstance(stage, Known)
    assert (stage.value, stage.via, stage.span.line) == ("blue", "stage", 7)
    assert isinstance(colour, Name)


def test_sprintf_is_a_template() -> None:
    read = only_value('fmt.Sprintf("orders-%s-%d", suffix, 3)', 'import "fmt"\n')
    assert isinstance(read, Template)
    assert read.text("?") == "orders-?-3"


def test_statements_inside_a_closure_are_bindings_too() -> None:
    unit = parse(file_of('package main\n\nfunc run() {\n\tvisit(func() {\n\t\tfor range all {\n\t\t\tmake_("x")\n\t\t}\n\t})\n}\n'))
    inner = next(b for b in unit.bindings if isinstance(b.value, Call) and b.value.path == "make_")
    assert inner.many


SHOP = """package shop

import "example.org/store/stock"

type Till struct {
	Stock *stock.Shelf
}

func Open(t *Till) int {
	return t.Stock.Count + t.Stock.Missing
}
"""
STOCK = """package stock

type Shelf struct {
	Count int
}
"""


def test_a_member_is_followed_through_own_packages() -> None:
    module = File("module example.org/store\n", 1, "text", "go.mod")
    assert missing(file_of(SHOP, "shop/till.go"), file_of(STOCK, "stock/shelf.go"), module) == [("stock", "Shelf.Missing")]


def test_a_package_that_is_never_given() -> None:
    text = 'package main\n\nimport "orchard/press"\n\nfunc main() {\n\tpress.Run()\n}\n'
    assert missing(file_of(text, "main.go")) == [("", "package press")]


def test_an_import_from_outside_is_nobodys_fault() -> None:
    text = 'package main\n\nimport "github.com/nfnt/resize"\n\nfunc main() {\n\tresize.Resize(1)\n}\n'
    assert missing(file_of(text, "main.go")) == []


def test_a_type_of_another_package_is_no_type_of_this_one() -> None:
    config = "package main\n\ntype Config struct{}\n\nfunc main() {}\n"
    user = "package parts\n\nfunc Use(c *Config) {}\n"
    assert missing(file_of(config, "main.go"), file_of(user, "parts/use.go")) == [("parts", "Config")]


@pytest.mark.parametrize(
    "body",
    [
        "for i, v := range xs() {\n\t\t_ = i + v\n\t}",
        "switch t := any(1).(type) {\n\tcase int:\n\t\t_ = t\n\t}",
        "if v, err := f(); err != nil {\n\t\tpanic(v)\n\t}",
        "var a, b = 1, 2\n\tprintln(a, b)",
        "g := func(n int) (out int) { out = n; return }\n\tprintln(g(1))",
        "type local struct{ A int }\n\tprintln(local{A: 1}.A)",
        "select {\n\tcase m := <-c():\n\t\tprintln(m)\n\t}",
        "outer:\n\tfor {\n\t\tbreak outer\n\t}",
    ],
)
def test_every_way_to_bind_a_name_binds_it(body: str) -> None:
    text = f"package main\n\nfunc xs() []int {{ return nil }}\nfunc f() (int, error) {{ return 0, nil }}\nfunc c() chan int {{ return nil }}\n\nfunc main() {{\n\t{body}\n}}\n"
    unit = parse(file_of(text, "main.go"))
    assert unit.problems == ()
    assert missing(unit.file) == []
    assert unit.unused == ()


def test_embedding_a_stack_adds_methods_but_no_fields() -> None:
    text = (
        'package main\n\nimport "github.com/aws/aws-cdk-go/awscdk/v2"\n\ntype Base struct {\n\tawscdk.Stack\n}\n\n'
        "func use(b *Base) {\n\tprintln(b.Account(), b.Bucket)\n}\n"
    )
    assert missing(file_of(text, "main.go")) == [("main", "Base.Bucket")]


def test_unused_imports_and_variables() -> None:
    text = 'package main\n\nimport (\n\t"fmt"\n\t_ "embed"\n\tlegacy "os"\n)\n\nfunc main() {\n\tused := 1\n\tidle := used\n}\n'
    assert [(one.name, one.span.line) for one in parse(file_of(text)).unused] == [("fmt", 4), ("os", 6), ("idle", 11)]


def test_a_file_with_a_problem_accuses_nobody_of_a_missing_name() -> None:
    unit = parse(file_of("package main\n\nfunc main() {\n\tundeclared(\n"))
    assert unit.problems
    assert unit.uses == ()


@given(st.text(alphabet=st.sampled_from(list("package main{}()[]:=\n\t\"'`.,*&func type struct%abc123 ")), max_size=300))
def test_any_text_is_read_and_every_span_lies_in_the_file(text: str) -> None:
    unit: Unit = parse(file_of(text, line=5))
    last = 5 + text.count("\n")
    for binding in unit.bindings:
        for value in walk(binding.value):
            assert 5 <= value.span.line <= value.span.end_line <= last


def test_deep_nesting_is_read_without_a_traceback() -> None:
    deep = "package main\n\nvar x = " + "(" * 3000 + "1" + ")" * 3000 + "\n"
    assert parse(file_of(deep)).bindings
