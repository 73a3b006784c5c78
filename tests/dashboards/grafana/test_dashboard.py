"""The dashboard as code: panels hold codes only, ask known sources, do not overlap; committed files are current."""

import itertools
import json
import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from dashboards.cli.grafana import command
from dashboards.grafana.incidents import Silence, incidents_dashboard
from dashboards.grafana.model import Panel, Place
from dashboards.grafana.provision import COMPOSE, provisioning_files, write_provisioning
from dashboards.grafana.sources import INCIDENTS, Reach, data_sources
from pipeline.settings import load
from pipeline.store import elasticsearch_schema as schema

DASHBOARD = incidents_dashboard(Silence())
SOURCES = {source.uid: source for source in data_sources(Reach(url="http://search:9200"))}
COMMITTED = Path(__file__).parents[3] / "infra" / "provisioning" / "grafana"
CODES = {
    "level",
    "paragraph",
    "kind",
    "opened_at",
    "seconds_to_acknowledge",
    "state",
    "account",
    "platform",
    "last_received_at",
    "reason",
}
"""Everything a panel may group by, count or filter: no text, author, name or term."""


def fields_of(panel: Panel) -> set[str]:
    named: set[str] = set()
    for target in panel.targets:
        named |= {metric.field for metric in target.metrics if metric.field}
        named |= {bucket.field for bucket in target.bucket_aggs if bucket.field}
        queries = [target.query]
        for bucket in target.bucket_aggs:
            filters = bucket.settings.get("filters")
            queries += (
                [str(row["query"]) for row in filters if isinstance(row, dict)] if isinstance(filters, list) else []
            )
        for query in queries:
            named |= set(re.findall(r"(\w+):", query.replace("_exists_:", ""))) - {""}
            named |= set(re.findall(r"_exists_:(\w+)", query))
    return named


@pytest.mark.parametrize("panel", DASHBOARD.panels, ids=lambda panel: panel.title)
def test_a_panel_shows_codes_only(panel: Panel) -> None:
    assert fields_of(panel) <= CODES


@pytest.mark.parametrize("panel", DASHBOARD.panels, ids=lambda panel: panel.title)
def test_a_panel_uses_fields_the_index_holds_in_a_type_that_fits(panel: Panel) -> None:
    index = SOURCES[panel.datasource.uid].index.removeprefix("parapet-")
    held = {name: mapped["type"] for name, mapped in schema.PROPERTIES[index].items()}
    assert fields_of(panel) | {SOURCES[panel.datasource.uid].time_field} <= set(held)
    fitting = {"terms": {"keyword"}, "date_histogram": {"date"}, "max": {"date"}, "percentiles": {"double"}}
    buckets = [(one.field, one.type) for target in panel.targets for one in target.bucket_aggs]
    metrics = [(one.field, one.type) for target in panel.targets for one in target.metrics]
    for field, kind in buckets + metrics:
        if field:
            assert held[field] in fitting[kind]


@pytest.mark.parametrize("panel", [panel for panel in DASHBOARD.panels if panel.datasource == INCIDENTS])
def test_tests_of_the_chain_count_nowhere(panel: Panel) -> None:
    assert all("NOT kind:test" in target.query for target in panel.targets)


def test_every_thing_the_council_asked_to_see_has_a_panel() -> None:
    titles = {panel.title for panel in DASHBOARD.panels}
    assert {"Incidents by level", "Incidents by paragraph", "Open critical", "Time to acknowledge"} <= titles
    assert {"Silent sources", "When each source was last heard"} <= titles


@pytest.mark.parametrize("panel", DASHBOARD.panels, ids=lambda panel: panel.title)
def test_a_panel_asks_a_source_we_publish_and_states_ignore_the_time_range(panel: Panel) -> None:
    assert panel.datasource.uid in SOURCES
    assert {target.datasource for target in panel.targets} == {panel.datasource}
    assert (panel.time_from is None) == (panel.type == "timeseries" or panel.title.startswith("Time to acknowledge"))


def test_ids_are_unique_and_panels_do_not_overlap() -> None:
    assert len({panel.id for panel in DASHBOARD.panels}) == len(DASHBOARD.panels)
    for one, other in itertools.combinations([panel.grid_pos for panel in DASHBOARD.panels], 2):
        assert apart(one, other)
    assert all(panel.grid_pos.x + panel.grid_pos.w <= 24 for panel in DASHBOARD.panels)


def apart(one: Place, other: Place) -> bool:
    return (
        one.x + one.w <= other.x or other.x + other.w <= one.x or one.y + one.h <= other.y or other.y + other.h <= one.y
    )


def test_the_silence_of_the_settings_is_the_silence_of_the_panel() -> None:
    settings = load({})
    defaults = Silence(settings.number("silence_amber_minutes"), settings.number("silence_red_minutes"))
    assert defaults == Silence()
    text = msgspec.json.encode(incidents_dashboard(Silence(5, 45))).decode()
    assert "last_received_at:<now-5m" in text
    assert "last_received_at:<now-45m" in text


def test_committed_provisioning_files_are_what_the_code_writes() -> None:
    for name, text in provisioning_files(COMPOSE, Silence()).items():
        committed = (COMMITTED / name).read_text(encoding="utf-8")
        assert committed == text, f"{name} is stale: run `parapet grafana provision`"
    names = {path.relative_to(COMMITTED) for path in COMMITTED.rglob("*") if path.is_file()}
    assert names == set(provisioning_files(COMPOSE, Silence()))


def test_provisioning_and_publishing_say_the_same(tmp_path: Path) -> None:
    written = {
        path.name: path.read_text() for path in write_provisioning(tmp_path, provisioning_files(COMPOSE, Silence()))
    }
    shown = CliRunner().invoke(command, ["show"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(written["incidents.json"]) == json.loads(shown.output)
    assert "hush" not in "".join(written.values())


def test_the_command_writes_where_it_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["provision", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "dashboards" / "incidents.json").exists()
