"""docker-compose.yml against the code: commands, ports, settings, partitions, versions. No Docker engine is asked."""

import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from dashboards.cli.homes import COMPOSE_SECRETS, write_settings
from dashboards.cli.main import COMMANDS, load_command
from dashboards.console.app import PAGES
from dashboards.console.serve import check_listen
from dashboards.grafana.provision import COMPOSE, DASHBOARDS_IN_CONTAINER
from infra.engines import elasticsearch, kafka
from pipeline.settings import PREFIX, TABLE, SettingError, Settings, load

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
ENGINES = ("kafka", "elasticsearch", "grafana")
OURS = ("worker", "ingest", "notify", "console")
TLS_FILES = ("tls_certificate", "tls_key")
DEFAULTS = {row.name: row.default for row in TABLE}


def environment_of(service: str) -> dict[str, str]:
    made: dict[str, str] = SERVICES[service].get("environment", {})
    return made


def settings_of(service: str) -> Settings:
    """The settings a service runs with, secrets being whatever the env file says."""
    plain = {
        name: re.sub(r"\$\{(\w+)(:[-?]([^}]*))?\}", r"\3", value) for name, value in environment_of(service).items()
    }
    return load(plain)


def test_the_services_are_those_of_the_runtime() -> None:
    assert set(SERVICES) == {*ENGINES, *OURS, "certificate"}


@pytest.mark.parametrize("service", OURS)
def test_a_service_runs_a_command_that_takes_its_words(service: str) -> None:
    name, *words = SERVICES[service]["command"]
    listed = next(one for one in COMMANDS if one.name == name)
    command = load_command(listed)
    with command.make_context(name, list(words)):
        pass
    assert service == name


@pytest.mark.parametrize("service", [*OURS, "certificate"])
def test_every_setting_is_in_the_table_and_readable(service: str) -> None:
    names = {name for name in environment_of(service) if name.startswith(PREFIX)}
    assert names <= {row.environment for row in TABLE}
    settings = settings_of(service)
    for row in TABLE:
        if row.kind is int:
            settings.number(row.name)
        if row.kind is bool:
            settings.flag(row.name)


@pytest.mark.parametrize("service", OURS)
def test_every_service_finds_log_and_store(service: str) -> None:
    settings = settings_of(service)
    assert settings.text("kafka") == "kafka:9092"
    assert settings.text("elasticsearch").endswith("@elasticsearch:9200")
    assert str(settings.home) == "/var/lib/parapet"


def test_ports_are_those_of_the_settings_and_on_loopback_only() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}
    ours = {f"127.0.0.1:{DEFAULTS[name]}:{DEFAULTS[name]}" for name in ("console_port", "webhook_port")}
    assert published == {*ours, "127.0.0.1:3000:3000"}
    assert settings_of("console").number("console_port") == int(DEFAULTS["console_port"])
    assert settings_of("ingest").number("webhook_port") == int(DEFAULTS["webhook_port"])
    assert settings_of("ingest").text("webhook_host") == "0.0.0.0"


def test_the_console_listens_beyond_loopback_only_with_tls() -> None:
    settings = settings_of("console")
    assert settings.text("console_host") == "0.0.0.0"
    assert settings.text("tls_certificate").startswith("/var/lib/parapet/tls/")
    assert settings.text("tls_key").startswith("/var/lib/parapet/tls/")
    assert settings.text("public_url").startswith("https://")
    script = SERVICES["certificate"]["command"][0]
    assert f"-out {settings.text('tls_certificate')}" in script
    assert f"-keyout {settings.text('tls_key')}" in script


def test_engines_are_those_that_the_tests_run_against() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{kafka.VERSION}"
    assert (
        SERVICES["elasticsearch"]["image"] == f"docker.elastic.co/elasticsearch/elasticsearch:{elasticsearch.VERSION}"
    )


@pytest.mark.parametrize("service", ENGINES)
def test_images_are_pinned_to_a_whole_version(service: str) -> None:
    assert re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+", SERVICES[service]["image"])


def test_topics_are_made_by_the_code_alone_with_the_same_partitions() -> None:
    broker = environment_of("kafka")
    assert broker["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    for service in OURS:
        assert settings_of(service).number("partitions") == int(broker["KAFKA_NUM_PARTITIONS"])
        assert settings_of(service).number("replication") == int(broker["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"])


def test_volumes_are_named_and_used() -> None:
    mounted = {volume.partition(":")[0] for service in ENGINES for volume in SERVICES[service]["volumes"]}
    assert {name for name in mounted if not name.startswith(".")} == set(FILE["volumes"])
    for service in OURS:
        assert SERVICES[service]["volumes"] == ["./parapet-home:/var/lib/parapet"]


def test_grafana_reads_the_committed_provisioning_files() -> None:
    target = "/etc/grafana/provisioning"
    assert f"./infra/provisioning/grafana:{target}:ro" in SERVICES["grafana"]["volumes"]
    assert (ROOT / "infra" / "provisioning" / "grafana" / "dashboards").is_dir()
    assert f"{target}/dashboards" == DASHBOARDS_IN_CONTAINER
    assert COMPOSE.url == "http://elasticsearch:9200"
    assert COMPOSE.password.removeprefix("$") in environment_of("grafana")


@pytest.mark.parametrize("service", [*ENGINES, *OURS])
def test_a_service_starts_again_and_says_how_it_is(service: str) -> None:
    assert SERVICES[service]["restart"] == "unless-stopped"
    check = SERVICES[service]["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= set(check)


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        ("worker", "('kafka', 9092)"),
        ("notify", "('kafka', 9092)"),
        ("ingest", "('127.0.0.1', 8421)"),
        ("console", "https://127.0.0.1:8420/health"),
    ],
)
def test_health_is_asked_where_the_service_listens_or_where_its_log_is(service: str, asked: str) -> None:
    words = SERVICES[service]["healthcheck"]["test"]
    assert words[:3] == ["CMD", "python", "-c"]
    compile(words[3], "healthcheck", "exec")
    assert asked in words[3]
    assert "/health" in {page.path for page in PAGES}


@pytest.mark.parametrize("service", OURS)
def test_a_service_of_ours_can_do_no_more_than_it_must(service: str) -> None:
    made = SERVICES[service]
    assert made["read_only"] is True
    assert made["cap_drop"] == ["ALL"]
    assert made["security_opt"] == ["no-new-privileges:true"]
    assert not made["user"].startswith(("0", "root"))
    assert "privileged" not in made


def test_what_a_service_waits_for_is_there_and_can_say_that_it_is_well() -> None:
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            condition = how["condition"]
            assert condition in {"service_healthy", "service_started", "service_completed_successfully"}
            assert condition != "service_healthy" or "healthcheck" in SERVICES[name]


def test_a_worker_and_the_alerts_do_not_wait_for_search() -> None:
    assert SERVICES["worker"]["depends_on"]["elasticsearch"]["condition"] == "service_started"
    assert "elasticsearch" not in SERVICES["notify"]["depends_on"]


def test_no_secret_stands_in_the_file() -> None:
    for service, made in SERVICES.items():
        for name, value in made.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name or "TOKEN" in name:
                assert value.startswith("${"), f"{service}: {name}"
    assert {made["env_file"][0] for made in (SERVICES[name] for name in OURS)} == {"parapet-home/parapet.env"}


def test_what_the_file_demands_is_what_init_writes(tmp_path: Path) -> None:
    demanded = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert demanded == set(COMPOSE_SECRETS)
    assert demanded <= set(write_settings(tmp_path, {}))


def test_commands_named_in_comments_exist() -> None:
    named = set(re.findall(r"parapet(?::[\d.]+)? (init|worker|ingest|notify|console)\b", TEXT))
    assert named <= {one.name for one in COMMANDS}
    assert isinstance(load_command(next(one for one in COMMANDS if one.name == "init")), click.Command)


def test_the_first_certificate_is_one_a_server_can_use_and_is_made_once(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here; the image has it")
    script = SERVICES["certificate"]["command"][0].replace("/var/lib/parapet", str(tmp_path))
    command = [*SERVICES["certificate"]["entrypoint"], script]
    subprocess.run(command, check=True, capture_output=True)
    made = (tmp_path / "tls" / "certificate.pem").read_bytes()
    subprocess.run(command, check=True, capture_output=True)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "tls/certificate.pem", tmp_path / "tls/key.pem")
    assert (tmp_path / "tls" / "certificate.pem").read_bytes() == made
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o077 == 0
    settings = settings_of("console")
    paths = {name: settings.text(name).replace("/var/lib/parapet", str(tmp_path)) for name in TLS_FILES}
    check_listen(Settings({**settings.values, **paths}))
    with pytest.raises(SettingError, match="without TLS"):
        check_listen(Settings({**settings.values, **dict.fromkeys(TLS_FILES, "")}))
