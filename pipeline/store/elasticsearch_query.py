"""A search as an Elasticsearch request, and an incident as its document; the counterpart of the embedded store's SQL.

Terms go in as they are: the field's analyser splits at white space and changes nothing, as FTS5's does.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.store.entries import Entry, Small
from pipeline.store.interface import Order, Query
from pipeline.store.paging import page_size, read_cursor
from pipeline.store.searchable import RESTRICTED, microseconds, wanted_facets
from pipeline.text.analysis import ParsedQuery
from pipeline.vocabulary.incident import Incident

_LEVEL_SORT = [{"level_rank": "desc"}]
_NEWEST_SORT = [{"last_posted_us": "desc"}, {"incident_id": "asc"}]
_SAME = (
    "incident_id",
    "reference",
    "version",
    "kind",
    "state",
    "person",
    "topic_ref",
    "platform",
    "direction",
    "level",
    "late",
    "opened_at",
    "updated_at",
    "first_posted_at",
    "last_posted_at",
    "acknowledged_at",
    "closed_at",
)
"""Fields that stand in the index under the incident's own name."""


def incident_document(entry: Entry) -> dict[str, Any]:
    """Return what is written for an incident; absent values are left out."""
    incident = entry.incident
    flat = {name: msgspec.to_builtins(getattr(incident, name)) for name in _SAME}
    flat |= {name: list(getattr(entry.facets, name)) for name in entry.facets.__struct_fields__}
    flat |= {
        "reference": incident.reference.upper(),
        "level_rank": incident.level.rank,
        "last_posted_us": microseconds(incident.last_posted_at),
        "seconds_to_acknowledge": _seconds_to_acknowledge(incident),
        "verdict": incident.verdict.code.value if incident.verdict else None,
        "terms": entry.terms,
        "body": b64encode(entry.body).decode(),
    }
    return {name: value for name, value in flat.items() if value is not None}


def small_document(small: Small) -> dict[str, Any]:
    """Return what is written for a document beside incidents: its own fields, and its time for exact order."""
    fields: dict[str, Any] = msgspec.to_builtins(small.document)
    return {name: value for name, value in fields.items() if value is not None} | {"at_us": small.at}


def search_request(query: Query, asked: ParsedQuery) -> dict[str, Any]:
    """Return the parameters of a search for a page and one more hit, counting all hits.

    Raises:
        ValueError: a bad cursor.
    """
    by_level = query.order is Order.LEVEL
    request: dict[str, Any] = {
        "query": {"bool": {"filter": [*_words(asked), *_filters(query)], "must_not": _left_out(query)}},
        "sort": [*_LEVEL_SORT, *_NEWEST_SORT] if by_level else _NEWEST_SORT,
        "size": page_size(query) + 1,
        "track_total_hits": True,
        "source": False,
        "stored_fields": ["body"],
    }
    cursor = read_cursor(query)
    if cursor is not None:
        request["search_after"] = [*([cursor.rank] if by_level else []), cursor.posted, cursor.incident_id]
    return request


def _words(asked: ParsedQuery) -> list[dict[str, Any]]:
    words = [{"term": {"terms": word}} for word in asked.words]
    return words + [{"match_phrase": {"terms": " ".join(phrase)}} for phrase in asked.phrases]


def _filters(query: Query) -> list[dict[str, Any]]:
    columns = {name: getattr(query, name) for name in ("person", "topic_ref", "platform")}
    single = {name: value for name, value in columns.items() if value is not None} | wanted_facets(query)
    filters: list[dict[str, Any]] = [{"term": {name: value}} for name, value in single.items()]
    filters += [_among("level", query.levels)] if query.levels else []
    filters += [_among("state", query.states)] if query.states else []
    return filters + _dates(query)


def _left_out(query: Query) -> list[dict[str, Any]]:
    return [] if query.restricted else [{"term": {"kept_as": RESTRICTED}}]


def _among(field: str, values: Sequence[str]) -> dict[str, Any]:
    return {"terms": {field: list(values)}}


def _dates(query: Query) -> list[dict[str, Any]]:
    bounds: dict[str, int] = {}
    if query.posted_from is not None:
        bounds["gte"] = microseconds(query.posted_from)
    if query.posted_until is not None:
        bounds["lt"] = microseconds(query.posted_until)
    return [{"range": {"last_posted_us": bounds}}] if bounds else []


def _seconds_to_acknowledge(incident: Incident) -> float | None:
    if incident.acknowledged_at is None:
        return None
    return (incident.acknowledged_at - incident.opened_at).total_seconds()
