"""The built-in model as it ships: whole, fixed, in order, explained, and as good as its card says."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from processors.models.builtin_model import Builtin, builtin
from processors.models.classifier import LABELS
from processors.models.contrast import abusive, lines_of, macro_f1
from processors.models.files import BUILTIN, CARD, CHECKED, JUDGEMENT, LINEAR, ModelUnavailable, faults, verify
from processors.models.measure import by_kind
from processors.models.ordinary import ordinary_of

DATA = Path(__file__).parents[2] / "data"
MEGABYTE = 1_000_000
TEXTS = ["When is bin day?", "I'm going to stab you tonight", "you are a pathetic clown", "", "👍", "x" * 9000]


@pytest.fixture(scope="module")
def model() -> Builtin:
    return builtin()


def test_the_files_are_as_shipped_and_small_enough_for_the_wheel() -> None:
    assert list(faults()) == []
    assert sum(path.stat().st_size for path in BUILTIN.iterdir()) < 30 * MEGABYTE
    assert (BUILTIN / CARD).exists()


@pytest.mark.parametrize("name", CHECKED)
def test_a_file_that_was_changed_is_not_used(tmp_path: Path, name: str) -> None:
    held = tmp_path / "model"
    shutil.copytree(BUILTIN, held)
    (held / name).write_bytes((held / name).read_bytes() + b" ")
    with pytest.raises(ModelUnavailable, match=f"{name}.*install parapet again"):
        Builtin(held)
    (held / name).unlink()
    with pytest.raises(ModelUnavailable, match="is missing"):
        verify(held)


def test_a_file_of_another_form_is_named(tmp_path: Path) -> None:
    held = tmp_path / "model"
    shutil.copytree(BUILTIN, held)
    (held / JUDGEMENT).write_text("{}")
    shutil.copyfile(held / JUDGEMENT, held / LINEAR)
    from processors.models.files import write_sums

    write_sums(held)
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        Builtin(held)


def test_scores_are_in_order_and_hardly_hang_on_the_batch(model: Builtin) -> None:
    together = model.score(TEXTS)
    assert [len(one.scores) for one in together] == [len(LABELS)] * len(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        (alone,) = model.score([text])
        assert alone.stage == one.stage
        assert (alone.scores, alone.heard) == (one.scores, one.heard), "a replay finds what was found before"
    assert model.score([]) == []


def test_a_threat_is_flagged_by_stage_two_and_ordinary_talk_ends_in_stage_one(model: Builtin) -> None:
    ordinary, threat, insult, *_ = model.score(TEXTS)
    assert (ordinary.stage, ordinary.flags) == (1, ())
    assert threat.stage == 2
    assert "threat" in threat.flags
    assert "insult" in insult.flags
    assert "threat" not in insult.flags


def test_flags_are_the_labels_over_their_threshold(model: Builtin) -> None:
    for one in model.score(TEXTS):
        assert one.flags == tuple(name for name in LABELS if one.score(name) >= model.thresholds[name])


def test_words_explain_a_score(model: Builtin) -> None:
    assert "pathetic" in model.explain("honestly you are a pathetic man", "insult")
    assert model.explain("", "insult") == ()


def test_the_contrast_suite(model: Builtin) -> None:
    lines = lines_of(DATA / "contrast")
    flagged = [abusive(one) for one in model.score([line.text for line in lines])]
    assert macro_f1([line.abusive for line in lines], flagged) >= SUITE
    assert {kind: round(figure, 2) for kind, figure, _ in by_kind(lines, flagged) if figure < KIND} == {}


def test_ordinary_talk_and_identity_words_raise_few_flags(model: Builtin) -> None:
    held = ordinary_of(DATA / "ordinary" / "talk.toml")
    flagged = [text for text, one in zip(held.lines, model.score(held.lines), strict=True) if one.flags]
    assert len(flagged) < 0.01 * len(held.lines) + 1
    scored = model.score([text for _, text in held.identities])
    by_identity = Counter(name for (name, _), one in zip(held.identities, scored, strict=True) if one.flags)
    assert by_identity.total() < 0.03 * len(scored)


SUITE, KIND = 0.77, 0.42
"""What the shipped weights reach, less a little: the aim is 0.85 and 0.6, and the model card says how far off it is."""
