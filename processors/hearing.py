"""Between the classifier and the detectors: scores the posts of a batch at once, and hands each to its screening.

Used by the screening step and `parapet screen`. A classifier that fails is offline, not the end of screening: rules
go on, and health says so. What is kept for the batch in hand is dropped with the next; nothing is logged but the kind
of the fault.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cached_property

from processors.models.classifier import Classifier, Scored
from processors.models.shelf import OFFLINE, Shelf
from processors.reading.tone import Tone

_log = logging.getLogger(__name__)


class Hearing:
    """One classifier at work, or none."""

    def __init__(self, opening: Callable[[], Shelf]) -> None:
        """Take what opens the classifier: it is called when a text or the version is first asked for."""
        self._opening = opening
        self.problem: str | None = None
        """Why the classifier that the settings name is offline, with the cure; None where all is well."""
        self._batch: dict[str, Scored] = {}

    @property
    def version(self) -> str | None:
        """Return the classifier's version, as it stands on findings; None where none runs."""
        classifier = self._classifier
        return classifier.version if classifier is not None else None

    @cached_property
    def _classifier(self) -> Classifier | None:
        shelf = self._opening()
        self.problem = shelf.problem
        return shelf.classifier

    def ahead(self, texts: Iterable[str | None]) -> None:
        """Score the texts of a batch that is about to be screened."""
        wanted = list(dict.fromkeys(text for text in texts if text))
        self._batch = dict(zip(wanted, self._scored(wanted), strict=False))

    def hear(self, text: str) -> Tone | None:
        """Return the tone of a text, scored now where it was not scored ahead."""
        classifier = self._classifier
        scored = self._batch.get(text) or next(iter(self._scored([text])), None)
        if classifier is None or scored is None:
            return None
        return Tone(scored, classifier.thresholds, lambda label: classifier.explain(text, label))

    def _scored(self, texts: list[str]) -> list[Scored]:
        if self._classifier is None or not texts:
            return []
        try:
            found = self._classifier.score(texts)
        except Exception as error:  # noqa: BLE001 - screening goes on by rules alone, and health says so
            self.problem = f"{OFFLINE}: {type(error).__name__} while scoring; rules alone judge until it is well again"
            _log.error("%s", self.problem)
            return []
        if self.problem is not None and "while scoring" in self.problem:
            self.problem = None
        return found
