"""The closed vocabularies of a grade: kinds of faults, severities, proofs, stages, statuses and verdicts."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a fault is. The rubric decides what it costs; `meaning` says what the word stands for."""

    NO_CODE = "no-code"
    TRUNCATED_RESPONSE = "truncated-response"
    WRONG_PLATFORM = "wrong-platform"
    SYNTAX_ERROR = "syntax-error"
    MISSING_IMPLEMENTATION = "missing-implementation"
    MISSING_ASSET = "missing-asset"
    MISSING_EXTERNAL = "missing-external"
    INVALID_API = "invalid-api"
    INVALID_VALUE = "invalid-value"
    BROKEN_REFERENCE = "broken-reference"
    LOGIC_ERROR = "logic-error"
    MISSING_RESOURCE = "missing-resource"
    MISSING_OUTPUT = "missing-output"
    MISSING_CONFIG = "missing-config"
    MISSING_TAGS = "missing-tags"
    HARDCODED_VALUE = "hardcoded-value"
    NAMING_CONVENTION = "naming-convention"
    WRONG_REGION = "wrong-region"
    IAM_OVERPERMISSIVE = "iam-overpermissive"
    MISSING_ENCRYPTION = "missing-encryption"
    NETWORK_EXPOSURE = "network-exposure"
    SECRETS_EXPOSURE = "secrets-exposure"
    MISSING_SECURITY_CONTROL = "missing-security-control"
    RETENTION_POLICY = "retention-policy"
    MISSING_MONITORING = "missing-monitoring"
    AVAILABILITY = "availability"
    COST = "cost"
    OVER_ENGINEERING = "over-engineering"
    ARCHITECTURE_DIVERGENCE = "architecture-divergence"
    DEPRECATED_VERSION = "deprecated-version"
    CODE_QUALITY = "code-quality"
    MISSING_TESTS = "missing-tests"
    DOCUMENTATION = "documentation"
    OTHER = "other"


class Severity(StrEnum):
    """How much a fault matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst; sorts faults worst first."""
        return _SEVERITY_RANK[self]


class Confidence(StrEnum):
    """How sure a finding is: `high` can be proven from the text alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Proof(StrEnum):
    """What proves a fault."""

    SELF = "self"
    """The answer alone."""
    DIFF = "diff"
    """Comparison with the ideal."""
    PROMPT = "prompt"
    """The requirements of the task."""
    TOOL = "tool"
    """A compiler's or validator's own words."""
    JUDGE = "judge"
    """A language model's judgement."""


class Stage(StrEnum):
    """The first stage of delivery that a fault stops."""

    BUILD = "build"
    """Compile, synth or plan."""
    DEPLOY = "deploy"
    """Creation of the resources."""
    NONE = "none"
    """Nothing is stopped: the result differs from what was wanted."""


class Status(StrEnum):
    """What became of grading one answer."""

    GRADED = "graded"
    NO_CODE = "no-code"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class Verdict(StrEnum):
    """The grade in one word, worst first."""

    DOES_NOT_BUILD = "does-not-build"
    DOES_NOT_DEPLOY = "does-not-deploy"
    DEVIATES = "deviates"
    ACCEPTABLE = "acceptable"


class Side(StrEnum):
    """The document a line belongs to."""

    ANSWER = "answer"
    IDEAL = "ideal"
    PROMPT = "prompt"


_SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}
