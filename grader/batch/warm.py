"""Loads all that grading needs: worker processes are forked from a process that has imported this file."""

from __future__ import annotations

import gc

from grader.detectors import detectors
from grader.engine import grade
from grader.frontends import frontends
from grader.languages import language_module, languages

__all__ = ["grade"]

detectors()
frontends()
for _language in languages():
    language_module(_language)
gc.collect()
gc.freeze()
