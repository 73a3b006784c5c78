"""A registered logo is known in any size and format, and at the head of a letter; other pictures are not it."""

import io

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from pipeline.images.likeness import hash_of, is_hash, likeness
from pipeline.images.logos import logo_in
from pipeline.images.picture import Limits, opened
from pipeline.registers.types import Logo
from tests.pipeline.images.drawn import a_logo, a_page, as_png

LOGO = Logo(id="one", name="Shield", hashes=(hash_of(a_logo().convert("L")),))
TEXT = "Report to Cabinet\nThe western yard and the orchard\nOfficers advise that nothing be said"


def bordered() -> Image.Image:
    wide = Image.new("RGB", (500, 420), "white")
    wide.paste(a_logo(), (200, 60))
    return wide


def a_poor_jpeg() -> Image.Image:
    kept = io.BytesIO()
    a_logo().save(kept, "JPEG", quality=25)
    return Image.open(kept)


CHANGED = {
    "as it is": a_logo(),
    "smaller": a_logo(80),
    "with a border": bordered(),
    "brighter": ImageEnhance.Brightness(a_logo()).enhance(1.2),
    "blurred": a_logo().filter(ImageFilter.GaussianBlur(2)),
    "a poor JPEG": a_poor_jpeg(),
    "at the head of a letter": a_page(TEXT, a_logo(130)),
}


@pytest.mark.parametrize("picture", CHANGED.values(), ids=CHANGED)
def test_the_logo_is_known(picture: Image.Image) -> None:
    found = logo_in(picture.convert("L"), [LOGO])
    assert found is not None
    assert (found.name, found.score >= 0.85) == ("Shield", True)


def photograph() -> Image.Image:
    picture = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for step in range(40):
        draw.ellipse((step * 16, 480 - step * 9, step * 16 + 60, 540 - step * 9), fill=(step * 5, 90, 160 - step))
    return picture


OTHERS = {
    "another shield": a_logo(seed=1),
    "a third shield": a_logo(seed=2),
    "a page without a logo": a_page(TEXT),
    "a page with another logo": a_page(TEXT, a_logo(130, seed=1)),
    "a photograph": photograph(),
    "one shade": Image.new("RGB", (300, 300), "white"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_picture_is_not_the_logo(other: Image.Image) -> None:
    assert logo_in(other.convert("L"), [LOGO]) is None


def test_a_transparent_logo_is_read_on_white() -> None:
    clear = a_logo().convert("RGBA")
    clear.putalpha(a_logo().convert("L").point([255] * 250 + [0] * 6))
    assert likeness(hash_of(opened(as_png(clear), Limits())), LOGO.hashes[0]) > 0.95


def test_a_hash_says_what_it_is() -> None:
    assert is_hash(LOGO.hashes[0])
    assert [is_hash(one) for one in ("", "p1:zz:1.0", "p2:00:1.0", "p1:00:0")] == [False] * 4
    assert hash_of(Image.new("L", (50, 50), 200)) == ""
    assert likeness("", LOGO.hashes[0]) == 0


def test_without_registered_hashes_nothing_is_compared() -> None:
    assert logo_in(a_logo().convert("L"), [Logo(id="two", name="No file yet")]) is None
