"""Samples to grade by the dozen, and the work of a worker that some of them break."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import Batch, Inputs, Limits
from grader.batch.worker import grade_sample
from grader.rubric import load_rubric
from grader.store import Asked

if TYPE_CHECKING:
    from grader.batch.local import Work
    from grader.loader import Sample

SAMPLES = Path(__file__).parents[2] / "samples"
TERRAFORM = """```hcl
# main.tf
resource "aws_s3_bucket" "logs" {{
  bucket = "logs-{number}"
}}

output "name" {{
  value = aws_s3_bucket.{target}.id
}}
```
"""


def write_samples(root: Path, count: int, special: dict[int, str] | None = None) -> Path:
    """Folders with an answer and an ideal; `special` puts a word that `break_on_words` knows into some answers."""
    for number in range(count):
        folder = root / f"sample-{number:04}"
        folder.mkdir(parents=True)
        word = (special or {}).get(number, "")
        (folder / "MODEL_RESPONSE.md").write_text(f"{word}\n\n{TERRAFORM.format(number=number, target='absent' if number % 3 else 'logs')}")
        (folder / "IDEAL_RESPONSE.md").write_text(TERRAFORM.format(number=number, target="logs"))
    return root


def break_on_words(sample: Sample) -> bytes:
    """Grades, unless the answer says HANG, EAT, DIE, or DIE-ONCE and a path that tells whether it did."""
    word, _, rest = (sample.answer.text if sample.answer else "").partition("\n")[0].partition(" ")
    if word == "HANG":
        time.sleep(3600)
    if word == "EAT":
        hoard = []
        while True:
            hoard.append(bytearray(16 << 20))
    if word == "DIE" or (word == "DIE-ONCE" and not Path(rest).exists()):
        if rest:
            Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "SLOW":
        time.sleep(0.05)
    return grade_sample(sample)


def batch(
    source: Path,
    folder: Path,
    *,
    resume: bool = False,
    jobs: int = 2,
    seconds: float = 30,
    megabytes: int = 1024,
    cache: bool = False,
    work: Work = break_on_words,
) -> Batch:
    """A run over `source` into `folder`."""
    return Batch(
        Inputs([str(source)]),
        folder,
        load_rubric(),
        Limits(jobs, seconds, megabytes),
        Asked(paths=(str(source),), time_limit=seconds, memory_limit=megabytes),
        resume=resume,
        cache=cache,
        work=work,
    )
