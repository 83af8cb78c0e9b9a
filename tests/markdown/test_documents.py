"""Markdown as models write it: what becomes a file, what is a quote, a command or a listing, and where each stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.markdown import read_document
from grader.model.documents import LANGUAGES, Document, Role

STACK = "import * as cdk from 'aws-cdk-lib';\n\nexport class StoreStack extends cdk.Stack {\n  readonly size = 3;\n}\n"
HANDLER = "import json\n\n\ndef handler(event, context):\n    return json.dumps(event)\n"
BUCKET = 'resource "aws_s3_bucket" "photos" {\n  bucket = "photos"\n}\n'
TEMPLATE = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Photos:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: photos\n"


def files(text: str) -> list[tuple[str | None, str]]:
    return [(file.name, file.language) for file in read_document(text).files]


def roles(text: str) -> list[Role]:
    return [block.role for block in read_document(text).blocks]


def fenced(text: str, tag: str = "", mark: str = "```") -> str:
    return f"{mark}{tag}\n{text}{mark}\n"


NAMED = {
    "heading with backticks": f"### 2. Main stack - `lib/store-stack.ts`\n\n{fenced(STACK, 'typescript')}",
    "heading that is the path": f"## lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}",
    "bold line": f"**lib/store-stack.ts**\n\n{fenced(STACK, 'typescript')}",
    "bold line with words": f"**File: `lib/store-stack.ts`**:\n{fenced(STACK, 'ts')}",
    "first comment": fenced(f"// lib/store-stack.ts\n{STACK}", "typescript"),
    "comment that says file": fenced(f"// File: lib/store-stack.ts\n{STACK}", "typescript"),
    "info string": fenced(STACK, "typescript lib/store-stack.ts"),
    "info string with a title": fenced(STACK, 'ts title="lib/store-stack.ts"'),
    "sentence before": f"Create `lib/store-stack.ts`:\n\n{fenced(STACK, 'typescript')}",
    "space before the tag": f"### lib/store-stack.ts\n\n``` typescript\n{STACK}```\n",
    "no tag": f"### lib/store-stack.ts\n\n{fenced(STACK)}",
    "wrong tag": f"### lib/store-stack.ts\n\n{fenced(STACK, 'hcl')}",
    "tildes": f"### lib/store-stack.ts\n\n~~~typescript\n{STACK}~~~\n",
    "indented in a list": "1. The stack, `lib/store-stack.ts`:\n\n" + "".join(f"   {line}\n" for line in fenced(STACK, "typescript").splitlines()),
    "tags around it": f"### lib/store-stack.ts\n\n<typescript_code>\n{STACK}</typescript_code>\n",
    "byte order mark": f"\ufeff### lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}",
    "carriage returns": f"### lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}".replace("\n", "\r\n"),
    "reasoning before it": f"<thinking>\nFirst I sketch it:\n\n```typescript\nclass A {{}}\n```\n</thinking>\n\n### lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}",
    "windows separators": f"### File: lib\\store-stack.ts\n\n{fenced(STACK, 'typescript')}",
}


@pytest.mark.parametrize("form", NAMED)
def test_a_file_is_found_with_its_name_and_language(form: str) -> None:
    assert files(NAMED[form]) == [("lib/store-stack.ts", "typescript")]


@pytest.mark.parametrize("form", NAMED)
def test_a_line_of_a_file_is_that_line_of_the_document(form: str) -> None:
    document = read_document(NAMED[form])
    for file in document.files:
        for offset, line in enumerate(file.text.split("\n")):
            assert document.lines[file.line - 1 + offset].strip() == line.strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STACK, "typescript"),
        (HANDLER, "python"),
        (BUCKET, "hcl"),
        (TEMPLATE, "yaml"),
        ('{\n  "Resources": {"A": {"Type": "AWS::SNS::Topic"}}\n}\n', "json"),
    ],
    ids=["typescript", "python", "hcl", "yaml", "json"],
)
@pytest.mark.parametrize("tag", ["", "text", "code"])
def test_the_language_comes_from_the_content_where_the_tag_says_none(text: str, language: str, tag: str) -> None:
    assert files(fenced(text, tag)) == [(None, language)]


def test_a_document_without_fences_is_one_file() -> None:
    assert files(TEMPLATE) == [(None, "yaml")]
    assert files(BUCKET + '\nvariable "name" {\n  type = string\n}\n') == [(None, "hcl")]


def test_an_unclosed_last_fence_gives_a_file_that_is_not_closed() -> None:
    document = read_document(f"## main.tf\n\n```hcl\n{BUCKET}")
    assert [(file.name, file.closed) for file in document.files] == [("main.tf", False)]


def test_prose_behind_a_lost_fence_is_no_code() -> None:
    for text, language in ((STACK, "typescript"), ('{\n  "app": "node bin/app.js"\n}\n', "json")):
        document = read_document(f"```{language}\n{text}\n## How it works\n\nThe stack holds one bucket and nothing else at all.\n")
        assert [file.text.strip() for file in document.files] == [text.strip()]
        assert document.files[0].closed


def test_fences_in_a_quoted_readme_are_no_files() -> None:
    readme = f"# Store\n\n## Deploy\n\n{fenced('npm run deploy', 'bash')}\n{fenced(STACK, 'typescript')}"
    text = f"### lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}\n### README.md\n\n````markdown\n{readme}````\n"
    assert [name for name, language in files(text) if language in LANGUAGES] == ["lib/store-stack.ts"]


def test_a_readme_in_fences_of_the_same_length_is_read_to_its_end() -> None:
    readme = f"# Store\n\n{fenced('npm run deploy', 'bash')}\nThen look at it.\n"
    text = f"### README.md\n\n```markdown\n{readme}```\n\n### main.tf\n\n{fenced(BUCKET, 'hcl')}"
    assert ("main.tf", "hcl") in files(text)
    assert [name for name, language in files(text) if language in LANGUAGES] == ["main.tf"]


def test_an_answer_that_stands_in_a_markdown_fence_as_a_whole_is_read() -> None:
    assert files(f"````markdown\n## main.tf\n\n{fenced(BUCKET, 'hcl')}````\n") == [("main.tf", "hcl")]


def test_glued_fences_are_told_apart() -> None:
    assert files(f"Here it is:```hcl\n{BUCKET}```\n") == [(None, "hcl")]
    assert files(f"```hcl\n{BUCKET.rstrip()}```\n\nThat is all.\n") == [(None, "hcl")]


SEVERAL = {
    "comments": fenced(f'# variables.tf\nvariable "name" {{\n  type = string\n}}\n\n# main.tf\n{BUCKET}', "hcl"),
    "rulers": fenced(f'# =====\n# variables.tf\n# =====\nvariable "name" {{\n  type = string\n}}\n\n# =====\n# main.tf\n# =====\n{BUCKET}', "hcl"),
    "bare lines": fenced(f'variables.tf\nvariable "name" {{\n  type = string\n}}\nmain.tf\n{BUCKET}', "hcl"),
    "numbered lines": fenced(f'1. variables.tf\nvariable "name" {{\n  type = string\n}}\n\n2. main.tf\n{BUCKET}', "hcl"),
}


@pytest.mark.parametrize("form", SEVERAL)
def test_several_files_in_one_block_are_split(form: str) -> None:
    document = read_document(SEVERAL[form])
    assert [file.name for file in document.files] == ["variables.tf", "main.tf"]
    assert all("aws_s3_bucket" in file.text for file in document.files if file.name == "main.tf")
    assert not any("aws_s3_bucket" in file.text for file in document.files if file.name == "variables.tf")


def test_classes_of_java_are_split_at_their_names() -> None:
    first = "package shop;\n\npublic class Main {\n    public static void main(String[] args) {\n    }\n}\n"
    second = "package shop;\n\npublic class Store {\n    int size = 3;\n}\n"
    assert [file.name for file in read_document(fenced(f"{first}Store.java\n{second}", "java")).files] == ["shop/Main.java", "Store.java"]


def test_a_path_inside_a_text_splits_nothing() -> None:
    code = "const code = `\n\n// lib/helper.js\nexports.help = () => 1;\nexports.more = () => 2;\n`;\n"
    assert files(fenced(STACK + code, "typescript")) == [(None, "typescript")]
    script = "locals {\n  script = <<-EOT\n    a\n\n# setup.py\nimport os\nfrom a import b\n    EOT\n}\n"
    assert files(fenced(script + BUCKET, "hcl")) == [(None, "hcl")]


def test_a_path_on_the_machine_splits_nothing() -> None:
    code = "const a = 1;\n\n// /opt/nodejs/logger.js\nexports.log = (m) => console.log(m);\nexports.warn = (m) => console.warn(m);\n"
    assert files(fenced(STACK + code, "typescript")) == [(None, "typescript")]


def test_the_later_of_two_versions_of_a_file_wins() -> None:
    first, second = fenced(BUCKET, "hcl"), fenced(BUCKET.replace('= "photos"', '= "photo-store"'), "hcl")
    found = read_document(f"### main.tf\n\n{first}\n### main.tf (final)\n\n{second}").files
    assert [(file.name, file.superseded) for file in found] == [("main.tf", True), ("main.tf", False)]


def test_commands_are_no_files_and_what_they_write_is() -> None:
    assert files(fenced("npm install\nnpx cdk deploy\n", "bash")) == []
    assert files(fenced(f"mkdir -p infra\ncat > infra/main.tf <<'EOF'\n{BUCKET}EOF\nterraform init\n", "bash")) == [("infra/main.tf", "hcl")]


def test_before_and_after_quotes_are_no_files() -> None:
    text = f"### lib/store-stack.ts\n\n{fenced(STACK, 'typescript')}\n## What changed\n\nBefore:\n\n{fenced('size = 2;', 'typescript')}\nAfter:\n\n{fenced('size = 3;', 'typescript')}"
    assert files(text) == [("lib/store-stack.ts", "typescript")]


def test_usage_beside_the_real_file_is_a_snippet() -> None:
    text = f"### main.tf\n\n{fenced(BUCKET, 'hcl')}\n## Usage\n\n{fenced('bucket = var.name' + chr(10), 'hcl')}"
    assert files(text) == [("main.tf", "hcl")]
    assert roles(text)[1] is not Role.FILE


TREE = "store/\n├── bin/\n│   └── app.ts\n├── lib/\n│   ├── store-stack.ts\n│   └── lambda/\n│       └── index.py\n└── package.json\n"


@pytest.mark.parametrize("text", [fenced(TREE), fenced(TREE, "text"), fenced(TREE, "bash"), TREE], ids=["bare", "text", "bash", "no fence"])
def test_a_project_tree_is_the_answers_claim_of_its_files(text: str) -> None:
    listing = {one.path: one.directory for one in read_document(f"## Project structure\n\n{text}").listing}
    assert {path for path, directory in listing.items() if not directory} == {
        "bin/app.ts",
        "lib/store-stack.ts",
        "lib/lambda/index.py",
        "package.json",
    }
    assert listing["lib/lambda"]


def test_a_tree_gives_a_bare_name_its_folder() -> None:
    assert files(f"{fenced(TREE)}\n### index.py\n\n{fenced(HANDLER, 'python')}") == [("lib/lambda/index.py", "python")]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("lib\\*\\*init\\*\\*.py", "lib/__init__.py"),
        ("lib/**init**.py", "lib/__init__.py"),
        ("lib\\shop\\_\\_init\\_\\_.py", "lib/shop/__init__.py"),
        ("shop\\_stack.py", "shop_stack.py"),
    ],
)
def test_names_that_a_formatter_took_for_emphasis_are_restored(written: str, path: str) -> None:
    assert files(f"## File: {written}\n\n{fenced(HANDLER, 'python')}") == [(path, "python")]


def test_elided_code_is_a_file_that_is_not_whole_or_a_snippet_of_the_whole_one() -> None:
    short = 'resource "aws_s3_bucket" "photos" {\n  # ... existing configuration\n  force_destroy = true\n}\n'
    assert files(f"### main.tf\n\n{fenced(BUCKET * 4, 'hcl')}\n### main.tf\n\n{fenced(short, 'hcl')}")[:1] == [("main.tf", "hcl")]


SCRIPT = (
    "const script = `#!/bin/bash\n"
    + "# Install what the store needs\n# Start the web server now\n# Watch the logs of it\nyum update -y\n" * 4
    + "`;\n"
)


@pytest.mark.parametrize("text", [f"```typescript\n{STACK}{SCRIPT}{STACK}", f"{STACK}{SCRIPT}{STACK}"], ids=["unclosed", "no fence"])
def test_comments_of_a_script_inside_a_text_end_no_code(text: str) -> None:
    (file,) = read_document(text).files
    assert file.text.rstrip("\n") == f"{STACK}{SCRIPT}{STACK}".rstrip("\n")


def test_a_piece_from_the_midst_of_a_script_is_no_file() -> None:
    piece = 'elif [ "$STAGE" = "live" ]; then\n  # ... existing steps\n  make live\nfi\n'
    assert files(f"Add the stage to `scripts/deploy.sh`:\n{fenced(piece, 'bash')}") == []
    assert files(f"### scripts/deploy.sh\n\n{fenced('#!/bin/bash' + chr(10) + 'make live' + chr(10), 'bash')}") == [("scripts/deploy.sh", "bash")]


@pytest.mark.parametrize(
    ("name", "tag", "text"), [("src/go.mod", "go", "module shop\n\ngo 1.21\n"), ("requirements.txt", "python", "boto3\naws-xray-sdk\n")]
)
def test_a_list_of_packages_is_in_no_language_whatever_its_tag(name: str, tag: str, text: str) -> None:
    assert files(f"### {name}\n\n{fenced(text, tag)}") == [(name, "")]


def test_commands_that_name_a_list_of_packages_are_commands() -> None:
    assert roles(f"Install `requirements.txt`:\n\n{fenced('pip install -r requirements.txt' + chr(10), 'bash')}") == [Role.COMMAND]


@pytest.mark.parametrize("comment", ["# INVALID - one bucket for all", "# This would fail", "# Wrong:", "# \N{CROSS MARK} one bucket for all"])
def test_what_its_first_comment_calls_wrong_is_a_quote(comment: str) -> None:
    assert roles(f"{fenced(BUCKET, 'hcl')}\nBut never so, please\n\n{fenced(comment + chr(10) + BUCKET, 'hcl')}") == [Role.FILE, Role.QUOTE]


def test_a_comment_that_begins_with_a_word_of_fault_is_no_verdict() -> None:
    assert roles(fenced(f"# Invalid names go here\n{BUCKET}", "hcl")) == [Role.FILE]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("size=4\n", "python"),
        ("from shop import Store\n\nstore = Store(\n    self, 'store',\n)\n", "python"),
        ("import { Store } from 'shop';\n\n// In the stack:\nstore: new Store(this, 'Store'),\n", "typescript"),
    ],
    ids=["one line", "self", "property"],
)
def test_a_few_lines_from_the_midst_of_a_file_are_a_snippet(text: str, tag: str) -> None:
    whole = STACK if tag == "typescript" else HANDLER
    assert roles(f"{fenced(whole, tag)}\nNote this\n\n{fenced(text, tag)}") == [Role.FILE, Role.SNIPPET]


def test_a_java_file_has_its_public_class_as_name_wherever_it_stands() -> None:
    props = "package shop;\n\nfinal class StoreProps {\n" + "    // a line that says little\n" * 1000 + "}\n\n"
    code = fenced(f"{props}public final class Main {{\n}}\n", "java")
    assert files(code) == [("shop/Main.java", "java")]
    assert files(f"<!-- /lib/src/main/java/shop/Main.java -->\n{code}") == [("lib/src/main/java/shop/Main.java", "java")]


def test_escaped_fences_outside_of_blocks_are_fences() -> None:
    escaped = fenced(BUCKET, "hcl").replace("`", "\\`")
    tree = "```\nshop/\n├── main.tf\n└── lib/\n"
    for text in (f"## File: main.tf\n\n{escaped}", f"{tree}\n## File: main.tf\n\n{escaped}\n## End\n"):
        assert files(text) == [("main.tf", "hcl")]


def test_escaped_fences_inside_a_block_are_its_text() -> None:
    readme = f"# Shop\n\n{fenced(BUCKET, 'hcl')}".replace("`", "\\`")
    code = f"export const readme = `\n{readme}`;\nexport const more = 1;\n"
    assert [file.text for file in read_document(fenced(code, "typescript")).files] == [code.rstrip("\n")]


MANY = 4_000


@pytest.mark.parametrize("quoted", [False, True], ids=["files", "text"])
@pytest.mark.parametrize(
    ("tag", "suffix", "begin", "body", "end"),
    [
        ("typescript", "ts", "const all = `\n", STACK, "`;\n"),
        ("hcl", "tf", "all = <<EOT\n", BUCKET, "EOT\n"),
        ("python", "py", '"""\n', HANDLER, '"""\n'),
    ],
)
def test_thousands_of_paths_in_one_block_are_read(tag: str, suffix: str, begin: str, body: str, end: str, *, quoted: bool) -> None:
    mark = "//" if tag == "typescript" else "#"
    text = "".join(f"\n{mark} part/a{number}.{suffix}\n{body}" for number in range(MANY))
    found = read_document(fenced(begin + text + end if quoted else text, tag)).files
    assert len(found) == (1 if quoted else MANY)


def assert_sound(document: Document) -> None:
    for block in document.blocks:
        assert 1 <= block.line <= block.end_line <= len(document.lines) + 1
    last = 0
    for file in document.files:
        assert file.line >= 1
        assert file.end_line <= len(document.lines) + 1
        assert file.line >= last
        last = file.line


PIECES = [
    *NAMED.values(),
    *SEVERAL.values(),
    TREE,
    "```",
    "````markdown\n",
    "~~~\n",
    "# H\n",
    "**b**\n",
    "- item\n",
    "> quote\n",
    "<code>\n",
    "main.tf\n",
    "`\n",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=8))
def test_any_text_is_read_the_same_each_time_with_lines_inside_it(parts: list[str]) -> None:
    text = "\n".join(parts)
    document = read_document(text)
    assert_sound(document)
    assert read_document(text) == document
