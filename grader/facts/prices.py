"""Hourly on-demand prices of instance classes, from a small table that says where it comes from. No price, no number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars an hour for one instance, with the source and date of the table."""

    hourly: float
    source: str
    date: str

    @property
    def monthly(self) -> float:
        """US dollars for a month of 730 hours."""
        return self.hourly * 730


@cache
def _table() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((files("grader.facts") / "prices.json").read_text("utf-8")))


def price_of(instance: str) -> Price | None:
    """The price of an instance class as its service spells it (`ml.p3.2xlarge`), None where the table does not hold it."""
    table = _table()
    family, _, size = instance.rpartition(".")
    hourly = table["hourly"].get(instance)
    if hourly is None and family in table["large"] and size in table["sizes"]:
        hourly = round(table["large"][family] * table["sizes"][size], 4)
    return Price(hourly, table["source"], table["date"]) if hourly is not None else None
