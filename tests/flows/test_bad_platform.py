"""Each fault of a platform, over HTTP: no code twice, no lost point, and a retry to be seen."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.jobs.access import refreshed
from app.loyalty.cancel import cancel
from app.loyalty.verify import verify
from app.models.redemption import RedemptionState
from app.models.shop import Credential, ShopState, shop_by_domain
from app.platforms.base import PlatformError
from demoshop.host.faults import ANSWERS
from demoshop.host.installation import uninstall
from demoshop.host.tokens import expire_access_tokens, pass_ninety_days, revoke
from demoshop.records.discount import Discount
from tests.flows.bad_platform import ASTRID, a_town
from tests.loyalty.test_redeem import bought

CREATE = "discountCodeBasicCreate"
KILL = "discountCodeDeactivate"
REFRESH = "refresh_token"


@pytest.fixture
def town(database, vault, tmp_path):
    with a_town(database, vault, tmp_path) as town:
        yield town


@pytest.fixture
def wanted(town):
    """Astrid has spent 50 of 120 points on a code that is still to be made."""
    with town.database.transaction() as session:
        shop = shop_by_domain(session, town.domain)
        redemption = bought(session, shop, customer_id=ASTRID, at=town.clock())
    return redemption.code


def sums(town):
    member = town.member()
    return member.available, member.held


def books_agree(town):
    with town.database.reading() as session:
        return not verify(session, shop_by_domain(session, town.domain)).differences


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
@pytest.mark.parametrize("how", [*ANSWERS, "reset"])
def test_a_code_is_made_once_whatever_the_answer(town, wanted, how, heard):
    town.strike(how, asked=CREATE, heard=heard)

    town.work()

    assert town.codes() == [wanted]
    assert town.redemption().state == RedemptionState.READY
    assert sums(town) == (70, 50)
    assert books_agree(town)
    # What was made although the answer was lost is found at once; else there was a second try.
    found_at_once = heard and "429" not in how and "THROTTLED" not in how
    assert town.tries("IssueDiscount") == [1 if found_at_once else 2]


def test_a_platform_that_hangs_is_not_waited_for(town, wanted):
    town.strike("hang", asked=CREATE, heard=True)

    town.work(rounds=3)

    assert town.codes() == [wanted]
    assert sums(town) == (70, 50)


@pytest.mark.parametrize("how", ["500", "THROTTLED in a 200", "cut JSON"])
def test_a_platform_that_stays_bad_gives_the_points_back_and_leaves_no_code(town, wanted, how):
    town.strike(how, asked=CREATE, heard=False, times=99)

    for _ in range(30):
        town.work(rounds=1)
        town.clock.ahead += timedelta(hours=1)

    assert town.codes() == []
    assert sums(town) == (120, 0)
    assert town.redemption().error
    assert books_agree(town)


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
@pytest.mark.parametrize("how", ["500", "502 in HTML", "cut JSON", "reset", "429"])
def test_points_come_back_once_the_code_is_surely_dead(town, wanted, how, heard):
    town.work(rounds=1)
    with town.database.transaction() as session:
        shop = shop_by_domain(session, town.domain)
        cancel(session, shop, town.redemption().id, customer_id=ASTRID, at=town.clock())
    town.strike(how, asked=KILL, heard=heard)

    town.work()

    assert sums(town) == (120, 0)
    assert town.redemption().state == RedemptionState.CANCELED
    with town.machine.transaction() as session:
        assert [one.ends_at is not None for one in session.query(Discount)] == [True]
    assert town.tries("KillDiscount") == [2]


@pytest.mark.parametrize("whose", ["ours", "the shop's"])
@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_makes_no_second_code(town, wanted, minutes, whose):
    if whose == "ours":
        town.clock.ahead = timedelta(minutes=minutes)
    else:
        town.machine.faults.set_clock(minutes)

    town.work()
    town.clock.ahead += timedelta(minutes=20)
    town.work()

    assert town.codes() == [wanted]
    assert town.redemption().state == RedemptionState.READY
    assert sums(town) == (70, 50)
    assert books_agree(town)


def test_a_token_that_ends_in_the_middle_of_the_work_is_refreshed(town, wanted):
    with town.machine.transaction() as session:
        expire_access_tokens(session, at=datetime.now(UTC))

    town.work()

    assert town.codes() == [wanted]
    assert town.redemption().state == RedemptionState.READY
    assert count(town, REFRESH) == 1


def test_of_those_who_refresh_at_once_one_asks_and_the_others_wait(town):
    with town.database.reading() as session:
        shop_id = shop_by_domain(session, town.domain).id
    town.ear.hold(REFRESH)
    begin, refused = threading.Barrier(4), []

    def ask():
        begin.wait()
        try:
            refreshed(town.tools, shop_id, now=town.clock())
        except PlatformError as error:
            refused.append(str(error))
        if len(refused) == 3:
            town.ear.go_on.set()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["Another process is refreshing the token."] * 3
    assert count(town, REFRESH) == 1


@pytest.mark.parametrize("how", ["500", "reset", "cut JSON", "502 in HTML"])
def test_a_refresh_whose_answer_is_lost_is_asked_for_again(town, wanted, how):
    with town.machine.transaction() as session:
        expire_access_tokens(session, at=datetime.now(UTC))
    town.strike(how, asked=REFRESH, heard=True)

    town.work()

    assert count(town, REFRESH) == 2
    assert town.codes() == [wanted]
    assert state_of(town) == ShopState.ACTIVE


def test_a_token_that_is_revoked_leaves_everything_waiting(town, wanted):
    with town.machine.transaction() as session:
        revoke(session)

    town.work()

    assert state_of(town) == ShopState.UNAUTHORIZED
    assert (town.codes(), sums(town)) == ([], (70, 50))
    town.install()
    town.work()
    assert town.codes() == [wanted]


def test_what_waited_while_the_app_was_uninstalled_is_done_after_it_is_back(town, wanted):
    with town.machine.transaction() as session:
        uninstall(session, town.machine.settings, at=datetime.now(UTC))
    town.work()
    before = (town.codes(), sums(town))

    town.install()
    town.work()

    assert before == ([], (70, 50))
    assert (town.codes(), sums(town)) == ([wanted], (70, 50))


def test_after_ninety_days_only_the_merchant_can_help(town, wanted):
    with town.machine.transaction() as session:
        pass_ninety_days(session, at=datetime.now(UTC))

    town.work()

    assert state_of(town) == ShopState.UNAUTHORIZED
    town.install()
    town.work()
    assert town.codes() == [wanted]
    with town.database.reading() as session:
        shop = shop_by_domain(session, town.domain)
        assert session.get_one(Credential, shop.id).refreshing_until is None


def count(town, text):
    """How many token requests had this in them."""
    return sum(b"/access_token" in call and text.encode() in call for call in town.ear.calls)


def state_of(town):
    with town.database.reading() as session:
        return shop_by_domain(session, town.domain).state
