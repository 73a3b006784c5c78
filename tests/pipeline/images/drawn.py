"""Pictures drawn for tests: a logo of nobody, a letter with it, pages with words, and files that are hostile."""

import base64
import io
import os
import shutil
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None and not os.environ.get("CI"), reason="tesseract is not installed"
)


def as_png(picture: Image.Image, kind: str = "PNG") -> bytes:
    kept = io.BytesIO()
    picture.save(kept, kind)
    return kept.getvalue()


def as_data(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def a_logo(side: int = 240, seed: int = 0) -> Image.Image:
    """Return a shield with waves and a disc; seed makes another logo."""
    picture = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(20, 20), (380, 20), (380, 240), (200, 390), (20, 240)], fill=(20, 90, 70))
    if seed == 0:
        draw.ellipse((70, 60, 200, 190), fill="white")
        for row in range(3):
            draw.line([(60, 230 + 30 * row), (340, 200 + 30 * row)], fill="gold", width=12)
    elif seed == 1:
        draw.rectangle((60, 60, 340, 110), fill="white")
        draw.polygon([(200, 130), (320, 300), (80, 300)], fill="gold")
    else:
        for column in range(5):
            draw.rectangle((50 + 60 * column, 60, 80 + 60 * column, 250), fill="white" if column % 2 else "red")
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def a_page(words: str, logo: Image.Image | None = None) -> Image.Image:
    """Return a page of A4 at 100 dots an inch, with a logo at its head and words below."""
    page = Image.new("RGB", (827, 1169), "white")
    if logo is not None:
        page.paste(logo, (60, 50))
    ImageDraw.Draw(page).multiline_text((70, 320), words, fill="black", font=ImageFont.load_default(26), spacing=12)
    return page


def a_bomb() -> bytes:
    """Return a small PNG that says it has 1,600 million pixels."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 9999))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
