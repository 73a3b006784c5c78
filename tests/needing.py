"""Libraries that only some installations have: without them a test is skipped with that reason; CI has them all."""

import importlib
import os
from types import ModuleType

import pytest


def needed(name: str, cure: str) -> ModuleType:
    """Return a module, or skip the test saying how to get it; where CI=true a module that is missing fails the run."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        reason = f"{error.name} is not installed: {cure}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


TRAINING = "pip install --group train"
DETOXIFY = "pip install '.[detoxify]'"
