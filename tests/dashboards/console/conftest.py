"""A console for each test that wants one, and a browser in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from dashboards.console import acts
from tests.dashboards.console.place import Browser, Place, client_of
from tests.dashboards.console.seats import Seat, sit
from tests.dashboards.console.served import chromium

WIDTHS = (1280, 375)


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


@pytest.fixture(scope="module")
def opened() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


@pytest.fixture(params=WIDTHS)
def seat(request: pytest.FixtureRequest, tmp_path: Path, opened: Chromium) -> Iterator[Seat]:
    yield from sit(tmp_path, opened, request.param)


@pytest.fixture
def desk(tmp_path: Path, opened: Chromium) -> Iterator[Seat]:
    yield from sit(tmp_path, opened, 1280)
