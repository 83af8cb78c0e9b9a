"""The samples of a corpus, as the measuring scripts walk them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


def add_corpus(parser: ArgumentParser) -> None:
    """The options that name a corpus and a part of it."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of samples, DIALECT/ID/ each")
    parser.add_argument("--only", default="", help="only folders whose DIALECT/ID begins like this")


def folders(corpus: Path, only: str = "") -> Iterator[tuple[str, Path]]:
    """Each sample as (DIALECT/ID, its folder), in order.

    Raises:
        SystemExit: there is no such corpus, or nothing of it is meant.
    """
    found = [(f"{path.parent.name}/{path.name}", path) for path in sorted(corpus.glob("*/*")) if path.is_dir()]
    chosen = [one for one in found if one[0].startswith(only)]
    if not chosen:
        message = f"no sample in {corpus}{' begins with ' + only if only else ''}"
        raise SystemExit(message)
    yield from chosen
