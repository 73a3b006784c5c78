"""Publishing against a server that speaks Grafana's API: what is sent, what is refused, and what each fault says."""

import socket
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from click.testing import CliRunner

from dashboards.cli.grafana import command
from dashboards.grafana.incidents import UID, Silence, incidents_dashboard
from dashboards.grafana.publish import Outcome, Publisher, PublishError
from dashboards.grafana.sources import Reach, data_sources
from tests.dashboards.grafana.fake import TOKEN, FakeGrafana, grafana

REACH = Reach(url="http://search:9200")
DASHBOARD = incidents_dashboard(Silence())


@pytest.fixture
def server() -> Iterator[FakeGrafana]:
    with grafana() as running:
        yield running


def publish_all(server: FakeGrafana, reach: Reach = REACH, *, overwrite: bool = False) -> list[Outcome]:
    with Publisher(server.address, TOKEN, overwrite=overwrite) as publisher:
        done = [publisher.data_source(source) for source in data_sources(reach)]
        done.append(publisher.dashboard(DASHBOARD, "parapet of the tests"))
    return [one.outcome for one in done]


def test_first_publishing_creates_everything(server: FakeGrafana) -> None:
    assert publish_all(server) == [Outcome.CREATED] * 4
    assert server.data_sources["parapet-incidents"]["jsonData"]["index"] == "parapet-incidents"
    assert server.data_sources["parapet-sources"]["type"] == "elasticsearch"
    assert server.data_sources["parapet-sources"]["access"] == "proxy"
    assert len(server.dashboards[UID]["panels"]) == len(DASHBOARD.panels)
    assert server.messages == ["parapet of the tests"]


def test_publishing_again_changes_nothing(server: FakeGrafana) -> None:
    publish_all(server)
    server.requests.clear()
    assert publish_all(server) == [Outcome.UNCHANGED] * 4
    assert {method for method, _ in server.requests} == {"GET"}


def test_a_new_address_updates_data_sources_by_uid(server: FakeGrafana) -> None:
    publish_all(server)
    elsewhere = Reach(url="http://elsewhere:9200", index_prefix="other")
    assert publish_all(server, elsewhere) == [*[Outcome.UPDATED] * 3, Outcome.UNCHANGED]
    assert server.data_sources["parapet-incidents"]["url"] == "http://elsewhere:9200"
    assert server.data_sources["parapet-incidents"]["jsonData"]["index"] == "other-incidents"


def test_a_password_travels_as_a_secret_only(server: FakeGrafana) -> None:
    publish_all(server, Reach(url="http://search:9200", user="elastic", password="hush"))
    assert server.secrets["parapet-incidents"] == {"basicAuthPassword": "hush"}
    assert "hush" not in str(server.data_sources)
    assert server.data_sources["parapet-incidents"]["basicAuthUser"] == "elastic"


def test_what_somebody_changed_is_put_right_by_the_next_publishing(server: FakeGrafana) -> None:
    publish_all(server)
    server.saved_by_somebody(UID, title="Mine now")
    assert publish_all(server)[-1] == Outcome.UPDATED
    assert server.dashboards[UID]["title"] == DASHBOARD.title
    assert server.dashboards[UID]["version"] == 3


class SavedMeanwhile(FakeGrafana):
    """Somebody saves the dashboard between our reading and our writing."""

    def answer(self, method: str, path: str, body: dict[str, object]) -> tuple[HTTPStatus, dict[str, object]]:
        answered = super().answer(method, path, body)
        if method == "GET" and path.startswith("/api/dashboards/uid/") and answered[0] is HTTPStatus.OK:
            self.saved_by_somebody(UID, title="Mine now")
        return answered


@pytest.mark.parametrize(("overwrite", "title"), [(False, "Mine now"), (True, DASHBOARD.title)])
def test_a_save_meanwhile_is_a_conflict_unless_overwritten(server: FakeGrafana, overwrite: bool, title: str) -> None:
    publish_all(server)
    server.saved_by_somebody(UID, title="An older change")
    server.__class__ = SavedMeanwhile
    if overwrite:
        publish_all(server, overwrite=True)
    else:
        with pytest.raises(PublishError, match=r"412.*--overwrite"):
            publish_all(server)
    assert server.dashboards[UID]["title"] == title


def test_a_provisioned_dashboard_is_left_alone(server: FakeGrafana) -> None:
    server.provisioned.add(UID)
    with pytest.raises(PublishError, match="publish, or provision, not both"):
        publish_all(server)


def test_a_name_already_taken_is_a_conflict(server: FakeGrafana) -> None:
    server.data_sources["somebody-elses"] = {"name": "Parapet incidents"}
    with pytest.raises(PublishError, match=r"409.*rename or delete"):
        publish_all(server)


@pytest.mark.parametrize(
    ("status", "cure"), [(HTTPStatus.FORBIDDEN, "role Admin"), (HTTPStatus.BAD_GATEWAY, "Grafana's own log")]
)
def test_a_refusal_names_its_cure(server: FakeGrafana, status: HTTPStatus, cure: str) -> None:
    server.fail_with = status
    with pytest.raises(PublishError, match=cure):
        publish_all(server)


def test_a_wrong_token_says_so(server: FakeGrafana) -> None:
    with Publisher(server.address, "wrong") as publisher, pytest.raises(PublishError, match="GRAFANA_TOKEN is wrong"):
        publisher.dashboard(DASHBOARD, "x")
    assert server.requests == []


def test_grafana_under_a_path_is_reached() -> None:
    with grafana("/stats") as server:
        assert publish_all(server) == [Outcome.CREATED] * 4


def test_nobody_listening_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        Publisher(f"http://127.0.0.1:{port}", TOKEN) as publisher,
        pytest.raises(PublishError, match="cannot be reached"),
    ):
        publisher.dashboard(DASHBOARD, "x")


@pytest.mark.parametrize(
    ("address", "token", "named"),
    [
        ("", TOKEN, "PARAPET_GRAFANA_URL"),
        ("grafana:3000", TOKEN, "PARAPET_GRAFANA_URL"),
        ("http://h", "", "PARAPET_GRAFANA_TOKEN"),
    ],
)
def test_missing_settings_are_named(address: str, token: str, named: str) -> None:
    with pytest.raises(PublishError, match=named):
        Publisher(address, token)


def test_the_command_publishes_and_reports(server: FakeGrafana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAPET_GRAFANA_URL", server.address)
    monkeypatch.setenv("PARAPET_GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("PARAPET_ELASTICSEARCH", "http://elastic:hu%40sh@search:9200")
    done = CliRunner().invoke(command, ["publish"])
    assert done.exit_code == 0, done.output
    assert done.output.count("created: ") == 4
    assert server.data_sources["parapet-incidents"]["url"] == "http://search:9200"
    assert server.secrets["parapet-incidents"] == {"basicAuthPassword": "hu@sh"}


@pytest.mark.parametrize("missing", ["PARAPET_GRAFANA_URL", "PARAPET_GRAFANA_TOKEN", "PARAPET_ELASTICSEARCH"])
def test_the_command_names_a_missing_setting(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PARAPET_GRAFANA_URL": "http://grafana:3000",
        "PARAPET_GRAFANA_TOKEN": TOKEN,
        "PARAPET_ELASTICSEARCH": "http://search:9200",
    }.items():
        monkeypatch.setenv(name, "" if name == missing else value)
    done = CliRunner().invoke(command, ["publish"])
    assert done.exit_code == 1
    assert missing in done.output
