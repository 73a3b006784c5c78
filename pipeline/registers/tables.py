"""Registers as CSV: read from the spreadsheets a council has, and written as templates for it to fill in.

Before the flow: `parapet init` turns CSV into the JSON that `pipeline.registers.load` reads. A cell holds a text; a
list has `;` between its entries, a list of lists `|` between the lists, and names with values are `name=value`. An
empty cell is a field that is not given. Columns nobody knows are left out, as fields nobody knows are.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from pipeline.registers.load import RegisterError
from pipeline.registers.suppressions import Suppression
from pipeline.registers.topic import ConfidentialTopic
from pipeline.registers.types import (
    Account,
    Authorisation,
    CalendarEntry,
    Consent,
    Council,
    Councillor,
    Logo,
    MediaOutlet,
    Officer,
    Published,
    Recipient,
    StopRequest,
    Takedown,
)


@dataclass(frozen=True)
class Table:
    """One CSV file: its name, what a row of it is, and whether there must be one."""

    name: str
    kind: type[msgspec.Struct]
    required: bool = False


TABLES: tuple[Table, ...] = (
    Table("council", Council, required=True),
    Table("logos", Logo),
    Table("councillors", Councillor, required=True),
    Table("officers", Officer),
    Table("accounts", Account, required=True),
    Table("topics", ConfidentialTopic),
    Table("authorisations", Authorisation),
    Table("consents", Consent),
    Table("media", MediaOutlet),
    Table("published", Published),
    Table("stop_requests", StopRequest),
    Table("takedowns", Takedown),
    Table("calendar", CalendarEntry),
    Table("recipients", Recipient),
    Table("suppressions", Suppression),
)

Rows = list[dict[str, Any]]


def columns(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the columns of a table with the type of each; what has a table of its own is no column."""
    fields = msgspec.structs.fields(kind)
    return {field.name: field.type for field in fields if field.type != tuple[Logo, ...]}


def registers_of(folder: Path) -> dict[str, bytes]:
    """Return the JSON files, by name without ending, that the CSV files of a folder stand for.

    Raises:
        RegisterError: naming file, line, column and cure; the rest is for `load_registers` to check.
    """
    problems: list[str] = []
    read = {table.name: list(_rows(folder, table, problems)) for table in TABLES}
    if problems:
        raise RegisterError(problems)
    if len(read["council"]) != 1:
        raise RegisterError([f"council.csv has {len(read['council'])} rows: give it one"])
    files: dict[str, Any] = {name: rows for name, rows in read.items() if name not in _JOINED}
    files["council"] = read["council"][0] | {"logos": read["logos"]}
    files["councillors"] = {"councillors": read["councillors"], "officers": read["officers"]}
    return {name: msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n" for name, value in files.items()}


_JOINED = {"council", "logos", "councillors", "officers"}
"""Tables that two and two become one file."""


def templates(files: Mapping[str, bytes], rows: int) -> dict[str, str]:
    """Return CSV texts by name, with the columns of every table and up to `rows` rows out of JSON registers."""
    given: dict[str, Any] = {name: msgspec.json.decode(value) for name, value in files.items()}
    council, people = given["council"], given["councillors"]
    found = given | {"council": [council], "logos": council.get("logos", [])}
    found |= {"councillors": people["councillors"], "officers": people["officers"]}
    return {table.name: _csv(table, found.get(table.name, [])[:rows]) for table in TABLES}


def _csv(table: Table, rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns(table.kind))
    writer.writerows([_cell(row.get(name)) for name in columns(table.kind)] for row in rows)
    return text.getvalue()


def _rows(folder: Path, table: Table, problems: list[str]) -> Iterator[dict[str, Any]]:
    path = folder / f"{table.name}.csv"
    if not path.exists():
        if table.required:
            problems.append(
                f"{path.name} is missing in {folder}: `parapet init --templates {folder}` writes one to fill in"
            )
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            values = {name: _value(kind, (row.get(name) or "").strip()) for name, kind in columns(table.kind).items()}
            given = {name: value for name, value in values.items() if value is not None}
            try:
                whole = msgspec.convert(given, table.kind, strict=False)
            except msgspec.ValidationError as error:
                problems.append(f"{path.name}, line {reader.line_num}: {error}: correct that column")
                continue
            yield {name: value for name, value in msgspec.to_builtins(whole).items() if name in given}


def _value(kind: Any, cell: str) -> Any:
    if not cell:
        return None
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        parts = cell.split("|" if get_origin(inner) is tuple else ";")
        return [_value(inner, part.strip()) for part in parts if part.strip()]
    if get_origin(kind) is dict:
        pairs = (part.partition("=") for part in cell.split(";") if part.strip())
        of = get_args(kind)[1]
        return {name.strip(): [one.strip() for one in value.split("|")] if of is not str else value.strip()
                for name, _, value in pairs}  # fmt: skip
    return cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ("|" if value and isinstance(value[0], list) else "; ").join(_cell(one) for one in value)
    if isinstance(value, dict):
        parts = (f"{name}={'|'.join(one) if isinstance(one, list) else one}" for name, one in value.items())
        return "; ".join(parts)
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
