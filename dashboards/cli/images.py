"""`parapet images`: registers the hashes of logos and profile pictures, and says what would be read in a picture.

Beside the flow. Only a perceptual hash of the whole picture goes into the register; no face is ever recognised.
"""

from pathlib import Path
from typing import Any

import click
import msgspec

from dashboards.cli.homes import read_registers, write_registers
from dashboards.cli.places import registers_folder
from pipeline.images import ocr
from pipeline.images.likeness import hash_of
from pipeline.images.logos import logo_in
from pipeline.images.picture import ImageRefused, Limits, opened
from pipeline.registers.load import load_registers
from pipeline.settings import Settings, load

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="images")
def command() -> None:
    """Pictures: register a logo or a profile picture by its hash, try what would be read."""


@command.command(name="add-logo")
@click.option("--logo", required=True, help="Id of the logo in the council register, such as logo-crest.")
@click.argument("file", type=_FILE)
def add_logo(*, logo: str, file: Path) -> None:
    """Register the hash of a logo's file. Add each variant (in colour, in white on dark) as a file of its own."""
    settings = load()
    council = _read(settings, "council")
    found = next((one for one in council.get("logos", []) if one["id"] == logo), None)
    if found is None:
        known = ", ".join(one["id"] for one in council.get("logos", [])) or "none"
        raise click.ClickException(f"there is no logo {logo} in council.json (there: {known}): enter it there first")
    _add(found, "hashes", file)
    _write(settings, "council", council)
    click.echo(f"{logo}: {len(found['hashes'])} registered")


@command.command(name="add-picture")
@click.option("--councillor", help="Id of the councillor; without it, the picture is the Council's own.")
@click.argument("file", type=_FILE)
def add_picture(*, councillor: str | None, file: Path) -> None:
    """Register the hash of a profile picture, so that a copy of it on another account is a sign of impersonation."""
    settings = load()
    name = "council" if councillor is None else "councillors"
    content = _read(settings, name)
    if councillor is None:
        entry: dict[str, Any] | None = content
    else:
        entry = next((one for one in content["councillors"] if one["id"] == councillor), None)
    if entry is None:
        raise click.ClickException(f"there is no councillor {councillor} in councillors.json")
    _add(entry, "picture_hashes", file)
    _write(settings, name, content)
    click.echo(f"{councillor or 'the Council'}: {len(entry['picture_hashes'])} registered")


@command.command(name="read")
@click.argument("file", type=_FILE)
def read(*, file: Path) -> None:
    """Print the text and the registered logo that would be found in a picture, or why it would not be read."""
    settings = load()
    limits = Limits(settings.number("image_max_bytes"), settings.number("image_max_pixels"))
    try:
        picture = opened(file.read_bytes(), limits)
        match = logo_in(picture, load_registers(registers_folder(settings)).council.logos)
        click.echo(f"logo: {match.name}, likeness {match.score:.2f}" if match else "logo: none")
        click.echo(ocr.text_in(picture, limits.seconds) or "text: none")
    except ImageRefused as error:
        raise click.ClickException(f"{file.name}: not read: {error}") from error


def _add(entry: dict[str, Any], field: str, file: Path) -> None:
    try:
        found = hash_of(opened(file.read_bytes(), Limits()))
    except ImageRefused as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if not found:
        raise click.ClickException(f"{file.name}: it shows nothing but one shade: give the picture itself")
    entry[field] = list(dict.fromkeys([*entry.get(field, []), found]))


def _read(settings: Settings, name: str) -> Any:
    load_registers(registers_folder(settings))
    return msgspec.json.decode(read_registers(registers_folder(settings))[name])


def _write(settings: Settings, name: str, content: Any) -> None:
    files = read_registers(registers_folder(settings))
    write_registers(settings.home, {**files, name: msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"})
