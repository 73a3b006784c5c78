"""The council's colours: readable whatever the council chose."""

from pathlib import Path

import pytest

from dashboards.console.style import Colour, contrast, council_colour, darkened, stylesheet, text_on
from pipeline.settings import SettingError
from tests.builders import some_settings

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [(WHITE, BLACK, 21.0), (BLACK, WHITE, 21.0), (WHITE, WHITE, 1.0), (WHITE, (118, 118, 118), 4.54)],
)
def test_contrast_is_that_of_wcag(one: Colour, other: Colour, wanted: float) -> None:
    assert contrast(one, other) == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize(
    "colour", [WHITE, BLACK, (255, 221, 0), (29, 92, 75), (128, 128, 128), (255, 0, 0), (0, 140, 200)]
)
def test_text_and_links_can_always_be_read(colour: Colour) -> None:
    assert contrast(text_on(colour), colour) >= 4.5
    assert contrast(darkened(colour), WHITE) >= 4.5


def test_a_readable_colour_is_left_as_it_is() -> None:
    assert darkened((29, 92, 75)) == (29, 92, 75)


@pytest.mark.parametrize("value", ["", "green", "#fff", "1d5c4b", "#1d5c4g", "#1d5c4b; } body { display: none"])
def test_anything_but_a_colour_is_refused_with_its_setting(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingError, match="PARAPET_COUNCIL_COLOUR"):
        council_colour(some_settings(tmp_path, {"council_colour": value}))


def test_the_style_sheet_carries_the_colour(tmp_path: Path) -> None:
    css = stylesheet(some_settings(tmp_path, {"council_colour": "#FFDD00"}))
    assert "--parapet-council-colour: #ffdd00;" in css
    assert "--parapet-council-text: #0b0c0c;" in css
