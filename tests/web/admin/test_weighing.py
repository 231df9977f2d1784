"""Before publishing: a merchant sees what a draft changes, and what it would have given to whom."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.kept_report import KeptReport, refresh_reports
from app.models.program import Programs, latest_number
from app.models.queue import State
from tests.builders import an_order, two_tiers
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP, SHOP

PROGRAM, TEXT = "/admin/program", "/admin/program/text"


@pytest.fixture
def merchant(client, database, install):
    """A merchant whose customer 7 bought for 600 kr., in a program with two tiers."""
    program = default_program(tiers=two_tiers())
    shop = install(SHOP, an_order("1", total_minor=600_00), program=program)
    return Merchant(client, database, shop)


def weighed(merchant, page=PROGRAM, **changes):
    """Where the button "See what it would change" leads to."""
    return merchant.sends_form(page, page, do="weigh", **changes).location


def read(merchant, path, **query):
    return merchant.sees(path, **query).replace("\N{NO-BREAK SPACE}", " ")


def reports(session, merchant):
    """The states of what is computed, or waits for it."""
    query = select(KeptReport.state).where(KeptReport.shop_id == merchant.shop.id)
    return list(session.scalars(query))


def revision(database, merchant):
    with database.reading() as session:
        return latest_number(session, merchant.shop.id)


def test_a_draft_tells_what_it_changes_before_anybody_has_reckoned(merchant, database):
    path = weighed(merchant, earn_points="2")

    page = read(merchant, path)

    assert "What the draft changes" in page
    assert "points from 1 to 2" in page
    assert "are being reckoned by the draft" in page
    assert revision(database, merchant) == 1


def test_a_worker_says_who_gains_and_what_it_costs(merchant, work):
    path = weighed(merchant, earn_points="2")
    work()

    page = read(merchant, path)

    assert "by the draft: 1 order, 1 member." in page
    assert "1 member would have more points, 0 members fewer." in page
    assert "What members hold would be worth 60 kr. more." in page
    assert '<td>Points given</td><td class="end wide">600</td><td class="end">1,200</td>' in page
    assert "Customer 7" in page
    assert "+600" in page


def test_it_says_who_would_be_in_another_tier(merchant, work):
    path = weighed(merchant, **{"tiers-1-threshold": "700"})
    work()

    page = read(merchant, path)

    assert "Members in another tier" in page
    assert "Nobody would have more points, and nobody fewer." in page


def test_the_same_draft_is_reckoned_once(merchant, database):
    first, second = (weighed(merchant, earn_points="2") for _ in range(2))

    assert first == second
    with database.reading() as session:
        assert len(reports(session, merchant)) == 1


def test_it_is_published_from_there_once(merchant, database):
    path = weighed(merchant, earn_points="2")

    merchant.sends_form(path, path)
    merchant.sends(path, when="now", from_day="", status=409)

    assert revision(database, merchant) == 2
    with database.reading() as session:
        program = Programs(session, merchant.shop.id).at(NOON)
    assert program.earning[0].points == 2


def test_it_waits_for_the_day_that_was_chosen(merchant, database):
    path = weighed(merchant, earn_points="2", when="day", from_day="2026-07-01")

    page = merchant.sends(path, when="day", from_day="2020-01-01", status=422).text
    assert "Choose a day from" in page
    merchant.sends_form(path, path)

    assert revision(database, merchant) == 2
    with database.reading() as session:
        programs = Programs(session, merchant.shop.id)
        assert (programs.number_at(NOON), programs.number_at(NOON + timedelta(days=40))) == (1, 2)


def test_one_goes_on_with_a_draft_where_it_was_left(merchant, database):
    path = weighed(merchant, earn_points="2", join_points="33")

    again = f"{PROGRAM}?draft={path.rpartition('/')[2]}"
    fields = merchant.form(again, PROGRAM)
    assert (fields["earn_points"], fields["join_points"]) == ("2", "33")
    merchant.sends(PROGRAM, **fields, do="publish")

    assert revision(database, merchant) == 2


def test_a_text_is_weighed_alike_and_gone_on_with(merchant, work):
    document = json.loads(merchant.form(TEXT, TEXT)["document"])
    document["earning"][0]["points"] = 3
    path = weighed(merchant, TEXT, document=json.dumps(document))
    work()

    assert "1 member would have more points" in read(merchant, path)
    again = merchant.form(f"{TEXT}?draft={path.rpartition('/')[2]}", TEXT)["document"]
    assert json.loads(again)["earning"][0]["points"] == 3


def test_a_draft_that_cannot_be_is_not_weighed(merchant, database):
    page = merchant.sends_form(PROGRAM, PROGRAM, 422, do="weigh", earn_per="0").text

    assert "some fields need another look" in page
    with database.reading() as session:
        assert reports(session, merchant) == []


def test_who_published_meanwhile_is_not_overwritten(merchant, database):
    path = weighed(merchant, earn_points="2")
    merchant.sends_form(PROGRAM, PROGRAM, do="publish", join_points="9")

    page = read(merchant, path)
    assert "Revision 2 came into force meanwhile." in page
    assert ">Publish</button>" not in page
    merchant.sends(path, when="now", from_day="", status=409)

    assert revision(database, merchant) == 2


def test_no_other_shop_sees_it(merchant, client, database, install):
    path = weighed(merchant, earn_points="2")
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    other.sees(path, 404)
    other.sees(PROGRAM, 404, draft=path.rpartition("/")[2])
    other.sends(path, 404, when="now")


def test_nobody_reckons_a_draft_anew_that_nobody_looks_at(merchant, database, work):
    weighed(merchant, earn_points="2")
    work()

    with database.transaction() as session:
        refresh_reports(session, merchant.shop.id, at=NOON + timedelta(hours=2))
        assert reports(session, merchant) == [State.DONE]
