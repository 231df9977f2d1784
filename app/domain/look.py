"""How the widget looks by the merchant's choice, with its colors mended until people can see them.

Contrast is WCAG 2.2's: relative luminance (its glossary), 4.5 to 1 for text (1.4.3), and 3 to 1 for
what a button or a focus ring stands on (1.4.11).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

TEXT_CONTRAST = 4.5
PART_CONTRAST = 3.0

LIGHT_SURFACE = "#ffffff"
DARK_SURFACE = "#161d1a"
WHITE, BLACK = "#ffffff", "#000000"
SHADES = 200

_HEX = re.compile(r"#[0-9a-f]{6}")


class Corner(StrEnum):
    """Where the launcher is, in the direction of reading."""

    START = "start"
    END = "end"


class Icon(StrEnum):
    """The sign before the launcher's words."""

    STAR = "★"
    HEART = "♥"
    CROWN = "♛"
    SPARK = "✦"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A merchant's choice; texts are by locale, and one that is missing is ours.

    Raises ValueError for a color that is not written as #17604c.
    """

    accent: str = "#17604c"
    corner: Corner = Corner.END
    icon: Icon = Icon.STAR
    title: dict[str, str] = field(default_factory=dict)
    guest: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.accent):
            raise ValueError(f"{self.accent!r} is not a color like #17604c.")


@dataclass(frozen=True, slots=True)
class Shade:
    """The accent on one surface: as it is used, with the text on it, and how it was before."""

    surface: str
    accent: str
    on: str
    wanted_contrast: float

    @property
    def contrast(self) -> float:
        """The accent against the surface."""
        return contrast(self.accent, self.surface)

    @property
    def text_contrast(self) -> float:
        """The text against the accent."""
        return contrast(self.on, self.accent)


def light_shade(look: Look) -> Shade:
    """The accent as it is used on light pages."""
    return _shade(look.accent, LIGHT_SURFACE, towards=BLACK)


def dark_shade(look: Look) -> Shade:
    """The accent as it is used on dark pages."""
    return _shade(look.accent, DARK_SURFACE, towards=WHITE)


def _shade(accent: str, surface: str, *, towards: str) -> Shade:
    """The nearest shade that can be seen on the surface, and read upon."""
    mended = next(
        shade for shade in _shades(accent, towards) if contrast(shade, surface) >= PART_CONTRAST
    )
    on = max((WHITE, BLACK), key=lambda text: contrast(text, mended))
    return Shade(surface, mended, on, contrast(accent, surface))


def _shades(color: str, towards: str) -> Iterator[str]:
    """The color itself, and then ever nearer to another."""
    start, end = _channels(color), _channels(towards)
    for step in range(SHADES + 1):
        mixed = [round(a + (b - a) * step / SHADES) for a, b in zip(start, end, strict=True)]
        yield "#" + "".join(f"{channel:02x}" for channel in mixed)


def contrast(one: str, other: str) -> float:
    """How well two colors can be told apart: from 1, not at all, to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
