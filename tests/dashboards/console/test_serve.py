"""Where the console may listen, and that its parts are checked before it starts."""

import re
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from dashboards.console import templating
from dashboards.console.app import build_app
from dashboards.console.build import FRONTEND, OLDEST_NODE, BuildError, carried_node, fingerprint
from dashboards.console.serve import check_listen
from dashboards.console.templating import HERE, NotBuilt, make_templates
from pipeline.settings import SettingError
from tests.builders import some_settings
from tests.dashboards.console.place import PASSWORD, Place
from tests.dashboards.console.served import served

BUILT = HERE / "static" / "build"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_loopback_needs_no_tls(tmp_path: Path, host: str) -> None:
    check_listen(some_settings(tmp_path, {"console_host": host}))


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "::", "parapet.example", ""])
def test_anything_else_needs_tls(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingError, match="PARAPET_CONSOLE_HOST"):
        check_listen(some_settings(tmp_path, {"console_host": host}))
    for name in ("certificate.pem", "key.pem"):
        (tmp_path / name).write_text("pem")
    files = {"tls_certificate": str(tmp_path / "certificate.pem"), "tls_key": str(tmp_path / "key.pem")}
    check_listen(some_settings(tmp_path, {"console_host": host, **files}))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"tls_certificate": "here.pem"}, "PARAPET_TLS_KEY is empty"),
        ({"tls_key": "here.pem"}, "PARAPET_TLS_CERTIFICATE is empty"),
        ({"tls_certificate": "/nowhere/a.pem", "tls_key": "/nowhere/b.pem"}, "PARAPET_TLS_CERTIFICATE"),
    ],
)
def test_half_of_tls_is_refused(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=named):
        check_listen(some_settings(tmp_path, changes))


def test_a_bad_colour_is_refused_before_it_starts(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.parts.settings.values["council_colour"] = "green"  # type: ignore[index]
    with pytest.raises(SettingError, match="PARAPET_COUNCIL_COLOUR"):
        build_app(place.parts)
    place.close()


def test_a_missing_style_sheet_says_how_to_build_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templating, "BUILT", tmp_path)
    with pytest.raises(NotBuilt, match=r"dashboards\.console\.build"):
        make_templates()


def test_the_councils_own_guidance_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "guidance.toml").write_text(
        'version = "own 1"\n[[paragraph]]\nid = "1"\ntitle = "T"\nmode = "info"\nwording = "W"\n'
    )
    place = Place(tmp_path)
    assert place.app.state.desk.guidance.version == "own 1"
    place.close()


def test_the_lock_file_names_no_registry() -> None:
    text = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert {"npmjs.org", "registry"} & set(re.findall(r"npmjs\.org|registry", text)) == set()
    assert '"node_modules/govuk-frontend"' in text


def test_the_style_sheet_is_the_councils_not_govuks() -> None:
    css = (BUILT / "console.css").read_text(encoding="utf-8").lower()
    for unwanted in ("gds transport", "@font-face", "crown", "crest", "url("):
        assert unwanted not in css
    assert "arial,sans-serif" in css.replace(", ", ",")


def test_the_node_that_pypi_carries_starts_with_its_npm(tmp_path: Path) -> None:
    node = carried_node()
    version = node.run([*node.node, "--version"], tmp_path)
    assert int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE[0]
    assert node.run([*node.npm, "--version"], tmp_path).strip().count(".") == 2
    with pytest.raises(BuildError, match="npm-cli"):
        node.run([*node.npm, "no-such-command"], tmp_path)


def test_the_build_is_up_to_date_with_its_sources() -> None:
    assert (BUILT / "made-from.txt").read_text(encoding="utf-8") == fingerprint()


def test_an_open_stream_ends_cleanly_when_the_console_stops(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.add("communications_officer")
    with httpx2.Client() as client, ExitStack() as streams:
        with served(place) as url:
            form = client.get(f"{url}/sign-in").text
            token = form.split('name="csrf" value="')[1].split('"')[0]
            sent = {"csrf": token, "username": "sam", "password": PASSWORD}
            assert client.post(f"{url}/sign-in", data=sent, headers={"origin": url}).status_code == 303
            stream = streams.enter_context(client.stream("GET", f"{url}/live/feed", timeout=30))
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
        assert ": the console is stopping" in list(lines)
    place.close()
