"""Pictures of an observation are read at ingest: text apart from alt text; hostile ones are refused with a reason."""

import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.images import ocr
from pipeline.images.likeness import hash_of
from pipeline.images.picture import Limits
from pipeline.images.reader import MOST_PICTURES, ImageReader, why_not
from pipeline.registers.types import Council, Logo
from pipeline.vocabulary.event import Attachment, Author, Observation
from tests.builders import an_event, some_registers, some_settings
from tests.pipeline.images.drawn import a_bomb, a_logo, a_page, as_data, as_png, needs_tesseract

WORDS = "NOT FOR PUBLICATION\nby virtue of paragraph 3 of Schedule 12A"
LOGO = Logo(id="one", name="Shield", hashes=(hash_of(a_logo().convert("L")),))


def reader(home: Path, **limits: Any) -> ImageReader:
    council = Council(name="Testwick Borough Council", short_name="Testwick", logos=(LOGO,))
    return ImageReader(home, lambda: some_registers(council=council), Limits(**{"seconds": 30, **limits}))


def seen(*urls: str, **changes: Any) -> Observation:
    plain = {"attachments": tuple(Attachment(type="image", url=url, alt_text="a sheet of paper") for url in urls)}
    return an_event(**(plain | changes))


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: None)


@needs_tesseract
def test_text_and_logo_stand_beside_the_alt_text(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "page.png").write_bytes(as_png(a_page(WORDS, a_logo(130))))
    one = reader(tmp_path).look(seen("media:page.png")).attachments[0]
    assert one.ocr_text is not None
    assert "NOT FOR PUBLICATION" in one.ocr_text
    assert "Schedule 12A" in one.ocr_text
    assert (one.alt_text, one.unread, one.url) == ("a sheet of paper", None, "media:page.png")
    assert one.logo_match is not None
    assert one.logo_match.name == "Shield"


@needs_tesseract
def test_bytes_in_the_observation_are_read_and_do_not_go_on(tmp_path: Path) -> None:
    one = reader(tmp_path).look(seen(as_data(as_png(a_page(WORDS))))).attachments[0]
    assert "PUBLICATION" in (one.ocr_text or "")
    assert (one.url or "").startswith("sha256:")
    assert len(one.url or "") == 71


@needs_tesseract
def test_a_picture_without_words_has_the_empty_text(tmp_path: Path) -> None:
    one = reader(tmp_path).look(seen(as_data(as_png(a_logo(seed=1))))).attachments[0]
    assert (one.ocr_text, one.unread, one.logo_match) == ("", None, None)


REFUSED = {
    "cut off": (as_data(as_png(a_page(WORDS))[:900]), "it is broken"),
    "a bomb": (as_data(a_bomb()), "it has more than 40000000 pixels"),
    "no picture": (as_data(b"GIF89a rubbish"), "it is broken"),
    "a script": (as_data(b"<svg onload=alert(1)>"), "it is broken"),
    "too many bytes": (as_data(b"\x89PNG" + b"0" * 2_000_000), "the file is larger than 1000000 bytes"),
    "too small": (as_data(as_png(a_logo(4))), "it is smaller than 8 pixels"),
    "no base64": ("data:image/png;base64,%%%", "its data is not in base64"),
    "plain data": ("data:text/plain,hello", "its data is not in base64"),
    "a way out": ("media:../parapet.env", "its name leads to no file here"),
    "an absolute path": ("media:/etc/passwd", "its name leads to no file here"),
    "no such file": ("media:absent.png", "there is no such file"),
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_says_why(tmp_path: Path, url: str, reason: str) -> None:
    (tmp_path / "parapet.env").write_text("PARAPET_X=1", encoding="utf-8")
    one = reader(tmp_path, most_bytes=1_000_000).look(seen(url)).attachments[0]
    assert one.unread is not None
    assert one.unread.startswith(f"not read: {reason}")
    assert (one.ocr_text, one.logo_match) == (None, None)
    assert not (one.url or "").startswith("data:")


@pytest.mark.usefixtures("no_tesseract")
def test_without_tesseract_a_notice_and_no_crash(tmp_path: Path) -> None:
    found = reader(tmp_path).look(seen(as_data(as_png(a_logo())))).attachments[0]
    assert found.unread == f"not read: {ocr.ABSENT}"
    assert found.logo_match is not None
    assert "text in pictures is not read: tesseract is not installed" in why_not(some_settings(tmp_path))


@needs_tesseract
def test_a_picture_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_words: object, **_named: object) -> None:
        raise subprocess.TimeoutExpired("tesseract", 30)

    monkeypatch.setattr(subprocess, "run", slow)
    one = reader(tmp_path).look(seen(as_data(as_png(a_page(WORDS))))).attachments[0]
    assert one.unread == "not read: reading it took longer than 30 seconds"


@pytest.mark.usefixtures("no_tesseract")
def test_more_pictures_than_there_is_time_for_say_so(tmp_path: Path) -> None:
    url = as_data(as_png(a_logo()))
    many = reader(tmp_path).look(seen(*[url] * (MOST_PICTURES + 2))).attachments
    assert [one.unread == "not read: more pictures than there is time for" for one in many] == [False] * 4 + [True] * 2


def test_a_platforms_own_address_is_never_fetched_and_nothing_changes(tmp_path: Path) -> None:
    plain = seen("https://pictures.example/1.png")
    assert reader(tmp_path).look(plain) is plain


def test_switched_off_nothing_is_read_and_no_bytes_go_on(tmp_path: Path) -> None:
    author = Author(id="a", picture=as_data(as_png(a_logo())))
    found = reader(tmp_path, seconds=0).look(seen(as_data(as_png(a_logo())), author=author))
    assert b"base64" not in msgspec.json.encode(found)
    assert found.attachments[0].ocr_text is None


def test_a_profile_picture_becomes_its_hash(tmp_path: Path) -> None:
    author = Author(id="a", picture=as_data(as_png(a_logo())))
    found = reader(tmp_path).look(seen(author=author)).author
    assert found is not None
    assert (found.picture, found.picture_hash) == (None, LOGO.hashes[0])
    broken = reader(tmp_path).look(seen(author=Author(id="a", picture=as_data(b"no")))).author
    assert broken is not None
    assert (broken.picture, broken.picture_hash) == (None, None)
