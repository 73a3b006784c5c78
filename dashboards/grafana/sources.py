"""Grafana's data sources: one for each index it reads, because a source applies the time range to one fixed field.

Beside the flow. Index names are the aliases that the Elasticsearch store keeps. (Grafana ignores a target's own time
field: `pkg/tsdb/elasticsearch/parse_query.go`.)
"""

from dataclasses import dataclass

from dashboards.grafana.model import DataSource, Reference
from pipeline.store import elasticsearch_schema as schema

INCIDENTS = Reference(uid="parapet-incidents")
SOURCES = Reference(uid="parapet-sources")
DEAD_LETTERS = Reference(uid="parapet-dead-letters")


@dataclass(frozen=True)
class Reach:
    """How Grafana reaches Elasticsearch. user and password go with every request where the node asks for them."""

    url: str
    index_prefix: str = "parapet"
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class _Row:
    reference: Reference
    name: str
    index: str
    time_field: str


_ROWS = (
    _Row(INCIDENTS, "Parapet incidents", schema.INCIDENTS, "opened_at"),
    _Row(SOURCES, "Parapet sources", schema.SOURCES, "last_received_at"),
    _Row(DEAD_LETTERS, "Parapet dead letters", schema.DEAD_LETTERS, "at"),
)


def data_sources(reach: Reach) -> tuple[DataSource, ...]:
    """Return the data sources our panels ask, in a fixed order."""
    return tuple(_data_source(row, reach) for row in _ROWS)


def _data_source(row: _Row, reach: Reach) -> DataSource:
    return DataSource(
        uid=row.reference.uid,
        name=row.name,
        url=reach.url,
        json_data={
            "index": schema.alias(reach.index_prefix, row.index),
            "timeField": row.time_field,
            "timeInterval": "1m",
            "maxConcurrentShardRequests": 5,
        },
        basic_auth=bool(reach.user),
        basic_auth_user=reach.user,
        secure_json_data={"basicAuthPassword": reach.password} if reach.password else {},
    )
