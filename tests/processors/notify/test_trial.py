"""The test alert of `parapet init` and `parapet check`: everybody registered, at once, plainly a test."""

from pathlib import Path

from pipeline.vocabulary.alert import Channel
from processors.notify import send_trial, senders_from
from processors.notify.outcome import SENT, Answer
from tests.builders import NOON, some_registers, some_settings
from tests.processors.notify.test_notifier import ScriptedSender


def test_everybody_gets_one_and_it_is_plainly_a_test() -> None:
    mail = ScriptedSender()
    told = send_trial(some_registers(), {Channel.EMAIL: mail}, "http://127.0.0.1:8420", NOON)
    assert [(one.id, outcome) for one, outcome in told] == [("comms", SENT), ("mo", SENT)]
    assert all("TEST" in one.subject for one in mail.sent)


def test_two_trials_are_two_messages() -> None:
    mail = ScriptedSender()
    for minute in (0, 1):
        send_trial(some_registers(), {Channel.EMAIL: mail}, "http://x", NOON.replace(minute=minute))
    assert len({one.message_id for one in mail.sent}) == 4


def test_every_channel_has_a_sender_that_says_what_it_lacks(tmp_path: Path) -> None:
    senders = senders_from(some_settings(tmp_path))
    assert set(senders) == set(Channel)
    told = send_trial(some_registers(), senders, "http://x", NOON)
    assert {outcome.answer for _, outcome in told} == {Answer.RETRY}
    for sender in senders.values():
        sender.close()
