"""A large shop's analytics: computed by a worker, shown as they come about, and kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.domain.ledger import Account, Reason, Transfer
from app.jobs.hauls import Hauls
from app.jobs.schedule import CHORES
from app.jobs.tools import Tools
from app.models.export_run import ExportRun, ask_for_export
from app.models.kept_report import (
    LEAST_LIFE,
    MOST_AT_ONCE,
    KeptReport,
    ask_for_report,
    is_large,
    kept_report,
)
from app.models.member import lock_members, member_of
from app.models.queue import State
from app.models.shop import Shop
from app.models.transfer import add_transfers
from tests.builders import an_order, settled
from tests.databases import NOON
from tests.web.admin.test_analytics import PAGE, moments, rows, seen

BEING_COMPUTED = "Your figures are being computed"


def grow(database, shop_id, customer_id="7", count=MOST_AT_ONCE):
    """Have somebody earn a point so often that the shop is a large one."""
    with database.transaction() as session:
        member = lock_members(session, shop_id, [member_of(session, shop_id, customer_id).id])
        (member,) = member.values()
        facts = {"occurred_at": NOON - timedelta(days=300), "reason": Reason.ACTION}
        facts |= {"source": Account.ISSUED, "target": Account.AVAILABLE, "points": 1}
        rows = [
            (member.id, member.transfers + number + 1, Transfer(key=f"deed:{number}", **facts))
            for number in range(count)
        ]
        add_transfers(session, shop_id, rows)
        member.transfers += count
        member.available += count


@pytest.fixture
def large(merchant, database):
    """The merchant of a large shop, in which customer 7 has bought for 1200 kroner."""
    grow(database, merchant.shop.id)
    return merchant


@pytest.fixture
def work(database, vault):
    """Let a worker do its long work at an instant."""

    def work(at=NOON):
        hauls = Hauls(Tools(database, vault, None, "https://app.example"), lambda: at)
        done = 0
        while hauls.work():
            done += 1
        return done

    return work


def kept(database, merchant, period="90"):
    """What is kept of a period."""
    with database.reading() as session:
        return kept_report(session, merchant.shop.id, period)


def refresh(database, merchant, at):
    """Let the chore that keeps reports new come by, twice."""
    chore = next(one for one in CHORES if one.name == "refresh reports")
    for _ in range(2):
        with database.transaction() as session:
            chore.work(session, session.get_one(Shop, merchant.shop.id), at)


def test_a_small_shop_never_waits(merchant, database, work):
    assert "1,200 kr." in seen(merchant)
    assert work() == 0
    assert kept(database, merchant) is None


def test_counting_a_large_shop_ends_where_it_is_known_to_be_one(large, database):
    with database.reading() as session:
        assert is_large(session, large.shop.id)


def test_a_large_shops_figures_come_from_a_worker_and_are_computed_once(large, database, work):
    for _ in range(2):
        assert BEING_COMPUTED in seen(large)
    assert work() == 1

    for _ in range(2):
        page = seen(large)
        assert "1,200 kr." in page
        assert BEING_COMPUTED not in page
    assert work() == 0
    assert rows(large, "tiers")[0][0] == "Tier"


def test_any_period_is_kept_by_itself(large, database, work):
    time = {"first": "2026-01-01", "last": "2026-01-31"}
    seen(large, days=30)
    assert BEING_COMPUTED in seen(large, **time)

    assert work() == 2

    assert "1,200 kr." in seen(large, days=30)
    assert "1,200 kr." not in seen(large, **time)
    assert kept(database, large, "2026-01-01/2026-01-31").state == State.DONE


def test_a_file_that_is_not_there_yet_leads_to_the_page(large, work):
    answer = large.client.get(f"{PAGE}/tiers.csv?days=30")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}?days=30"


def test_what_is_kept_is_shown_while_a_newer_one_is_on_its_way(large, database, noon, work):
    seen(large)
    work()
    with database.transaction() as session:
        shop = session.get_one(Shop, large.shop.id)
        settled(session, shop, an_order("9", total_minor=999_00, **moments(1)))

    assert "newer ones are on their way" not in seen(large)
    noon.shift(LEAST_LIFE + timedelta(seconds=1))
    page = seen(large)
    assert "newer ones are on their way" in page
    assert "1,200 kr." in page

    assert work(NOON + LEAST_LIFE + timedelta(seconds=2)) == 1
    assert "2,199 kr." in seen(large)


def test_what_cannot_be_computed_says_so(large, database, work):
    seen(large)
    with database.transaction() as session:
        row = kept_report(session, large.shop.id, "90")
        row.state, row.error, row.finished_at = State.DEAD, "Out of memory.", NOON

    assert "They could not be computed: Out of memory." in seen(large)


def test_reports_that_people_look_at_are_kept_new_and_others_forgotten(large, database, work):
    seen(large, days=30)
    seen(large, days=365)
    work()
    with database.transaction() as session:
        kept_report(session, large.shop.id, "365").looked_at = NOON - timedelta(days=31)

    refresh(database, large, NOON + timedelta(hours=1))
    assert kept(database, large, "365") is None
    assert kept(database, large, "30").state == State.DONE

    refresh(database, large, NOON + timedelta(hours=2))
    assert kept(database, large, "30").state == State.WAITING
    assert work(NOON + timedelta(hours=2)) == 1

    refresh(database, large, NOON + timedelta(hours=25))
    assert kept(database, large, "30").state == State.DONE


def test_what_cannot_be_computed_is_tried_again_only_for_who_looks(large, database, noon):
    seen(large)
    with database.transaction() as session:
        row = kept_report(session, large.shop.id, "90")
        row.state, row.error, row.finished_at = State.DEAD, "Out of memory.", NOON
        row.computed_at = NOON - timedelta(hours=3)

    refresh(database, large, NOON + timedelta(hours=2))
    assert kept(database, large).state == State.DEAD

    for _ in range(2):
        # Who does nothing for two hours is not signed in any more.
        noon.shift(timedelta(hours=1))
        large.sees("/admin/members")
    seen(large)
    assert kept(database, large).state == State.WAITING


def test_reports_exports_and_imports_take_turns(large, database, vault):
    for days in (30, 90):
        seen(large, days=days)
    with database.transaction() as session:
        ask_for_export(session, large.shop.id, by="test", at=NOON)
    hauls = Hauls(Tools(database, vault, None, "https://app.example"), lambda: NOON)

    assert hauls.work() == hauls.work() == 1

    with database.reading() as session:
        run = session.query(ExportRun).filter(ExportRun.shop_id == large.shop.id).one()
        assert run.attempts == 1
    assert hauls.work() == 1


def test_several_who_ask_first_ask_for_one_report(merchant, database):
    askers, rounds = 4, 10
    together = Barrier(askers)

    def ask(_asker):
        for number in range(rounds):
            together.wait(10)
            with database.transaction() as session:
                ask_for_report(session, merchant.shop.id, str(number), at=NOON)

    with ThreadPoolExecutor(askers) as pool:
        for asking in [pool.submit(ask, number) for number in range(askers)]:
            asking.result(30)

    with database.reading() as session:
        of_shop = session.query(KeptReport).filter(KeptReport.shop_id == merchant.shop.id)
        assert sorted(row.period for row in of_shop) == [str(one) for one in range(rounds)]
