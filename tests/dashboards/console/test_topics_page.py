"""The topics page: what one may know of, a document's fingerprint, a text tried out; terms are shown to nobody."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pipeline.registers.fingerprints import FILE, read_fingerprints, read_salt
from tests.dashboards.console.place import Browser, Place, client_of
from tests.processors.detectors.exempt_paper import PAPER, SENTENCES
from tests.processors.detectors.leaking import registers


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "registers").mkdir()
    made = Place(tmp_path, registers=registers())
    yield made
    made.close()


@pytest.fixture
def officer(place: Place) -> Iterator[Browser]:
    with client_of(place) as client:
        browser = Browser(client)
        browser.sign_in(place.add("monitoring_officer"))
        browser.get("/topics")
        yield browser


def seen_by(place: Place, role: str, **changes: object) -> str:
    place.registers = registers(**changes)
    browser = Browser(client_of(place))
    browser.sign_in(place.add(role, username=role.replace("_", "")))
    return browser.get("/topics").text


def test_the_list_says_how_a_topic_stands(officer: Browser) -> None:
    page = officer.get("/topics").text
    assert all(words in page for words in ("CT-1", "Sale of a site", "Exempt, Schedule 12A", "Head of Property"))
    assert "Confidential until it is lifted" in page


def test_only_the_audience_sees_a_restricted_topic(place: Place) -> None:
    held = {"status": "restricted", "audience": ["service_head"]}
    assert "Sale of a site" not in seen_by(place, "monitoring_officer", **held)
    assert "Sale of a site" in seen_by(place, "service_head", **held)
    assert "Sale of a site" not in seen_by(place, "communications_officer", **held)


def test_whoever_is_in_no_audience_sees_none(place: Place) -> None:
    page = seen_by(place, "communications_officer")
    assert "No topic that you may know of" in page
    assert "Add an exempt document" not in page


def test_a_document_is_added_and_its_text_is_not_kept(place: Place, officer: Browser) -> None:
    answer = officer.upload("/topics/document", PAPER.encode(), topic="CT-1")
    assert "The document can now be recognised" in officer.get(answer.headers["location"]).text
    folder = place.home / "registers"
    kept = read_fingerprints(folder)
    assert [(one.topic_ref, one.added_by, one.sentences) for one in kept] == [("CT-1", "sam", 5)]
    assert b"valuer" not in (folder / f"{FILE}.json").read_bytes()
    assert [entry.act.object for entry in place.audit.entries(action="topic_document")] == ["CT-1"]
    place.registers = msgspec.structs.replace(place.registers, fingerprints=kept, salt=read_salt(folder))
    tried = officer.post("/topics/try", text=f"Look: {SENTENCES[0]} {SENTENCES[1]}").text
    assert "it quotes a document of the topic" in tried


def test_a_document_that_cannot_be_read_says_why(place: Place, officer: Browser) -> None:
    broken = officer.upload("/topics/document", b"%PDF-1.4 cut off", topic="CT-1")
    assert (broken.status_code, "The file is no PDF that can be read" in broken.text) == (422, True)
    unknown = officer.upload("/topics/document", PAPER.encode(), topic="CT-9")
    assert (unknown.status_code, "Select a topic of the list" in unknown.text) == (422, True)
    assert read_fingerprints(place.home / "registers") == ()


def test_a_text_is_tried_and_nothing_of_it_is_stored(place: Place, officer: Browser) -> None:
    assert "It tells of no topic" in officer.post("/topics/try", text="The bins were emptied").text
    met = officer.post("/topics/try", text="Well, Quarry Mill went for £4.2m then").text
    assert "terms of the topic stand in it" in met
    assert "<mark>Quarry Mill went for £4.2m</mark>" in met
    entries = str(place.audit.entries(action="topic_tried"))
    assert ("CT-1" in entries, "Quarry" in entries) == (True, False)
    assert officer.post("/topics/try", text="").status_code == 422
