"""The settings in words, from the one table: for `--help` and `parapet check --settings`. Beside the flow."""

import re

from pipeline.settings import TABLE, Setting, Settings

_HIDDEN = "(hidden)"
_PASSWORD_IN_ADDRESS = re.compile(r"//[^/@]*@")
"""docker-compose.yml gives Elasticsearch's user and password in its address."""
SETTINGS_EPILOG = "Settings come from the environment, else from parapet.env in the home folder.\n\n\b\n" + "\n".join(
    f"{row.environment:<31} {row.help}" for row in TABLE
)
"""What `--help` says of the settings. \b keeps click from wrapping the lines into one."""


def settings_lines(settings: Settings) -> list[str]:
    """Return every setting with its value as it stands, secrets hidden, and its help."""
    return [f"{row.environment}={_shown(row, settings)}\n    {row.help}" for row in TABLE]


def _shown(row: Setting, settings: Settings) -> str:
    value = settings.text(row.name)
    return _HIDDEN if row.secret and value else _PASSWORD_IN_ADDRESS.sub(f"//{_HIDDEN}@", value)
