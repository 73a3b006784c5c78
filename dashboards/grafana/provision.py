"""Writes Grafana's provisioning files from the same code that `parapet grafana publish` sends, for docker-compose.

Beside the flow. Committed under `infra/provisioning/grafana`; a test holds them against this module. Files hold no
password: Grafana puts `$ELASTIC_PASSWORD` in from its own environment.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dashboards.grafana.incidents import Silence, incidents_dashboard
from dashboards.grafana.model import DataSource, as_json
from dashboards.grafana.sources import Reach, data_sources

DASHBOARDS_IN_CONTAINER = "/etc/grafana/provisioning/dashboards"
COMPOSE = Reach(url="http://elasticsearch:9200", user="elastic", password="$ELASTIC_PASSWORD")  # noqa: S106
"""How Grafana reaches Elasticsearch in docker-compose.yml; the password is a name that Grafana fills in."""
DATA_SOURCES_FILE = Path("datasources/parapet.yaml")
PROVIDER_FILE = Path("dashboards/parapet.yaml")
DASHBOARD_FILE = Path("dashboards/incidents.json")
_NOTE = "Written by `parapet grafana provision`; change dashboards/grafana/ instead."


def provisioning_files(reach: Reach, silence: Silence) -> Mapping[Path, str]:
    """Return the text of each file by its path under Grafana's provisioning folder. JSON is YAML, so all is JSON."""
    sources = [_provisioned(source) for source in data_sources(reach)]
    provider = {
        "name": "parapet",
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "options": {"path": DASHBOARDS_IN_CONTAINER},
    }
    return {
        DATA_SOURCES_FILE: _yaml({"apiVersion": 1, "datasources": sources}),
        PROVIDER_FILE: _yaml({"apiVersion": 1, "providers": [provider]}),
        DASHBOARD_FILE: _pretty(as_json(incidents_dashboard(silence))),
    }


def write_provisioning(folder: Path, files: Mapping[Path, str]) -> list[Path]:
    """Write the files under a folder, making it where it is not there; return their paths."""
    written = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _provisioned(source: DataSource) -> dict[str, object]:
    return as_json(source) | {"editable": False}


def _yaml(value: object) -> str:
    return f"# {_NOTE}\n{_pretty(value)}"


def _pretty(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
