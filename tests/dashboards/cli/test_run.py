"""`parapet run` as a process: it answers, ends at once and politely, and the next start goes on."""

import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from dashboards.cli.demo import SIGN_IN
from dashboards.cli.run import reachable
from pipeline.settings import Settings, load
from tests.dashboards.cli.conftest import Run
from tests.dashboards.cli.processes import Running, parapet


def sign_in(browser: httpx.Client, line: str) -> None:
    """Sign in with what was printed."""
    told = re.search(r"sign in as (\S+) with the password (\S+)", line)
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/sign-in").text)
    assert told is not None
    assert token is not None
    answer = browser.post("/sign-in", data={"csrf": token[1], "username": told[1], "password": told[2]})
    assert answer.status_code == 303, answer.text


def page_with(words: str, browser: httpx.Client) -> None:
    """Wait until the live page shows some words; fail after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if words in browser.get("/").text:
            return
        time.sleep(0.1)
    raise AssertionError(f"{words!r} never stood on the live page")


def test_it_answers_lets_no_second_in_and_ends_politely(tmp_path: Path) -> None:
    with parapet(tmp_path / "demo", "run", "--demo", "--speed", "1") as first:
        first.until("Console: http://127.0.0.1:")
        assert first.get("/health").status_code == 200
        with parapet(tmp_path / "demo", "run", "--demo") as second:
            second.until("parapet: another `parapet run` uses")
            assert second.process.wait(60) == 2
        port = first.address.rpartition(":")[2]
        with parapet(tmp_path / "two", "run", "--demo", PARAPET_CONSOLE_PORT=port) as third:
            said = third.until("is taken")
            assert said == f"parapet: 127.0.0.1:{port} is taken: set PARAPET_CONSOLE_PORT to a free port\n"
            assert third.process.wait(60) == 2
        assert_polite(first, signal.SIGINT)
        assert any("goes on at the next start" in line for line in first.said)


def assert_polite(running: Running, how: signal.Signals) -> None:
    """End it, and hold it to what it promises."""
    assert running.end(how) == 0
    assert "Traceback" not in "\n".join(running.said)


def test_the_demo_signs_in_shows_incidents_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with parapet(home, "run", "--demo", "--speed", "100") as running:
        running.until("Console: ")
        running.process.kill()
    with parapet(home, "run", "--demo", "--speed", "400") as running:
        line = running.until("Console: ")
        running.until("feed.jsonl is read to its end")
        with httpx.Client(base_url=running.address, headers={"origin": running.address}, timeout=60) as browser:
            sign_in(browser, line)
            page_with("SM-20", browser)
        assert_polite(running, signal.SIGTERM)
    password = (home / SIGN_IN).read_text(encoding="utf-8").strip()
    with parapet(home, "run", "--demo") as running:
        running.until("a fresh one begins")
        assert password in running.until("Console: ")


def test_the_console_of_the_services_runs_alone(installed: Path) -> None:
    with parapet(installed, "console") as running:
        running.until("Console: http://127.0.0.1:")
        assert running.get("/health").status_code == 200
        assert running.end(signal.SIGTERM) == 0


def test_the_demo_keeps_out_of_an_installation(installed: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPET_CONSOLE_PORT", "0")
    done = run("run", "--demo")
    assert done.exit_code == 2
    assert "give the demo a folder of its own" in done.output


@pytest.mark.parametrize("name", ["kafka", "elasticsearch"])
def test_the_settings_of_the_services_are_not_run_in_one_process(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PARAPET_{name.upper()}", "127.0.0.1:1")
    done = run("run")
    assert done.exit_code == 2
    assert f"PARAPET_{name.upper()} is set" in done.output


def test_links_follow_the_port_unless_they_were_set() -> None:
    plain = load({}).values
    moved = Settings({**plain, "console_port": "8430"})
    assert reachable(moved).text("public_url") == "http://127.0.0.1:8430"
    told = Settings({**moved.values, "public_url": "https://parapet.ellenford.example"})
    assert reachable(told).text("public_url") == "https://parapet.ellenford.example"
