"""What is compared, what is not, and why."""

from __future__ import annotations

import pytest

from grader.align.comparison import compare
from grader.align.differences import differences
from grader.align.inventory import inventory_of
from grader.engine import solution_of
from grader.model.solutions import Pair


def terraform(text: str) -> str:
    return f"### `main.tf`\n\n```hcl\n{text}\n```\n"


BUCKET = 'resource "aws_s3_bucket" "files" {\n  bucket = "files"\n}\n'
QUEUE = 'resource "aws_sqs_queue" "work" {\n  name = "work"\n}\n'


def pair(answer: str, ideal: str) -> Pair:
    return Pair(solution_of(answer), solution_of(ideal))


@pytest.mark.parametrize(
    ("answer", "ideal", "why"),
    [
        (terraform(BUCKET), "The ideal is prose.", "the ideal declares no resource"),
        ("The answer is prose.", terraform(BUCKET), "the answer declares no resource"),
        (terraform(BUCKET), terraform(QUEUE), "share no service"),
        (
            terraform("".join(BUCKET.replace("files", f"files{n}") for n in range(7))),
            terraform(f"{BUCKET}\n# ... rest of the code"),
            "leaves code out",
        ),
    ],
)
def test_the_comparison_says_why_it_is_off(answer: str, ideal: str, why: str) -> None:
    assert why in compare(pair(answer, ideal)).off


def test_without_an_ideal_there_is_none() -> None:
    assert compare(Pair(solution_of(terraform(BUCKET)))).off == "there is no ideal"


def test_an_answer_that_is_its_own_ideal_differs_in_nothing() -> None:
    text = terraform(BUCKET + QUEUE + 'resource "aws_s3_bucket_versioning" "files" {\n  bucket = aws_s3_bucket.files.id\n}\n')
    same = pair(text, text)
    assert compare(same).missing == ()
    assert differences(same) == ()


def test_what_a_cut_answer_has_fewer_of_is_not_held_against_it() -> None:
    cut = "### `main.tf`\n\n```hcl\n" + QUEUE + 'resource "aws_sqs_queue" "late'
    found = compare(pair(cut, terraform(QUEUE + QUEUE.replace("work", "late"))))
    assert found.partial
    assert found.missing == ()


def test_satellites_belong_to_the_bucket_that_they_name() -> None:
    text = (
        BUCKET
        + BUCKET.replace("files", "logs")
        + 'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.logs.id\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    )
    files, logs = inventory_of(solution_of(terraform(text))).things
    assert "versioning" not in files.props
    assert "versioning" in logs.props
    assert [one.type for one in logs.parts] == ["aws_s3_bucket_versioning"]


def test_a_satellite_of_an_unknown_owner_may_belong_to_each() -> None:
    text = BUCKET + BUCKET.replace("files", "logs") + 'resource "aws_s3_bucket_versioning" "v" {\n  bucket = var.bucket\n}\n'
    assert all("versioning" in one.props for one in inventory_of(solution_of(terraform(text))).things)


def test_a_function_that_is_called_twice_makes_several() -> None:
    text = """### `index.ts`

```typescript
import * as aws from '@pulumi/aws';

function bucket(name: string) {
  return new aws.s3.Bucket(name, {});
}
const a = bucket('a');
const b = bucket('b');
```
"""
    (found,) = inventory_of(solution_of(text)).things
    assert found.many


def test_a_template_given_in_two_forms_counts_once() -> None:
    yaml = "```yaml\nAWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Files:\n    Type: AWS::S3::Bucket\n```\n"
    json = '```json\n{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Files": {"Type": "AWS::S3::Bucket"}}}\n```\n'
    assert len(inventory_of(solution_of(yaml + "\n" + json)).things) == 1
