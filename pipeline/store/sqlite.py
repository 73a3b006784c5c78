"""The embedded store: one SQLite file with full text search (FTS5). Last in the flow before people.

Narrow rows for order and filters, whole incidents apart, terms in an FTS5 table that splits at spaces and changes
nothing. Errors of the file become StoreUnavailable.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.codec import decode, encode
from pipeline.sqlite import SqliteFile
from pipeline.store.entries import Entry, Small, entry, listed_by, prepared, small, split
from pipeline.store.interface import Document, Page, Query, Refused, StoreUnavailable
from pipeline.store.paging import cursor_after, page_size
from pipeline.store.searchable import hit, microseconds
from pipeline.store.sqlite_query import Statement, count_statement, page_statement
from pipeline.text.analysis import parse_query
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, SourceStatus

SCHEMA = Path(__file__).with_name("sqlite_schema.sql")

_WRITE_INCIDENT = """
INSERT INTO incident (incident_id, reference, version, rank_down, state, person, topic_ref, platform, posted_down)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (incident_id) DO UPDATE SET reference = excluded.reference, version = excluded.version,
  rank_down = excluded.rank_down, state = excluded.state, person = excluded.person, topic_ref = excluded.topic_ref,
  platform = excluded.platform, posted_down = excluded.posted_down
WHERE excluded.version >= incident.version
RETURNING number
"""
_WRITE_SMALL = """
INSERT INTO small (kind, key, version, grouping, at, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET version = excluded.version, grouping = excluded.grouping, at = excluded.at,
  body = excluded.body
WHERE excluded.version >= small.version
"""
_BODY = "SELECT body FROM incident JOIN incident_body USING (number) WHERE "
_DEAD_LETTERS = """
SELECT body FROM small WHERE kind = 'dead_letter' AND grouping IN (SELECT value FROM json_each(?))
ORDER BY at DESC, key LIMIT ?
"""
_REASONS = """
SELECT grouping, count(*) FROM small WHERE kind = 'dead_letter' AND grouping IN (SELECT value FROM json_each(?))
GROUP BY 1 ORDER BY 1
"""
_DELIVERIES = "SELECT body FROM small WHERE kind = 'delivery' AND grouping = ? ORDER BY at, key"


class SqliteStore:
    """The store in one file. Any thread may call; writers take turns, readers never wait."""

    def __init__(self, path: Path) -> None:
        with _unavailable():
            self._file = SqliteFile(path, SCHEMA.read_text(encoding="utf-8"))

    def upsert(self, documents: Sequence[Document]) -> list[Refused]:
        """Write the newest version of each document in one transaction; return those refused for good."""
        refused: list[Refused] = []
        incidents, others = split(documents)
        entries = prepared(incidents, entry, refused)
        smalls = prepared(others, small, refused)
        with self._writing() as connection:
            for incident in entries:
                _write_incident(connection, incident)
            connection.executemany(_WRITE_SMALL, map(_small_row, smalls))
        return refused

    def remove(self, incident_ids: Sequence[str]) -> None:
        """Delete incidents; absent ones are no error."""
        with self._writing() as connection:
            for incident_id in incident_ids:
                _remove(connection, "incident_id = ?", incident_id)

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident by id."""
        return self._one("incident_id = ?", incident_id)

    def by_reference(self, reference: str) -> Incident | None:
        """Return an incident by the reference people use, in any letter case."""
        return self._one("reference = ?", reference.strip().upper())

    def search(self, query: Query) -> Page:
        """Return the page of incidents that meet every part of the query. Raises ValueError as the interface says."""
        asked = parse_query(query.text)
        if query.text.strip() and not asked.asked:
            return Page(hits=(), total=0, next_cursor=None)
        page, count = page_statement(query, asked), count_statement(query, asked)
        with self._reading() as connection:
            total = int(connection.execute(count.sql, count.values).fetchone()[0])
            found = _bodies(connection, page)
        hits = tuple(hit(decode(Incident, body), query, asked) for body in found[: page_size(query)])
        more = len(found) > len(hits)
        return Page(hits=hits, total=total, next_cursor=cursor_after(hits[-1].incident, query.order) if more else None)

    def sources(self) -> list[SourceStatus]:
        """Return each source's last-heard times, by account id."""
        with self._reading() as connection:
            rows = connection.execute("SELECT body FROM small WHERE kind = 'source' ORDER BY key").fetchall()
        return [decode(SourceStatus, body) for (body,) in rows]

    def dead_letters(
        self, limit: int, reason: DeadLetterReason | None = None, state: DeadLetterState = DeadLetterState.WAITING
    ) -> list[DeadLetter]:
        """Return dead letters of a reason (of any, if None) in a state, newest first, without payload and note."""
        with self._reading() as connection:
            rows = connection.execute(_DEAD_LETTERS, (_groups(reason, state), limit)).fetchall()
        return [decode(DeadLetter, body) for (body,) in rows]

    def count_dead_letters(self) -> dict[str, int]:
        """Return how many dead letters wait, by reason."""
        with self._reading() as connection:
            waiting = _groups(None, DeadLetterState.WAITING)
            return dict(connection.execute(_REASONS, (waiting,)).fetchall())

    def forget_dead_letters(self, before: datetime) -> None:
        """Drop dead letters from before a time, replayed or not."""
        with self._writing() as connection:
            connection.execute("DELETE FROM small WHERE kind = 'dead_letter' AND at < ?", (microseconds(before),))

    def deliveries(self, incident_id: str) -> list[Delivery]:
        """Return the newest delivery of each alert of an incident, by time."""
        with self._reading() as connection:
            rows = connection.execute(_DELIVERIES, (incident_id,)).fetchall()
        return [decode(Delivery, body) for (body,) in rows]

    @contextmanager
    def rebuilding(self) -> Iterator["SqliteStore"]:
        """Take all incidents anew; at the end those that were not written anew are gone.

        Versions count from 1, so 0 marks what is still old; people find it until then, and a live writer may go on.
        """
        with self._writing() as connection:
            connection.execute("UPDATE incident SET version = 0")
        yield self
        with self._writing() as connection:
            _remove(connection, "version = ?", 0)

    def refresh(self) -> None:
        """Do nothing: what is written is found at once."""

    def close(self) -> None:
        """Release the file; safe to call twice."""
        self._file.close()

    def _one(self, condition: str, value: str) -> Incident | None:
        with self._reading() as connection:
            row = connection.execute(_BODY + condition, (value,)).fetchone()
        return decode(Incident, row[0]) if row else None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _unavailable(), self._file.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _unavailable(), self._file.writing() as connection:
            yield connection


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        raise StoreUnavailable(f"store.db: {problem}") from problem


def _bodies(connection: sqlite3.Connection, page: Statement) -> list[bytes]:
    return [body for (body,) in connection.execute(page.sql, page.values)]


def _write_incident(connection: sqlite3.Connection, entry: Entry) -> None:
    row = connection.execute(_WRITE_INCIDENT, _incident_row(entry)).fetchone()
    if row is None:
        return
    number = row[0]
    connection.execute("INSERT OR REPLACE INTO incident_body (number, body) VALUES (?, ?)", (number, entry.body))
    connection.execute("INSERT OR REPLACE INTO words (rowid, terms) VALUES (?, ?)", (number, entry.terms))
    connection.execute("DELETE FROM facet WHERE number = ?", (number,))
    connection.executemany("INSERT INTO facet (field, value, number) VALUES (?, ?, ?)", _facet_rows(entry, number))


def _incident_row(entry: Entry) -> tuple[object, ...]:
    incident = entry.incident
    return (
        incident.incident_id,
        incident.reference.upper(),
        incident.version,
        -incident.level.rank,
        incident.state.value,
        incident.person,
        incident.topic_ref,
        incident.platform,
        -microseconds(incident.last_posted_at),
    )


def _facet_rows(entry: Entry, number: int) -> Iterator[tuple[str, str, int]]:
    for field in entry.facets.__struct_fields__:
        for value in getattr(entry.facets, field):
            yield field, value, number


def _small_row(small: Small) -> tuple[object, ...]:
    return small.kind, small.key, small.version, small.group, small.at, encode(small.document)


def _groups(reason: DeadLetterReason | None, state: DeadLetterState) -> str:
    reasons = (reason,) if reason is not None else tuple(DeadLetterReason)
    return encode([listed_by(one, state) for one in reasons]).decode()


def _remove(connection: sqlite3.Connection, condition: str, value: object) -> None:
    chosen = f"(SELECT number FROM incident WHERE {condition})"  # noqa: S608  # conditions are written in this module
    connection.execute(f"DELETE FROM words WHERE rowid IN {chosen}", (value,))  # noqa: S608
    for table in ("facet", "incident_body", "incident"):
        connection.execute(f"DELETE FROM {table} WHERE number IN {chosen}", (value,))  # noqa: S608
