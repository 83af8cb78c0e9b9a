"""Builds the catalogue from pinned packages: one reader a kind of source, one writer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from grader.catalog.building import cloudformation, jsii, pulumi, terraform, values
from grader.catalog.building.sources import PINS, fetched, source
from grader.catalog.building.writing import write


def build(target: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Fetch every pinned package into `folder`, read it, and write the catalogue to `target`. Some three minutes."""
    wheels: dict[str, list[Path]] = defaultdict(list)
    sources = []
    for pin in PINS:
        wheel = fetched(pin, folder)
        wheels[pin.space].append(wheel)
        sources.append(source(pin, wheel))
    spaces: dict[str, list[tuple[str, object]]] = {}
    for space, paths in wheels.items():
        if space == "cfn":
            rows = cloudformation.rows(paths[0])
            spaces["values"] = list(values.rows(paths[0]))
        elif space == "pulumi":
            rows = pulumi.rows(paths)
        elif space.startswith("tf:"):
            rows = terraform.rows(paths)
        else:
            rows = jsii.rows(paths[0])
        spaces[space] = list(rows)
        say(f"{space}: {len(spaces[space])} rows")
    write(target, spaces, sources)
    say(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
