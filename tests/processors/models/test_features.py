"""The hashed features: the same n-gram is the same bucket wherever it stands, and a batch changes nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from processors.models.features import BATCH, BUCKETS, MOST, Block, batched, blocks

TEXTS = st.lists(st.text(alphabet="abc d'!é👍", max_size=40), min_size=1, max_size=6)


def held(block: Block, text: int) -> dict[int, int]:
    mine = block.text == text
    return dict(zip(block.buckets[mine].tolist(), block.times[mine].tolist(), strict=True))


@given(TEXTS)
def test_a_text_has_the_same_features_alone_and_in_a_batch(texts: list[str]) -> None:
    together = blocks(texts)
    for at, text in enumerate(texts):
        assert [held(one, 0) for one in blocks([text])] == [held(one, at) for one in together]


def test_what_stands_within_a_text_keeps_its_features() -> None:
    for whole, part in zip(blocks(["they will kill you now"]), blocks(["kill you"]), strict=True):
        assert held(part, 0).keys() <= held(whole, 0).keys()


def test_order_of_words_and_text_bounds_matter() -> None:
    assert held(blocks(["go home"])[1], 0) != held(blocks(["home go"])[1], 0)
    assert held(blocks(["go", "home"])[1], 0) | held(blocks(["go", "home"])[1], 1) != held(blocks(["go home"])[1], 0)


def test_a_repeated_word_counts_as_often_as_it_stands() -> None:
    assert max(held(blocks(["bin bin bin"])[1], 0).values()) == 3


def test_buckets_are_within_the_table_and_spread() -> None:
    found = np.concatenate([one.buckets for one in blocks([f"word{n}" for n in range(2000)])])
    assert found.min() >= 0
    assert found.max() < BUCKETS
    assert len(set(found.tolist())) > 4000


def test_batches_hold_every_text_once_in_order_and_fit() -> None:
    texts = [f"{n} " + "x" * (n * 37 % 5000) for n in range(200)] + ["y" * (MOST * 3)]
    found = list(batched(texts))
    assert [one for batch in found for one in batch] == texts
    assert len(found) > 3
    assert all(sum(min(len(one), MOST) + 2 for one in batch) <= BATCH + MOST + 2 for batch in found)
    assert all(len(blocks(batch)) == 2 for batch in found)


def test_no_texts_no_batches() -> None:
    assert list(batched([])) == []
