"""The one dashboard: how many incidents, how serious, how fast a person took them up, and which source went quiet.

Beside the flow, where people look. Panels group by codes only (level, paragraph, state, account id): no text of a post,
no author, no name, no confidential term.
"""

from dataclasses import dataclass

from dashboards.grafana import queries as ask_for
from dashboards.grafana.model import Dashboard, Panel, Place
from dashboards.grafana.panels import Card, number, series, table
from dashboards.grafana.sources import DEAD_LETTERS, INCIDENTS, SOURCES

UID = "parapet-incidents"
REAL = "NOT kind:test"
"""Tests of the alert chain are about nobody and count nowhere."""
TAKEN_UP = f"{REAL} AND _exists_:seconds_to_acknowledge"
EVER = "5y"
"""The range of panels that show a state: what is open or silent counts however long ago it began."""


@dataclass(frozen=True)
class Silence:
    """When a source counts as silent, in minutes; the settings silence_amber_minutes and silence_red_minutes."""

    amber_minutes: int = 10
    red_minutes: int = 30


def incidents_dashboard(silence: Silence) -> Dashboard:
    """Return the dashboard. Its panels name data sources by uid, so it is the same for every index prefix."""
    return Dashboard(
        uid=UID,
        title="Parapet: incidents",
        description="Incidents by level and paragraph, what is open, time to acknowledge, and silent sources.",
        tags=("parapet",),
        schema_version=41,
        timezone="browser",
        refresh="30s",
        time={"from": "now-7d", "to": "now"},
        panels=(*_now(silence), *_over_time(), *_handling(), *_machinery()),
        editable=False,
    )


def _now(silence: Silence) -> tuple[Panel, ...]:
    open_critical = {
        "Nobody has acknowledged": "level:critical AND state:open",
        "Acknowledged, not closed": "level:critical AND state:acknowledged",
    }
    open_high = {"Nobody has acknowledged": "level:high AND state:open"}
    silent = {
        f"Over {silence.amber_minutes} minutes": f"last_received_at:<now-{silence.amber_minutes}m",
        f"Over {silence.red_minutes} minutes": f"last_received_at:<now-{silence.red_minutes}m",
    }
    return (
        number(
            Card(1, "Open critical", "Critical incidents, however old.", Place(x=0, y=0, w=8, h=4), EVER),
            ask_for.ask(INCIDENTS, ask_for.COUNT, ask_for.among(open_critical), query=REAL),
            {"red": 1},
        ),
        number(
            Card(2, "Open high", "High incidents nobody has acknowledged.", Place(x=8, y=0, w=4, h=4), EVER),
            ask_for.ask(INCIDENTS, ask_for.COUNT, ask_for.among(open_high), query=REAL),
            {"orange": 1},
        ),
        number(
            Card(3, "Silent sources", "Registered sources nothing came from.", Place(x=12, y=0, w=8, h=4), EVER),
            ask_for.ask(SOURCES, ask_for.COUNT, ask_for.among(silent)),
            {"orange": 1},
        ),
        number(
            Card(4, "Dead letters waiting", "What could not be processed.", Place(x=20, y=0, w=4, h=4), EVER),
            ask_for.ask(DEAD_LETTERS, ask_for.COUNT, ask_for.among({"Waiting": "state:waiting"})),
            {"orange": 1},
        ),
    )


def _over_time() -> tuple[Panel, ...]:
    when = ask_for.over_time("opened_at")
    return (
        series(
            Card(5, "Incidents by level", "Incidents opened, by their level now.", Place(x=0, y=4, w=12, h=8)),
            ask_for.ask(INCIDENTS, ask_for.COUNT, ask_for.by("level"), when, query=REAL, alias="{{term level}}"),
        ),
        series(
            Card(
                6,
                "Incidents by paragraph",
                "Incidents opened, by paragraph of the Guidance; one incident may rest on several.",
                Place(x=12, y=4, w=12, h=8),
            ),
            ask_for.ask(
                INCIDENTS, ask_for.COUNT, ask_for.by("paragraph"), when, query=REAL, alias="{{term paragraph}}"
            ),
        ),
    )


def _handling() -> tuple[Panel, ...]:
    taken = ask_for.percentiles("seconds_to_acknowledge", 50, 95)
    return (
        series(
            Card(
                7,
                "Time to acknowledge",
                "From opening to a person's acknowledgement: half were faster than p50, 19 of 20 faster than p95.",
                Place(x=0, y=12, w=12, h=8),
            ),
            ask_for.ask(INCIDENTS, taken, ask_for.over_time("opened_at"), query=TAKEN_UP),
            unit="s",
            stacked=False,
        ),
        table(
            Card(8, "Time to acknowledge by level", "The same, for the whole period.", Place(x=12, y=12, w=12, h=8)),
            ask_for.ask(INCIDENTS, taken, ask_for.by("level"), query=TAKEN_UP),
            {"level": "Level", "p50.0": "Half within", "p95.0": "19 of 20 within"},
            {"Half within": "s", "19 of 20 within": "s"},
        ),
    )


def _machinery() -> tuple[Panel, ...]:
    return (
        table(
            Card(9, "When each source was last heard", "Longest silent first.", Place(x=0, y=20, w=16, h=8), EVER),
            ask_for.ask(
                SOURCES,
                ask_for.latest("last_received_at"),
                ask_for.by("account", order_by="1", order="asc", size=500),
                ask_for.by("platform", identity="3"),
            ),
            {"account": "Source", "platform": "Platform", "Max last_received_at": "Last heard", "Max": "Last heard"},
            {"Last heard": "dateTimeFromNow"},
        ),
        table(
            Card(10, "Dead letters by reason", "Those that wait.", Place(x=16, y=20, w=8, h=8), EVER),
            ask_for.ask(DEAD_LETTERS, ask_for.COUNT, ask_for.by("reason"), query="state:waiting"),
            {"reason": "Reason", "Count": "Waiting"},
            {},
        ),
    )
