"""The real Detoxify class on a tiny checkpoint in its own format: order, batches, queue, checksums, and what it says
when it cannot load.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.models import detoxify as adapter
from processors.models.checkpoint import check
from processors.models.classifier import LABELS
from processors.models.detoxify import DetoxifyClassifier, Wish
from processors.models.files import SUMS, ModelUnavailable, digest_of
from tests.needing import DETOXIFY, needed
from tests.processors.models.tiny_detoxify import make_checkpoint

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
TEXTS = ["bin", "road road road", "a", "the bin on the road is full of bins", "", "z" * 300]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    held = tmp_path_factory.mktemp("tiny")
    make_checkpoint(held)
    return held


@pytest.fixture
def classifier(folder: Path) -> Iterator[DetoxifyClassifier]:
    found = DetoxifyClassifier(Wish(folder=folder))
    yield found
    found.close()


def test_scores_carry_our_names_and_stay_in_order(classifier: DetoxifyClassifier) -> None:
    found = classifier.score(TEXTS)
    assert [tuple(one.named()) for one in found] == [LABELS] * len(TEXTS)
    alone = [classifier.score([text])[0] for text in TEXTS]
    for one, other in zip(found, alone, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=1e-4)
    assert len({one.scores for one in found}) > 3


def test_what_it_scores_is_what_detoxify_itself_predicts(classifier: DetoxifyClassifier) -> None:
    own = classifier._model.predict("road road road")
    (found,) = classifier.score(["road road road"])
    assert found.scores == pytest.approx([own[name] for name in LABELS], abs=1e-5)


def test_more_texts_than_a_batch_come_back_in_order(
    classifier: DetoxifyClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = classifier.score(TEXTS)
    monkeypatch.setattr(adapter, "BATCH", 2)
    for one, other in zip(classifier.score(TEXTS), whole, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=1e-4)


def test_several_threads_each_get_their_own(classifier: DetoxifyClassifier) -> None:
    wanted = {text: classifier.score([text])[0].scores for text in TEXTS}
    found: dict[str, tuple[float, ...]] = {}
    threads = [
        threading.Thread(target=lambda text=text: found.update({text: classifier.score([text])[0].scores}))
        for text in TEXTS
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {text: pytest.approx(scores, abs=1e-4) for text, scores in wanted.items()} == found


def test_the_version_names_the_checkpoint_and_the_package(classifier: DetoxifyClassifier, folder: Path) -> None:
    assert classifier.version.startswith(f"detoxify-{folder.name}-0.")


def test_words_explain_a_score(classifier: DetoxifyClassifier) -> None:
    words = classifier.explain("bin road bin", "toxicity")
    assert set(words) <= {"bin", "road"}


def test_a_full_queue_is_said_and_not_waited_for_for_ever(
    classifier: DetoxifyClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    monkeypatch.setattr(adapter, "PATIENCE", 0.05)
    monkeypatch.setattr(classifier, "_predict", lambda texts: held.wait(20) and [(0.0,) * 6] * len(texts))
    waiting = [threading.Thread(target=_quietly, args=(classifier,)) for _ in range(adapter.WAITING + 1)]
    for one in waiting:
        one.start()
    with pytest.raises(ModelUnavailable, match="too busy"):
        classifier.score(["bin"])
    held.set()
    for one in waiting:
        one.join()


def _quietly(classifier: DetoxifyClassifier) -> None:
    try:
        classifier.score(["bin"])
    except ModelUnavailable:
        return


def test_a_failing_model_fails_the_call_and_not_the_next(
    classifier: DetoxifyClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(classifier, "_predict", lambda texts: 1 / 0)
        with pytest.raises(ModelUnavailable, match="ZeroDivisionError"):
            classifier.score(["bin"])
    assert classifier.score(["bin"])[0].stage == 2


def test_a_checkpoint_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    path = make_checkpoint(tmp_path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelUnavailable, match="not what its checksum says"):
        DetoxifyClassifier(Wish(folder=tmp_path))


def test_without_a_list_the_digits_in_a_released_name_are_compared(tmp_path: Path) -> None:
    (tmp_path / "any.ckpt").write_bytes(b"weights")
    digest = digest_of(tmp_path / "any.ckpt")
    with pytest.raises(ModelUnavailable, match="has no checksum"):
        check(tmp_path / "any.ckpt")
    right = (tmp_path / "any.ckpt").rename(tmp_path / f"toxic-{digest[:8]}.ckpt")
    check(right)
    wrong = right.rename(tmp_path / "toxic-00000000.ckpt")
    with pytest.raises(ModelUnavailable, match="checksum"):
        check(wrong)


def test_a_list_of_checksums_is_read_as_sha256sum_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "any.ckpt"
    path.write_bytes(b"weights")
    (tmp_path / SUMS).write_text(f"{digest_of(path)} *any.ckpt\n")
    check(path)


@pytest.mark.parametrize("files", [(), ("one.ckpt", "two.ckpt")])
def test_a_folder_without_its_one_checkpoint_is_named(tmp_path: Path, files: tuple[str, ...]) -> None:
    needed("detoxify", DETOXIFY)
    for name in files:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelUnavailable, match=f"holds {len(files)} files"):
        DetoxifyClassifier(Wish(folder=tmp_path))


def test_a_name_that_is_no_model_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="original-small"):
        DetoxifyClassifier(Wish(model="tiny"))
