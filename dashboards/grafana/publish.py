"""Puts the dashboard and its data sources into a running Grafana, by uid, so that publishing twice changes nothing.

At the end of the flow; the only module that imports grafana_api. Data sources go by their uid routes: those by number
are off since Grafana 13. What somebody saved in Grafana meanwhile is overwritten only when asked for.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from grafana_api.grafana_api import GrafanaClientError, GrafanaException
from grafana_api.grafana_face import GrafanaFace

from dashboards.grafana.model import Dashboard, DataSource, as_json

NOT_FOUND = 404
CONFLICT = 409
PRECONDITION = 412
_ADDED_BY_SERVER = ("id", "version")


class PublishError(Exception):
    """Grafana did not take it; the message names what and the cure."""


class Outcome(StrEnum):
    """What publishing one thing did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Published:
    """One thing published: what it is, its uid, what was done."""

    kind: str
    uid: str
    outcome: Outcome


class Publisher:
    """A session with one Grafana; close it, or use it in a `with`."""

    def __init__(self, address: str, token: str, *, overwrite: bool = False, timeout: float = 10.0) -> None:
        """Take Grafana's address (http or https, a path prefix allowed) and a service account token (role Admin).

        Raises:
            PublishError: no usable address, or no token.
        """
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise PublishError(f"PARAPET_GRAFANA_URL is {address!r}: give Grafana's address, such as https://host:3000")
        if not token:
            raise PublishError("PARAPET_GRAFANA_TOKEN is empty: make a service account token in Grafana and set it")
        prefix = parts.path.strip("/")
        self._overwrite = overwrite
        self._address = address
        self._face = GrafanaFace(
            auth=token,
            host=parts.hostname,
            port=parts.port,
            url_path_prefix=f"{prefix}/" if prefix else "",
            protocol=parts.scheme,
            timeout=timeout,
        )

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release the connection; safe to call twice."""
        self._face.api.s.close()

    def data_source(self, source: DataSource) -> Published:
        """Create or update one data source. Raises PublishError."""
        made = as_json(source)
        what = f"data source {source.uid}"
        try:
            before = self._get(f"/datasources/uid/{source.uid}")
            if before is None:
                self._face.datasource.create_datasource(made)
                return Published("data source", source.uid, Outcome.CREATED)
            if _holds(before, made) and not source.secure_json_data:
                return Published("data source", source.uid, Outcome.UNCHANGED)
            self._face.datasource.update_datasource(f"uid/{source.uid}", made)
        except (GrafanaException, OSError) as error:
            raise self._explained(what, error) from error
        return Published("data source", source.uid, Outcome.UPDATED)

    def dashboard(self, dashboard: Dashboard, message: str) -> Published:
        """Create or update the dashboard; message goes into Grafana's version history. Raises PublishError."""
        made = as_json(dashboard)
        try:
            held = self._get(f"/dashboards/uid/{dashboard.uid}")
            before = None if held is None else held["dashboard"]
            if before is not None and _without(before) == made:
                return Published("dashboard", dashboard.uid, Outcome.UNCHANGED)
            versioned = made | {"id": None, "version": 0 if before is None else before["version"]}
            self._face.dashboard.update_dashboard(
                {"dashboard": versioned, "message": message, "overwrite": self._overwrite}
            )
        except (GrafanaException, OSError) as error:
            raise self._explained(f"dashboard {dashboard.uid}", error) from error
        return Published("dashboard", dashboard.uid, Outcome.CREATED if before is None else Outcome.UPDATED)

    def _get(self, path: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._face.api.GET(path)
        except GrafanaClientError as error:
            if error.status_code == NOT_FOUND:
                return None
            raise
        return found

    def _explained(self, what: str, error: Exception) -> PublishError:
        if not isinstance(error, GrafanaException):
            return PublishError(
                f"Grafana at {self._address} cannot be reached ({type(error).__name__}): is it running?"
            )
        cure = _CURES.get(error.status_code, "see Grafana's own log")
        return PublishError(f"Grafana refused {what} with {error.status_code} ({error.message}): {cure}")


_CURES = {
    400: "a provisioned dashboard cannot be saved over: publish, or provision, not both",
    401: "PARAPET_GRAFANA_TOKEN is wrong or has expired: make a new service account token",
    403: "the token's service account may not do this: give it the role Admin",
    CONFLICT: "another data source has this name: rename or delete it in Grafana",
    PRECONDITION: "somebody saved it meanwhile, or another dashboard has this title: publish again with --overwrite",
}


def _without(dashboard: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dashboard.items() if name not in _ADDED_BY_SERVER}


def _holds(before: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether Grafana's copy, which has more fields and gives no secret back, already says all that we say."""
    return all(before.get(name) == value for name, value in wanted.items() if name != "secureJsonData")
