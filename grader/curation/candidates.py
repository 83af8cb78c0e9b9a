"""What is kept of each pair while a whole run is sifted: names, digests, sketches and what its own checks said, but no text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Candidate:
    """One pair of a run. `dropped` holds, by step, why a check of the pair alone drops it; `family` is a number that near-duplicate prompts share.

    Digests are empty where there is no text; sketches are empty where a text is too short, or nobody asks for them.
    """

    place: int
    sample: str
    answer: str
    dialect: str
    verdict: str
    score: float | None
    value: float | None
    parts: tuple[str, ...] = ()
    split: str = ""
    dropped: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    sketches: dict[str, tuple[int, ...]] = field(default_factory=dict)
    family: int = -1

    @property
    def name(self) -> str:
        """Sample and answer in one word, as files and messages call it."""
        return f"{self.sample}:{self.answer}" if self.answer else self.sample
