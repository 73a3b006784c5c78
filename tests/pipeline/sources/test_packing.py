"""Packs: by account, up to 100, 50 ms, and never far beyond their size."""

from itertools import pairwise

from pipeline.codec import decode_observations
from pipeline.sources.packing import LINGER_SECONDS, PACK, PACK_BYTES, WAITING, Packer
from tests.builders import an_event


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def sizes(packer: Packer) -> list[tuple[str, str, int]]:
    return [(one.topic, one.key, len(decode_observations(one.value or b""))) for one in packer.take()]


def test_packs_go_by_account_and_platform() -> None:
    packer = Packer(Seconds())
    for account, platform in [("a", "x"), ("b", "x"), ("a", "x"), ("a", "somewhere-else")]:
        packer.add(an_event(account=account, platform=platform))
    assert sizes(packer) == [
        ("ingest.raw.x", "a", 2),
        ("ingest.raw.x", "b", 1),
        ("ingest.raw.generic", "a", 1),
    ]
    assert packer.take() == []


def test_a_pack_holds_a_hundred_and_order_is_kept() -> None:
    packer = Packer(Seconds())
    for number in range(2 * PACK + 5):
        packer.add(an_event(number))
    records = packer.take()
    packs = [decode_observations(one.value or b"") for one in records]
    assert [len(pack) for pack in packs] == [PACK, PACK, 5]
    numbers = [int(seen.object_id.rpartition(":")[2]) for pack in packs for seen in pack]
    assert all(before < after for before, after in pairwise(numbers))


def test_long_observations_close_a_pack_early() -> None:
    packer = Packer(Seconds())
    for number in range(4):
        packer.add(an_event(number, text="x" * (PACK_BYTES // 2)))
    assert [count for *_, count in sizes(packer)] == [2, 2]


def test_it_is_due_50_ms_after_the_first_or_when_many_wait() -> None:
    seconds = Seconds()
    packer = Packer(seconds)
    assert not packer.due()
    packer.add(an_event(1))
    seconds.now = LINGER_SECONDS * 0.9
    packer.add(an_event(2))
    assert not packer.due()
    seconds.now = LINGER_SECONDS
    assert packer.due()
    packer.take()
    assert not packer.due()
    for number in range(WAITING):
        packer.add(an_event(number))
    assert packer.due()
