"""One SQLite file shared by the threads of a process, and by processes: readers see a snapshot, writers take turns.

Write-ahead log, so that nobody who reads waits for who writes; a commit is on the disk when it returns. Only
the owner of the file may read it.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_MS = 15_000
"""How long one process waits for another's write."""


class SqliteFile:
    """A file with its schema (statements that may run again); connections are opened as threads need them."""

    def __init__(self, path: Path, schema: str, busy_ms: int = BUSY_MS) -> None:
        self._path, self._busy_ms = path, busy_ms
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._writer = self._open()
        try:
            self._writer.executescript(schema)
        except sqlite3.Error:
            self._writer.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on one snapshot of the file. Raises sqlite3.Error."""
        connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            self._give_back(connection)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Give the writer inside a transaction: committed at the end, undone by an exception. Raises sqlite3.Error.

        What is not durable is on the disk with the next that is, in order: only a power cut can take it back.
        """
        with self._writing:
            self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def tidy(self) -> None:
        """Bring the write-ahead file home and empty it, so that nothing deleted stands in it. Raises sqlite3.Error."""
        with self._writing:
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every connection; safe to call twice. Connections in use are closed as they come back."""
        with self._writing, self._guard:
            self._closed = True
            self._writer.close()
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise sqlite3.ProgrammingError("the file is closed")
            if self._idle:
                return self._idle.pop()
        return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._guard:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA busy_timeout = {self._busy_ms}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("PRAGMA mmap_size = 1073741824")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
