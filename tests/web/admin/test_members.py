"""Finding a member, reading their ledger, and changing it by hand exactly once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.loyalty.merge import merge
from app.loyalty.note_code import code_is_dead, code_is_ready
from app.loyalty.redeem import redeem
from app.models import Delivery, Member, TransferRow
from app.models.member import member_of
from app.models.redemption import RedemptionState, redemption_by_id
from app.models.shop import Shop
from tests.builders import a_line, an_order, balance, refunded, settled
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import SHOP

EMAIL = "Lise@Example.dk"


def fingerprint(web, email):
    """By which keyed hash an e-mail address goes."""
    return web.extensions["stamkunde"].vault.fingerprint(SHOP, email)


def location_of(member):
    """Where a member's page is."""
    return f"/admin/members/{member.id}"


@pytest.mark.parametrize("sought", ["7", "#1001", "1001", " #1001 "])
def test_a_member_is_found_by_customer_id_and_by_order(merchant, member, sought):
    answer = merchant.sends("/admin/members/search", q=sought)

    assert answer.location == location_of(member)


def test_a_guest_is_found_by_an_email_that_nobody_keeps(web, client, database, install):
    hashed = fingerprint(web, EMAIL)
    shop = install(SHOP, an_order(customer_id=None, email_hash=hashed), program=default_program())
    merchant = Merchant(client, database, shop)

    page = merchant.sees(merchant.sends("/admin/members/search", q="lise@example.DK ").location)

    assert "Guest" in page
    assert "120" in page
    assert "example.dk" not in page.lower()
    with database.reading() as session:
        kept = session.scalars(select(Member).where(Member.shop_id == shop.id)).one()
    assert "@" not in f"{kept.email_hash}{kept.customer_id}"


def test_searching_never_puts_an_email_into_an_address(merchant):
    page = merchant.sees("/admin/members")

    assert 'method="post" action="/admin/members/search"' in page


@pytest.mark.parametrize("sought", ["", "0", "nobody@example.dk", "\0", "x" * 254, "%", "' OR 1=1"])
def test_nobody_is_found_by_what_nobody_has(merchant, sought):
    merchant.sends("/admin/members/search", status=200, q=sought)


def test_an_order_and_a_customer_of_one_number_are_both_shown(database, install, client):
    orders = [an_order("5", name="#1001"), an_order("6", customer_id="1001", name="#6")]
    merchant = Merchant(client, database, install(SHOP, *orders, program=default_program()))

    page = merchant.sends("/admin/members/search", status=200, q="1001").text

    assert "Customer 7" in page
    assert "Customer 1001" in page


def test_members_are_turned_over_by_key(client, database, install):
    orders = [an_order(str(2000 + n), customer_id=str(100 + n)) for n in range(60)]
    merchant = Merchant(client, database, install(SHOP, *orders, program=default_program()))

    first = merchant.sees("/admin/members")
    older = first.split('href="/admin/members?before=')[1].split('"')[0]
    second = merchant.sees("/admin/members", before=older)

    assert first.count(">Customer 1") == 50
    assert second.count(">Customer 1") == 10
    assert "Older members" not in second


def test_the_ledger_says_why_and_what_was_left(database, merchant, member):
    order = an_order("1002", lines=(a_line("1", 300_00, quantity=3),))
    with database.transaction() as session:
        settled(session, session.get_one(Shop, merchant.shop.id), order)
        settled(session, session.get_one(Shop, merchant.shop.id), refunded(order))

    page = merchant.sees(location_of(member))

    assert "Order #1002 was refunded" in page
    assert "−100" in page
    assert "1,500" in page
    assert "1,400" in page
    assert 'href="/admin/program/revisions/1"' in page
    assert "Returned or refunded: 100 points taken back." in page


def test_a_long_ledger_begins_with_its_newest_rows(database, merchant, member):
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        settled(session, shop, *(an_order(str(3000 + n)) for n in range(60)))

    page = merchant.sees(location_of(member))
    whole = merchant.sees(location_of(member), ledger="all")

    assert page.count("rev. 1</a></span></td>") == 50
    assert whole.count("rev. 1</a></span></td>") == 61
    assert page.count('<li id="order-') == 20
    assert "Show all orders" in page
    assert whole.count('<li id="order-') == 61
    assert "Show all orders" not in whole


def test_why_an_order_earned_nothing_is_said_in_words(database, merchant, member):
    with database.transaction() as session:
        settled(session, session.get_one(Shop, merchant.shop.id), an_order("1009", test=True))

    page = merchant.sees(location_of(member), locale="da")

    assert "En testordre giver ingen point" in page


def test_an_adjustment_that_is_sent_twice_counts_once(database, merchant, member):
    action = f"{location_of(member)}/adjustments"
    form = merchant.form(location_of(member), action) | {"points": "100", "note": "Sorry"}

    merchant.sends(action, **form)
    merchant.sends(action, **form)

    assert points_of(database, merchant) == 1300
    assert "Adjusted by hand: Sorry" in merchant.sees(location_of(member))


def test_points_can_be_taken_down_to_nothing_and_no_further(database, merchant, member):
    action = f"{location_of(member)}/adjustments"

    merchant.sends_form(location_of(member), action, points="-1200", note="Mistake")
    page = merchant.sends_form(
        location_of(member), action, status=422, points="-1", note="Once more"
    ).text

    assert points_of(database, merchant) == 0
    assert "Only 0 can be taken" in page
    assert 'value="Once more"' in page


@pytest.mark.parametrize(
    ("points", "note"),
    [("0", "x"), ("", "x"), ("many", "x"), ("1.5", "x"), ("10000000", "x"), ("5", "  ")],
)
def test_a_wrong_adjustment_comes_back_with_what_was_typed(
    database, merchant, member, points, note
):
    action = f"{location_of(member)}/adjustments"

    page = merchant.sends_form(
        location_of(member), action, status=422, points=points, note=note
    ).text

    assert 'aria-invalid="true"' in page
    assert points_of(database, merchant) == 1200


def points_of(database, merchant):
    """What customer 7 has."""
    with database.reading() as session:
        return balance(session, merchant.shop)


def bought(database, merchant):
    """A reward of 300 points whose code is ready."""
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        facts = {"customer_id": "7", "reward_code": "free-shipping", "request_key": "k"}
        redemption = redeem(session, shop, **facts, code="STAM-AAAA-AAAA", at=NOON)
        code_is_ready(session, shop, redemption.id, at=NOON)
    return redemption


def test_many_codes_begin_with_the_newest(database, merchant, member):
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        settled(session, shop, an_order("3000", total_minor=8000_00))
        for number in range(25):
            facts = {"customer_id": "7", "reward_code": "free-shipping", "request_key": str(number)}
            code = f"STAM-AAAA-{number:04}"
            bought = redeem(session, shop, **facts, code=code, at=NOON + timedelta(minutes=number))
            code_is_ready(session, shop, bought.id, at=NOON)

    page = merchant.sees(location_of(member))
    whole = merchant.sees(location_of(member), ledger="all")

    assert codes_on(page) == [f"STAM-AAAA-{number:04}" for number in range(24, 4, -1)]
    assert "Show all codes" in page
    assert len(codes_on(whole)) == 25
    assert "Show all codes" not in whole
    # What bought an older code still says which reward it was.
    assert page.count("Free shipping bought: code") == 25


def codes_on(page):
    """The codes that a member's page lists, in their order."""
    return re.findall(r"<code>(STAM-[^<]+)</code>", page)


def test_a_code_that_nobody_used_can_be_undone(database, merchant, member):
    redemption = bought(database, merchant)
    action = f"{location_of(member)}/redemptions/{redemption.id}/cancel"
    page = merchant.sees(location_of(member))
    assert 'Undo<span class="visually-hidden"> STAM-AAAA-AAAA<' in page

    merchant.sends(action)
    merchant.sends(action)
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        assert redemption_by_id(session, shop.id, redemption.id).state == RedemptionState.CANCELING
        code_is_dead(session, shop, redemption.id, at=NOON)

    assert points_of(database, merchant) == 1200
    assert "Code STAM-AAAA-AAAA was not used" in merchant.sees(location_of(member))


def test_a_code_of_a_customer_who_became_another_can_be_undone(database, merchant, member):
    redemption = bought(database, merchant)
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        merge(session, shop, kept_id="8", gone_id="7", at=NOON)
        kept = member_of(session, shop.id, "8")

    merchant.sends(f"{location_of(member)}/redemptions/{redemption.id}/cancel", status=404)
    merchant.sends(f"{location_of(kept)}/redemptions/{redemption.id}/cancel")

    with database.reading() as session:
        undone = redemption_by_id(session, merchant.shop.id, redemption.id)
    assert undone.state == RedemptionState.CANCELING


def test_a_code_is_undone_only_on_the_page_of_its_own_member(database, merchant, member):
    redemption = bought(database, merchant)
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        settled(session, shop, an_order("2001", customer_id="8"))
        other = member_of(session, shop.id, "8")

    merchant.sends(f"{location_of(other)}/redemptions/{redemption.id}/cancel", status=404)


def test_nothing_on_these_pages_writes_on_its_own(database, merchant, member):
    before = counted(database, merchant)

    merchant.sees("/admin/")
    merchant.sees(location_of(member))

    assert counted(database, merchant) == before


def counted(database, merchant):
    """How many rows the ledger and the inbox have."""
    with database.reading() as session:
        return [
            session.scalar(
                select(func.count()).select_from(table).where(table.shop_id == merchant.shop.id)
            )
            for table in (TransferRow, Delivery)
        ]
