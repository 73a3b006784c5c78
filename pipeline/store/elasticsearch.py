"""The services' store: Elasticsearch without licensed or optional modules. Last in the flow before people.

Versioned bulk writes through aliases: an older version is a conflict that counts as done. Only this module imports
elasticsearch. Server trouble becomes StoreUnavailable; a document the server will never take is refused.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError

from pipeline.codec import decode, encode
from pipeline.settings import Settings
from pipeline.store import elasticsearch_schema as schema
from pipeline.store.elasticsearch_bulk import IndexMissing, Overloaded, Write, refusals, requests
from pipeline.store.elasticsearch_query import incident_document, search_request, small_document
from pipeline.store.entries import Entry, Small, entry, prepared, small, split
from pipeline.store.interface import Document, Page, Query, Refused, StoreUnavailable
from pipeline.store.paging import cursor_after, page_size
from pipeline.store.searchable import hit, microseconds
from pipeline.text.analysis import parse_query
from pipeline.vocabulary.alert import Delivery
from pipeline.vocabulary.incident import Incident
from pipeline.vocabulary.operations import DeadLetter, DeadLetterReason, DeadLetterState, SourceStatus

MOST_LISTED = 10_000
"""Sources, and deliveries of one incident, are listed whole, up to the server's own limit."""

_SMALL_INDEX = {"source": schema.SOURCES, "dead_letter": schema.DEAD_LETTERS, "delivery": schema.DELIVERIES}
_WAITING = {"term": {"state": "waiting"}}
_BODY: dict[str, Any] = {"source": False, "stored_fields": ["body"]}


class ElasticsearchStore:
    """The store on one cluster; any thread may call. replicas is how many further copies the cluster keeps."""

    def __init__(self, url: str, index_prefix: str, replicas: int = 0) -> None:
        self._client = Elasticsearch(url, request_timeout=10, max_retries=2, retry_on_status=(429, 502, 503, 504))
        self._prefix = index_prefix
        self._replicas = replicas
        self._incidents, self._by_alias = schema.alias(index_prefix, schema.INCIDENTS), True

    def ensure_indices(self) -> None:
        """Create templates, first indices and aliases where they are not there yet; may be called at every start."""
        with _unavailable():
            for name in schema.PROPERTIES:
                self._ensure_index(name)

    def upsert(self, documents: Sequence[Document]) -> list[Refused]:
        """Write the newest version of each document; return those refused for good."""
        refused: list[Refused] = []
        incidents, others = split(documents)
        writes = [self._incident_write(one) for one in prepared(incidents, entry, refused)]
        writes += [self._small_write(one) for one in prepared(others, small, refused)]
        return refused + self._write(writes)

    def remove(self, incident_ids: Sequence[str]) -> None:
        """Delete incidents; absent ones are no error."""
        self._write([Write(self._incidents, incident_id) for incident_id in incident_ids])

    def get(self, incident_id: str) -> Incident | None:
        """Return an incident by id, also one written this instant."""
        with _unavailable():
            found = self._client.options(ignore_status=404).get(index=self._incidents, id=incident_id, **_BODY)
        if "found" not in found:
            raise StoreUnavailable(
                f"the index {self._incidents} is missing: restart the services, then `parapet reindex`"
            )
        return _incident(found.body) if found["found"] else None

    def by_reference(self, reference: str) -> Incident | None:
        """Return an incident by the reference people use, in any letter case."""
        wanted = {"term": {"reference": reference.strip().upper()}}
        with _unavailable():
            found = self._client.search(index=self._incidents, query=wanted, size=1, **_BODY)["hits"]["hits"]
        return _incident(found[0]) if found else None

    def search(self, query: Query) -> Page:
        """Return the page of incidents that meet every part of the query. Raises ValueError as the interface says."""
        asked = parse_query(query.text)
        if query.text.strip() and not asked.asked:
            return Page(hits=(), total=0, next_cursor=None)
        request = search_request(query, asked)
        with _unavailable():
            answer = self._client.search(index=self._incidents, **request)["hits"]
        found = [_incident(one) for one in answer["hits"]]
        hits = tuple(hit(incident, query, asked) for incident in found[: page_size(query)])
        cursor = cursor_after(hits[-1].incident, query.order) if len(found) > len(hits) else None
        return Page(hits=hits, total=answer["total"]["value"], next_cursor=cursor)

    def sources(self) -> list[SourceStatus]:
        """Return each source's last-heard times, by account id."""
        rows = self._list(schema.SOURCES, {"match_all": {}}, ["account"], MOST_LISTED)
        return [decode(SourceStatus, row) for row in rows]

    def dead_letters(
        self, limit: int, reason: DeadLetterReason | None = None, state: DeadLetterState = DeadLetterState.WAITING
    ) -> list[DeadLetter]:
        """Return dead letters of a reason (of any, if None) in a state, newest first, without payload and note."""
        order = [{"at_us": "desc"}, {"dead_letter_id": "asc"}]
        wanted = [{"term": {"state": state.value}}, *([{"term": {"reason": reason.value}}] if reason else [])]
        rows = self._list(schema.DEAD_LETTERS, {"bool": {"filter": wanted}}, order, min(limit, MOST_LISTED))
        return [decode(DeadLetter, row) for row in rows]

    def count_dead_letters(self) -> dict[str, int]:
        """Return how many dead letters wait, by reason."""
        reasons = {"reasons": {"terms": {"field": "reason", "size": 1000, "order": {"_key": "asc"}}}}
        with _unavailable():
            index = schema.alias(self._prefix, schema.DEAD_LETTERS)
            answer = self._client.search(index=index, query=_WAITING, size=0, aggs=reasons)
        return {row["key"]: row["doc_count"] for row in answer["aggregations"]["reasons"]["buckets"]}

    def forget_dead_letters(self, before: datetime) -> None:
        """Drop dead letters from before a time, replayed or not; MOST_LISTED in one call."""
        index = schema.alias(self._prefix, schema.DEAD_LETTERS)
        old = {"range": {"at_us": {"lt": microseconds(before)}}}
        with _unavailable():
            found = self._client.search(index=index, query=old, size=MOST_LISTED, source=False)["hits"]["hits"]
        self._write([Write(index, one["_id"]) for one in found])

    def deliveries(self, incident_id: str) -> list[Delivery]:
        """Return the newest delivery of each alert of an incident, by time."""
        order = [{"at_us": "asc"}, {"alert_id": "asc"}]
        rows = self._list(schema.DELIVERIES, {"term": {"incident_id": incident_id}}, order, MOST_LISTED)
        return [decode(Delivery, row) for row in rows]

    @contextmanager
    def rebuilding(self) -> Iterator["ElasticsearchStore"]:
        """Take all incidents anew into a new index; at the end the alias moves to it and the old index goes.

        Live writers go on with the old index until then, so what they wrote meanwhile has to be read again afterwards.
        """
        with _unavailable():
            index = self._next_index()
        fresh = copy(self)
        fresh._incidents, fresh._by_alias = index, False
        try:
            yield fresh
            with _unavailable():
                self._move_alias(index)
        except BaseException:
            with _unavailable():
                self._client.indices.delete(index=index, ignore_unavailable=True)
            raise

    def refresh(self) -> None:
        """Make everything written so far visible to search."""
        with _unavailable():
            self._client.indices.refresh(index=[schema.alias(self._prefix, name) for name in schema.PROPERTIES])

    def close(self) -> None:
        """Release connections; safe to call twice."""
        self._client.close()

    def _ensure_index(self, name: str) -> None:
        alias, indices = schema.alias(self._prefix, name), self._client.indices
        indices.put_index_template(name=alias, **schema.template(self._prefix, name, self._replicas))
        if indices.exists_alias(name=alias):
            indices.put_mapping(index=alias, properties=schema.PROPERTIES[name])
            return
        try:
            indices.create(index=schema.numbered(self._prefix, name, 1), aliases={alias: {"is_write_index": True}})
        except BadRequestError as problem:
            if problem.error != "resource_already_exists_exception":
                raise

    def _next_index(self) -> str:
        """Create and return the next generation of the index of incidents, which no alias leads to yet."""
        held = self._client.indices.get(index=f"{self._incidents}-*", features="aliases")
        number = 1 + max((int(name.rpartition("-")[2]) for name in held), default=0)
        index = schema.numbered(self._prefix, schema.INCIDENTS, number)
        self._client.indices.create(index=index)
        return index

    def _move_alias(self, index: str) -> None:
        """Let the alias lead to an index, at once and for everybody, and delete the indices it led to before."""
        before = [name for name in self._client.indices.get_alias(name=self._incidents) if name != index]
        actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._incidents, "is_write_index": True}}]
        actions += [{"remove_index": {"index": name}} for name in before]
        self._client.indices.refresh(index=index)
        self._client.indices.update_aliases(actions=actions)

    def _incident_write(self, entry: Entry) -> Write:
        incident = entry.incident
        document = incident_document(entry)
        return Write(self._incidents, incident.incident_id, incident.version, document, self._by_alias)

    def _small_write(self, small: Small) -> Write:
        index = schema.alias(self._prefix, _SMALL_INDEX[small.kind])
        return Write(index, small.key, small.version, small_document(small))

    def _write(self, writes: Sequence[Write]) -> list[Refused]:
        refused: list[Refused] = []
        for part in requests(writes):
            refused += self._send(part)
        return refused

    def _send(self, part: list[Write]) -> list[Refused]:
        with _unavailable():
            answer = self._client.bulk(operations=[line for write in part for line in write.lines()])
        try:
            return refusals(part, answer.body)
        except Overloaded as problem:
            raise StoreUnavailable(f"Elasticsearch is overloaded: {problem}") from problem
        except IndexMissing as problem:
            self.ensure_indices()
            raise StoreUnavailable(f"{problem} was missing and has been created") from problem

    def _list(self, name: str, query: dict[str, Any], order: list[Any], size: int) -> list[bytes]:
        with _unavailable():
            index = schema.alias(self._prefix, name)
            answer = self._client.search(index=index, query=query, sort=order, size=size)
        return [encode(one["_source"]) for one in answer["hits"]["hits"]]


def open_elasticsearch_store(settings: Settings) -> ElasticsearchStore:
    """Return the store that the settings name, its indices made if they can be.

    A server that is down stops nobody from starting: every call says so, and the first write makes what is missing.
    """
    replicas = settings.number("replication") - 1
    store = ElasticsearchStore(settings.text("elasticsearch"), settings.text("index_prefix"), replicas)
    with suppress(StoreUnavailable):
        store.ensure_indices()
    return store


def _incident(found: Mapping[str, Any]) -> Incident:
    return decode(Incident, b64decode(found["fields"]["body"][0]))


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turn the server's trouble into StoreUnavailable; a bad request is a fault of ours and stays what it is."""
    try:
        yield
    except TransportError as problem:
        raise StoreUnavailable(f"Elasticsearch cannot be reached: {type(problem).__name__}") from problem
    except BadRequestError:
        raise
    except ApiError as problem:
        raise StoreUnavailable(f"Elasticsearch answers {problem.status_code}: {problem.error}") from problem
