"""Lines written by templates: fixed for a seed, whole, and apart from the suite that measures what they teach."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from pipeline.vocabulary.event import Direction
from processors.models.classifier import FROM_THE_PUBLIC, HEARD, Scored
from processors.models.contrast import Line, abusive, lines_of, macro_f1
from processors.models.ordinary import ordinary_of
from processors.models.training.phrases import Phrases
from processors.models.training.rows import DEV, TRAIN, key_of

DATA = Path(__file__).parents[2] / "data"
SUITE = DATA / "contrast"
SHARED_WORDS = 6


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases()


@pytest.fixture(scope="module")
def suite() -> list[Line]:
    return lines_of(SUITE)


def runs(text: str) -> set[tuple[str, ...]]:
    """Runs of words; one word spelt out in single letters is one word, and no run."""
    words = key_of(text).split()
    found = {tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1)}
    return {run for run in found if any(len(word) > 1 for word in run)}


@cache
def learnt_from(phrases: Phrases) -> frozenset[tuple[str, ...]]:
    """Runs of words of what a model learns from: lines as they come out, and templates and posts as they are."""
    made = [row.text for row in phrases.rows(30_000, 11)]
    written = [template for kind in (*phrases.kinds, *phrases.posts) for template in kind.templates]
    return frozenset(run for text in (*made, *written) for run in runs(text))


def test_a_seed_gives_the_same_lines_and_another_gives_others(phrases: Phrases) -> None:
    first = [row.text for row in phrases.rows(800, 1)]
    assert first == [row.text for row in Phrases().rows(800, 1)]
    assert first != [row.text for row in phrases.rows(800, 2)]
    assert len(set(first)) == len(first)


def test_every_template_fills(phrases: Phrases) -> None:
    for kind in (*phrases.kinds, *phrases.posts):
        for template in kind.templates:
            assert not re.search(r"[{}]|\[[^]]*\|", phrases.filled(template, Random(1))), template


def test_posts_written_by_hand_come_as_often_as_asked_and_some_are_kept(phrases: Phrases) -> None:
    once, thrice = phrases.lines(1), phrases.lines(1, 3)
    kept = [row for row in once if row.split == DEV]
    assert 0.08 < len(kept) / len(once) < 0.12
    assert len(thrice) - len(kept) == 3 * (len(once) - len(kept))
    assert [row.text for row in once] == [row.text for row in Phrases().lines(1)]
    learnt = {key_of(row.text) for row in thrice if row.split == TRAIN}
    assert not learnt & {key_of(row.text) for row in kept}


def test_every_category_is_heard_in_posts_of_both_splits_and_denied_in_others(phrases: Phrases) -> None:
    rows = phrases.lines(1)
    for at, category in enumerate(HEARD):
        said = {(row.split, row.heard[at]) for row in rows}
        assert {(TRAIN, 1.0), (TRAIN, 0.0), (DEV, 1.0), (DEV, 0.0)} <= said, category


def test_what_councillors_write_says_nothing_of_categories_of_the_public(phrases: Phrases) -> None:
    kinds = [kind for kind in phrases.posts if kind.voice is Direction.OUTBOUND]
    assert kinds
    for kind in kinds:
        assert all(kind.heard[HEARD.index(one)] is None for one in FROM_THE_PUBLIC)


def test_kinds_can_be_left_out_by_file(phrases: Phrases) -> None:
    talk = {f"phrases/{kind.name}" for kind in phrases.kinds if kind.file == "talk"}
    assert talk
    assert not talk & {row.source for row in phrases.rows(500, 1, ("talk",))}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('name = "x"\nlabels = "Q"\nlines = "a"', "labels are letters"),
        ('name = "x"\nlabels = ""\nlines = ""', "give lines"),
        (
            'name = "x"\nlabels = ""\nhears = "bullying"\nlines = "a"',
            "bullying is not heard in what is written inbound",
        ),
    ],
)
def test_a_kind_that_is_wrong_is_named(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "wrong.toml").write_text(f"[[kind]]\n{written}\n")
    with pytest.raises(ValueError, match=said):
        _ = Phrases(tmp_path).kinds


def test_the_suite_is_wide_and_every_kind_has_both_sides(suite: list[Line]) -> None:
    by_kind = {line.kind for line in suite}
    assert len(by_kind) >= 20
    assert len(suite) >= 600
    assert len({key_of(line.text) for line in suite}) == len(suite)
    sides = Counter((line.kind, line.abusive) for line in suite)
    assert min(sides[kind, side] for kind in by_kind for side in (True, False)) >= 5


def test_the_suite_shares_no_run_of_six_words_with_what_is_learnt(phrases: Phrases, suite: list[Line]) -> None:
    assert [line.text for line in suite if runs(line.text) & learnt_from(phrases)] == []


def test_ordinary_talk_shares_no_run_of_six_words_with_what_is_learnt(phrases: Phrases) -> None:
    held = ordinary_of(DATA / "ordinary" / "talk.toml")
    assert len(held.lines) >= 150
    assert len(held.identities) >= 300
    assert [
        text for text in (*held.lines, *(one for _, one in held.identities)) if runs(text) & learnt_from(phrases)
    ] == []


def test_swearing_alone_is_no_abuse() -> None:
    assert not abusive(Scored((0.0,) * 6, ("obscene",), 2))
    assert abusive(Scored((0.0,) * 6, ("obscene", "insult"), 2))


@pytest.mark.parametrize(
    ("wanted", "found", "figure"),
    [
        ([True, False], [True, False], 1.0),
        ([True, False], [False, True], 0.0),
        ([True, True, False, False], [True, False, False, False], (2 / 3 + 4 / 5) / 2),
        ([False, False], [False, False], 1.0),
    ],
)
def test_macro_f1(wanted: list[bool], found: list[bool], figure: float) -> None:
    assert macro_f1(wanted, found) == pytest.approx(figure)
