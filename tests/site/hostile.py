"""A run of one answer that tries what an answer could try against a page."""

from __future__ import annotations

from pathlib import Path

from grader.engine import grade
from grader.loader import Sample, Source, load_sample
from grader.results import Record
from grader.rubric import load_rubric

ATTACK = """# <script>window.hacked = 1</script> [click](javascript:window.hacked=2)

</textarea></li></ol></script><script>window.hacked = 3</script>
<svg onload="window.hacked = 4"></svg><img src=x onerror="window.hacked = 5">
<a href="javascript:window.hacked=6">go</a> \u202e\x1b[31m <style>body{display:none}</style>

```typescript
// lib/<img src=x onerror=window.hacked=7>.ts
import * as cdk from 'aws-cdk-lib';
import { Missing } from './<script>window.hacked=8</script>';

const name = "</script><script>window.hacked = 9</script>";
export class Shop extends cdk.Stack { // ${'<svg/onload=window.hacked=10>'}
  store = new Missing(this, '"><script>window.hacked=11</script>');
}
```

```python
\"\"\"</pre><iframe src="https://example.com/steal"></iframe>\"\"\"
import nothing_like_it
```
"""
NAME = 'a/"><script>window.hacked=12</script>'


def hostile() -> tuple[list[Record], dict[str, Sample]]:
    """The records, and their samples by name."""
    samples = [
        Sample(NAME, Source("<b>answer</b>.md", ATTACK), Source("IDEAL_RESPONSE.md", ATTACK.replace("Missing", "Given"))),
        Sample("../../escape", Source("MODEL_RESPONSE.md", ATTACK[::-1])),
        load_sample(Path(__file__).parents[2] / "samples" / "cdk-go-five-stacks"),
        Sample("broken", Source("MODEL_RESPONSE.md", error="broken.md: <script>window.hacked=13</script>")),
        Sample("long", Source("MODEL_RESPONSE.md", "```hcl\n" + 'locals {\n  a = "<script>window.hacked=14</script>"\n}\n' * 30_000 + "```\n")),
    ]
    return [grade(sample, load_rubric()) for sample in samples], {sample.name: sample for sample in samples}
