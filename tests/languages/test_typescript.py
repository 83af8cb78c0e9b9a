"""TypeScript and JavaScript: values, scopes, and names across the modules of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.languages.typescript import link, parse
from grader.model.documents import Document, File
from grader.model.solutions import Category, Import, Unit
from grader.model.values import Call, Fields, Items, Known, Name, Template, Unknown, Value, walk

STACK = "import * as cdk from 'aws-cdk-lib';\n"


def file_of(text: str, name: str | None = "lib/main.ts", *, line: int = 1, whole: bool = True, superseded: bool = False) -> File:
    language = "javascript" if (name or "").endswith(".js") else "typescript"
    return File(text, line, language, name, whole, superseded=superseded)


def missing(*files: File, text: str = "", others: tuple[File, ...] = ()) -> list[tuple[str, str]]:
    """What the files use of the answer and no file gives, and no parent of a library can give either."""
    units = [parse(file) for file in files]
    links = link(units, Document(text, tuple(text.split("\n")), (), (*files, *others)))
    return [(one.scope, one.name) for one in links.references if not one.bases and (one.scope, one.name) not in links.symbols]


def undefined(text: str, name: str = "lib/main.ts") -> list[str]:
    return [name for _, name in missing(file_of(text, name))]


def only_value(expression: str, before: str = "") -> Value:
    unit = parse(file_of(f"{before}\nuse({expression});\n"))
    assert not unit.problems
    call = unit.bindings[-1].value
    assert isinstance(call, Call)
    return call.args[0]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'plain'", "plain"),
        (r"'a\n\'b\' \u0041'", "a\n'b' A"),
        ("`raw`", "raw"),
        ("`port ${8080} of ${'x'}`", "port 8080 of x"),
        ("'a' + 'b' + 1", "ab1"),
        ("5 * 60", 300),
        ("-0x10", -16),
        ("1_000", 1000),
        ("2.5", 2.5),
        ("true as any", True),
        ("(<string>'cast')!", "cast"),
        ("null", None),
    ],
)
def test_scalars_are_known(expression: str, value: object) -> None:
    read = only_value(expression)
    assert isinstance(read, Known)
    assert read.value == value


@pytest.mark.parametrize(
    ("expression", "before", "module", "path", "new"),
    [
        ("new s3.Bucket(a, 'B', {})", "import * as s3 from 'aws-cdk-lib/aws-s3';", "aws-cdk-lib/aws-s3", "Bucket", True),
        ("new s3.Bucket(a, 'B', {})", "import { aws_s3 as s3 } from 'aws-cdk-lib';", "aws-cdk-lib", "aws_s3.Bucket", True),
        ("new cdk.aws_s3.Bucket(a, 'B')", "import * as cdk from 'aws-cdk-lib';", "aws-cdk-lib", "aws_s3.Bucket", True),
        ("lambda.Code.fromAsset('x')", "import * as lambda from 'aws-cdk-lib/aws-lambda';", "aws-cdk-lib/aws-lambda", "Code.fromAsset", False),
        ("new aws.s3.Bucket('b')", "import * as aws from '@pulumi/aws';", "@pulumi/aws", "s3.Bucket", True),
        ("new AWS.S3()", "import AWS from 'aws-sdk';", "aws-sdk", "S3", True),
        ("new AWS.S3()", "const AWS = require('aws-sdk');", "aws-sdk", "S3", True),
        ("new Put({})", "const { PutCommand: Put } = require('@aws-sdk/lib-dynamodb');", "@aws-sdk/lib-dynamodb", "PutCommand", True),
        ("new sdk.S3()", "import sdk = require('aws-sdk');", "aws-sdk", "S3", True),
        ("new Vpc(a)", "import { Vpc } from '../.gen/providers/aws/vpc';", "../.gen/providers/aws/vpc", "Vpc", True),
        ("new Own(a)", "import { Own } from './own';", "", "Own", True),
        ("JSON.stringify({})", "", "", "JSON.stringify", False),
    ],
)
def test_a_callee_is_named_by_its_import(expression: str, before: str, module: str, path: str, new: bool) -> None:  # noqa: FBT001 - a column of the table
    call = only_value(expression, before)
    assert isinstance(call, Call)
    assert (call.module, call.path, call.new, call.receiver) == (module, path, new, None)


def test_a_method_of_a_value_has_a_receiver() -> None:
    call = only_value("this.group.connections.allow(peer)")
    assert isinstance(call, Call)
    assert (call.path, call.module) == ("allow", "")
    assert isinstance(call.receiver, Name)
    assert call.receiver.path == "this.group.connections"
    chained = only_value("a.first(1).second(2)")
    assert isinstance(chained, Call)
    assert isinstance(chained.receiver, Call)
    assert (chained.path, chained.receiver.path) == ("second", "first")


def test_an_object_keeps_the_line_of_each_key_and_says_what_it_spreads() -> None:
    unit = parse(file_of("use({\n  plain: 1,\n  'quoted':\n    2,\n  short,\n  ...rest,\n  ...(on ? { inner: 'x' } : {}),\n});\n", line=11))
    call = unit.bindings[0].value
    assert isinstance(call, Call)
    fields = call.args[0]
    assert isinstance(fields, Fields)
    assert [key for key in fields.fields if not key.startswith("...")] == ["plain", "quoted", "short"]
    assert fields.fields["quoted"].span == (13, 14)
    assert not fields.complete
    assert "x" in {one.value for one in walk(fields) if isinstance(one, Known)}
    merged = only_value("{ a: 1, ...{ b: 2 } }")
    assert isinstance(merged, Fields)
    assert (list(merged.fields), merged.complete) == (["a", "b"], True)


def test_lists_and_what_cannot_be_told() -> None:
    items = only_value("['a', ...more]")
    assert isinstance(items, Items)
    assert (len(items.items), items.complete) == (2, False)
    for expression in ("props.size ?? 't3.micro'", "on ? 't3.micro' : size", "process.env.SIZE || 't3.micro'"):
        value = only_value(expression)
        assert isinstance(value, Unknown)
        assert "t3.micro" in {one.value for one in value.parts if isinstance(one, Known)}
    template = only_value("pulumi.interpolate`${b.arn}/*`", "import * as pulumi from '@pulumi/pulumi';")
    assert isinstance(template, Template)
    assert template.text("?") == "?/*"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("const region = 'eu-west-1';\nuse(region);", "eu-west-1"),
        ("function f() {\n  use(region);\n}\nconst region = 'eu-west-1';", "eu-west-1"),
        ("const a = 'x';\nconst b = `${a}-y`;\nuse(b);", "x-y"),
        ("let once = 'x';\nuse(once);", "x"),
        ("let twice = 'x';\ntwice = 'y';\nuse(twice);", None),
        ("let count = 1;\ncount++;\nuse(count);", None),
        ("const a = 'x';\nfunction f(a: string) {\n  use(a);\n}", None),
        ("for (let i = 0; i < 3; i++) {\n  use(i);\n}", None),
        ("for (const az of ['a']) {\n  use(az);\n}", None),
    ],
)
def test_constants_resolve_where_nothing_binds_them_again(text: str, value: str | None) -> None:
    unit = parse(file_of(text))
    call = next(one.value for one in unit.bindings if isinstance(one.value, Call) and one.value.path == "use")
    read = call.args[0]
    if value is None:
        assert isinstance(read, Name)
    else:
        assert isinstance(read, Known)
        assert (read.value, read.span.line) == (value, call.span.line)
        assert read.via


def test_bindings_say_their_name_owner_and_whether_they_repeat() -> None:
    text = (
        "class Stack {\n  private size = 3;\n  constructor() {\n    this.bucket = make('one');\n    zones.forEach((z) => {\n      const net = make(z);\n"
        "    });\n    later(() => make('two'));\n  }\n}\nfunction run(n = make('default')) {\n  return make('out');\n}\n"
    )
    found = {(one.name, one.owner, one.many, one.span.line) for one in parse(file_of(text)).bindings}
    assert {
        ("this.size", "Stack", False, 2),
        ("this.bucket", "Stack.constructor", False, 4),
        ("net", "Stack.constructor", True, 6),
        ("", "Stack.constructor", False, 8),
        ("n", "run", False, 11),
        ("", "run", False, 12),
    } <= found
    lines = [one.span.line for one in parse(file_of(text)).bindings]
    assert lines == sorted(lines)


def test_imports_are_read_in_all_their_forms() -> None:
    text = (
        "import all, { one, two as second, type Three } from './a';\nimport * as ns from 'b';\nimport 'side';\nimport old = require('c');\n"
        "const whole = require('d');\nconst { key, other: named } = require('./e');\nexport * from './f';\n"
    )
    found = {(one.module, one.name, one.local) for one in parse(file_of(text)).imports}
    assert found == {
        ("./a", "default", "all"),
        ("./a", "one", "one"),
        ("./a", "two", "second"),
        ("./a", "Three", "Three"),
        ("b", "", "ns"),
        ("side", "", ""),
        ("c", "", "old"),
        ("d", "", "whole"),
        ("./e", "key", "key"),
        ("./e", "other", "named"),
        ("./f", "*", ""),
    }
    assert all(isinstance(one, Import) for one in parse(file_of(text)).imports)


def test_symbols_are_the_top_level_and_the_members_of_types() -> None:
    text = (
        "export interface Props extends cdk.StackProps { readonly cidr?: string; make(): void }\n"
        "export class Net extends Base<Props> {\n  public readonly vpc: ec2.Vpc;\n  peer = new Peer();\n"
        "  constructor(scope: Construct, private readonly props: Props) { super(); }\n  get zone(): Zone { return z; }\n}\n"
        "enum Tier { Dev = 'dev', Prod = 'prod' }\nexport const limit: number = 3;\nfunction help() {}\n"
    )
    found = {one.name: (one.category, one.type) for one in parse(file_of(text, "lib/net.ts")).symbols}
    assert {one.scope for one in parse(file_of(text, "lib/net.ts")).symbols} == {"lib/net"}
    assert found["Props.cidr"] == (Category.FIELD, "string")
    assert found["Net"] == (Category.TYPE, "Base")
    assert found["Net.vpc"] == (Category.FIELD, "ec2.Vpc")
    assert found["Net.peer"] == (Category.FIELD, "Peer")
    assert found["Net.props"] == (Category.FIELD, "Props")
    assert found["Net.zone"] == (Category.FIELD, "Zone")
    assert found["Net.constructor"][0] is Category.FUNCTION
    assert found["Tier.Prod"][0] is Category.FIELD
    assert found["limit"] == (Category.VARIABLE, "number")
    assert found["help"][0] is Category.FUNCTION
    assert "Net.scope" not in found


@pytest.mark.parametrize(
    "text",
    [
        "export function early() { return LATE + help(); }\nconst LATE = 1;\nfunction help() { return 1; }",
        "const { a, b: [c, ...d], e: { f = 1 } = {}, ...rest } = source;\nuse(a, c, d, f, rest);",
        "function f({ a, b = a }: { a?: string; b?: string } = {}, ...more: string[]) { return [b, more, arguments.length]; }",
        "function f() { if (1) { var inner = 2; } return inner; }",
        "try { use(1); } catch ({ message }) { use(message); } finally { use(2); }",
        "outer: for (const [k, v] of Object.entries({})) { for (let i = 0, n = v; i < n; i++) { if (k) continue outer; break outer; } }",
        "const g = function self(n: number): number { return self(n - 1); };\nuse(g);",
        "const K = class Named { make() { return new Named(); } };\nuse(K);",
        "type Mapped<T> = { [P in keyof T]: T[P] extends Promise<infer R> ? R : T[P] };\nlet m: Mapped<string>;",
        "type Fn = <A, B = A>(a: A, cb: (err: Error | null, data?: B) => void) => a is string;\nlet f: Fn;",
        "enum Level { Low = 1, High = Low << 1 }\nuse(Level.High);",
        "namespace Inner { export const value = 1; export function f() { return value; } }\nuse(Inner.f());",
        "declare const injected: string;\ndeclare function ext(a: string): void;\next(injected);",
        "declare global { var shared: number }\nuse(shared);",
        "const known = typeof ghost === 'undefined' ? 1 : ghost;\nuse(known);",
        "const o = { short: 1, m() { return 2; }, get g() { return 3; }, [`${1}`]: 4 };\nuse(o);",
        "class A<T extends object = {}> { #p = 1; static n = 0; m<U extends keyof T>(u: U): this is A<T> { return this.#p > A.n; } }\nuse(A);",
        "let t: Record<string, Awaited<ReturnType<typeof use>>> | NodeJS.Timeout | HTMLDivElement;",
        "describe('x', () => { beforeEach(() => {}); it('y', async () => { expect(await import('z')).toBe(1); }); });",
        "async function f() { for await (const chunk of stream()) { use(chunk); } }\nfunction stream() { return []; }",
        "process.on('exit', () => { clearTimeout(setTimeout(() => {}, 1)); console.log(Buffer.from(''), __dirname, new URL('x')); });",
    ],
)
def test_a_bound_name_is_never_undefined(text: str) -> None:
    assert undefined(f"import {{ use, source }} from 'outside';\n{text}\n") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("new sns.Topic(app, 'T');\nconst app = 1;", ["sns"]),
        ("export function f(p: Missing): Other<Third> { return p; }", ["Missing", "Other", "Third"]),
        ("function f() { const inside = 1; return inside; }\nf();\ncdk.use(inside);", ["inside"]),
        ("if (true) { const block = 1; }\ncdk.use(block);", ["block"]),
        ("cdk.use({ short, key: deep.value, [computed]: 1 });", ["short", "deep", "computed"]),
        ("cdk.use(`${hole}`, ...spread, cond ? left : right);", ["hole", "spread", "cond", "left", "right"]),
        ("class A extends Parent implements Face {}\ncdk.use(A);", ["Parent", "Face"]),
        ("const x: typeof ghost = 1;", ["ghost"]),
        ("target = 1;", ["target"]),
        ("cdk.use((item) => item + outer);", ["outer"]),
    ],
)
def test_a_name_that_nothing_binds_is_missing(text: str, names: list[str]) -> None:
    assert sorted(undefined(f"{STACK}{text}\n")) == sorted(names)


def test_only_a_whole_and_sound_file_tells_what_is_undefined() -> None:
    text = f"{STACK}use(ghost);\n"
    assert undefined(text) == ["use", "ghost"]
    assert missing(file_of(text, whole=False)) == []
    assert missing(file_of(text, superseded=True)) == []
    assert undefined(f"{text}const = ;\n") == []
    assert undefined(f"{text}// ... rest of the code\n") == []
    assert undefined("export const a = ghost;\n") == [], "an excerpt without its imports"


def test_a_script_may_create_a_name_by_assigning_it() -> None:
    assert undefined("const a = require('a');\ncounter = a;\ncounter++;\n", "lambda/index.js") == []
    assert undefined("exports.handler = async () => new AWS.S3();\n", "lambda/index.js") == ["AWS"]


def test_a_file_that_is_imported_and_not_given_is_missing_with_what_it_would_hold() -> None:
    stack = file_of(f"{STACK}import {{ Net, NetProps }} from './net-stack';\nexport const n = (p: NetProps) => new Net(p);\n", "lib/tap-stack.ts")
    units = [parse(stack)]
    links = link(units, Document("", (), (), (stack,)))
    found = [(one.scope, one.name, one.category, one.span.line) for one in links.references if (one.scope, one.name) not in links.symbols]
    assert ("", "lib/net-stack", Category.FILE, 2) in found
    assert ("lib/net-stack", "Net", Category.TYPE, 3) in found
    assert ("lib/net-stack", "NetProps", Category.TYPE, 3) in found
    file = next(one for one in links.references if one.category is Category.FILE)
    assert (file.path, file.text) == ("lib/net-stack", "./net-stack")


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("./net", "lib/net.ts"),
        ("./net.js", "lib/net.ts"),
        ("./net.ts", "lib/net.ts"),
        ("../src/net", "src/net.ts"),
        ("./net", "lib/net/index.ts"),
        ("..", "index.ts"),
        ("./net", "net.ts"),
        ("./stacks/net", "lib/net.ts"),
        ("./net-stak", "lib/net-stack.ts"),
        ("@/lib/net", "lib/net.ts"),
        ("./net", None),
    ],
)
def test_an_import_finds_its_file(spec: str, name: str | None) -> None:
    user = file_of(f"import {{ Net }} from '{spec}';\nexport const n = new Net();\n", "lib/main.ts")
    assert missing(user, file_of("export class Net {}\n", name)) == []


@pytest.mark.parametrize(
    "spec",
    [
        "../.gen/providers/aws/vpc",
        "./.gen/x",
        "../package.json",
        "./styles.css",
        "../cfn-outputs/flat-outputs.json",
        "./generated/client",
        "/opt/nodejs/util",
        "lodash",
        "src/unheard",
    ],
)
def test_what_is_generated_or_foreign_is_not_the_answers_to_give(spec: str) -> None:
    assert missing(file_of(f"import {{ x }} from '{spec}';\nexport const y = x;\n")) == []


def test_other_files_of_the_answer_satisfy_an_import() -> None:
    user = file_of("import limits from './limits.json';\nexport const y = limits;\n")
    assert missing(user) == [("", "lib/limits"), ("lib/limits", "default"), ("lib/limits", "default")]
    assert missing(user, others=(File("{}", 9, "json", "lib/limits.json"),)) == []


def test_a_file_that_is_shown_in_parts_is_not_missing() -> None:
    user = file_of("import { Net } from './net-stack';\nexport const n = new Net();\n")
    assert missing(user, text="intro\n### lib/net-stack.ts: the main parts\n") == []


def test_exports_are_followed() -> None:
    user = "import {{ {names} }} from './lib';\nexport const all = [{names}];\n"
    index = file_of(
        "export * from './a';\nexport { inner as outer } from './b';\nimport { kept } from './b';\nexport { kept };\nexport { own as renamed };\nconst own = 1;\n",
        "lib/index.ts",
    )
    parts = (file_of("export const deep = 1;\n", "lib/a.ts"), file_of("export const inner = 1, kept = 2;\n", "lib/b.ts"))
    assert missing(file_of(user.format(names="deep, outer, kept, renamed"), "main.ts"), index, *parts) == []
    assert ("lib/index", "gone") in missing(file_of(user.format(names="gone"), "main.ts"), index, *parts)


def test_default_and_commonjs_exports_are_followed() -> None:
    user = file_of("import make, { helper } from './a';\nexport const x = make(helper);\n")
    assert missing(user, file_of("export default function make() {}\nexport function helper() {}\n", "lib/a.ts")) == []
    assert set(missing(user, file_of("export const other = 1;\n", "lib/a.ts"))) == {("lib/a", "default"), ("lib/a", "helper")}
    script = file_of("const { helper, gone } = require('./a');\nexports.x = helper(gone);\n", "lib/main.js")
    assert set(missing(script, file_of("module.exports = { helper: 1 };\n", "lib/a.js"))) == {("lib/a", "gone")}
    assert missing(script, file_of("module.exports = build();\nfunction build() {}\n", "lib/a.js")) == []


def test_an_export_of_a_broken_file_is_unknown() -> None:
    user = file_of("import { Gone } from './a';\nexport const x = Gone;\n")
    broken = file_of("export const x = {\n  a: [1,\n", "lib/a.ts")
    assert missing(user, broken) == []
    units = [parse(user), parse(broken)]
    assert units[1].problems
    assert any("Gone" in reason for reason, _ in link(units, Document("", (), (), (user, broken))).unresolved)


NET = (
    "import * as ec2 from 'aws-cdk-lib/aws-ec2';\nexport interface NetProps { cidr: string; tier?: Tier; peer?: Peer }\nexport interface Peer { id: string }\n"
    "export enum Tier { Dev = 'dev' }\nexport class Shape { area = 1; }\n"
    "export class Net extends Shape { public vpc: ec2.Vpc; constructor(private props: NetProps) { super(); } own() { return this.props.cidr + this.area; } }\n"
)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("const net = new Net({} as NetProps);\ncdk.use(net.vpc.vpcId, net.own(), net.area, net.toString());", []),
        ("const net = new Net({} as NetProps);\ncdk.use(net.subnets);", ["Net.subnets"]),
        ("export function f(props: NetProps) { return props.cidr + props.region; }", ["NetProps.region"]),
        ("export function f(props?: Readonly<NetProps>) { return props!.tier!.length; }", []),
        ("export function f(props: NetProps) { const { cidr, zone = 'a' } = props; return [cidr, zone]; }", ["NetProps.zone"]),
        ("export function f({ cidr, zone }: NetProps) { return [cidr, zone]; }", ["NetProps.zone"]),
        ("export function f(props: NetProps) { return props.peer!.id + props.peer?.name; }", ["Peer.name"]),
        ("cdk.use(Tier.Dev, Tier.Prod);", ["Tier.Prod"]),
        ("export function f(t: Tier) { return t.toUpperCase(); }", []),
        ("export function f(props: NetProps) { return 'zone' in props ? props.zone : 1; }", []),
        (
            "export function f(s: Shape) { if (s instanceof Net) { return s.vpc; } return isNet(s) && s.vpc; }\nfunction isNet(s: Shape): s is Net { return !!s; }",
            [],
        ),
        ("export function f(s: Shape) { return (s as any).zone; }", []),
        ("interface Wide extends NetProps { more: string }\nexport function f(w: Wide) { return w.cidr + w.more + w.less; }", ["Wide.less"]),
        ("interface Deep extends cdk.StackProps { more: string }\nexport function f(d: Deep) { return d.env; }", []),
        ("interface Loose { [key: string]: string }\nexport function f(l: Loose) { return l.anything; }", []),
        ("type Joined = NetProps & { extra: string };\nexport function f(j: Joined) { return j.cidr + j.extra + j.third; }", ["Joined.third"]),
        ("type Either = NetProps | Peer;\nexport function f(e: Either) { return e.whatever; }", []),
        (
            "class Here { a = 1; m() { return this.a + this.b; } n = () => this.c; o() { return [1].map(() => this.d); } }\ncdk.use(Here);",
            ["Here.b", "Here.c", "Here.d"],
        ),
        ("class Here { m() { return function (this: any) { return this.b; }; } o() { return { k() { return this.c; } }; } }\ncdk.use(Here);", []),
        ("class Here extends cdk.Stack { m() { return this.region + this.gone; } }\ncdk.use(Here);", []),
        ("class Here extends mixin(Shape) { m() { return this.gone; } }\ncdk.use(Here);\nfunction mixin(a: any) { return a; }", []),
        ("import * as all from './net';\ncdk.use(new all.Net({} as all.NetProps), all.nothing);", ["nothing"]),
    ],
)
def test_members_are_followed_through_the_answers_own_types(text: str, gone: list[str]) -> None:
    user = file_of(f"{STACK}import {{ Net, NetProps, Peer, Shape, Tier }} from './net';\n{text}\n", "lib/main.ts")
    assert sorted(name for _, name in missing(user, file_of(NET, "lib/net.ts"))) == sorted(gone)


def test_members_of_a_class_that_a_fragment_may_complete_are_unknown() -> None:
    stack = file_of(f"{STACK}class Here {{ m() {{ return this.addQueue(); }} }}\ncdk.use(Here);\n")
    assert missing(stack) == [("lib/main", "Here.addQueue")]
    assert missing(stack, file_of("class Here { addQueue() {} }\n", None, whole=False)) == []


@pytest.mark.parametrize(
    "text",
    [
        "// bin/app.ts\n#!/usr/bin/env node\nconst a = 1;\n",
        "\ufeffconst a = 1;\n",
        "<<<<<<< HEAD\nconst a = 1;\n=======\nconst b = 1;\n>>>>>>> main\n",
        "const a = 1;\n```",
        "let a: import('x').Y[] = [];\n",
        "const a = <div className={b}>text</div>;\nconst b = 1;\n",
    ],
)
def test_what_is_no_syntax_error_is_repaired_in_place(text: str) -> None:
    unit = parse(file_of(text))
    assert unit.problems == ()
    assert unit.bindings[0].span.line == text[: text.index("a =") if "a =" in text else text.index("a:")].count("\n") + 1


def test_a_script_in_a_template_keeps_its_first_line() -> None:
    value = only_value("`#!/bin/bash\n#!/second`")
    assert isinstance(value, Known)
    assert value.value == "#!/bin/bash\n#!/second"


@pytest.mark.parametrize(
    "text",
    [
        "memorySize: 512,\ntimeout: 3,\n",
        "private make(): void {\n  this.x = 1;\n}\n",
        "return await go();\n",
        "{ a: 1, b: [2] },\n",
        "scope, 'id', { a: 1 }\n",
    ],
)
def test_a_fragment_is_read_inside_what_it_may_be_a_part_of(text: str) -> None:
    assert parse(file_of(text, None, whole=False)).problems == ()


def test_a_whole_file_keeps_its_syntax_errors() -> None:
    (problem, *_) = parse(file_of("const a = 1;\nclass {\n  x: ;\n", line=21)).problems
    assert problem.span.line >= 22


@pytest.mark.parametrize("part", ["(", "[", "{a:", "a.b(", "x=>", "`${", "if(a){", "class A {", "A & (", "Readonly<", "!", "a?b:", "<a>", "'"])
def test_nesting_without_end_is_survived(part: str) -> None:
    for before in ("", "type T = ", "const a = "):
        unit = parse(file_of(before + part * 3000))
        assert isinstance(unit, Unit)


@given(st.text(alphabet="abc{}()[]<>=;:,.'\"`$\n /*#!&|?", max_size=120), st.booleans())
def test_any_text_is_read(text: str, whole: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    file = file_of(text, line=5, whole=whole)
    unit = parse(file)
    links = link([unit], Document(text, tuple(text.split("\n")), (), (file,)))
    places = (
        [one.span for one in unit.bindings]
        + [one.span for one in unit.symbols]
        + [one.span for one in unit.problems]
        + [one.span for one in links.references]
    )
    assert all(5 <= one.line <= one.end_line <= file.line + text.count("\n") + 1 for one in places)


@pytest.mark.corpus
def test_real_code_is_read_and_its_names_are_nearly_all_bound(corpus: Path) -> None:
    from grader.markdown import read_document  # noqa: PLC0415 - only this test reads documents

    read = faulty = 0
    for path in sorted(corpus.glob("*-ts/*/IDEAL_RESPONSE.md")):
        document = read_document(path.read_text(encoding="utf-8", errors="replace"))
        units = [parse(file) for file in document.files if file.language in {"typescript", "javascript"}]
        links = link(units, document)
        read += bool(units)
        faulty += any(not one.bases and (one.scope, one.name) not in links.symbols for one in links.references)
    assert read > 100
    assert faulty <= read * 0.06
