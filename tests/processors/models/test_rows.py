"""Rows for learning and measuring: each once, and never on both sides."""

import gzip
import json
from pathlib import Path

import pytest

from processors.models.training.mixture import by_source, mixture
from processors.models.training.rows import (
    DEV,
    TRAIN,
    Row,
    calibrated_on,
    group_of,
    key_of,
    measured,
    once,
    quiet_rows,
    shared_rows,
)

NONE = (None,) * 6
ZEROS = (0.0,) * 6


def write(folder: Path, name: str, *rows: tuple[str, dict[str, int], str]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
        for text, labels, split in rows:
            out.write(json.dumps({"text": text, "labels": labels, "split": split}) + "\n")


@pytest.mark.parametrize(
    ("one", "other"), [("You IDIOT!", "you idiot"), ("it's  a\nbin.", "it s a bin"), ("A_b", "a b")]
)
def test_copies_share_a_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_a_row_in_two_files_counts_once_with_the_labels_of_both(tmp_path: Path) -> None:
    write(tmp_path, "jigsaw", ("You fool!", {"toxicity": 1}, TRAIN))
    write(tmp_path, "jigsaw_cleaned", ("you fool", {"toxicity": 1, "insult": 1, "threat": 0}, TRAIN))
    (row,) = shared_rows(tmp_path)
    assert row.labels == (1.0, None, None, 0.0, 1.0, None)


def test_what_is_kept_for_measuring_is_never_learnt_from(tmp_path: Path) -> None:
    write(tmp_path, "a", ("Same text", {"toxicity": 1}, TRAIN), ("other", {"toxicity": 0}, TRAIN))
    write(tmp_path, "b", ("same TEXT.", {"toxicity": 1}, DEV))
    assert {row.text: row.split for row in shared_rows(tmp_path)} == {"Same text": DEV, "other": TRAIN}
    assert "Same text" not in {row.text for row in mixture(shared_rows(tmp_path), 1)}


def test_what_is_not_toxic_at_all_is_no_kind_of_it_where_all_kinds_exist(tmp_path: Path) -> None:
    write(tmp_path, "jigsaw", ("fine", {"toxicity": 0}, TRAIN))
    write(tmp_path, "davidson", ("rude", {"toxicity": 0}, TRAIN))
    assert [row.labels for row in shared_rows(tmp_path)] == [(0.0, *NONE[1:]), ZEROS]


def test_a_kind_makes_a_row_toxic(tmp_path: Path) -> None:
    write(tmp_path, "edos", ("bad", {"threat": 0, "identity_attack": 1}, TRAIN))
    assert shared_rows(tmp_path)[0].labels[0] == 1.0


def test_a_folder_without_data_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--data"):
        shared_rows(tmp_path)


def test_halves_part_the_rows_and_only_raw_harmless_comments_are_quiet() -> None:
    rows = [Row(f"text {n}", ZEROS, DEV, "jigsaw") for n in range(50)] + [Row("x", (1.0, *ZEROS[1:]), DEV, "jigsaw")]
    halves = calibrated_on(rows), measured(rows)
    assert sorted(row.text for half in halves for row in half) == sorted(row.text for row in rows)
    assert all(halves)
    assert len(quiet_rows(rows)) == 50


def test_a_crowd_of_its_own_has_a_group_and_all_others_share_one() -> None:
    sources = ("jigsaw", "phrases/insult", "davidson", "edos")
    assert [group_of(Row("x", ZEROS, TRAIN, source)) for source in sources] == [0, 0, 2, 3]


def test_a_mixture_is_fixed_for_a_seed_and_shows_threats_more_often() -> None:
    threat = Row("threat", (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), TRAIN, "edos")
    rows = [threat, *(Row(f"quiet {n}", ZEROS, TRAIN, "jigsaw") for n in range(40)), Row("kept", ZEROS, DEV, "edos")]
    shown = mixture(rows, 3)
    assert shown == mixture(rows, 3)
    assert shown.count(threat) == 4
    assert by_source(shown)["jigsaw"] < 40
    assert once([threat, threat]) == [threat]
