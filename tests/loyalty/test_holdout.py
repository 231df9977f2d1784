"""The holdout: who is left out earns nothing, loses nothing, and is let in when it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.earning import NoPoints
from app.domain.errors import ActionClosed
from app.domain.holdout import Arm, arm_of
from app.domain.order import Source
from app.domain.program import GuestPolicy
from app.domain.rules import ActionKind, ActionRule
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.loyalty.act import act
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.rebuild import rebuild
from app.loyalty.rehearse import rehearse
from app.models.member import member_of
from app.models.order import find_order
from tests.builders import a_program, an_order, published, settled
from tests.databases import NOON

HELD_OUT = a_program(
    holdout_percent=20,
    join_points=50,
    guests=GuestPolicy.HOLD,
    actions=(ActionRule(code="review", kind=ActionKind.CUSTOM, points=10),),
    tiers=Tiers(
        ladder=(
            Tier(code="bronze", name=text("Bronze"), threshold=0),
            Tier(code="gold", name=text("Gold"), threshold=100_00, entry_points=500),
        )
    ),
)
NEXT_DAY = NOON + timedelta(days=1)


def customers(shop, arm):
    """Customer ids that come to an arm."""
    numbers = (str(number) for number in range(100, 400))
    return [one for one in numbers if arm_of(str(shop.id), one, 20) is arm]


def bought(session, shop, order_id, customer_id, at=NOON, **changes):
    """An order, told twice."""
    moments = {"placed_at": at, "paid_at": at, "updated_at": at}
    order = an_order(order_id, customer_id=customer_id, **moments | changes)
    for _ in range(2):
        settled(session, shop, order, at=at)
    return member_of(session, shop.id, customer_id)


def test_who_is_held_out_earns_nothing_by_anything(session, shop):
    published(session, shop, HELD_OUT)
    out, within = customers(shop, Arm.HOLDOUT)[0], customers(shop, Arm.PROGRAM)[0]

    left_out, member = (bought(session, shop, f"of-{one}", one) for one in (out, within))

    assert (left_out.arm, member.arm) == (Arm.HOLDOUT, Arm.PROGRAM)
    assert (left_out.available, left_out.transfers) == (0, 0)
    assert member.available == 50 + 120 + 500
    assert find_order(session, shop.id, f"of-{out}").award.why_none is NoPoints.HOLDOUT
    with pytest.raises(ActionClosed):
        act(session, shop, left_out.id, "review", key="1", at=NOON)
    assert act(session, shop, member.id, "review", key="1", at=NOON) == 10


def test_a_rehearsal_leaves_out_whom_settling_leaves_out(session, shop):
    published(session, shop, HELD_OUT)
    out, within = (customers(shop, arm) for arm in (Arm.HOLDOUT, Arm.PROGRAM))
    members = [bought(session, shop, f"of-{one}", one) for one in (out[0], within[0])]
    for only_joins in (out[1], within[1]):
        join(session, shop, customer_id=only_joins, email_hash=None, at=NOON)
    over = replace(HELD_OUT, holdout_percent=0)

    now = rehearse(session, shop, HELD_OUT, HELD_OUT, at=NOON)
    ended = rehearse(session, shop, HELD_OUT, over, at=NOON)

    posted = sum(member.available for member in members) + 50
    assert now.now.available == now.then.available == posted
    assert (ended.now.available, ended.then.available) == (posted, 2 * posted)
    assert [change.customer_id for change in ended.gain_most] == [out[0]]


def test_whoever_was_here_before_is_never_held_out(session, shop):
    published(session, shop, a_program(guests=GuestPolicy.HOLD), at=NOON - timedelta(days=9))
    known, guest = customers(shop, Arm.HOLDOUT)[:2]
    bought(session, shop, "1", known, at=NOON - timedelta(days=2))
    settled(session, shop, an_order("2", customer_id=None, email_hash="h"), at=NOON)
    published(session, shop, HELD_OUT)

    bought(session, shop, "3", known, at=NEXT_DAY)
    for _ in range(2):
        join(session, shop, customer_id=guest, email_hash="h", at=NEXT_DAY)

    assert member_of(session, shop.id, known).arm is None
    assert member_of(session, shop.id, known).available >= 240
    assert member_of(session, shop.id, guest).arm is None
    assert member_of(session, shop.id, guest).available >= 120


def test_who_was_held_out_is_let_in_when_it_ends(session, shop):
    published(session, shop, HELD_OUT)
    out = customers(shop, Arm.HOLDOUT)[0]
    bought(session, shop, "1", out)
    published(session, shop, a_program(), at=NEXT_DAY)

    member = bought(session, shop, "2", out, at=NEXT_DAY + timedelta(days=1))
    bought(session, shop, "1", out)

    assert member.available == 120
    assert member.arm == Arm.HOLDOUT


@pytest.mark.parametrize("gone_arm", [Arm.PROGRAM, Arm.HOLDOUT])
def test_one_person_on_both_sides_is_in_the_program_and_in_no_comparison(session, shop, gone_arm):
    published(session, shop, HELD_OUT)
    kept_arm = Arm.HOLDOUT if gone_arm is Arm.PROGRAM else Arm.PROGRAM
    kept, gone = customers(shop, kept_arm)[0], customers(shop, gone_arm)[0]
    bought(session, shop, "1", kept)
    bought(session, shop, "2", gone)

    for _ in range(2):
        merge(session, shop, kept_id=kept, gone_id=gone, at=NEXT_DAY)

    member = member_of(session, shop.id, kept)
    assert member.arm is None
    assert member.available >= 120
    assert bought(session, shop, "3", kept, at=NEXT_DAY).available >= 240


def test_two_who_are_held_out_stay_so_as_one(session, shop):
    published(session, shop, HELD_OUT)
    kept, gone = customers(shop, Arm.HOLDOUT)[:2]
    bought(session, shop, "1", kept)
    bought(session, shop, "2", gone)

    merge(session, shop, kept_id=kept, gone_id=gone, at=NEXT_DAY)

    assert member_of(session, shop.id, kept).arm == Arm.HOLDOUT
    assert member_of(session, shop.id, kept).available == 0


@pytest.mark.parametrize("other", [{"pos_earns": False}, {"paused": True}], ids=["till", "pause"])
def test_another_reason_to_earn_nothing_rewards_nobody_who_is_held_out(session, shop, other):
    published(session, shop, replace(HELD_OUT, **other))
    out = customers(shop, Arm.HOLDOUT)[0]

    member = bought(session, shop, "1", out, source=Source.POS)

    assert (member.tier, member.available) == ("gold", 0)
    assert find_order(session, shop.id, "1").award.why_none is NoPoints.HOLDOUT


def test_what_waited_for_a_guest_is_theirs_though_they_were_held_out(session, shop):
    published(session, shop, HELD_OUT)
    out = customers(shop, Arm.HOLDOUT)[0]
    join(session, shop, customer_id=out, email_hash=None, at=NOON)
    settled(session, shop, an_order("1", customer_id=None, email_hash="h"), at=NOON)

    for _ in range(2):
        join(session, shop, customer_id=out, email_hash="h", at=NEXT_DAY)

    member = member_of(session, shop.id, out)
    assert (member.arm, member.available) == (None, 120 + 500)
    session.flush()
    again = rebuild(session, shop, session, domain="again.example", progress=lambda *_: None)
    there = member_of(session, again, out)
    assert (there.arm, there.available) == (None, 120 + 500)
