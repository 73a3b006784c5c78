"""A console really served, on a free port of loopback, and a real Chromium to look at it with."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from dashboards.console.serve import ConsoleServer
from tests.dashboards.console.place import Place

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path("build/console/node_modules/axe-core/axe.min.js")


def needed(path: str | None, what: str) -> str:
    """Return a path that is there; skip the test where it is not, or fail it in CI."""
    if path is not None and Path(path).exists():
        return path
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{what} is missing, and in CI a browser test is never skipped")
    pytest.skip(f"{what} is missing")


def axe_script() -> str:
    """Return axe-core as `python -m dashboards.console.build` installed it."""
    found = Path(__file__).parents[3] / AXE
    return Path(needed(str(found), "axe-core (python -m dashboards.console.build)")).read_text(encoding="utf-8")


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Run the machine's Chromium without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    program = needed(path, "Chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(place: Place) -> Iterator[str]:
    """Serve a console; yield its address. Ends cleanly, open streams and all."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(place.app, log_level="error", timeout_graceful_shutdown=5)
        server = ConsoleServer(config, place.app.state.desk.feed)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()
