"""A home folder of the example borough for the benchmark, and the environment that points every process at it."""

import os
import shutil
from pathlib import Path

from dashboards.cli.places import REGISTERS_FOLDER
from dashboards.demo import REGISTERS
from infra.engines.running import free_port
from pipeline.settings import PREFIX, Settings, load


def make_home(folder: Path) -> Path:
    """Return a home folder made in `folder`, with the example borough's registers in it and nothing else."""
    home = folder / "home"
    shutil.copytree(REGISTERS, home / REGISTERS_FOLDER)
    return home


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Return this process's environment without its settings, with the home, free ports and the settings given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    ports = {"console_port": str(free_port()), "webhook_port": str(free_port())}
    ours = {"home": str(home)} | ports | settings
    return plain | {PREFIX + name.upper(): value for name, value in ours.items()}


def settings_in(environment: dict[str, str]) -> Settings:
    """Return the settings a process with that environment has."""
    return load(environment)
