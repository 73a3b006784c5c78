"""`parapet check`: each fault with a cure, none stops the next, exit 1 where there is one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.cli.check import CHECKS
from pipeline.settings import TABLE
from tests.dashboards.cli.conftest import Run
from tests.processors.notify.mail_server import MailServer
from tests.processors.rules.writing import a_rule, own_rules


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "console.css").write_text("/* a style sheet */", encoding="utf-8")
    monkeypatch.setattr("dashboards.cli.check.BUILT", folder)


@pytest.mark.usefixtures("built")
def test_an_example_installation_is_well(installed: Path, run: Run) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert done.output.count("ok     ") == len(CHECKS)
    assert "Ellenford Borough Council: 8 councillors" in done.output
    assert done.output.endswith("All is well.\n")
    assert "alerts wait in the outbox" in done.output


@pytest.mark.usefixtures("built")
def test_the_mail_server_is_asked_and_a_test_alert_sent(
    installed: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAPET_SMTP_HOST", "127.0.0.1")
    with MailServer() as server:
        monkeypatch.setenv("PARAPET_SMTP_PORT", str(server.port))
        done = run("check", "--send-test")
        assert len(server.messages) == 5
    assert done.exit_code == 0, done.output
    assert f"127.0.0.1:{server.port} answers" in done.output
    away = run("check")
    assert away.exit_code == 1
    assert "mail server cannot be reached" in away.output


def drop_ward(home: Path) -> None:
    path = home / "registers" / "councillors.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"ward": "Quayside",', ""), encoding="utf-8")


def no_log(home: Path) -> None:
    (home / "log.db").write_bytes(b"this is no database, and was never one" * 40)


def no_months(home: Path) -> None:
    (home / "retention.toml").write_text('version = "ours"', encoding="utf-8")


FAULTS: list[tuple[dict[str, str], Callable[[Path], None] | None, str]] = [
    ({"PARAPET_LATE_HOURS": "a day"}, None, "FAULT  settings: PARAPET_LATE_HOURS is 'a day': give a whole number"),
    ({"PARAPET_SMTP_STARTTLS": "maybe"}, None, "FAULT  settings: PARAPET_SMTP_STARTTLS is 'maybe': give yes or no"),
    ({"PARAPET_CONSOLE_HOST": "0.0.0.0"}, None, "FAULT  listening: PARAPET_CONSOLE_HOST is '0.0.0.0'"),
    ({"PARAPET_COUNCIL_COLOUR": "blue"}, None, "FAULT  colour: PARAPET_COUNCIL_COLOUR is 'blue': give a colour"),
    ({"PARAPET_WEBHOOK_SECRETS": "hush"}, None, "FAULT  webhook: PARAPET_WEBHOOK_SECRETS holds no secret"),
    ({}, drop_ward, "FAULT  registers: councillors.json: Object missing required field `ward`"),
    ({}, no_months, "FAULT  retention: retention.toml: Object missing required field `months`"),
    ({}, no_log, "FAULT  log: "),
]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("values", "change", "said"), FAULTS, ids=[said[7:40] for *_, said in FAULTS])
def test_a_fault_is_said_with_its_cure_and_the_rest_goes_on(
    installed: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    values: dict[str, str],
    change: Callable[[Path], None] | None,
    said: str,
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    if change is not None:
        change(installed)
    done = run("check")
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert done.output.count("FAULT") == 1
    assert "ok     rules" in done.output
    assert done.output.endswith("1 fault.\n")


def test_nothing_set_up_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("dashboards.cli.check.BUILT", tmp_path / "not there")
    done = run("check")
    assert done.exit_code == 1
    assert "`parapet init` makes one" in done.output
    assert "python -m dashboards.console.build" in done.output
    assert "parapet users add" in done.output


def test_settings_are_listed_and_secrets_hidden(installed: Path, run: Run) -> None:
    done = run("check", "--settings")
    assert done.exit_code == 0
    assert [row.environment for row in TABLE if f"{row.environment}=" not in done.output] == []
    assert "whsec_" not in done.output.replace("(whsec_...)", "")
    assert "PARAPET_WEBHOOK_SECRETS=(hidden)" in done.output


SUPPRESSION = """[{{"ref": "SUP-9", "owner": "monitoring_officer", "reason": "a quiz team", "rules": ["{rule}"],
 "expires_at": "{expires}"}}]"""


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("rule", "expires", "code", "said"),
    [
        (
            "abuse.mild",
            "2026-01-31T23:59:00+00:00",
            0,
            "note   suppressions: suppressions.json: 'SUP-9' expired on 31",
        ),
        ("abuse.mild", "2999-01-31T23:59:00+00:00", 0, "ok     suppressions: 1 in force, 0 expired"),
        (
            "abuse.none",
            "2999-01-31T23:59:00+00:00",
            1,
            "FAULT  suppressions: suppressions.json: 'SUP-9': rules: ",
        ),
        ("course-of-conduct", "2999-01-31T23:59:00+00:00", 1, "counts what others found"),
    ],
)
def test_suppressions_are_looked_at(installed: Path, run: Run, rule: str, expires: str, code: int, said: str) -> None:
    path = installed / "registers" / "suppressions.json"
    path.write_text(SUPPRESSION.format(rule=rule, expires=expires), encoding="utf-8")
    done = run("check")
    assert (done.exit_code, said in done.output) == (code, True), done.output


@pytest.mark.usefixtures("built")
def test_a_fault_in_the_councils_own_rules_is_told_by_file_rule_and_field(installed: Path, run: Run) -> None:
    own_rules(installed / "rulebook", a_rule(id="own.heron", hit="A grey heron"))
    done = run("check")
    assert done.exit_code == 1
    assert "FAULT  rules: own.toml: rule 'own.heron': hits[1] is not found" in done.output
    own_rules(installed / "rulebook", a_rule(id="own.heron"))
    assert "1 of them the council's own" in run("check").output
