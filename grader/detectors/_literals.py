"""What the prompt names word by word and the answer does not hold: files, names of resources, keys of tags."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.kept import kept_inventory
from grader.align.mentions import plain
from grader.model.hits import Hit
from grader.model.kinds import Proof
from grader.model.spans import Span
from grader.prompts import literals
from grader.prompts.services import code_of, complete, whole

if TYPE_CHECKING:
    from grader.model.hits import Fact
    from grader.model.solutions import Pair, Solution
    from grader.prompts.literals import Named

_ENVIRONMENT = frozenset("prod production dev development staging stage test qa us eu ap east west north south central".split())
_ENDINGS = {
    "ts": "typescript",
    "js": "javascript",
    "py": "python",
    "go": "go",
    "java": "java",
    "tf": "hcl",
    "tfvars": "hcl",
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
}
_BY_NAME = re.compile(
    r"\bport\.(?!tcp|udp|all|range)[a-z]|port_(?!tcp|range)[a-z]+\(|default_?port|port\.(?:all|tcp_?range|range)|from_port\s*=\s*(?:var|each|local|ingress|rule)|dynamic\b"
)
"""Ports that are opened by the name of a protocol, as the default of a database, or by a variable."""
_LEAST = 3
"""Letters of the shortest part of a name that is looked for."""


def asked_files(pair: Pair) -> Iterator[Hit]:
    """Files that the prompt asks for by name and the answer gives under no name; silent where a block of their language has none."""
    wanted = literals.files(pair.task)
    if not wanted or not pair.answer.resources:
        return
    answer = pair.answer
    given = {plain(posixpath.basename(file.name)) for file in answer.files if file.name}
    text = "\n".join(file.text for file in answer.files).lower()
    for one in wanted:
        name = posixpath.basename(one.text).lower()
        if not given or plain(name) in given or name in text or _may_hold(answer, name):
            continue
        yield Hit(
            f"the prompt asks for the file `{one.text}` (line {one.at.line}); the answer does not give it",
            at=None,
            entity=posixpath.basename(one.text),
            entities=(one.text,),
            cause="asked files",
            variant="asked-file",
            proof=Proof.PROMPT,
            prompt=(one.at,),
            facts={**_facts(one), "given": tuple(dict.fromkeys(file.name for file in answer.files if file.name))[:8]},
        )


def _may_hold(answer: Solution, name: str) -> bool:
    """Whether a block without a name, or the only file of its language under another name, may be this file."""
    language = _ENDINGS.get(name.rsplit(".", 1)[-1], "")
    own = [file for file in answer.files if file.language == language and not file.superseded]
    return any(not file.name for file in own) or (len(own) == 1 and name.split(".", maxsplit=1)[0] not in {"package", "cdk", "tsconfig", "pulumi"})


def asked_names(pair: Pair) -> Iterator[Hit]:
    """Names that the prompt gives to resources and no part of which stands in the code."""
    wanted = literals.names(pair.task)
    if not wanted or not complete(pair.answer):
        return
    code = plain("\n".join(file.text for file in pair.answer.files if not file.superseded))
    for one in wanted:
        parts = [part.lower() for part in re.findall(r"[A-Za-z0-9]+", one.text) if part.lower() not in _ENVIRONMENT and len(part) >= _LEAST]
        if not parts or plain(one.text) in code or all(part in code for part in parts):
            continue
        yield Hit(
            f"the prompt asks for the name `{one.text}` (line {one.at.line}); it stands nowhere in the answer",
            at=None,
            entity=one.text,
            cause="asked names",
            variant="asked-name",
            proof=Proof.PROMPT,
            prompt=(one.at,),
            facts=_facts(one),
        )


def asked_tags(pair: Pair) -> Iterator[Hit]:
    """Keys of tags that the prompt asks for and that stand nowhere in the code."""
    wanted = literals.tags(pair.task)
    if not wanted or not complete(pair.answer):
        return
    code = plain("\n".join(file.text for file in pair.answer.files if not file.superseded))
    for one in wanted:
        if plain(one.text) in code:
            continue
        yield Hit(
            f"the prompt asks for the tag `{one.text}` (line {one.at.line}), the answer sets it nowhere",
            at=None,
            entity=one.text,
            entities=("Tags", f"{one.text} tag"),
            cause="asked tags",
            variant="asked",
            proof=Proof.PROMPT,
            prompt=(one.at,),
            facts=_facts(one),
        )


def asked_ports(pair: Pair) -> Iterator[Hit]:
    """Ports that the prompt asks for and the code of an answer with security groups never names."""
    wanted = literals.ports(pair.task)
    if not wanted or not whole(pair.answer):
        return
    code = code_of(pair.answer)
    groups = [thing for thing in kept_inventory(pair.answer).things if str(thing.type) == "ec2.securitygroup"]
    if not groups or _BY_NAME.search(code):
        return
    span = groups[0].resource.span
    for one in wanted:
        if re.search(rf"\b{one.text}\b", code):
            continue
        yield Hit(
            f"the prompt asks for port {one.text} (line {one.at.line}); no rule of the answer names it",
            at=Span(span.line, min(span.end_line, span.line + 10)),
            entity=f"port {one.text}",
            entities=(one.text, groups[0].label, groups[0].resource.type),
            cause="asked ports",
            variant="asked-port",
            proof=Proof.PROMPT,
            note="a security group of the answer",
            prompt=(one.at,),
            facts=_facts(one),
        )


def asked_identifiers(pair: Pair) -> Iterator[Hit]:
    """Outputs and parameters that the prompt lists by name and whose name stands nowhere in the code."""
    wanted = literals.identifiers(pair.task)
    if not wanted or not complete(pair.answer):
        return
    code = plain(code_of(pair.answer))
    for one in wanted:
        if plain(one.text) in code:
            continue
        yield Hit(
            f"the prompt lists `{one.text}` (line {one.at.line}); it stands nowhere in the answer",
            at=None,
            entity=one.text,
            cause="asked by name",
            variant="asked-name",
            proof=Proof.PROMPT,
            prompt=(one.at,),
            facts=_facts(one),
        )


def _facts(one: Named) -> dict[str, Fact]:
    return {"asked": one.asked[:160].rstrip(" ."), "prompt_line": one.at.line}
