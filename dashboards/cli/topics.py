"""`parapet topics`: the register of confidential topics from the command line; none of its terms is ever printed.

Beside the flow. A running worker takes what changes here without restart, as it takes every register.
"""

import getpass
from collections import Counter
from pathlib import Path

import click
import msgspec

from dashboards.cli.bootstrap import open_log
from dashboards.cli.homes import read_registers, write_registers
from dashboards.cli.places import registers_folder, utc_now
from pipeline.codec import decode_pack
from pipeline.documents import LARGEST, DocumentRefused, text_of
from pipeline.log.interface import Log
from pipeline.registers.confidential import read_basis
from pipeline.registers.fingerprints import FingerprintError, NewDocument, add_document, remove_document
from pipeline.registers.load import load_registers
from pipeline.registers.topic import ConfidentialTopic
from pipeline.registers.types import Registers
from pipeline.settings import load
from pipeline.topics import EVENTS
from processors.reading.common_terms import lines_of, too_common
from processors.reading.topics import Topics

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="topics")
def command() -> None:
    """Confidential topics: how they stand, fingerprints of their documents, terms that match too much."""


@command.command(name="list")
def list_topics() -> None:
    """List every topic with its basis, owner, end and documents. Terms are not shown."""
    registers = load_registers(registers_folder(load()))
    documents = Counter(one.topic_ref for one in registers.fingerprints)
    for topic in registers.topics:
        parts = (_standing(topic, registers), _basis(topic), topic.owner, _count(documents[topic.ref]))
        click.echo(f"{topic.ref}  {'; '.join(parts)}")


@command.command(name="documents")
def documents() -> None:
    """List the documents whose fingerprints are kept: id, topic, when and by whom it was added."""
    for one in load_registers(registers_folder(load())).fingerprints:
        click.echo(
            f"{one.id}  {one.topic_ref}  {one.added_at:%Y-%m-%d %H:%M} by {one.added_by}, {one.sentences} sentences"
        )


@command.command(name="add-document")
@click.option("--topic", "ref", required=True, help="Reference of the topic, such as CT-04.")
@click.option("--published", type=_FILE, multiple=True, help="A paper anybody may quote, such as the open report.")
@click.argument("file", type=_FILE)
def add(*, ref: str, published: tuple[Path, ...], file: Path) -> None:
    """Keep the fingerprint of an exempt document: PDF, Word (.docx) or text. Its text is not kept.

    A quotation of two of its sentences, as they stand or lightly edited, is then a finding while the topic is
    confidential. Sentences that stand in a --published paper, or in every council's reports, are left out.
    """
    folder = registers_folder(load())
    topic = _topic(load_registers(folder), ref)
    try:
        texts = [text_of(_read(one)) for one in published]
        made = add_document(
            folder, NewDocument(topic.ref, text_of(_read(file)), getpass.getuser(), utc_now(), published=texts)
        )
    except (DocumentRefused, FingerprintError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    click.echo(
        f"{made.id}: {made.sentences} sentences of a document of {topic.ref} can be recognised; its text is not kept"
    )


@command.command(name="remove-document")
@click.argument("identity", metavar="ID")
def remove(*, identity: str) -> None:
    """Forget the fingerprint of a document, by the id that `parapet topics documents` lists."""
    if not remove_document(registers_folder(load()), identity):
        raise click.ClickException(f"there is no document {identity}: `parapet topics documents` lists them")
    click.echo(f"{identity}: forgotten")


@command.command(name="lift")
@click.option("--topic", "ref", required=True, help="Reference of the topic.")
@click.option("--reason", required=True, help="Why it is set free.")
def lift(*, ref: str, reason: str) -> None:
    """Set a topic free now. What was posted before stays a finding; the register keeps who lifted it and why."""
    settings = load()
    topic = _topic(load_registers(registers_folder(settings)), ref)
    if topic.lifted_at is not None:
        raise click.ClickException(f"{ref} was lifted at {topic.lifted_at:%Y-%m-%d %H:%M %Z} already")
    files = read_registers(registers_folder(settings))
    rows = msgspec.json.decode(files["topics"])
    lifted = {"status": "lifted", "lifted_at": utc_now(), "lifted_by": getpass.getuser(), "lift_reason": reason}
    changed = [row | lifted if row["ref"] == ref else row for row in rows]
    write_registers(settings.home, {**files, "topics": msgspec.json.format(msgspec.json.encode(changed), indent=1)})
    click.echo(f"{ref}: lifted; what was posted before now stays a finding")


@command.command(name="common")
@click.option("--last", default=1000, show_default=True, help="How many of the newest posts to hold the terms against.")
def common(*, last: int) -> None:
    """Report terms that match too many of the posts that came in of late, by field and entry."""
    settings = load()
    registers = load_registers(registers_folder(settings))
    log = open_log(settings)
    try:
        posts = newest_posts(log, last)
    finally:
        log.close()
    found = too_common(registers.topics, lines_of(posts), "posts") if posts else []
    for line in found:
        click.echo(line)
    click.echo(f"{len(posts)} posts read, {len(found)} terms match too much")


def newest_posts(log: Log, last: int) -> list[str]:
    """Return the texts of the newest posts on the log, at most `last`, from all partitions alike."""
    texts: list[str] = []
    partitions = log.partitions(EVENTS.name)
    for partition in range(partitions):
        of_it: list[str] = []
        end = log.end(EVENTS.name, partition)
        offset = max(log.start(EVENTS.name, partition), end - last // partitions - 1)
        while messages := log.read(EVENTS.name, partition, offset, 500):
            for message in messages:
                if message.value is not None:
                    of_it += [one.text for one in decode_pack(message.value) if one.text]
            offset = messages[-1].offset + 1
        texts += of_it[-max(1, last // partitions) :]
    return texts[:last]


def _topic(registers: Registers, ref: str) -> ConfidentialTopic:
    found = next((topic for topic in registers.topics if topic.ref == ref), None)
    if found is None:
        raise click.ClickException(f"there is no topic {ref} in topics.json: `parapet topics list` lists them")
    return found


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _standing(topic: ConfidentialTopic, registers: Registers) -> str:
    ready = next((one for one in Topics(msgspec.structs.replace(registers, topics=(topic,))).topics), None)
    if ready is None:
        return "a draft, not in force"
    now = utc_now()
    if ready.confidential_at(now):
        soon = "" if ready.ends is None else f" until {ready.ends:%Y-%m-%d %H:%M %Z}"
        return f"confidential{soon or ' until it is lifted'}"
    return "not confidential yet" if now < ready.begins else f"free since {ready.ends:%Y-%m-%d %H:%M %Z}"


def _basis(topic: ConfidentialTopic) -> str:
    basis = read_basis(topic.basis)
    return basis.label if basis is not None else topic.basis


def _count(documents: int) -> str:
    return f"{documents} document" if documents == 1 else f"{documents} documents"
