"""What the answer itself refutes: folders, imports, names and files that a claim denies."""

from __future__ import annotations

import pytest

from grader.audit import Finding
from tests.audit.test_audit import IDEAL, audited, claim

ANSWER = """# Postcards

### lib/post-stack.ts

```typescript
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as iam from 'aws-cdk-lib/aws-iam';

export class PostStack extends cdk.Stack {
  constructor(scope: cdk.App, id: string, props: { environment: string }) {
    super(scope, id);
    new lambda.Function(this, `sort-${props.environment}`, {
      runtime: lambda.Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset('sorting'),
    });
    new iam.Role(this, `${props.environment}-postman`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
  }
}
```

### sorting/index.js

```javascript
const { Tracer } = require('@aws-lambda-powertools/tracer');
exports.handler = async () => new Tracer();
```
"""


def finding(title: str, body: str) -> Finding:
    return audited(claim(title, body), answer=ANSWER, ideal=IDEAL).claims[0].finding


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Asset path", "**Issue**: it calls `lambda.Code.fromAsset('sorting')`, a directory that may not exist."),
        ("Lambda Powertools not actually used", "**Issue**: the handler never loads it."),
        ("Missing environment prefix on IAM roles", "**Issue**: roles of two stages collide."),
        ("File naming", "**Implementation**: Named post-office.ts."),
    ],
)
def test_what_the_answer_shows_contradicts(title: str, body: str) -> None:
    assert finding(title, body) is Finding.CONTRADICTED


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Asset path", "**Issue**: it calls `lambda.Code.fromAsset('parcels')`, a directory that may not exist."),
        ("Asset path", "**Issue**: it calls `lambda.Code.fromAsset('sorting')`, which is slow."),
        ("Lambda Insights not actually used", "**Issue**: the handler never loads it."),
        ("Missing environment suffix on IAM roles", "**Issue**: roles of two stages collide."),
        ("Missing environment prefix on buckets", "**Issue**: buckets of two stages collide."),
        ("File naming", "**Issue**: it must be named post-office.ts."),
        ("File naming", "**Implementation**: Named post-stack.ts."),
    ],
)
def test_what_it_does_not_show_does_not(title: str, body: str) -> None:
    assert finding(title, body) is not Finding.CONTRADICTED
