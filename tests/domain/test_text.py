"""Texts in several languages."""

import pytest

from app.domain.text import text


def test_the_fallback_does_not_depend_on_the_order_of_the_wordings():
    as_written = text({"en": "Gold", "da": "Guld", "de": "Gold"})
    as_a_database_keeps_it = text({"da": "Guld", "de": "Gold", "en": "Gold"})

    assert as_written == as_a_database_keeps_it
    assert str(as_a_database_keeps_it) == "Gold"


@pytest.mark.parametrize(
    ("locale", "wording"),
    [("da", "Guld"), ("da-DK", "Guld"), ("DA_dk", "Guld"), ("sv", "Gold"), ("", "Gold")],
)
def test_every_reader_gets_the_best_there_is(locale, wording):
    assert text({"da": "Guld", "en": "Gold"}).in_locale(locale) == wording
