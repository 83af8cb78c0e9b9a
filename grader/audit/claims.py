"""What a failure document claims, and what became of each claim: types of the audit and their JSON form."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Part(StrEnum):
    """Whose code a quote of the document is said to be."""

    MODEL = "model"
    IDEAL = "ideal"
    OTHER = "other"


class Finding(StrEnum):
    """What the check of one claim gives."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lines(_Part):
    """Lines that the document cites, both ends included. It does not say of which file unless it names one."""

    line: int
    end_line: int


class Quoted(_Part):
    """A code block of the document."""

    part: Part
    line: int = Field(description="first line of the code in the failure document, from 1")
    language: str
    text: str


class Claim(_Part):
    """One fault as a person wrote it down."""

    number: int
    title: str
    line: int = Field(description="where it begins in the failure document, from 1")
    end_line: int
    severity: str | None = Field(description="critical, high, medium or low; none where the document does not say")
    category: str = ""
    text: str = Field(description="the claim's prose without its code blocks")
    cited: tuple[Lines, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    code: tuple[str, ...] = Field(default=(), description="code spans of the title and of the problem, in order")
    absent: bool = Field(default=False, description="whether it says that something is missing")


class Proof(_Part):
    """One observation about a claim: what was looked for, and where it stands (or that it stands nowhere)."""

    text: str
    side: str = "answer"
    line: int | None = None
    end_line: int | None = None


class Checked(_Part):
    """A claim with its verdict."""

    claim: Claim
    finding: Finding
    proofs: tuple[Proof, ...] = ()
    faults: tuple[int, ...] = Field(default=(), description="numbers of the grader's faults that say the same")


class Missed(_Part):
    """A fault that the grader found and the document does not name."""

    number: int
    title: str
    kind: str
    severity: str
    lines: tuple[Lines, ...]


class Audit(_Part):
    """A failure document, claim by claim."""

    format: int = 1
    sample: str
    document: str
    claims: tuple[Checked, ...]
    missed: tuple[Missed, ...]
    notes: tuple[str, ...] = ()

    def count(self, finding: Finding) -> int:
        """How many claims have this verdict."""
        return sum(one.finding is finding for one in self.claims)
