"""`parapet init`: what it writes, what it keeps, what it refuses; a test alert reaches a real SMTP server."""

import stat
from pathlib import Path

import msgspec
import pytest

from pipeline.registers.load import load_registers
from pipeline.settings import load, read_env_file
from pipeline.sources.signature import keys_of
from tests.dashboards.cli.conftest import Run
from tests.processors.notify.mail_server import MailServer


def test_the_example_is_installed_whole(installed: Path, run: Run) -> None:
    loaded = load_registers(installed / "registers")
    assert (loaded.council.short_name, len(loaded.councillors)) == ("Ellenford", 8)
    assert "boss  The Boss  [admin" in run("users", "list").output


def test_secrets_are_made_and_kept_to_the_owner(installed: Path) -> None:
    file = installed / "parapet.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(installed.stat().st_mode) == 0o700
    pairs = read_env_file(file)
    assert len(keys_of(pairs["PARAPET_WEBHOOK_SECRETS"])[0]) == 32
    assert pairs["PARAPET_WEBHOOK_SECRETS"] != pairs["PARAPET_ALERT_WEBHOOK_SECRET"]
    assert len(pairs["ELASTIC_PASSWORD"]) > 20


def test_doing_it_again_keeps_what_is_there(installed: Path, run: Run) -> None:
    before = (installed / "parapet.env").read_text()
    done = run("init", "--set", "late_hours=12")
    assert done.exit_code == 0, done.output
    assert (installed / "parapet.env").read_text() == before + "PARAPET_LATE_HOURS=12\n"
    assert "one-time password" not in done.output
    assert load().number("late_hours") == 12


def test_registers_there_are_never_replaced(installed: Path, run: Run) -> None:
    done = run("init", "--example")
    assert done.exit_code == 2
    assert "holds registers already" in done.output


def test_it_asks_for_what_was_not_said(run: Run, home: Path, tmp_path: Path) -> None:
    assert run("init", "--templates", str(tmp_path / "csv")).exit_code == 0
    (tmp_path / "csv" / "recipients.csv").unlink()
    answers = "comms@ellenford.example\nmo@ellenford.example\nanna\nAnna Orchard\n"
    done = run("init", "--registers", str(tmp_path / "csv"), said=answers)
    assert done.exit_code == 0, done.output
    told = load_registers(home / "registers").recipients
    assert [(one.role.value, one.address) for one in told] == [
        ("communications_team", "comms@ellenford.example"),
        ("monitoring_officer", "mo@ellenford.example"),
    ]
    assert "anna  Anna Orchard" in run("users", "list").output


FAULTS = [
    (("init",), "say which registers"),
    (("init", "--example", "--set", "colour=red"), "colour is not a setting"),
    (("init", "--example", "--set", "colour"), "write NAME=VALUE"),
    (("init", "--example", "--recipient", "mayor=a@b.example"), "the roles are"),
    (("init", "--example", "--recipient", "service_head=nobody"), "address is no e-mail address"),
]


@pytest.mark.parametrize(("words", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_cannot_be_used_is_refused_and_leaves_nothing(
    words: tuple[str, ...], said: str, run: Run, home: Path
) -> None:
    done = run(*words, "--admin", "boss", "--admin-name", "B")
    assert (done.exit_code, said in done.output) == (2, True), done.output
    assert not (home / "registers").exists()


def test_a_fault_in_csv_names_file_line_and_column(run: Run, tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "csv"
    run("init", "--templates", str(folder))
    text = (folder / "calendar.csv").read_text().replace(",120,", ",two hours,")
    (folder / "calendar.csv").write_text(text)
    done = run("init", "--registers", str(folder), "--admin", "boss", "--admin-name", "B")
    assert done.exit_code == 2
    assert "calendar.csv, line 2" in done.output
    assert "minutes" in done.output


def test_without_a_mail_server_it_says_that_alerts_wait(run: Run) -> None:
    done = run("init", "--example", "--admin", "boss", "--admin-name", "B")
    assert "alerts will wait in the outbox" in done.output


def test_a_test_alert_is_sent_to_everybody_in_the_register(run: Run) -> None:
    with MailServer() as server:
        mail = ("--set", "smtp_host=127.0.0.1", "--set", f"smtp_port={server.port}")
        done = run("init", "--example", "--admin", "boss", "--admin-name", "B", *mail)
    assert done.exit_code == 0, done.output
    assert done.output.count(": sent") == len(server.messages) == 5
    assert "communications.duty@ellenford.example" in [message["To"] for message in server.messages]


def test_a_mail_server_that_is_away_is_no_reason_to_stop(run: Run) -> None:
    with MailServer() as server:
        mail = ("--set", "smtp_host=127.0.0.1", "--set", f"smtp_port={server.port}")
    done = run("init", "--example", "--admin", "boss", "--admin-name", "B", *mail)
    assert done.exit_code == 0
    assert done.output.count("mail server cannot be reached") == 5


def test_recipients_given_are_added_to_the_registers(run: Run, home: Path) -> None:
    words = ("--recipient", "returning_officer=ro@ellenford.example")
    run("init", "--example", "--admin", "boss", "--admin-name", "B", *words)
    rows = msgspec.json.decode((home / "registers" / "recipients.json").read_bytes())
    assert [row["address"] for row in rows if row["role"] == "returning_officer"] == ["ro@ellenford.example"]
