"""`parapet grafana`: publish the dashboard to a running Grafana, show it, or write provisioning files.

Beside the flow, for the engineer. Only `publish` needs the services extra and a Grafana.
"""

from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import click
import msgspec

from dashboards.grafana.incidents import Silence, incidents_dashboard
from dashboards.grafana.provision import COMPOSE, provisioning_files, write_provisioning
from dashboards.grafana.sources import Reach, data_sources
from pipeline.settings import Settings, load

PROVISIONING = Path("infra/provisioning/grafana")


@click.group(name="grafana")
def command() -> None:
    """Publish Parapet's dashboard and data sources to Grafana."""


@command.command()
@click.option("--overwrite", is_flag=True, help="Replace what somebody saved in Grafana meanwhile.")
@click.option(
    "--elasticsearch", "address", default=None, help="Elasticsearch as Grafana reaches it; else PARAPET_ELASTICSEARCH."
)
def publish(*, overwrite: bool, address: str | None) -> None:
    """Create or update the data sources and the dashboard; publishing twice changes nothing."""
    try:
        from dashboards.grafana.publish import Publisher, PublishError  # noqa: PLC0415 - needs the services extra
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'parapet[services]'") from error
    settings = load()
    reach = reach_of(settings, address or settings.text("elasticsearch"))
    try:
        with Publisher(settings.text("grafana_url"), settings.text("grafana_token"), overwrite=overwrite) as publisher:
            done = [publisher.data_source(source) for source in data_sources(reach)]
            done.append(publisher.dashboard(incidents_dashboard(_silence(settings)), f"parapet {version('parapet')}"))
    except PublishError as error:
        raise click.ClickException(str(error)) from error
    for one in done:
        click.echo(f"{one.outcome}: {one.kind} {one.uid}")


@command.command()
def show() -> None:
    """Print the dashboard's JSON, as it would be published."""
    made = msgspec.json.encode(incidents_dashboard(_silence(load())))
    click.echo(msgspec.json.format(made, indent=2))


@command.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=PROVISIONING, show_default=True)
def provision(folder: Path) -> None:
    """Write Grafana's provisioning files, as docker-compose.yml mounts them."""
    for path in write_provisioning(folder, provisioning_files(COMPOSE, Silence())):
        click.echo(str(path))


def reach_of(settings: Settings, address: str) -> Reach:
    """Return how Grafana reaches Elasticsearch; a user and password in the address go where Grafana keeps secrets.

    Raises:
        click.ClickException: no address.
    """
    if not address:
        raise click.ClickException("PARAPET_ELASTICSEARCH is empty: Grafana reads the services' Elasticsearch; set it")
    parts = urlsplit(address)
    bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Reach(url=bare, index_prefix=settings.text("index_prefix"), user=user, password=password)


def _silence(settings: Settings) -> Silence:
    return Silence(settings.number("silence_amber_minutes"), settings.number("silence_red_minutes"))
