"""The guide of the first days: what it offers, how its steps notice that they are done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.loyalty.publish import publish
from app.models.program import Programs, latest_number
from app.models.shop import Shop
from tests.builders import an_order, settled
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program

HOME = "/admin/"
PROGRAM = "/admin/program"
GUIDE = "/admin/guide"


@pytest.fixture
def newcomer(client, database, install):
    """A merchant who has just installed us."""
    return Merchant(client, database, install(program=default_program(live=False)))


def ordered(database, shop, *orders):
    with database.transaction() as session:
        for order in orders:
            settled(session, session.get_one(Shop, shop.id), order, at=NOON)


def home(merchant, **query):
    return merchant.sees(HOME, **query).replace("\N{NO-BREAK SPACE}", " ")


def begins(merchant, code, status=303):
    based_on = merchant.form(HOME, PROGRAM)["based_on"]
    return merchant.sends(PROGRAM, status=status, do=f"begin-{code}", based_on=based_on)


def newest(database, merchant):
    with database.reading() as session:
        number = latest_number(session, merchant.shop.id)
        return number, Programs(session, merchant.shop.id).revision(number)


def test_each_program_is_offered_with_what_it_does_in_the_shops_own_money(newcomer):
    page = home(newcomer)

    assert "0 of 5 done" in page
    assert "You begin with “Points and three tiers”. An order of 500 kr. earns 500 points." in page
    assert "Worth about 50 kr. by “50 kr. off”: 10 % of the order." in page
    assert "An order of 500 kr. earns 250 points. Worth about 25 kr. by “Pay with points”" in page


def test_a_program_is_chosen_by_one_click_and_the_one_before_can_be_brought_back(
    database, newcomer
):
    begins(newcomer, "stamps")

    assert "You begin with “Stamps”. An order of 500 kr. earns 1 point." in home(newcomer)
    number, program = newest(database, newcomer)
    assert (number, program.live) == (2, False)
    text = f"{PROGRAM}/text"
    newcomer.sends(text, **newcomer.form(f"{text}?revision=1", text))
    assert "You begin with “Points and three tiers”" in home(newcomer)


def test_choosing_twice_publishes_once(database, newcomer):
    begins(newcomer, "stamps")
    begins(newcomer, "stamps")

    assert newest(database, newcomer)[0] == 2


def test_a_program_is_chosen_while_another_is_planned_and_the_plan_keeps_its_day(
    database, newcomer
):
    day = NOON + timedelta(hours=1)
    planned = default_program(live=False, join_points=9)
    with database.transaction() as session:
        shop = session.get_one(Shop, newcomer.shop.id)
        publish(session, shop, planned, author="Anna", effective_at=day, at=NOON)

    for _twice in range(2):
        begins(newcomer, "stamps")

    assert "You begin with “Stamps”." in home(newcomer)
    with database.reading() as session:
        programs = Programs(session, newcomer.shop.id)
        assert programs.newest == 4
        assert programs.at(day) == replace(programs.at(NOON), join_points=9)


def test_a_program_that_changed_meanwhile_is_not_replaced_by_an_old_click(database, newcomer):
    seen = newcomer.form(HOME, PROGRAM)["based_on"]
    begins(newcomer, "stamps")

    newcomer.sends(PROGRAM, status=409, do="begin-spend-tiers", based_on=seen)

    assert newest(database, newcomer)[0] == 2


def test_a_program_that_there_is_not_is_not_found(newcomer):
    begins(newcomer, "nonsense", status=404)


def test_the_last_orders_say_what_they_would_have_earned(database, newcomer):
    orders = [an_order(str(number), name=f"#{number}", total_minor=100_00) for number in range(12)]
    ordered(database, newcomer.shop, *orders)

    page = home(newcomer)

    assert "Your last 10 orders would have earned 1,000 points" in page
    assert "1 of 5 done" in page  # They were no test orders, so none has earned anything yet.


def test_a_test_order_is_noticed(database, newcomer):
    ordered(database, newcomer.shop, an_order("1", name="#1", total_minor=745_00, test=True))

    page = home(newcomer)

    assert "Your last order would have earned 745 points" in page
    assert "2 of 5 done" in page


def test_a_program_is_chosen_when_somebody_chose_it_or_keeps_it(newcomer):
    assert "0 of 5 done" in home(newcomer)

    for _twice in range(2):
        newcomer.sends(GUIDE, wish="keep")

    assert "1 of 5 done" in home(newcomer)
    assert "Keep this program" not in home(newcomer)


def test_another_program_is_a_choice_too(newcomer):
    begins(newcomer, "stamps")

    assert "1 of 5 done" in home(newcomer)


def test_the_guide_stays_away_in_the_next_session_until_it_is_taken_out(client, database, newcomer):
    newcomer.sends(GUIDE, wish="hide")
    client.delete_cookie("__Host-stamkunde")

    again = Merchant(client, database, newcomer.shop)
    assert "Getting started" not in home(again)
    again.sends(GUIDE, wish="show")
    assert "Getting started" in home(again)


def test_the_guide_offers_to_bring_members_along(newcomer):
    page = home(newcomer)

    assert 'href="/admin/imports"' in page
    newcomer.sees("/admin/imports")


def test_whoever_is_live_needs_no_guide(newcomer):
    newcomer.sends("/admin/live")

    assert "Getting started" not in home(newcomer)


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("da", "Du begynder med “Point og tre niveauer”. En ordre på 500 kr. giver 500 point."),
        ("nb", "Du begynner med «Poeng og tre nivåer». En ordre på 500 kr. gir 500 poeng."),
        ("sv", "Du börjar med ”Poäng och tre nivåer”. En order på 500 kr. ger 500 poäng."),
        ("de", "Am Anfang steht „Punkte und drei Stufen“. Eine Bestellung über 500 kr. bringt"),
    ],
)
def test_the_guide_speaks_the_merchants_language(newcomer, locale, told):
    assert told in home(newcomer, locale=locale)
