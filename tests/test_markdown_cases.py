"""Reading and rewriting the Markdown cases of detectors."""

from __future__ import annotations

import pytest

from tests.markdown_cases import CaseError, read_cases, with_expectation

FILE = """\
# A page

Its introduction.

## One stack is named and never given

Why this matters.

````markdown answer
# Answer

```go
package main
```

## A heading inside the answer
````

```json metadata
{"platform": "cdk"}
```

```text expect
- | 4 | something
```

## Nothing to say

````markdown answer
text
````
"""


def test_a_heading_is_a_case_and_its_fences_are_its_parts() -> None:
    first, second = read_cases(FILE)
    assert (first.name, first.prose) == ("One stack is named and never given", "Why this matters.")
    answer = first.text("answer")
    assert answer is not None
    assert answer.splitlines()[2:5] == ["```go", "package main", "```"]
    assert answer.endswith("## A heading inside the answer\n")
    assert first.text("metadata") == '{"platform": "cdk"}\n'
    assert first.text("ideal") is None
    assert first.expected == ["- | 4 | something"]
    assert second.expected == []
    assert "expect" not in second.parts


def test_an_expectation_is_replaced_in_place() -> None:
    changed = with_expectation(FILE, "One stack is named and never given", ["x | 1 | a", "y | 2 | b"])
    assert read_cases(changed)[0].expected == ["x | 1 | a", "y | 2 | b"]
    assert changed.replace("x | 1 | a\ny | 2 | b", "- | 4 | something") == FILE


def test_an_expectation_is_added_where_a_case_has_none() -> None:
    changed = with_expectation(FILE, "Nothing to say", [])
    assert changed == FILE + "\n```text expect\n```\n"
    assert with_expectation(changed, "Nothing to say", []) == changed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## a\n\n````markdown answer\ntext\n", "line 3: the fence never ends"),
        ("## a\n\n```markdown anwser\ntext\n```\n", "line 3: a block's first line is its fence, a language and one of"),
        ("## a\n\n```markdown\ntext\n```\n", "line 3: a block's first line is its fence, a language and one of"),
        ("## a\n\n```text expect\n```\n", "line 1: the case has no block `markdown answer`"),
        ("## a\n```markdown answer\nx\n```\n```markdown answer\nx\n```\n", "line 5: the case 'a' has two blocks `answer`"),
        ("## a\n```markdown answer\nx\n```\n## a\n```markdown answer\nx\n```\n", "line 5: two cases are called 'a'"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CaseError) as error:
        read_cases(text)
    assert str(error.value).startswith(said)
