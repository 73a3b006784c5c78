"""One table of settings: name, default, help. Environment names, `--help` and docs/settings.md are made from it.

A setting `public_url` is read from PARAPET_PUBLIC_URL, else from the home folder's `parapet.env`, else its default.
Secrets are marked so and never printed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "PARAPET_"


class SettingError(ValueError):
    """A setting that cannot be used; the message names it and the cure."""


@dataclass(frozen=True)
class Setting:
    """One row of the table. kind is the Python type its text is read as; secret values are never shown."""

    name: str
    default: str
    help: str
    kind: type = str
    secret: bool = False

    @property
    def environment(self) -> str:
        """Return the environment variable's name."""
        return PREFIX + self.name.upper()


TABLE: tuple[Setting, ...] = (
    Setting("home", "parapet-home", "folder for registers, log, store, users and the audit log", Path),
    Setting("council_name", "", "council's name on every page; empty: the name in the council register"),
    Setting("council_colour", "#1d5c4b", "council's colour, as #rrggbb, for the console's header and links"),
    Setting("public_url", "http://127.0.0.1:8420", "address of the console as people reach it; links in alerts use it"),
    Setting("console_host", "127.0.0.1", "address the console listens on; anything but loopback needs TLS"),
    Setting("console_port", "8420", "port of the console", int),
    Setting("webhook_host", "127.0.0.1", "address the ingest webhook listens on"),
    Setting("webhook_port", "8421", "port of the ingest webhook", int),
    Setting("webhook_secrets", "", "ingest webhook secrets (whsec_...), comma between two in rotation", secret=True),
    Setting("webhook_max_bytes", "1048576", "largest body the ingest webhook takes, in bytes", int),
    Setting("image_max_bytes", "10485760", "largest picture that is read for text and logos, in bytes", int),
    Setting("image_max_pixels", "40000000", "most pixels of a picture that is read", int),
    Setting("image_seconds", "10", "longest that the pictures of one post are read, in seconds; 0: never", int),
    Setting("tls_certificate", "", "path of the console's TLS certificate (PEM)"),
    Setting("tls_key", "", "path of the console's TLS key (PEM)"),
    Setting("kafka", "", "Kafka bootstrap address for the services, host:port; empty: embedded log"),
    Setting("elasticsearch", "", "Elasticsearch address for the services; empty: embedded store"),
    Setting("topic_prefix", "", "put before every topic and group name, for replay and tests"),
    Setting("index_prefix", "parapet", "put before every index name"),
    Setting("partitions", "4", "partitions of each topic when it is created", int),
    Setting("replication", "1", "copies of each topic and index the cluster keeps", int),
    Setting("smtp_host", "", "mail server for alerts; empty: alerts wait in the outbox and the console says so"),
    Setting("smtp_port", "25", "port of the mail server", int),
    Setting("smtp_starttls", "no", "ask the mail server for TLS: yes or no", bool),
    Setting("smtp_user", "", "user name at the mail server"),
    Setting("smtp_password", "", "password at the mail server", secret=True),
    Setting("mail_from", "parapet@localhost", "sender of alert e-mails"),
    Setting("alert_webhook_url", "", "address that alerts are posted to, signed; empty: none"),
    Setting("alert_webhook_secret", "", "secret (whsec_...) that signs the alert webhook", secret=True),
    Setting("silence_amber_minutes", "10", "a source unheard for so long is amber on the live page", int),
    Setting("silence_red_minutes", "30", "a source unheard for so long is red on the live page", int),
    Setting("classifier", "builtin", "what scores the tone of posts: builtin, detoxify or off"),
    Setting("detoxify_model", "original-small", "Detoxify's model: original(-small), unbiased(-small), multilingual"),
    Setting("detoxify_folder", "", "folder with a Detoxify checkpoint, for use without internet; empty: its releases"),
    Setting("detoxify_device", "cpu", "where Detoxify computes: cpu, or cuda:0 for the first GPU"),
    Setting("incident_hours", "72", "an incident gathers what comes within so many hours of its last post", int),
    Setting("late_hours", "24", "what is older than this on arrival goes to the queue with one summary", int),
    Setting(
        "pile_on_authors", "5", "so many authors hostile to one person make a pile-on, if that is no usual day", int
    ),
    Setting("pile_on_hours", "24", "... within so many hours, counted by the times of their posts", int),
    Setting("pile_on_times_usual", "3", "... and so many times the authors of that person's own usual high day", int),
    Setting(
        "pile_on_usual_days", "28", "days before it that say what is usual; a usual high day comes once a week", int
    ),
    Setting("pile_on_high_times", "3", "a pile-on is high from so many times the authors that make it one", int),
    Setting("screen_longest", "100000", "longest text that is screened whole, in characters; longer is queued", int),
    Setting(
        "presume_official_capacity", "", "councillors' posts count as official (R.3): when and who said so; empty: no"
    ),
    Setting("worker_name", "", "unique name of this worker among its group; empty: host name and process id"),
    Setting("grafana_url", "", "address of Grafana for `parapet grafana publish`"),
    Setting("grafana_token", "", "service account token for Grafana", secret=True),
)


@dataclass(frozen=True)
class Settings:
    """Values by name, as text; read them typed with the accessors."""

    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a setting's text. KeyError for a name not in the table."""
        return self.values[name]

    def number(self, name: str) -> int:
        """Return a setting as a whole number. Raises SettingError naming it."""
        try:
            return int(self.values[name])
        except ValueError:
            raise SettingError(
                f"{PREFIX}{name.upper()} is {self.values[name]!r}: give a whole number, such as {_row(name).default}"
            ) from None

    def flag(self, name: str) -> bool:
        """Return a yes-or-no setting. Raises SettingError naming it."""
        value = self.values[name].strip().lower()
        if value in {"yes", "true", "1", "on"}:
            return True
        if value in {"no", "false", "0", "off", ""}:
            return False
        raise SettingError(f"{PREFIX}{name.upper()} is {self.values[name]!r}: give yes or no")

    @property
    def home(self) -> Path:
        """Return the folder everything of one installation lives in."""
        return Path(self.values["home"])


def _row(name: str) -> Setting:
    return next(row for row in TABLE if row.name == name)


def read_env_file(path: Path) -> dict[str, str]:
    """Return NAME=value lines of an env file; blank lines and # comments are skipped. Raises SettingError."""
    if not path.exists():
        return {}
    pairs: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator:
            raise SettingError(f"{path}, line {number}: write NAME=value")
        pairs[name.strip()] = value.strip().strip("'\"")
    return pairs


def load(environment: Mapping[str, str] | None = None, home: Path | None = None) -> Settings:
    """Return the settings: environment over the home folder's parapet.env over defaults.

    Raises:
        SettingError: a PARAPET_ variable that is in no row of the table, or an unreadable env file.
    """
    outside = dict(os.environ if environment is None else environment)
    if home is not None:
        outside[PREFIX + "HOME"] = str(home)
    folder = Path(outside.get(PREFIX + "HOME", _row("home").default))
    pairs = read_env_file(folder / "parapet.env") | {k: v for k, v in outside.items() if k.startswith(PREFIX)}
    known = {row.environment for row in TABLE}
    unknown = sorted(name for name in pairs if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingError(f"{unknown[0]} is not a setting: `parapet check --settings` lists them all")
    return Settings({row.name: pairs.get(row.environment, row.default) for row in TABLE})
