"""What columns are about: by the names that shops and other programs give them."""

import pytest

from app.domain.imports.columns import Field, fields_of, mapping_mistakes, plain, rival_of

NOTHING = Field.NOTHING


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("E-mail", Field.EMAIL),
        ("Customer E-Mail", Field.EMAIL),
        ("Kunde-id", Field.CUSTOMER),
        ("Points balance", Field.POINTS),
        ("Saldo", Field.POINTS),
        ("Udløber", Field.EXPIRES),
        ("VIP tier name", Field.TIER),
        ("Fødselsdag", Field.BIRTHDAY),
        ("Member since", Field.JOINED),
        ("Favourite colour", NOTHING),
    ],
)
def test_a_name_tells_what_a_column_is_about(name, field):
    assert fields_of([name]) == (field,)


def test_a_name_is_read_without_blanks_signs_and_capitals():
    assert plain(" E-Mail_Adresse (Ny) ") == "emailadresseny"


def test_two_columns_are_never_about_the_same():
    found = fields_of(["Email", "E-mail", "Points", "Balance", "Colour", "Shape"])

    assert found == (Field.EMAIL, NOTHING, Field.POINTS, NOTHING, NOTHING, NOTHING)


def test_a_history_has_changes_with_days():
    found = fields_of(["Email", "Date", "Points change", "Reason"])

    assert found == (Field.EMAIL, Field.HAPPENED, Field.CHANGE, Field.REASON)


def test_changes_without_days_are_no_history():
    assert fields_of(["Email", "Points change", "Reason"]) == (Field.EMAIL, NOTHING, NOTHING)


def test_balances_are_no_history_either():
    found = fields_of(["Email", "Points", "Date", "Amount", "Notes"])

    assert found == (Field.EMAIL, Field.POINTS, NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("header", "rival"),
    [
        (["Email", "Points approved", "Loyalty tier name"], "LoyaltyLion"),
        (["email", "points_spent", "opted_in_at"], "Yotpo"),
        (["Shopify customer ID", "Points"], "BON Loyalty"),
        (["Email", "Referral URL", "VIP tier"], "Smile.io"),
        (["Email", "Points"], ""),
    ],
)
def test_a_table_shows_whose_it_is(header, rival):
    assert rival_of(header) == rival


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ((Field.EMAIL, Field.POINTS, Field.POINTS), "Two columns cannot be the same."),
        ((Field.POINTS,), "One column has to say who it is: an e-mail address or customer id."),
        (
            (Field.EMAIL, Field.POINTS, Field.CHANGE, Field.HAPPENED),
            "A table has either balances or a history: choose one of the two.",
        ),
        ((Field.CUSTOMER, Field.CHANGE), "A history needs a column with the day."),
        ((Field.EMAIL, Field.JOINED), "One column has to say what they have: points or a tier."),
    ],
)
def test_columns_that_make_no_sense_together_are_told(fields, why):
    assert mapping_mistakes(fields) == {"columns": why}


@pytest.mark.parametrize(
    "fields",
    [
        (Field.EMAIL, Field.POINTS, NOTHING, NOTHING),
        (Field.CUSTOMER, Field.TIER),
        (Field.EMAIL, Field.CUSTOMER, Field.CHANGE, Field.HAPPENED),
    ],
)
def test_columns_that_make_sense_are_left_alone(fields):
    assert mapping_mistakes(fields) == {}
