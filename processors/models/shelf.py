"""Which classifier runs: by its name, from the settings. The one place where they are listed.

Between the settings and whoever scores. One that cannot be loaded is not the end of screening: rules go on, the
built-in model stands in for Detoxify, and health says `model offline` with the cure.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import SettingError, Settings
from processors.models.builtin_model import NAME as BUILTIN
from processors.models.builtin_model import builtin
from processors.models.classifier import Classifier
from processors.models.detoxify import NAME as DETOXIFY
from processors.models.detoxify import DetoxifyClassifier, Wish
from processors.models.files import ModelUnavailable

OFF = "off"
NAMES = (BUILTIN, DETOXIFY)
"""The classifiers, the default first."""
OFFLINE = "model offline"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shelf:
    """The classifier that runs, or None; problem says what is wrong and what to do, where something is."""

    classifier: Classifier | None
    problem: str | None = None


def open_classifier(name: str, settings: Settings, threads: int = 1) -> Classifier:
    """Return a classifier by name. Raises SettingError for a name that is none, ModelUnavailable with the cure."""
    if name == BUILTIN:
        return builtin(threads)
    if name == DETOXIFY:
        return DetoxifyClassifier(wish_of(settings))
    raise SettingError(f"PARAPET_CLASSIFIER is {name!r}: give {', '.join(NAMES)} or {OFF}")


def wish_of(settings: Settings) -> Wish:
    """Return which Detoxify the settings name."""
    folder = settings.text("detoxify_folder")
    return Wish(settings.text("detoxify_model"), Path(folder) if folder else None, settings.text("detoxify_device"))


def shelf_of(settings: Settings) -> Shelf:
    """Return what runs by the settings. Raises SettingError for a name that is none."""
    name = settings.text("classifier")
    if name == OFF:
        return Shelf(None)
    try:
        return Shelf(open_classifier(name, settings))
    except ModelUnavailable as error:
        problem = f"{OFFLINE}: {error}"
    _log.error("%s", problem)
    if name == BUILTIN:
        return Shelf(None, problem)
    try:
        return Shelf(builtin(), problem)
    except ModelUnavailable as second:
        return Shelf(None, f"{problem}; and the built-in model cannot stand in: {second}")
