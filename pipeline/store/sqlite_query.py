"""A search as SQL for the embedded store. Values are always bound; terms hold no sign that FTS5 gives a meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.store.interface import Order, Query
from pipeline.store.paging import page_size, read_cursor
from pipeline.store.searchable import RESTRICTED, microseconds, wanted_facets
from pipeline.text.analysis import ParsedQuery

_ORDER = {
    Order.NEWEST: "posted_down, incident_id",
    Order.LEVEL: "rank_down, posted_down, incident_id",
}


@dataclass(frozen=True)
class Statement:
    """SQL and the values bound to it."""

    sql: str
    values: tuple[object, ...]


@dataclass
class _Conditions:
    """Conditions gathered with their values; all must hold."""

    parts: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        """Add a condition with its values."""
        self.parts.append(condition)
        self.values += values

    def equal(self, column: str, value: object) -> None:
        """Add that a column has a value, where one is asked for."""
        if value is not None:
            self.add(f"{column} = ?", value)

    def among(self, column: str, values: Sequence[object]) -> None:
        """Add that a column has one of some values, where any are asked for."""
        if values:
            self.add(f"{column} IN ({', '.join('?' * len(values))})", *values)

    def where(self) -> str:
        """Return the WHERE clause, empty without conditions."""
        return f"WHERE {' AND '.join(self.parts)}" if self.parts else ""


def count_statement(query: Query, asked: ParsedQuery) -> Statement:
    """Return the statement that counts what meets a query, on all its pages."""
    conditions = _conditions(query, asked)
    return Statement(f"SELECT count(*) FROM incident {conditions.where()}", tuple(conditions.values))  # noqa: S608


def page_statement(query: Query, asked: ParsedQuery) -> Statement:
    """Return the statement that selects the bodies of a page, and of one more to know whether there is a next page.

    Raises:
        ValueError: a bad cursor.
    """
    conditions = _conditions(query, asked)
    cursor = read_cursor(query)
    if cursor is not None and query.order is Order.LEVEL:
        conditions.add(f"({_ORDER[query.order]}) > (?, ?, ?)", -cursor.rank, -cursor.posted, cursor.incident_id)
    elif cursor is not None:
        conditions.add(f"({_ORDER[query.order]}) > (?, ?)", -cursor.posted, cursor.incident_id)
    order = _ORDER[query.order]
    chosen = f"SELECT number, {order} FROM incident {conditions.where()} ORDER BY {order} LIMIT ?"  # noqa: S608
    sql = f"SELECT body FROM ({chosen}) JOIN incident_body USING (number) ORDER BY {order}"  # noqa: S608
    return Statement(sql, (*conditions.values, page_size(query) + 1))


def _conditions(query: Query, asked: ParsedQuery) -> _Conditions:
    found = _Conditions()
    if asked.asked:
        found.add("number IN (SELECT rowid FROM words WHERE words MATCH ?)", _match(asked))
    for column in ("person", "topic_ref", "platform"):
        found.equal(column, getattr(query, column))
    found.among("rank_down", [-level.rank for level in query.levels])
    found.among("state", [state.value for state in query.states])
    for name, value in wanted_facets(query).items():
        found.add("number IN (SELECT number FROM facet WHERE field = ? AND value = ?)", name, value)
    if not query.restricted:
        found.add("number NOT IN (SELECT number FROM facet WHERE field = 'kept_as' AND value = ?)", RESTRICTED)
    if query.posted_from is not None:
        found.add("posted_down <= ?", -microseconds(query.posted_from))
    if query.posted_until is not None:
        found.add("posted_down > ?", -microseconds(query.posted_until))
    return found


def _match(asked: ParsedQuery) -> str:
    """Return the FTS5 expression: every word and phrase as a string of its own, which FTS5 joins with AND."""
    return " ".join(f'"{one}"' for one in asked.asked)
