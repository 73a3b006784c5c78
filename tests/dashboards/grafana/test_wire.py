"""The translator's forms against what Grafana's own request snapshots hold."""

import json
from typing import Any

import pytest

from dashboards.grafana import queries
from dashboards.grafana.model import Bucket, DataSource, Target
from dashboards.grafana.sources import INCIDENTS, SOURCES, Reach, data_sources
from dashboards.grafana.wire import Window, msearch

WINDOW = Window(start=1_700_000_000_000, end=1_700_003_600_000, interval=60_000)
RANGE = {"range": {"opened_at": {"format": "epoch_millis", "gte": 1_700_000_000_000, "lte": 1_700_003_600_000}}}
ALL = {source.uid: source for source in data_sources(Reach(url="http://search:9200", index_prefix="p"))}


def source_of(target: Target) -> DataSource:
    return ALL[target.datasource.uid]


def sent(target: Target) -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = msearch([(target, source_of(target))], WINDOW).splitlines()
    return json.loads(first), json.loads(second)


def test_a_count_over_time_goes_out_as_grafana_sends_it() -> None:
    target = queries.ask(INCIDENTS, queries.COUNT, queries.by("level"), queries.over_time("opened_at"))
    assert sent(target) == (
        {"ignore_unavailable": True, "index": "p-incidents", "search_type": "query_then_fetch"},
        {
            "aggs": {
                "2": {
                    "terms": {"field": "level", "size": 50, "order": {"_count": "desc"}, "min_doc_count": 1},
                    "aggs": {
                        "9": {
                            "date_histogram": {
                                "field": "opened_at",
                                "fixed_interval": "60000ms",
                                "min_doc_count": 0,
                                "extended_bounds": {"min": 1_700_000_000_000, "max": 1_700_003_600_000},
                                "format": "epoch_millis",
                            }
                        }
                    },
                }
            },
            "query": {"bool": {"filter": RANGE}},
            "size": 0,
        },
    )


def test_a_query_stands_beside_the_range_in_a_list() -> None:
    _, body = sent(queries.ask(INCIDENTS, queries.COUNT, queries.over_time("opened_at"), query="level:high"))
    assert body["query"] == {
        "bool": {"filter": [RANGE, {"query_string": {"analyze_wildcard": True, "query": "level:high"}}]}
    }


def test_filters_become_labelled_query_strings() -> None:
    _, body = sent(queries.ask(INCIDENTS, queries.COUNT, queries.among({"open": "state:open", "": "level:low"})))
    assert body["aggs"]["2"]["filters"]["filters"] == {
        "open": {"query_string": {"analyze_wildcard": True, "query": "state:open"}},
        "level:low": {"query_string": {"analyze_wildcard": True, "query": "level:low"}},
    }
    assert "aggs" not in body["aggs"]["2"]


def test_percentiles_stand_innermost_under_their_id() -> None:
    _, body = sent(queries.ask(INCIDENTS, queries.percentiles("seconds_to_acknowledge", 50, 95), queries.by("level")))
    assert body["aggs"]["2"]["aggs"] == {
        "1": {"percentiles": {"field": "seconds_to_acknowledge", "percents": ["50", "95"]}}
    }


def test_a_bucket_ordered_by_a_metric_holds_that_metric_too() -> None:
    target = queries.ask(
        SOURCES,
        queries.latest("last_received_at"),
        queries.by("account", order_by="1", order="asc"),
        queries.by("platform", identity="3"),
    )
    _, body = sent(target)
    outer = body["aggs"]["2"]
    latest = {"max": {"field": "last_received_at"}}
    assert outer["terms"]["order"] == {"1": "asc"}
    assert outer["aggs"]["1"] == latest
    assert outer["aggs"]["3"]["aggs"] == {"1": latest}


@pytest.mark.parametrize(
    ("interval", "form"),
    [
        ("auto", {"fixed_interval": "60000ms"}),
        ("1h", {"fixed_interval": "1h"}),
        ("1M", {"calendar_interval": "1M"}),
        ("1w", {"calendar_interval": "1w"}),
    ],
)
def test_intervals(interval: str, form: dict[str, str]) -> None:
    bucket = Bucket(id="9", type="date_histogram", field="opened_at", settings={"interval": interval})
    _, body = sent(queries.ask(INCIDENTS, queries.COUNT, bucket))
    histogram = body["aggs"]["9"]["date_histogram"]
    assert {name: value for name, value in histogram.items() if name.endswith("_interval")} == form


@pytest.mark.parametrize(("order_by", "sent_as"), [("_term", "_key"), ("_key", "_key"), ("_count", "_count")])
def test_the_old_name_of_the_key_order_is_translated(order_by: str, sent_as: str) -> None:
    _, body = sent(queries.ask(INCIDENTS, queries.COUNT, queries.by("level", order_by=order_by, size=0)))
    assert body["aggs"]["2"]["terms"]["order"] == {sent_as: "desc"}
    assert body["aggs"]["2"]["terms"]["size"] == 500


def test_a_bucket_we_do_not_use_is_refused() -> None:
    with pytest.raises(ValueError, match="geohash_grid"):
        sent(queries.ask(INCIDENTS, queries.COUNT, Bucket(id="2", type="geohash_grid", field="place")))
