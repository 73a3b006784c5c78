"""Between the classifier and the detectors: scores the posts of a batch at once, and hands each to its screening.

Used by the screening step and `parapet screen`. A classifier that fails is offline, not the end of screening: rules
go on, and health says so. What is kept for the batch in hand is dropped with the next; nothing is logged but the kind
of the fault.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from pipeline.vocabulary.event import Direction, Observation
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
        self._batch: dict[tuple[str, bool], Scored] = {}

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

    def ahead(self, posts: Iterable[Observation]) -> None:
        """Score the texts of a batch that is about to be screened; those by councillors are read closely."""
        wanted = list(dict.fromkeys((one.text, read_closely(one)) for one in posts if one.text))
        self._batch = dict(zip(wanted, self._scored(wanted), strict=False))

    def hear(self, text: str, *, closely: bool = False) -> Tone | None:
        """Return the tone of a text, scored now where it was not scored ahead."""
        classifier = self._classifier
        scored = self._batch.get((text, closely)) or next(iter(self._scored([(text, closely)])), None)
        if classifier is None or scored is None:
            return None
        return Tone(
            scored,
            classifier.thresholds,
            lambda what: classifier.explain(text, what),
            classifier.heard_from,
            classifier.certain,
        )

    def _scored(self, wanted: Sequence[tuple[str, bool]]) -> list[Scored]:
        if self._classifier is None or not wanted:
            return []
        try:
            found = self._classifier.score(
                [text for text, _ in wanted], frozenset(text for text, closely in wanted if closely)
            )
        except Exception as error:  # noqa: BLE001 - screening goes on by rules alone, and health says so
            self.problem = f"{OFFLINE}: {type(error).__name__} while scoring; rules alone judge until it is well again"
            _log.error("%s", self.problem)
            return []
        if self.problem is not None and "while scoring" in self.problem:
            self.problem = None
        return found


def read_closely(post: Observation) -> bool:
    """Return whether a post is read closely: what councillors write is little, and looks like ordinary talk."""
    return post.direction is Direction.OUTBOUND
