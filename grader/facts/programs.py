"""What a short program needs and does not have: modules of its runtime, names it never binds."""

from __future__ import annotations

import ast
import builtins
import re
import sys
import warnings
from collections.abc import Iterator
from typing import NamedTuple

_PYTHON = (
    sys.stdlib_module_names
    | frozenset("boto3 botocore cfnresponse jmespath s3transfer dateutil six urllib3 awslambdaric bootstrap runtime_client".split())
    | frozenset("imp distutils asynchat asyncore smtpd".split())
)
"""Modules of the standard library, and what the runtimes of Lambda bring with boto3."""
_NODE = frozenset(
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os "
    "path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib "
    "cfn-response test".split()
)
_NAMES = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__"}
_REQUIRE = re.compile(r"\brequire\(\s*['\"]([^'\"./][^'\"]*)['\"]\s*\)|^\s*import\s[^'\"\n]{0,200}?from\s+['\"]([^'\"./][^'\"]*)['\"]", re.MULTILINE)
_SDK3 = 18
"""The first Node.js runtime that brings version 3 of the SDK, and the first without version 2."""
_LONGEST = 60_000


class Lack(NamedTuple):
    """Something a program uses and does not have: the name and the line, from 1, of its first use."""

    name: str
    line: int


def parsed(code: str) -> ast.Module | None:
    """The syntax tree of a Python program, None where it does not parse."""
    if len(code) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def python_modules(tree: ast.Module) -> Iterator[Lack]:
    """Modules that a Python program imports at its top, outside of `try`, and that no Python runtime brings."""
    for one in tree.body:
        names = [alias.name for alias in one.names] if isinstance(one, ast.Import) else []
        if isinstance(one, ast.ImportFrom) and one.module and not one.level:
            names = [one.module]
        for name in names:
            if name.split(".", 1)[0] not in _PYTHON:
                yield Lack(name.split(".", 1)[0], one.lineno)


def unbound(tree: ast.Module) -> Iterator[Lack]:
    """Names that a Python program reads and binds nowhere, in whatever scope; none where it imports everything of a module."""
    bound = set(_NAMES)
    for one in ast.walk(tree):
        match one:
            case (
                ast.Name(id=name, ctx=ast.Store() | ast.Del())
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                bound.add(name)
            case ast.arg(arg=name):
                bound.add(name)
            case ast.alias():
                if one.name == "*":
                    return
                bound.add((one.asname or one.name).split(".", 1)[0])
            case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                bound.add(name)
            case ast.MatchMapping(rest=str() as name):
                bound.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                bound.update(names)
    seen: set[str] = set()
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id not in bound and one.id not in seen:
            seen.add(one.id)
            yield Lack(one.id, one.lineno)


def node_modules(code: str, version: int) -> Iterator[Lack]:
    """Modules that a JavaScript program loads and that the Node.js runtime of a major version (0 if unknown) does not bring."""
    if len(code) > _LONGEST:
        return
    seen: set[str] = set()
    for found in _REQUIRE.finditer(code):
        name = (found.group(1) or found.group(2)).removeprefix("node:")
        if name in seen or name.split("/", 1)[0] in _NODE or found.group(0).find("node:") >= 0:
            continue
        seen.add(name)
        lacks = (
            version >= _SDK3
            if name == "aws-sdk" or name.startswith("aws-sdk/")
            else 0 < version < _SDK3
            if name.startswith(("@aws-sdk/", "@smithy/"))
            else True
        )
        if lacks:
            yield Lack(name, code.count("\n", 0, found.start() + len(found.group(0)) - len(found.group(0).lstrip())) + 1)
