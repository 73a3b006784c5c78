"""The pages of docs/ that are made from the code: `make docs` writes them, a test says when one is out of date.

Beside the flow, outside the distribution. Settings, topics, commands, registers, rules and paragraphs each stand in one
place in the code; nobody keeps a second list by hand.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin

import click
import msgspec

from dashboards.cli.main import COMMANDS, Listed, load_command
from infra.guidance_page import parts as guidance_parts
from infra.markdown import page, table
from pipeline.guidance import GUIDANCE_VERSION, PARAGRAPHS
from pipeline.registers.tables import TABLES, Table, columns
from pipeline.settings import TABLE
from pipeline.topics import ALL_TOPICS, DAY_MS, Topic
from processors.rules.load import read_rulebook

DOCS = Path(__file__).parent.parent / "docs"
DECISIONS = DOCS / "decisions"


def settings_page() -> str:
    """Return docs/settings.md, from the table of settings."""
    rows = [
        (f"`{row.environment}`", _default(row.default), row.help + (" **Secret.**" if row.secret else ""))
        for row in TABLE
    ]
    return page(
        "Settings",
        "Every setting is an environment variable. What is not in the environment is read from `parapet.env` in the "
        "home folder, which `parapet init` writes. `parapet check --settings` prints each with its value; secrets are "
        "hidden. A name that is not in this table is an error.",
        table(("name", "default", "what it is"), rows),
    )


def _default(value: str) -> str:
    return f"`{value}`" if value else "(empty)"


def topics_page() -> str:
    """Return docs/topics.md, from the list of topics."""
    rows = [(f"`{topic.name}`", topic.key, topic.purpose, _kept(topic)) for topic in ALL_TOPICS]
    return page(
        "Topics",
        "The log has these topics in both runtimes: in one SQLite file, or in Kafka. All have the same number of "
        "partitions (`PARAPET_PARTITIONS`). A compacted topic keeps the newest value of each key.",
        table(("topic", "key", "what it carries", "kept"), rows),
    )


def _kept(topic: Topic) -> str:
    return "newest of each key" if topic.retention_ms < 0 else f"{topic.retention_ms // DAY_MS} days"


def commands_page() -> str:
    """Return docs/commands.md, from the help of every command."""
    root = click.Context(click.Group("parapet"), info_name="parapet")
    parts = [part for listed in COMMANDS for part in _command(listed, root)]
    return page(
        "Commands", "Every command takes `--home`. `parapet COMMAND --help` says the same as this page.", *parts
    )


def _command(listed: Listed, root: click.Context) -> Iterator[str]:
    command = load_command(listed)
    context = click.Context(command, info_name=listed.name, parent=root)
    yield f"## `parapet {listed.name}`"
    yield from _described(command, context)
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield f"### `parapet {listed.name} {name}`"
            yield from _described(part, click.Context(part, info_name=name, parent=context))


def _described(command: click.Command, context: click.Context) -> Iterator[str]:
    yield inspect.cleandoc(command.help or "")
    yield "```\n" + context.get_usage().removeprefix("Usage: ") + "\n```"
    records = [record for param in command.get_params(context) if (record := param.get_help_record(context))]
    rows = [(f"`{name}`", text) for name, text in records if not name.startswith(("--help", "--home"))]
    if rows:
        yield table(("option", "what it does"), rows)


def registers_page() -> str:
    """Return docs/registers.md, from the types of the registers."""
    return page(
        "Registers",
        "What the Council knows, as files in `registers/` of the home: JSON, which `parapet init --registers FOLDER` "
        "makes from CSV files with these columns (`parapet init --templates FOLDER` writes templates). A running "
        "pipeline reads them again when one changes, all together or not at all; `parapet check` names file, entry, "
        "field and cure of each fault.",
        "In CSV a list has `;` between its entries, a list of lists `|` between the lists, and names with values are "
        "`name=value`; an empty cell is not given. Dates are `2026-10-08`, times `2026-10-08T18:30:00+01:00`. In JSON "
        "`councillors.json` holds `councillors` and `officers`, and `council.json` holds its `logos`. Columns that "
        "Parapet does not know are left alone in JSON, and left out of what is made from CSV.",
        *(_register(table) for table in TABLES),
    )


def _register(register: Table) -> str:
    fields = {field.name: field for field in msgspec.structs.fields(register.kind)}
    rows = [
        (f"`{name}`", _words(kind), "yes" if fields[name].required else "")
        for name, kind in columns(register.kind).items()
    ]
    needed = " There must be one." if register.required else ""
    head = f"## {register.name}.csv\n\n{(register.kind.__doc__ or '').strip()}{needed}"
    return head + "\n\n" + table(("column", "what it holds", "must be given"), rows)


def _words(kind: Any) -> str:
    plain: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if kind in plain:
        return plain[kind]
    inner = [one for one in get_args(kind) if one is not type(None) and one is not Ellipsis]
    if get_origin(kind) is tuple:
        return f"list of {_words(inner[0])}"
    if get_origin(kind) is dict:
        return f"names with {_words(inner[1])}"
    if inner:
        return _words(inner[0])
    members = getattr(kind, "__members__", None)
    if members:
        return "one of " + ", ".join(f"`{member.value}`" for member in members.values())
    return {date: "date", datetime: "time with offset"}[kind]


def rules_page() -> str:
    """Return docs/rules.md, from the rulebook."""
    rulebook = read_rulebook()
    rows = [
        (
            f"`{one.id}`",
            one.category.label,
            one.level.value,
            ", ".join(one.paragraphs),
            one.state.value,
            str(one.version),
        )
        for one in rulebook.rules
    ]
    return page(
        "Rules",
        'The rules that ship with Parapet. `parapet explain "..."` says which of them a text meets, and why. How to '
        "write one: [for rule authors](rule-authors/README.md).",
        table(("rule", "finding", "level", "paragraphs", "state", "version"), rows),
    )


def paragraphs_page() -> str:
    """Return docs/paragraphs.md, from the guidance."""
    rows = [(one.id, one.title, one.wording) for one in PARAGRAPHS.values()]
    return page(
        "Paragraphs",
        "The paragraphs of the Social Media Guidance for Councillors that a finding can rest on, version "
        f"{GUIDANCE_VERSION}. The wording is a summary; a council puts its own into `guidance.toml` in the home.",
        table(("paragraph", "title", "wording"), rows),
    )


def guidance_page() -> str:
    """Return docs/guidance.md, from rules, detectors, words and measured figures."""
    return page("Guidance", *guidance_parts())


def decisions_page() -> str:
    """Return docs/decisions/README.md, from the first lines of the decisions."""
    titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in DECISIONS.glob("*.md")}
    listed = [
        f"- [{title.removeprefix('# ')}]({name})" for name, title in sorted(titles.items()) if name != "README.md"
    ]
    return page("Decisions", "Half a page each: what was decided, why, and what it costs.", "\n".join(listed))


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "topics.md": topics_page,
    "commands.md": commands_page,
    "registers.md": registers_page,
    "rules.md": rules_page,
    "paragraphs.md": paragraphs_page,
    "guidance.md": guidance_page,
    "decisions/README.md": decisions_page,
}
"""Every page made from the code."""


def main() -> None:
    """Write every page."""
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
