"""The benchmark's events: the same each time, 3 % hostile, all from registered accounts, no two the same object."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bench.events import Mix, is_hostile, mix_of, observation, observations
from bench.texts import HOSTILE, ORDINARY, WORDS
from dashboards.demo import REGISTERS
from pipeline.codec import decode_observations, encode
from pipeline.registers.load import load_registers

NOON = datetime(2026, 10, 8, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def mix() -> Mix:
    return mix_of(load_registers(REGISTERS))


def test_the_same_seed_and_number_give_the_same_event(mix: Mix) -> None:
    assert observation(mix, 41, NOON) == observation(mix, 41, NOON)
    assert observation(mix, 41, NOON).text != observation(mix, 42, NOON).text


def test_three_in_a_hundred_are_hostile_wherever_one_looks() -> None:
    assert sum(map(is_hostile, range(10_000))) == 300
    assert {sum(map(is_hostile, range(at, at + 100))) for at in range(0, 1_000, 7)} == {3}


def test_hostile_events_are_aimed_at_a_councillor_by_an_author_of_their_own(mix: Mix) -> None:
    seen = [observation(mix, number, NOON) for number in range(2_000) if is_hostile(number)]
    assert all(any(name in (one.text or "") for name in mix.councillors) for one in seen)
    assert len({one.author.id for one in seen if one.author}) == len(seen)
    assert len({one.text for one in seen}) > len(seen) / 3


def test_ordinary_events_vary(mix: Mix) -> None:
    texts = {observation(mix, number, NOON).text for number in range(2_000) if not is_hostile(number)}
    assert len(texts) > 1_700


def test_every_event_stands_on_an_open_account_of_its_platform(mix: Mix) -> None:
    accounts = {account.id: account for account in mix.accounts}
    for seen in observations(mix, 500, NOON):
        assert accounts[seen.account].platform == seen.platform
        assert accounts[seen.account].active_until is None


def test_events_come_in_order_and_end_on_time(mix: Mix) -> None:
    seen = observations(mix, 100, NOON, 0.5)
    times = [one.posted_at for one in seen if one.posted_at]
    assert times[-1] == NOON
    assert {later - earlier for earlier, later in itertools.pairwise(times)} == {timedelta(seconds=0.5)}
    assert len({one.object_id for one in seen}) == 100


def test_events_are_read_back_as_the_pipeline_reads_them(mix: Mix) -> None:
    seen = tuple(observations(mix, 50, NOON))
    assert decode_observations(encode(seen)) == seen


def test_every_slot_has_words() -> None:
    for template in (*ORDINARY, *HOSTILE):
        template.format(**dict.fromkeys(WORDS, ""), who="", ward="")
