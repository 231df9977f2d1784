"""Going live with a past: the merchant sees what a choice gives, and it is given just so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from app.domain.tiers import Tiers
from app.loyalty.count_past import count_some, foresee
from app.loyalty.publish import publish
from app.models.effect import EffectRow
from app.models.kept_report import KeptReport, kept_report, past_period, refresh_reports
from app.models.order import OrderRecord
from app.models.queue import State, end
from app.models.shop import Shop
from app.models.walk import WalkKind, end_walk, newest_walk
from tests.builders import a_reward, an_order, balance, settled, two_tiers
from tests.databases import NOON, a_shop
from tests.web.admin.merchant import Merchant, default_program

LIVE = "/admin/live"


@pytest.fixture
def newcomer(client, database, install):
    """A merchant in preview, whose customer has ordered twice: ten days ago and yesterday."""
    merchant = Merchant(client, database, install(program=default_program(live=False)))
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        for number, days in (("1", 10), ("2", 1)):
            at = NOON - timedelta(days=days)
            facts = {"placed_at": at, "paid_at": at, "updated_at": at, "total_minor": 100_00}
            settled(session, shop, an_order(number, **facts), at=at)
    return merchant


def seen(merchant, **query):
    return merchant.sees(LIVE, **query).replace("\N{NO-BREAK SPACE}", " ")


def goes_live(merchant, **chosen):
    """Send the form that a choice leads to, as it was shown."""
    fields = merchant.form(f"{LIVE}?{'&'.join(f'{k}={v}' for k, v in chosen.items())}", LIVE)
    return merchant.sends(LIVE, **fields)


def counted(database, merchant):
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        while count_some(session, shop, at=NOON):
            pass
        return balance(session, shop)


def yesterday():
    return (NOON - timedelta(days=1)).date().isoformat()


def test_it_says_how_many_orders_there_are_and_that_none_counts_by_itself(newcomer):
    page = seen(newcomer)

    assert "2 orders could earn points, placed since" in page
    assert "Everybody begins with 0 points." in page


def add_orders(database, order_ids):
    """Have more orders like the one of ten days ago."""
    table = OrderRecord.metadata.tables[OrderRecord.__tablename__]
    with database.transaction() as session:
        query = select(table).where(table.c.order_id == "1")
        row = dict(session.execute(query).mappings().one())
        session.execute(insert(table), [row | {"order_id": one} for one in order_ids])


@pytest.fixture
def crowded(newcomer, database):
    """The newcomer with 5,000 orders more, all of ten days ago."""
    add_orders(database, [f"c{one}" for one in range(5_000)])
    return newcomer


def test_of_very_many_orders_a_worker_says_what_they_give(database, crowded, work):
    choices = {"past": "all"}, {"past": "since", "since": yesterday()}
    first = [seen(crowded, **choice) for choice in choices]
    again = seen(crowded, past="all")
    work()
    everything, few = (seen(crowded, **choice) for choice in choices)

    assert "5,000+ orders could earn points, placed since" in first[0]
    assert all("Up to 5,000+ orders get their points." in page for page in first)
    assert all("What that comes to is being computed." in page for page in (*first, again))
    with database.reading() as session:
        shop = session.get_one(Shop, crowded.shop.id)
        foreseen = foresee(session, shop, since=None, at=NOON)
    assert "5,002 orders of 1 member since" in everything
    assert f"together {foreseen.points:,} points." in everything
    assert "is being computed" not in everything
    assert "1 order of 1 member since" in few
    assert "together 100 points. Worth" in few


def test_past_orders_are_computed_anew_for_a_new_revision_and_not_unasked(database, crowded, work):
    seen(crowded, past="all")
    work()
    with database.transaction() as session:
        shop = session.get_one(Shop, crowded.shop.id)
        program = default_program(live=False, tiers=Tiers())
        publish(session, shop, program, author="test", at=NOON)
        refresh_reports(session, shop.id, at=NOON + timedelta(hours=2))

    page = seen(crowded, past="all")
    with database.reading() as session:
        mine = KeptReport.shop_id == crowded.shop.id
        states = sorted(session.scalars(select(KeptReport.state).where(mine)))
    work()

    assert "is being computed" in page
    assert states == [State.DONE, State.WAITING]
    assert "together 500,200 points." in seen(crowded, past="all")


def test_past_orders_are_computed_anew_when_older_ones_were_brought_in(
    database, crowded, work, noon
):
    def looked_at():
        """What two looks show, a minute later; then a worker comes by, and there is a third."""
        noon.shift(timedelta(minutes=1))
        before = [seen(crowded, past="all") for _twice in range(2)]
        work(datetime.now(UTC))
        return [*before, seen(crowded, past="all")]

    first = looked_at()[-1]
    noon.shift(timedelta(seconds=1))
    crowded.sends("/admin/history", since="2026-01-01")
    under_way = looked_at()
    add_orders(database, ["older"])
    with database.transaction() as session:
        walk = newest_walk(session, crowded.shop.id, WalkKind.HISTORY)
        end_walk(session, walk, at=datetime.now(UTC) + timedelta(seconds=1))
    over = looked_at()

    assert "5,002 orders of 1 member since" in first
    for before in (under_way[:2], over[:2]):
        assert all("What that comes to is being computed." in page for page in before)
        assert not any("5,002 orders of" in page for page in before)
    assert "5,002 orders of 1 member since" in under_way[-1]
    assert "5,003 orders of 1 member since" in over[-1]
    assert "5,003 orders of 1 member since" in looked_at()[0]


def test_what_could_not_be_computed_says_so(database, crowded):
    seen(crowded, past="all")
    with database.transaction() as session:
        row = kept_report(session, crowded.shop.id, past_period(1, None))
        end(row, State.DEAD, now=NOON, error="The disk is full.")

    page = seen(crowded, past="all")

    assert "What that comes to could not be computed: The disk is full." in page
    assert 'name="past" value="all"' in page


@pytest.mark.parametrize(
    ("chosen", "shown", "given"),
    [
        ({"past": "none"}, "Everybody begins with 0 points.", 0),
        ({"past": "all"}, "2 orders of 1 member since", 200),
        ({"past": "since", "since": yesterday()}, "1 order of 1 member since", 100),
    ],
    ids=["none", "all", "since a day"],
)
def test_what_a_choice_shows_is_what_it_gives(database, newcomer, chosen, shown, given):
    page = seen(newcomer, **chosen)
    for _twice in range(2):
        goes_live(newcomer, **chosen)

    assert shown in page
    if given:
        assert f"together {given} points. Worth" in page
    assert counted(database, newcomer) == given


def test_rewards_of_the_tiers_that_are_reached_are_part_of_what_it_is_worth(
    client, database, install
):
    bronze, silver = two_tiers(silver_from=100_00).ladder
    tiers = Tiers(ladder=(bronze, replace(silver, entry_reward="fifty-off")))
    program = default_program(live=False, tiers=tiers, rewards=(a_reward(),), join_points=0)
    merchant = Merchant(client, database, install(program=program))
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        settled(session, shop, an_order(placed_at=NOON - timedelta(days=1)))

    page = seen(merchant, past="all")

    assert "120 points. Worth 170 kr. in rewards, 50 kr. of it for reaching tiers." in page


def test_a_day_that_is_missing_is_asked_for(newcomer):
    page = seen(newcomer, past="since")

    assert "Choose the day from which on orders count." in page
    assert f'method="post" action="{LIVE}"' not in page


def test_past_orders_earn_only_when_a_pause_is_over(database, newcomer):
    goes_live(newcomer, past="none")
    newcomer.sends("/admin/pause")
    page = seen(newcomer, past="all")
    refused = newcomer.sends(LIVE, status=409, past="all")
    newcomer.sends("/admin/resume")
    goes_live(newcomer, past="all")

    for text in (page, refused.text):
        assert "The program is paused. Resume it before past orders earn." in text
    assert f'method="post" action="{LIVE}"' not in page
    assert counted(database, newcomer) == 200


@pytest.mark.parametrize("since", ["yesterday", "1066-10-14", "2026-02-31"])
def test_a_day_that_is_none_is_refused(newcomer, since):
    newcomer.sees(LIVE, status=400, past="since", since=since)


def test_how_far_it_is_is_told_until_it_is_over(database, newcomer):
    goes_live(newcomer, past="all")
    under_way = seen(newcomer)
    counted(database, newcomer)

    assert "Points for past orders" in under_way
    assert "0 orders looked at" in under_way
    assert "data-connecting" in under_way
    over = newcomer.sees("/admin/comparisons").replace("\N{NO-BREAK SPACE}", " ")
    assert "2 orders looked at, 2 of them earned: 200 points." in over


def test_whoever_went_live_without_can_still_choose(database, newcomer):
    goes_live(newcomer, past="none")
    goes_live(newcomer, past="all")

    assert counted(database, newcomer) == 200


def test_older_orders_are_asked_for_once(database, newcomer):
    for _twice in range(2):
        newcomer.sends("/admin/history", since="2026-01-01")

    with database.reading() as session:
        walk = newest_walk(session, newcomer.shop.id, WalkKind.HISTORY)
        query = select(EffectRow.kind).where(EffectRow.shop_id == newcomer.shop.id)
        kinds = list(session.scalars(query.where(EffectRow.kind == "FetchHistory")))
    assert walk.since.isoformat()[:10] in ("2025-12-31", "2026-01-01")
    assert kinds == ["FetchHistory"]
    assert "Older orders" in newcomer.sees("/admin/comparisons")


def test_a_shop_without_a_program_is_told_to_wait(client, database):
    with database.transaction() as session:
        shop = a_shop(session, currency="")
    merchant = Merchant(client, database, shop)

    refused = merchant.sends(LIVE, status=409)
    merchant.sees("/admin/", locale="da")
    in_danish = merchant.sends("/admin/pause", status=409)

    assert "Your shop is still being connected." in refused.text
    assert "Din butik er stadig ved at blive forbundet." in in_danish.text


def test_comparing_now_shows_what_is_under_way_and_what_came_of_it(newcomer):
    empty = newcomer.sees("/admin/comparisons")
    newcomer.sends("/admin/comparisons")

    page = newcomer.sees("/admin/comparisons")
    assert "Nothing was compared yet" in empty
    assert page.count("Under way") == 3


@pytest.mark.parametrize(
    ("locale", "heading", "comparing"),
    [
        ("da", "Gå live", "Sammenligninger"),
        ("nb", "Gå live", "Sammenligninger"),
        ("sv", "Gå live", "Jämförelser"),
        ("de", "Live gehen", "Abgleiche"),
    ],
)
def test_both_pages_speak_the_merchants_language(newcomer, locale, heading, comparing):
    assert f"<h1>{heading}" in newcomer.sees(LIVE, locale=locale)
    assert f"<h1>{comparing}" in newcomer.sees("/admin/comparisons")
