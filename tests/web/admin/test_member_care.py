"""What a merchant does for one member beside their points, and finding the members they mean."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.segments import Segment
from app.models.audit_entry import AuditKind, audit_page
from app.models.member import Member, guest_of, member_of
from app.models.member_list import MOST_SIFTED
from app.models.newcomer import add_members
from app.models.shop import Shop
from tests.builders import an_order, published, settled
from tests.databases import NOON
from tests.web.admin.merchant import default_program
from tests.web.admin.test_analytics import moments
from tests.web.signing import proxied


def page_of(member):
    """Where a member is shown."""
    return f"/admin/members/{member.id}"


def known(database, merchant, customer_id="7"):
    """A member as they are now; None for who is none."""
    with database.reading() as session:
        return member_of(session, merchant.shop.id, customer_id)


@pytest.fixture
def others(database, merchant):
    """Customer 8 has bought once, long ago; customer 9 has signed up and bought nothing."""
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        settled(session, shop, an_order("8", customer_id="8", total_minor=90_00, **moments(200)))
        add_members(session, shop.id, [("9", "hash-9", None)], at=NOON)
    return merchant


def test_a_tier_is_held_with_its_reason_and_lifted_again(database, merchant, member):
    action = f"{page_of(member)}/floor"
    facts = {"tier": "gold", "reason": "Our first customer", "until": "2026-12-31"}

    for _ in range(2):
        merchant.sends(action, **facts)
    held = known(database, merchant)
    page = merchant.sees(page_of(member))

    assert held.tier == "gold"
    assert held.floor_until > NOON + timedelta(days=212)
    assert "Gold is held until Dec 31, 2026: Our first customer" in page.replace("\u202f", " ")
    merchant.sends(action, tier="")
    assert known(database, merchant).floor_tier is None


@pytest.mark.parametrize("until", ["soon", "2026-05-31", "2026-06-01", "2201-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused_and_nothing_is_held(database, merchant, member, until):
    answer = merchant.sends(f"{page_of(member)}/floor", 422, tier="gold", until=until, reason="x")

    assert "Choose a day, or none." in answer.text
    assert known(database, merchant).floor_tier is None


def test_a_tier_that_is_gone_is_told_at_its_field(database, merchant, member):
    answer = merchant.sends(f"{page_of(member)}/floor", 422, tier="platinum", reason="x")

    assert 'id="tier-error">Choose one of these.' in answer.text
    assert known(database, merchant).floor_tier is None


def test_two_accounts_of_one_person_become_one(database, others, member):
    action = f"{page_of(member)}/merge"
    before = known(database, others).available + known(database, others, "8").available

    refused = others.sends(action, 422, gone="8")
    assert "Tick this first" in refused.text
    assert known(database, others, "8") is not None

    others.sends(action, gone="8", sure_merge="true")

    assert known(database, others).available == before
    assert known(database, others, "8") is None
    assert "No member of this shop" in others.sends(action, 422, gone="8", sure_merge="true").text
    assert "the other one" in others.sends(action, 422, gone="7", sure_merge="true").text


def test_the_other_login_is_told_where_the_points_are(client, others, member):
    told = "Your points are with your other account. Log in with that one to use them."
    assert client.get(proxied("/proxy/me", customer="8")).json["member"]["notice"] is None

    others.sends(f"{page_of(member)}/merge", gone="8", sure_merge="true")

    assert client.get(proxied("/proxy/me", customer="8")).json["member"]["notice"] == told
    assert told in client.get(proxied("/proxy/", customer="8")).text
    assert client.get(proxied("/proxy/me", customer="7")).json["member"]["notice"] is None
    assert client.get(proxied("/proxy/me", customer="77")).json["member"]["notice"] is None


def test_nobody_is_merged_into_a_guest_or_into_who_is_forgotten(database, others, member):
    with database.transaction() as session:
        add_members(session, others.shop.id, [(None, "hash-g", NOON + timedelta(days=9))], at=NOON)
        guest = guest_of(session, others.shop.id, "hash-g")
    merging = {"gone": "8", "sure_merge": "true"}

    assert "A guest has no account to merge into." in others.sees(page_of(guest))
    refused = others.sends(f"{page_of(guest)}/merge", 422, **merging).text
    assert 'id="gone-error">A guest has no account to merge into.' in refused
    others.sends(f"{page_of(member)}/merge", **merging)
    with database.reading() as session:
        gone = session.scalars(select(Member).where(Member.merged_into == member.id)).one()
    merged = others.sends(f"{page_of(gone)}/merge", 422, gone="9", sure_merge="true").text
    assert "This member was merged into another one" in merged
    others.sends(f"{page_of(member)}/erasure", sure_erase="true")
    forgotten = others.sends(f"{page_of(member)}/merge", 422, gone="9", sure_merge="true").text

    assert "Nobody can be merged into a customer who is forgotten." in forgotten
    assert known(database, others, "9") is not None


def test_everything_held_on_a_member_comes_as_a_file(merchant, member):
    answer = merchant.client.get(f"{page_of(member)}/data")

    held = json.loads(answer.text)["held"]
    assert answer.headers["Content-Disposition"].endswith(f'{member.id}.json"')
    assert [row["customer_id"] for row in held["member"]] == ["7"]
    assert len(held["order_record"]) == 1
    log = merchant.sees("/admin/settings/audit")
    assert log.count("Customer 7: took out all that we hold on them") == 1
    merchant.sees("/admin/members/018f0000-0000-7000-8000-000000000000/data", 404)
    assert merchant.sees("/admin/settings/audit").count("took out all") == 1


def test_a_person_is_forgotten_only_when_the_merchant_is_sure(database, merchant, member):
    action = f"{page_of(member)}/erasure"

    assert "Tick this first" in merchant.sends(action, 422).text
    assert known(database, merchant) is not None

    merchant.sends(action, sure_erase="true")

    assert known(database, merchant) is None
    merchant.sends(action, 404, sure_erase="true")
    assert "Erase this person" not in merchant.sees(page_of(member))


def test_what_is_done_for_a_member_is_in_the_audit_log(database, others, member):
    others.sends(f"{page_of(member)}/floor", tier="gold", reason="x")
    others.sends(f"{page_of(member)}/merge", gone="8", sure_merge="true")
    others.sends(f"{page_of(member)}/erasure", sure_erase="true")

    with database.reading() as session:
        entries = audit_page(session, others.shop.id, limit=9)
    assert [one.kind for one in entries] == [AuditKind.ERASED, AuditKind.MERGED, AuditKind.FLOOR]
    assert "Forgot a customer" in others.sees("/admin/settings/audit")


def named(merchant, **chosen):
    """Which of the customers 7, 8 and 9 a list shows."""
    page = merchant.sees("/admin/members", **chosen)
    return {one for one in "789" if f"Customer {one}<" in page}


def test_members_are_found_by_tier_stage_and_segment(database, others, member):
    everybody = {"7", "8", "9"}
    assert named(others) == everybody
    assert named(others, stage="first_time") == {"7"}
    assert named(others, stage="at_risk") == {"8"}
    assert named(others, stage="prospect") == {"9"}
    assert named(others, stage="lost") == set()
    tier = known(database, others).tier
    assert named(others, tier=tier) == {
        one for one in everybody if known(database, others, one).tier == tier
    }

    with database.transaction() as session:
        big = Segment(code="big", least_spend_minor=500_00)
        published(session, session.get_one(Shop, others.shop.id), default_program(segments=(big,)))
    assert named(others, segment="big") == {"7"}
    assert named(others, segment="big", stage="at_risk") == set()
    assert named(others, segment="gone") == set()
    assert "Stage: First-time" in others.sees(page_of(member))


def test_a_filter_looks_through_so_many_and_goes_on_where_it_ended(database, merchant, member):
    with database.transaction() as session:
        wanted = [(str(1000 + number), None, None) for number in range(MOST_SIFTED)]
        add_members(session, merchant.shop.id, wanted, at=NOON)

    page = merchant.sees("/admin/members", stage="first_time")

    assert "None of the 2,000 members looked through" in page
    older = page.split("before=")[1].split("&")[0]
    assert "Customer 7<" in merchant.sees("/admin/members", stage="first_time", before=older)
