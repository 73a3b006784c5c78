"""Installations for the tests of faults, each with topics and indices of its own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.town import Addresses, Town, town


@pytest.fixture
def our_town(kafka_address: str, elasticsearch_address: str, tmp_path: Path) -> Iterator[Town]:
    """Return an installation on the run's engines."""
    with town(tmp_path, Addresses(kafka_address, elasticsearch_address, f"t{uuid.uuid4().hex[:10]}")) as made:
        yield made
