"""The program as a form and as text: nothing typed is lost, and nothing wrong is published."""

import json
from dataclasses import replace

import pytest

from app.domain.program import Debt, Program, SpentReturn
from app.loyalty.publish import publish
from app.models.program import Programs, latest_number
from app.models.shop import Shop
from tests.builders import a_program
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program

FORM = "/admin/program"
TEXT = "/admin/program/text"


def newest(database, merchant) -> Program:
    """The program in force."""
    with database.reading() as session:
        number = latest_number(session, merchant.shop.id)
        return Programs(session, merchant.shop.id).revision(number)


def number_of(database, merchant):
    """The number of the newest revision."""
    with database.reading() as session:
        return latest_number(session, merchant.shop.id)


@pytest.mark.parametrize("locale", ["en", "da", "nb", "sv", "de"])
def test_a_form_that_nobody_changed_changes_nothing(database, merchant, locale):
    merchant.sees(FORM, locale=locale)

    merchant.sends_form(FORM, FORM, do="publish")

    assert number_of(database, merchant) == 1


def test_a_tier_gives_what_was_chosen_and_keeps_it(database, merchant):
    given = {"tiers-1-entry_points": "25", "tiers-1-entry_reward": "fifty-off"}
    merchant.sends_form(FORM, FORM, **given, do="publish")
    merchant.sends_form(FORM, FORM, earn_points="2", do="publish")

    silver = newest(database, merchant).tiers.ladder[1]
    assert (silver.entry_points, silver.entry_reward) == (25, "fifty-off")
    assert number_of(database, merchant) == 3


def test_what_is_typed_is_published(database, merchant):
    merchant.sends_form(
        FORM,
        FORM,
        **{
            "do": "publish",
            "earn_points": "3",
            "earn_per": "2.50",
            "whole_steps": None,
            "shipping": "on",
            "tiers-1-threshold": "1,500",
            "tiers-1-percent": "200",
            "rewards-1-value": "75.5",
            "rewards-1-minimum": "300",
            "spent_return": "never",
            "debt": "clamp",
            "name-da": "Klubben",
        },
    )

    program = newest(database, merchant)
    assert (program.earning[0].points, program.earning[0].per_minor) == (3, 250)
    assert (program.basis.whole_steps, program.basis.shipping) == (False, True)
    assert (program.tiers.ladder[1].threshold, program.tiers.ladder[1].earn_percent) == (
        1500_00,
        200,
    )
    reward = program.reward("fifty-off")
    assert (reward.off_minor, reward.minimum_subtotal_minor) == (75_50, 300_00)
    assert (program.spent_return, program.debt) == (SpentReturn.NEVER, Debt.CLAMP)
    assert program.name.in_locale("da") == "Klubben"
    assert program.live
    assert "Published as revision 2." in merchant.sees(FORM)


@pytest.mark.parametrize(
    ("locale", "typed", "minor"),
    [
        ("da", "2,5", 2_50),
        ("da", "1.234,50", 1234_50),
        ("nb", "1 234,50", 1234_50),
        ("de", "0,50", 50),
        ("en", "1,234.5", 1234_50),
    ],
)
def test_an_amount_is_read_as_the_language_writes_it(database, merchant, locale, typed, minor):
    merchant.sees(FORM, locale=locale)

    merchant.sends_form(FORM, FORM, do="publish", earn_per=typed)

    assert newest(database, merchant).earning[0].per_minor == minor


@pytest.mark.parametrize(
    ("field", "typed", "place"),
    [
        ("earn_points", "many", "earn_points"),
        ("earn_points", "-1", "earn_points"),
        ("earn_per", "0", "earn_per"),
        ("earn_per", "1.5.5", "earn_per"),
        ("earn_per", "NaN", "earn_per"),
        ("earn_per", "9" * 25, "earn_per"),
        ("rounding", "sideways", "rounding"),
        ("expiry_count", "0", "expiry_count"),
        ("tiers-0-threshold", "5", "tiers-0-threshold"),
        ("tiers-2-threshold", "2000", "tiers-2-threshold"),
        ("tiers-1-percent", "10001", "tiers-1-percent"),
        ("rewards-1-cost", "0", "rewards-1-cost"),
        ("rewards-1-value", "", "rewards-1-value"),
        ("rewards-2-value", "101", "rewards-2-value"),
        ("rewards-2-value", "1.5", "rewards-2-value"),
        ("name-sv", "x" * 81, "name-sv"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_is_lost(
    database, merchant, field, typed, place
):
    answer = merchant.sends_form(
        FORM, FORM, status=422, **{"do": "publish", "join_points": "77", field: typed}
    )

    assert f'id="{place}-error"' in answer.text
    assert 'name="join_points" value="77"' in answer.text
    assert number_of(database, merchant) == 1


def test_a_name_is_needed_in_one_language_only(database, merchant):
    gone = {f"name-{locale}": "" for locale in ("en", "da", "nb", "sv", "de")}

    answer = merchant.sends_form(FORM, FORM, status=422, do="publish", **gone)
    assert 'id="name-en-error"' in answer.text

    merchant.sends_form(FORM, FORM, do="publish", **gone | {"name-nb": "Klubben"})
    assert newest(database, merchant).name.by_locale == (("nb", "Klubben"),)


def test_rows_are_added_and_removed_without_a_script(database, merchant):
    added = merchant.sends_form(FORM, FORM, status=200, do="add-tiers").text
    assert 'name="tiers-3-threshold"' in added
    removed = merchant.sends_form(FORM, FORM, status=200, do="remove-rewards-0").text
    assert 'name="rewards-1-cost"' in removed
    assert 'name="rewards-2-cost"' not in removed
    assert number_of(database, merchant) == 1


def test_a_new_tier_finds_its_place_and_gets_a_code(database, merchant):
    merchant.sends_form(
        FORM,
        FORM,
        **{
            "do": "publish",
            "tiers-3-code": "",
            "tiers-3-name-da": "Ædel",
            "tiers-3-threshold": "3000",
            "tiers-3-percent": "130",
        },
    )

    ladder = newest(database, merchant).tiers.ladder
    assert [tier.code for tier in ladder] == ["bronze", "silver", "aedel", "gold"]


def test_what_the_form_does_not_show_is_kept(client, database, install):
    program = default_program()
    reward = replace(program.rewards[0], tier="gold", per_member=2, combines=True)
    program = replace(program, rewards=(reward, *program.rewards[1:]))
    merchant = Merchant(client, database, install(program=program))

    merchant.sends_form(FORM, FORM, do="publish", join_points="10")

    assert newest(database, merchant) == replace(program, join_points=10)


def test_a_draft_on_an_older_revision_is_not_published_and_not_lost(database, merchant):
    form = merchant.form(FORM, FORM) | {"do": "publish", "join_points": "77"}
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        publish(session, shop, default_program(join_points=5), author="somebody", at=NOON)

    page = merchant.sends(FORM, status=409, **form).text
    assert "Revision 2 came into force meanwhile." in page
    assert 'name="join_points" value="77"' in page
    assert newest(database, merchant).join_points == 5

    merchant.sends(FORM, **form | {"based_on": "2"})
    assert newest(database, merchant).join_points == 77


def test_the_calculator_uses_what_is_typed_and_publishes_nothing(database, merchant):
    page = merchant.sends_form(
        FORM, FORM, status=200, do="try", earn_points="2", try_amount="500", try_tier="silver"
    ).text

    assert "1,250 points" in page
    assert "Worth about 125\xa0kr." in page
    assert number_of(database, merchant) == 1


def test_the_calculator_says_what_is_wrong(merchant):
    page = merchant.sends_form(FORM, FORM, status=200, do="try", try_amount="much").text

    assert "Write an amount, like 12.50." in page


def test_the_text_is_the_program_and_can_be_published(database, merchant):
    document = json.loads(merchant.form(TEXT, TEXT)["document"])
    document["join_points"] = 25

    merchant.sends_form(TEXT, TEXT, document=json.dumps(document))

    assert newest(database, merchant).join_points == 25


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{", "This is not JSON"),
        ("[" * 5_000, "This is not JSON"),
        ("[]", "The document must be one object"),
        ('{"currency": "DKK", "joinpoints": 5}', "joinpoints: Unknown field."),
        ('{"currency": "DKK", "live": false}', "live: Going live"),
        ('{"currency": "SEK", "live": true}', "The shop&#39;s money is DKK"),
        ('{"currency": "DKK", "live": true, "join_points": -1}', "join_points: Must be"),
        ('{"currency": "DKK", "live": true, "name": "a\\u0000b"}', "cannot be kept"),
        ('{"currency": "DKK", "live": true, "name": "a\\ud800b"}', "not JSON: \\ud800"),
    ],
)
def test_a_wrong_text_is_answered_with_the_place_and_the_reason(database, merchant, written, told):
    page = merchant.sends_form(TEXT, TEXT, status=422, document=written).text

    assert told in page
    assert number_of(database, merchant) == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("da", "tiers: Sølv skal begynde over Bronze."),
        ("nb", "tiers: Sølv må begynne over Bronse."),
        ("sv", "tiers: Silver måste börja över Brons."),
        ("de", "tiers: Silber muss über Bronze beginnen."),
    ],
)
def test_what_is_wrong_is_said_in_the_merchants_language(merchant, language, told):
    form = merchant.form(TEXT, TEXT)
    document = json.loads(form["document"])
    document["tiers"]["ladder"][1]["threshold"] = 0
    form["document"] = json.dumps(document)

    page = merchant.sends(f"{TEXT}?locale={language}", status=422, **form).text

    assert told in page


def test_a_wrong_field_is_said_in_the_merchants_language_too(merchant):
    form = merchant.form(TEXT, TEXT)
    form["document"] = '{"currency": "DKK", "live": true, "join_points": -1, "name": 5, "x": []}'

    page = merchant.sends(f"{TEXT}?locale=da", status=422, **form).text

    assert "join_points: Skal være et helt tal fra 0 til 1000000." in page
    assert "x: Ukendt felt." in page
    assert "Must" not in page


def test_a_text_on_an_older_revision_is_not_lost(database, merchant):
    form = merchant.form(TEXT, TEXT)
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        publish(session, shop, default_program(join_points=5), author="somebody", at=NOON)

    page = merchant.sends(TEXT, status=409, **form).text

    assert "Somebody has published since you began" in page
    assert 'name="based_on" value="2"' in page


def test_every_revision_can_be_read_downloaded_and_gone_back_to(database, merchant):
    merchant.sends_form(FORM, FORM, do="publish", join_points="10")

    assert "Go back to this revision" in merchant.sees("/admin/program/revisions/1")
    answer = merchant.client.get("/admin/program/revisions/1/document")
    assert answer.mimetype == "application/json"
    assert answer.json["join_points"] == 0
    merchant.sends(TEXT, **merchant.form(f"{TEXT}?revision=1", TEXT))
    assert newest(database, merchant).join_points == 0
    assert number_of(database, merchant) == 3


def test_a_program_of_unusual_parts_has_a_form(client, database, install):
    program = a_program(currency="DKK", earning=(), rewards=())
    merchant = Merchant(client, database, install(program=program))

    merchant.sends_form(FORM, FORM, do="publish", earn_points="2", earn_per="1")

    assert newest(database, merchant).earning[0].points == 2


@pytest.mark.parametrize(
    "name",
    ["tiers-0-name", "tiers", "tiers-x-name-en", "rewards-999999-cost", "name", "-", "a-b-c"],
)
def test_strange_names_break_nothing(merchant, name):
    merchant.sends_form(FORM, FORM, status=200, **{"do": "try", name: "x"})
