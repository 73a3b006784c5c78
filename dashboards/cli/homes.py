"""What a home folder is made of: registers, and the settings file with its secrets. Used by `init` and `run`.

Beside the flow. Registers are put together in a folder of their own, validated as a whole, and only then moved in.
"""

import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from dashboards.cli.places import ENV_FILE, REGISTERS_FOLDER
from dashboards.demo import REGISTERS as EXAMPLE
from pipeline.registers import fingerprints
from pipeline.registers.load import FILES, load_registers
from pipeline.registers.types import Recipient, Registers
from pipeline.settings import PREFIX, TABLE, SettingError, load, read_env_file

COMPOSE_SECRETS = ("ELASTIC_PASSWORD", "GRAFANA_ADMIN_PASSWORD")
"""What docker-compose.yml takes from the settings file besides Parapet's own."""

MOVING = ("topics", "calendar", "published", "authorisations", "consents")
"""Registers of the example whose times belong to its day, and move with it."""


def example_files(shift: timedelta = timedelta(0)) -> dict[str, bytes]:
    """Return the example borough's registers by name, with the times of its story moved by a shift."""
    files = {path.stem: path.read_bytes() for path in sorted(EXAMPLE.glob("*.json"))}
    for name in MOVING if shift else ():
        moved = _moved(msgspec.json.decode(files[name]), shift)
        files[name] = msgspec.json.format(msgspec.json.encode(moved), indent=1) + b"\n"
    return files


def _moved(value: object, shift: timedelta) -> object:
    if isinstance(value, list):
        return [_moved(one, shift) for one in value]
    if isinstance(value, dict):
        return {name: _moved(one, shift) for name, one in value.items()}
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and value[10:11] == "T":
        return (datetime.fromisoformat(value) + shift).isoformat()
    return value


def with_recipients(files: Mapping[str, bytes], extra: list[Recipient]) -> dict[str, bytes]:
    """Return the registers with recipients added; one with the same id is replaced."""
    kept: list[Recipient] = msgspec.json.decode(files.get("recipients", b"[]"), type=list[Recipient])
    added = {one.id for one in extra}
    whole = [one for one in kept if one.id not in added] + extra
    return {**files, "recipients": msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"}


def read_registers(folder: Path) -> dict[str, bytes]:
    """Return the JSON registers of a folder by name, as they stand; fingerprints belong to their home alone."""
    paths = {name: folder / f"{name}.json" for name in FILES if name != fingerprints.FILE}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def write_registers(home: Path, files: Mapping[str, bytes]) -> Registers:
    """Validate registers as a whole and put them into the home folder. Raises RegisterError, having changed nothing."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = home / REGISTERS_FOLDER
    made = Path(tempfile.mkdtemp(prefix="registers-", dir=home))
    try:
        for name, content in files.items():
            (made / f"{name}.json").write_bytes(content)
        loaded = load_registers(made)
        target.mkdir(mode=0o700, exist_ok=True)
        for path in sorted(made.iterdir()):
            path.replace(target / path.name)
    finally:
        shutil.rmtree(made)
    return loaded


def webhook_secret() -> str:
    """Return a new Standard Webhooks secret: 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def check_names(chosen: Mapping[str, str]) -> None:
    """Raise SettingError for a name that is no setting, or is the home folder itself."""
    unknown = sorted(set(chosen) - {row.name for row in TABLE if row.name != "home"})
    if unknown:
        raise SettingError(f"{unknown[0]} is not a setting: `parapet check --settings` lists them all")


def write_settings(home: Path, chosen: Mapping[str, str]) -> list[str]:
    """Write the home's settings file, readable by its owner only, and return the names in it, secrets included.

    Secrets are made where there are none yet; what stands in the file already is kept unless it is chosen anew.

    Raises:
        SettingError: a name that is no setting.
    """
    check_names(chosen)
    path = home / ENV_FILE
    made = {PREFIX + "WEBHOOK_SECRETS": webhook_secret(), PREFIX + "ALERT_WEBHOOK_SECRET": webhook_secret()}
    made |= {name: secrets.token_urlsafe(24) for name in COMPOSE_SECRETS}
    pairs = made | read_env_file(path) | {PREFIX + name.upper(): value for name, value in chosen.items()}
    lines = ["# Settings of this installation, secrets among them: keep it to yourself. All names: docs/settings.md"]
    lines += [f"{name}={value}" for name, value in pairs.items()]
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write("\n".join(lines) + "\n")
    load({}, home)
    return sorted(pairs)
