"""Actions beside buying: each deed once, within its limits; birthdays once a year."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import ActionClosed, UnknownAction, UnknownMember
from app.domain.rules import ActionKind, ActionRule
from app.loyalty.act import act, congratulate, enter_birthday
from app.loyalty.enroll import enroll
from app.loyalty.erase import erase, erase_shop
from app.loyalty.merge import merge
from app.loyalty.set_floor import set_floor
from app.loyalty.verify import verify
from app.models.base import new_id
from app.models.member import member_of
from app.models.program import Programs
from tests.builders import a_program, balance, published, two_tiers
from tests.databases import NOON, a_shop


def an_action(code="review", points=150, **changes):
    return ActionRule(code=code, points=points, **changes)


def open_shop(session, *actions, **settings):
    shop = published(session, a_shop(session), a_program(actions=actions, **settings))
    enroll(session, shop, {"7": None, "8": None}, Programs(session, shop.id), at=NOON)
    return shop


def member(session, shop, customer_id="7"):
    return member_of(session, shop.id, customer_id)


def did(session, shop, key, code="review", at=NOON, customer_id="7"):
    return act(session, shop, member(session, shop, customer_id).id, code, key=key, at=at)


def test_b01_a_deed_told_twice_is_rewarded_once(session):
    shop = open_shop(session, an_action())

    given = [did(session, shop, "r1"), did(session, shop, "r1")]

    assert given == [150, 0]
    assert balance(session, shop) == 150


@pytest.mark.parametrize(
    ("limits", "points"),
    [
        pytest.param({"per_lifetime": 2}, 300, id="in all"),
        pytest.param({"budget_points": 200}, 200, id="by the budget"),
    ],
)
def test_an_action_has_limits(session, limits, points):
    shop = open_shop(session, an_action(**limits))
    did(session, shop, "r1")
    did(session, shop, "r2")

    with pytest.raises(ActionClosed):
        did(session, shop, "r3", at=NOON + timedelta(days=1))

    assert balance(session, shop) == points


def test_a_limit_for_a_day_begins_anew_the_next_day_of_the_shop(session):
    shop = open_shop(session, an_action(per_day=1))
    shop.timezone = "Europe/Copenhagen"
    did(session, shop, "r1")

    with pytest.raises(ActionClosed):
        did(session, shop, "r2", at=datetime(2026, 6, 1, 21, 59, tzinfo=UTC))
    did(session, shop, "r3", at=datetime(2026, 6, 1, 22, 0, tzinfo=UTC))

    assert balance(session, shop) == 300


def test_what_is_not_rewarded_is_refused(session):
    shop = open_shop(session, an_action())

    with pytest.raises(UnknownAction):
        did(session, shop, "r1", code="dance")
    with pytest.raises(UnknownMember):
        act(session, shop, new_id(), "review", key="r1", at=NOON)


def test_a_birthday_is_congratulated_once_a_year(session):
    shop = open_shop(session, an_action("birthday", 200, kind=ActionKind.BIRTHDAY))
    enter_birthday(session, shop, member(session, shop).id, 7, 1, at=NOON)
    enter_birthday(session, shop, member(session, shop, "8").id, 7, 2, at=NOON + timedelta(days=9))

    day = datetime(2026, 7, 1, 12, tzinfo=UTC)
    given = [congratulate(session, shop, at=day + timedelta(hours=hour)) for hour in range(3)]
    too_soon = congratulate(session, shop, at=day + timedelta(days=1))
    next_year = congratulate(session, shop, at=day.replace(year=2027))

    assert (given, too_soon, next_year) == ([1, 0, 0], 0, 1)
    assert (balance(session, shop), balance(session, shop, "8")) == (400, 0)


@pytest.mark.parametrize("limits", [{"budget_points": 200}, {"per_lifetime": 1}])
def test_a_birthday_that_a_limit_leaves_out_holds_up_no_other(session, limits):
    birthday = an_action("birthday", 200, kind=ActionKind.BIRTHDAY, **limits)
    shop = open_shop(session, birthday, an_action("review", 5, kind=ActionKind.BIRTHDAY))
    for customer_id in ("7", "8"):
        enter_birthday(session, shop, member(session, shop, customer_id).id, 7, 1, at=NOON)
    first, second = datetime(2027, 7, 1, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC)

    congratulate(session, shop, at=first)
    given = congratulate(session, shop, at=second)

    assert given == 2
    had = [balance(session, shop), balance(session, shop, "8")]
    assert sorted(had) == ([10, 210] if "budget_points" in limits else [210, 210])


def test_a_leap_day_has_its_birthday_on_the_first_of_march(session):
    shop = open_shop(session, an_action("birthday", 200, kind=ActionKind.BIRTHDAY))
    enter_birthday(session, shop, member(session, shop).id, 2, 29, at=NOON)

    days = [datetime(2027, 2, 28, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)]

    assert [congratulate(session, shop, at=day) for day in days] == [0, 1]


def test_merging_keeps_one_time_bonuses_once(session):
    shop = open_shop(session, an_action(per_lifetime=1), an_action("share", 10), join_points=100)
    for customer_id in ("7", "8"):
        did(session, shop, f"r{customer_id}", customer_id=customer_id)
        did(session, shop, f"s{customer_id}", code="share", customer_id=customer_id)

    for _ in range(2):
        merge(session, shop, kept_id="7", gone_id="8", at=NOON)

    assert balance(session, shop) == 100 + 150 + 10 + 10
    assert verify(session, shop).holds


@pytest.mark.parametrize("whole_shop", [False, True], ids=["a person", "a shop's people"])
def test_who_is_forgotten_leaves_no_birthday_and_no_reason(session, whole_shop):
    shop = open_shop(session, tiers=two_tiers())
    forgotten = member(session, shop)
    enter_birthday(session, shop, forgotten.id, 7, 1, at=NOON)
    set_floor(session, shop, forgotten.id, "silver", reason="Her wedding", at=NOON)
    session.flush()

    for _ in range(2):
        if whole_shop:
            erase_shop(session, shop, at=NOON)
        else:
            erase(session, shop, customer_id="7", email_hash=None, at=NOON)
    session.flush()
    session.refresh(forgotten)

    assert forgotten.customer_id is None
    assert (forgotten.birthday, forgotten.birthday_entered_at) == (None, None)
    assert forgotten.floor_reason is None
