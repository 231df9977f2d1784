"""What a tier promised is given again by itself: later each time, once, and not for ever."""

from dataclasses import replace
from datetime import timedelta

from app.domain.trying_again import PAUSES
from app.loyalty.give_again import give_again
from app.loyalty.give_owed import give_owed
from app.loyalty.go_live import pause, resume
from app.loyalty.note_code import code_is_ready, code_is_refused
from app.loyalty.verify import verify
from app.models.redemption_figures import count_owed
from tests.builders import an_order, published, settled
from tests.databases import NOON, a_shop
from tests.loyalty.test_entry_rewards import CARD, a_giving_program, given, the_one
from tests.loyalty.test_owed_rewards import ORDER, refused, shop

__all__ = ["shop"]
FIRST = NOON + PAUSES[0]


def test_it_is_given_again_when_its_pause_is_over_and_once(session, shop):
    refused(session, shop)

    early = give_owed(session, shop, at=FIRST - timedelta(seconds=1))
    found = [give_owed(session, shop, at=FIRST) for _twice in range(2)]
    code_is_ready(session, shop, the_one(session, shop).id, at=FIRST)
    later = give_owed(session, shop, at=FIRST + timedelta(days=99))

    assert (early, found, later) == (0, [1, 0], 0)
    assert given(session, shop) == [("fifty-off", "canceled"), ("fifty-off", "ready")]
    assert count_owed(session, shop.id) == 0
    assert verify(session, shop).differences == ()


def test_each_refusal_waits_longer_and_the_last_is_left_to_people(session, shop):
    at = NOON
    refused(session, shop)
    for wait in PAUSES:
        assert give_owed(session, shop, at=at + wait - timedelta(seconds=1)) == 0
        at += wait
        assert give_owed(session, shop, at=at) == 1
        code_is_refused(session, shop, the_one(session, shop).id, error="Still not.", at=at)

    assert give_owed(session, shop, at=at + timedelta(days=365)) == 0
    assert len(given(session, shop)) == len(PAUSES) + 1
    assert count_owed(session, shop.id) == 1
    give_again(session, shop, the_one(session, shop).id, at=at)
    assert count_owed(session, shop.id) == 0


def test_what_the_program_no_longer_has_waits_and_holds_up_nobody(session, shop):
    refused(session, shop)
    published(session, shop, a_giving_program(CARD.code), at=NOON)
    settled(session, shop, an_order("1002", total_minor=300_00, customer_id="8"))
    code_is_refused(session, shop, the_one(session, shop).id, error="No.", at=NOON)
    published(session, shop, replace(a_giving_program(None), rewards=(CARD,)), at=NOON)

    found = give_owed(session, shop, at=FIRST)

    assert found == count_owed(session, shop.id) == 1


def test_in_a_pause_of_the_program_it_waits(session, shop):
    refused(session, shop)
    pause(session, shop, author="test", at=NOON)

    paused = give_owed(session, shop, at=FIRST)
    resume(session, shop, author="test", at=FIRST)

    assert (paused, give_owed(session, shop, at=FIRST)) == (0, 1)


def test_what_a_merchant_gave_or_let_be_is_not_tried(session, shop):
    give_again(session, shop, refused(session, shop).id, at=NOON)

    assert give_owed(session, shop, at=FIRST) == 0
    assert [state for _reward, state in given(session, shop)] == ["canceled", "issuing"]


def test_one_shop_gives_nothing_for_another(session, shop):
    other = published(session, a_shop(session, "other.example"), a_giving_program())
    settled(session, other, ORDER)
    redemption = refused(session, other, the_one(session, other))

    assert give_owed(session, shop, at=FIRST) == 0
    assert redemption.state == "failed"
