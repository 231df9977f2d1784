"""A merchant's colors: measured as WCAG measures, and mended only as far as needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.look import (
    PART_CONTRAST,
    TEXT_CONTRAST,
    Look,
    contrast,
    dark_shade,
    light_shade,
)

COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_a_color_that_can_be_seen_stays():
    assert light_shade(Look(accent="#17604c")).accent == "#17604c"


def test_a_pale_color_gets_darker_on_white_and_stays_on_dark():
    pale = Look(accent="#ffe34d")

    assert light_shade(pale).accent != "#ffe34d"
    assert light_shade(pale).wanted_contrast == pytest.approx(1.28, abs=0.01)
    assert dark_shade(pale).accent == "#ffe34d"
    assert dark_shade(pale).on == "#000000"


@given(COLORS)
def test_every_color_can_be_seen_and_read_upon(accent):
    for shade in (light_shade(Look(accent=accent)), dark_shade(Look(accent=accent))):
        assert shade.contrast >= PART_CONTRAST
        assert shade.text_contrast >= TEXT_CONTRAST


@given(COLORS)
def test_mending_twice_changes_nothing(accent):
    once = light_shade(Look(accent=accent)).accent

    assert light_shade(Look(accent=once)).accent == once


@pytest.mark.parametrize("color", ["", "red", "#fff", "#17604C", "url(x)", "#17604c;"])
def test_what_is_no_color_is_refused(color):
    with pytest.raises(ValueError, match="is not a color"):
        Look(accent=color)
