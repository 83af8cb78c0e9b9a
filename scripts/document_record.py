"""Writes docs/result-record.schema.json, what `grader record-schema` prints; `--check` only compares."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from grader.results import record_schema

PAGE = Path(__file__).parent.parent / "docs" / "result-record.schema.json"


def page() -> str:
    """The whole file."""
    return json.dumps(record_schema(), indent=2) + "\n"


def main() -> int:
    """Write the schema, or tell with `--check` whether it is that of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 where the file is not that of the code")
    wanted = page()
    if not parser.parse_args().check:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/result-record.schema.json is not that of the code: run `just docs`")
    return 1


if __name__ == "__main__":
    sys.exit(main())
