"""Credentials that stand in the code, or pass through it in the clear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.detectors import detector
from grader.detectors._bans import unmanaged_passwords
from grader.model.hits import Hit
from grader.model.kinds import Kind
from grader.model.paths import is_test
from grader.model.values import Call, Fields, Known, fields_of, fold, known, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span
    from grader.model.values import Value

_ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_PASSWORDS = frozenset(
    "masteruserpassword masterpassword password dbpassword adminpassword administratorpassword authtoken userpassword rootpassword clientsecret".split()
)
_WRAPPERS = frozenset({"string", "secret", "output", "of", "ofsecret", "createsecret", "tosecret", "tosecretoutput", "stringptr", "tostringoutput"})
"""Functions that give their only argument back; `unsafePlainText` is a form of its own."""
_ENVIRONMENTS = frozenset({"environment", "variables", "environmentvariables"})
_ENVIRONMENT = re.compile(r"(?:^|_)(?:PASSWORD|PASSWD|SECRET|SECRET_KEY|API_KEY|APIKEY|AUTH_TOKEN|ACCESS_TOKEN|PRIVATE_KEY|JWT_SECRET)$")
_PARAMETER = re.compile(r"(?:password|passwd|secretkey|apikey|authtoken|privatekey)$", re.IGNORECASE)
_NOT_SECRET = re.compile(r"\{\{|resolve:|^\s*$|^arn:|^/|^\$\{|^<.*>$|^https?://|secretsmanager|ssm:|^(?:true|false|none|null)$", re.IGNORECASE)


@detector(Kind.SECRETS_EXPOSURE)
def secrets_exposure(pair: Pair) -> Iterator[Hit]:
    """A password, key or token written into the code, a password parameter that is not hidden, a secret in plain environment variables.

    Whoever reads the code, the template or the console reads the secret.

    Not flagged: dynamic references, names and ARNs of secrets, empty values, generated passwords, tests.

    Example: `MasterUserPassword: Winter2024!`.
    """
    answer = pair.answer
    infrastructure = answer.claims
    variables = {
        id(one)
        for key, value, _ in answer.occurrences
        if isinstance(value, Fields) and fold(key) in _ENVIRONMENTS
        for name, one in value.fields.items()
        if _ENVIRONMENT.search(name.upper())
    }
    seen: set[tuple[str, Span]] = set()
    for key, value, binding in answer.occurrences:
        if is_test(binding.file.name):
            continue
        if isinstance(value, Known) and isinstance(value.value, str):
            yield from _key(value, value.value)
        elif id(binding) in infrastructure:
            if isinstance(value, Fields) and fold(key) in _ENVIRONMENTS:
                yield from _environment(value)
            elif isinstance(value, Call):
                yield from _plain(value)
            for name, text in _passwords(fields_of(value)):
                if id(text) not in variables and (name, text.span) not in seen:
                    seen.add((name, text.span))
                    yield _hit("password", f"`{name}` is written in the clear", text, name, "password")
    yield from _parameters(answer)
    yield from unmanaged_passwords(pair)


def _key(value: Known, text: str) -> Iterator[Hit]:
    found = _ACCESS_KEY.search(text) if "A" in text else None
    if found and not found.group(0).endswith("EXAMPLE"):
        yield _hit("access-key", f"an access key id `{found.group(0)[:8]}…` stands in the code", value, found.group(0)[:8], "access key")
    elif "PRIVATE KEY" in text and _PRIVATE_KEY.search(text):
        yield _hit("private-key", "a private key stands in the code", value, "PRIVATE KEY", "private key")


def _passwords(fields: Mapping[str, Value]) -> Iterator[tuple[str, Known]]:
    """Fields for passwords whose value is a text; what looks a secret up, or refers to one, is a call with a text of its own."""
    for key, value in fields.items():
        text = _unwrapped(value) if fold(key) in _PASSWORDS else None
        if text is not None and isinstance(text.value, str) and not text.via and not _NOT_SECRET.search(text.value):
            yield key, text


def _unwrapped(value: Value) -> Known | None:
    """The text of a field: itself, or the only argument of calls that give it back (`jsii.String`, `pulumi.secret`)."""
    while isinstance(value, Call) and len(value.args) == 1 and not value.keywords and fold(value.path.rsplit(".", 1)[-1]) in _WRAPPERS:
        value = value.args[0]
    return value if isinstance(value, Known) else None


def _environment(variables: Fields) -> Iterator[Hit]:
    for key, value in variables.fields.items():
        text = known(value)
        if isinstance(text, str) and isinstance(value, Known) and not value.via and _ENVIRONMENT.search(key.upper()) and not _NOT_SECRET.search(text):
            yield _hit("environment", f"the environment variable `{key}` holds a secret in the clear", value, key, "environment variable")


def _plain(call: Call) -> Iterator[Hit]:
    if fold(call.path).endswith(("secretvalueunsafeplaintext", "secretvalueplaintext")) and call.args and isinstance(known(call.args[0]), str):
        yield _hit("password", "a secret is made from a text in the code", call, call.path, "secret")


def _parameters(answer: Solution) -> Iterator[Hit]:
    """Password parameters of templates without NoEcho, and Terraform variables for passwords with a default."""
    for binding in answer.bindings:
        if binding.name.startswith("variable.") and _PARAMETER.search(fold(binding.name)):
            default = look_up(fields_of(binding.value), "default")
            text = known(default)
            if default is not None and isinstance(text, str) and not _NOT_SECRET.search(text):
                yield _hit(
                    "parameter", f"`{binding.name.removeprefix('variable.')}` has a password as its default", default, binding.name, "variable"
                )
        root = fields_of(binding.value)
        declared = root.get("Parameters") if "Resources" in root else None
        for name, value in fields_of(declared).items():
            yield from _parameter(name, value)


def _parameter(name: str, value: Value) -> Iterator[Hit]:
    fields: Mapping[str, Value] = fields_of(value)
    hidden = str(known(look_up(fields, "NoEcho"))).lower() == "true"
    kind = known(look_up(fields, "Type"))
    if _PARAMETER.search(fold(name)) and not hidden and kind == "String":
        yield _hit("parameter", f"the parameter `{name}` has no `NoEcho`", value, name, "parameter")


def _hit(variant: str, said: str, value: Value, entity: str, what: str) -> Hit:
    return Hit(
        said,
        at=value.span,
        entity=entity,
        cause=f"{variant}",
        variant=variant,
        note=said,
        seek=(entity, "Secret", "generateSecretString", "manage_master_user_password", "random_password"),
        facts={"what": what},
    )
