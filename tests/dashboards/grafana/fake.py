"""A small Grafana that speaks the part of the real one's HTTP API that publishing uses, on a thread and a free port.

As Grafana 13 does: bearer token, data sources by uid only (routes by number are off), version check on dashboards.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "glsa_of_the_tests"

Answer = tuple[HTTPStatus, dict[str, Any]]


@dataclass
class FakeGrafana:
    """What a Grafana holds, and every request it was sent as (method, path)."""

    address: str = ""
    data_sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    dashboards: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    provisioned: set[str] = field(default_factory=set)
    prefix: str = ""
    fail_with: HTTPStatus | None = None
    requests: list[tuple[str, str]] = field(default_factory=list)

    def saved_by_somebody(self, uid: str, **changes: Any) -> None:
        """Somebody saves a dashboard in the browser."""
        held = self.dashboards[uid]
        self.dashboards[uid] = held | changes | {"version": held["version"] + 1}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        self.requests.append((method, path))
        if self.fail_with is not None:
            return self.fail_with, {"message": self.fail_with.phrase}
        kind, _, uid = path.rpartition("/uid/")
        match method, kind or path:
            case "GET", "/api/datasources":
                done = _found(self.data_sources.get(uid), "Data source not found")
            case "POST", "/api/datasources":
                done = self._create_source(body)
            case "PUT", "/api/datasources":
                done = self._update_source(uid, body)
            case "GET", "/api/dashboards":
                held = self.dashboards.get(uid)
                done = _found(None if held is None else {"dashboard": held, "meta": {}}, "Dashboard not found")
            case "POST", "/api/dashboards/db":
                done = self._save_dashboard(body)
            case _:
                done = HTTPStatus.NOT_FOUND, {"message": "Not found"}
        return done

    def _create_source(self, body: dict[str, Any]) -> Answer:
        if body["uid"] in self.data_sources or body["name"] in {one["name"] for one in self.data_sources.values()}:
            return HTTPStatus.CONFLICT, {"message": "data source with the same name already exists"}
        self._keep_source(body["uid"], body)
        return HTTPStatus.OK, {"message": "Datasource added", "name": body["name"]}

    def _update_source(self, uid: str, body: dict[str, Any]) -> Answer:
        if uid not in self.data_sources:
            return HTTPStatus.NOT_FOUND, {"message": "Data source not found"}
        self._keep_source(uid, body)
        return HTTPStatus.OK, {"message": "Datasource updated", "name": body["name"]}

    def _keep_source(self, uid: str, body: dict[str, Any]) -> None:
        """Grafana gives secrets back to nobody: it says only which are set."""
        secret = body.get("secureJsonData", {})
        shown = {name: value for name, value in body.items() if name != "secureJsonData"}
        self.secrets[uid] = self.secrets.get(uid, {}) | secret
        self.data_sources[uid] = shown | {
            "id": len(self.data_sources) + 1,
            "readOnly": False,
            "secureJsonFields": dict.fromkeys(self.secrets[uid], True),
        }

    def _save_dashboard(self, body: dict[str, Any]) -> Answer:
        made = body["dashboard"]
        uid = made["uid"]
        held = self.dashboards.get(uid)
        if uid in self.provisioned:
            return HTTPStatus.BAD_REQUEST, {"message": "Cannot save provisioned dashboard"}
        if held is not None and held["version"] != made["version"] and not body["overwrite"]:
            changed = {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
            return HTTPStatus.PRECONDITION_FAILED, changed
        version = 1 if held is None else held["version"] + 1
        self.dashboards[uid] = made | {"id": 7, "version": version}
        self.messages.append(body["message"])
        return HTTPStatus.OK, {"status": "success", "uid": uid, "id": 7, "version": version, "url": f"/d/{uid}/x"}


def _found(held: dict[str, Any] | None, otherwise: str) -> Answer:
    return (HTTPStatus.OK, held) if held is not None else (HTTPStatus.NOT_FOUND, {"message": otherwise})


@contextmanager
def grafana(prefix: str = "") -> Iterator[FakeGrafana]:
    """Run a fake Grafana, under a path prefix where one is given."""
    held = FakeGrafana(prefix=prefix)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"null") or {}
            status, answer = HTTPStatus.UNAUTHORIZED, {"message": "Invalid API key"}
            if self.headers.get("Authorization") == f"Bearer {TOKEN}":
                status, answer = held.answer(self.command, self.path.removeprefix(held.prefix), body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the names http.server calls

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    held.address = f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
