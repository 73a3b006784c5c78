"""A console for each test that wants one, and a browser in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboards.console import acts
from tests.dashboards.console.place import Browser, Place, client_of


@pytest.fixture
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for an act's outcome where no worker would bring one."""
    monkeypatch.setattr(acts, "WAIT_SECONDS", 0.0)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


@pytest.fixture
def browser(place: Place) -> Iterator[Browser]:
    with client_of(place) as client:
        yield Browser(client)


@pytest.fixture
def signed_in(place: Place, browser: Browser) -> Callable[..., Browser]:
    """Return a function that signs in somebody with the given roles."""

    def sign_in(*roles: str) -> Browser:
        assert browser.sign_in(place.add(*roles)).status_code == 303
        return browser

    return sign_in
