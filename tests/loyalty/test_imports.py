"""What an import brings: points with their lots, a tier, a history; once, and taken back whole."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.domain.imports.entries import entries_of
from app.domain.imports.lines import Told
from app.domain.lots import holding
from app.domain.program import Expiry, ExpiryKind, GuestPolicy
from app.loyalty.adjust import adjust
from app.loyalty.bring_in import bring_in
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.explain import explain_member
from app.loyalty.imported import Person, Source
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.rebuild import rebuild
from app.loyalty.redeem import redeem
from app.loyalty.set_floor import set_floor
from app.loyalty.verify import verify
from app.loyalty.withdraw import Brought, withdraw
from app.models.fact import FactRow
from app.models.member import Member, guest_of, member_of
from app.models.shop import Shop
from app.models.transfer import transfers_of
from tests.builders import a_program, an_order, balance, published, settled, two_tiers
from tests.databases import NOON, a_shop

LATER = NOON + timedelta(days=30)
YEAR = NOON + timedelta(days=365)
IMPORTED = NOON + timedelta(days=1)


def a_person(*told, customer_id="7", email_hash=None, line=2, **facts):
    """Somebody of whom a table tells; lots as (points, until when)."""
    lots = [Told(points=points, expires_at=until) for points, until in told]
    facts = {"entries": entries_of(lots)} | facts
    return Person(line=line, customer_id=customer_id, email_hash=email_hash, **facts)


def a_history(*changes, **facts):
    """Somebody of whom a table tells what came and went, a day apart."""
    told = [
        Told(change=change, happened_at=NOON - timedelta(days=100 - number))
        for number, change in enumerate(changes)
    ]
    return a_person(entries=entries_of(told), **facts)


def a_source(label="Smile.io", is_history=False):
    return Source(uuid4(), label, is_history)


def brought(session, shop, *people, source=None, at=IMPORTED):
    """Have people brought in; what came of it, and from where."""
    source = source or a_source()
    came = bring_in(session, shop, source, people, at=at)
    session.flush()
    return source, came


def taken_back(session, shop, source, people, came, at=LATER):
    floors = [one.floors or (None, None) for one in came]
    found = [
        Brought(person.line, one.member_id, *both)
        for person, one, both in zip(people, came, floors, strict=True)
    ]
    done = withdraw(session, shop, source.import_id, found, at=at)
    session.flush()
    return done


def books_hold(session, shop):
    """Nothing is wrong with the books, and they follow from the journal."""
    session.flush()
    assert verify(session, shop).differences == ()
    again = rebuild(session, shop, session, domain="again.example", progress=lambda *_: None)
    assert digest(session, session.get_one(Shop, again)) == digest(session, shop)


def test_points_come_with_the_lots_they_were_in(session, shop):
    published(session, shop)

    _, came = brought(session, shop, a_person((100, YEAR), (20, None)))

    assert [(one.is_new, one.before, one.change) for one in came] == [(True, 0, 120)]
    assert lots_of(session, shop) == [(YEAR, 100), (None, 20)]
    books_hold(session, shop)


def test_points_without_a_day_expire_as_the_program_says(session, shop):
    expiry = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)
    published(session, shop, a_program(expiry=expiry))

    brought(session, shop, a_person((100, None)))
    brought(session, shop, a_person((100, None)), at=LATER - timedelta(days=25))

    assert lots_of(session, shop) == [(IMPORTED + timedelta(days=10), 100)]


def test_the_same_table_twice_gives_once(session, shop):
    published(session, shop)
    people = (a_person((100, YEAR), (20, None)), a_person((7, None), customer_id="8", line=4))

    brought(session, shop, *people)
    _, came = brought(session, shop, *people, at=LATER)

    assert [one.change for one in came] == [0, 0]
    assert (balance(session, shop), balance(session, shop, "8")) == (120, 7)
    books_hold(session, shop)


def test_a_newer_table_gives_only_what_has_changed(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, YEAR)))

    _, more = brought(session, shop, a_person((130, YEAR)), at=LATER)
    _, less = brought(session, shop, a_person((50, LATER + timedelta(days=90))), at=LATER)

    assert [one.change for one in (*more, *less)] == [30, -80]
    assert lots_of(session, shop) == [(LATER + timedelta(days=90), 50)]
    books_hold(session, shop)


def test_what_was_spent_here_stays_spent_when_a_newer_table_comes(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, None)))
    buys(session, shop)

    brought(session, shop, a_person((120, None)), at=LATER)

    assert balance(session, shop) == 70
    books_hold(session, shop)


def buys(session, shop, key="k1", at=NOON + timedelta(days=2)):
    facts = {"reward_code": "fifty-off", "request_key": key, "code": f"STAM-{key}"}
    redeem(session, shop, customer_id="7", **facts, at=at)


def test_another_program_adds_to_the_first(session, shop):
    published(session, shop)

    brought(session, shop, a_person((100, None)))
    brought(session, shop, a_person((5, None)), source=a_source("Yotpo"))

    assert balance(session, shop) == 105


def test_points_join_those_that_were_earned_here(session, shop):
    published(session, shop)
    settled(session, shop, an_order())

    _, came = brought(session, shop, a_person((100, None)))

    assert [(one.is_new, one.before, one.change) for one in came] == [(False, 120, 100)]
    assert balance(session, shop) == 220
    books_hold(session, shop)


def test_undoing_takes_back_exactly_what_came(session, shop):
    published(session, shop)
    settled(session, shop, an_order())
    adjust(session, shop, member(session, shop).id, 50, note="", key="k", at=NOON)
    before = digest(session, shop)
    people = (a_person((100, YEAR), (20, None)), a_person((7, None), customer_id="8", line=4))
    source, came = brought(session, shop, *people)

    done = taken_back(session, shop, source, people, came)
    again = taken_back(session, shop, source, people, came)

    assert [(one.change, one.left) for one in done] == [(-120, 0), (-7, 0)]
    assert [(one.change, one.left) for one in again] == [(0, 0), (0, 0)]
    assert lots_of(session, shop) == [(None, 120), (None, 50)]
    assert digest(session, shop) == before
    books_hold(session, shop)


def lots_of(session, shop, customer_id="7"):
    """A member's lots as (until when, points), soonest expiry first."""
    known = member(session, shop, customer_id)
    held = holding(transfers_of(session, shop.id, known.id))
    return [(lot.expires_at, lot.points) for lot in held.lots]


def member(session, shop, customer_id="7"):
    session.flush()
    return member_of(session, shop.id, customer_id)


def test_undoing_takes_its_own_lot_and_leaves_what_was_earned(session, shop):
    published(session, shop, a_program(expiry=Expiry(kind=ExpiryKind.YEAR_END)))
    settled(session, shop, an_order())
    person = a_person((100, YEAR + timedelta(days=300)))
    source, came = brought(session, shop, person)
    earned = lots_of(session, shop)[0]

    taken_back(session, shop, source, [person], came)

    assert lots_of(session, shop) == [earned]


def test_undoing_leaves_what_was_spent_and_puts_nobody_into_debt(session, shop):
    published(session, shop)
    person = a_person((100, None))
    source, came = brought(session, shop, person)
    buys(session, shop)

    done = taken_back(session, shop, source, [person], came)

    assert [(one.change, one.left) for one in done] == [(-50, 50)]
    assert balance(session, shop) == 0
    books_hold(session, shop)


def test_what_was_undone_can_be_imported_again(session, shop):
    published(session, shop)
    person = a_person((100, YEAR))
    source, came = brought(session, shop, person)
    taken_back(session, shop, source, [person], came)

    brought(session, shop, person, at=LATER)

    assert lots_of(session, shop) == [(YEAR, 100)]
    books_hold(session, shop)


def test_undoing_a_newer_table_brings_back_the_older(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, YEAR)))
    newer = a_person((30, None))
    source, came = brought(session, shop, newer)

    taken_back(session, shop, source, [newer], came)

    assert lots_of(session, shop) == [(YEAR, 100)]
    books_hold(session, shop)


def test_a_history_comes_with_its_days(session, shop):
    published(session, shop)
    person = a_history(100, -30, 50)

    source, _ = brought(session, shop, person, source=a_source(is_history=True))
    brought(session, shop, a_history(100, -30, 50, 5), source=source_again(source), at=LATER)

    assert balance(session, shop) == 125
    told = explain_member(session, shop, member(session, shop), at=LATER)
    assert [points for _, points in told.by_reason] == [125]
    books_hold(session, shop)


def source_again(source):
    return Source(uuid4(), source.label, source.is_history)


def test_a_history_takes_the_place_of_a_mere_balance(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, None)))

    brought(session, shop, a_history(150, -50), source=a_source(is_history=True))

    assert balance(session, shop) == 100
    books_hold(session, shop)


def test_a_history_that_ends_below_zero_is_refused_whole(session, shop):
    published(session, shop)

    _, came = brought(session, shop, a_history(10, -30), source=a_source(is_history=True))

    assert [one.refused for one in came] == [True]
    assert balance(session, shop) == 0


def test_points_do_not_end_by_inactivity_on_the_day_they_come(session, shop):
    expiry = Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=30)
    published(session, shop, a_program(expiry=expiry))

    brought(session, shop, a_history(100), source=a_source(is_history=True))

    assert member(session, shop).active_at == IMPORTED


@pytest.mark.parametrize("with_an_order", [False, True])
def test_points_of_an_address_wait_for_who_has_it(session, shop, with_an_order):
    published(session, shop, a_program(guests=GuestPolicy.HOLD))
    person = a_person((100, YEAR), customer_id=None, email_hash="anna")
    source, came = brought(session, shop, person)
    if with_an_order:
        settled(session, shop, an_order(customer_id=None, email_hash="anna"), at=LATER)

    join(session, shop, customer_id="7", email_hash="anna", at=LATER)
    _, again = brought(session, shop, person, at=LATER)

    assert balance(session, shop) == (220 if with_an_order else 100)
    assert (YEAR, 100) in lots_of(session, shop)
    assert guest_of(session, shop.id, "anna") is None
    assert [one.change for one in again] == [0]
    books_hold(session, shop)
    done = taken_back(session, shop, source, [person], came)
    assert [(one.change, one.left) for one in done] == [(-100, 0)]
    assert balance(session, shop) == (120 if with_an_order else 0)


def test_a_member_whose_address_becomes_known_gets_what_waits_under_it(session, shop):
    published(session, shop, a_program(guests=GuestPolicy.HOLD, tiers=two_tiers()))
    join(session, shop, customer_id="7", email_hash="of-old", at=NOON)
    person = a_person((100, YEAR), customer_id=None, email_hash="anna", tier="silver")
    brought(session, shop, person)
    settled(session, shop, an_order("1002", customer_id=None, email_hash="anna"), at=LATER)

    for _twice in range(2):
        join(session, shop, customer_id="7", email_hash="anna", at=LATER)

    assert balance(session, shop) == 100 + 180
    assert member(session, shop).tier == "silver"
    assert (YEAR, 100) in lots_of(session, shop)
    assert guest_of(session, shop.id, "anna") is None
    books_hold(session, shop)


def test_an_order_brings_who_was_imported_by_address(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, YEAR), customer_id=None, email_hash="anna"))

    settled(session, shop, an_order(email_hash="anna"), at=LATER)

    assert balance(session, shop) == 220
    books_hold(session, shop)


def test_an_imported_tier_is_a_floor_that_undoing_lifts(session, shop):
    published(session, shop, a_program(tiers=two_tiers()))
    person = a_person((100, None), tier="silver", tier_until=YEAR)

    source, came = brought(session, shop, person)
    known = member(session, shop)
    held = (known.tier, known.floor_tier, known.floor_until)
    taken_back(session, shop, source, [person], came)

    assert held == ("silver", "silver", YEAR)
    assert (known.floor_tier, known.floor_until) == (None, None)
    books_hold(session, shop)


def test_a_floor_that_was_set_by_hand_stays(session, shop):
    published(session, shop, a_program(tiers=two_tiers()))
    settled(session, shop, an_order())
    known = member(session, shop)
    set_floor(session, shop, known.id, "silver", reason="Friend", at=NOON)
    person = a_person(tier="silver", tier_until=YEAR)

    source, came = brought(session, shop, person)
    taken_back(session, shop, source, [person], came)

    assert (known.floor_tier, known.floor_until, known.floor_reason) == ("silver", None, "Friend")


def test_who_is_erased_is_named_nowhere_and_the_books_still_follow(session, shop):
    published(session, shop)
    brought(session, shop, a_person((100, None), email_hash="anna"))

    erase(session, shop, customer_id="7", email_hash="anna", at=LATER)

    session.flush()
    named = session.query(FactRow).filter(FactRow.shop_id == shop.id).all()
    assert not {"7", "anna"} & {one for row in named for one in (row.customer_id, row.email_hash)}
    books_hold(session, shop)


def test_what_came_moves_with_a_merge_and_can_be_undone_there(session, shop):
    published(session, shop)
    person = a_person((100, YEAR))
    source, came = brought(session, shop, person)
    settled(session, shop, an_order("1002", customer_id="8"), at=IMPORTED)
    merge(session, shop, kept_id="8", gone_id="7", at=LATER)

    done = taken_back(session, shop, source, [person], came)

    assert [(one.change, one.left) for one in done] == [(-100, 0)]
    assert balance(session, shop, "8") == 120
    books_hold(session, shop)


def test_another_shop_sees_nothing_of_it(session, shop):
    published(session, shop)
    other = published(session, a_shop(session, "other.myshopify.com"))

    brought(session, shop, a_person((100, None)))

    found = session.query(Member).filter(Member.shop_id == other.id).all()
    assert found == []
