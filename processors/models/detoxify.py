"""The real Detoxify as a classifier: its own class and weights, batched behind a bounded queue, on CPU or GPU.

Beside the built-in model, behind the same interface. Needs `pip install 'parapet[detoxify]'`. Weights come from
Detoxify's release files where there is internet, and from a checkpoint folder where there is none
(`processors.models.checkpoint`).
"""

import queue
import threading
from collections.abc import Container, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.vocabulary.categories import Category
from processors.models import checkpoint
from processors.models.classifier import LABELS, Scored, flags_of
from processors.models.files import ModelUnavailable

NAME = "detoxify"
MODELS = ("original", "original-small", "unbiased", "unbiased-small", "multilingual")
THRESHOLDS: Mapping[str, float] = MappingProxyType(
    {"toxicity": 0.7, "severe_toxicity": 0.5, "obscene": 0.7, "threat": 0.5, "insult": 0.7, "identity_attack": 0.5}
)
"""Where a label is flagged. Detoxify states none; its maintainer calls 0.7 a good start (its issue 63), and rare
labels, whose scores are lower, get 0.5. Not measured: its weights were not here."""
CERTAIN = 0.975
"""From where a threat is all but certain: most of the way from its threshold to one. Not measured either."""
WAITING = 64
"""Calls that may wait; one more waits itself, and gives up after PATIENCE."""
BATCH = 32
PATIENCE = 30.0
_ANOTHER_NAME = {"toxic": "toxicity", "severe_toxic": "severe_toxicity", "identity_hate": "identity_attack"}


@dataclass(frozen=True)
class Wish:
    """Which Detoxify: one of MODELS, or a folder that holds a checkpoint; and the device, such as cpu or cuda:0."""

    model: str = "original-small"
    folder: Path | None = None
    device: str = "cpu"


@dataclass(frozen=True)
class _Call:
    texts: Sequence[str]
    done: "Future[list[tuple[float, ...]]]"


class DetoxifyClassifier:
    """Detoxify behind a queue; implements `processors.models.classifier.Classifier`. Close it to end its thread."""

    def __init__(self, wish: Wish) -> None:
        """Load the model. Raises ModelUnavailable, with the cure, where it cannot be loaded."""
        self._model = _loaded(wish)
        self.version = f"detoxify-{wish.folder.name if wish.folder else wish.model}-{version('detoxify')}"
        self.thresholds = THRESHOLDS
        self.certain = CERTAIN
        self.heard_from: Mapping[Category, float] = {}
        self._calls: queue.Queue[_Call | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._serve, name="parapet-detoxify", daemon=True)
        self._thread.start()

    def score(self, texts: Sequence[str], closely: Container[str] = ()) -> list[Scored]:  # noqa: ARG002 - one judge
        """Return one result a text, in order, all read alike. Raises ModelUnavailable where the queue stays full."""
        if not texts:
            return []
        call = _Call(texts, Future())
        try:
            self._calls.put(call, timeout=PATIENCE)
            found = call.done.result(timeout=PATIENCE * 10)
        except (queue.Full, TooLate) as error:
            raise ModelUnavailable("Detoxify is too busy: use PARAPET_CLASSIFIER=builtin, or a GPU") from error
        return [Scored(row, flags_of(row, self.thresholds), 2) for row in found]

    def explain(self, text: str, what: str) -> tuple[str, ...]:
        """Return the words without which a label's score falls most, the strongest first."""
        words = text.split()[:48]
        scores = [one.score(what) for one in self.score([text, *(_without(words, at) for at in range(len(words)))])]
        falls = sorted(zip(words, (scores[0] - one for one in scores[1:]), strict=True), key=lambda pair: -pair[1])
        return tuple(dict.fromkeys(word for word, fall in falls if fall > scores[0] * 0.1))[:3]

    def close(self) -> None:
        """End the thread when what waits is done."""
        self._calls.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                call.done.set_result(self._predict(call.texts))
            except Exception as error:  # noqa: BLE001 - whoever called gets it; the thread goes on for the others
                call.done.set_exception(ModelUnavailable(f"Detoxify failed ({type(error).__name__})"))

    def _predict(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Batches of like length, and back in the order of the texts."""
        found: list[tuple[float, ...]] = [()] * len(texts)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            for at, row in zip(
                places, _rows(self._model.predict([texts[at] for at in places]), len(places)), strict=True
            ):
                found[at] = row
        return found


def _rows(predicted: Mapping[str, Any], count: int) -> list[tuple[float, ...]]:
    """Detoxify gives a list by label, and a bare number for a single text; labels of its own beside ours are left."""
    by_label = {_ANOTHER_NAME.get(name, name): found for name, found in predicted.items()}
    columns = [by_label.get(name, [0.0] * count) for name in LABELS]
    whole = [one if isinstance(one, list) else [one] for one in columns]
    return [tuple(float(column[at]) for column in whole) for at in range(count)]


def _loaded(wish: Wish) -> Any:
    if wish.folder is None and wish.model not in MODELS:
        raise ModelUnavailable(f"Detoxify has no model {wish.model!r}: give one of {', '.join(MODELS)}")
    try:
        from detoxify import Detoxify  # noqa: PLC0415 - needs the extra, and takes seconds
    except ModuleNotFoundError as error:
        raise ModelUnavailable(f"{error.name} is not installed: pip install 'parapet[detoxify]'") from error
    try:
        if wish.folder is not None:
            held = checkpoint.opened(wish.folder)
            return Detoxify(checkpoint=held, huggingface_config_path=str(wish.folder), device=wish.device)
        return Detoxify(wish.model, device=wish.device)
    except ModelUnavailable:
        raise
    except Exception as error:  # the hub, torch and transformers each raise kinds of their own
        raise ModelUnavailable(
            f"Detoxify {wish.folder or wish.model} cannot be loaded ({type(error).__name__}): without internet, put "
            "its checkpoint in a folder and name it in PARAPET_DETOXIFY_FOLDER (docs/operators/classifiers.md)"
        ) from error


def _without(words: Sequence[str], at: int) -> str:
    return " ".join([*words[:at], *words[at + 1 :]])
