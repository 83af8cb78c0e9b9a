"""Values that stand in the code where a parameter, a configuration or a look-up belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.align.literals import literals
from grader.detectors import detector
from grader.detectors._fixed_places import ignored_inputs, placeholders_in_code, zones
from grader.facts.accounts import foreign_accounts, published_layer
from grader.facts.policies import HOLE
from grader.model.hits import Hit
from grader.model.kinds import Kind, Proof
from grader.model.values import Known, Template, fold, written

if TYPE_CHECKING:
    from grader.model.solutions import Pair, Solution
    from grader.model.spans import Span

_REGION = re.compile(r"\b(?:us|eu|ap|sa|ca|af|me)-(?:(?:north|south)?(?:east|west)|north|south|central)-\d(?=[a-f]?\b)")
_ACCOUNTS = re.compile(r"account|owner|principal|assumed|trust|tenant|registry|organi[sz]ation|^aws$|^env$", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{[^{}]{1,80}\}")
"""A variable inside a text of CloudFormation or Terraform."""
_LONG = 200
"""A text of more characters is a script or a document, which may name a region for reasons of its own."""
_PLACEHOLDER = re.compile(
    r"^(?:https?://)?[\w.+-]*@?(?:[\w-]+\.)*(?:example\.(?:com|org|net)|yourdomain\.com|your-?company\.com)(?:[/:][^\s]*)?$", re.IGNORECASE
)
_VAGUE = frozenset({"name", "value", "url", "type", "key", "id", "host", "domain", "values", "zone"})
"""Fields that too many things have for the ideal's first to be the counterpart."""
_OTHERS = re.compile(r"^\d{12}\.dkr\.ecr\.|^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:(?!root$)[^*]+$")


@detector(Kind.HARDCODED_VALUE)
def hardcoded_value(pair: Pair) -> Iterator[Hit]:
    """An account id or a placeholder in the code; a region, or any value of a property, where the ideal takes it from an input or a look-up.

    The stack works only in that account or region, or nowhere.

    Not flagged: accounts that AWS documents for everyone; whole ARNs and images (`missing-external`); defaults of parameters; a region
    where the ideal fixes one too or the task names it, unless the ideal has the same text with the region left open; numbers of twelve digits that no name calls an account; layers; names, descriptions and
    switches.

    Example: `env={'account': '402913775648'}` where the ideal reads the account from the environment.
    """
    answer = pair.answer
    fixed = _regions(pair.ideal) if pair.ideal is not None else None
    open_there = _open(pair.ideal) if pair.ideal is not None else frozenset[str]()
    told: set[Span] = set()
    for text, value, about in _texts(answer):
        accounts = foreign_accounts(text) if not _OTHERS.match(text) and not published_layer(text) and _of_account(text, about) else ()
        for account in accounts[:1]:
            yield Hit(
                f"account `{account}` stands in the code",
                at=value.span,
                entity=account,
                entities=(text,) if len(text) < 80 else (),
                cause="fixed account",
                variant="account",
                note=f"the account id {account} is fixed",
                seek=("account", "Account", "env"),
                facts={"value": account},
            )
        if _PLACEHOLDER.match(text):
            yield Hit(
                f"`{text[:60]}` is a placeholder that stands as a value",
                at=value.span,
                entity=text[:80],
                entities=tuple(one for one in about if one)[:2],
                cause="placeholder",
                variant="placeholder",
                note="a domain that is kept for examples",
                seek=(about[0],) if about[0] and fold(about[0]) not in _VAGUE else (),
                facts={"value": text[:80]},
            )
        region = _REGION.search(text)
        unfixed = fixed is not None and not fixed and region is not None and region.group(0) not in pair.task.text
        opened = region is not None and _shape(text.replace(region.group(0), HOLE, 1)).strip() in open_there
        if region and (opened or (unfixed and _placed(text, region.group(0)) and not _OTHERS.match(text))):
            told.add(value.span)
            yield Hit(
                f"region `{region.group(0)}` is fixed in `{text[:60]}`",
                at=value.span,
                entity=text[:80],
                entities=(region.group(0),),
                cause=f"fixed region {region.group(0)}",
                variant="region",
                proof=Proof.DIFF,
                note=f"fixed to {region.group(0)}; the ideal {'fixes no region' if unfixed else 'leaves the region open here'}",
                seek=("region", "Region", "availabilityZones", "availability_zone"),
                facts={"value": region.group(0)},
            )
    yield from _literals(pair, told)
    for hit in (*zones(pair), *ignored_inputs(pair.answer), *placeholders_in_code(pair.answer)):
        if hit.at is not None and hit.at not in told:
            told.add(hit.at)
            yield hit


def _literals(pair: Pair, told: set[Span]) -> Iterator[Hit]:
    """Values of properties that only the ideal takes from a parameter, a configuration, the environment or a look-up."""
    for one in literals(pair):
        if one.at in told:
            continue
        told.add(one.at)
        yield Hit(
            f"`{one.path}` of `{one.thing.label}` is fixed to `{one.value[:60]}`; the ideal takes it from `{one.source}`",
            at=one.at,
            entity=f"{one.thing.label}.{one.path}",
            entities=tuple(dict.fromkeys((one.path.rsplit(".", 1)[-1], one.thing.label, one.value[:40], one.source))),
            cause="fixed values",
            variant="literal",
            proof=Proof.DIFF,
            note=f"fixed; the ideal has `{one.source}`",
            ideal=(one.ideal,),
            facts={"path": one.path, "source": one.source, "value": one.value[:60]},
        )


def _of_account(text: str, about: tuple[str, str, str]) -> bool:
    """Whether twelve digits are an account: they stand inside a longer text, or their field, variable or function says so."""
    return not text.isdigit() or any(_ACCOUNTS.search(name) for name in about)


def _texts(solution: Solution) -> Iterator[tuple[str, Known | Template, tuple[str, str, str]]]:
    """Texts, their values, and the names of their field, variable and declaration."""
    parts = {id(part) for one in solution.texts if isinstance(one.value, Template) for part in one.value.parts}
    for key, _, value, binding in solution.texts:
        if fold(key) in {"default", "description", "allowedvalues", "allowedpattern"} or binding.name.startswith("variable.") or id(value) in parts:
            continue
        text = written(value)
        if text:
            yield text, value, (key, binding.name, binding.owner.rsplit(".", 1)[-1])


def _placed(text: str, region: str) -> bool:
    """Whether a region is used to place or name something: an availability zone, or a part of an ARN or endpoint."""
    if len(text) > _LONG or "\n" in text:
        return False
    return bool(re.fullmatch(rf"{region}[a-f]", text)) or (":" in text and f":{region}:" in text) or f".{region}." in text


def _shape(text: str) -> str:
    """A text with one mark for each variable in it, whatever its form."""
    return _VARIABLE.sub(HOLE, text)


def _open(ideal: Solution) -> frozenset[str]:
    """The shapes of the ideal's texts that leave the region open and stand with a fixed one nowhere in it."""
    texts = {said.text.strip() for said in ideal.texts if ":" in said.text}
    fixed = {_shape(text.replace(found.group(0), HOLE, 1)) for text in texts if (found := _REGION.search(text))}
    return frozenset(shape for text in texts if ":" in (shape := _shape(text))) - fixed


def _regions(ideal: Solution) -> frozenset[str]:
    """The regions that the ideal fixes anywhere in its infrastructure."""
    return frozenset(found.group(0) for text, _, _ in _texts(ideal) if (found := _REGION.search(text)))
