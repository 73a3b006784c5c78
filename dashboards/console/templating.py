"""The templates: Jinja with escaping always on, GOV.UK Frontend's components as macros, and the console's words."""

from functools import lru_cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from dashboards.console import wording
from dashboards.console.build import BUILT
from dashboards.console.permissions import Permission
from dashboards.console.source_lines import recipient_name, source_name

HERE = Path(__file__).parent
COMPONENTS = "govuk_frontend_jinja"


class NotBuilt(RuntimeError):
    """The style sheet is missing; the message says how to build it."""


def asset_version() -> str:
    """Return what stands behind asset addresses so that a new build is fetched. Raises NotBuilt."""
    stamp = BUILT / "made-from.txt"
    if not stamp.exists():
        raise NotBuilt(
            "the console's style sheet is not built: run `make setup`, or `python -m dashboards.console.build`"
        )
    return stamp.read_text(encoding="utf-8")[:12]


def make_templates() -> Environment:
    """Return the environment every page is rendered in, one for the process: templates are compiled once.

    Raises NotBuilt.
    """
    return _templates(asset_version())


@lru_cache(maxsize=1)
def _templates(version: str) -> Environment:
    own = FileSystemLoader(HERE / "templates")
    components = PrefixLoader({COMPONENTS: PackageLoader(COMPONENTS)})
    environment = Environment(
        loader=ChoiceLoader([own, components]), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        wording=wording,
        Permission=Permission,
        asset_version=version,
        account_name=source_name,
        recipient_name=recipient_name,
    )
    return environment
