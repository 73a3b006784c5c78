"""The three shapes of panel we use: a number, bars over time, a table. Colours go with the level, the same everywhere.

Beside the flow; `incidents` puts panels on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from dashboards.grafana.model import Json, Panel, Place, Settings, Target

LEVEL_COLOURS = {"low": "#8ab8a8", "moderate": "#f2b134", "high": "#e8743b", "critical": "#b3123c"}


@dataclass(frozen=True)
class Card:
    """What every panel has: number, title, one line that explains it, place; over replaces the time range."""

    id: int
    title: str
    description: str
    place: Place
    over: str | None = None


@dataclass(frozen=True)
class _Look:
    """How a kind of panel draws: defaults of its fields, its options, exceptions for single fields."""

    kind: str
    defaults: Settings
    options: Settings
    overrides: list[Json]


def number(card: Card, target: Target, bounds: Mapping[str, int]) -> Panel:
    """Return a panel of numbers, one for each bucket. bounds gives the colour from a value on; below them all green."""
    steps: list[Json] = [{"color": "green", "value": None}]
    steps += [{"color": colour, "value": value} for colour, value in bounds.items()]
    defaults: Settings = {
        "color": {"mode": "thresholds"},
        "thresholds": {"mode": "absolute", "steps": steps},
        "noValue": "0",
    }
    options: Settings = {
        "colorMode": "background",
        "graphMode": "none",
        "textMode": "auto",
        "reduceOptions": {"values": True, "calcs": ["lastNotNull"], "fields": ""},
    }
    return _panel(card, target, _Look("stat", defaults, options, []))


def series(card: Card, target: Target, unit: str = "short", *, stacked: bool = True) -> Panel:
    """Return bars over time, one colour a series; levels keep their own colours."""
    custom: Settings = {
        "drawStyle": "bars" if stacked else "points",
        "fillOpacity": 80,
        "stacking": {"mode": "normal" if stacked else "none"},
    }
    options: Settings = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    overrides: list[Json] = [
        {
            "matcher": {"id": "byName", "options": level},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}],
        }
        for level, colour in LEVEL_COLOURS.items()
    ]
    defaults: Settings = {"unit": unit, "min": 0, "decimals": 0, "custom": custom}
    return _panel(card, target, _Look("timeseries", defaults, options, overrides))


def table(card: Card, target: Target, columns: Mapping[str, str], units: Mapping[str, str]) -> Panel:
    """Return a table. columns renames Grafana's columns for people, units gives a column (by its new name) a unit."""
    rename: Settings = {"id": "organize", "options": {"renameByName": dict(columns)}}
    overrides: list[Json] = [
        {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "unit", "value": unit}]}
        for column, unit in units.items()
    ]
    look = _Look("table", {}, {"showHeader": True, "cellHeight": "sm"}, overrides)
    return msgspec.structs.replace(_panel(card, target, look), transformations=(rename,))


def _panel(card: Card, target: Target, look: _Look) -> Panel:
    return Panel(
        id=card.id,
        type=look.kind,
        title=card.title,
        description=card.description,
        grid_pos=card.place,
        datasource=target.datasource,
        targets=(target,),
        field_config={"defaults": look.defaults, "overrides": look.overrides},
        options=look.options,
        time_from=card.over,
    )
