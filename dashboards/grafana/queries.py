"""Short words for the metrics and buckets our panels use, in the form Grafana's query editor saves.

Beside the flow; `panels` and `incidents` build with them, `wire` turns them into what the data source sends.
"""

from dashboards.grafana.model import Bucket, Json, Metric, Reference, Target

COUNT = Metric(id="1", type="count")
LABEL = "A"


def latest(field: str) -> Metric:
    """Return the newest time in a date field."""
    return Metric(id="1", type="max", field=field)


def percentiles(field: str, *percents: int) -> Metric:
    """Return percentiles of a number field."""
    return Metric(id="1", type="percentiles", field=field, settings={"percents": [str(one) for one in percents]})


def over_time(field: str, identity: str = "9") -> Bucket:
    """Return buckets of time as wide as the panel's resolution asks; the last bucket of a time series."""
    return Bucket(id=identity, type="date_histogram", field=field, settings={"interval": "auto", "min_doc_count": "0"})


def by(field: str, *, order_by: str = "_count", order: str = "desc", identity: str = "2", size: int = 50) -> Bucket:
    """Return a bucket for each value of a keyword field. order_by is `_count`, `_key` or a metric's id."""
    settings: dict[str, Json] = {"size": str(size), "order": order, "orderBy": order_by, "min_doc_count": "1"}
    return Bucket(id=identity, type="terms", field=field, settings=settings)


def among(labelled: dict[str, str]) -> Bucket:
    """Return a bucket for each labelled Lucene query; unlike terms it is there, as 0, when nothing matches."""
    filters: list[Json] = [{"label": label, "query": query} for label, query in labelled.items()]
    return Bucket(id="2", type="filters", settings={"filters": filters})


def ask(source: Reference, metric: Metric, *buckets: Bucket, query: str = "", alias: str = "") -> Target:
    """Return the one query of a panel."""
    return Target(ref_id=LABEL, datasource=source, query=query, metrics=(metric,), bucket_aggs=buckets, alias=alias)
