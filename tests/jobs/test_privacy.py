"""What people ask about their data: carried out, and noted with when it came and was done."""

import json

import pytest

from app.loyalty.export_person import export_person
from app.models.base import Base
from app.models.delivery import Delivery
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.privacy_request import PrivacyOutcome, PrivacyRequest
from app.models.shop import ShopState, shop_by_domain
from tests.jobs.conftest import DOMAIN
from tests.loyalty.test_redeem import bought
from tests.platforms.shopify.bodies import a_customer, an_order

ASK, FORGET, FORGET_SHOP = "customers/data_request", "customers/redact", "shop/redact"
EVA = {"customer": {"id": 7, "email": "eva@example.com", "phone": None}, "data_request": {"id": 9}}
STRANGER = {"customer": {"id": 404, "email": "nobody@example.com"}}


@pytest.fixture
def known(world):
    """Customer 7 has bought something and spent points on a code."""
    world.receive(an_order())
    world.worker.drain()
    with world.database.transaction() as session:
        bought(session, shop_by_domain(session, DOMAIN), at=world.clock())
    return world


def asked(world, body, topic, **facts):
    world.receive(body, topic, **facts)
    world.worker.drain()
    return [(one.kind, one.outcome, one.done_at) for one in world.all_of(PrivacyRequest)]


def exported(world):
    """Everything held on customer 7, as the merchant's file says it."""
    with world.database.reading() as session:
        held = export_person(
            session,
            shop_by_domain(session, DOMAIN),
            customer_id="7",
            email_hash=None,
            open_body=world.tools.vault.open,
        )
    return json.loads(json.dumps(held))


def test_a_wish_to_know_waits_until_the_merchant_has_handed_it_over(known):
    assert asked(known, EVA, ASK) == [(ASK, PrivacyOutcome.OPEN, None)]
    [request] = known.all_of(PrivacyRequest)
    assert (request.due_at - request.asked_at).days == 30


@pytest.mark.parametrize("topic", [ASK, FORGET])
def test_of_somebody_we_never_knew_nothing_is_held(world, topic):
    assert asked(world, STRANGER, topic) == [(topic, PrivacyOutcome.NOTHING_HELD, world.clock())]
    [request] = world.all_of(PrivacyRequest)
    assert (request.customer_id, request.email_hash) == (None, None)


@pytest.mark.parametrize("topic", [ASK, FORGET, FORGET_SHOP])
def test_a_request_that_is_delivered_twice_is_noted_once(known, topic):
    first = asked(known, EVA, topic, delivery_id="d1")
    with known.database.transaction() as session:
        shop_id = shop_by_domain(session, DOMAIN).id
        session.get_one(Delivery, (shop_id, "d1")).state = "waiting"
    known.worker.drain()

    assert len(first) == 1
    assert [one.kind for one in known.all_of(PrivacyRequest)] == [topic]


def test_the_note_of_an_erasure_says_nothing_of_whom(known):
    assert asked(known, EVA, FORGET) == [(FORGET, PrivacyOutcome.ERASED, known.clock())]
    [request] = known.all_of(PrivacyRequest)
    assert (request.customer_id, request.email_hash) == (None, None)
    assert exported(known) == {}


def test_who_is_erased_has_nothing_left_to_be_handed_over(known):
    asked(known, EVA, ASK)

    outcomes = {kind: outcome for kind, outcome, _ in asked(known, EVA, FORGET)}

    assert outcomes == {ASK: PrivacyOutcome.ERASED, FORGET: PrivacyOutcome.ERASED}
    assert all(one.customer_id is None for one in known.all_of(PrivacyRequest))


def test_the_erasure_of_a_shop_is_noted_with_its_day(known):
    asked(known, EVA, ASK)
    known.receive({"id": 1}, "app/uninstalled")
    known.clock.move(hours=49)

    told = {kind: (outcome, done) for kind, outcome, done in asked(known, {}, FORGET_SHOP)}

    assert told[FORGET_SHOP] == (PrivacyOutcome.ERASED, known.clock())
    assert told[ASK][0] == PrivacyOutcome.ERASED


def test_a_shop_that_is_back_is_not_erased_and_the_note_says_so(known):
    with known.database.transaction() as session:
        shop_by_domain(session, DOMAIN).installed_at = known.clock()

    assert asked(known, {}, FORGET_SHOP) == [(FORGET_SHOP, PrivacyOutcome.CAME_BACK, known.clock())]
    with known.database.reading() as session:
        assert shop_by_domain(session, DOMAIN).state == ShopState.ACTIVE


def test_the_export_has_every_row_that_names_the_person(known):
    asked(known, EVA, ASK)

    held = exported(known)

    names = {"customer_id", "email_hash", "member_id"}
    about_people = {t.name for t in Base.metadata.sorted_tables if names & set(t.columns.keys())}
    filled = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name in about_people
        and known.all_of(next(m.class_ for m in Base.registry.mappers if m.local_table is table))
    }
    assert held.keys() >= {"member", "transfer", "order_record", "redemption", "delivery"}
    assert held.keys() == filled
    assert held["member"][0]["customer_id"] == "7"
    assert held["delivery"][0]["body"]["customer"]["id"] == 7


def test_the_export_has_what_was_theirs_before_a_merge(known):
    known.receive(an_order(id=1002, customer=a_customer(id=8)))
    known.worker.drain()
    merged = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/8",
        "status": "completed",
    }
    known.receive(merged, "customers/merge")
    known.worker.drain()

    held = exported(known)

    members = {row["id"] for row in held["member"]}
    assert members == {str(row.id) for row in known.all_of(Member)}
    assert len(members) == 2
    assert {row["member_id"] for row in held["transfer"]} == members


def test_the_export_has_nobody_elses_rows(known):
    theirs = an_order(id=1002, customer={"id": 8}, email="ib@example.com")
    known.receive(theirs, delivery_id="other")
    known.worker.drain()

    orders = [row["order_id"] for row in exported(known)["order_record"]]

    assert len(known.all_of(OrderRecord)) == 2
    assert orders == ["1001"]
