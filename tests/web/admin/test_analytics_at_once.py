"""The analytics page where it is hard: odd zones and years, and several who open it at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.models.kept_report import keep_report, kept_report
from app.models.shop import Shop
from tests.databases import NOON

PAGE = "/admin/analytics"


def test_a_shop_in_a_zone_that_nobody_knows_has_figures_by_utc(merchant, database):
    with database.transaction() as session:
        session.get_one(Shop, merchant.shop.id).timezone = "Mars/Olympus"

    assert 'value="2026-06-01"' in merchant.sees(PAGE)


def test_a_time_before_webshops_is_refused_in_words(merchant):
    for first, last in (("0001-01-01", "0003-01-01"), ("1999-12-31", "2000-06-01")):
        wrong = merchant.sees(PAGE, 422, first=first, last=last)
        assert "Choose days from the year 2000 on." in wrong


def test_two_who_open_a_large_shops_figures_first_both_see_them(merchant, database):
    keepers, rounds = 4, 10
    together = Barrier(keepers)

    def keep(number):
        for days in range(rounds):
            together.wait(10)
            with database.transaction() as session:
                keep_report(session, merchant.shop.id, days, {"by": number}, took_ms=900, at=NOON)

    with ThreadPoolExecutor(keepers) as pool:
        for keeping in [pool.submit(keep, number) for number in range(keepers)]:
            keeping.result(30)
    with database.transaction() as session:
        keep_report(session, merchant.shop.id, 0, {"by": "the last"}, took_ms=1, at=NOON)

    with database.reading() as session:
        assert kept_report(session, merchant.shop.id, 0).document == {"by": "the last"}
