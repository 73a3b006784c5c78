"""The front door: one list, loaded lazily; faults a person can cure are one line and exit code 2."""

import subprocess
import sys

import click
import pytest

from dashboards.cli.main import COMMANDS, CURABLE, Listed, load_command
from pipeline.log.interface import LogUnavailable
from pipeline.settings import SettingError
from tests.dashboards.cli.conftest import Run


@pytest.mark.parametrize("listed", COMMANDS, ids=lambda listed: listed.name)
def test_every_listed_command_loads_says_what_it_is_and_takes_a_home(listed: Listed) -> None:
    command = load_command(listed)
    assert command.help
    assert any(parameter.name == "home" for parameter in command.params)


@pytest.mark.parametrize("listed", COMMANDS, ids=lambda listed: listed.name)
def test_every_listed_command_has_help(listed: Listed, run: Run) -> None:
    done = run(listed.name, "--help")
    assert done.exit_code == 0
    assert "--home" in done.output


def test_help_lists_every_command_and_imports_none() -> None:
    code = (
        "import sys\nfrom dashboards.cli.main import root\n"
        "try:\n    root(['--help'], prog_name='parapet')\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('processors', 'dashboards.console'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.rstrip().endswith("[]")
    assert [listed.name for listed in COMMANDS if f"  {listed.name}" not in said] == []


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    done = run("topolgy")
    assert done.exit_code == 2
    assert "No such command 'topolgy'" in done.output


@pytest.mark.parametrize("fault", [SettingError("PARAPET_X is wrong: give y"), LogUnavailable("the log is away")])
def test_a_curable_fault_is_one_line(fault: Exception, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise fault

    monkeypatch.setattr("dashboards.cli.main.load_command", lambda _listed: command)
    done = run("check")
    assert isinstance(fault, CURABLE)
    assert (done.exit_code, done.output) == (2, f"parapet: {fault}\n")


def test_a_setting_nobody_knows_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPET_COUNCLI_NAME", "Ellenford")
    done = run("users", "list")
    assert done.exit_code == 2
    assert done.output.startswith("parapet: PARAPET_COUNCLI_NAME is not a setting")


def test_a_fault_of_ours_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def command() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("dashboards.cli.main.load_command", lambda _listed: command)
    assert isinstance(run("check").exception, ZeroDivisionError)
