"""Listening: a taken port, a foreign address and a number that is none are said before anything starts."""

import socket
from collections.abc import Iterator

import pytest

from dashboards.cli.serving import address_of, listening
from pipeline.settings import SettingError, Settings, load


def settings(**values: str) -> Settings:
    return Settings({**load({}).values, **values})


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_free_port_is_listened_on() -> None:
    with listening(settings(console_port="0")) as at, socket.create_connection(at.getsockname()):
        pass


@pytest.mark.parametrize("part", ["console", "webhook"])
def test_a_taken_port_names_its_setting(taken: int, part: str) -> None:
    wanted = settings(**{f"{part}_port": str(taken)})
    with (
        pytest.raises(SettingError, match=f"127.0.0.1:{taken} is taken: set PARAPET_{part.upper()}_PORT"),
        listening(wanted, part),
    ):
        pass


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"console_port": "99999"}, "PARAPET_CONSOLE_PORT is 99999"),
        ({"console_port": "soon"}, "PARAPET_CONSOLE_PORT is 'soon'"),
        ({"console_host": "192.0.2.7", "console_port": "0"}, "correct PARAPET_CONSOLE_HOST"),
    ],
)
def test_what_cannot_be_listened_on_is_said(values: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said), listening(settings(**values)):
        pass


def test_the_address_is_one_to_open() -> None:
    assert address_of(settings(console_port="8430")) == "http://127.0.0.1:8430"
    assert address_of(settings(tls_certificate="a.pem", tls_key="b.pem")) == "https://127.0.0.1:8420"
