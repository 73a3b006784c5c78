"""Timing from post to e-mail: the mail server, the writer's timetable, and how an e-mail is tied to its post."""

import smtplib
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from bench.alert import SEED, judged
from bench.events import is_hostile, mix_of, observation
from bench.home import environment, make_home, settings_in
from bench.mailbox import Mail, mailbox
from bench.writer import Load, Timetable, run_writer
from dashboards.cli.bootstrap import open_log
from dashboards.cli.places import registers_folder
from dashboards.demo import REGISTERS
from pipeline.codec import decode_observations, encode
from pipeline.log.interface import Log, Outgoing
from pipeline.log.sqlite import SqliteLog
from pipeline.registers.load import load_registers
from pipeline.topics import ALERTS, INCIDENTS, RAW_TOPICS
from pipeline.vocabulary.alert import Alert, AlertKind, Channel
from pipeline.vocabulary.event import Event
from pipeline.vocabulary.incident import Evidence, Incident, IncidentKind, IncidentState
from pipeline.vocabulary.levels import Level, Role

NOW = datetime(2026, 10, 8, 12, tzinfo=UTC)


def test_the_mail_server_notes_when_and_which(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Message-ID"] = "<abc.2@parapet.example>"
    message.set_content("Open: https://parapet.example/")
    before = time.monotonic()
    with mailbox(tmp_path / "mails") as box, smtplib.SMTP("127.0.0.1", box.port) as client:
        client.send_message(message, "a@b.example", ["c@d.example"])
        (mail,) = box.mails()
    assert mail.message_id == "abc.2"
    assert before <= mail.at <= time.monotonic()


def test_the_writer_appends_every_event_packed_by_account(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    surroundings = environment(home)
    timetable = run_writer(surroundings, Load(rate=400, count=80, seed=3))
    log = open_log(settings_in(surroundings))
    try:
        packs = [
            decode_observations(message.value or b"[]")
            for topic in RAW_TOPICS
            for partition in range(log.partitions(topic.name))
            for message in log.read(topic.name, partition, 0, 1_000)
        ]
        registers = load_registers(registers_folder(settings_in(surroundings)))
    finally:
        log.close()
    seen = {one.object_id: one for pack in packs for one in pack}
    assert len(seen) == sum(map(len, packs)) == 80
    assert all(len({one.account for one in pack}) == 1 for pack in packs)
    assert timetable.due(79) - timetable.due(0) == pytest.approx(79 / 400)
    expected = observation(mix_of(registers, 3), 17, NOW)
    assert seen[expected.object_id].text == expected.text


def incident(number: int, *, seed: int = SEED, also: tuple[int, ...] = ()) -> Incident:
    registers = load_registers(REGISTERS)
    mix = mix_of(registers, seed)
    evidence = []
    for one in (number, *also):
        seen = observation(mix, one, NOW)
        fields = {name: getattr(seen, name) for name in seen.__struct_fields__}
        evidence.append(Evidence(event=Event(**fields, event_id=f"e{one}", content_hash="c"), findings=()))
    return Incident(
        incident_id=f"i{number}",
        reference="SM-2026-000000",
        version=1,
        kind=IncidentKind.AUTHOR,
        state=IncidentState.OPEN,
        concern="person:p",
        person="p",
        topic_ref=None,
        account="acc",
        platform="x",
        direction="inbound",
        author=None,
        level=Level.CRITICAL,
        machine_level=Level.CRITICAL,
        categories=(),
        paragraphs=(),
        notify=(),
        route=None,
        first_posted_at=NOW,
        last_posted_at=NOW,
        opened_at=NOW,
        updated_at=NOW,
        evidence=tuple(evidence),
        event_times={},
    )


def alert(number: int) -> Alert:
    return Alert(
        alert_id=f"a{number}",
        kind=AlertKind.PAGE,
        incident_id=f"i{number}",
        reference="SM-2026-000000",
        level=Level.CRITICAL,
        step=1,
        channel=Channel.EMAIL,
        recipient="r",
        role=Role.MONITORING_OFFICER,
        person="p",
        categories=(),
        aggravators=(),
        created_at=NOW + timedelta(seconds=1),
    )


@pytest.fixture
def log(tmp_path: Path) -> Log:
    made = SqliteLog(tmp_path / "log.db")
    rows = [incident(17), incident(50, also=(83,)), incident(117, seed=SEED + 1)]
    made.append([Outgoing(topic=INCIDENTS.name, key=one.incident_id, value=encode(one)) for one in rows])
    made.append([Outgoing(topic=ALERTS.name, key=f"a{one}", value=encode(alert(one))) for one in (17, 50, 117)])
    return made


def test_an_e_mail_is_timed_from_when_its_post_was_due(log: Log) -> None:
    timetable = Timetable(1_000.0, Load(rate=10, count=100, seed=SEED))
    mails = [
        Mail(1_002.0, "a17"),
        Mail(1_003.7, "a17.2"),
        Mail(1_050.0, "a50"),
        Mail(1_060.0, "a117"),
        Mail(1_070.0, "unknown"),
    ]
    try:
        outcome = judged(mails, timetable, log)
    finally:
        log.close()
    assert is_hostile(17)
    assert outcome.latencies == pytest.approx([0.3, 2.0])
    assert (outcome.hostile, outcome.alerted, outcome.other_mails) == (3, 1, 3)
