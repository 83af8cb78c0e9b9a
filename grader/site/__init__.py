"""A run as a static site: one page for the run, one a sample. It opens from disk, needs no network, and runs no script of an answer."""

from __future__ import annotations

from grader.site.pages import Documents, write_site

__all__ = ["Documents", "write_site"]
