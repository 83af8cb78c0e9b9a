"""Grades by content: what was graded once is not graded again, whatever the sample is called.

One SQLite file in the user's cache folder (`XDG_CACHE_HOME/grader` on Linux). The key holds everything a grade depends on: the texts, the
rubric and the code. A cache that cannot be used is left out with one line; it never ends a run.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, time

from platformdirs import user_cache_path

FILE = "grades-1.sqlite"
UNUSED_DAYS = 60
"""An entry that no run asked for in this time is dropped."""
_BATCH_SECONDS = 1.0
_DAY = 86_400


def cache_path() -> Path:
    """Where the cache lies: `GRADER_CACHE`, else the user's cache folder."""
    named = os.environ.get("GRADER_CACHE")
    return Path(named) / FILE if named else user_cache_path("grader", appauthor=False) / FILE


class GradeCache:
    """Texts by key, for one process. `trouble` holds one line once the cache could not be used; from then on it is empty."""

    def __init__(self, path: Path | None = None) -> None:
        self.trouble = ""
        self._path = path or cache_path()
        self._today = int(time() // _DAY)
        self._written = monotonic()
        self._database: sqlite3.Connection | None = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS grades (key BLOB PRIMARY KEY, text BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"
            )
            self._database.execute("DELETE FROM grades WHERE used < ?", (self._today - UNUSED_DAYS,))
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def get(self, key: bytes) -> bytes | None:
        """The text of a key, or None."""
        if self._database is None:
            return None
        try:
            with closing(self._database.execute("SELECT text, used FROM grades WHERE key = ?", (key,))) as found:
                row = found.fetchone()
            if row is None:
                return None
            text = zlib.decompress(row[0])
            if row[1] != self._today:
                self._begin()
                self._database.execute("UPDATE grades SET used = ? WHERE key = ?", (self._today, key))
        except (sqlite3.Error, zlib.error) as error:
            self._give_up(error)
            return None
        return text

    def put(self, key: bytes, text: bytes) -> None:
        """Keep the text of a key."""
        if self._database is None:
            return
        try:
            self._begin()
            self._database.execute("INSERT OR REPLACE INTO grades VALUES (?, ?, ?)", (key, zlib.compress(text, 1), self._today))
        except sqlite3.Error as error:
            self._give_up(error)

    def flush_at_times(self) -> None:
        """Call it often: what was kept reaches the file within a second, and other runs are not kept from theirs."""
        if monotonic() - self._written > _BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Hand what was kept to the file: another process, or this one after `kill -9`, finds it."""
        self._written = monotonic()
        if self._database is not None and self._database.in_transaction:
            try:
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                self._give_up(error)

    def close(self) -> None:
        """End the use of the file."""
        self.flush()
        if self._database is not None:
            self._database.close()
            self._database = None

    def _begin(self) -> None:
        if self._database is not None and not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")

    def _give_up(self, error: Exception) -> None:
        self.trouble = f"{self._path}: the cache of grades is not used: {error}; remove the file, or pass --no-cache"
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
            self._database = None
