"""The notifier: what is sent, when it is tried again, what survives a restart, how one summary stands for many."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pipeline import codec
from pipeline.log.interface import Outgoing
from pipeline.registers.types import Recipient
from pipeline.topics import ALERTS, DELIVERIES
from pipeline.vocabulary.alert import Alert, AlertKind, Channel, Delivery, DeliveryState
from pipeline.vocabulary.categories import Category
from pipeline.vocabulary.levels import Level, Role
from processors.notify import Notifier
from processors.notify.outbox import SUMMARY_WAIT
from processors.notify.outcome import SENT, Answer, Outcome, delay_after, without_addresses
from processors.notify.wording import Notice
from processors.stages import Parts
from tests.builders import NOON, PERSON, some_recipients, some_registers, some_settings
from tests.processors.memory_log import MemoryLog

DOWN = Outcome(Answer.RETRY, "mail server cannot be reached", down=True)
REFUSED = Outcome(Answer.REFUSED, "550 no such mailbox")
LATER = Outcome(Answer.RETRY, "451 come back later")
GONE = Outcome(Answer.GONE, "the alert webhook answered 410")


def an_alert(identity: str = "a1", incident: str = "i1", at: datetime = NOON, **changes: object) -> Alert:
    alert = Alert(
        alert_id=identity,
        kind=AlertKind.PAGE,
        incident_id=incident,
        reference="SM-2026-ABCDEF",
        level=Level.HIGH,
        step=0,
        channel=Channel.EMAIL,
        recipient="comms",
        role=Role.COMMUNICATIONS_TEAM,
        person=PERSON,
        categories=(Category.THREAT_VEILED,),
        aggravators=("place",),
        created_at=at,
    )
    return msgspec.structs.replace(alert, **changes)


class ScriptedSender:
    """Answers as told, in turn, then with yes; remembers what it was given."""

    def __init__(self, answers: Sequence[Outcome] = ()) -> None:
        self.answers = list(answers)
        self.sent: list[Notice] = []
        self.tried: list[str] = []

    def send(self, notice: Notice, recipient: Recipient, at: datetime) -> Outcome:
        outcome = self.answers.pop(0) if self.answers else SENT
        self.tried.append(notice.message_id)
        if outcome is SENT:
            self.sent.append(notice)
        return outcome

    def close(self) -> None:
        """Nothing to release."""


class Desk:
    """A log, a clock that is moved by hand, and a notifier that can be started anew."""

    def __init__(self, home: Path) -> None:
        self.log, self.now = MemoryLog(), NOON
        self.mail, self.hook = ScriptedSender(), ScriptedSender()
        self.recipients = (
            *some_recipients(),
            Recipient(id="hook", role=Role.MONITORING_OFFICER, channel=Channel.WEBHOOK, address="x"),
        )
        self._settings = some_settings(home)
        self.restart()

    def restart(self) -> None:
        registers = some_registers(recipients=self.recipients)
        parts = Parts(registers=lambda: registers, clock=lambda: self.now, settings=self._settings)
        self.notifier = Notifier(self.log, parts, {Channel.EMAIL: self.mail, Channel.WEBHOOK: self.hook})

    def put(self, *alerts: Alert) -> None:
        self.log.append([Outgoing(topic=ALERTS.name, key=one.alert_id, value=codec.encode(one)) for one in alerts])

    def run(self, seconds: float = 0, step: float = 1) -> None:
        """Let time pass, calling the notifier at every step."""
        self.notifier.run_once()
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now += timedelta(seconds=step)
            self.notifier.run_once()

    def deliveries(self) -> list[Delivery]:
        return [codec.decode(Delivery, one.value or b"") for one in self.log.all(DELIVERIES.name)]

    def states(self) -> dict[str, DeliveryState]:
        return {one.alert_id: one.state for one in self.deliveries()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_alert_is_sent_once_and_noted(desk: Desk) -> None:
    desk.put(an_alert(), an_alert())
    desk.run(60)
    assert [one.alert.alert_id for one in desk.mail.sent] == ["a1"]
    (noted,) = desk.deliveries()
    assert (noted.state, noted.attempts, noted.message_id) == (DeliveryState.SENT, 1, "a1")


def test_a_restart_sends_only_what_was_not_sent(desk: Desk) -> None:
    desk.put(an_alert("a1"))
    desk.run()
    desk.put(an_alert("a2"))
    desk.restart()
    desk.run()
    assert [one.alert.alert_id for one in desk.mail.sent] == ["a1", "a2"]


def test_a_crash_before_the_note_repeats_the_same_message_id(desk: Desk) -> None:
    desk.put(an_alert())
    desk.notifier.run_once()
    log, desk.log = desk.log, MemoryLog()
    desk.put(*(codec.decode(Alert, one.value or b"") for one in log.all(ALERTS.name)))
    desk.restart()
    desk.run()
    assert [one.message_id for one in desk.mail.sent] == ["a1", "a1"]


def test_the_most_serious_goes_first(desk: Desk) -> None:
    desk.put(an_alert("a1"), an_alert("a2", at=NOON - timedelta(hours=1)), an_alert("a3", level=Level.CRITICAL))
    desk.run()
    assert [one.alert.alert_id for one in desk.mail.sent] == ["a3", "a2", "a1"]


def test_a_dead_mail_server_is_tried_again_for_ever_and_holds_up_no_webhook(desk: Desk) -> None:
    desk.mail.answers = [DOWN] * 40
    desk.put(
        *(an_alert(f"a{number}") for number in range(5)), an_alert("w1", channel=Channel.WEBHOOK, recipient="hook")
    )
    desk.run()
    assert len(desk.mail.tried) == 1
    assert [one.alert.alert_id for one in desk.hook.sent] == ["w1"]
    assert [one.reason for one in desk.deliveries() if one.channel is Channel.EMAIL] == [DOWN.reason] * 5
    desk.run(3600 * 4, step=5)
    assert sorted(one.alert.alert_id for one in desk.mail.sent) == [f"a{number}" for number in range(5)]
    assert set(desk.states().values()) == {DeliveryState.SENT}


def test_what_was_held_up_goes_at_once_when_the_server_is_back(desk: Desk) -> None:
    desk.mail.answers = [DOWN] * 5
    desk.put(an_alert("a1"), an_alert("a2"))
    desk.run(1200, step=5)
    sent_at = {one.alert_id: one.at for one in desk.deliveries() if one.state is DeliveryState.SENT}
    assert abs(sent_at["a1"] - sent_at["a2"]) <= timedelta(seconds=5)


def test_a_refused_recipient_is_given_up_and_noted_and_others_go_on(desk: Desk) -> None:
    desk.mail.answers = [REFUSED, SENT, REFUSED, REFUSED, REFUSED]
    desk.put(an_alert("a1"), an_alert("a2", recipient="mo"))
    desk.run(600)
    assert desk.states() == {"a1": DeliveryState.FAILED, "a2": DeliveryState.SENT}
    assert desk.mail.tried.count("a1") == 3
    assert desk.deliveries()[-1].reason == REFUSED.reason


def test_a_temporary_no_is_tried_again(desk: Desk) -> None:
    desk.mail.answers = [LATER, LATER]
    desk.put(an_alert())
    desk.run()
    (waiting,) = desk.deliveries()
    assert waiting.state is DeliveryState.RETRYING
    assert waiting.due_at == NOON + delay_after(1, "a1")
    desk.restart()
    desk.run(60)
    assert [one.attempts for one in desk.deliveries()] == [1, 2, 3]
    assert desk.states() == {"a1": DeliveryState.SENT}


def test_gone_is_given_up_at_once(desk: Desk) -> None:
    desk.hook.answers = [GONE]
    desk.put(an_alert(channel=Channel.WEBHOOK, recipient="hook"))
    desk.run(60)
    assert desk.states() == {"a1": DeliveryState.FAILED}
    assert desk.hook.tried == ["a1"]


def test_a_recipient_no_longer_registered_is_noted(desk: Desk) -> None:
    desk.put(an_alert(recipient="left"))
    desk.run()
    (noted,) = desk.deliveries()
    assert (noted.state, noted.reason) == (DeliveryState.FAILED, "the recipient is no longer in the register")


def test_a_message_is_not_repeated_while_the_log_is_away(desk: Desk) -> None:
    class LosesTheLog(ScriptedSender):
        def send(self, notice: Notice, recipient: Recipient, at: datetime) -> Outcome:
            desk.log.away = True
            return super().send(notice, recipient, at)

    desk.mail = LosesTheLog()
    desk.restart()
    desk.put(an_alert("a1"), an_alert("a2", at=NOON + timedelta(seconds=1)))
    desk.run(10)
    assert desk.mail.tried == ["a1"]
    desk.log.away = False
    desk.notifier.run_once()
    assert desk.states()["a1"] is DeliveryState.SENT
    assert desk.mail.tried == ["a1", "a2"]


def a_summary(incident: str) -> Alert:
    return an_alert("s1", incident, kind=AlertKind.SUMMARY)


def test_one_summary_stands_for_all_that_came_late(desk: Desk) -> None:
    desk.put(*(a_summary(f"i{number}") for number in range(3)))
    desk.run(SUMMARY_WAIT.total_seconds() - 1)
    desk.put(a_summary("i3"), a_summary("i3"))
    assert desk.mail.sent == []
    desk.run(60)
    assert [(one.message_id, one.count) for one in desk.mail.sent] == [("s1", 4)]
    assert [(one.count, one.number) for one in desk.deliveries()] == [(4, 1)]


def test_what_comes_after_the_summary_makes_a_follow_up_an_hour_later(desk: Desk) -> None:
    desk.put(a_summary("i1"))
    desk.run(60)
    desk.put(a_summary("i2"))
    desk.run(600)
    desk.restart()
    assert len(desk.mail.sent) == 1
    desk.mail.answers = [LATER]
    desk.run(3600, step=10)
    assert [(one.message_id, one.count) for one in desk.mail.sent] == [("s1", 1), ("s1.2", 2)]
    assert [one.attempts for one in desk.deliveries()] == [1, 2, 3]
    desk.restart()
    desk.run(7200, step=60)
    assert len(desk.mail.sent) == 2


def test_pause_is_never_longer_than_a_look_for_new_alerts(desk: Desk) -> None:
    assert 0 < desk.notifier.run_once() <= 0.25
    desk.mail.answers = [DOWN]
    desk.put(an_alert())
    desk.notifier.run_once()
    assert 0 < desk.notifier.run_once() <= 0.25


def test_delays_double_to_five_minutes_with_a_spread() -> None:
    delays = [delay_after(attempts, "a1").total_seconds() for attempts in range(1, 12)]
    for attempts, delay in enumerate(delays):
        assert min(300, 5 * 2**attempts) * 0.8 <= delay <= min(300, 5 * 2**attempts * 1.2)
    assert len({delay_after(1, f"a{number}") for number in range(20)}) > 10


def test_replies_hold_no_address() -> None:
    reply = "550 5.1.1 <duty.officer@council.example>: no\r\n such mailbox duty@council.example"
    assert without_addresses(reply) == "550 5.1.1 (address): no such mailbox (address)"
