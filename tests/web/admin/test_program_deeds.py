"""Other deeds in the program's form: named, limited, known to tools by a short name that stays."""

import re
from dataclasses import replace

import pytest

from app.domain.rules import ActionKind, ActionRule
from app.domain.text import text
from tests.builders import an_order
from tests.web.admin.merchant import Merchant, default_program
from tests.web.admin.test_program import FORM, newest, number_of
from tests.web.api.tool import Tool
from tests.web.signing import SHOP, proxied

KEYS = "/admin/settings/keys"
FOLLOW = {
    "deeds-0-code": "",
    "deeds-0-kind": "custom",
    "deeds-0-name-en": "Follow us",
    "deeds-0-name-da": "Følg os på nettet",
    "deeds-0-points": "40",
    "deeds-0-per_day": "",
    "deeds-0-per_lifetime": "1",
    "deeds-0-budget": "",
}
REVIEW = ActionRule(code="review", kind=ActionKind.REVIEW, points=150, per_day=2)
BIRTHDAY = ActionRule(code="birthday", kind=ActionKind.BIRTHDAY, points=500)
NO_DEEDS = "So far your program rewards no deeds that a tool tells."


def with_deeds(client, database, install, *deeds):
    """A merchant whose program rewards some deeds."""
    shop = install(SHOP, an_order(), program=default_program(actions=deeds))
    return Merchant(client, database, shop)


def test_a_deed_is_added_told_by_its_short_name_and_shown_to_shoppers(client, database, install):
    merchant = with_deeds(client, database, install)
    added = merchant.sends_form(FORM, FORM, status=200, do="add-deeds").text
    assert 'name="deeds-0-points"' in added
    for _twice in range(2):
        merchant.sends_form(FORM, FORM, do="publish", **FOLLOW)

    assert number_of(database, merchant) == 2
    assert "<code>follow-us</code>" in merchant.sees(FORM)
    tool = Tool(client, database, merchant.shop)
    given = [tool.tells(key, action="follow-us").json["points"] for key in ("f1", "f2")]
    assert given == [40, 0]
    earn = client.get(proxied("/proxy/me", locale="da")).json["program"]["earn"]
    assert {"text": "Følg os på nettet: 40 point"} in earn


def test_no_deeds_are_told_without_a_word_on_joining(client, database, install):
    merchant = with_deeds(client, database, install)

    assert "No other deeds yet." in merchant.sees(FORM)


def test_a_deed_goes_when_it_is_removed(client, database, install):
    merchant = with_deeds(client, database, install, REVIEW, BIRTHDAY)

    kept = merchant.sends_form(FORM, FORM, status=200, do="remove-deeds-0").text
    assert 'value="birthday" selected' in kept
    assert 'name="deeds-1-points"' not in kept
    gone = {name: None for name in merchant.form(FORM, FORM) if name.startswith("deeds-1")}
    merchant.sends_form(FORM, FORM, do="publish", **gone)

    assert newest(database, merchant).actions == (REVIEW,)


def test_a_deed_keeps_its_short_name_and_another_of_that_name_gets_its_own(
    client, database, install
):
    merchant = with_deeds(client, database, install, replace(REVIEW, name=text("Say it")))

    renamed = {"deeds-0-name-en": "Tell us", "deeds-0-points": "9"}
    other = {name.replace("-0-", "-1-"): value for name, value in FOLLOW.items()}
    merchant.sends_form(FORM, FORM, do="publish", **renamed | other | {"deeds-1-name-en": "Review"})

    actions = newest(database, merchant).actions
    assert [(one.code, str(one.name), one.points) for one in actions] == [
        ("review", "Tell us", 9),
        ("review-2", "Review", 40),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Følg os på nettet", "foelg-os-paa-nettet"),
        ("Été à la Müller", "ete-a-la-mueller"),
        ("★", "row"),
    ],
)
def test_a_short_name_is_spelled_with_english_letters(client, database, install, name, code):
    merchant = with_deeds(client, database, install)

    merchant.sends_form(FORM, FORM, do="publish", **FOLLOW | {"deeds-0-name-en": name})

    assert [one.code for one in newest(database, merchant).actions] == [code]


@pytest.mark.parametrize(
    ("field", "typed", "place"),
    [
        ("points", "0", "points"),
        ("points", "", "points"),
        ("per_day", "0", "per_day"),
        ("per_lifetime", "often", "per_lifetime"),
        ("budget", "-5", "budget"),
        ("kind", "sideways", "kind"),
        ("name-en", "", "name-en"),
        ("name-sv", "x" * 81, "name-sv"),
    ],
)
def test_a_mistake_in_a_deed_is_shown_beside_its_field(
    client, database, install, field, typed, place
):
    merchant = with_deeds(client, database, install)
    wrong = {"deeds-0-name-da": "", f"deeds-0-{field}": typed}

    answer = merchant.sends_form(FORM, FORM, status=422, do="publish", **FOLLOW | wrong)

    assert f'id="deeds-0-{place}-error"' in answer.text
    assert 'name="deeds-0-per_lifetime"' in answer.text
    assert number_of(database, merchant) == 1


def test_a_deed_of_a_kind_we_know_needs_no_name(client, database, install):
    merchant = with_deeds(client, database, install)
    nameless = {"deeds-0-kind": "newsletter", "deeds-0-name-en": "", "deeds-0-name-da": ""}

    merchant.sends_form(FORM, FORM, do="publish", **FOLLOW | nameless)

    (action,) = newest(database, merchant).actions
    assert (action.code, action.name) == ("newsletter", None)


def test_what_was_written_as_text_without_a_name_stays_as_it_is(client, database, install):
    odd = ActionRule(code="odd", points=5, budget_points=10**12 - 1)
    merchant = with_deeds(client, database, install, odd, REVIEW)

    merchant.sends_form(FORM, FORM, do="publish", join_points="10")

    assert newest(database, merchant).actions == (odd, REVIEW)
    assert "Shoppers do not see it until it has a name." in merchant.sees(FORM)


def test_a_new_tier_takes_no_short_name_from_another(client, database, install):
    merchant = with_deeds(client, database, install)
    lower = {"code": "", "name-en": "Gold", "threshold": "1", "percent": "100"}

    merchant.sends_form(
        FORM, FORM, do="publish", **{f"tiers-3-{name}": value for name, value in lower.items()}
    )

    ladder = newest(database, merchant).tiers.ladder
    assert [tier.code for tier in ladder] == ["bronze", "gold-2", "silver", "gold"]


def test_the_keys_say_what_a_tool_may_tell(client, database, install):
    merchant = with_deeds(client, database, install)
    none = merchant.sees(KEYS)
    assert NO_DEEDS in none
    assert 'href="/admin/program#deeds"' in none

    merchant.sends_form(FORM, FORM, do="publish", **FOLLOW)

    listed = re.sub(r"<[^>]*>", " ", merchant.sees(KEYS))
    assert re.search(r"Follow us\s+follow-us\s+40 points", listed)
    assert NO_DEEDS not in listed


def test_a_birthday_is_no_deed_that_a_tool_tells(client, database, install):
    merchant = with_deeds(client, database, install, BIRTHDAY)

    assert NO_DEEDS in merchant.sees(KEYS)


def test_a_form_opened_before_deeds_stood_in_it_takes_none_away(client, database, install):
    merchant = with_deeds(client, database, install, REVIEW, BIRTHDAY)
    fields = merchant.form(FORM, FORM)
    older = {name: None for name in fields if name.startswith("deeds")}

    wrong = merchant.sends_form(FORM, FORM, status=422, do="publish", **older, join_points="many")
    assert 'value="birthday" selected' in wrong.text
    merchant.sends_form(FORM, FORM, do="publish", **older, join_points="7")

    published = newest(database, merchant)
    assert (published.join_points, published.actions) == (7, (REVIEW, BIRTHDAY))


def test_each_deed_has_a_label_of_its_own_and_each_limit_its_unit(client, database, install):
    merchant = with_deeds(client, database, install, REVIEW, replace(REVIEW, code="review-2"))

    page = merchant.sees(FORM)

    for told in ('"Deed %s"', '"Remove %s"'):
        for name in ("Write a review", "Write a review 2"):
            assert page.count(f"aria-label={told % name}") == 1
    for field, unit in (("per_day", "times"), ("per_lifetime", "times"), ("budget", "points")):
        described = re.search(f'name="deeds-0-{field}"[^>]*aria-describedby="([^"]*)"', page)[1]
        assert f'id="{described}" aria-hidden="true">{unit}<' in page


def test_the_words_of_a_deed_that_are_to_be_translated_are_told(client, database, install):
    merchant = with_deeds(client, database, install, replace(REVIEW, name=text("Say it")))

    page = merchant.sees("/admin/settings/languages")

    assert "Deed Say it" in page
    assert "/admin/program#deeds-0-name-en" in page
