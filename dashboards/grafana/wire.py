"""What Grafana's Elasticsearch data source sends for a target, so that each panel can be proven on a real node.

Pure, beside the flow: tests post its bytes to `/_msearch`. Source: grafana/grafana `pkg/tsdb/elasticsearch/` as
described in the Grafana reference: two lines a query, buckets nested under their ids, metrics innermost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dashboards.grafana.model import Bucket, DataSource, Json, Metric, Target

PATH = "/_msearch?max_concurrent_shard_requests=5"
CONTENT_TYPE = "application/x-ndjson"
CALENDAR_INTERVALS = frozenset({"1w", "1M", "1q", "1y"})
DEFAULT_SIZE = 500

Body = dict[str, Json]


@dataclass(frozen=True)
class Window:
    """The time range of a dashboard and the interval `auto` stands for, all in milliseconds (range: since 1970)."""

    start: int
    end: int
    interval: int


def msearch(asked: Sequence[tuple[Target, DataSource]], window: Window) -> bytes:
    """Return the body of one `POST /_msearch` for targets with their data sources.

    Raises:
        ValueError: a bucket of a type we do not use.
    """
    lines: list[Body] = []
    for target, source in asked:
        lines += [_header(source), search_body(target, source, window)]
    text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    return text.replace(b"$__interval_ms", str(window.interval).encode())


def search_body(target: Target, source: DataSource, window: Window) -> Body:
    """Return the second line of a query, `$__interval_ms` not yet replaced. Raises as `msearch`."""
    return {
        "aggs": _aggregations(target, window),
        "query": {"bool": {"filter": _filters(target, source, window)}},
        "size": 0,
    }


def _header(source: DataSource) -> Body:
    return {"ignore_unavailable": True, "index": source.index, "search_type": "query_then_fetch"}


def _filters(target: Target, source: DataSource, window: Window) -> Json:
    bounds: Json = {"format": "epoch_millis", "gte": window.start, "lte": window.end}
    in_range: Json = {"range": {source.time_field: bounds}}
    return [in_range, _query_string(target.query)] if target.query else in_range


def _query_string(query: str) -> Json:
    return {"query_string": {"analyze_wildcard": True, "query": query}}


def _aggregations(target: Target, window: Window) -> Body:
    inner = {metric.id: _metric(metric) for metric in target.metrics if metric.type != "count"}
    for bucket in reversed(target.bucket_aggs):
        made = _bucket(bucket, window)
        beside = _ordering_metric(bucket, target.metrics)
        if inner or beside:
            made["aggs"] = beside | inner
        inner = {bucket.id: made}
    return dict(inner)


def _ordering_metric(bucket: Bucket, metrics: Sequence[Metric]) -> Body:
    """A bucket ordered by a metric needs that metric at its own depth, whatever stands between them."""
    ordered_by = bucket.settings.get("orderBy")
    return {one.id: _metric(one) for one in metrics if one.id == ordered_by and one.type != "count"}


def _metric(metric: Metric) -> Json:
    return {metric.type: {"field": metric.field} | dict(metric.settings)}


def _bucket(bucket: Bucket, window: Window) -> Body:
    match bucket.type:
        case "date_histogram":
            return {"date_histogram": _date_histogram(bucket, window)}
        case "terms":
            return {"terms": _terms(bucket)}
        case "filters":
            return {"filters": {"filters": _labelled(bucket)}}
    raise ValueError(f"bucket type {bucket.type!r} is not one of date_histogram, terms, filters")


def _date_histogram(bucket: Bucket, window: Window) -> Body:
    interval = str(bucket.settings.get("interval", "auto"))
    width: Body = {"calendar_interval": interval}
    if interval not in CALENDAR_INTERVALS:
        width = {"fixed_interval": "$__interval_msms" if interval == "auto" else interval}
    return {
        "field": bucket.field,
        **width,
        "min_doc_count": _whole(bucket, "min_doc_count", 0),
        "extended_bounds": {"min": window.start, "max": window.end},
        "format": "epoch_millis",
    }


def _terms(bucket: Bucket) -> Body:
    order_by = str(bucket.settings.get("orderBy", "_key"))
    return {
        "field": bucket.field,
        "size": _whole(bucket, "size", DEFAULT_SIZE) or DEFAULT_SIZE,
        "order": {"_key" if order_by == "_term" else order_by: bucket.settings.get("order", "desc")},
        "min_doc_count": _whole(bucket, "min_doc_count", 1),
    }


def _labelled(bucket: Bucket) -> Body:
    filters = bucket.settings.get("filters")
    rows = filters if isinstance(filters, list) else []
    return {
        str(row["label"] or row["query"]): _query_string(str(row["query"])) for row in rows if isinstance(row, dict)
    }


def _whole(bucket: Bucket, name: str, default: int) -> int:
    return int(str(bucket.settings.get(name, default)))
