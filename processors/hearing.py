"""Between the classifier and the detectors: scores the posts of a batch at once, and hands each to its screening.

Used by the screening step and `parapet screen`. A batch is scored in a thread of its own while the one before it is
screened: the transformer needs no Python for its sums, and most machines have a second core. A classifier that fails
is offline, not the end of screening: rules go on, and health says so. What is kept of a batch is dropped with the next
but one; nothing is logged but the kind of the fault.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

from pipeline.vocabulary.event import Direction, Observation
from processors.models.classifier import Classifier, Scored
from processors.models.shelf import OFFLINE, Shelf
from processors.reading.tone import Tone

BATCHES = 2
"""The batch in hand, and the one that is scored meanwhile."""
_Wanted = tuple[str, bool]
"""A text, and whether it is read closely."""
_Found = dict[_Wanted, Scored]

_log = logging.getLogger(__name__)


class Hearing:
    """One classifier at work, or none."""

    def __init__(self, opening: Callable[[], Shelf]) -> None:
        """Take what opens the classifier: it is called when a text or the version is first asked for."""
        self._opening = opening
        self.problem: str | None = None
        """Why the classifier that the settings name is offline, with the cure; None where all is well."""
        self._ahead: deque[tuple[frozenset[_Wanted], Future[_Found]]] = deque(maxlen=BATCHES)

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

    @cached_property
    def _beside(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, thread_name_prefix="parapet-hearing")

    def ahead(self, posts: Iterable[Observation]) -> None:
        """Begin to score the texts of a batch that is screened next, or after the one in hand; those by councillors are
        read closely.
        """
        wanted = list(dict.fromkeys((one.text, read_closely(one)) for one in posts if one.text))
        if self._classifier is not None and wanted:
            self._ahead.append((frozenset(wanted), self._beside.submit(self._all, wanted)))

    def _all(self, wanted: Sequence[_Wanted]) -> _Found:
        return dict(zip(wanted, self._scored(wanted), strict=False))

    def _known(self, one: _Wanted) -> Scored | None:
        """Return what was scored ahead of a text, when it is there; None where nothing was."""
        for wanted, scoring in self._ahead:
            if one in wanted:
                return scoring.result().get(one)
        return None

    def hear(self, text: str, *, closely: bool = False) -> Tone | None:
        """Return the tone of a text, scored now where it was not scored ahead."""
        classifier = self._classifier
        scored = self._known((text, closely)) or next(iter(self._scored([(text, closely)])), None)
        if classifier is None or scored is None:
            return None
        return Tone(
            scored,
            classifier.thresholds,
            lambda what: classifier.explain(text, what),
            classifier.heard_from,
            classifier.certain,
        )

    def _scored(self, wanted: Sequence[_Wanted]) -> list[Scored]:
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
