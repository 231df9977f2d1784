"""What a tier promised and the platform would not make: still owed, given again, never twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.effects import IssueDiscount
from app.domain.errors import NotCancelable, NotOwed
from app.domain.rewards import RewardKind
from app.loyalty.cancel import cancel
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.give_again import give_again
from app.loyalty.merge import merge
from app.loyalty.note_code import (
    code_is_dead,
    code_is_in_doubt,
    code_is_ready,
    code_is_refused,
)
from app.loyalty.replay import replay_effect
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.fact import FactKind
from app.models.queue import State, end
from app.models.redemption_figures import count_owed
from tests.builders import a_reward, an_order, later, published, refunded, settled
from tests.databases import NOON
from tests.loyalty.test_entry_rewards import REWARDS, a_giving_program, given, open_shop, the_one
from tests.loyalty.test_rebuild import journal, rebuilt
from tests.loyalty.test_redeem import bought

LATER = NOON + timedelta(days=1)
ORDER = an_order(total_minor=300_00)


@pytest.fixture
def shop(session):
    """A shop whose customer 7 has reached silver, which gives fifty kroner off."""
    shop = open_shop(session)
    settled(session, shop, ORDER)
    return shop


def refused(session, shop, redemption=None):
    """What the tier gave, after the platform has refused it; and its task is given up."""
    redemption = redemption or the_one(session, shop)
    code_is_refused(session, shop, redemption.id, error="No such product.", at=NOON)
    end(task_of(session, redemption), State.DEAD, now=NOON, error="No such product.")
    session.flush()
    return redemption


def doubted(session, shop):
    """What the tier gave, after nobody knew whether it was made, and it was found not to be."""
    redemption = the_one(session, shop)
    code_is_in_doubt(session, shop, redemption.id, error="No answer.", at=NOON)
    code_is_dead(session, shop, redemption.id, at=NOON)
    return redemption


def task_of(session, redemption, kind=IssueDiscount):
    query = select(EffectRow).where(
        EffectRow.shop_id == redemption.shop_id,
        EffectRow.kind == kind.__name__,
        EffectRow.subject == str(redemption.id),
    )
    return session.scalars(query).one()


@pytest.mark.parametrize("lost", [refused, doubted])
def test_what_could_not_be_made_is_owed_and_given_once(session, shop, lost):
    redemption = lost(session, shop)
    owed = count_owed(session, shop.id)

    first = give_again(session, shop, redemption.id, at=LATER)
    second = give_again(session, shop, redemption.id, at=LATER)

    assert (owed, count_owed(session, shop.id)) == (1, 0)
    assert given(session, shop) == [("fifty-off", "canceled"), ("fifty-off", "issuing")]
    assert first is second
    assert (first.cost_points, first.code != redemption.code) == (0, True)
    assert task_of(session, first).state == State.WAITING
    assert first.ends_at == LATER + timedelta(days=30)
    assert verify(session, shop).differences == ()


def test_it_is_the_reward_as_the_merchant_has_mended_it(session, shop):
    redemption = refused(session, shop)
    mended = a_giving_program()
    rewards = (a_reward(off_minor=40_00), *REWARDS[1:])
    published(session, shop, replace(mended, rewards=rewards), at=NOON)

    again = give_again(session, shop, redemption.id, at=LATER)

    assert (again.off_minor, again.revision, redemption.off_minor) == (40_00, 2, 50_00)


def test_where_the_reward_is_gone_it_is_what_the_tier_gives_by_now(session, shop):
    redemption = refused(session, shop)
    program = a_giving_program("visit")
    published(session, shop, replace(program, rewards=REWARDS[1:]), at=NOON)

    give_again(session, shop, redemption.id, at=LATER)

    assert given(session, shop) == [("fifty-off", "canceled"), ("visit", "waiting")]


@pytest.mark.parametrize("turned_into", [None, RewardKind.SLIDER])
def test_a_reward_that_cannot_be_given_any_more_stays_owed(session, shop, turned_into):
    redemption = refused(session, shop)
    rewards = (a_reward(kind=turned_into),) if turned_into else ()
    program = replace(a_giving_program(None), rewards=(*rewards, *REWARDS[1:]))
    published(session, shop, program, at=NOON)

    with pytest.raises(NotOwed, match="The program has no fifty-off any more"):
        give_again(session, shop, redemption.id, at=LATER)

    assert count_owed(session, shop.id) == 1


def test_what_is_refused_again_is_owed_again(session, shop):
    again = give_again(session, shop, refused(session, shop).id, at=LATER)
    refused(session, shop, again)

    third = give_again(session, shop, again.id, at=LATER)
    code_is_ready(session, shop, third.id, at=LATER)

    states = ["canceled", "canceled", "ready"]
    assert given(session, shop) == [("fifty-off", state) for state in states]
    assert count_owed(session, shop.id) == 0


def test_who_sent_everything_back_is_owed_nothing(session, shop):
    redemption = refused(session, shop)

    settled(session, shop, refunded(ORDER))

    assert (given(session, shop), count_owed(session, shop.id)) == ([("fifty-off", "canceled")], 0)
    with pytest.raises(NotOwed):
        give_again(session, shop, redemption.id, at=LATER)


def test_a_code_in_doubt_whose_order_went_back_is_owed_no_more(session, shop):
    redemption = the_one(session, shop)
    code_is_in_doubt(session, shop, redemption.id, error="No answer.", at=NOON)

    settled(session, shop, refunded(ORDER))
    code_is_dead(session, shop, redemption.id, at=NOON)

    assert given(session, shop) == [("fifty-off", "canceled")]


def test_an_order_that_counts_again_gives_it_and_nobody_is_owed_another(session, shop):
    redemption = refused(session, shop)
    more = later(refunded(ORDER), lines=(*ORDER.lines, an_order().lines[0]))

    settled(session, shop, refunded(ORDER), replace(more, lines=(*ORDER.lines, *more.lines[1:])))
    back = [state for _, state in given(session, shop)]

    assert back[0] == "canceled"
    assert count_owed(session, shop.id) == 0
    assert back.count("issuing") <= 1
    assert redemption.state == "canceled"


def test_a_merchant_may_let_it_be_and_a_shopper_may_not(session, shop):
    redemption = refused(session, shop)
    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id="7", at=NOON)

    for _ in range(2):
        cancel(session, shop, redemption.id, customer_id=None, at=NOON)

    assert (given(session, shop), count_owed(session, shop.id)) == ([("fifty-off", "canceled")], 0)
    assert task_of(session, redemption).state == State.DONE
    settled(session, shop, later(ORDER))
    assert len(given(session, shop)) == 1


def test_a_bought_code_that_was_refused_is_owed_to_nobody(session, shop):
    redemption = bought(session, shop)
    code_is_refused(session, shop, redemption.id, error="No.", at=NOON)

    assert count_owed(session, shop.id) == 0
    with pytest.raises(NotOwed):
        give_again(session, shop, redemption.id, at=LATER)


def test_trying_the_task_again_gives_it_again(session, shop):
    redemption = refused(session, shop)
    task = task_of(session, redemption)

    for _ in range(2):
        replay_effect(session, shop, task.id, at=LATER)

    assert given(session, shop) == [("fifty-off", "canceled"), ("fifty-off", "issuing")]
    assert task_of(session, redemption).state == State.DONE


@pytest.mark.parametrize("is_given", [True, False])
def test_one_person_who_was_two_has_it_once(session, shop, is_given):
    other = an_order("1002", total_minor=300_00, customer_id="8")
    redemption = refused(session, shop)
    settled(session, shop, other)
    if not is_given:
        refused(session, shop)

    merge(session, shop, kept_id="8", gone_id="7", at=LATER)

    had = "issuing" if is_given else "failed"
    assert sorted(state for _, state in given(session, shop)) == ["canceled", had]
    assert count_owed(session, shop.id) == (not is_given)
    assert (redemption.state == "canceled") == is_given
    assert verify(session, shop).differences == ()


def test_who_was_forgotten_is_owed_nothing(session, shop):
    redemption = refused(session, shop)

    erase(session, shop, customer_id="7", email_hash=None, at=NOON)

    assert count_owed(session, shop.id) == 0
    with pytest.raises(NotOwed):
        give_again(session, shop, redemption.id, at=LATER)


def test_it_is_a_fact_and_the_books_follow_from_it(session, shop):
    redemption = refused(session, shop)
    for _ in range(2):
        again = give_again(session, shop, redemption.id, at=LATER)
    code_is_ready(session, shop, again.id, at=LATER)
    told = [fact for fact in journal(session, shop) if fact.kind == FactKind.GIVEN_AGAIN]

    other = rebuilt(session, shop)

    assert [fact.body["redemption"] for fact in told] == [str(redemption.id)]
    assert given(session, other) == given(session, shop)
    assert the_one(session, other).code == again.code
    assert digest(session, other) == digest(session, shop)
