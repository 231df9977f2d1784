"""Tables for spreadsheets: values as they are, and no formula in them."""

from datetime import UTC, datetime

import pytest

from app.domain.sheets import cell, harmless, row


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_what_begins_like_a_formula_is_a_text(sign):
    assert harmless(f"{sign}1") == f"'{sign}1"


def test_any_other_text_stays_as_it_is():
    assert (harmless("a=1"), harmless("")) == ("a=1", "")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (-5, "-5"),
        (0, "0"),
        (datetime(2026, 5, 1, 12, tzinfo=UTC), "2026-05-01T12:00:00+00:00"),
        ("=1+1", "'=1+1"),
        ("Ærø", "Ærø"),
    ],
)
def test_a_cell_says_what_the_value_is(value, written):
    assert cell(value) == written


def test_a_row_ends_and_quotes_what_has_to_be():
    assert row(["a,b", None, -5, 'say "x"']) == '"a,b",,-5,"say ""x"""\r\n'
