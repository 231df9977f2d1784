"""What a tier gives besides points: a reward of the program, once, while it is deserved."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.effects import GiveReward, IssueDiscount, KillDiscount, TakeBack
from app.domain.errors import RewardClosed
from app.domain.program import GuestPolicy
from app.domain.rewards import RewardKind
from app.domain.text import text
from app.domain.tiers import Loss, Tier, Tiers
from app.loyalty.cancel import cancel
from app.loyalty.erase import erase
from app.loyalty.fulfill import fulfill
from app.loyalty.go_live import go_live
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.note_code import code_is_dead, code_is_ready, code_is_refused, gift_is_given
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.redemption_figures import count_owed
from tests.builders import (
    a_line,
    a_program,
    a_reward,
    an_order,
    balance,
    later,
    published,
    refunded,
    settled,
)
from tests.databases import NOON, a_shop
from tests.loyalty.test_redeem import bought
from tests.records import all_redemptions

CARD = a_reward(code="card", kind=RewardKind.GIFT_CARD, name=text("A card"))
EARLY = a_reward(
    code="early", kind=RewardKind.EXCLUSIVE, tag="early", off_minor=0, name=text("First look")
)
VISIT = a_reward(code="visit", kind=RewardKind.BY_HAND, off_minor=0, name=text("A visit"))
REWARDS = (a_reward(valid_days=30), CARD, EARLY, VISIT)


def a_ladder(silver="fifty-off", gold=None, **changes):
    """Silver from 200 kroner on, gold from 500."""
    ladder = (
        Tier(code="bronze", name=text("Bronze"), threshold=0),
        Tier(code="silver", name=text("Silver"), threshold=200_00, entry_reward=silver),
        Tier(code="gold", name=text("Gold"), threshold=500_00, entry_reward=gold),
    )
    return Tiers(ladder=ladder, **changes)


def a_giving_program(*args, live=True, **settings):
    return a_program(tiers=a_ladder(*args), rewards=REWARDS, live=live, **settings)


def open_shop(session, *args, **settings):
    return published(session, a_shop(session), a_giving_program(*args, **settings))


def test_what_a_tier_gives_can_still_be_bought_as_often_as_ever(session):
    rewards = (a_reward(per_member=1),)
    program = a_program(tiers=a_ladder(), rewards=rewards, live=True)
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order(total_minor=250_00))
    assert [code for code, _state in given(session, shop)] == ["fifty-off"]

    bought(session, shop)

    with pytest.raises(RewardClosed):
        bought(session, shop, request_key="k2", code="STAM-2")


def given(session, shop):
    """What was given and how far it is, oldest first."""
    session.flush()
    return [(one.reward_code, one.state) for one in all_redemptions(session, shop.id)]


def the_one(session, shop):
    session.flush()
    return all_redemptions(session, shop.id)[-1]


def asked_for(session, shop):
    """What the platform is asked to do with the newest of them."""
    subject = str(the_one(session, shop).id)
    query = select(EffectRow.kind).where(EffectRow.shop_id == shop.id, EffectRow.subject == subject)
    return set(session.scalars(query))


def test_a_tier_gives_its_reward_once_and_free_of_points(session):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)

    settled(session, shop, order, order)
    settled(session, shop, an_order("1002", total_minor=50_00))

    assert given(session, shop) == [("fifty-off", "issuing")]
    assert (balance(session, shop), the_one(session, shop).cost_points) == (350, 0)
    assert the_one(session, shop).ends_at == NOON + timedelta(days=30)
    assert asked_for(session, shop) == {IssueDiscount.__name__}
    assert verify(session, shop).differences == ()


def test_every_tier_that_is_passed_gives_its_own(session):
    shop = open_shop(session, "fifty-off", "visit")

    settled(session, shop, an_order(total_minor=600_00))

    assert sorted(given(session, shop)) == [("fifty-off", "issuing"), ("visit", "waiting")]


@pytest.mark.parametrize("is_ready", [True, False])
def test_an_unused_code_ends_with_the_order_that_led_to_it(session, is_ready):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)
    settled(session, shop, order)
    if is_ready:
        code_is_ready(session, shop, the_one(session, shop).id, at=NOON)

    for _ in range(2):
        settled(session, shop, refunded(order))

    assert given(session, shop) == [("fifty-off", "canceling")]
    assert KillDiscount.__name__ in asked_for(session, shop)
    code_is_dead(session, shop, the_one(session, shop).id, at=NOON)
    assert (given(session, shop), balance(session, shop)) == ([("fifty-off", "canceled")], 0)


def test_a_part_that_goes_back_takes_nothing_of_it(session):
    shop = open_shop(session)
    order = an_order(lines=(a_line(total_minor=300_00), a_line("2")))

    settled(session, shop, order, refunded(order))

    assert given(session, shop) == [("fifty-off", "issuing")]


def test_a_code_that_was_used_stays_used(session):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)
    settled(session, shop, order)
    code_is_ready(session, shop, the_one(session, shop).id, at=NOON)

    settled(session, shop, an_order("1002", codes=(the_one(session, shop).code,)))
    settled(session, shop, refunded(order))

    assert given(session, shop) == [("fifty-off", "used")]
    assert verify(session, shop).differences == ()


def test_an_order_that_counts_again_gives_again_in_whatever_order_it_is_told(session):
    shop = open_shop(session)
    bought = an_order(total_minor=300_00)
    returned = refunded(bought)
    more = later(returned, lines=(*bought.lines, a_line("2", total_minor=250_00)))

    settled(session, shop, bought, returned, more, returned, bought, more)

    assert given(session, shop) == [("fifty-off", "canceling"), ("fifty-off", "issuing")]


def test_who_gave_a_code_away_does_not_get_another_when_the_order_is_told_again(session):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)
    settled(session, shop, order)
    code_is_ready(session, shop, the_one(session, shop).id, at=NOON)

    cancel(session, shop, the_one(session, shop).id, customer_id=None, at=NOON)
    settled(session, shop, order, later(order))

    assert given(session, shop) == [("fifty-off", "canceling")]


def test_a_tier_that_was_lost_gives_nothing_a_second_time(session):
    tiers = a_ladder(loss=Loss.AT_ONCE, grace_days=0)
    shop = published(session, a_shop(session), a_program(tiers=tiers, rewards=REWARDS))
    two_years_on = NOON + timedelta(days=730)
    again = an_order("1002", total_minor=300_00, placed_at=two_years_on, paid_at=two_years_on)

    settled(session, shop, an_order(total_minor=300_00))
    settled(session, shop, again, at=two_years_on)

    assert given(session, shop) == [("fifty-off", "issuing")]


def test_what_is_done_by_hand_is_taken_back_until_somebody_has_begun(session):
    shop = open_shop(session, "visit")
    orders = [an_order(str(one), total_minor=300_00, customer_id=str(one)) for one in (7, 8)]
    settled(session, shop, *orders)
    begun = the_one(session, shop)
    begun.checklist = {"steps": [{"text": "Call", "done": False}, {"text": "Go", "done": False}]}
    session.flush()
    fulfill(session, shop, begun.id, done={0}, at=NOON)

    settled(session, shop, *map(refunded, orders))

    assert given(session, shop) == [("visit", "canceled"), ("visit", "waiting")]


def test_a_card_that_was_given_is_theirs_and_one_that_was_not_is_asked_for(session):
    shop = open_shop(session, "card")
    orders = [an_order(str(one), total_minor=300_00, customer_id=str(one)) for one in (7, 8)]
    settled(session, shop, *orders)
    first = all_redemptions(session, shop.id)[0]
    assert asked_for(session, shop) == {GiveReward.__name__}
    gift_is_given(session, shop, first.id, "gid://card/1", at=NOON)

    settled(session, shop, *map(refunded, orders))

    assert given(session, shop) == [("card", "done"), ("card", "canceling")]
    assert TakeBack.__name__ in asked_for(session, shop)


def test_a_card_that_was_refused_after_the_order_went_back_is_owed_to_nobody(session):
    shop = open_shop(session, "card")
    order = an_order(total_minor=300_00)
    settled(session, shop, order)
    # The platform has been asked, and nobody knows yet what it says.
    the_one(session, shop).tried_at = NOON
    settled(session, shop, refunded(order))

    for _ in range(2):
        code_is_refused(session, shop, the_one(session, shop).id, error="No.", at=NOON)

    assert given(session, shop) == [("card", "canceled")]
    assert count_owed(session, shop.id) == 0


def test_a_tag_goes_with_the_order(session):
    shop = open_shop(session, "early")
    order = an_order(total_minor=300_00)
    settled(session, shop, order)
    gift_is_given(session, shop, the_one(session, shop).id, None, at=NOON)

    settled(session, shop, refunded(order))

    assert given(session, shop) == [("early", "canceling")]


def test_a_guest_gets_theirs_on_joining(session):
    shop = open_shop(session, guests=GuestPolicy.HOLD)

    settled(session, shop, an_order(total_minor=300_00, customer_id=None, email_hash="a"))
    as_a_guest = given(session, shop)
    join(session, shop, customer_id="7", email_hash="a", at=NOON)

    assert (as_a_guest, given(session, shop)) == ([], [("fifty-off", "issuing")])


def test_an_order_that_is_somebody_elses_gives_it_to_them(session):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)

    settled(session, shop, order, later(order, customer_id="8"))

    assert given(session, shop) == [("fifty-off", "canceling"), ("fifty-off", "issuing")]


def test_one_person_who_was_two_has_it_once(session):
    shop = open_shop(session)
    orders = [an_order(str(one), total_minor=300_00, customer_id=str(one)) for one in (7, 8)]
    settled(session, shop, *orders)

    for _ in range(2):
        merge(session, shop, kept_id="7", gone_id="8", at=NOON)
    settled(session, shop, *map(refunded, orders))

    assert given(session, shop) == [("fifty-off", "canceling")] * 2
    assert verify(session, shop).differences == ()


def test_a_code_goes_along_when_its_customer_is_merged(session):
    shop = open_shop(session)
    settled(session, shop, an_order(customer_id="8", total_minor=300_00))
    settled(session, shop, an_order("1002", total_minor=10_00))

    merge(session, shop, kept_id="7", gone_id="8", at=NOON)
    settled(session, shop, an_order("1003", total_minor=300_00))

    assert given(session, shop) == [("fifty-off", "issuing")]
    settled(session, shop, refunded(an_order(customer_id="8", total_minor=300_00)))
    assert given(session, shop) == [("fifty-off", "canceling")]


def test_a_preview_gives_nothing_real(session):
    shop = open_shop(session, live=False)

    settled(session, shop, an_order(total_minor=300_00, test=True))
    go_live(session, shop, author="test", at=NOON)
    in_preview = given(session, shop)
    later_on = NOON + timedelta(days=1)
    settled(session, shop, an_order("1002", customer_id="8", total_minor=300_00), at=later_on)

    assert (in_preview, given(session, shop)) == ([], [("fifty-off", "issuing")])


def test_who_is_erased_leaves_what_they_got(session):
    shop = open_shop(session)
    order = an_order(total_minor=300_00)
    settled(session, shop, order)

    erase(session, shop, customer_id="7", email_hash=None, at=NOON)
    settled(session, shop, replace(refunded(order), customer_id=None))

    assert [code for code, _ in given(session, shop)] == ["fifty-off"]
    assert verify(session, shop).differences == ()
