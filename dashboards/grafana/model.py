"""Grafana's JSON model as frozen types, as far as our dashboard uses it: data source, target, panel, dashboard.

Beside the flow, where people look. Field names become Grafana's own (camel case) when encoded. Source: the dashboard
schema of Grafana 13 and the editor's form of Elasticsearch queries, in which every setting is text.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

Json = str | int | float | bool | None | Mapping[str, "Json"] | list["Json"]
Settings = Mapping[str, Json]


class _Model(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Keys in camel case; what is at its default is left out, as Grafana's own exports do."""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """Which data source a panel or target asks."""

    uid: str
    type: str = "elasticsearch"


class Metric(_Model, frozen=True, kw_only=True):
    """One metric of a query, such as count or percentiles; its id is text and unique among the target's ids."""

    id: str
    type: str
    field: str | None = None
    settings: Settings = {}


class Bucket(_Model, frozen=True, kw_only=True):
    """One bucket aggregation; the first is the outermost."""

    id: str
    type: str
    field: str | None = None
    settings: Settings = {}


class Target(_Model, frozen=True, kw_only=True):
    """One query of a panel: Lucene text (may be empty), metrics, buckets. A time series ends in a date histogram."""

    ref_id: str
    datasource: Reference
    query: str
    metrics: tuple[Metric, ...]
    bucket_aggs: tuple[Bucket, ...]
    alias: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a panel stands, in a grid 24 columns wide."""

    x: int
    y: int
    w: int
    h: int


class Panel(_Model, frozen=True, kw_only=True):
    """One panel. time_from, such as `5y`, replaces the dashboard's time range where a state matters, not a period."""

    id: int
    type: str
    title: str
    description: str
    grid_pos: Place
    datasource: Reference
    targets: tuple[Target, ...]
    field_config: Settings
    options: Settings
    transformations: tuple[Settings, ...] = ()
    time_from: str | None = None


class Dashboard(_Model, frozen=True, kw_only=True):
    """A dashboard. uid is what publishing goes by; version belongs to the server and is left out."""

    uid: str
    title: str
    description: str
    tags: tuple[str, ...]
    schema_version: int
    timezone: str
    refresh: str
    time: Settings
    panels: tuple[Panel, ...]
    editable: bool


class DataSource(_Model, frozen=True, kw_only=True, omit_defaults=False):
    """An Elasticsearch data source: one index alias and the one time field that every query on it is bounded by."""

    uid: str
    name: str
    url: str
    json_data: Settings
    type: str = "elasticsearch"
    access: str = "proxy"
    basic_auth: bool = False
    basic_auth_user: str = ""
    is_default: bool = False
    secure_json_data: Mapping[str, str] = {}

    @property
    def reference(self) -> Reference:
        """Return what a panel names it by."""
        return Reference(uid=self.uid)

    @property
    def index(self) -> str:
        """Return the index alias it reads."""
        return str(self.json_data["index"])

    @property
    def time_field(self) -> str:
        """Return the field that the dashboard's time range is applied to."""
        return str(self.json_data["timeField"])


def as_json(model: Dashboard | DataSource) -> dict[str, Any]:
    """Return a model as Grafana's API takes and returns it."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(model))
    return made
