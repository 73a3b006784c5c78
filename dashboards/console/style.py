"""The council's own colours, from one setting: custom properties served as /council.css. Used by every page.

Contrast is WCAG 2.2's: text on the council's colour is black or white, whichever reads at 4.5:1, and a colour too pale
for links on white is darkened until it does.
"""

import re

from pipeline.settings import PREFIX, SettingError, Settings

READABLE = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Colour = tuple[int, int, int]


def council_colour(settings: Settings) -> Colour:
    """Return the council's colour. Raises SettingError for anything but #rrggbb; `parapet check` calls this."""
    value = settings.text("council_colour").strip()
    if not _HEX.fullmatch(value):
        raise SettingError(f"{PREFIX}COUNCIL_COLOUR is {value!r}: give a colour as #rrggbb, such as #1d5c4b")
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: Colour) -> Colour:
    """Return white where it can be read on a colour, else black: one of the two always can."""
    white, black = (255, 255, 255), (11, 12, 12)
    return white if contrast(white, background) >= READABLE else black


def darkened(colour: Colour, background: Colour = (255, 255, 255), wanted: float = READABLE) -> Colour:
    """Return the colour, darkened as little as makes it readable on the background."""
    shade = colour
    for step in range(1, 21):
        if contrast(shade, background) >= wanted:
            break
        shade = _mixed(colour, (0, 0, 0), step / 20)
    return shade


def stylesheet(settings: Settings) -> str:
    """Return the custom properties that carry the council's colour into GOV.UK Frontend. Raises SettingError."""
    colour = council_colour(settings)
    surface = _mixed(colour, (255, 255, 255), 0.94)
    link = darkened(colour, surface, 5.0)
    properties = {
        "--parapet-council-colour": colour,
        "--parapet-council-text": text_on(colour),
        "--govuk-brand-colour": darkened(colour, wanted=3.0),
        "--govuk-link-colour": link,
        "--govuk-link-hover-colour": _mixed(link, (0, 0, 0), 0.4),
        "--govuk-template-background-colour": surface,
        "--govuk-surface-background-colour": surface,
        "--govuk-surface-border-colour": _mixed(colour, (255, 255, 255), 0.5),
    }
    return ":root {" + "".join(f"{name}: {_hex(value)};" for name, value in properties.items()) + "}\n"


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
